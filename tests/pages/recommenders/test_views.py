"""The pages of recommenders: which there are, what they learned, who may change them."""

import re

import pytest
from django.contrib.auth.models import User
from django.db.models import RestrictedError
from django.test import Client
from django_tasks_db.models import DBTaskResult

from datasets.models import Dataset, DatasetVersion
from datasets.rows import parquet
from pages.recommenders.forms import RecommenderForm
from recommenders.models import Recommender
from recommenders.training import train
from recommenders.training.config import Roles
from recommenders.training.in_progress import request_training

SCRIPT = "<script>alert(1)</script>"
PAGE = "/recommenders/two-tastes/"
PAGES = ["", "progress/", "similar/", "for/", "taste/", "clean/", "charts/", "suggest/"]
PAGES += ["profile/?name=Hush"]


@pytest.fixture
def olga(owner):
    client = Client()
    client.force_login(owner)
    return client


@pytest.fixture
def shared(trained):
    trained.shared = True
    trained.save()
    return trained


@pytest.mark.parametrize(("is_shared", "status"), [(False, 404), (True, 200)])
def test_pages_are_there_for_others_once_it_is_shared(
    client, trained, is_shared, status
):
    Recommender.objects.update(shared=is_shared)
    for page in PAGES:
        assert client.get(PAGE + page).status_code == status, page


def test_list_shows_a_stranger_nothing_private(client, trained):
    assert "Two tastes" not in client.get("/recommenders/").text
    Recommender.objects.update(shared=True)
    page = client.get("/recommenders/").text
    assert f'href="{PAGE}similar/"' in page
    assert "popularity" in page


def test_list_needs_few_queries_whatever_it_shows(
    client, make_recommender, django_assert_num_queries
):
    for _ in range(3):
        make_recommender()
    Recommender.objects.update(shared=True)
    with django_assert_num_queries(3):  # count, rows, live versions
        client.get("/recommenders/")


def test_model_shows_its_scores_beside_popularity(client, shared):
    page = client.get(PAGE).text
    figures = shared.versions.get().evaluation
    for side in ("ranking", "baseline"):
        assert f"{figures[side]['ndcg']:.3f}" in page
    assert "Rows of the table" in page
    assert "Retrain" not in page


def test_model_leads_to_its_dataset_only_who_may_see_it(client, olga, shared):
    link = f'href="/datasets/{shared.dataset.slug}/"'
    assert link not in client.get(PAGE).text
    assert link in olga.get(PAGE).text


def test_model_that_nobody_trained_has_no_questions(client, make_recommender):
    make_recommender()
    Recommender.objects.update(shared=True)
    assert client.get(f"{PAGE}similar/").status_code == 302
    assert "has not learned yet" in client.get(PAGE, follow=True).text


def test_train_is_queued_for_the_owner_alone(client, olga, shared):
    assert client.post(f"{PAGE}train/")["Location"].startswith("/login/")
    page = olga.post(f"{PAGE}train/", follow=True).text
    assert "Version 2 is in the queue" in page
    assert "worker" in page
    assert DBTaskResult.objects.count() == 1
    assert olga.get(f"{PAGE}progress/").json()["text"] == "It waits for its turn."


def test_changes_are_not_there_for_others(client, make_user, shared):
    client.force_login(make_user("eve", "add_recommender"))
    said = {"reason": "x", "sure": "yes"}
    acts = ("train", "share", "roll-back", "versions/1/promote", "change", "delete")
    for act in acts:
        assert client.post(f"{PAGE}{act}/", said).status_code == 404


def test_version_is_promoted_and_rolled_back_with_a_reason(olga, trained):
    train.train(request_training(trained, who="olga", force="again"))
    trained.refresh_from_db()
    olga.post(f"{PAGE}roll-back/", {"of": "2", "reason": "worse"})
    assert trained.versions.get(live=True).number == 1
    olga.post(f"{PAGE}versions/2/promote/", {"reason": "better after all"})
    assert trained.versions.get(live=True).number == 2
    assert "better after all" in olga.get(PAGE).text


def test_version_is_not_promoted_without_a_reason(olga, trained):
    train.train(request_training(trained, who="olga", force="again"))
    page = olga.post(f"{PAGE}versions/1/promote/", {"reason": " "}, follow=True).text
    assert "Nothing changed" in page
    assert trained.versions.get(live=True).number == 2


