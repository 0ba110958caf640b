"""After a test that commits all is as in a new database."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command

from songs.browse import counts
from songs.labelling import record
from songs.models import ListedVideo


@pytest.mark.django_db(transaction=True)
def test_flush_empties_all_tables_but_those_that_django_fills(make_video, make_user):
    make_user("ann", "add_newvideo")
    record.label(make_video().pk, "SAD", who="ann", source="admin")
    permissions = set(Permission.objects.values_list("codename", flat=True))
    assert permissions and ListedVideo.objects.exists()

    call_command("flush", verbosity=0, interactive=False)

    filled = {m for m in apps.get_models() if m._meta.managed and m.objects.exists()}
    assert filled == {ContentType, Permission}
    assert set(Permission.objects.values_list("codename", flat=True)) == permissions
    assert not ListedVideo.objects.exists()
    assert list(counts.groups()) == []
