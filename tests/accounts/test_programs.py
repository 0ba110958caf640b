from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, OperationalError
from django.utils import timezone

from accounts import programs
from accounts.listeners import digest
from accounts.models import ProgramToken, Scope


@pytest.fixture
def radio(db):
    return programs.issue(ProgramToken(name="radio", scopes=[Scope.PREDICT]))


def test_issue_gives_a_text_that_nobody_could_read_in_the_database(radio):
    stored = ProgramToken.objects.values().get()
    assert programs.WELL_FORMED.fullmatch(radio)
    assert radio.removeprefix(programs.PREFIX) not in str(stored)
    assert programs.find(radio).name == "radio"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "radio"},
        {"name": "x" * 101},
        {"scopes": ["label"]},
        {"per_minute": 0},
        {"per_day": -1},
        {"per_day": None},
    ],
)
def test_issue_stores_nothing_that_is_not_acceptable(radio, wrong):
    with pytest.raises(ValidationError):
        programs.issue(ProgramToken(**{"name": "other"} | wrong))
    assert ProgramToken.objects.count() == 1


@pytest.mark.parametrize(
    "text", ["", "mb_", "mb_" + "x" * 43, "null", "\0", "\ud800", "x" * 10_000]
)
def test_find_knows_no_other_token(radio, text):
    assert programs.find(text) is None


def test_find_knows_no_token_by_its_hash(radio):
    assert programs.find(digest(radio)) is None


def test_find_knows_no_expired_token(radio):
    ProgramToken.objects.update(expires=timezone.now() + timedelta(minutes=1))
    assert programs.find(radio)
    ProgramToken.objects.update(expires=timezone.now())
    assert programs.find(radio) is None


def test_revoke_ends_tokens_for_good_and_frees_their_name(radio):
    assert programs.revoke(ProgramToken.objects.all()) == 1
    assert programs.revoke(ProgramToken.objects.all()) == 0
    assert programs.find(radio) is None
    assert programs.find(programs.issue(ProgramToken(name="radio")))


def test_note_use_writes_once_an_hour(radio, django_assert_num_queries):
    begin = timezone.now()
    token = programs.find(radio)
    programs.note_use(token, begin)
    token.refresh_from_db()
    with django_assert_num_queries(0):
        programs.note_use(token, begin + timedelta(minutes=59))
    later = begin + timedelta(minutes=61)
    programs.note_use(token, later)
    assert ProgramToken.objects.get().last_used == later


@pytest.mark.parametrize(
    "columns",
    [{"per_minute": 0}, {"per_day": 0}, {"name": "radio"}, {"digest": None}],
)
def test_table_refuses_what_must_not_be(radio, columns):
    with pytest.raises(IntegrityError):
        ProgramToken.objects.create(**{"name": "other", "digest": "x"} | columns)


def test_create_token_prints_the_text_alone_and_says_on_the_side_that_it_is_all(
    db, capsys
):
    scopes = ["--scope", "suggest", "--scope", "predict", "--scope", "suggest"]
    limits = ["--per-minute", "5", "--per-day", "50", "--expires-days", "30"]
    call_command("create_token", "radio", *scopes, *limits)
    printed = capsys.readouterr()
    token = programs.find(printed.out.strip())
    assert (token.name, token.scopes) == ("radio", ["predict", "suggest"])
    assert token.limits == {60: 5, 86_400: 50}
    assert token.expires - timezone.now() > timedelta(days=29)
    assert "not shown again" in printed.err


def test_create_token_may_nothing_and_lasts_unless_told_otherwise(db, capsys):
    call_command("create_token", "radio")
    token = programs.find(capsys.readouterr().out.strip())
    assert (token.scopes, token.expires) == ([], None)
    assert token.limits == {60: 300, 86_400: 20_000}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["radio"], "There is a token of this name: revoke it first."),
        (["radio", "--scope", "label"], "invalid choice"),
        (["radio", "--per-minute", "0"], "use a number from 1"),
        (["radio", "--expires-days", "-1"], "use a number from 1"),
        ([" "], "This field cannot be blank."),
    ],
)
def test_create_token_names_what_is_wrong(radio, capsys, arguments, words):
    with pytest.raises(CommandError, match=words):
        call_command("create_token", *arguments)
    assert capsys.readouterr().out == ""
    assert ProgramToken.objects.count() == 1


def test_revoke_tokens_ends_the_token_of_a_program(radio, capsys):
    call_command("revoke_tokens", "--program", "radio")
    assert capsys.readouterr().out == "revoked the token of radio\n"
    assert programs.find(radio) is None
    with pytest.raises(CommandError, match="no token radio"):
        call_command("revoke_tokens", "--program", "radio")


@pytest.mark.parametrize("whose", [[], ["17", "--program", "radio"]])
def test_revoke_tokens_wants_to_know_whose(db, whose):
    with pytest.raises(CommandError, match="user_id"):
        call_command("revoke_tokens", *whose)


@pytest.mark.parametrize(
    "command", [["create_token", "tv"], ["revoke_tokens", "--program", "radio"]]
)
def test_command_says_in_one_line_that_the_database_is_away(db, monkeypatch, command):
    def away(*_, **__):
        raise OperationalError("closed\nunexpectedly")

    monkeypatch.setattr(programs, "issue", away)
    monkeypatch.setattr(programs, "revoke", away)
    with pytest.raises(CommandError, match="^The database cannot be used: closed$"):
        call_command(*command)
