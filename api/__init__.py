"""HTTP as JSON and nothing else. Reads querysets of the apps; writes go through their functions."""
