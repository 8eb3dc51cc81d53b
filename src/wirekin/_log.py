"""The log, for the shell only: one line an event, credentials redacted, control characters escaped (F7).

An event is named in the past tense; what is known of it comes as `extra`: `log.info("feed polled", extra={...})`.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime

ROOT = "wirekin"
_USERINFO = re.compile(r"(?<=://)[^/\s@]+@")
_SECRET = re.compile(r"(?i)\b(token|key|api_key|apikey|password|secret|auth|sig)=[^&\s]+")
_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def logger(name: str) -> logging.Logger:
    """The logger of a module."""
    return logging.getLogger(name)


def set_up(*, verbosity: int = 0, json_lines: bool = False) -> None:
    """Write events to stderr: warnings when quiet, what an operator wants by default, everything with -v."""
    level = logging.WARNING if verbosity < 0 else logging.INFO if verbosity == 0 else logging.DEBUG
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines(json_lines=json_lines))
    root = logging.getLogger(ROOT)
    root.handlers[:] = [handler]
    root.setLevel(level)
    root.propagate = False


class _Lines(logging.Formatter):
    """One event, one line: `time level event key=value ...`, or the same as JSON."""

    def __init__(self, *, json_lines: bool) -> None:
        super().__init__()
        self._json_lines = json_lines

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        known = {key: value for key, value in vars(record).items() if key not in _PLAIN}
        if record.exc_info:
            known["trace"] = self.formatException(record.exc_info)
        if self._json_lines:
            row = {"at": at, "level": record.levelname.lower(), "event": record.getMessage(), **known}
            return redacted(json.dumps(row, ensure_ascii=True, default=str))
        pairs = "".join(f" {key}={_value(value)}" for key, value in known.items() if value not in ("", None))
        return f"{at} {record.levelname.lower()} {escaped(redacted(record.getMessage()))}{pairs}"


def redacted(text: str) -> str:
    """Without the credentials that a URL may hold."""
    return _SECRET.sub(r"\1=***", _USERINFO.sub("***@", text))


def escaped(text: str) -> str:
    """With control characters written out, so that no title forges a line of the log."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _value(value: object) -> str:
    text = escaped(redacted(str(value)))
    return json.dumps(text, ensure_ascii=False) if " " in text or '"' in text else text
