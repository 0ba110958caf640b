"""Comments under a video: made up from its id, always the same."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sandbox.youtube.catalogue import SAMPLE, Video

LISTENERS = 400


@dataclass(frozen=True, slots=True)
class Comment:
    """A top-level comment."""

    id: str
    video_id: str
    channel_id: str  # of the video
    author: str
    text: str
    like_count: int
    published_at: datetime  # timezone-aware, UTC

    @property
    def author_channel_id(self) -> str:
        return "UC" + hashlib.sha256(self.author.encode()).hexdigest()[:22]


def comments_of(video: Video) -> list[Comment]:
    """`video.comment_count` comments, the newest first."""
    comments = [_comment(video, nth) for nth in range(video.comment_count)]
    return sorted(comments, key=lambda comment: comment.published_at, reverse=True)


@cache
def _texts() -> list[str]:
    return json.loads((SAMPLE / "comments.json").read_text(encoding="utf-8"))


def _comment(video: Video, nth: int) -> Comment:
    digest = hashlib.sha256(f"{video.id}/{nth}".encode()).digest()
    text, listener, likes, hours = (
        int.from_bytes(digest[at : at + 3]) for at in range(0, 12, 3)
    )
    return Comment(
        id=f"Ug{digest.hex()[:22]}AaABAg",
        video_id=video.id,
        channel_id=video.channel_id,
        author=f"Sample listener {listener % LISTENERS + 1}",
        text=_texts()[text % len(_texts())],
        like_count=likes % 30 if likes % 3 == 0 else 0,
        published_at=video.published_at + timedelta(hours=hours % 15_000),
    )
