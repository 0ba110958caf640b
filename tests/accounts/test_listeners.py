from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import listeners
from accounts.models import Token


@pytest.fixture
def mia(make_account):
    account = make_account()
    account.tokens.all().delete()
    return account


def test_issue_gives_a_token_that_nobody_could_read_in_the_database(mia):
    token = listeners.issue(mia)
    stored = Token.objects.values().get()
    assert len(token) >= 43
    assert token not in str(stored)
    assert listeners.find(token).account == mia


def test_issue_gives_each_device_its_own(mia):
    first, second = listeners.issue(mia), listeners.issue(mia)
    assert listeners.find(first) != listeners.find(second)


@pytest.mark.parametrize("text", ["", "null", "x", "\0", "ü", "\ud800", "x" * 10_000])
def test_find_knows_no_other_token(mia, text):
    listeners.issue(mia)
    assert listeners.find(text) is None


def test_hash_of_a_token_is_no_token(mia):
    listeners.issue(mia)
    assert listeners.find(Token.objects.get().digest) is None


def test_token_expires_after_its_lifetime(mia):
    token = listeners.issue(mia)
    left = Token.objects.get().expires - timezone.now()
    assert timedelta(days=29) < left <= listeners.LIFETIME
    Token.objects.update(expires=timezone.now())
    assert listeners.find(token) is None


def test_issue_forgets_expired_tokens(mia):
    listeners.issue(mia)
    Token.objects.update(expires=timezone.now())
    listeners.issue(mia)
    assert Token.objects.count() == 1


def test_revoke_ends_tokens_and_counts_those_that_were_valid(mia):
    one, other = listeners.issue(mia), listeners.issue(mia)
    assert listeners.revoke(Token.objects.filter(pk=listeners.find(one).pk)) == 1
    assert listeners.revoke(Token.objects.all()) == 1
    assert listeners.find(one) is listeners.find(other) is None
    assert listeners.revoke(Token.objects.all()) == 0


def test_revoke_tokens_signs_a_listener_out_everywhere(mia, make_account, capsys):
    mias, _ = listeners.issue(mia), listeners.issue(mia)
    bobs = listeners.issue(make_account("bob"))
    call_command("revoke_tokens", str(mia.pk))
    assert capsys.readouterr().out == "revoked 2 tokens of mia@example.org\n"
    assert listeners.find(mias) is None
    assert listeners.find(bobs) is not None


def test_revoke_tokens_of_nobody_is_an_error(db):
    with pytest.raises(CommandError, match="no account 17"):
        call_command("revoke_tokens", "17")
