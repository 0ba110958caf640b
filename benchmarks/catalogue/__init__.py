"""Claims about the catalogue, its API, ingestion and moods."""

from benchmarks.shared import scratch  # noqa: F401  sets Django up before any model
