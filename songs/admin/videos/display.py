"""What several pages of the admin show of a video."""

from songs.models import Mood, NewVideo, Origin

LONG_COLUMNS = ("search", "video_description")  # that no list needs
THUMBNAIL_HOST = "https://i.ytimg.com/"  # the one that our pages may load images from


def thumbnail_url(video: NewVideo) -> str:
    """The address of its picture; "" where there is none that may be loaded."""
    url = video.video_thumbnail or ""
    loadable = url.startswith(THUMBNAIL_HOST) and video.origin != Origin.SAMPLE
    return url if loadable else ""


def likeliest_moods(scores: dict[str, float] | None) -> list[tuple[Mood, float]]:
    """Moods with the probability that a model gives them, the highest first."""
    ranked = sorted((scores or {}).items(), key=lambda item: -item[1])
    return [(Mood(mood), probability) for mood, probability in ranked]
