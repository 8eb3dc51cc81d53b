"""The feeds.yml of the demo, written from the outlets: the same keys as anybody's, with loopback addresses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from wirekin.demo._pages import SELECT
from wirekin.demo._sample import Outlet, OutletFeed, load

_HEAD = """\
# The demo's configuration: sample publishers on this machine, written at its start. See docs/configuration.md.
settings:
  contact: demo@example.org
  poll_every: 5m
  allow_private:
"""


def feeds_yml(homes: Mapping[str, str], topics_yaml: str) -> str:
    """The whole text; `homes` gives each outlet's address by key, `topics_yaml` whole sections: `topics:`, `terms:`."""
    outlets = load().outlets
    lines = [f"    - {_quoted(urlsplit(home).netloc)}" for home in homes.values()]
    lines += ["", "publishers:"]
    lines += [line for outlet in outlets.values() for line in _publisher(outlet)]
    lines += ["", topics_yaml.strip(), "", "feeds:"]
    lines += [
        line for key, outlet in outlets.items() for feed in outlet.feeds for line in _feed(outlet, feed, homes[key])
    ]
    return _HEAD + "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a YAML string


def _publisher(outlet: Outlet) -> Iterator[str]:
    yield f"  - name: {_quoted(outlet.name)}"
    yield f"    domains: [{outlet.domain}]"
    if outlet.wire:
        yield "    wire: true"


def _feed(outlet: Outlet, feed: OutletFeed, home: str) -> Iterator[str]:
    kind = {"front": "page", "cards": "page", "sitemap": "sitemap"}.get(feed.style, "url")
    yield f"  - {kind}: {_quoted(home + (feed.moved_from or feed.path))}"
    yield f"    name: {_quoted(feed.name)}"
    if feed.style != "rss-source":  # an aggregator's items name their publishers themselves
        yield f"    publisher: {_quoted(outlet.name)}"
    yield f"    lang: {outlet.lang}"
    if feed.style == "cards":
        pairs = ", ".join(f"{name}: {_quoted(selector)}" for name, selector in SELECT.items())
        yield f"    select: {{ {pairs} }}"
