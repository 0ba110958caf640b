import json

import pytest
from django.conf import settings
from django.core.management import call_command

from api.arrays2019 import serializers


def test_document_in_docs_is_the_one_the_code_generates(tmp_path):
    fresh = tmp_path / "openapi.yaml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(fresh))
    committed = settings.BASE_DIR / "docs" / "openapi.yaml"
    assert committed.read_text() == fresh.read_text()


@pytest.mark.parametrize(
    ("path", "serializer"),
    [
        ("/api/new-videos/", serializers.NewVideoSerializer),
        ("/api/new-videos/VIDEO000001/", serializers.NewVideoDetailSerializer),
        ("/api/predictions/", serializers.PredictionSerializer),
        ("/api/new-videos-thumbnails/", serializers.ThumbnailSerializer),
        ("/api/new-videos-stats/", serializers.StatisticsSerializer),
        ("/api/new-videos-stats/VIDEO000001/", serializers.StatisticsSerializer),
        ("/api/moods/", serializers.MoodSerializer),
    ],
)
def test_answers_have_the_fields_that_the_document_names(
    client, make_video, path, serializer
):
    make_video()
    answer = json.loads(client.get(path).getvalue())
    item = answer[0] if isinstance(answer, list) else answer
    assert set(item) == set(serializer().fields)


def test_docs_page_names_no_outside_address(client):
    page = client.get("/api/docs/").text
    assert "http://" not in page
    assert "https://" not in page
