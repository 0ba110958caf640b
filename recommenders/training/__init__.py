"""Recipes become versions: training, evaluation, sweeping. Answers no question."""
