"""Recommenders: make, ask, inspect."""
