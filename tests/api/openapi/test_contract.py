"""Schemathesis reads the OpenAPI document and asks every route of it, well and badly.

No fault of ours, no answer that is not declared, bodies as the schema says, bad input
refused. It asks as nobody, and as a listener, an editor and a program where they may do
more; what a request changes is undone. Each prints how much it asked.
"""

from collections import Counter

import pytest
import schemathesis
from django.conf import settings as configured
from django.core.files.base import ContentFile
from django.db import transaction
from schemathesis.config import SchemathesisConfig

from accounts import listeners
from accounts.models import Account, Playlist, PlaylistSong, Scope
from api.openapi.document import PATH_EXAMPLES
from datasets.models import Dataset
from datasets.storage import build
from datasets.upload import receive
from music_selector.wsgi import application
from recommenders.models import Recommender
from songs.similar import embeddings
from tests.needs import repeats

CSRF = "c" * 32
REFUSALS = [400, 401, 403, 404, 405, 406, 409, 410, 413, 415]
BY_MORE_RULES = [  # than a schema says: between fields, on NUL and on mere spaces
    *("dataset_rows", "dataset_column", "dataset_columns", "dataset_missing"),
    *("dataset_download", "videos", "mix", "predict", "add_new_video", "report_claim"),
    *("sign_in", "change_user", "add_playlist"),
    *("similar_items", "recommend", "suggest_names", "recommend_for", "clean_list"),
]
OF_PROGRAMS = ["predict", "suggest_mood", "report_claim", "add_new_video"]
OF_PROGRAMS += ["recommend_for", "clean_list"]
CONFIG = {
    "seed": 1,
    "generation": {
        "deterministic": True,
        "max-examples": repeats(6, long=20),
        "database": "none",
    },
    "headers": {"Accept-Encoding": "identity", "X-CSRFToken": CSRF},
    "dictionaries": {
        name: {"values": [value]} for name, value in PATH_EXAMPLES.items()
    },
    "parameters": {  # half of the paths lead somewhere
        f"path.{name}": {"dictionary": name, "probability": 0.5}
        for name in PATH_EXAMPLES
    },
    "checks": {
        "unsupported_method": {"enabled": False},  # 403 before 405
        "negative_data_rejection": {"expected-statuses": REFUSALS},
    },
    "operations": [
        {
            "include-operation-id": BY_MORE_RULES,
            "checks": {"positive_data_acceptance": {"enabled": False}},
        }
    ],
}
SKIPPED = {  # by those who may do no more there than nobody may
    "nobody": [],
    "listener": [{"exclude-tag": "Listeners and playlists", "enabled": False}],
    "editor": [{"exclude-tag": "Whole lists", "enabled": False}],
    "program": [{"exclude-operation-id": OF_PROGRAMS, "enabled": False}],
}
api = schemathesis.pytest.from_fixture("described")
pytestmark = pytest.mark.no_cover


@pytest.fixture(params=SKIPPED)
def person(request):
    return request.param


@pytest.fixture
def without_limits(settings):
    for name in dir(settings):
        if name.endswith("_LIMITS") and not name.startswith("YOUTUBE"):
            setattr(settings, name, {60: 1_000_000})


@pytest.fixture
def plays(make_user, settings, tmp_path):
    """The dataset that the paths of the document's examples name, for everybody."""
    settings.DATA_DIR = tmp_path
    file = ContentFile(b"who,what,plays\nann,Muse,3\nbob,Muse,\n", name="plays.csv")
    version = receive.receive(make_user("ann"), PATH_EXAMPLES["dataset"], file)
    receive.start(version)
    Dataset.objects.update(shared=True)
    return build.store(version)


@pytest.fixture
def mia(make_video, trained, plays):
    """A listener with what the paths of the document's examples name."""
    Recommender.objects.update(slug=PATH_EXAMPLES["slug"], shared=True)
    video = make_video(video_id=PATH_EXAMPLES["video_id"], channel_id="UCcalm")
    make_video(video_title="Another")
    embeddings.embed_pending()
    account = Account.objects.create(
        pk=PATH_EXAMPLES["user_id"], google_sub="108", email="mia@example.org"
    )
    playlist = Playlist.objects.create(pk=PATH_EXAMPLES["playlist_id"], account=account)
    for index in range(2):
        row = PATH_EXAMPLES["row_id"] + index
        PlaylistSong.objects.create(
            pk=row, playlist=playlist, song_id=video.pk, playlist_index=index
        )
    return account


@pytest.fixture
def signed_in(person, mia, admin_client, make_token):
    """What the schemes of the document call for, where the person has it."""
    without_end = {"per_minute": 1_000_000, "per_day": 1_000_000}
    session = admin_client.cookies[configured.SESSION_COOKIE_NAME].value
    keys = {
        "nobody": {},
        "listener": {"listenerToken": {"api_key": listeners.issue(mia)}},
        "editor": {"cookieAuth": {"api_key": session}},
        "program": {"programToken": {"bearer": make_token(*Scope, **without_end)}},
    }
    return {"auth": {"openapi": keys[person]}} if keys[person] else {}


@pytest.fixture
def described(request, person, signed_in, one_connection, without_limits, our_google):
    """The generated document, and the WSGI application that has to be as it says."""
    request.node._nodeid = request.node.nodeid  # schemathesis looks for it there
    operations = [*CONFIG["operations"], *SKIPPED[person]]
    config = CONFIG | signed_in | {"operations": operations}
    return schemathesis.openapi.from_wsgi(
        "/api/schema/?format=json",
        application,
        config=SchemathesisConfig.from_dict(config),
    )


@pytest.fixture
def answers(request, person, capsys):
    """Counts the answers by operation and status, and prints the sums."""
    counted: Counter[tuple[str, int]] = Counter()
    yield counted
    by_status = Counter()
    for (_, status), n in counted.items():
        by_status[f"{status // 100}xx"] += n
    operations = len({label for label, _ in counted})
    line = f"\n{person}: {operations} operations, {counted.total()} requests, "
    line += ", ".join(f"{n} x {status}" for status, n in sorted(by_status.items()))
    with capsys.disabled():
        if reporter := request.config.pluginmanager.get_plugin("terminalreporter"):
            reporter.write_line(line)


@api.parametrize()
def test_route_answers_as_the_document_says(case, answers):
    if case.meta.generation.mode.is_positive:
        case.query.pop("cursor", None)  # only the server can make one
        case.query.pop("format", None)  # CSV and NDJSON have no facets
    with transaction.atomic():
        response = case.call(cookies={"csrftoken": CSRF})
        transaction.set_rollback(True)
    answers[case.operation.label, response.status_code] += 1
    case.validate_response(response)
