"""Videos that are alike, for tests of neighbours."""

from typing import Any

from django.utils import timezone

from songs.models import NewVideo

NAMES = ("Amber", "Basil", "Cedar", "Dune", "Ember", "Fjord")
NAMES += ("Grove", "Haze", "Iris", "Juno", "Kelp", "Lark")


def alike(make_video: Any, *words: str, **columns: Any) -> list[NewVideo]:
    """Twelve videos with the words, each a track and a channel of its own."""
    return [
        make_video(
            **{
                "video_title": f"{name} {name[::-1]}",
                "video_description": " ".join(words),
                "tags": list(words),
                "channel_id": f"UC{words[0]}{name}",
            }
            | columns
        )
        for name in NAMES
    ]


def gone() -> dict[str, Any]:
    return {"gone_since": timezone.now(), "gone_why": "unavailable"}
