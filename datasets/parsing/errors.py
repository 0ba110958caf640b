"""What is wrong with a file, in words for the person who sent it."""


class NotATable(Exception):
    """The file cannot be read as a table; nothing of it is stored."""
