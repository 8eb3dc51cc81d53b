"""A document cut anywhere, in every framing, by digest and store: nothing is lost for ever (requirement A2).

Each cut is a feed of its own: the cut answer carries the validators of the whole document, so whoever keeps them is
told 304 by the healed server and misses the rest. `make test` takes a seeded sample; WIREKIN_PROOF=1 (`make proof`)
500 cut points of each framing, at the first poll and at a later one.
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
from fetching import PLAIN
from polling import feed_at, polling, titles_by_feed
from wirekin.model import feed_id

PROOF = bool(os.environ.get("WIREKIN_PROOF"))
CUT_POINTS = 500 if PROOF else 10  # of each framing
FRESH = 5  # items told since the first poll, where there was one
DIALECTS = ("rss", "atom", "json")

pytestmark = [pytest.mark.slow, pytest.mark.proof]

Framed = Callable[[Ask], tuple[bytes, bytes]]
"""Head and body of the whole answer."""


def by_length(ask: Ask) -> tuple[bytes, bytes]:
    octets = ask.document.octets()
    return answers.lead(ask.document, answers.length(octets)), octets


def in_chunks(ask: Ask) -> tuple[bytes, bytes]:
    return answers.lead(ask.document, answers.CHUNKED), b"".join(answers.chunks(ask.document.octets())) + b"0\r\n\r\n"


def until_close(ask: Ask) -> tuple[bytes, bytes]:
    return answers.lead(ask.document), ask.document.octets()


def gzip_until_close(ask: Ask) -> tuple[bytes, bytes]:
    return answers.lead(ask.document, answers.GZIP), answers.packed(ask.document.octets())


FRAMINGS: dict[str, Framed] = {
    "length": by_length, "chunked": in_chunks, "close": until_close, "gzip": gzip_until_close,
}  # fmt: skip


@dataclass(frozen=True)
class Cut:
    """The answer as framed, up to a share of its body."""

    framed: Framed
    share: float

    def __call__(self, ask: Ask) -> Iterable[Step]:
        head, body = self.framed(ask)
        yield head + body[: int(len(body) * self.share)]


def cuts() -> list[Fault]:
    """Seeded cut points of every framing, the ends among them."""
    rng = random.Random(2026)
    shares = [0.0, 0.999, *(rng.random() for _ in range(CUT_POINTS - 2))]
    return [Fault(name, "Cut.", Cut(framed, share), CUTS) for name, framed in FRAMINGS.items() for share in shares]


@pytest.mark.parametrize("first", [True, False], ids=["at the first poll", "at a later poll"])
async def test_a_document_cut_anywhere_is_complete_once_it_heals(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], first: bool
) -> None:
    faults, clock = cuts(), Clock()
    async with FeedOrigin(keep_heads=False) as origin:
        feeds = [await origin.add(make.NOW, dialect=DIALECTS[place % 3]) for place in range(len(faults))]
        listed = [feed_at(feed.url, feed.netlocs) for feed in feeds]
        async with polling(tmp_path / "w.db", listed, clock, PLAIN) as poller:

            async def poll() -> dict[str, Counter[str]]:
                clock.now = max(state.next_poll_at for state in (await poller.store.call(lambda s: s.feed_states())).values())
                assert (await poller.turn()).polled == len(feeds)
                return {feed.url: titles_by_feed(tmp_path / "w.db")[feed_id(feed.url)] for feed in feeds}
            ...
