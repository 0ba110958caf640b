"""Tables that people upload: parsed, stored, read. Knows no HTTP, and nothing of what learns from them."""
