"""One script a claim of speed or memory, run from the root of the project: `python -m benchmarks.catalogue.api`."""