def test_rollback_of_another_version_than_was_seen_is_refused(olga, trained):
    train.train(request_training(trained, who="olga", force="again"))
    page = olga.post(f"{PAGE}roll-back/", {"of": "1", "reason": "x"}, follow=True).text
    assert "Nothing changed" in page


def test_share_lets_everybody_ask(client, olga, trained):
    olga.post(f"{PAGE}share/", {"shared": "yes"})
    assert client.get(PAGE).status_code == 200
    olga.post(f"{PAGE}share/", {"shared": ""})
    assert client.get(PAGE).status_code == 404


def test_new_makes_and_trains_one_of_a_dataset(olga, make_recommender):
    slug = make_recommender().dataset.slug
    page = olga.get(f"/recommenders/new/?dataset={slug}").text
    assert '<option value="artist" selected>' in page
    assert re.search(r'type="radio" name="preset" value="best"[^>]* checked', page)
    said = {"name": "Mine", "who": "listener", "what": "artist", "how_much": "plays"}
    said |= {"preset": "own", "algorithm": "cosine", "min_rows_per_what": "2"}
    olga.post(f"/recommenders/new/?dataset={slug}", said)
    made = Recommender.objects.get(slug="mine")
    assert made.preparation == {"min_rows_per_what": 2, "merge_who": False}
    assert made.versions.get().state == "waiting"


def test_new_says_what_is_wrong_beside_the_field(olga, make_recommender):
    slug = make_recommender().dataset.slug
    said = {"name": "Mine", "who": "artist", "what": "artist", "preset": "own"}
    page = olga.post(f"/recommenders/new/?dataset={slug}", said).text
    assert "“artist” is “who” already." in page
    described = set(" ".join(re.findall(r'aria-describedby="([^"]+)"', page)).split())
    assert "id_what_error" in described
    assert described <= set(re.findall(r' id="([^"]+)"', page))
    assert not Recommender.objects.filter(slug="mine").exists()


def test_new_says_beside_the_presets_what_is_wrong_with_them(olga, make_recommender):
    slug = make_recommender().dataset.slug
    page = olga.post(f"/recommenders/new/?dataset={slug}", {"preset": "none"}).text
    assert re.search(r'<fieldset[^>]* aria-describedby="id_preset_error"', page)
    assert 'id="id_preset_error"' in page


def test_new_is_for_those_who_may(client, make_recommender, make_user):
    slug = make_recommender().dataset.slug
    client.force_login(make_user("eve"))
    assert client.get(f"/recommenders/new/?dataset={slug}").status_code == 403
    client.force_login(make_user("ada", "add_recommender"))
    assert client.get(f"/recommenders/new/?dataset={slug}").status_code == 404


def test_training_that_nobody_is_at_any_more_is_not_under_way(olga, trained):
    request_training(trained, who="olga")
    page = olga.get(PAGE).text
    assert "Version 2 could not be trained: It was cut off" in page
    assert '<button class="button">Retrain' in page
    request_training(trained, who="olga")
    assert olga.get(f"{PAGE}progress/").json() == {"under_way": False}


def test_delete_is_for_the_owner_who_is_sure(olga, trained):
    page = olga.post(f"{PAGE}delete/", follow=True).text
    assert "say that you are sure" in page
    assert Recommender.objects.exists()
    olga.post(f"{PAGE}delete/", {"sure": "yes"})
    assert not Recommender.objects.exists()
    assert Dataset.objects.exists()


def test_change_is_followed_by_the_next_training(olga, trained):
    trained.preparation = {"min_per_what": 2, "min_rows_per_who": 3}
    trained.save()
    page = olga.get(f"{PAGE}change/").text
    assert '<option value="plays" selected>' in page
    said = {"name": "Other name", "who": "listener", "what": "artist", "preset": "own"}
    said |= {"how_much": "", "min_rows_per_what": "4", "merge_who": "on"}
    olga.post(f"{PAGE}change/", said)
    trained.refresh_from_db()
    assert (trained.name, trained.slug, trained.how_much) == (
        *("Other name", "two-tastes", ""),
    )
    assert trained.algorithm == "cosine"
    assert trained.preparation == {"min_per_what": 2, "min_rows_per_what": 4}
    assert trained.versions.get(live=True).recipe != trained.recipe()


def test_change_says_what_is_wrong_and_changes_nothing(olga, trained):
    said = {"name": "Mine", "who": "artist", "what": "artist", "preset": "own"}
    assert "“artist” is “who” already." in olga.post(f"{PAGE}change/", said).text
    assert Recommender.objects.get().name == "Two tastes"


