"""Facets of `/api/videos/`: what another choice would give."""

import pytest

from songs.browse import counts
from songs.models import NewVideo
from tests.api.videos.conftest import DAY


def test_facets_count_what_another_choice_would_give(get, four):
    facets = get("?mood=SAD&facets=mood,source").json()["facets"]
    moods = {count["value"]: count["count"] for count in facets["mood"]}
    assert (moods["SAD"], moods["HAPPY"], moods["ANGRY"]) == (1, 1, 0)
    assert facets["source"] == [
        {"value": "person", "count": 0, "more": False},
        {"value": "model", "count": 1, "more": False},
    ]


def test_facets_are_exact_where_only_facets_filter(get, four, monkeypatch):
    monkeypatch.setattr(counts, "MAX_COUNTED", 1)
    labelled = get("?facets=labelled&source=model").json()["facets"]["labelled"]
    assert [count["count"] for count in labelled] == [0, 0, 1]
    labelled = get("?facets=labelled").json()["facets"]["labelled"]
    assert [count["count"] for count in labelled] == [1, 1, 2]
    assert not any(count["more"] for count in labelled)


def test_facets_beside_other_filters_stop_counting(get, four, monkeypatch):
    monkeypatch.setattr(counts, "MAX_COUNTED", 1)
    labelled = get("?facets=labelled&q=calm").json()["facets"]["labelled"]
    assert labelled[0] == {"value": "true", "count": 1, "more": False}
    assert labelled[2] == {"value": "unknown", "count": 1, "more": True}


@pytest.mark.parametrize("query", ["", "&mood=SAD&source=model", "&licence=unknown"])
def test_facets_are_the_same_kept_and_counted(get, four, query):
    asked = f"?facets=mood,source,labelled,licence{query}"
    everything = "&published_before=3000-01-01"  # filters nothing, and is not kept
    make_all_dated()
    kept, counted = get(asked).json(), get(asked + everything).json()
    assert kept["facets"] == counted["facets"]


def make_all_dated():
    NewVideo.objects.filter(published_at=None).update(published_at=DAY)


def test_facets_are_one_more_query(get, four, django_assert_num_queries):
    page, costly_read, counts = 4, 1, 1
    with django_assert_num_queries(page + costly_read + counts):
        get("?facets=mood,source,labelled,licence")
