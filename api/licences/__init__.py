"""Licence passports and reported claims."""
