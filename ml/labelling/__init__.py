"""Agreement between people, and which video to label next. Knows no Django."""
