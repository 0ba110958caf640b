"""Questions to recommenders."""
