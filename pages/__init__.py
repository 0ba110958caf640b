"""HTTP as HTML and nothing else, the twin of `api`. Reads querysets of the apps; writes go through their functions."""
