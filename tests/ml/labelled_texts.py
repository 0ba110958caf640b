"""Made-up labelled texts: each mood has words of its own, every text its own too."""

from collections.abc import Sequence

from ml.moods.recipe import MOODS
from ml.moods.text import VideoText


def labelled_texts(
    n_per_mood: int = 8, moods: Sequence[str] = MOODS
) -> tuple[list[VideoText], list[str]]:
    """Texts and moods, the moods taking turns."""
    texts, labels = [], []
    for i in range(n_per_mood):
        for mood in moods:
            word = f"{mood[:2]}word"
            description = (
                f"{word} {word}{i % 3} tune{mood[:2]}{i} made in studio{i % 4}"
            )
            texts.append(VideoText(f"Track {mood[:2]}{i}", description))
            labels.append(mood)
    return texts, labels
