"""The page where suggestions are reviewed, many at once."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Page
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from songs.admin.labelling_acts import WORDS
from songs.admin.suggestion_rows import SHOWS, groups, rows
from songs.labelling import suggestions
from songs.labelling.record import LabelConflict
from songs.models import Mood, MoodSuggestion, NewVideo
from web.admin import BoundedPaginator, ReadOnlyAdmin

MOST_AT_ONCE = 500  # each video is locked and written by itself, within a request
VIDEOS_A_PAGE = 50
REVIEWS = {"accept": suggestions.accept, "reject": suggestions.reject}
CHANGED = "Not saved: somebody changed the label while you looked. It is shown anew."
REVIEWED = "Not saved: somebody else has reviewed this meanwhile."
ONE_MOOD = "Not saved: tick one mood to accept, and the others will be rejected."

Ticked = dict[str, list[Mood]]  # the moods by video


class TooManyMoods(Exception):
    """A video can have one label, so one of its suggested moods can be accepted."""


@admin.register(MoodSuggestion)
class MoodSuggestionAdmin(ReadOnlyAdmin):
    """Waiting suggestions beside the label and the model's view, and the history."""

    exclude = ["address"]

    class Media:
        css = {"all": ["web/admin.css", "songs/suggestions.css"]}
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
            "pages": _pages(page),
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
    if not 1 <= sum(map(len, ticked.values())) <= MOST_AT_ONCE:
        text = f"Nothing saved: tick 1 to {MOST_AT_ONCE} suggestions."
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


def _pages(page: Page) -> dict[str, int]:
    """The neighbours of a page by name."""
    pages = {}
    if page.has_previous():
        pages["Previous"] = page.previous_page_number()
    if page.has_next():
        pages["Next"] = page.next_page_number()
    return pages
