"""What is wrong with an upload, in words for the person who sent it."""


class UploadRefused(Exception):
    """The file was not taken; nothing of it is stored."""
