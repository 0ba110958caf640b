"""Faults 31 and 32: people who send files of the same name at the same moment."""

from functools import partial

import pytest
from django.core.files.base import ContentFile

from datasets.models import DatasetVersion
from datasets.upload import receive
from tests.datasets.conftest import PLAYS
from tests.threads import at_once

TEN = 10


@pytest.fixture
def sent():
    """Has ten people, or one ten times over, send a file at once."""

    def send(people):
        def one(person):
            return receive.receive(person, "", ContentFile(PLAYS, name="plays.csv"))

        return at_once(*(partial(one, person) for person in people))

    return send


@pytest.mark.django_db(transaction=True)
def test_ten_people_get_a_dataset_each(sent, make_user):
    versions = sent([make_user(f"ann{n}") for n in range(TEN)])

    assert len({version.dataset.slug for version in versions}) == TEN
    assert all(version.original.read_bytes() == PLAYS for version in versions)


@pytest.mark.django_db(transaction=True)
def test_one_person_gets_ten_versions(sent, make_user):
    sent([make_user("ann")] * TEN)

    numbers = DatasetVersion.objects.values_list("number", flat=True)
    assert sorted(numbers) == [*range(1, TEN + 1)]
