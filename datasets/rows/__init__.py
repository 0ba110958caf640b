"""Reads of what is stored: rows, columns, profiles, exports. Writes nothing, knows no HTTP."""
