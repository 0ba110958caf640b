"""The labelling page: its cards, its queue, and the answers that it posts."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import timedelta
from functools import wraps
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models.functions import Left
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST

from songs.admin.labelling.answers import (
    BadAnswer,
    SubmittedAnswer,
    save_answer,
    to_word,
)
from songs.admin.videos.display import (
    LONG_COLUMNS,
    THUMBNAIL_HOST,
    likeliest_moods,
    thumbnail_url,
)
from songs.labelling import assignments
from songs.labelling.progress import LabelCounts, progress
from songs.labelling.queue import (
    BATCH_SIZE,
    DEFAULT_ORDER,
    QueueOrder,
    claimed_batch,
    held_out_scores,
    next_batch,
)
from songs.labelling.record import UNLABELLED, LabelConflict, LabelState
from songs.models import Mood, NewVideo, Origin

DESCRIPTION_LENGTH = 5_000  # YouTube's own limit; imported ones may be longer
PLAYER_HOST = "https://www.youtube-nocookie.com"

PERMISSION = "songs.change_newvideo"
FRAMES = csp_update({"frame-src": [PLAYER_HOST]})
ORDER, PASSED = "label_order", "label_passed"  # in the session
MAX_PASSED = 500
GONE = "This video is not in the catalogue any more."

EMPTY = {
    QueueOrder.NEWEST: "Every offered video has been looked at. New ones come with the next pull.",
    QueueOrder.UNSURE: "No video waits that the model has scored. “Newest” has the others.",
    QueueOrder.MISLABELLED: "The model contradicts no label that nobody has checked since it was trained.",
    QueueOrder.SECOND: "No label waits for your opinion: all have enough, or are yours.",
}
NO_HELD_OUT = (
    "A label is doubted by models that have not learned from it. The live model came with "
    "the project and has none: train a version on these labels and promote it."
)

Scores = dict[str, float]
View = Callable[[HttpRequest], HttpResponse]


def cards(video_ids: Sequence[str], order: str) -> list[dict[str, Any]]:
    """The videos in the order of their ids; one that is gone meanwhile is left out."""
    videos = NewVideo.objects.defer(*LONG_COLUMNS).annotate(
        text=Left("video_description", DESCRIPTION_LENGTH)
    )
    by_id = videos.in_bulk(list(video_ids))
    unseen = held_out_scores() if order == QueueOrder.MISLABELLED else {}
    return [
        _card(by_id[video_id], order, unseen.get(video_id))
        for video_id in video_ids
        if video_id in by_id
    ]


def _card(video: NewVideo, order: str, unseen: Scores | None) -> dict[str, Any]:
    blind = (
        order == QueueOrder.SECOND
    )  # also the hint: the model has learned from the label
    sample = video.origin == Origin.SAMPLE
    label = UNLABELLED if blind else LabelState.of(video)
    scores = {} if blind else unseen or video.mood_scores or {}
    player = None
    if settings.ALLOW_YOUTUBE_PLAYER and not sample:
        player = f"{PLAYER_HOST}/embed/{video.pk}"
    return {
        "id": video.pk,
        "title": str(video),
        "channel": video.channel_title or "",
        "facts": _facts(video),
        "description": (video.text or "").strip(),
        "link": None if sample else video.watch_url,
        "picture": None if sample else _picture(video),
        "player": player,
        "label": to_word(label),
        "label_name": label.mood.label if label.mood else "",
        "hint": _top_two(scores),
        "sure": bool(video.predicted_sure) and not unseen,
    }


def _top_two(scores: Scores) -> list[dict[str, Any]]:
    return [
        {"mood": mood, "label": mood.label, "percent": round(100 * score)}
        for mood, score in likeliest_moods(scores)[:2]
    ]


def _picture(video: NewVideo) -> str:
    """Imported videos have no address of a picture; YouTube has one for each video."""
    return thumbnail_url(video) or f"{THUMBNAIL_HOST}vi/{video.pk}/mqdefault.jpg"


def _facts(video: NewVideo) -> str:
    """How long the video is and since when it is on YouTube, where that is known."""
    facts = []
    if video.duration is not None:
        minutes, seconds = divmod(video.duration // timedelta(seconds=1), 60)
        facts.append(f"{minutes}:{seconds:02}")
    if video.published_at:
        facts.append(f"{video.published_at:%b %Y}")
    return " · ".join(facts)


def for_labellers(view: View) -> View:
    """Only for people who may label. A script is confirmation in JSON that it is signed out."""

    @wraps(view)
    def permitted(request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return view(request)

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if from_script(request) and not admin.site.has_permission(request):
            return problem(401, "signed_out", "You are signed out.")
        return in_admin(request)

    in_admin = admin.site.admin_view(permitted)
    return guarded


def from_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def problem(status: int, code: str, detail: str, **more: str) -> JsonResponse:
    return JsonResponse({"detail": detail, "code": code, **more}, status=status)


@require_http_methods(["GET", "POST"])
@for_labellers
def labelling_page(request: HttpRequest) -> HttpResponse:
    """Ask about a video; as POST: take the answer."""
    if request.method == "POST":
        return (answer_script if from_script(request) else answer_form)(request)
    return (FRAMES(show) if settings.ALLOW_YOUTUBE_PLAYER else show)(request)


@require_POST
@for_labellers
def more(request: HttpRequest) -> HttpResponse:
    """The next videos for the script; wanting 0 keeps the claims on those it has."""
    order, who = order_of(request), request.user.get_username()
    assignments.renew(who)
    if request.POST.get("want") == "0":
        return JsonResponse({"videos": []})
    ids = next_batch(order, who=who, without=request.session.get(PASSED, []))
    return JsonResponse({"videos": cards(ids, order)})


urlpatterns = [
    path("", labelling_page, name="label"),
    path("more/", more, name="label_more"),
]


def show(request: HttpRequest) -> HttpResponse:
    order = order_of(request)
    queue = cards(queue_of(request, order), order)
    counts = progress(request.user.get_username())
    context = {
        "title": "Label videos",
        "data": for_script(request, order, queue, counts),
        "order": order,
        "orders": QueueOrder.choices,
        "blind": order == QueueOrder.SECOND,
        "checking": order == QueueOrder.MISLABELLED,
        "first": queue[0] if queue else None,
        "moods": [
            (key, mood.value, mood.label, counts.total[mood], counts.today[mood])
            for key, mood in enumerate(Mood, start=1)
        ],
        "n_total": sum(counts.total.values()),
        "n_today": sum(counts.today.values()),
        "player": settings.ALLOW_YOUTUBE_PLAYER,
        "empty": why_empty(order),
    }
    everywhere = admin.site.each_context(request)
    return TemplateResponse(request, "admin/songs/label.html", everywhere | context)


def for_script(
    request: HttpRequest, order: str, queue: list[dict[str, Any]], counts: LabelCounts
) -> dict[str, Any]:
    return {
        "queue": queue,
        "progress": asdict(counts),
        "moods": dict(Mood.choices),
        "order": order,
        "who": request.user.get_username(),
        "more": reverse("label_more"),
        "login": reverse("admin:login"),
    }


def order_of(request: HttpRequest) -> str:
    order = request.GET.get("order", DEFAULT_ORDER)
    if order not in QueueOrder.values:
        raise BadRequest(f"order: one of {', '.join(QueueOrder.values)}")
    return order


def queue_of(request: HttpRequest, order: str) -> list[str]:
    """The videos that this person was shown before, as long as the order is the same."""
    who, session = request.user.get_username(), request.session
    if session.get(ORDER) != order:
        assignments.release(who)
        session[ORDER] = order
    without = session.get(PASSED, [])
    ids = claimed_batch(order, who=who, without=without)
    if len(ids) < BATCH_SIZE // 2:
        n = BATCH_SIZE - len(ids)
        ids += next_batch(order, who=who, n=n, without=without)
    return ids


def why_empty(order: str) -> str:
    if order == QueueOrder.MISLABELLED and not held_out_scores():
        return NO_HELD_OUT
    return EMPTY.get(order, EMPTY[QueueOrder.UNSURE])


def take(request: HttpRequest) -> SubmittedAnswer:
    """Record what was posted; raises what SubmittedAnswer.of and save_answer raise."""
    answer = SubmittedAnswer.of(request.POST, order_of(request))
    save_answer(answer, who=request.user.get_username())
    if answer.only_passes:
        passed = [*request.session.get(PASSED, []), answer.video_id]
        request.session[PASSED] = passed[-MAX_PASSED:]
    return answer


def answer_script(request: HttpRequest) -> JsonResponse:
    who = request.user.get_username()
    if request.POST.get("who", who) != who:  # it waited while another person signed in
        return problem(401, "signed_out", "Somebody else is signed in.")
    try:
        take(request)
    except BadAnswer as exc:
        return problem(400, "invalid", str(exc))
    except NewVideo.DoesNotExist:
        return problem(404, "not_found", GONE)
    except LabelConflict as exc:
        return problem(409, "conflict", str(exc), **now_labelled(request))
    return JsonResponse({"saved": True})


def now_labelled(request: HttpRequest) -> dict[str, str]:
    """The label that stands instead; a second opinion must not learn it."""
    if order_of(request) == QueueOrder.SECOND:
        return {}
    video = NewVideo.objects.only("moods", "labeled").get(pk=request.POST["video"])
    return {"label": to_word(LabelState.of(video))}


def answer_form(request: HttpRequest) -> HttpResponse:
    try:
        messages.success(request, confirmation(take(request)))
    except BadAnswer as exc:
        raise BadRequest(str(exc)) from exc
    except NewVideo.DoesNotExist:
        messages.error(request, f"Not saved: {GONE}")
    except LabelConflict as exc:
        messages.error(request, f"Not saved: {exc}")
    return HttpResponseRedirect(request.get_full_path())


def confirmation(answer: SubmittedAnswer) -> str:
    if answer.only_passes:
        return "Passed: the label stays."
    mood = answer.label.mood
    return f"Saved: {mood.label if mood else 'skipped'}."
