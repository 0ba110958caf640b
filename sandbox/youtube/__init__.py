"""The YouTube Data API v3 of the sandbox: its catalogue, search index, replies, quota and faults."""
