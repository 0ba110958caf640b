"""May a video be used: passport, risk, attribution, claims by Content ID. Decides nothing about moods."""
