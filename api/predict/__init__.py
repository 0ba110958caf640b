"""What the mood model says of texts."""
