import json
import logging
import re
import sys

import pytest
from django.conf import settings

from web import log_format

KEY = 'AIza"0123456789'


@pytest.fixture(params=[log_format.LineFormatter, log_format.JsonFormatter])
def formatter(request):
    return request.param([KEY, "", "short"])


def record(text, *args, exc_info=None):
    return logging.LogRecord("songs", logging.INFO, "f.py", 1, text, args, exc_info)


def failure():
    try:
        raise ValueError(f"no answer for key={KEY}")
    except ValueError:
        return record("it failed", exc_info=sys.exc_info())


def test_line_says_when_what_who_and_in_which_request():
    log_format.begin_request("abc")
    line = log_format.LineFormatter().format(record("%d videos", 3))
    time = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
    assert re.fullmatch(rf"{time} INFO songs \[abc\]: 3 videos", line)


def test_json_is_one_object_a_line_with_named_arguments():
    log_format.begin_request("abc")
    said = record("%s %d\nmore", "GET", 304)
    said.arg_names = ("method", "status")
    line = log_format.JsonFormatter().format(said)
    assert "\n" not in line
    assert json.loads(line) | {"time": ""} == {
        "time": "",
        "level": "INFO",
        "logger": "songs",
        "request_id": "abc",
        "message": "GET 304\nmore",
        "method": "GET",
        "status": 304,
    }


def test_errors_keep_their_traceback(formatter):
    assert "ValueError: no answer" in formatter.format(failure())


def test_secrets_are_in_no_line(formatter):
    for said in (failure(), record("key=%s", KEY)):
        line = formatter.format(said)
        assert "0123456789" not in line
        assert "[secret]" in line


def test_our_own_secrets_are_cut_out():
    ours = {settings.DEVELOPER_KEY, settings.METRICS_TOKEN, settings.SECRET_KEY}
    assert ours == set(settings.LOGGING["formatters"]["chosen"]["secrets"])


def test_short_words_are_no_secrets(formatter):
    assert "short" in formatter.format(record("in short"))


@pytest.mark.parametrize("asked", ["7", "a-B_c.9", "f" * 64])
def test_begin_takes_a_well_formed_name(asked):
    assert log_format.begin_request(asked) == asked
    assert log_format.current_request_id() == asked


@pytest.mark.parametrize("asked", ["", "f" * 65, "a b", "a\nb", "a,b", "é", "<b>", '"'])
def test_begin_makes_a_name_where_none_is_well_formed(asked):
    made = log_format.begin_request(asked)
    assert made != asked
    assert log_format.WELL_FORMED.fullmatch(made)
    assert log_format.begin_request(asked) != made
