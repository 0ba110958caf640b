"""How good a mood model is: grouped folds, scores, comparisons, figures of the report."""