def test_change_of_a_dataset_that_is_hidden_says_so(olga, trained, make_user):
    Dataset.objects.update(owner=make_user("ann"))
    assert "may not see the dataset" in olga.get(f"{PAGE}change/", follow=True).text


def test_dataset_ends_its_learners_once_their_number_was_said(
    client, trained, make_user, django_capture_on_commit_callbacks
):
    client.force_login(ann := make_user("ann"))
    Dataset.objects.update(owner=ann)
    DatasetVersion.objects.update(state="failed", problem="x")  # a short page
    page = f"/datasets/{trained.dataset.slug}/"
    assert "1 of them of others" in client.get(page).text
    folder = trained.versions.get().folder
    assert "Look again" in client.post(f"{page}delete/", follow=True).text
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{page}delete/", {"ending": "1"})
    assert not Recommender.objects.exists()
    assert not folder.exists()


def test_dataset_that_is_hidden_says_how_many_others_have_learned(
    client, trained, make_user
):
    client.force_login(ann := make_user("ann"))
    Dataset.objects.update(owner=ann, shared=True)
    DatasetVersion.objects.update(state="failed", problem="x")  # a short page
    page = f"/datasets/{trained.dataset.slug}/share/"
    said = client.post(page, {"shared": ""}, follow=True).text
    assert "Recommenders of others that learned from it: 1." in said


def test_user_can_be_deleted_with_what_others_learned_from(
    admin_client, trained, make_user
):
    Dataset.objects.update(owner=(ann := make_user("ann")))
    admin_client.post(f"/admin/auth/user/{ann.pk}/delete/", {"post": "yes"})
    assert not User.objects.filter(username="ann").exists()
    assert not Recommender.objects.exists()
    User.objects.get(username="olga").delete()


def test_version_of_a_dataset_that_something_learns_from_stays(trained):
    with pytest.raises(RestrictedError):
        trained.dataset.versions.get().delete()


def test_wide_table_offers_columns_in_one_list(olga, make_recommender):
    columns = {"listener": ["a"], "artist": ["b"]}
    columns |= {f"column{number}": [1] for number in range(200)}
    slug = make_recommender(columns, roles=Roles("listener", "artist")).dataset.slug
    page = olga.get(f"/recommenders/new/?dataset={slug}").text
    assert page.count('<option value="column199">') == 1
    assert page.count('list="columns"') == 5
    said = {"name": "Mine", "who": "listener", "what": "x", "preset": "own"}
    page = olga.post(f"/recommenders/new/?dataset={slug}", said).text
    assert "no column “x”" in page


def test_words_of_people_are_escaped(client, shared):
    Recommender.objects.update(name=SCRIPT, description=SCRIPT)
    for page in ("/recommenders/", PAGE, f"{PAGE}similar/", f"{PAGE}charts/"):
        text = client.get(page).text
        assert SCRIPT not in text
        assert "&lt;script&gt;" in text


def test_new_of_a_table_with_huge_cells_shows_none(olga, make_recommender, monkeypatch):
    slug = make_recommender().dataset.slug
    monkeypatch.setattr(parquet, "MAX_BYTES", 10)
    page = olga.get(f"/recommenders/new/?dataset={slug}")
    assert page.status_code == 200
    assert "What the columns hold" not in page.text


@pytest.mark.parametrize(("ndcg", "said"), [(0.0, True), (1.0, False)])
def test_model_page_says_where_popularity_would_do(olga, trained, ndcg, said):
    version = trained.versions.get()
    version.evaluation["ranking"]["ndcg"] = ndcg
    version.save(update_fields=["evaluation"])
    assert ("To name what is popular" in olga.get(PAGE).text) is said


@pytest.mark.parametrize(
    ("columns", "guessed"),
    [
        (["who", "what", "name", "plays"], ["who", "what", "plays", "name"]),
        (
            ["usersha1", "artistmbid", "artname"],
            ["usersha1", "artistmbid", None, "artname"],
        ),
        (["genre", "artist_name", "track_name"], ["genre", "artist_name", None, None]),
        (["name", "artist_id", "plays"], ["name", "artist_id", "plays", None]),
        (["artist", "user"], ["user", "artist", None, None]),
        (["artist", "listeners"], ["listeners", "artist", None, None]),
        (["artist"], [None, "artist", None, None]),
    ],
)
def test_form_guesses_a_column_once(columns, guessed):
    shown = RecommenderForm(columns).fields
    roles = ("who", "what", "how_much", "name_column")
    assert [shown[role].initial for role in roles] == guessed
