"""Datasets: columns, rows, downloads."""
