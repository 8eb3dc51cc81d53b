"""The subscriber's side of WebSub: asking hubs, and reading what they push (W3C Recommendation, 23 January 2018).

::

    a poll finds a hub -> claim_requests -> POST hub.mode=subscribe -> the hub asks back (web) -> confirm: active
    the hub pushes (web) -> is_signed -> receive: acknowledged -> the next tick: parse, digest, record_pushes

A push is treated as a part of the feed's document: its entries are kept, and the feed is made due. A hub without TLS
gets no secret, and a push from it is only a hint: docs/adr/0008-websub.md says why.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final
from urllib.parse import urlsplit

from wirekin import _metrics, schedule, urls
from wirekin._log import fields, logger
from wirekin._turns import turn_by_turn
from wirekin.digest import Rules, digesting_push, keys_to_look_up
from wirekin.model import (
    Clock,
    Feed,
    FeedId,
    Fetched,
    FetchFailed,
    FormRequest,
    HubAnswer,
    HubRequest,
    Parsed,
    ParseResult,
    Posted,
    Push,
    PushOutcome,
    Reason,
    Sighting,
)
from wirekin.store.threads import StoreThread, SubscriptionsThread

log = logger(__name__)

MAX_PUSH_BYTES: Final = 2 * 1024 * 1024  # as of a polled body on the wire (requirement C1)
ASKED_AT_ONCE: Final = 16  # requests to hubs in a round; those to one host go one by one, a second apart
READ_AT_ONCE: Final = 8  # pushes in memory: 16 MiB at the most
READ_A_TICK: Final = 256  # pushes; the rest wait for the next tick, so that polling has its turn
ALGORITHMS: Final = frozenset({"sha1", "sha256", "sha384", "sha512"})  # WebSub section 7.1

_PASSING: Final = frozenset({408, 425, 429})  # 4xx that say "not now", and not "no"
_NEVER: Final = frozenset({Reason.BAD_URL, Reason.FORBIDDEN_ADDRESS})

Parse = Callable[[Fetched, Feed, datetime], Awaitable[ParseResult]]
Post = Callable[[FormRequest], Awaitable[Posted | FetchFailed]]


def draw_token() -> str:
    """256 random bits in 43 characters: a callback nobody guesses, a secret below the 200 bytes of section 5.1."""
    return secrets.token_urlsafe(32)


def is_signed(header: str, secret: str, body: bytes) -> bool:
    """Whether X-Hub-Signature is the HMAC of the body under the secret, by any of the registered algorithms."""
    method, _, said = header.strip().partition("=")
    if method.lower() not in ALGORITHMS or not secret:
        return False
    made = hmac.new(secret.encode("ascii"), body, method.lower()).hexdigest()
    return hmac.compare_digest(made.encode("ascii"), said.strip().lower().encode("utf-8", "replace"))


def lease_of(seconds: str) -> timedelta:
    """The lease that `hub.lease_seconds` means, within our bounds."""
    if not (seconds.isascii() and seconds.isdigit()):
        return schedule.hub_lease(None)
    return schedule.hub_lease(timedelta(seconds=int(seconds[:10])))  # ten digits are 300 years


def address_of(request: HubRequest) -> str:
    """Where to send a request: by TLS first, also where the hub is announced without it (WebSub section 8.2).

    Every second attempt takes the announced address, for hubs that have no TLS.
    """
    scheme, _, rest = request.hub.partition(":")
    upgraded = scheme == "http" and urlsplit(request.hub).port is None and request.attempts % 2 == 0
    return f"https:{rest}" if upgraded else request.hub


@dataclass(slots=True)
class Subscriber:
    """What the daemon does for WebSub at each tick; composed by the command line, changed by a reload."""

    subscriptions: SubscriptionsThread
    store: StoreThread
    post: Post
    parse: Parse
    rules: Rules
    feeds: dict[FeedId, Feed]
    base: str  # our public address, without a slash at the end; "": WebSub is off
    clock: Clock

    async def read_pushes(self) -> int:
        """Read what waits, record it, and say how many new headlines came."""
        new = 0
        for _ in range(READ_A_TICK // READ_AT_ONCE):
            pushes = await self.subscriptions.call(lambda face: face.pushes(READ_AT_ONCE))
            if not pushes:
                break
            new += await self._record(await asyncio.gather(*map(self._read, pushes)))
        return new

    async def _read(self, push: Push) -> PushOutcome:
        if push.feed.id not in self.feeds:
            return PushOutcome(push.n, push.feed.id, taken=True)  # it left feeds.yml meanwhile
        now = self.clock()
        body_hash = blake2b(push.body, digest_size=16).hexdigest()
        # Resolve links as a poll does, so that an entry has the same keys either way.
        url = push.state.document_url or push.feed.url
        fetched = Fetched(push.feed.id, url, push.body, body_hash, content_type=push.content_type)
        parsed = await self.parse(fetched, push.feed, now)
        sighted = await self._sighted(push, parsed)
        try:
            return await turn_by_turn(digesting_push(push, parsed, sighted, self.rules, now))
        except Exception:  # else this push would fail every tick before a feed is polled
            log.exception("digest failed", extra=fields(feed=push.feed.name))
            return PushOutcome(push.n, push.feed.id, taken=False, harmful=True)

    async def _sighted(self, push: Push, parsed: ParseResult) -> Iterable[Sighting]:
        if not isinstance(parsed, Parsed) or not parsed.entries:
            return ()
        keys = keys_to_look_up(parsed.entries)
        return await self.store.call(lambda store: store.sighted(push.feed.id, *keys))

    async def _record(self, outcomes: list[PushOutcome]) -> int:
        now = self.clock()
        recorded = await self.subscriptions.call(lambda face: face.record_pushes(outcomes, now))
        for outcome, row in zip(outcomes, recorded, strict=True):
            _metrics.push_ended("recorded" if outcome.taken else "unreadable", row.headlines_new)
            feed = self.feeds.get(outcome.feed_id)
            log.info(
                "push read",
                extra=fields(
                    feed=feed.name if feed else None, taken=outcome.taken, news=outcome.news, new=row.headlines_new
                ),
            )
        return sum(row.headlines_new for row in recorded)

    async def ask_hubs(self) -> int:
        """Send the requests that are due, a bounded number; returns how many there were."""
        now = self.clock()
        requests = await self.subscriptions.call(
            lambda face: face.claim_requests(now, base=self.base, limit=ASKED_AT_ONCE, draw=draw_token)
        )
        await asyncio.gather(*map(self._ask, requests))
        return len(requests)

    async def _ask(self, request: HubRequest) -> None:
        url = address_of(request)
        form = FormRequest(request.feed.id, request.feed.url, url, form_of(request, url), request.feed.allow_private)
        result = await self.post(form)
        now = self.clock()
        if isinstance(result, FetchFailed):
            await self.store.heed(result, urls.host_key(url), now)
        answer = answer_of(request, url, result, now)
        await self.subscriptions.call(lambda face: face.record_answers([answer], now))
        log.info(
            "hub asked",
            extra=fields(
                feed=request.feed.name,
                hub=url,
                mode=request.mode,
                accepted=answer.accepted,
                detail=answer.detail or None,
            ),
        )


def form_of(request: HubRequest, url: str) -> tuple[tuple[str, str], ...]:
    """The fields of a subscription request (WebSub section 5.1); the secret goes over TLS only."""
    plain = (("hub.mode", request.mode), ("hub.topic", request.topic), ("hub.callback", request.callback))
    if request.mode == "unsubscribe":
        return plain
    lease = ("hub.lease_seconds", str(int(schedule.HUB_LEASE.total_seconds())))
    return (*plain, lease, ("hub.secret", request.secret)) if url.startswith("https:") else (*plain, lease)


def answer_of(request: HubRequest, url: str, result: Posted | FetchFailed, now: datetime) -> HubAnswer:
    """What a hub's answer means. An accepted request is sent again too, unless the hub confirms it first."""
    wait, detail, refused = schedule.hub_retry(request.attempts), "", False
    if isinstance(result, FetchFailed):
        status = result.status or 0
        no = (400 <= status <= 499 and status not in _PASSING) or result.reason in _NEVER
        refused = no and url == request.hub
        wait = schedule.HUB_REFUSED_FOR if refused else max(wait, result.hints.retry_after or timedelta())
        detail = f"{result.reason.value} {result.detail}".strip()
    return HubAnswer(
        token=request.token,
        accepted=isinstance(result, Posted),
        refused=refused,
        secure=url.startswith("https:"),
        next_try_at=now + wait,
        detail=detail,
    )
