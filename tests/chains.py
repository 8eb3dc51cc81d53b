"""Generated redirect chains that change over days, a fake HTTP client that serves them, and an oracle.

A chain is one or two feeds, and the reply of each address at each step of time. The oracle `walked` tells from the
script alone how a poll ends: it uses neither fetch nor moves, so it can check both.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import pairwise
from typing import Self

import make
from wirekin.fetch._body import Body, Caps
from wirekin.fetch._client import Answer
from wirekin.fetch._failure import Failure
from wirekin.fetch._guard import Target
from wirekin.model import Feed, Reason

MOST_HOPS = 5
PERMANENT = (301, 308)
TEMPORARY = (302, 303, 307)
HTML = b"<!doctype html><html><body><h1>This domain is for sale</h1></body></html>"
RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>{0}</title>{1}</channel></rss>'
ITEM = "<item><title>Report {0} from the harbour</title><link>https://news.example/{0}/{1}</link></item>"


@dataclass(frozen=True)
class Reply:
    """The reply of an address: a status with a location, a document, or (`broken`) a failure of the network."""

    status: int = 200
    location: str = ""
    body: bytes = b""
    cut: bool = False
    broken: Reason | None = None


@dataclass
class Chain:
    """One or two feeds, the replies of their addresses, exceptions at single steps, and the steps of their polls."""

    feeds: list[Feed]
    replies: dict[str, Reply]
    polled: frozenset[int]
    validates: bool = True  # whether its servers send an ETag and answer 304 to it
    otherwise: dict[tuple[int, str], Reply] = field(default_factory=dict)

    def at(self, url: str, step: int) -> Reply:
        return self.otherwise.get((step, url)) or self.replies.get(url, Reply(404))


class Wire:
    """A fake HTTP client that answers from the chains, as of the current step."""

    def __init__(self, chains: Iterable[Chain]) -> None:
        self._of = {url: chain for chain in chains for url in chain.replies}
        self.step = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        pass

    async def ask(
        self,
        target: Target,
        caps: Caps,
        seconds: float,
        validators: Iterable[tuple[bytes, bytes]] = (),
        form: bytes | None = None,
    ) -> Answer:
        chain = self._of[target.url]
        reply = chain.at(target.url, self.step)
        if reply.broken:
            raise Failure(reply.broken, "scripted")
        headers = {"location": reply.location} if reply.location else {}
        if reply.status != 200:
            return Answer(reply.status, headers, None)
        etag = f'"{blake2b(reply.body, digest_size=6).hexdigest()}"'
        headers = {"content-type": "text/xml", **({"etag": etag} if chain.validates else {})}
        if (b"if-none-match", etag.encode()) in validators:
            return Answer(304, headers, None)
        return Answer(200, headers, Body(reply.body, not reply.cut, len(reply.body)))


@dataclass(frozen=True)
class Walk:
    """How a poll ends: `read` (a feed), `cut` (part of one), `silent` (network failure or 5xx) or `bad` (the rest)."""

    end: str
    moved_to: str | None = None


def walked(chain: Chain, url: str, step: int) -> Walk:
    """Follow the script from `url`."""
    way, permanent = [url], True
    while True:
        reply = chain.at(way[-1], step)
        if reply.broken or reply.status >= 500:
            return Walk("silent")
        if reply.status == 200:
            if reply.body == HTML:
                return Walk("bad")
            target = way[-1] if permanent and len(way) > 1 else None
            return Walk("cut" if reply.cut else "read", target)
        if not reply.location:
            return Walk("bad")
        downgrade = way[-1].startswith("https:") and reply.location.startswith("http:")
        if downgrade or reply.location in way or len(way) > MOST_HOPS:
            return Walk("bad")
        permanent = permanent and reply.status in PERMANENT
        way.append(reply.location)


# --- generating -----------------------------------------------------------------------------------------------------


def generated(number: int, rng: random.Random, steps: int) -> Chain:
    """A random chain: most are plausible, some (loops, downgrades, flapping replies) are broken."""
    urls = _addresses(number, rng)
    replies = {here: Reply(_status(rng), there) for here, there in pairwise(urls)}
    replies[urls[-1]] = _final_reply(number, urls, rng)
    polled = [step for step in range(steps) if rng.random() < rng.choice((0.2, 0.4, 0.7))]
    feeds = [make.feed(urls[0], name=f"{number} first", host=f"c{number}h0.example")]
    chain = Chain(feeds, replies, frozenset(polled), validates=rng.random() < 0.6)
    if rng.random() < 0.2:
        _add_second_feed(chain, number, urls, rng)
    _make_replies_flap(chain, number, rng)
    if rng.random() < 0.35:
        _change_for_good(chain, number, urls, steps, rng)
    return chain


def _addresses(number: int, rng: random.Random) -> list[str]:
    hops = rng.choices(range(7), (10, 45, 20, 10, 5, 5, 5))[0]
    schemes = rng.choices(("https", "http", "upward", "any"), (5, 2, 3, 1))[0]
    switch = rng.randint(0, hops)
    urls, host = [], 0
    for place in range(hops + 1):
        scheme = {
            "upward": "http" if place < switch else "https",
            "any": rng.choice(("http", "https")),
        }.get(schemes, schemes)
        urls.append(f"{scheme}://c{number}h{host}.example/{place}.xml")
        host += rng.random() < 0.6
    return urls


def _status(rng: random.Random) -> int:
    return rng.choice(PERMANENT) if rng.random() < 0.88 else rng.choice(TEMPORARY)


def _final_reply(number: int, urls: list[str], rng: random.Random) -> Reply:
    kind = rng.choices(("feed", "html", "missing", "gone", "down", "loop", "cut"), (80, 4, 3, 2, 2, 5, 2))[0]
    return {
        "feed": Reply(body=document(number, 0)),
        "html": Reply(body=HTML),
        "missing": Reply(404),
        "gone": Reply(410),
        "down": Reply(500),
        "loop": Reply(_status(rng), rng.choice(urls)),
        "cut": Reply(body=document(number, 0)[:-12], cut=True),
    }[kind]


def document(number: int, edition: int) -> bytes:
    return RSS.format(number, ITEM.format(number, 0) + (ITEM.format(number, edition) if edition else "")).encode()


def _add_second_feed(chain: Chain, number: int, urls: list[str], rng: random.Random) -> None:
    """Add a second feed, before or after the first, at the end of the first one's chain or redirecting there."""
    if len(urls) > 1 and rng.random() < 0.5:
        url = urls[-1]
    else:
        url = f"https://c{number}twin.example/rss"
        chain.replies[url] = Reply(rng.choice(PERMANENT), urls[-1])
    host = url.split("/")[2]
    chain.feeds.insert(rng.randint(0, 1), make.feed(url, name=f"{number} second", host=host))


