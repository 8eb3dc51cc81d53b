"""One sample publisher's site: its feeds, pages, articles and pictures, answered from the sample."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from http import HTTPStatus

from wirekin.demo import _pages, _pictures
from wirekin.demo._documents import STYLES, Channel, Item, Renderer
from wirekin.demo._sample import Outlet, OutletFeed, Report, Sample
from wirekin.demo._server import Answer
from wirekin.model import Clock

CLOSED_FOR = 3600  # seconds that the closed publisher asks for in Retry-After
MORE_LINKS = 6  # under an article
RING_MIN = 4  # reports that an event needs before the aggregator lists it

_PAGES: dict[str, tuple[Renderer, str]] = {
    "front": (_pages.front, "text/html; charset=utf-8"),
    "cards": (_pages.cards, "text/html; charset=utf-8"),
}


class Site:
    """Answers for one outlet; `homes` are all outlets' addresses by key, `started_at` is what ages count from."""

    def __init__(
        self, outlet: Outlet, sample: Sample, homes: Mapping[str, str], started_at: datetime, clock: Clock
    ) -> None:
        self.outlet = outlet
        self.home = homes[outlet.key]
        self._homes = homes
        self._sample = sample
        self._started_at = started_at
        self._clock = clock
        self._own = [report for report in sample.reports if report.outlet.key == outlet.key]
        self._zone = timezone(timedelta(hours=outlet.tz))
        self._articles = {variant: report for report in self._own for variant in (report.path, amp_path(report.path))}
        self._pictures = {report.number: report for report in self._own}

    # --- what is public ----------------------------------------------------------------------------------------------

    def published(self) -> list[Report]:
        """The outlet's reports so far, newest first; the aggregator's are other outlets' reports."""
        reports = _ring(self._sample) if self.outlet.key == "roundhouse" else self._own
        now = self._clock()
        return [report for report in reports if self.at(report) <= now]

    def at(self, report: Report) -> datetime:
        """When a report was published, in the outlet's own zone."""
        return (self._started_at - report.age).astimezone(self._zone).replace(microsecond=0)

    def item(self, report: Report, feed: OutletFeed | None = None) -> Item:
        """A report as a feed (or, without one, its own page) gives it."""
        foreign = report.outlet.key != self.outlet.key
        path = amp_path(report.path) if feed and feed.amp else report.path
        link = self._homes[report.outlet.key] + path
        if feed and feed.tracking:
            link += ("&" if "?" in link else "?") + feed.tracking
        pictured = report.outlet.pictures and not foreign
        return Item(
            report=report,
            link=link,
            at=None if "undated" in report.flags else self.at(report),
            picture=f"{self.home}/img/{report.number}" if pictured else "",
            source=(report.outlet.name, self._homes[report.outlet.key]) if foreign else None,
        )

    def items(self, feed: OutletFeed) -> list[Item]:
        """What a feed lists now."""
        return [
            self.item(report, feed)
            for report in self.published()
            if not feed.sections or report.event.section in feed.sections
        ]

    # --- answers -----------------------------------------------------------------------------------------------------

    def respond(self, path: str, query: Mapping[str, str]) -> Answer:
        """Answer a request for this site."""
        for feed in self.outlet.feeds:
            if path == feed.path:
                return self._feed(feed)
            if path == feed.moved_from:
                return Answer(status=HTTPStatus.MOVED_PERMANENTLY, headers={"Location": self.home + feed.path})
        report = self._articles.get(f"{path}?id={query['id']}" if "id" in query else path)
        if report and self.at(report) <= self._clock():
            return Answer(self._article(report))
        return self._static(path)

    def _feed(self, feed: OutletFeed) -> Answer:
        if feed.closed:
            sorry = b"The press is being cleaned. Please come back in an hour.\n"
            headers = {"Retry-After": str(CLOSED_FOR)}
            return Answer(sorry, "text/plain", HTTPStatus.SERVICE_UNAVAILABLE, headers)
        render, content_type = (STYLES | _PAGES)[feed.style]
        items = self.items(feed)
        newest = self.at(items[0].report) if items else self._started_at
        headers = {"Last-Modified": format_datetime(newest.astimezone(UTC), usegmt=True)}
        if feed.max_age is not None:
            headers["Cache-Control"] = f"public, max-age={feed.max_age}"
        return Answer(render(Channel(self.outlet, feed, self.home, newest), items), content_type, headers=headers)

    def _article(self, report: Report) -> bytes:
        others = [one for one in self.published() if one.id != report.id and one.outlet.key == self.outlet.key]
        near = [one for one in others if one.event.thread == report.event.thread]
        rest = [one for one in others if one not in near]
        return _pages.article(self.item(report), self.at(report), (near + rest)[:MORE_LINKS])

    def _static(self, path: str) -> Answer:
        section = path.removeprefix("/section/")
        if path == "/" or (path.startswith("/section/") and section in _pages.SECTIONS):
            frame = Channel(self.outlet, self.outlet.feeds[0], self.home, self._started_at)
            wanted = [report for report in self.published() if path == "/" or report.event.section == section]
            return Answer(_pages.front(frame, [self.item(report) for report in wanted]))
        if path == "/robots.txt":
            return Answer(b"User-agent: *\nDisallow: /search\n", "text/plain")
        if path == "/site.css":
            css = f":root {{ --brand: {self.outlet.colour}; }}\n{_pages.text_of('site.css')}"
            return Answer(css.encode(), "text/css; charset=utf-8")
        if path == "/icon.svg":
            return Answer(_pictures.mark(self.outlet.colour), _pictures.MEDIA_TYPE)
        number = path.removeprefix("/img/")
        if path.startswith("/img/") and number.isdecimal() and int(number) in self._pictures:
            return Answer(
                _pictures.draw(self._pictures[int(number)]),
                _pictures.MEDIA_TYPE,
                headers={"Cache-Control": "public, max-age=86400"},
            )
        return Answer(b"Nothing of that name here.\n", "text/plain", HTTPStatus.NOT_FOUND)


def amp_path(path: str) -> str:
    """The mobile variant of an article's path."""
    return path.removesuffix(".html") + ".amp.html" if path.endswith(".html") else f"{path.rstrip('/')}/amp"


def _ring(sample: Sample) -> list[Report]:
    """What the aggregator lists: of every well-reported event an English newspaper's first own article."""
    counts: dict[str, int] = {}
    for report in sample.reports:
        counts[report.event.id] = counts.get(report.event.id, 0) + 1
    chosen: dict[str, Report] = {}
    for report in sample.reports:  # newest first, so that the earliest stays
        ours = report.outlet.lang == "en" and not report.outlet.wire and not report.copy_of
        if ours and counts[report.event.id] >= RING_MIN:
            chosen[report.event.id] = report
    return sorted(chosen.values(), key=lambda report: report.age)
