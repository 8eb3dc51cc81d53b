"""HTTP as a guest should speak it: conditional, bounded, guarded, slow on each host and quick over all of them.

fetch_many: requests -> up to 64 fetches at once -> results as they finish
fetch:      judge the URL -> robots.txt [pages] -> take the host -> one GET -> follow, or classify the answer
post:       the same way for a form that a hub wants (WebSub)
Every answer and every failure of the network is a value (requirements A1, A2, A10 to A12, B, C1, C3).
Sources: RFC 9110 (HTTP), RFC 9309 (robots.txt), WebSub. `_guard` judges addresses, `_robots` reads robots.txt, `_hosts`
takes the hosts' slots, `_client` and `_transport` make the exchange, `_trail` follows redirects.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable
from functools import partial
from typing import Self
from urllib.parse import urlencode

from wirekin import urls
from wirekin.fetch._body import Caps
from wirekin.fetch._client import Answer, Client
from wirekin.fetch._failure import Failure, failure_of_status
from wirekin.fetch._guard import Target, judge_url
from wirekin.fetch._hints import hints_of
from wirekin.fetch._hosts import Errand, GiveBackHost, LeaveHost, Queues, TakeHost
from wirekin.fetch._links import feeds_of, hub_of
from wirekin.fetch._policy import FetchPolicy, user_agent
from wirekin.fetch._resolver import Resolver, Resolves
from wirekin.fetch._robots import PARSED_BYTES, RobotsCache, Rules, rules_of
from wirekin.fetch._trail import Trail
from wirekin.model import (
    Clock,
    FeedKind,
    Fetched,
    FetchFailed,
    FetchRequest,
    FetchResult,
    FormRequest,
    HttpHints,
    NotModified,
    Posted,
    Reason,
)

__all__ = ["Caps", "FetchPolicy", "Fetcher", "GiveBackHost", "LeaveHost", "TakeHost", "user_agent"]

_FOLLOWED = frozenset({301, 302, 303, 307, 308})
_ROBOTS_CAPS = Caps(PARSED_BYTES, PARSED_BYTES, cut=True)
_HOLDS = frozenset({429, 503})  # requirement A7
_POSTED_ON = frozenset({307, 308})


class Fetcher:
    """Asks for documents; an async context manager that owns its connections.

    The caller holds the slot of each request's own host. The slot of another host, where a redirect leads, is taken and
    given back here through `take_host` and `give_back_host`; before it is taken, the own host's slot is released
    through `leave_host`, if that is given. `resolver` is for tests.
    """

    def __init__(
        self,
        policy: FetchPolicy,
        *,
        take_host: TakeHost,
        give_back_host: GiveBackHost,
        clock: Clock,
        leave_host: LeaveHost | None = None,
        resolver: Resolves | None = None,
    ) -> None:
        self._policy = policy
        self._take_host = take_host
        self._give_back_host = give_back_host
        self._leave_host = leave_host
        self._clock = clock
        self._client = Client(policy.user_agent, resolver or Resolver(policy.at_once))
        self._at_once = asyncio.Semaphore(policy.at_once)
        self._robots = RobotsCache()
        self._queues = Queues()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._client.aclose()

    async def fetch_many(self, requests: Iterable[FetchRequest]) -> AsyncGenerator[FetchResult, None]:
        """The results as they come, each with its feed id.

        A request is drawn from the iterable only when there is room for it, so that a generator may claim late.
        Closing the generator early cancels what is under way.
        """
        under_way: set[asyncio.Task[FetchResult]] = set()
        done: asyncio.Queue[asyncio.Task[FetchResult]] = asyncio.Queue()
        source = iter(requests)
        try:
            while True:
                while len(under_way) < self._policy.at_once and (request := next(source, None)) is not None:
                    task = asyncio.create_task(self.fetch(request))
                    under_way.add(task)
                    task.add_done_callback(done.put_nowait)
                if not under_way:
                    return
                finished = await done.get()
                under_way.discard(finished)
                yield finished.result()
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """One document, or why not. Raises nothing that the network can cause."""
        own = urls.host_key(request.url)
        leave_own = partial(self._leave_host, own, request.feed_id) if self._leave_host else None
        errand = Errand(own, self._policy, self._clock, self._take_host, self._give_back_host, self._queues, leave_own)
        try:
            async with errand:
                return await self._fetch(request, errand)
        except Failure as failure:
            away = errand.at if failure.status is not None and errand.at != own else ""
            detail = f"{failure.detail} from {away}" if away else failure.detail
            return FetchFailed(request.feed_id, failure.reason, detail, failure.status, failure.hints, away)

    async def _fetch(self, request: FetchRequest, errand: Errand) -> FetchResult:
        trail = Trail(request, self._policy.max_hops)
        while True:
            if request.kind is FeedKind.PAGE:
                await self._obey_robots(trail, errand)
            validators = trail.validators()
            answer = await self._ask(trail.target, errand, self._policy.caps, validators)
            if answer.status not in _FOLLOWED or "location" not in answer.headers:
                return _result_of(request, trail, answer, hints_of(answer.headers, self._clock()), bool(validators))
            trail.follow(answer)

    async def post(self, request: FormRequest) -> Posted | FetchFailed:
        """Post a form, or say why not; takes the slot of every host on the way, the first one's too.

        A 307 or 308 is followed with the form (WebSub section 5.1.2); any other redirect is a failure.
        """
        errand = Errand("", self._policy, self._clock, self._take_host, self._give_back_host, self._queues)
        try:
            async with errand:
                return await self._post(request, errand)
        except Failure as failure:
            at = errand.at if failure.status is not None else ""
            return FetchFailed(request.feed_id, failure.reason, failure.detail, failure.status, failure.hints, at)

    async def _post(self, request: FormRequest, errand: Errand) -> Posted:
        opened = request.allow_private
        inside = judge_url(request.feed_url, opened).opened  # a public feed must not send us to a private hub (B3)
        way = FetchRequest(request.feed_id, request.url, allow_private=opened if inside else frozenset())
        trail, form = Trail(way, self._policy.max_hops), urlencode(request.fields).encode("ascii")
        while True:
            answer = await self._ask(trail.target, errand, self._policy.caps, form=form)
            if answer.status not in _POSTED_ON or "location" not in answer.headers:
                break
            trail.follow(answer)
        if not 200 <= answer.status <= 299:
            raise failure_of_status(answer.status, hints_of(answer.headers, self._clock()))
        return Posted(request.feed_id, answer.status)

    async def _ask(
        self,
        target: Target,
        errand: Errand,
        caps: Caps,
        validators: Iterable[tuple[bytes, bytes]] = (),
        form: bytes | None = None,
    ) -> Answer:
        """Every request goes through here (requirement B4): judged target, host's slot, one of 64 places, time left."""
        await errand.arrive(urls.host_key(target.url))
        async with self._at_once:
            loop = asyncio.get_running_loop()
            started = loop.time()
            answer = await self._client.ask(target, caps, errand.seconds_left, validators, form)
            errand.seconds_left -= loop.time() - started
            return answer

    async def _obey_robots(self, trail: Trail, errand: Errand) -> None:
        target = trail.target
        rules = self._robots.get(target.origin, self._clock())
        if rules is None:
            rules = await self._ask_robots(trail, errand)
            self._robots.put(target.origin, rules, self._clock())
        if not rules.allow(target.url):
            raise Failure(Reason.ROBOTS, rules.why)
        await rules.take_turn()

    async def _ask_robots(self, page: Trail, errand: Errand) -> Rules:
        """The rules of the page's origin; a host that cannot be reached fails the page with the same reason."""
        trail = page.beside("/robots.txt")
        while True:
            answer = await self._ask(trail.target, errand, _ROBOTS_CAPS)
            if answer.status in _HOLDS:  # these concern the host, not the page
                raise failure_of_status(answer.status, hints_of(answer.headers, self._clock()))
            if answer.body and answer.body.whole is False:  # the lost part may forbid the page
                raise Failure(Reason.TRUNCATED, "robots.txt is cut short", status=answer.status)
            if answer.status not in _FOLLOWED or "location" not in answer.headers:
                return rules_of(answer.status, answer.body.octets if answer.body else b"")
            trail.follow(answer)


def _result_of(request: FetchRequest, trail: Trail, answer: Answer, hints: HttpHints, conditional: bool) -> FetchResult:
    if answer.status == 304 and conditional:
        return NotModified(request.feed_id, hints, trail.moved_to)
    if answer.status == 410 and not trail.is_permanent:  # the feed's own address is not gone: it redirects for now
        raise Failure(Reason.NOT_FOUND, "HTTP 410", status=410, hints=hints)
    if answer.body is None:
        raise failure_of_status(answer.status, hints)
    body = answer.body
    if not body.octets:
        raise Failure(Reason.EMPTY, "a body of nothing", status=200, hints=hints)
    return Fetched(
        request.feed_id,
        trail.target.url,
        body.octets,
        body.sha256,
        content_type=answer.headers.get("content-type", ""),
        etag=answer.headers.get("etag"),
        last_modified=answer.headers.get("last-modified"),
        hints=hints,
        whole=body.whole,
        moved_to=trail.moved_to,
        hub=hub_of(answer.headers, trail.target.url),
        feeds=feeds_of(answer.headers, trail.target.url),
        unpack=body.unpack,
    )
