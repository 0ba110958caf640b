"""Embedding videos as the commands show it: a bar on a terminal, one line at the end."""

from tqdm import tqdm

from songs.similar import embeddings


def embed() -> str:
    """Embed what waits; raises pgvector.NoPgvector and AlreadyRunning."""
    with tqdm(unit=" videos", disable=None, leave=False) as bar:
        return str(embeddings.embed_pending(progress=bar.update))
