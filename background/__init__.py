"""Work beside the web process: one worker, a queue, locks. Knows no app of the house."""
