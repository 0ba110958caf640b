"""The review of suggested moods: a row for each video, a line for each mood."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.db.models import Count, Max, Min, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from songs.admin.labelling.answers import WORDS, to_word
from songs.admin.videos.display import LONG_COLUMNS, likeliest_moods, thumbnail_url
from songs.labelling import suggestions
from songs.labelling.record import LabelConflict, LabelState
from songs.models import Mood, MoodSuggestion, NewVideo, Origin
from songs.models.video import Gone
from web.admin import BoundedPaginator, ReadOnlyAdmin

MOODS_OF_THE_MODEL = 2
# What can be seen, by the word in the address; the first is the default.
SHOWS = {"waiting": "Waiting", "accepted": "Accepted", "rejected": "Rejected"}
MAX_AT_ONCE = 500  # each video is locked and written by itself, within a request
VIDEOS_A_PAGE = 50
REVIEWS = {"accept": suggestions.accept, "reject": suggestions.reject}
CHANGED = (
    "Not saved: somebody changed the label while you looked. It is shown as it is now."
)
REVIEWED = "Not saved: somebody else has reviewed this meanwhile."
ONE_MOOD = "Not saved: tick one mood to accept, and the others will be rejected."

Ticked = dict[str, list[Mood]]  # the moods by video


class TooManyMoods(Exception):
    """A video can have one label, so one of its suggested moods can be accepted."""


@dataclass(frozen=True, slots=True)
class SuggestedMood:
    """One mood that people suggested for a video."""

    mood: Mood
    count: int
    addresses: int  # fewer than count where somebody came back on another day
    first: datetime
    last: datetime
    reviewed_by: str | None
    reviewed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A video, its label and prediction, and what people suggest, most often first."""

    video: NewVideo
    lines: list[SuggestedMood]
    error: str  # why the last review of it was not saved

    @property
    def label(self) -> LabelState:
        return LabelState.of(self.video)

    @property
    def seen(self) -> str:
        return to_word(self.label)

    @property
    def guesses(self) -> list[tuple[Mood, float]]:
        """The moods that the model finds likeliest, in percent."""
        best = likeliest_moods(self.video.mood_scores)[:MOODS_OF_THE_MODEL]
        return [(mood, 100 * probability) for mood, probability in best]

    @property
    def gone(self) -> str:
        return Gone(self.video.gone_why).label if self.video.gone_why else ""

    @property
    def on_youtube(self) -> bool:
        return self.video.origin != Origin.SAMPLE

    @property
    def picture(self) -> str:
        return thumbnail_url(self.video)


def groups(show: str) -> QuerySet[MoodSuggestion, dict[str, Any]]:
    """The videos of a page: most suggestions first, or the latest reviewed first."""
    videos = _shown(show).values("video")
    if show == "waiting":
        order = {"count": Count("pk"), "latest": Max("at")}
    else:
        order = {"latest": Max("reviewed_at")}
    return videos.annotate(**order).order_by(*(f"-{name}" for name in order), "video")


def rows(
    show: str, video_ids: Sequence[str], errors: dict[str, str]
) -> tuple[list[ReviewRow], int]:
    """The rows of these videos, and the greatest id among their suggestions."""
    videos = NewVideo.objects.defer(*LONG_COLUMNS).in_bulk(video_ids)
    lines, last = defaultdict(list), 0
    for values in _lines(show, video_ids):
        last = max(last, values.pop("last_id"))
        video_id, mood = values.pop("video"), Mood(values.pop("mood"))
        lines[video_id].append(SuggestedMood(mood, **values))
    found = [
        ReviewRow(videos[id_], lines[id_], errors.get(id_, ""))
        for id_ in video_ids
        if id_ in lines  # unless it was reviewed since the page was counted
    ]
    return found, last


def _lines(
    show: str, video_ids: Sequence[str]
) -> QuerySet[MoodSuggestion, dict[str, Any]]:
    return (
        _shown(show)
        .filter(video__in=video_ids)
        .values("video", "mood", "reviewed_by")
        .annotate(
            count=Count("pk"),
            addresses=Count("address", distinct=True),
            first=Min("at"),
            last=Max("at"),
            reviewed_at=Max("reviewed_at"),
            last_id=Max("pk"),
        )
        .order_by("-count", "-last", "mood")
    )


