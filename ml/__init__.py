"""Arrays and texts in, arrays and records out. Knows no Django, no database and no file of a user's."""
