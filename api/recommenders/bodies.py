"""Recommenders and their answers as JSON."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from rest_framework.request import Request

from ml.recommend.storage.store import Item
from recommenders import tasks
from recommenders.answers.artists import Profile
from recommenders.answers.records import (
    DOUBTS,
    Because,
    Cleaned,
    Doubt,
    Found,
    Recommended,
    Similar,
    Unknown,
)
from recommenders.answers.statistics import Figure, distribution, top
from recommenders.models import Recommender, RecommenderVersion
from recommenders.versions.open import Opened

DECIMALS = 4
ROUTES = ("similar", "recommend", "suggest", "clean", "statistics")
Json = dict[str, Any]


def similar_body(opened: Opened, answer: Similar, *, profiles: bool) -> Json:
    names = [answer.item.name, *(found.item.name for found in answer.results)]
    known = tasks.show_profiles(names) if profiles else {}
    return {
        "version": opened.version.number,
        "item": item_body(answer.item),
        "profile": _profile(known.get(answer.item.name)),
        "closeness_is": opened.served.model.algorithm.closeness_is,
        "results": [_found(found, known) for found in answer.results],
        "doubts": _doubts(answer.doubts),
    }


def recommended_body(opened: Opened, answer: Recommended, *, profiles: bool) -> Json:
    names = [found.item.name for found in answer.results]
    known = tasks.show_profiles(names) if profiles else {}
    return {
        "version": opened.version.number,
        "who": answer.who or None,
        "results": [_found(found, known) for found in answer.results],
        "known": [item_body(item) for item in answer.known],
        "n_known": answer.n_known,
        "unknown": _unknown(answer.unknown),
        "doubts": _doubts(answer.doubts),
    }


def cleaned_body(opened: Opened, cleaned: Cleaned) -> Json:
    return {
        "version": opened.version.number,
        "kept": [entry.text for entry in cleaned.entries if entry.keep],
        "entries": [
            {
                "text": entry.text,
                "id": entry.item and entry.item.id,
                "name": entry.item and entry.item.name,
                "keep": entry.keep,
                "fate": entry.fate.value,
                "score": entry.score,
                "because": _because(entry.because),
            }
            for entry in cleaned.entries
        ],
        "unknown": _unknown(cleaned.unknown),
        "doubts": _doubts(cleaned.doubts),
    }


def statistics_body(opened: Opened, by: str, n: int) -> Json:
    figure = Figure(by)
    return {
        "by": by,
        "top": [item_body(item) for item in top(opened.served, figure, n)],
        "distribution": [asdict(one) for one in distribution(opened.served, figure)],
    }


def item_body(item: Item) -> Json:
    return {
        "id": item.id,
        "name": item.name,
        "listeners": item.listeners,
        "plays": round(item.total, DECIMALS),
        "average": round(item.average, DECIMALS),
    }


def summary_body(
    request: Request, recommender: Recommender, live: RecommenderVersion | None
) -> Json:
    """One of the list; `live` needs its manifest only."""
    here = request.build_absolute_uri(f"/api/recommenders/{recommender.slug}/")
    manifest = live.manifest if live else {}
    return {
        "slug": recommender.slug,
        "name": recommender.name,
        "description": recommender.description,
        "shared": recommender.shared,
        "who": recommender.who,
        "what": recommender.what,
        "how_much": recommender.how_much or None,
        "version": live.number if live else None,
        "trained": live.ended if live else None,
        "algorithm": manifest.get("algorithm"),
        **{name: manifest.get(name) for name in ("n_users", "n_items", "n_likes")},
        "links": {"self": here} | {name: f"{here}{name}/" for name in ROUTES},
    }


def model_body(version: RecommenderVersion | None) -> Json | None:
    """What a version learned from, by which settings, and how good it is."""
    if version is None:
        return None
    judged, report = version.evaluation or {}, version.report
    return {
        "version": version.number,
        "promoted_because": version.promotions.values_list("reason", flat=True).last(),
        "settings": version.manifest["settings"],
        "preparation": version.recipe["preparation"],
        "rows": report["n_rows"],
        "refused": report["refused"],
        "figures": judged.get("ranking"),
        "popularity": judged.get("baseline"),
        "split": judged.get("split"),
        "split_seed": judged.get("split_seed"),
        "not_judged": version.not_judged or None,
    }


def _found(found: Found, profiles: dict[str, Profile]) -> Json:
    return {
        "id": found.item.id,
        "name": found.item.name,
        "closeness": found.closeness,
        "shared": found.shared,
        "listeners": found.item.listeners,
        "because": _because(found.because),
        "profile": _profile(profiles.get(found.item.name)),
    }


def _because(reasons: Iterable[Because]) -> list[Json]:
    return [asdict(reason) for reason in reasons]


def _profile(profile: Profile | None) -> Json | None:
    return profile and asdict(profile)


def _doubts(doubts: Iterable[Doubt]) -> list[Json]:
    return [{"code": doubt.value, "detail": DOUBTS[doubt]} for doubt in doubts]


def _unknown(unknown: Iterable[Unknown]) -> list[Json]:
    return [
        {"name": one.text, "suggestions": [asdict(named) for named in one.suggestions]}
        for one in unknown
    ]
