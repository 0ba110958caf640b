"""What was trained and which version is live: files, promotion, opening. Trains nothing, answers nothing."""
