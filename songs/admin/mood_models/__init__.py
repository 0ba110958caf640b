"""Versions of the mood model in the admin: progress, report, promotion."""
