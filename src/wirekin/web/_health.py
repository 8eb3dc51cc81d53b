"""/healthz, /readyz and /metrics: for supervisors and monitoring, never cached."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Awaitable, Callable

from wirekin import _metrics
from wirekin.errors import StoreError
from wirekin.render import dump
from wirekin.store import Reader
from wirekin.web._api import reports_of
from wirekin.web._context import Answer, Ask
from wirekin.web._readers import Overloaded, Readers

_log = logging.getLogger("wirekin.web")


def alive(_ask: Ask) -> Answer:
    """/healthz: this process answers."""
    return Answer(b"ok\n", "text/plain; charset=utf-8", public=False)


def ready(idle: Callable[[], str]) -> Callable[[Readers, Ask], Awaitable[Answer]]:
    """/readyz: 503 with the reason if the database does not answer, or if this process should poll and does not."""

    async def work(readers: Readers, _ask: Ask) -> Answer:
        reason = await _trouble(readers) or idle()
        said = dump({"ready": not reason, "reason": reason or None})
        if reason:
            return Answer(said, status=503, headers={"retry-after": "30"}, public=False)
        return Answer(said, public=False)

    return work


async def _trouble(readers: Readers) -> str:
    """Return why the database does not answer; "" if it does."""
    try:
        await readers.run(lambda reader: reader.version())
    except StoreError as failure:
        _log.error("The database could not answer: %s", failure)
        return "the database cannot answer"
    except Overloaded:
        return "too many requests at once"
    return ""


def metrics(reader: Reader, ask: Ask) -> Answer:
    """/metrics in Prometheus' text format."""
    reports = reports_of(reader, ask)
    _metrics.feeds_counted(Counter(report.health for report in reports))
    body, media_type = _metrics.exposition()
    return Answer(body, media_type, public=False)
