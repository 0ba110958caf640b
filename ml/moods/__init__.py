"""The mood model: text in, six probabilities out; training, file, release. Knows no Django."""
