"""Videos like a video."""
