"""A file that somebody sends becomes a typed table. Knows no Django."""
