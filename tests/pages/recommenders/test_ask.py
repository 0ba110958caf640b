"""The pages that ask a recommender something."""

import re

import pytest
from django.utils import timezone

from pages.recommenders.context import format_closeness
from recommenders.answers.artists import KEPT, key_of
from recommenders.models import ArtistProfile, Recommender
from recommenders.training import train
from recommenders.training.config import Roles
from recommenders.training.in_progress import request_training
from tests.recommenders.plays import CALM, LOUD

PAGE = "/recommenders/two-tastes/"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def shared(trained):
    Recommender.objects.update(shared=True)
    return trained


def names(page):
    return re.findall(r"<h3>(?:<a[^>]*>)?([^<]+)", page)


def test_similar_names_those_that_the_same_people_like(client):
    page = client.get(f"{PAGE}similar/?item=anvil%20choir").text
    assert set(names(page)) == set(LOUD) - {"Anvil Choir"}
    assert re.search(r"shared by \d+ of \d+ who like it", page)
    assert page.count("<circle") == len(LOUD)


def test_similar_says_how_much_the_one_asked_about_is_played(client):
    page = client.get(f"{PAGE}similar/?item=anvil%20choir").text
    facts = re.search(r'<ul class="facts">(.*?)</ul>', page)[1]
    assert re.search(r"<b>\d+</b> like it", facts)
    assert re.search(r"plays <b>\d+</b>", facts)
    assert re.search(r"on average <b>[\d.]+</b>", facts)


@pytest.mark.parametrize("question", ["similar/?item=Hush", "for/?for=listener0"])
def test_answers_say_what_closeness_is(client, question):
    assert client.get(PAGE + question).text.count("Closeness is 0 to 100") == 1


def test_similar_leads_on_to_the_next(client):
    page = client.get(f"{PAGE}similar/?item=anvil%20choir").text
    link = re.search(r'<h3><a href="([^"]+)">', page)[1].replace("&amp;", "&")
    assert "Like " in client.get(link).text


def test_similar_finds_a_name_however_it_is_written(client):
    for name in ("brass motor", "CRATER", "d cd", "Nell 🌙", "!!!"):
        assert names(client.get(f"{PAGE}similar/", {"item": name}).text), name


def test_similar_says_that_it_knows_no_such_name(client):
    for name in ("' OR 1=1 --", "(.*)+", "x" * 5_000, SCRIPT, "\0"):
        page = client.get(f"{PAGE}similar/", {"item": name})
        assert page.status_code == 200
        assert "No artist is called" in page.text, name
        assert SCRIPT not in page.text


def test_similar_suggests_names_like_one_that_nobody_bears(client):
    page = client.get(f"{PAGE}similar/?item=Anvil%20Chor").text
    assert '<a href="?item=Anvil%20Choir">' in page


def test_suggest_completes_what_somebody_types(client):
    found = client.get(f"{PAGE}suggest/?q=gla").json()["results"]
    assert found[0]["name"] == "Glass Pond"
    assert client.get(f"{PAGE}suggest/?q=listener1&of=who").json()["results"]


def test_recommended_leaves_out_what_is_known_and_shows_it_apart(client):
    page = client.get(f"{PAGE}for/?for=listener0").text
    suggested, known = page.split('id="known"')
    assert len(names(suggested)) == 10
    assert not any(f">{name}<" in known for name in names(suggested))
    assert known.count('<li><a href="/recommenders/two-tastes/similar/') == 6


def test_recommended_offers_those_there_are_to_choose(client):
    assert '<a href="?for=listener7">' in client.get(f"{PAGE}for/").text
    page = client.get(f"{PAGE}for/?for=nobody").text
    assert "No listener is called “nobody” here" in page


def test_taste_names_everything_that_is_not_known(client):
    sent = {"likes": "Hushh\nNobody", "dislikes": "Nowhere"}
    page = client.get(f"{PAGE}taste/", sent).text
    assert re.findall(r"<li><b>([^<]+)</b>", page) == ["Hushh", "Nobody", "Nowhere"]


def test_taste_recommends_for_somebody_who_is_not_in_the_table(client):
    sent = {"likes": "Hush\nKelp\nMoss\nNobody", "dislikes": "Inlet"}
    page = client.get(f"{PAGE}taste/", sent).text
    assert not {"Hush", "Kelp", "Moss", "Inlet"} & set(names(page))
    assert names(page)[0] in CALM
    assert "<b>Nobody</b>" in page
    assert "because of" in page


