"""Claims about recommenders."""