def _shown(show: str) -> QuerySet[MoodSuggestion]:
    verdict = None if show == "waiting" else show
    return MoodSuggestion.objects.filter(verdict=verdict)


@admin.register(MoodSuggestion)
class MoodSuggestionAdmin(ReadOnlyAdmin):
    """Waiting suggestions beside the label and the model's view, and the history."""

    exclude = ["address"]

    class Media:
        css = {"all": ["web/admin.css", "songs/labels.css", "songs/suggestions.css"]}
        js = ["songs/suggestions.js"]

    def has_view_permission(
        self, request: HttpRequest, obj: MoodSuggestion | None = None
    ) -> bool:
        return super().has_view_permission(request, obj) or may_review(request)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        errors: dict[str, str] = {}
        if request.method == "POST":
            if not may_review(request):
                raise PermissionDenied
            errors = review(request)
            if not errors:
                return HttpResponseRedirect(request.get_full_path())
        return self.page(request, errors)

    def page(self, request: HttpRequest, errors: dict[str, str]) -> HttpResponse:
        show = request.GET.get("show")
        show = show if show in SHOWS else next(iter(SHOWS))
        paginator = BoundedPaginator(groups(show), VIDEOS_A_PAGE)
        page = paginator.get_page(request.GET.get("page"))
        shown, last = rows(show, [group["video"] for group in page], errors)
        for video_id in errors.keys() - {row.video.pk for row in shown}:
            messages.error(request, f"{video_id}: {errors[video_id]}")
        context = self.admin_site.each_context(request) | {
            "title": "Suggested moods",
            "opts": self.opts,
            "media": self.media,
            "show": show,
            "shows": SHOWS,
            "page": page,
            "rows": shown,
            "last": last,
            "may_review": may_review(request) and show == "waiting",
        }
        template = "admin/songs/moodsuggestion/review.html"
        return TemplateResponse(request, template, context)


def may_review(request: HttpRequest) -> bool:
    return request.user.has_perm("songs.change_newvideo")


def review(request: HttpRequest) -> dict[str, str]:
    """Accept or reject what is ticked; returns what went wrong, by video.

    Each video is saved by itself: one conflict keeps none of the others.
    """
    ticked = _ticked(request)
    if not 1 <= sum(map(len, ticked.values())) <= MAX_AT_ONCE:
        text = f"Nothing saved: tick 1 to {MAX_AT_ONCE} suggestions."
        messages.error(request, text)
        return {}
    errors: dict[str, str] = {}
    settled = 0
    for video_id, moods in ticked.items():
        try:
            settled += _review(request, video_id, moods)
        except LabelConflict:
            errors[video_id] = CHANGED
        except suggestions.AlreadyReviewed:
            errors[video_id] = REVIEWED
        except TooManyMoods:
            errors[video_id] = ONE_MOOD
    if saved := len(ticked) - len(errors):
        videos = "video" if saved == 1 else "videos"
        done = {"accept": "labelled", "reject": "reviewed"}[request.POST["verdict"]]
        text = f"{saved} {videos} {done}, {settled} suggestions settled."
        messages.success(request, text)
    return errors


def _review(request: HttpRequest, video_id: str, moods: list[Mood]) -> int:
    verdict = request.POST["verdict"]
    if verdict == "accept" and len(moods) > 1:
        raise TooManyMoods
    with transaction.atomic():  # all moods of the video, or none
        return sum(
            REVIEWS[verdict](
                video_id,
                mood,
                who=request.user.get_username(),
                expected=WORDS[request.POST[f"seen-{video_id}"]],
                shown=int(request.POST["last"]),
            )
            for mood in moods
        )


def _ticked(request: HttpRequest) -> Ticked:
    """The ticked moods of each video; raises BadRequest if the page was not ours."""
    sent = request.POST
    ticked: Ticked = {}
    try:
        for tick in dict.fromkeys(sent.getlist("tick")):
            video_id, mood = tick.split()
            ticked.setdefault(video_id, []).append(Mood(mood))
        if not (
            all(sent[f"seen-{video_id}"] in WORDS for video_id in ticked)
            and NewVideo.objects.filter(pk__in=ticked).count() == len(ticked)
            and sent["verdict"] in REVIEWS
            and 0 <= int(sent["last"]) < 2**63
        ):
            raise ValueError("forged")
    except (KeyError, ValueError) as exc:
        raise BadRequest("This is no page of suggestions that we sent.") from exc
    return ticked
