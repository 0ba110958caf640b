"""The catalogue: what YouTube said, what people said, what models said of it. Knows no HTTP but its admin."""
