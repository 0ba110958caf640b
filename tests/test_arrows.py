"""Templates, static files and names of addresses follow the arrows of the imports.

An app names those of its own and of the apps below it in the layers of pyproject.toml,
and those of libraries.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(settings.BASE_DIR)
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LAYERS = [
    {app.strip() for app in layer.split("|")}
    for layer in PYPROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
]
APPS = sorted(set.union(*LAYERS))
TAG = re.compile(r"""{%\s*(extends|include|static|url)\s+["']([^"'{}]+)["']""")
FILES = (".html", ".css", ".js", ".svg", ".png")
ADDRESSED = {"reverse", "reverse_lazy", "redirect", "resolve_url"}


@cache
def below(app: str) -> set[str]:
    """The app itself and what it may import."""
    level = next(n for n, layer in enumerate(LAYERS) if app in layer)
    return {app}.union(*LAYERS[level + 1 :])


@cache
def owners_of_file(name: str) -> set[str]:
    """Apps with a template or a static file of this name, libraries among them."""
    return {
        config.label
        for config in apps.get_app_configs()
        for kind in ("templates", "static")
        if (Path(config.path) / kind / name).is_file()
    }


@cache
def views() -> dict[str, set[str]]:
    """The apps whose views have an address of this name."""
    found: dict[str, set[str]] = {}
    for name, view in _patterns(get_resolver(), ""):
        app = view.__module__.partition(".")[0]
        if label := re.match(r"admin:([a-z]+)_", name):
            app = label[1]
        found.setdefault(name, set()).add(app)
    return found


def _patterns(resolver: URLResolver, namespace: str) -> Iterator[tuple[str, object]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{entry.namespace}:" if entry.namespace else ""
            yield from _patterns(entry, namespace + inner)
        elif isinstance(entry, URLPattern) and entry.name:
            yield namespace + entry.name, entry.callback


def names_in_templates(app: str) -> Iterator[tuple[Path, str, str]]:
    for path in (ROOT / app).rglob("*.html"):
        for tag, name in TAG.findall(path.read_text()):
            yield path, "address" if tag == "url" else "file", name


def names_in_code(app: str) -> Iterator[tuple[Path, str, str]]:
    """Texts that look like a file's name, and what is asked for by an address's name."""
    for path in (ROOT / app).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if node.value.endswith(FILES):
                    yield path, "file", node.value
                elif re.fullmatch(r"admin:\w+", node.value):
                    yield path, "address", node.value
            elif isinstance(node, ast.Call) and _called(node) in ADDRESSED:
                for argument in node.args[:1]:
                    if isinstance(argument, ast.Constant):
                        yield path, "address", argument.value


def _called(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def wrong(names: Iterator[tuple[Path, str, str]], app: str) -> list[str]:
    found = []
    for path, kind, name in names:
        owners = owners_of_file(name) if kind == "file" else views().get(name, set())
        if owners and owners <= set(APPS) - below(app):
            found.append(f"{path.relative_to(ROOT)}: {name} is of {owners}")
    return found


@pytest.mark.parametrize("app", APPS)
def test_names_follow_the_arrows(app):
    assert wrong(names_in_templates(app), app) == []
    assert wrong(names_in_code(app), app) == []


@pytest.mark.parametrize(
    ("app", "kind", "name"),
    [
        ("web", "file", "home/home.html"),
        ("songs", "file", "datasets/check.js"),
        ("songs", "address", "admin:accounts_programtoken_changelist"),
        ("songs", "address", "label_nothing"),
        ("datasets", "address", "recommender"),
    ],
)
def test_name_against_the_arrows_is_found(app, kind, name):
    expected = name != "label_nothing"
    assert bool(wrong(iter([(ROOT / app, kind, name)]), app)) is expected


def test_names_are_found_at_all():
    files = {name for app in APPS for _, kind, name in names_in_templates(app)}
    assert {"web/base.html", "web/site.css", "datasets"} <= files
    coded = {name for app in APPS for _, kind, name in names_in_code(app)}
    assert {"home/home.html", "web/admin.css", "recommender", "label_more"} <= coded
