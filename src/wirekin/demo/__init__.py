"""The demo: sample publishers on loopback, so that the real daemon has something to poll without the Internet.

`Publishers` serves invented newsrooms in five languages over real HTTP, and a sample article that carries wirekin's
footer. Apart from the addresses, everything is as in `wirekin run`.

    Publishers(wirekin_url, clock) -> listening sites -> feeds_yml(topics) -> config.load -> the daemon polls them
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC
from typing import Self

from wirekin.demo._feeds_yml import feeds_yml
from wirekin.demo._review import PATH, Review, text
from wirekin.demo._sample import Report, load
from wirekin.demo._server import Sites
from wirekin.demo._site import Site
from wirekin.model import Clock

__all__ = ["Label", "Publishers"]


@dataclass(frozen=True, slots=True)
class Label:
    """The ground truth of one sample report: the fields that `wirekin eval` and `wirekin group` read."""

    id: str
    lang: str
    title: str
    summary: str
    url: str
    outlet: str  # the publisher's name
    publisher: str  # its domain
    published_at: str  # ISO 8601, UTC
    story: str  # the event
    storyline: str  # the thread
    copy_of: str | None  # the id of the report whose text this is
    topics: tuple[str, ...]


class Publishers:
    """The sample publishers, listening while the context lasts.

    `wirekin_url` is where wirekin's own pages are, for the footer of the sample article. The reports' ages count from
    now on by `clock`, which also decides which of them are out yet: a few come out in the first hour.
    Entering raises OSError where not even 127.0.0.1 has free ports.
    """

    article_path = PATH

    def __init__(self, wirekin_url: str, clock: Clock) -> None:
        self._now = clock()
        self._wirekin_url = wirekin_url
        self._clock = clock
        self._servers: Sites | None = None
        self._sites: dict[str, Site] = {}
        self._article_home = ""
        self._review: Review | None = None

    def __enter__(self) -> Self:
        sample = load()
        servers = Sites(len(sample.outlets) + 1)
        *homes, self._article_home = servers.homes
        by_key = dict(zip(sample.outlets, homes, strict=True))
        self._sites = {
            key: Site(outlet, sample, by_key, self._now, self._clock) for key, outlet in sample.outlets.items()
        }
        self._review = Review(self._article_home, self._wirekin_url, self._now)
        servers.open([*(site.respond for site in self._sites.values()), self._review.respond])
        self._servers = servers
        return self

    def __exit__(self, *error: object) -> None:
        if self._servers:
            self._servers.close()

    def point_to(self, wirekin_url: str) -> None:
        """Tell the sample article where wirekin's pages are, if that was not known at first (port 0)."""
        self._wirekin_url = wirekin_url
        if self._review:
            self._review.point_to(wirekin_url)

    @property
    def homes(self) -> dict[str, str]:
        """Each outlet's key and the address of its site."""
        return {key: site.home for key, site in self._sites.items()}

    @property
    def article_url(self) -> str:
        """The sample article that carries the footer."""
        return self._article_home + PATH

    @property
    def article_title(self) -> str:
        """Its title."""
        return text().title

    def feeds_yml(self, topics_yaml: str) -> str:
        """The text of a feeds.yml for these publishers.

        `topics_yaml` is taken over as it is: the sections `topics:` and `terms:` of another feeds.yml, keys included.
        """
        return feeds_yml(self.homes, topics_yaml)

    @property
    def entries(self) -> tuple[Label, ...]:
        """The ground truth of every report that is out by now, newest first."""
        out = {report.id for site in self._sites.values() for report in site.published()}
        return tuple(self._label(report) for report in load().reports if report.id in out)

    def labels_jsonl(self) -> Iterator[str]:
        """The entries as lines of JSON."""
        for entry in self.entries:
            yield json.dumps(asdict(entry), ensure_ascii=False) + "\n"

    def _label(self, report: Report) -> Label:
        site = self._sites[report.outlet.key]
        return Label(
            id=report.id,
            lang=report.outlet.lang,
            title=report.published_title,
            summary=report.summary,
            url=site.item(report).link,
            outlet=report.outlet.name,
            publisher=report.outlet.domain,
            published_at=site.at(report).astimezone(UTC).isoformat(),
            story=report.event.id,
            storyline=report.event.thread,
            copy_of=report.copy_of,
            topics=report.event.topics,
        )
