"""Settings, addresses and start of the whole: it knows every app, and no app knows it."""
