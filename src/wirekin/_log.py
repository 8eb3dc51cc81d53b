"""Logging for the shell: one line an event, as key=value or JSON, without credentials and control characters.

`logger(name).info("feed_polled", extra=fields(feed="bbc", status=200))` prints
``2026-11-22T10:00:00Z INFO  daemon feed_polled feed=bbc status=200``.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, TextIO

ROOT: Final = "wirekin"
_FIELDS: Final = "wirekin_fields"  # the attribute of a log record that holds an event's fields

_CREDENTIALS = re.compile(r"(?P<scheme>\b[a-z][a-z0-9+.-]{1,20}://)[^\s/@?#]{1,200}@", re.IGNORECASE)
_SECRET = re.compile(
    r"(?P<name>[?&;](?:[\w.-]{0,40}(?:token|secret|passw(?:or)?d|pwd|api_?key|signature)|auth|key|sig)=)[^&;#\s\"']{1,500}",
    re.IGNORECASE,
)
# C0 and C1 controls could forge a line or drive a terminal; bidi marks could turn one around (requirement F7).
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_PLAIN = re.compile(r"[^\s\"=]+")
LONGEST: Final = 2_000  # characters of one value: a title or an address fits, a body does not


class LogFormat(StrEnum):
    """How a line is written."""

    TEXT = "text"
    JSON = "json"


def logger(name: str) -> logging.Logger:
    """The logger of a module: `logger("daemon")`, or `logger(__name__)`."""
    return logging.getLogger(name if name.split(".", maxsplit=1)[0] == ROOT else f"{ROOT}.{name}")


def fields(**values: object) -> dict[str, Mapping[str, object]]:
    """The fields of an event, to be passed as `extra=`; None values are left out."""
    return {_FIELDS: {key: value for key, value in values.items() if value is not None}}


def set_up(form: LogFormat = LogFormat.TEXT, *, level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Send wirekin's events, and the warnings of libraries, to a stream (stderr), replacing an earlier set-up.

    Without a handler of its own, the root logger would print libraries' warnings bare, between lines of JSON.
    """
    handler = _Handler(stream or sys.stderr)
    handler.setFormatter(_JsonLines() if form is LogFormat.JSON else _TextLines())
    ours, everybody = logging.getLogger(ROOT), logging.getLogger()
    for old in ours.handlers[:]:
        ours.removeHandler(old)
    for old in everybody.handlers[:]:
        if isinstance(old, _Handler):  # leave the handlers of an embedding program alone
            everybody.removeHandler(old)
    ours.addHandler(handler)
    everybody.addHandler(handler)
    ours.setLevel(level)
    ours.propagate = False


class _Handler(logging.StreamHandler[TextIO]):
    """Our handler; its type tells it from others on the root logger."""


def clean(value: object) -> str:
    """A value as one line: credentials and secrets out of addresses, controls escaped, at most LONGEST characters."""
    text = _harmless(str(value))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def _harmless(text: str) -> str:
    text = _CREDENTIALS.sub(r"\g<scheme>***@", text)
    text = _SECRET.sub(r"\g<name>***", text)
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def _end_of(trace: str) -> str:
    """The end of a trace, which says where it broke, and why."""
    text = _harmless(trace)
    return text if len(text) <= LONGEST else f"...{text[-LONGEST:]}"


def _parts(record: logging.LogRecord) -> dict[str, object]:
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    parts: dict[str, object] = {
        "at": at,
        "level": record.levelname,
        "from": record.name.removeprefix(f"{ROOT}."),
        "event": clean(record.getMessage()),
    }
    said: Mapping[str, object] = getattr(record, _FIELDS, {})
    parts |= {key: value if isinstance(value, int | float) else clean(value) for key, value in said.items()}
    if record.exc_info:
        parts["trace"] = _end_of(logging.Formatter().formatException(record.exc_info))
    return parts


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(_parts(record), ensure_ascii=False)


class _TextLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        parts = _parts(record)
        head = f"{parts.pop('at')} {parts.pop('level'):7} {parts.pop('from')} {parts.pop('event')}"
        return " ".join([head, *(f"{key}={_quoted(value)}" for key, value in parts.items())])


def _quoted(value: object) -> str:
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
