"""What comes from YouTube becomes rows: crawl, upsert, refresh, quota. Never writes a label or a prediction."""
