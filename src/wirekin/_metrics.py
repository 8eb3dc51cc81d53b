"""What is counted, for Prometheus: names begin with wirekin_, and no label ever holds a URL, a title or a host.

For the shell only. Call the functions named after what happened; `exposition` writes it all down.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from wirekin import __version__
from wirekin.model import Health, PollStatus, Reason

_registry = CollectorRegistry()
ProcessCollector(namespace="wirekin", registry=_registry)

_polls = Counter("wirekin_polls", "Polls by how they ended.", ["status"], registry=_registry)
_failures = Counter("wirekin_poll_failures", "Failed polls by reason.", ["reason"], registry=_registry)
_headlines = Counter("wirekin_headlines_new", "Headlines kept for the first time.", registry=_registry)
_stories = Counter("wirekin_stories_new", "Stories opened.", registry=_registry)
_pushes = Counter("wirekin_pushes", "What hubs pushed, by what became of it.", ["outcome"], registry=_registry)
_articles = Counter("wirekin_articles", "Article pages asked for details, by outcome.", ["outcome"], registry=_registry)
_images = Counter("wirekin_images", "Pictures asked of publishers, by outcome.", ["outcome"], registry=_registry)
_turn = Histogram(
    "wirekin_turn_seconds",
    "From claiming what is due to having grouped it.",
    buckets=(0.05, 0.25, 1, 5, 15, 30, 60, 120, 300),
    registry=_registry,
)
_ticked_at = Gauge("wirekin_last_tick_timestamp_seconds", "When the daemon last ticked.", registry=_registry)
_feeds = Gauge("wirekin_feeds", "Feeds by health.", ["health"], registry=_registry)
_requests = Counter("wirekin_http_requests", "Answers.", ["route", "method", "status"], registry=_registry)
_answering = Histogram(
    "wirekin_http_request_seconds",
    "From a whole request to a whole answer.",
    ["route"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 5),  # a query may take 0.2 s (requirement D2)
    registry=_registry,
)
Gauge("wirekin_build", "The version, as a label.", ["version"], registry=_registry).labels(__version__).set(1)

_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST"})

PushEnd = Literal["received", "hint", "forged", "too_large", "unknown", "recorded", "unreadable"]
"""The first five are counted where a push arrives, the last two where it is read."""


def poll_ended(status: PollStatus, reason: Reason | None = None, headlines_new: int = 0) -> None:
    """One poll was recorded."""
    _polls_that(status).inc()
    if headlines_new:
        _headlines.inc(headlines_new)
    if reason is not None:
        _failures.labels(reason.value).inc()


@cache
def _polls_that(status: PollStatus) -> Counter:
    return _polls.labels(status.value)


def push_ended(outcome: PushEnd, headlines_new: int = 0) -> None:
    """One push arrived, or was read."""
    _pushes.labels(outcome).inc()
    _headlines.inc(headlines_new)


def article_asked(outcome: Literal["completed", "nothing"] | Reason) -> None:
    """An article's page was asked for what its headline lacks; it gave some of it, nothing, or failed."""
    _articles.labels(str(outcome)).inc()


def image_asked(outcome: Literal["made"] | Reason) -> None:
    """A publisher's picture was fetched and made small, or failed."""
    _images.labels(str(outcome)).inc()


def stories_opened(number: int) -> None:
    """Grouping opened so many stories."""
    _stories.inc(number)


def turn_ended(seconds: float) -> None:
    """A turn of polling and grouping took so long."""
    _turn.observe(seconds)


def tick_ran(timestamp: float) -> None:
    """The daemon ticked; seconds since the epoch."""
    _ticked_at.set(timestamp)


def feeds_counted(by_health: Mapping[Health, int]) -> None:
    """So many feeds are in each state of health now."""
    for health in Health:
        _feeds.labels(health.value).set(by_health.get(health, 0))


def request_answered(route: str, method: str, status: int, seconds: float) -> None:
    """One request was answered; `route` is the path's template, "other" where there was none."""
    counter, histogram = _of_a_request(route, method if method in _METHODS else "other", status)
    counter.inc()
    if route != "other":
        histogram.observe(seconds)


@cache  # routes, methods and statuses are few, and to look a child up takes longer than to count
def _of_a_request(route: str, method: str, status: int) -> tuple[Counter, Histogram]:
    return _requests.labels(route, method, str(status)), _answering.labels(route)


def exposition() -> tuple[bytes, str]:
    """Everything counted, and its content type."""
    return generate_latest(_registry), CONTENT_TYPE_LATEST
