"""Comparing videos as the commands show it: a bar on a terminal, one line at the end."""

from tqdm import tqdm

from songs.similar import embeddings


def compare() -> str:
    """Compare what waits; raises pgvector.NoPgvector and AlreadyRunning."""
    with tqdm(unit=" videos", disable=None, leave=False) as bar:
        return str(embeddings.compare_pending(progress=bar.update))
