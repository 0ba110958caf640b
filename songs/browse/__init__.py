"""Reads of the catalogue for lists: filters, words, facets, cursors, versions. Writes nothing, knows no HTTP."""
