"""Prediction as the commands show it: a bar on a terminal, one line at the end."""

from tqdm import tqdm

from background.locks import AlreadyRunning
from songs.predictions import predict as classify


def predict(*, everything: bool = False) -> str:
    """Predict what waits; raises classify.NoModel and AlreadyRunning."""
    with tqdm(unit=" videos", disable=None, leave=False) as bar:
        predicted = classify.predict_pending(everything=everything, progress=bar.update)
    return f"predicted {predicted.videos} videos with {predicted.version}"


def predict_again() -> str:
    """Predict after the live model has changed; if another process is at it, say so."""
    try:
        return predict()
    except AlreadyRunning as exc:
        return f"{exc} Run predict_moods after it: it had begun with the old model."
