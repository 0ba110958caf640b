"""Comments under a video: made up from its id, always the same."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.catalogue import Video

TEXTS = (
    "this got me through exam week, thank you",
    "Used this in my school project, credited you in the description!",
    "been on repeat since this morning",
    "0:48 gives me chills every single time",
    "who else is listening while it rains",
    "Can I use this for a wedding video? I will put the link under it.",
    "so underrated",
    "the bass line though 🔥🔥🔥",
    "I was having a bad day and then this came on.\nNow I'm dancing in the kitchen.",
    "anyone know the chords?",
    "My grandmother fell asleep smiling to this one",
    "first",
    "sounds like the end credits of a film I would love to see",
    "Que bonita canción, gracias desde Chile",
    "この曲、朝の散歩にぴったりです",
    "شكرا على هذه الموسيقى الجميلة",
    "spasibo za muzyku!",
    "not my style, but the mix is really clean",
    "could you upload a version without the vocals?",
    "Listening at 3 am. Send help (and more tracks)",
    "I miss him <3",
    "the drop at the middle is pure rage, love it",
    "perfect for the gym",
    "perfect for studying",
    "Is this really free to use? Even with ads on?",
    "crying in the club rn 😭",
    "walked into the meeting with this in my headphones. Nobody could stop me.",
    "the piano & the cello belong together",
    "Played it for my girlfriend, she said yes!",
    "too loud in the left ear?",
    "lo-fi kitchen never misses",
    "why does this have so few views",
    "thanks, works great behind my cooking videos",
    "That guitar tone is angry in the best way.",
    "10/10 would nap again",
    "came here from the playlist, stayed for the strings",
)
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
        text=TEXTS[text % len(TEXTS)],
        like_count=likes % 30 if likes % 3 == 0 else 0,
        published_at=video.published_at + timedelta(hours=hours % 15_000),
    )
