"""A document cut anywhere, in every framing, by digest and store: nothing is lost for ever (requirement A2).

Each cut is a feed of its own. The cut answer has the validators of the complete document, so a poller that keeps them
gets a 304 from the healed server and misses the rest. `make test` takes a seeded sample; WIREKIN_PROOF=1 (`make proof`)
takes 500 cut points of each framing, at the first poll and at a later one.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

import make
from fakes import Clock
from faults import CUTS, Ask, Fault, FeedOrigin, ServedFeed, Step
from faults import _answers as answers
from polling import feed_at, polling, titles_by_feed
from wirekin.model import FeedId, FeedState, feed_id
from wirekin.refresh import Poller, TurnReport

PROOF = bool(os.environ.get("WIREKIN_PROOF"))
CUT_POINTS = 500 if PROOF else 10  # of each framing
FRESH = 5  # new items since the first poll, where there was one
DIALECTS = ("rss", "atom", "json")

pytestmark = [pytest.mark.slow, pytest.mark.proof]

Framed = Callable[[Ask], tuple[bytes, bytes]]
"""Head and body of the whole answer."""


def by_length(ask: Ask) -> tuple[bytes, bytes]:
    octets = ask.document.octets()
    return answers.healthy_head(ask.document, answers.length(octets)), octets


def in_chunks(ask: Ask) -> tuple[bytes, bytes]:
    return answers.healthy_head(ask.document, answers.CHUNKED), b"".join(
        answers.chunks(ask.document.octets())
    ) + b"0\r\n\r\n"


def until_close(ask: Ask) -> tuple[bytes, bytes]:
    return answers.healthy_head(ask.document), ask.document.octets()


def gzip_until_close(ask: Ask) -> tuple[bytes, bytes]:
    return answers.healthy_head(ask.document, answers.GZIP), answers.packed(ask.document.octets())


FRAMINGS: dict[str, Framed] = {
    "length": by_length, "chunked": in_chunks, "close": until_close, "gzip": gzip_until_close,
}  # fmt: skip


@dataclass(frozen=True)
class Cut:
    """A framed answer, cut at a share of its body."""

    framed: Framed
    share: float

    def __call__(self, ask: Ask) -> Iterable[Step]:
        head, body = self.framed(ask)
        yield head + body[: int(len(body) * self.share)]


def cuts() -> list[Fault]:
    """Seeded cut points of every framing, including both ends."""
    rng = random.Random(2026)
    shares = [0.0, 0.999, *(rng.random() for _ in range(CUT_POINTS - 2))]
    return [Fault(name, "Cut.", Cut(framed, share), CUTS) for name, framed in FRAMINGS.items() for share in shares]


@dataclass
class Reader:
    """A poller and its database."""

    poller: Poller
    clock: Clock
    database: Path

    async def poll(self) -> TurnReport:
        """Move the clock to when all feeds are due, and poll them."""
        self.clock.now = max(state.next_poll_at for state in (await self.states()).values())
        return await self.poller.turn()

    async def states(self) -> dict[FeedId, FeedState]:
        return await self.poller.store.call(lambda store: store.feed_states())

    def kept(self, feeds: list[ServedFeed]) -> list[Counter[str]]:
        found = titles_by_feed(self.database)
        return [found[feed_id(feed.url)] for feed in feeds]


@pytest.mark.parametrize("first", [True, False], ids=["at the first poll", "at a later poll"])
async def test_a_feed_whose_document_was_cut_anywhere_is_complete_once_it_heals(
    tmp_path: Path, tell: Callable[[str], None], first: bool
) -> None:
    faults, clock, database = cuts(), Clock(), tmp_path / "wirekin.db"
    async with FeedOrigin(keep_heads=False) as origin:
        feeds = [await origin.add(make.NOW, dialect=DIALECTS[place % 3]) for place in range(len(faults))]
        async with polling(database, [feed_at(feed.url, feed.netlocs) for feed in feeds], clock) as poller:
            reader = Reader(poller, clock, database)
            if not first:
                assert (await reader.poll()).failed == 0
                for feed in feeds:
                    feed.add_items(FRESH, clock())

            for feed, fault in zip(feeds, faults, strict=True):
                await origin.inject(feed, fault)
            cut, kept, states = await reader.poll(), reader.kept(feeds), await reader.states()
            for feed in feeds:
                await origin.inject(feed, None)
            healed, again = await reader.poll(), await reader.poll()

        believed = [
            feed for feed, titles in zip(feeds, kept, strict=True)
            if titles.keys() != feed.document.titles and states[feed_id(feed.url)].etag == feed.document.etag
        ]  # fmt: skip
        invented = [titles.keys() - feed.document.titles for feed, titles in zip(feeds, kept, strict=True)]
        complete = [Counter(feed.document.titles) for feed in feeds]
        tell(
            f"{len(feeds)} cuts: {sum(map(len, kept))} headlines kept of them, {cut.failed} without a whole one, "
            f"{sum(map(bool, invented))} with a cut title; {healed.headlines_new} came once healed"
        )

    assert (cut.polled, healed.failed, again.not_modified) == (len(feeds), 0, len(feeds))
    assert believed == []
    assert [titles for titles in invented if titles] == []
    assert reader.kept(feeds) == complete
