"""Tables of listens and likes become coded, cleaned interactions."""
