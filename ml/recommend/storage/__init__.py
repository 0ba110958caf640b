"""A trained model as files with checksums. Nothing in them is unpickled."""
