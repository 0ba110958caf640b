"""`/api/mix/`: what is asked, what is answered in each format, and what may be kept."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from api.mix.serializers import MixSerializer, MixTrackSerializer
from songs.browse import queries
from songs.mixes import build
from songs.models import Mood, NewVideo, Origin

TODAY = datetime(2026, 11, 21, 23, 59, tzinfo=UTC)
EVIL = "=1+1\n#EXTINF:1,<b>Rain</b>"
CURVE = "?mood=CHILL:0.7,happy:0.3&minutes=30&curve=chill-happy&exclude=ANGRY&seed=a"


@pytest.fixture
def tracks(db, predicted):
    """60 tracks of 100 to 159 seconds, ten of each mood, two of each channel."""
    NewVideo.objects.bulk_create(
        NewVideo(
            video_id=f"VIDEO{number:06}",
            video_title=EVIL if number == 1 else f"Song {number}",
            channel_title=f"Channel {number // 2}",
            channel_id=f"UC{number // 2}",
            duration=timedelta(seconds=100 + number),
            origin=Origin.YOUTUBE,
            licence="creativeCommon",
            last_fetched=TODAY,
            **predicted(Mood.values[number % 6], 0.3 + number / 100),
        )
        for number in range(60)
    )


@pytest.fixture
def get(client, tracks, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: TODAY)
    return lambda query="", **headers: client.get(f"/api/mix/{query}", headers=headers)


@pytest.fixture
def mix(get):
    def made(query=""):
        response = get(query)
        assert response.status_code == 200, response.json()
        return response.json()

    return made


def test_mix_is_what_was_asked(mix):
    made = mix(CURVE)
    assert list(made) == list(MixSerializer().fields)
    assert made["complete"]
    assert made["short"] == []
    assert abs(made["seconds"] - 30 * 60) <= made["tolerance"]
    assert [part["share"] for part in made["moods"]] == [0.7, 0.3]
    assert [one["moods"] for one in made["tracks"]] == sorted(
        one["moods"] for one in made["tracks"]
    )
    way = [one["on_curve"] for one in made["tracks"]]
    assert way == sorted(way)


def test_track_says_what_it_is_and_why(mix):
    second = mix(CURVE)["tracks"][1]
    assert list(second) == list(MixTrackSerializer().fields)
    assert second["place"] == 2
    assert second["starts"] == mix(CURVE)["tracks"][0]["duration"]
    sure, way = second["confidence"], second["on_curve"]
    assert second["why"] == (
        f"Chill: the model says so, {sure:.0%} sure. "
        f"{way:.0%} of the way from Chill to Happy."
    )
    passport = f"http://testserver/api/videos/{second['video_id']}/licence/"
    assert second["licence"] == passport


def test_credits_are_those_of_the_licence_passport(mix, client):
    made = mix(CURVE)
    credits_ = [client.get(one["licence"]).json() for one in made["tracks"]]
    texts = [passport["attribution"]["text"] for passport in credits_]
    assert made["credits"]["text"].splitlines() == texts
    assert [one["credit"] for one in made["tracks"]] == texts
    assert made["credits"]["html"].count("<li>") == len(texts)
    assert made["credits"]["markdown"].count("\n- ") == len(texts) - 1
    assert made["credits"]["notes"] == []


def test_seed_gives_the_same_list_and_today_is_the_default(mix):
    named = mix("?seed=2026-11-21")
    assert mix() == named
    assert named["seed"] == "2026-11-21"
    assert mix("?seed=another")["tracks"] != named["tracks"]


def test_without_moods_all_but_the_excluded_are_asked(mix):
    moods = [part["mood"] for part in mix("?exclude=sad,In-Love")["moods"]]
    assert moods == ["HAPPY", "CONFIDENT-SASSY", "CHILL", "ANGRY"]


@pytest.mark.parametrize(
    ("curve", "expected"),
    [
        ("in-love-confident-sassy", ["IN-LOVE", "CONFIDENT-SASSY"]),
        ("Confident/Sassy-sad", ["CONFIDENT-SASSY", "SAD"]),
    ],
)
def test_curve_alone_asks_for_its_two_moods(mix, curve, expected):
    made = mix(f"?curve={curve}")
    assert made["curve"] == expected
    assert [part["mood"] for part in made["moods"]] == expected


def test_short_mix_says_why(mix):
    made = mix("?mood=SAD&minutes=60")
    assert not made["complete"]
    assert [reason["code"] for reason in made["short"][0]["reasons"]] == ["looked_at"]
    assert made["short"][0]["text"].startswith("Sad: 1:00:00 asked, ")


FORMATS = {
    "m3u": "audio/x-mpegurl",
    "jspf": "application/jspf+json",
    "csv": "text/csv",
    "json": "application/json",
}


@pytest.mark.parametrize(("name", "kind"), FORMATS.items())
def test_format_is_chosen_by_name_and_by_accept(get, name, kind):
    named, accepted = get(f"?format={name}"), get(accept=kind)
    assert named["Content-Type"].split(";")[0] == kind
    assert accepted["Content-Type"] == named["Content-Type"]
    assert accepted.getvalue() == named.getvalue()


def test_m3u_has_comments_and_a_line_for_each_track(get, mix):
    made = mix("?mood=HAPPY")
    lines = get("?mood=HAPPY&format=m3u").content.decode().splitlines()
    assert lines[0] == "#EXTM3U"
    links = [line for line in lines if not line.startswith("#")]
    assert links == [one["watch"] for one in made["tracks"]]
    assert [line for line in lines if line.startswith("#EXTINF")] == [
        f"#EXTINF:{one['duration']},{one['channel_title']} - {one['video_title']}"
        for one in made["tracks"]
    ]
    assert {f"# {line}" for line in made["credits"]["text"].splitlines()} <= set(lines)


def test_titles_begin_no_line_of_m3u_and_no_formula_of_csv(get):
    asked = "?mood=IN-LOVE&minutes=20"  # VIDEO000001 is one of the ten
    lines = get(f"{asked}&format=m3u").content.decode().splitlines()
    assert "#EXTINF:101,Channel 0 - =1+1 #EXTINF:1,<b>Rain</b>" in lines
    table = get(f"{asked}&format=csv").getvalue().decode()
    rows = {row["video_id"]: row for row in csv.DictReader(io.StringIO(table))}
    assert rows["VIDEO000001"]["video_title"] == f"'{EVIL}"
    assert rows["VIDEO000001"]["credit"].startswith('"=1+1 #EXTINF')


def test_jspf_is_a_playlist_of_the_specification(get, mix):
    made = mix("?mood=HAPPY")
    playlist = get("?mood=HAPPY&format=jspf").json()["playlist"]
    assert playlist["annotation"].endswith(made["credits"]["text"])
    links = [one["watch"] for one in made["tracks"]]
    assert playlist["attribution"] == [{"location": link} for link in links]
    assert [track["location"] for track in playlist["track"]] == [[x] for x in links]
    first, expected = playlist["track"][0], made["tracks"][0]
    assert first["duration"] == 1000 * expected["duration"]
    assert first["annotation"] == f"{expected['why']} {expected['credit']}"


WRONG = {
    "mood=BORED": "mood",
    "mood=": "mood",
    "mood=%00": "mood",
    "mood=SAD:0": "mood",
    "mood=SAD:-1,HAPPY:2": "mood",
    "mood=SAD:nan": "mood",
    "mood=SAD:inf": "mood",
    "mood=SAD:half": "mood",
    "mood=SAD:0.5,HAPPY:0.4": "mood",
    "mood=SAD:0.5,HAPPY": "mood",
    "mood=SAD:0.5,sad:0.5": "mood",
    "minutes=0": "minutes",
    "minutes=601": "minutes",
    "minutes=nan": "minutes",
    "curve=chill": "curve",
    "curve=chill-bored": "curve",
    "curve=chill-chill": "curve",
    "curve=chill-happy&mood=SAD": "curve",
    "curve=chill-happy&exclude=CHILL": "exclude",
    "mood=SAD&exclude=SAD": "exclude",
    "exclude=BORED": "exclude",
    "exclude=HAPPY,IN-LOVE,SAD,CONFIDENT-SASSY,CHILL,ANGRY": "exclude",
    f"seed={'x' * 101}": "seed",
    "seed=": "seed",
    "seed=1&seed=2": "seed",
    "format=xspf": "format",
    "page=2": "page",
}


@pytest.mark.parametrize(("query", "name"), WRONG.items())
def test_what_is_wrong_is_named(get, query, name):
    response = get(f"?{query}")
    assert response.status_code == 400
    assert list(response.json()["fields"]) == [name]


def test_shares_may_be_off_by_what_rounding_takes(mix):
    parts = mix("?mood=SAD:0.33,HAPPY:0.33,CHILL:0.33")["moods"]
    assert [part["share"] for part in parts] == [0.3333] * 3


def test_mix_is_kept_by_all_until_the_catalogue_or_the_day_changes(
    get, monkeypatch, django_assert_num_queries
):
    first = get()
    assert first["Cache-Control"].startswith("public, ")
    assert "Last-Modified" not in first
    with django_assert_num_queries(2):  # the count of costly reads, the version
        assert get(if_none_match=first["ETag"]).status_code == 304
    NewVideo.objects.filter(pk="VIDEO000001").update(view_count=1)
    second = get(if_none_match=first["ETag"])
    assert second.status_code == 200
    monkeypatch.setattr(timezone, "now", lambda: TODAY + timedelta(minutes=1))
    assert get(if_none_match=second["ETag"]).json()["seed"] == "2026-11-22"


@pytest.mark.parametrize("minutes", [3, 15])
def test_mix_takes_as_many_queries_whatever_its_length(
    get, django_assert_num_queries, minutes
):
    count, version, bounds, pools, videos, licences = 1, 1, 3, 2, 1, 1
    expected = count + version + bounds + pools + videos + licences
    with django_assert_num_queries(expected):
        get(f"?mood=SAD&minutes={minutes}")


def test_what_takes_too_long_is_unavailable(get, monkeypatch):
    def slow(mix_request):
        raise queries.QueryTooSlow

    monkeypatch.setattr(build, "make", slow)
    response = get()
    assert (response.status_code, response.json()["code"]) == (503, "too_slow")
    assert response["Retry-After"]
