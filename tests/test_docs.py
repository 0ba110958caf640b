"""What the documents say is there, is there."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_readme_names_commands_that_exist():
    table = set(re.findall(r"^\| `(\w+)(?:`| \[)", README, re.MULTILINE))
    named = set(re.findall(r"manage\.py (\w+)", README)) | table
    assert len(named) > 8
    assert named <= set(get_commands())


def test_readme_shows_a_call_and_its_answer(client, make_video, predicted):
    url, answer = re.search(
        r"curl 'http://127.0.0.1:8000(\S+)'\n```\n\n```json\n(.*?)```",
        README,
        re.DOTALL,
    ).groups()
    make_video(**predicted("CHILL", 0.9))

    page = client.get(url).json()

    assert page.keys() == json.loads(answer).keys()
    assert page["results"][0].keys() == json.loads(answer)["results"][0].keys()


def test_readme_names_make_targets_that_exist():
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^(\w+):", makefile, re.MULTILINE))
    assert set(re.findall(r"`make (\w+)", README)) <= targets


def test_readme_names_all_of_our_commands():
    ours = {name for name, app in get_commands().items() if app == "songs"}
    assert ours - {"worker"} <= set(re.findall(r"`(\w+)", README))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_to_files(document):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text())
    missing = [link for link in links if not (document.parent / link).exists()]
    assert missing == []


def test_requirements_are_pinned_and_say_why():
    for path in ROOT.glob("requirements*.txt"):
        lines = path.read_text().splitlines()
        for line in lines:
            if line and not line.startswith(("#", "-")):
                assert re.fullmatch(r"[\w.-]+==[\w.]+ +# .+", line), line


def test_all_name_the_same_versions_of_python():
    makefile = (ROOT / "Makefile").read_text()
    known = re.search(r"^VERSIONS = (.+)$", makefile, re.MULTILINE)[1].split()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    newest, oldest = known[0], known[-1]
    next_one = f"3.{int(newest.removeprefix('3.')) + 1}"
    assert project["project"]["requires-python"] == f">={oldest},<{next_one}"
    assert project["tool"]["mypy"]["python_version"] == oldest
    assert project["tool"]["ruff"]["target-version"] == f"py{oldest.replace('.', '')}"
    assert (ROOT / ".python-version").read_text().strip() == newest
    first, *rest = reversed(known)
    assert f"Python {first}, {rest[0]} or {rest[1]} and make" in README


def test_procfile_starts_processes_that_exist():
    procfile = (ROOT / "Procfile").read_text()
    assert re.findall(r"^(\w+):", procfile, re.MULTILINE) == [
        "release",
        "web",
        "worker",
    ]
    assert set(re.findall(r"manage\.py (\w+)", procfile)) <= set(get_commands())
