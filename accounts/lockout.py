"""Locks a name for one network after too many wrong passwords.

Names and addresses are kept as one keyed digest: what people type into the name's field
may be their password. A try is counted before the password is looked at, so that many
tries at once pass no more than one after the other.
"""

import logging
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from accounts.models import FailedSignIns

logger = logging.getLogger(__name__)
MAX_FAILURES = 10
LOCKED_FOR = timedelta(minutes=15)  # also how long a wrong password counts
COUNT = """
INSERT INTO accounts_failedsignins AS known (who, user_id, failures, latest)
VALUES (%(who)s, %(user)s, 1, %(now)s)
    ON CONFLICT (who) DO UPDATE
   SET failures = known.failures + 1,
       latest = CASE WHEN known.failures < %(most)s THEN excluded.latest
                     ELSE known.latest END
RETURNING failures, latest
"""


def try_password(name: str, *, network: str, now: datetime) -> timedelta:
    """Count a password that is about to be tried; how long to wait, or nothing.

    Who is locked does not wait longer for trying meanwhile.
    """
    forget_old(now)
    known = get_user_model().objects.filter(username=name).values_list("pk", flat=True)
    user = known.first()
    facts = {"who": _digest(name, network), "user": user, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, facts | {"most": MAX_FAILURES})
        failures, latest = cursor.fetchone()
    if failures == MAX_FAILURES + 1:  # once, and no name: it may be a password
        logger.warning("sign-ins locked for one network: user %s", user or "unknown")
    return latest + LOCKED_FOR - now if failures > MAX_FAILURES else timedelta()


def succeeded(name: str, *, network: str) -> None:
    """The password was right: what was counted is forgotten."""
    FailedSignIns.objects.filter(who=_digest(name, network)).delete()


def unlock(failed: QuerySet[FailedSignIns]) -> int:
    """Let passwords be tried again from now on; returns for how many names."""
    return failed.delete()[0]


def forget_old(now: datetime) -> None:
    """Delete what locks nobody any more."""
    FailedSignIns.objects.filter(latest__lte=now - LOCKED_FOR).delete()


def _digest(name: str, network: str) -> str:
    who = f"{network}\0{name}"
    return salted_hmac("accounts.sign_ins", who, algorithm="sha256").hexdigest()
