"""/healthz, /readyz and /metrics: for supervisors and graphs, never cached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from wirekin import _metrics
from wirekin.render import dump
from wirekin.store import Reader
from wirekin.web._api import reports_of
from wirekin.web._context import Answer, Ask, Show


def alive(_ask: Ask) -> Answer:
    """/healthz: this process answers."""
    return Answer(b"ok\n", "text/plain; charset=utf-8", public=False)


def ready(idle: Callable[[], str]) -> Show:
    """/readyz: the database answers and, where this process polls, it is not idle; else 503 with the reason."""

    def show(reader: Reader, _ask: Ask) -> Answer:
        reader.version()
        reason = idle()
        return Answer(
            dump({"ready": not reason, "reason": reason or None}), status=503 if reason else 200, public=False
        )

    return show


def metrics(reader: Reader, ask: Ask) -> Answer:
    """/metrics in Prometheus' text format."""
    reports = reports_of(reader, ask)
    _metrics.feeds_counted(Counter(report.health for report in reports))
    body, media_type = _metrics.exposition()
    return Answer(body, media_type, public=False)
