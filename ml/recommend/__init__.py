"""Who liked what becomes what to play next: data, algorithms, index, evaluation, storage. Knows no Django."""
