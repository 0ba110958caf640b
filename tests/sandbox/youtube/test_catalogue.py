"""The sample's promises, and catalogues from CSV files."""

import re
from collections import Counter

import pytest

import sandbox
from sandbox.youtube import catalogue
from tests.sandbox.asking import all_pages, found_ids, write_csv

MOODS = {"HAPPY", "SAD", "CHILL", "ANGRY", "IN-LOVE", "CONFIDENT-SASSY"}


@pytest.fixture(scope="module")
def sample():
    return catalogue.sample()


def acceptable(sample):
    return [
        video
        for video in sample.current.values()
        if video.license == "creativeCommon"
        and video.embeddable
        and video.privacy == "public"
    ]


def test_sample_has_at_least_220_acceptable_videos(sample):
    assert len(acceptable(sample)) >= 220


def test_sample_has_at_least_30_acceptable_videos_of_each_mood(sample):
    moods = {row["id"]: row["mood"] for row in catalogue.sample_rows()}

    counts = Counter(moods[video.id] for video in acceptable(sample))

    assert set(counts) == MOODS and min(counts.values()) >= 30


def test_sample_ids_and_channels_are_clearly_samples(sample):
    for video in sample.indexed:
        assert re.fullmatch(r"SAMPLE-\d{4}", video.id)
        assert video.channel_title.startswith("Sample: ")
        assert video.description.startswith(catalogue.SAMPLE_LINE)


def test_sample_titles_differ_and_links_lead_nowhere(sample):
    text = " ".join(video.description for video in sample.indexed)

    assert len({video.title for video in sample.indexed}) == len(sample.indexed)
    assert set(re.findall(r"https?://([^/\s]+)", text)) == {"example.org"}


def test_sample_holds_every_oddity(sample):
    videos = sample.indexed
    titles = " ".join(video.title for video in videos)

    assert {"ar", "he", "ja", "zh", "ko", "ru"} <= {video.language for video in videos}
    assert any(not video.tags for video in videos)
    assert any(video.like_count is None for video in videos)
    assert any(video.comments_disabled for video in videos)
    assert any(video.blocked for video in videos)
    assert any(len(video.description) > 4_000 for video in videos)
    assert all(odd in titles for odd in ("<b>", "&", '"', "☕", "🍓", "♥"))


def test_sample_search_finds_what_videos_list_refuses(sample):
    found = {video.id for video in sample.indexed if video.license == "creativeCommon"}
    now = sample.current

    assert found - now.keys()  # deleted
    assert any(now[id_].license == "youtube" for id_ in found & now.keys())
    assert any(not now[id_].embeddable for id_ in found & now.keys())
    assert any(now[id_].privacy == "private" for id_ in found & now.keys())


def test_sample_is_the_same_each_time(sample):
    assert catalogue.sample().indexed == sample.indexed


def test_read_csv_makes_up_the_rest_from_the_id(tmp_path):
    path = write_csv(tmp_path / "a.csv", [("abcdefghijk", "Sad Song", "Rain")])

    [video] = catalogue.read_csv(path).indexed
    [again] = catalogue.read_csv(path).indexed

    assert video == again
    assert (video.title, video.description) == ("Sad Song", "Rain")
    assert video.tags == ("sad", "song") and video.license == "creativeCommon"
    assert 2012 <= video.published_at.year <= 2019
    assert 4 <= video.duration.total_seconds() / 60 <= 20


@pytest.mark.parametrize(
    "content, complaint",
    [
        ("", "no columns"),
        ("id,title\n1,2\n", "no columns"),
        ("video_id,video_title\nshort,Song\n", "line 2: 'short' is no video id"),
        ("video_id,video_title\n\xff", "codec"),
    ],
)
def test_read_csv_says_what_is_wrong(tmp_path, content, complaint):
    path = tmp_path / "a.csv"
    path.write_bytes(content.encode("latin-1"))

    with pytest.raises(catalogue.BadCatalogue, match=complaint):
        catalogue.read_csv(path)


def test_read_csv_of_a_missing_file_names_it(tmp_path):
    with pytest.raises(catalogue.BadCatalogue, match="nowhere.csv"):
        catalogue.read_csv(tmp_path / "nowhere.csv")


def test_serve_gives_out_the_whole_real_catalogue_year_by_year(real_data):
    path = real_data / "moodibeats" / "videos.csv"
    with sandbox.serve(catalogue=path) as server:
        ids = {
            id_
            for year in range(2012, 2020)
            for page in all_pages(
                server,
                q="instrumental",
                type="video",
                videoLicense="creativeCommon",
                videoDuration="medium",
                videoEmbeddable="true",
                publishedAfter=f"{year}-01-01T00:00:00Z",
                publishedBefore=f"{year + 1}-01-01T00:00:00Z",
            )
            for id_ in found_ids(page)
        }

    assert len(ids) == len(server) == 885
