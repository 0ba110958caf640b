"""What is computed once so that questions are quick: neighbours, co-occurrence, names."""
