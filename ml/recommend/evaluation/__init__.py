"""Hold-out splits and ranking metrics, beside popularity."""
