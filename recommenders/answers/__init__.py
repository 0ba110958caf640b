"""Questions to a live version and their answers, with names, caveats and artists' profiles. Trains nothing."""
