"""What this app says aloud, for apps above it that want to hear it."""

from django.dispatch import Signal

# A worker has its lock and has done nothing yet: whoever has leftovers sweeps them now.
# Whoever listens loads what it needs then, not at the start of every process.
worker_starts = Signal()
