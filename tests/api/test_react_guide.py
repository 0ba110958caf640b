"""The guide for React developers speaks of routes, parameters and fields that exist."""

import re

import pytest
from django.conf import settings

from api.http.errors import NAMES
from songs.models import Mood

GUIDE = (settings.BASE_DIR / "docs" / "react.md").read_text()
CALLS = re.findall(
    r'api\.(GET|POST|PUT|DELETE)\("([^"]+)"(.*?)\n(?:\s*\}\)|\n)', GUIDE, re.DOTALL
)
JSON = "application/json"


@pytest.fixture
def schemas(document):
    return document["components"]["schemas"]


def followed(schemas, schema):
    return schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def keys(text):
    """The names in `{ a, b: c }`, one level deep."""
    return {part.split(":")[0].strip() for part in text.split(",") if part.strip()}


def test_guide_calls_routes_that_exist(document):
    assert len(CALLS) == 6
    for method, path, _ in CALLS:
        assert method.lower() in document["paths"][path]


def test_guide_sends_bodies_and_paths_that_are_declared(document, schemas):
    n_bodies = 0
    for method, path, options in CALLS:
        operation = document["paths"][path][method.lower()]
        for sent in re.findall(r"body: \{ ([^}]+) \}", options):
            content = operation["requestBody"]["content"][JSON]["schema"]
            body = followed(schemas, content)
            assert set(body["required"]) <= keys(sent) <= set(body["properties"])
            n_bodies += 1
        declared = operation.get("parameters", ())
        in_path = {p["name"] for p in declared if p["in"] == "path"}
        sent = re.findall(r"path: \{ ([^}]+) \}", options)
        assert in_path == keys(",".join(sent))
    assert n_bodies == 4


def test_guide_asks_for_parameters_and_fields_that_are_declared(document):
    operation = document["paths"]["/api/videos/"]["get"]
    declared = {p["name"]: p for p in operation["parameters"] if p["in"] == "query"}
    query = re.search(r"query: \{(.+?)\n +\}", GUIDE, re.DOTALL)[1]
    asked = set(re.findall(r"^ +(\w+)[:,]", query, re.MULTILINE))
    assert asked == {"mood", "cursor", "limit", "fields"}
    assert asked <= set(declared)
    fields = set(re.findall(r'"(\w+)"', query))
    assert len(fields) == 4
    assert fields <= set(declared["fields"]["schema"]["items"]["enum"])
    assert set(re.findall(r"\bvideo\.(\w+)", GUIDE)) == fields


def test_guide_reads_answers_that_are_declared(schemas):
    for name in re.findall(r'\["schemas"\]\["(\w+)"\]', GUIDE):
        assert name in schemas
    assert {"results", "next"} <= set(schemas["VideoPage"]["required"])
    assert {"id", "token"} <= set(schemas["SignedIn"]["required"])
    read = set(re.findall(r"\bdata\.(\w+)", GUIDE))
    assert read == {"results", "next", "token", "id"}


def test_guide_branches_on_codes_and_moods_that_exist():
    codes = re.findall(r'case "(\w+)"|code !== "(\w+)"', GUIDE)
    assert len(codes) == 4
    assert {"".join(code) for code in codes} <= set(NAMES)
    moods = re.search(r"MOODS: Mood\[\] = \[(.+?)\]", GUIDE)[1]
    assert re.findall(r'"([\w-]+)"', moods) == Mood.values
