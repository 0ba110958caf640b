"""The neighbours of a video: near, offered, of many channels, and no track twice."""

import pytest
from django.db import connection

from songs.models import NewVideo
from songs.similar import embeddings, pgvector, query
from tests.songs.alike import alike, gone


@pytest.fixture
def piano(make_video):
    """Twelve piano pieces beside twelve of metal, all compared."""
    found = alike(make_video, "piano", "rain")
    alike(make_video, "metal", "fury")
    embeddings.embed_pending()
    return found


def find(video, n=10):
    return [near.video_id for near in query.find(video.pk, n=n)]


def ids(videos):
    return {video.pk for video in videos}


def test_neighbours_are_like_the_video_and_never_itself(piano):
    first, *others = piano
    assert ids(others) >= set(find(first))
    assert len(find(first)) == 10


def test_neighbours_come_the_most_similar_first_each_with_why(piano):
    near = query.find(piano[0].pk, n=10)
    assert [n.similarity for n in near] == sorted(
        (n.similarity for n in near), reverse=True
    )
    assert all({"piano", "rain"} <= set(neighbour.words) for neighbour in near)
    assert {neighbour.mood_closeness for neighbour in near} == {None}


def test_neighbours_cost_five_questions(piano, django_assert_num_queries):
    with django_assert_num_queries(5 + 2):  # in a savepoint, as here is a transaction
        assert len(find(piano[0])) == 10


def test_nothing_is_near_a_video_that_lost_its_embedding_a_moment_ago(piano):
    piano[0].vector.delete()
    assert query._near(piano[0].pk, [], []) == []


def test_mood_closeness_is_a_number_where_both_moods_are_known(make_video, predicted):
    first, *_ = alike(make_video, "piano", **predicted("SAD", 0.6))
    embeddings.embed_pending()
    assert query.find(first.pk, n=1)[0].mood_closeness == pytest.approx(1)


def test_at_most_two_of_a_channel_although_they_are_the_nearest(piano, make_video):
    first = piano[0]
    crowd = alike(make_video, "piano", "rain", channel_id="UCcrowd")
    embeddings.embed_pending()
    found = find(first, n=50)
    assert len(set(found) & ids(crowd)) <= 2
    assert len(set(found) & ids(piano)) >= 9


@pytest.fixture
def four_at_a_time(monkeypatch):
    monkeypatch.setattr(query, "NEAREST", 4)
    monkeypatch.setattr(query, "NEAR", query.NEAR.replace("LIMIT 100", "LIMIT 4"))


def test_channel_that_has_all_the_nearest_does_not_hide_the_others(
    piano, four_at_a_time
):
    NewVideo.objects.filter(pk__in=ids(piano[1:9])).update(channel_id="UCcrowd")
    found = find(piano[0], n=4)
    assert len(found) == 4
    assert len(set(found) & ids(piano[1:9])) <= 2


def test_copies_that_are_all_the_nearest_do_not_hide_the_others(
    piano, four_at_a_time, make_video
):
    first = piano[0]
    for _ in range(5):
        text = {"video_description": "piano rain", "tags": ["piano", "rain"]}
        make_video(video_title=first.video_title, **text)
    embeddings.embed_pending()
    assert ids(piano[1:]) > set(find(first, n=5))
    assert len(find(first, n=5)) == 5


def test_unknown_channels_are_not_one_channel(piano):
    NewVideo.objects.update(channel_id=None)
    assert len(find(piano[0])) == 10


def test_track_uploaded_twice_is_named_once_and_not_beside_itself(piano, make_video):
    first, second, *_ = piano
    for original in (first, second):
        make_video(
            video_title=f"{original.video_title} (No Copyright Music)",
            video_description="piano rain",
            tags=["piano", "rain"],
        )
    copy_of_first, copy_of_second = "VIDEO000025", "VIDEO000026"
    embeddings.embed_pending()
    found = set(find(first, n=50))
    assert copy_of_first not in found
    assert len(found & {second.pk, copy_of_second}) == 1


@pytest.mark.parametrize("blank", [True, False])
def test_what_is_gone_or_blank_since_never_shows(piano, blank):
    first, second, *_ = piano
    changed = {"video_title": None, "video_description": None} if blank else gone()
    NewVideo.objects.filter(pk=second.pk).update(**changed)
    assert second.pk not in find(first, n=50)


def test_index_finds_what_looking_at_all_finds(piano):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        cursor.execute("EXPLAIN " + query.NEAR.format(others=""), {"seed": "x" * 11})
        assert "video_similar" in "\n".join(line for (line,) in cursor.fetchall())
        assert set(find(piano[0], n=11)) == ids(piano[1:])
        cursor.execute("SET LOCAL enable_seqscan = on; SET LOCAL enable_sort = on")
        cursor.execute("SET LOCAL enable_indexscan = off")
    assert set(find(piano[0], n=11)) == ids(piano[1:])


def test_video_without_an_embedding_is_not_compared(piano, make_video):
    with pytest.raises(query.NotEmbedded):
        query.find(make_video(video_title="New").pk, n=10)


def test_video_that_says_nothing_is_not_compared(piano, make_video):
    silent = make_video(video_title="Free Music", video_description="")
    embeddings.embed_pending()
    with pytest.raises(query.NotEmbedded):
        query.find(silent.pk, n=10)
    assert silent.pk not in find(piano[0], n=50)


def test_find_in_a_database_without_the_extension_says_so(piano):
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION vector CASCADE")
    with pytest.raises(pgvector.NoPgvector):
        query.find(piano[0].pk, n=10)


def test_extension_that_comes_later_is_taken_into_use(piano):
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION vector CASCADE")  # its index with it
    embeddings.embed_pending()
    assert len(find(piano[0])) == 10
