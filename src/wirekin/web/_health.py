"""/healthz, /readyz and /metrics: for supervisors and graphs, never cached."""

from __future__ import annotations

from collections import Counter
from contextlib import closing

from wirekin import _metrics
from wirekin.render import dump
from wirekin.store import Backend, Reader
from wirekin.web._api import reports_of
from wirekin.web._context import Answer, Ask, Show

TICKS = 3  # CONTRACT: ready while a tick ran within three intervals


def alive(_ask: Ask) -> Answer:
    """/healthz: this process answers."""
    return Answer(b"ok\n", "text/plain; charset=utf-8", public=False)


def ready(backend: Backend) -> Show:
    """/readyz: the database answers and, where this process polls, it polled lately; else 503 with the reason."""

    def show(reader: Reader, ask: Ask) -> Answer:
        reader.version()
        reason = _idle(backend, ask) if ask.context.polls_here else ""
        return Answer(
            dump({"ready": not reason, "reason": reason or None}), status=503 if reason else 200, public=False
        )

    return show


def _idle(backend: Backend, ask: Ask) -> str:
    with closing(backend.admin()) as admin:
        last = admin.last_tick_at()
    if last is None:
        return "the daemon has not ticked yet"
    return "" if ask.now - last <= TICKS * ask.context.tick else "the daemon has not ticked for three intervals"


def metrics(reader: Reader, ask: Ask) -> Answer:
    """/metrics in Prometheus' text format."""
    reports = reports_of(reader, ask)
    _metrics.feeds_counted(Counter(report.health for report in reports))
    body, media_type = _metrics.exposition()
    return Answer(body, media_type, public=False)
