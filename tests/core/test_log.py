"""Log lines: their two formats, and what they mask, escape and cut."""

from __future__ import annotations

import io
import json
import logging

import pytest

from wirekin import _log


@pytest.fixture
def lines():
    stream = io.StringIO()
    yield lambda: stream.getvalue().splitlines(), stream
    for place in (logging.getLogger("wirekin"), logging.getLogger()):
        for handler in [one for one in place.handlers if getattr(one, "stream", None) is stream]:
            place.removeHandler(handler)
    logging.getLogger("wirekin").propagate = True


def test_an_event_is_one_line_of_key_and_value(lines):
    read, stream = lines
    _log.set_up(stream=stream)

    _log.logger("daemon").info("feed_polled", extra=_log.fields(feed="BBC News", status=200, reason=None))

    (line,) = read()
    assert line.split(" ", 1)[1] == 'INFO    daemon feed_polled feed="BBC News" status=200'


def test_a_json_line_has_the_same_fields(lines):
    read, stream = lines
    _log.set_up(_log.LogFormat.JSON, stream=stream)

    _log.logger("wirekin.fetch").warning("fetch_failed", extra=_log.fields(url="https://x.example/", tries=3))

    event = json.loads(read()[0])
    assert (event["level"], event["from"], event["event"]) == ("WARNING", "fetch", "fetch_failed")
    assert (event["url"], event["tries"]) == ("https://x.example/", 3)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("https://bob:hunter2@x.example/a", "https://***@x.example/a"),
        ("postgresql://wirekin:secret@db/wirekin", "postgresql://***@db/wirekin"),
        ("https://x.example/a?access_token=abc&b=1", "https://x.example/a?access_token=***&b=1"),
        ("https://x.example/a?b=1&api_key=abc", "https://x.example/a?b=1&api_key=***"),
        ("bob@x.example", "bob@x.example"),
        ("https://x.example/@bob", "https://x.example/@bob"),
    ],
)
def test_credentials_are_masked_in_log_lines(text, masked):
    assert masked == _log.clean(text)


def test_a_hostile_title_cannot_forge_a_line_or_drive_a_terminal(lines):
    read, stream = lines
    _log.set_up(stream=stream)

    _log.logger("x").info("seen", extra=_log.fields(title="a\n2026 ERROR x forged\x1b[2J\u202eb"))

    (line,) = read()
    assert "\x1b" not in line
    assert "\u202e" not in line
    assert "\\\\n2026" in line


def test_a_traceback_stays_on_the_line_of_its_event_without_credentials(lines):
    read, stream = lines
    _log.set_up(stream=stream)

    try:
        int("https://a:b@x.example/")
    except ValueError:
        _log.logger("x").exception("broke")

    (line,) = read()
    assert "ValueError" in line
    assert "a:b@" not in line


def test_a_long_traceback_keeps_its_end(lines):
    read, stream = lines
    _log.set_up(stream=stream)

    def descend(depth: int) -> int:
        return descend(depth - 1) + int("x") if depth % 2 else descend_further(depth - 1)

    def descend_further(depth: int) -> int:
        return descend(depth - 1) if depth > 0 else int("https://a:b@x.example/")

    try:
        descend(40)
    except ValueError:
        _log.logger("x").exception("broke")

    (line,) = read()
    assert line.rstrip('"\n').endswith("x.example/'")
    assert "a:b@" not in line
    assert len(line) < _log.LONGEST + 200


def test_a_second_set_up_replaces_the_first(lines):
    read, stream = lines
    _log.set_up(stream=io.StringIO())
    _log.set_up(stream=stream)

    _log.logger("x").info("once")

    assert len(read()) == 1


def test_warnings_of_libraries_are_logged_in_our_format(lines):
    read, stream = lines
    theirs, root = logging.NullHandler(), logging.getLogger()
    root.addHandler(theirs)
    for _ in range(2):
        _log.set_up(_log.LogFormat.JSON, stream=stream)
    kept = theirs in root.handlers
    root.removeHandler(theirs)

    logging.getLogger("uvicorn.error").warning("Exceeded concurrency limit.")
    logging.getLogger("uvicorn.error").info("Started server process")

    (event,) = map(json.loads, read())
    assert (event["from"], event["event"], kept) == ("uvicorn.error", "Exceeded concurrency limit.", True)
