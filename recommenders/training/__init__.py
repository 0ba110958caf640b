"""Recipes become versions on disk: training, evaluation, promotion, sweeping. Answers no question."""