def _make_replies_flap(chain: Chain, number: int, rng: random.Random) -> None:
    """Make replies flap: at some steps an address answers differently."""
    often = rng.choice((0.0, 0.0, 0.04, 0.1, 0.25))
    broken = (Reason.DNS, Reason.CONNECT, Reason.TIMEOUT, Reason.TLS)
    for step in chain.polled:
        for url, usual in chain.replies.items():
            if rng.random() >= often / len(chain.replies):
                continue
            chain.otherwise[step, url] = rng.choice([
                Reply(broken=rng.choice(broken)),
                Reply(rng.choice((500, 502))),
                Reply(rng.choice(TEMPORARY), usual.location) if usual.location else Reply(body=HTML),
                Reply(body=document(number, step + 1)),
                Reply(body=document(number, step + 1)[:-12], cut=True),
                Reply(rng.choice((403, 404, 410))),
            ])  # fmt: skip


def _change_for_good(chain: Chain, number: int, urls: list[str], steps: int, rng: random.Random) -> None:
    """Change the chain for good, after a move can have been believed: its end dies, moves on or moves home."""
    since, last = rng.randint(steps // 2, steps - 4), urls[-1]
    onward = f"https://c{number}on.example/rss"
    chain.replies[onward] = Reply(body=document(number, 1))
    kind = rng.choice(("html", "missing", "silent", "onward", "onward", "home", "mended"))
    for step in range(since, steps):
        later = {
            "html": {last: Reply(body=HTML)},
            "missing": {last: Reply(404)},
            "silent": {last: Reply(broken=Reason.DNS)},
            "onward": {last: Reply(301, onward)},
            "home": {last: Reply(301, urls[0]), urls[0]: Reply(body=document(number, 2))},
            "mended": {last: Reply(404), urls[0]: Reply(body=document(number, 2))},
        }[kind]
        chain.otherwise.update({(step, url): reply for url, reply in later.items()})
