"""Claims about uploaded tables."""

from benchmarks.shared import scratch  # noqa: F401  sets Django up before any model
