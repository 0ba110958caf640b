"""The versions of the mood model, with the one that is live above them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import date
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from songs.admin.mood_models import views
from songs.admin.mood_models.progress import progress
from songs.models import ModelPromotion, MoodModel
from songs.predictions import predict, releases
from songs.predictions.registry import mood_ledger
from songs.predictions.releases import Figures, count_new_labels
from web.admin import ReadOnlyAdmin

PROMOTIONS_SHOWN = 10


@admin.register(MoodModel)
class MoodModelAdmin(ReadOnlyAdmin):
    list_display = [
        "name",
        "trained",
        "labels",
        "macro_f1",
        "accuracy",
        "rule",
        "report_link",
    ]
    list_per_page = 20
    sortable_by = []
    fields = readonly_fields = [
        "version",
        "recipe",
        "created",
        "live",
        "promoted",
        "macro_f1",
        "accuracy",
        "per_mood",
        "rule",
        "libraries",
        "digests",
    ]

    class Media:
        css = {"all": ["songs/mood_models.css"]}
        js = [Script("web/progress.js", defer=True)]

    def get_urls(self) -> list[URLPattern]:
        def own(route: str, view: Any, name: str) -> URLPattern:
            wrapped = self.admin_site.admin_view(view)
            return path(route, wrapped, name=f"songs_moodmodel_{name}")

        return [
            own("progress/", views.show_progress, "progress"),
            own("retrain/", views.retrain, "retrain"),
            own("rollback/", views.rollback, "rollback"),
            own("<slug:version>/report/", views.report, "report"),
            own("<slug:version>/promote/", views.promote, "promote"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[MoodModel]:
        return releases.stored().annotate(rule_says=KT("report__verdict__reason"))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {
            "title": "The mood model",
            "live": releases.live(),
            "refused": refusal(),
            "shipped": releases.shipped(),
            "promotions": ModelPromotion.objects.order_by("-id")[:PROMOTIONS_SHOWN],
            "new_labels": count_new_labels(),
            "progress": progress(),
            "may_change": views.may_change(request),
            "may_roll_back": mood_ledger.can_roll_back(),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kw: Any
    ) -> HttpResponse:
        extra = {"may_change": views.may_change(request)}
        return super().changeform_view(request, object_id, extra_context=extra)

    @admin.display(description="version")
    def name(self, version: MoodModel) -> SafeString:
        badge = mark_safe('<span class="live">live</span>') if version.live else ""
        return format_html("{} {}", version, badge)

    @admin.display(description="trained")
    def trained(self, version: MoodModel) -> str:
        return date(version.created, "Y-m-d H:i")

    @admin.display(description="labels")
    def labels(self, version: MoodModel) -> int:
        return Figures.of(version.manifest).n_labels

    @admin.display(description="macro-F1")
    def macro_f1(self, version: MoodModel) -> SafeString | None:
        return with_baselines(Figures.of(version.manifest), "macro_f1")

    @admin.display(description="accuracy")
    def accuracy(self, version: MoodModel) -> SafeString | None:
        return with_baselines(Figures.of(version.manifest), "accuracy")

    @admin.display(description="what the rule said")
    def rule(self, version: MoodModel) -> str | None:
        return version.rule_says

    @admin.display(description="report")
    def report_link(self, version: MoodModel) -> SafeString | None:
        if not version.has_report:
            return None
        url = reverse("admin:songs_moodmodel_report", args=[version.pk])
        label = f"Report on {version}"
        return format_html('<a href="{}" aria-label="{}">Report</a>', url, label)

    @admin.display(description="labels of each mood")
    def per_mood(self, version: MoodModel) -> str:
        return joined(version.manifest.get("n_per_mood", {}))

    @admin.display(description="libraries")
    def libraries(self, version: MoodModel) -> str:
        return joined(version.manifest.get("libraries", {}))

    @admin.display(description="digests (SHA-256)")
    def digests(self, version: MoodModel) -> SafeString:
        manifest = version.manifest
        digests = {"labels": "data_digest", "file": "sha256"}
        pairs = ((what, manifest.get(key, "")) for what, key in digests.items())
        return format_html_join(mark_safe("<br>"), "{} <code>{}</code>", pairs)


@admin.register(ModelPromotion)
class ModelPromotionAdmin(ReadOnlyAdmin):
    list_display = ["at", "__str__", "who", "forced", "reason"]
    list_display_links = ["at"]


def refusal() -> str | None:
    """Why the live model may not be used, if so."""
    try:
        predict.live()
    except predict.NoModel as exc:
        return str(exc)
    return None


def with_baselines(figures: Figures, name: str) -> SafeString | None:
    """A figure with those of the baselines under it."""
    if not figures.recipe:
        return None
    baselines = {"majority": figures.majority, "2019": figures.baseline}
    values = [f"{who} {getattr(p, name):.3f}" for who, p in baselines.items() if p]
    return format_html(
        "<b>{}</b><br><small>{}</small>",
        f"{getattr(figures.recipe, name):.3f}",
        ", ".join(values),
    )


def joined(values: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())
