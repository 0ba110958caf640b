"""The three methods: parameters in, the JSON that YouTube would reply out."""

from __future__ import annotations

from binascii import crc32
from typing import Any

from sandbox.youtube import parameters, resources
from sandbox.youtube.catalogue import Catalogue, Video
from sandbox.youtube.comments import Comment, comments_of
from sandbox.youtube.errors import (
    bad_parameter,
    comments_disabled,
    no_filter_selected,
    video_not_found,
)
from sandbox.youtube.index import SearchIndex
from sandbox.youtube.paging import ResultPage, page_of
from sandbox.youtube.parameters import Params

Json = dict[str, Any]

SEARCH_CAP = 500  # results that search.list gives out, however many there are
MAX_IDS = 50
REGION = "US"


class YouTube:
    """Replies to calls from a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._current = catalogue.current
        self._index = SearchIndex(catalogue.indexed)
        self._methods = {
            "search.list": self._search,
            "videos.list": self._videos,
            "commentThreads.list": self._comment_threads,
        }

    def reply(self, method: str, params: Params) -> Json:
        """What `method`, e.g. "search.list", replies; raises errors.ErrorReply."""
        parameters.check(method, params)
        return self._methods[method](params)

    def _search(self, params: Params) -> Json:
        size = parameters.number(params, "maxResults", lowest=0, highest=50, default=5)
        page = page_of(
            self._index.find(params),
            token=params.get("pageToken"),
            size=size,
            cap=SEARCH_CAP,
            empty_last=crc32(params.get("q", "").encode()) % 2 == 0,  # of some searches
        )
        parts = parameters.parts(params)
        return resources.listing(
            "youtube#searchListResponse",
            [resources.search_result(video, parts) for video in page.items],
            page,
            per_page=len(page.items),
            regionCode=params.get("regionCode", REGION),
        )

    def _videos(self, params: Params) -> Json:
        if not params.get("id"):
            raise no_filter_selected()
        ids = dict.fromkeys(params["id"].split(","))
        if len(ids) > MAX_IDS:
            raise bad_parameter(
                "invalidFilters",
                "The request specifies an invalid filter parameter.",
                location="parameters.",
            )
        parameters.number(params, "maxResults", lowest=1, highest=50, default=5)
        videos = [video for video_id in ids if (video := self._visible(video_id))]
        parts = parameters.parts(params)
        return resources.listing(
            "youtube#videoListResponse",
            [resources.video_resource(video, parts) for video in videos],
            ResultPage(videos, total=len(videos), next_token=None, prev_token=None),
            per_page=len(videos),
        )

    def _comment_threads(self, params: Params) -> Json:
        if not params.get("videoId"):
            raise no_filter_selected()
        size = parameters.number(
            params, "maxResults", lowest=1, highest=100, default=20
        )
        plain = (
            parameters.choice(
                params, "textFormat", {"html", "plainText"}, default="html"
            )
            == "plainText"
        )
        comments = self._comments(params)
        page = page_of(comments, token=params.get("pageToken"), size=size)
        parts = parameters.parts(params)
        items = [resources.comment_thread(c, parts, plain=plain) for c in page.items]
        body = resources.listing(
            "youtube#commentThreadListResponse", items, page, per_page=size
        )
        body["pageInfo"]["totalResults"] = len(items)  # here it means this page
        return body

    def _comments(self, params: Params) -> list[Comment]:
        video = self._visible(params["videoId"])
        orders = {"time", "relevance"}
        order = parameters.choice(params, "order", orders, default="time")
        if video is None:
            raise video_not_found()
        if video.comments_disabled:
            raise comments_disabled()
        comments = comments_of(video)
        if order == "relevance":
            comments.sort(key=lambda comment: comment.like_count, reverse=True)
        return comments

    def _visible(self, video_id: str) -> Video | None:
        """The video as everybody sees it now; a private one nobody does."""
        video = self._current.get(video_id)
        return video if video and video.privacy != "private" else None