def test_clean_says_what_stays_and_why_the_rest_goes(client):
    sent = {
        "likes": "Hush\nKelp",
        "dislikes": "Flint",
        "playlist": "Moss\nEmber Saw\nX",
    }
    page = client.post(f"{PAGE}clean/", sent).text
    kept, hated = page.split('id="hated"')
    assert "<b>Moss</b>" in kept.split('id="kept"')[1]
    assert "<b>Ember Saw</b>" in hated
    assert "closer to what you dislike: Flint" in hated
    assert "<b>X</b>" in kept


def test_charts_show_a_table_of_each_chart(client):
    page = client.get(f"{PAGE}charts/?by=plays").text
    assert page.count("<canvas") == page.count("<table") == 4
    assert 'data-values="plays"' in page
    values = re.findall(r'data-value="([\d.]+)"', page.split("</table>")[0])
    assert [*map(float, values)] == sorted(map(float, values), reverse=True)


def test_pages_lead_to_the_same_as_json(client):
    for path in ("", "similar/?item=Hush", "for/?for=listener1", "charts/?by=average"):
        page = client.get(PAGE + path).text
        link = re.search(r'The same as <a href="([^"]+)"', page)[1]
        assert client.get(link.replace("&amp;", "&")).status_code == 200, path


def test_profile_is_asked_apart_and_shows_what_is_known(client, settings):
    settings.LASTFM_API_KEY = "0" * 32
    Recommender.objects.update(ask_lastfm=True)
    now = timezone.now()
    ArtistProfile.objects.create(
        folded=key_of("Hush"), name="Hush", found=True, biography="<p>A band.</p>",
        tags=[SCRIPT], url="https://www.last.fm/music/Hush", fetched=now,
        expires=now + KEPT,
    )  # fmt: skip
    page = client.get(
        f"{PAGE}profile/?name=Hush", headers={"X-Requested-With": "fetch"}
    )
    assert "<p>A band.</p>" in page.text
    assert "&lt;script&gt;" in page.text
    assert "<html" not in page.text
    assert "Nothing is known of Kelp" in client.get(f"{PAGE}profile/?name=Kelp").text


def test_answers_do_not_wait_for_profiles(client, settings):
    settings.LASTFM_API_KEY = "0" * 32
    Recommender.objects.update(ask_lastfm=True)
    page = client.get(f"{PAGE}similar/?item=Hush").text
    assert len(names(page)) == 7
    assert "data-profile=" in page
    assert not ArtistProfile.objects.exists()


def test_closeness_is_nothing_only_where_it_is():
    assert [format_closeness(n) for n in (0, 0.01, 0.6, 45.4, 100)] == [
        *("0", "<1", "1", "45", "100"),
    ]


@pytest.mark.parametrize("name", ["Anybody Else", "Hush\0", "", "x" * 5_000])
def test_profile_is_of_names_of_the_table_alone(client, settings, name):
    settings.LASTFM_API_KEY = "0" * 32
    Recommender.objects.update(ask_lastfm=True)
    client.get(f"{PAGE}profile/", {"name": name})
    asked = ArtistProfile.objects.values_list("name", flat=True)
    assert not {*asked} - {"Hush"}


def test_profile_promises_nothing_where_nobody_is_asked(client):
    assert "look again" not in client.get(f"{PAGE}profile/?name=Hush").text


def test_profile_of_nobody_is_not_there(client):
    assert client.get(f"{PAGE}profile/", {"name": "Anybody"}).status_code == 404


def test_second_of_two_that_bear_a_name_has_a_page_of_its_own(client, make_recommender):
    # Echo 7 is liked by those who like Fern, Echo 9 by those who like Gale.
    listeners = [f"l{number}" for number in range(8) for _ in "ab"]
    ids = ["7", "1"] * 4 + ["9", "2"] * 4
    names_of = {"7": "Echo", "9": "Echo", "1": "Fern", "2": "Gale"}
    columns = {"listener": listeners, "id": ids, "name": [names_of[i] for i in ids]}
    roles = Roles("listener", "id", name_column="name")
    recommender = make_recommender(columns, roles=roles, name="Echoes")
    train.train(request_training(recommender, who="olga"))
    Recommender.objects.update(shared=True)
    for name, near in (("Fern", "Fern"), ("Gale", "Gale")):
        page = client.get("/recommenders/echoes/similar/", {"item": name}).text
        link = re.search(r'<h3><a href="([^"]+)">Echo', page)[1].replace("&amp;", "&")
        assert names(client.get(link).text) == [near], link
        json = re.search(r'The same as <a href="([^"]+)"', client.get(link).text)[1]
        assert client.get(json.replace("&amp;", "&")).status_code == 200
