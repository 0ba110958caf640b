"""The labelling page as a client sees it: its addresses, its cards, what it recorded."""

from songs.labelling.record import LabelState

PAGE, MORE = "/admin/label/", "/admin/label/more/"
JSON = {"headers": {"accept": "application/json"}}


def current(video):
    video.refresh_from_db()
    return LabelState.of(video)


def shown(client, order="newest"):
    """The cards that the page brings, in their order."""
    return client.get(f"{PAGE}?order={order}").context["data"]["queue"]
