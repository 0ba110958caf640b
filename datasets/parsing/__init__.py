"""Bytes become typed columns with a profile, by DuckDB. Knows no Django."""
