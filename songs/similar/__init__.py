"""Videos like a video: embeddings, their index, the query. Works without pgvector by saying that it is missing."""
