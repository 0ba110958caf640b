"""`make run`: processes, addresses and the database of a developer's machine. Nothing here runs in production."""
