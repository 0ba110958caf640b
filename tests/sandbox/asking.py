"""Asking a sandbox over a real socket."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.waiting import PATIENCE_S

KEY = "any-key"
PARTS = {
    "search": "id,snippet",
    "videos": "snippet,contentDetails,status,statistics,topicDetails",
    "commentThreads": "snippet",
}


@dataclass
class Reply:
    status: int
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def items(self):
        return self.json["items"]

    @property
    def reason(self):
        return self.json["error"]["errors"][0]["reason"]


def ask(server, resource, *, key=KEY, timeout=PATIENCE_S, **params):
    """GET one of search, videos, commentThreads; all parts unless told otherwise."""
    params = {"part": PARTS.get(resource, "")} | params
    given = {name: value for name, value in params.items() if value is not None}
    url = f"{server.url}/youtube/v3/{resource}?{urlencode(given)}"
    headers = {"X-Goog-Api-Key": key} if key else {}
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return Reply(response.status, response.read())
    except urllib.error.HTTPError as error:
        with error:
            return Reply(error.code, error.read())


def found_ids(reply):
    return [item["id"]["videoId"] for item in reply.items]


def all_pages(server, **params):
    """Every page of a search, in order."""
    pages, token = [], None
    while not pages or token:
        page = ask(server, "search", pageToken=token, maxResults=50, **params)
        pages.append(page)
        token = page.json.get("nextPageToken")
    return pages


def write_csv(path, rows):
    """A catalogue of (id, title, description) rows."""
    header = "video_id,video_title,moods,labeled,video_description,predicted_moods"
    lines = [f"{id_},{title},HAPPY,,{text}," for id_, title, text in rows]
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path
