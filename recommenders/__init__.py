"""Who liked what, and what to play next: trained on a dataset, answered from files. Knows no HTTP."""
