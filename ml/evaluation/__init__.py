"""How good a mood model is: folds by group, scores, comparisons, confidence, report. Knows no Django."""
