"""The mood models: training, versions, promotion, predictions, report. Writes no label."""
