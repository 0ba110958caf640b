"""Datasets: upload, check, describe, browse."""
