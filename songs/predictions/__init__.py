"""What models say of moods: training, versions, promotion, scores. Never writes a label."""
