from collections.abc import Callable

import pytest

from accounts import listeners
from accounts.google import Identity
from accounts.models import Account


@pytest.fixture
def make_account(db: None) -> Callable[[str], Account]:
    """Signs somebody in, by the name that Google knows them by."""

    def make(sub: str = "mia") -> Account:
        return listeners.sign_in(Identity(sub, sub.title(), f"{sub}@example.org"))[0]

    return make
