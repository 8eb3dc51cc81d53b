"""Metrics for Prometheus: names begin with wirekin_, and no label ever holds a URL, a title or a host.

For the shell only. Call the functions named after what happened; `exposition` renders the counts. Nothing is counted
before `begin`: nobody scrapes a command that polls once, and importing prometheus_client takes 28 ms (2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Literal

from wirekin import __version__
from wirekin.model import Health, PollStatus, Reason

if TYPE_CHECKING:
    from prometheus_client import Counter, Histogram

_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST"})

PushEnd = Literal["received", "hint", "forged", "too_large", "unknown", "recorded", "unreadable"]
"""The first five are counted where a push arrives, the last two where it is read."""


class _Meters:
    """All metrics; one instance a process."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

        registry = self.registry = CollectorRegistry()
        ProcessCollector(namespace="wirekin", registry=registry)
        self.polls = Counter("wirekin_polls", "Polls by how they ended.", ["status"], registry=registry)
        self.failures = Counter("wirekin_poll_failures", "Failed polls by reason.", ["reason"], registry=registry)
        self.headlines = Counter("wirekin_headlines_new", "Headlines kept for the first time.", registry=registry)
        self.stories = Counter("wirekin_stories_new", "Stories opened.", registry=registry)
        self.pushes = Counter(
            "wirekin_pushes", "What hubs pushed, by what became of it.", ["outcome"], registry=registry
        )
        self.articles = Counter(
            "wirekin_articles", "Article pages asked for details, by outcome.", ["outcome"], registry=registry
        )
        self.images = Counter(
            "wirekin_images", "Pictures asked of publishers, by outcome.", ["outcome"], registry=registry
        )
        self.turn = Histogram(
            "wirekin_turn_seconds",
            "From claiming what is due to having grouped it.",
            buckets=(0.05, 0.25, 1, 5, 15, 30, 60, 120, 300),
            registry=registry,
        )
        self.ticked_at = Gauge("wirekin_last_tick_timestamp_seconds", "When the daemon last ticked.", registry=registry)
        self.feeds = Gauge("wirekin_feeds", "Feeds by health.", ["health"], registry=registry)
        self.requests = Counter("wirekin_http_requests", "Answers.", ["route", "method", "status"], registry=registry)
        self.answering = Histogram(
            "wirekin_http_request_seconds",
            "From a whole request to a whole answer.",
            ["route"],
            buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 5),  # a query may take 0.2 s (requirement D2)
            registry=registry,
        )
        Gauge("wirekin_build", "The version, as a label.", ["version"], registry=registry).labels(__version__).set(1)
        self.polls_that = cache(lambda status: self.polls.labels(status.value))
        # Cached: routes, methods and statuses are few, and looking a child up takes longer than counting.
        self.of_a_request = cache(self._of_a_request)

    def _of_a_request(self, route: str, method: str, status: int) -> tuple[Counter, Histogram]:
        return self.requests.labels(route, method, str(status)), self.answering.labels(route)


_meters: _Meters | None = None


def begin() -> _Meters:
    """Count from now on: for a process that answers with `exposition`."""
    global _meters  # noqa: PLW0603 - one registry a process, as prometheus_client's own
    _meters = _meters or _Meters()
    return _meters


def poll_ended(status: PollStatus, reason: Reason | None = None, headlines_new: int = 0) -> None:
    """One poll was recorded."""
    if _meters:
        _meters.polls_that(status).inc()
        if headlines_new:
            _meters.headlines.inc(headlines_new)
        if reason is not None:
            _meters.failures.labels(reason.value).inc()


def push_ended(outcome: PushEnd, headlines_new: int = 0) -> None:
    """One push arrived, or was read."""
    if _meters:
        _meters.pushes.labels(outcome).inc()
        _meters.headlines.inc(headlines_new)


def article_asked(outcome: Literal["completed", "nothing"] | Reason) -> None:
    """An article's page was asked for what its headline lacks; it gave some of it, nothing, or failed."""
    if _meters:
        _meters.articles.labels(str(outcome)).inc()


def image_asked(outcome: Literal["made"] | Reason) -> None:
    """A publisher's picture was fetched and made small, or failed."""
    if _meters:
        _meters.images.labels(str(outcome)).inc()


def stories_opened(number: int) -> None:
    """Grouping opened `number` stories."""
    if _meters:
        _meters.stories.inc(number)


def turn_ended(seconds: float) -> None:
    """A turn of polling and grouping took `seconds`."""
    if _meters:
        _meters.turn.observe(seconds)


def tick_ran(timestamp: float) -> None:
    """The daemon ticked; seconds since the epoch."""
    if _meters:
        _meters.ticked_at.set(timestamp)


def feeds_counted(by_health: Mapping[Health, int]) -> None:
    """The feeds were counted by their health."""
    if _meters:
        for health in Health:
            _meters.feeds.labels(health.value).set(by_health.get(health, 0))


def request_answered(route: str, method: str, status: int, seconds: float) -> None:
    """One request was answered; `route` is the path's template, "other" where there was none."""
    if _meters:
        counter, histogram = _meters.of_a_request(route, method if method in _METHODS else "other", status)
        counter.inc()
        if route != "other":
            histogram.observe(seconds)


def exposition() -> tuple[bytes, str]:
    """Everything counted since `begin`, and its content type."""
    from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

    return generate_latest(begin().registry), CONTENT_TYPE_LATEST
