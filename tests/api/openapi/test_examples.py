"""What the OpenAPI document promises a developer: examples that hold, codes that exist."""

import re
from urllib.parse import quote

import pytest
from django.conf import settings
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from rest_framework.exceptions import APIException

from api.http.errors import CODES, EVERYWHERE, EVERYWHERE_IMPLIED, FROM_BELOW
from api.openapi import document as schema_document

CODE = re.compile(r"`(\w+)`")


@pytest.fixture(scope="module")
def operations(document):
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


@pytest.fixture(scope="module")
def wrong(document):
    """What is wrong with a value, by the schema at a pointer into the document."""
    resource = DRAFT202012.create_resource(document)
    registry = Registry().with_resource("urn:document", resource)

    def errors(value, *pointer):
        path = "/".join(part.replace("~", "~0").replace("/", "~1") for part in pointer)
        schema = {"$ref": f"urn:document#/{quote(path)}"}
        checker = Draft202012Validator.FORMAT_CHECKER
        validator = Draft202012Validator(
            schema, registry=registry, format_checker=checker
        )
        return [error.message for error in validator.iter_errors(value)]

    return errors


def contents(document):
    """Each place with a schema and examples: its pointer, its examples."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            where = ("paths", path, method)
            bodies = [(("requestBody",), operation.get("requestBody", {}))]
            for status, answer in operation["responses"].items():
                bodies.append((("responses", str(status)), answer))
            for place, body in bodies:
                for kind, content in body.get("content", {}).items():
                    yield (*where, *place, "content", kind), content


def test_examples_are_what_their_schemas_say(document, wrong):
    n_examples = 0
    for pointer, content in contents(document):
        for name, example in content.get("examples", {}).items():
            n_examples += 1
            assert wrong(example["value"], *pointer, "schema") == [], (pointer, name)
    assert n_examples > 30


def test_examples_show_each_body_and_each_success(document):
    bare = [
        pointer[1:]
        for pointer, content in contents(document)
        if pointer[-1] == "application/json"
        and (pointer[3] == "requestBody" or pointer[4] < "300")
        and not content.get("examples")
    ]
    assert bare == []


def test_examples_of_path_parameters_are_there(operations):
    bare = [
        (name, parameter["name"])
        for name, operation in operations.items()
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "path" and "example" not in parameter
    ]
    assert bare == []


def test_operations_are_named_tagged_and_described(operations):
    ids = [operation["operationId"] for operation in operations.values()]
    assert len(ids) == len(set(ids))
    for name, operation in operations.items():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", operation["operationId"]), name
        assert operation["summary"] and operation["description"], name
        assert set(operation["tags"]) <= set(schema_document.TAGS), name


def test_errors_name_codes_of_their_status(operations):
    for name, operation in operations.items():
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                codes = set(CODE.findall(answer["description"])) & all_codes()
                assert codes, (name, status)
                assert codes <= set(CODES[int(status)]), (name, status)
        declared = {int(status) for status in operation["responses"]}
        assert set(EVERYWHERE) <= declared, name
        assert declared & set(EVERYWHERE_IMPLIED) == set(), name


def all_codes():
    return {code for codes in CODES.values() for code in codes}


def test_codes_are_those_of_the_exceptions():
    known = {(status, code) for status, codes in CODES.items() for code in codes}
    raised = {
        (one.status_code, one.default_code)
        for one in subclasses(APIException)
        if one.__module__.startswith("api.")
    }
    translated = {(one.status, one.code) for one in FROM_BELOW.values()}
    assert len(raised | translated) > 15
    assert raised | translated <= known


def subclasses(kind):
    for child in kind.__subclasses__():
        yield child
        yield from subclasses(child)


def test_table_of_errors_in_the_guide_is_that_of_the_code():
    guide = (settings.BASE_DIR / "docs" / "api.md").read_text()
    rows = re.findall(r"^\| (\d{3}) \| `(\w+)` \| (.+) \|$", guide, re.MULTILINE)
    expected = [
        (str(status), code, when)
        for status, codes in CODES.items()
        for code, when in codes.items()
    ]
    assert rows == expected


def test_nulls_are_types(document):
    assert "nullable" not in str(document)
    assert not {"NullEnum", "BlankEnum"} & set(document["components"]["schemas"])
