"""The search box over videos: an id, a mood, or words of title, tags and channel."""

import re

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from songs.models import Mood
from songs.models.video import NewVideoQuerySet

TITLE_TAGS_CHANNEL = "AB"  # the weights of these words in the column `search`
MOODS_BY_NAME = {
    name.lower(): mood.value for mood in Mood for name in (mood.value, mood.label)
}


def find_videos(videos: NewVideoQuerySet, text: str) -> NewVideoQuerySet:
    """Videos with this id or mood, or with words that begin like all of these."""
    condition = Q(pk=text.strip())
    if mood := MOODS_BY_NAME.get(text.strip().lower()):
        condition |= Q(moods=mood, labeled=True) | Q(predicted_moods=mood)
    if words := re.findall(r"\w+", text):
        prefixes = " & ".join(f"'{word}':*{TITLE_TAGS_CHANNEL}" for word in words)
        condition |= Q(
            search=SearchQuery(prefixes, config="english", search_type="raw")
        )
    return videos.filter(condition)
