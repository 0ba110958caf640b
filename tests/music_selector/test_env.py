import os
import re
import stat
from pathlib import Path

import pytest

from music_selector.env import Environment, stored_secret

ROOT = Path(__file__).resolve().parents[2]


def test_text_is_stripped_and_has_a_default():
    env = Environment({"A": "  x ", "B": " "})
    assert (env.text("A"), env.text("B", "y"), env.text("C")) == ("x", "y", "")


def test_words_are_split_at_commas():
    assert Environment({"A": "a, b,,c "}).words("A") == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("TRUE", True), ("0", False), ("", False)]
)
def test_flag_reads_yes_and_no(text, value):
    assert Environment({"A": text}).flag("A") is value


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (lambda env: env.flag("A"), "maybe"),
        (lambda env: env.number("A", 5), "many"),
        (lambda env: env.number("A", 5, least=1), "0"),
        (lambda env: env.number("A", 5, most=65_535), "65536"),
        (lambda env: env.words("A", r"\w+") or False, "good, not good"),
        (lambda env: env.matching("A", r"\w+", "a word") or False, "two words"),
        (lambda env: env.choice("A", "INFO", ("INFO", "DEBUG")), "LOUD"),
    ],
)
def test_wrong_value_is_remembered_by_name_and_the_default_stands(read, text):
    env = Environment({"A": text})
    assert read(env) in (False, 5, "INFO")
    assert [problem[1] for problem in env.problems] == ["A is not understood."]


def test_kept_secret_is_made_once_and_only_for_us(tmp_path):
    path = tmp_path / "new folder" / "secret_key"
    secret = stored_secret(path)
    assert len(secret) >= 50
    assert stored_secret(path) == secret
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_kept_secret_made_by_root_belongs_to_the_owner_of_the_folder(tmp_path):
    os.chown(tmp_path, 65_534, 65_534)
    stored_secret(tmp_path / "new folder" / "secret_key")
    made = (tmp_path / "new folder", tmp_path / "new folder" / "secret_key")
    assert {path.stat().st_uid for path in made} == {65_534}


def test_env_example_holds_exactly_the_variables_that_settings_reads():
    settings = (ROOT / "music_selector/settings.py").read_text()
    example = (ROOT / ".env.example").read_text()
    read = re.findall(
        r'\.(?:text|words|matching|flag|number|choice)\(\s*"([A-Z_]+)"', settings
    )
    assert set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)) == set(read)
