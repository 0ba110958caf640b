"""What several benchmarks need: a database of their own, rows, tables of figures."""
