"""Who liked what, and what to recommend next. `docs/models/recommenders.md` judges it."""
