"""WebSub end to end in one process: a publisher, a real hub over TLS, our web server, and a fake clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import cast

import pytest

import make
from commands import rss
from fakes import Web, World, parse_here
from fetching import asking, fetcher
from hub import CERTIFICATE, Hub
from make import at
from origin import Origin
from serving import serving_backend
from wirekin.model import (
    Feed,
    FeedState,
    Fetched,
    FetchFailed,
    HttpHints,
    HubRequest,
    ParseFailed,
    ParseResult,
    Push,
    PushOutcome,
    Reason,
    Recorded,
    SubscriptionState,
)
from wirekin.refresh import Poller
from wirekin.schedule import FLOOR, PUSHED_SLOWER
from wirekin.store.threads import SubscriptionsThread
from wirekin.websub import Subscriber, address_of, answer_of, form_of

HOME = "http://herald.example"
ONE, TWO, THREE = (
    (f"{title} in the strait", f"{HOME}/{n}", "") for n, title in enumerate(("Ship seized", "Crew held", "Port shut"))
)
PATIENCE = 10.0  # seconds until a test gives up


@dataclass
class Scenario:
    """One feed with a hub; `tick` does what the daemon does at each tick."""

    hub: Hub
    world: World
    poller: Poller
    subscriber: Subscriber
    feed: Feed

    def publish(self, *items: tuple[str, str, str]) -> bytes:
        """Replace the feed's items; returns its document."""
        link = f'<atom:link rel="hub" href="{self.hub.url}"/><atom:link rel="self" href="{self.feed.url}"/>'
        head = f'<channel xmlns:atom="http://www.w3.org/2005/Atom">{link}'
        document = rss("Herald", HOME, *items).replace(b"<channel>", head.encode())
        self.world.web.documents[self.feed.url] = document
        return document

    async def tick(self) -> None:
        await self.subscriber.read_pushes()
        await self.poller.turn()
        await self.subscriber.ask_hubs()

    async def subscribed(self) -> None:
        """Poll for the first time, and wait for the hub's confirmation."""
        await self.tick()
        await until(lambda: self.hub.held)

    async def pushed(self, body: bytes, **more: str) -> list[int]:
        return await asyncio.to_thread(self.hub.push, body, **more)

    @property
    def polls(self) -> int:
        return len(self.world.web.requests)

    async def state(self) -> FeedState:
        return (await self.poller.store.call(lambda store: store.feed_states()))[self.feed.id]

    async def subscription(self) -> SubscriptionState | None:
        reader = self.world.backend.reader()
        found = reader.subscriptions().get(self.feed.id)
        reader.close()
        return found.state if found else None

    def titles(self) -> list[str]:
        admin = self.world.backend.admin()
        found = sorted(headline.title for headline in admin.export())
        admin.close()
        return found

    async def live(self, hours: float, news: Callable[[], object] = lambda: None) -> list[float]:
        """Let the hours pass and tick whenever something is due; returns the hours after which polls came.

        `news` is called before each poll.
        """
        clock, polled = self.world.clock, list[float]()
        start, end = clock(), clock() + timedelta(hours=hours)
        while (due_at := (await self.state()).next_poll_at) <= end:
            clock.now = max(due_at, clock())
            news()
            before = self.polls
            await self.tick()
            polled += [round((clock() - start) / timedelta(hours=1), 2)] * (self.polls - before)
        clock.now = end
        return polled


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110 - the hub's thread sets no event of ours
            await asyncio.sleep(0.01)


@asynccontextmanager
async def scenario_with(hub: Hub, folder: Path) -> AsyncIterator[Scenario]:
    feed = make.feed("http://127.0.0.73:8080/rss.xml", host="127.0.0.73", allow_private=frozenset(
        {"127.0.0.73:8080", hub.netloc}
    ))  # fmt: skip
    world = World(folder, [feed], Web())
    async with world as poller, fetcher() as it:
        with serving_backend(world.backend, clock=world.clock) as base:
            subscriptions = SubscriptionsThread(world.backend)
            subscriber = Subscriber(
                subscriptions=subscriptions, store=poller.store, post=it.post, parse=parse_here, rules=world.rules,
                feeds=poller.feeds, base=base, clock=world.clock,
            )  # fmt: skip
            scenario = Scenario(hub, world, poller, subscriber, feed)
            scenario.publish(ONE)
            yield scenario
            await subscriptions.close()


@pytest.fixture(autouse=True)
def trust(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as serving:
        yield serving


@pytest.fixture
async def scenario(hub: Hub, tmp_path: Path) -> AsyncIterator[Scenario]:
    async with scenario_with(hub, tmp_path) as made:
        yield made


# --- subscribing -----------------------------------------------------------------------------------------------


async def test_a_polled_feed_is_subscribed_to_at_its_hub_over_tls_with_a_secret(scenario: Scenario, hub: Hub) -> None:
    await scenario.subscribed()

    (form,) = hub.forms
    assert form["hub.mode"] == "subscribe"
    assert form["hub.topic"] == scenario.feed.url
    assert form["hub.lease_seconds"] == "864000"
    assert 40 <= len(form["hub.secret"]) < 200
    assert form["hub.callback"].startswith(f"{scenario.subscriber.base}/websub/")
    assert await scenario.subscription() is SubscriptionState.ACTIVE


async def test_without_a_public_url_no_hub_is_asked(scenario: Scenario, hub: Hub) -> None:
    scenario.subscriber.base = ""

    await scenario.tick()

    assert hub.forms == []


async def test_a_hub_that_never_verifies_does_not_slow_polling_and_is_asked_less_and_less(
    scenario: Scenario, hub: Hub
) -> None:
    hub.verifies = False
    await scenario.tick()

    polled = await scenario.live(24)

    assert polled[0] == 0.5
    assert max(later - sooner for sooner, later in pairwise(polled)) <= 2.0
    assert hub.modes == ["subscribe"] * 5  # after 1, 2, 4 and 8 hours
    assert await scenario.subscription() is SubscriptionState.ASKED


async def test_a_verification_of_another_topic_is_404(scenario: Scenario, hub: Hub) -> None:
    hub.topic_asked = "http://elsewhere.example/rss.xml"
    await scenario.tick()
    await until(lambda: hub.replies)

    assert [reply.status for reply in hub.replies] == [404]
    assert await scenario.subscription() is SubscriptionState.ASKED


async def test_an_unrequested_verification_is_404(scenario: Scenario, hub: Hub) -> None:
    await scenario.subscribed()
    (callback,) = hub.held

    asked = [
        hub.ask(callback, mode="unsubscribe", topic=scenario.feed.url),
        hub.ask(callback, mode="subscribe", topic="http://elsewhere.example/"),
        hub.ask(callback[:-1] + ("B" if callback.endswith("A") else "A"), mode="subscribe", topic=scenario.feed.url),
    ]

    assert [reply.status for reply in asked] == [404, 404, 404]
    assert await scenario.subscription() is SubscriptionState.ACTIVE


@pytest.mark.parametrize(("lease", "renewed"), [("0", 0.8), ("3153600000", 0.8 * 30 * 24), ("864000", 0.8 * 240)])
async def test_a_lease_is_renewed_when_a_fifth_of_it_is_left(
    scenario: Scenario, hub: Hub, lease: str, renewed: float
) -> None:
    hub.lease = lease
    await scenario.subscribed()
    start = scenario.world.clock()

    scenario.world.clock.now = start + timedelta(hours=renewed, minutes=-1)
    await scenario.subscriber.ask_hubs()
    before = len(hub.forms)
    scenario.world.clock.now = start + timedelta(hours=renewed)
    await scenario.subscriber.ask_hubs()

    assert (before, len(hub.forms)) == (1, 2)
    assert hub.forms[0] == hub.forms[1], "a renewal keeps callback and secret"


@pytest.mark.parametrize(("status", "again"), [(403, timedelta(days=7)), (503, timedelta(hours=1))])
async def test_a_hub_that_refuses_is_asked_again_after_a_week_and_a_failing_one_after_an_hour(
    scenario: Scenario, hub: Hub, status: int, again: timedelta
) -> None:
    hub.answers = status
    await scenario.tick()
    state = await scenario.subscription()

    scenario.world.clock.move(again - timedelta(minutes=1))
    await scenario.subscriber.ask_hubs()
    before = len(hub.forms)
    scenario.world.clock.move(timedelta(minutes=1))
    await scenario.subscriber.ask_hubs()

    assert state is (SubscriptionState.DENIED if status == 403 else SubscriptionState.ASKED)
    assert (before, len(hub.forms)) == (1, 2)


async def test_a_hub_at_an_address_that_we_may_not_dial_is_tried_weekly(scenario: Scenario, hub: Hub) -> None:
    forbidding = replace(scenario.feed, allow_private=scenario.feed.allow_private - {hub.netloc})
    await scenario.poller.store.call(lambda store: store.sync_feeds([forbidding], make.NOW))

    await scenario.tick()
    state = await scenario.subscription()
    scenario.world.clock.move(timedelta(days=7) - timedelta(minutes=1))
    before = await scenario.subscriber.ask_hubs()
    scenario.world.clock.move(timedelta(minutes=1))

    assert (state, before, await scenario.subscriber.ask_hubs()) == (SubscriptionState.DENIED, 0, 1)
    assert hub.forms == []


def test_a_hub_that_says_when_to_come_again_is_asked_no_sooner() -> None:
    request = HubRequest(make.feed(), "subscribe", "https://hub.example/", "", "", "", "", 0)
    failed = FetchFailed(request.feed.id, Reason.SERVER_ERROR, hints=HttpHints(retry_after=timedelta(hours=5)))

    assert answer_of(request, request.hub, failed, make.NOW).next_try_at == at(5)


def test_a_refusal_over_tls_is_none_of_a_hub_that_was_announced_without_it() -> None:
    request = HubRequest(make.feed(), "subscribe", "http://hub.example/", "", "", "", "", 0)
    failed = FetchFailed(request.feed.id, Reason.NOT_FOUND, status=404)

    said = [answer_of(request, url, failed, make.NOW).refused for url in (address_of(request), request.hub)]

    assert said == [False, True]


@pytest.mark.parametrize(
    ("status", "refused"), [(400, True), (403, True), (408, False), (425, False), (429, False), (500, False)]
)
def test_a_hub_that_has_no_time_now_has_not_refused(status: int, refused: bool) -> None:
    request = HubRequest(make.feed(), "subscribe", "https://hub.example/", "", "", "", "", 0)
    failed = FetchFailed(request.feed.id, Reason.CLIENT_ERROR, status=status)

    answer = answer_of(request, request.hub, failed, make.NOW)

    assert (answer.refused, answer.next_try_at) == (refused, at(7 * 24 if refused else 1))


def test_a_hub_that_is_left_is_told_no_secret() -> None:
    request = HubRequest(make.feed(), "unsubscribe", "https://hub.example/", "topic", "callback", "", "hush", 0)

    assert form_of(request, request.hub) == (
        ("hub.mode", "unsubscribe"), ("hub.topic", "topic"), ("hub.callback", "callback"),
    )  # fmt: skip


@pytest.mark.parametrize(("status", "rest"), [(429, timedelta(hours=4)), (503, timedelta(hours=1)), (500, None)])
async def test_a_429_or_503_of_a_hub_holds_its_host_for_all_feeds(
    scenario: Scenario, hub: Hub, status: int, rest: timedelta | None
) -> None:
    hub.answers = status
    await scenario.tick()
    now = scenario.world.clock()

    free_at = await scenario.poller.store.call(lambda store: store.take_host(hub.host, now))
    assert free_at == (now + rest if rest else None)


async def test_a_hub_behind_a_redirect_gets_the_secret_too(scenario: Scenario, hub: Hub, tmp_path: Path) -> None:
    with Hub("127.0.0.72") as behind:
        hub.redirects_to = behind.url
        feed = replace(scenario.feed, allow_private=scenario.feed.allow_private | {behind.netloc})
        await scenario.poller.store.call(lambda store: store.sync_feeds([feed], make.NOW))
        await scenario.tick()
        await until(lambda: behind.held)

        assert behind.forms == hub.forms
        assert "hub.secret" in behind.forms[0]


def test_a_hub_announced_over_http_is_tried_over_https_first() -> None:
    def asked(hub: str, attempts: int) -> str:
        return address_of(HubRequest(make.feed(), "subscribe", hub, "", "", "", "", attempts))

    assert [asked("http://hub.example/", n) for n in (0, 1, 2)] == [
        "https://hub.example/",
        "http://hub.example/",
        "https://hub.example/",
    ]
    assert asked("http://hub.example:8080/", 0) == "http://hub.example:8080/"
    assert asked("https://hub.example/", 1) == "https://hub.example/"


async def test_a_hub_is_found_in_one_of_several_link_headers() -> None:
    with Origin("127.0.0.74") as origin:
        links = [("Link", '</feed>; rel="self"'), ("link", '<https://hub.example/>; title="a, b"; rel="next hub"')]
        origin.serve("/feed", b"<rss/>", headers=links)
        async with fetcher() as it:
            result = await it.fetch(asking(origin.url("/feed")))

    assert isinstance(result, Fetched)
    assert result.hub is not None
    assert (result.hub.url, result.hub.topic) == ("https://hub.example/", origin.url("/feed"))


# --- pushes ----------------------------------------------------------------------------------------------------


async def test_a_pushed_entry_is_a_headline_without_a_poll(scenario: Scenario) -> None:
    await scenario.subscribed()
    before = scenario.polls

    statuses = await scenario.pushed(rss("Herald", HOME, TWO))
    await scenario.tick()

    assert statuses == [202]
    assert scenario.titles() == sorted([ONE[0], TWO[0]])
    assert scenario.polls == before


async def test_a_forged_push_is_acknowledged_and_changes_nothing(scenario: Scenario) -> None:
    await scenario.subscribed()
    before = await scenario.state()

    statuses = [await scenario.pushed(rss("Herald", HOME, TWO), signature=said) for said in ("", "sha256=" + "0" * 64)]
    await scenario.tick()

    assert statuses == [[202], [202]]
    assert scenario.titles() == [ONE[0]]
    assert await scenario.state() == before


async def test_a_replayed_push_adds_nothing_and_causes_no_poll(scenario: Scenario) -> None:
    await scenario.subscribed()
    body = rss("Herald", HOME, TWO)
    await scenario.pushed(body)
    await scenario.tick()
    after_one = await scenario.state()

    for _ in range(3):
        await scenario.pushed(body)
    await scenario.tick()

    assert scenario.titles() == sorted([ONE[0], TWO[0]])
    assert await scenario.state() == after_one


async def test_a_push_and_the_poll_that_follows_make_one_headline(scenario: Scenario) -> None:
    await scenario.subscribed()
    scenario.publish(ONE, TWO)
    await scenario.pushed(rss("Herald", HOME, TWO))
    await scenario.live(1)

    assert scenario.polls == 2
    assert scenario.titles() == sorted([ONE[0], TWO[0]])


async def test_pushes_never_cause_more_polls_than_without_a_hub(scenario: Scenario) -> None:
    await scenario.subscribed()
    numbers = iter(range(1_000))
    clock, start, polled = scenario.world.clock, scenario.polls, 0
    for _ in range(48):  # news every five minutes, for four hours
        clock.move(timedelta(minutes=5))
        n = next(numbers)
        await scenario.pushed(rss("Herald", HOME, (f"Number {n}", f"{HOME}/n/{n}", "")))
        await scenario.tick()
        polled = scenario.polls - start

    assert polled <= 4 * 60 / 30


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "x">]><rss><channel><item><title>&a;</title></item></channel></rss>'
)


@pytest.mark.parametrize("body", [BOMB, b"not a feed", b"", b"\x1f\x8b\x08 cut", b"<rss><channel>" + b"<a>" * 3_000])
async def test_a_push_that_cannot_be_read_makes_the_feed_due_after_its_minimum_interval(
    scenario: Scenario, body: bytes
) -> None:
    await scenario.subscribed()
    scenario.world.clock.move(timedelta(minutes=1))

    await scenario.pushed(body)
    await scenario.tick()

    assert scenario.titles() == [ONE[0]]
    assert (await scenario.state()).next_poll_at == make.NOW + FLOOR


async def test_a_push_from_a_hub_without_tls_only_causes_a_poll_and_no_secret_was_sent(tmp_path: Path) -> None:
    with Hub(tls=False) as hub:
        async with scenario_with(hub, tmp_path) as scenario:
            await scenario.subscribed()
            scenario.publish(ONE, THREE)
            await scenario.pushed(rss("Herald", HOME, TWO))
            scenario.world.clock.move(FLOOR)
            await scenario.tick()

            assert "hub.secret" not in hub.forms[0]
            assert scenario.titles() == sorted([ONE[0], THREE[0]]), (
                "what was pushed is not believed; what was polled is"
            )


async def test_after_a_push_that_breaks_the_parser_no_further_ones_are_read(scenario: Scenario) -> None:
    await scenario.subscribed()
    read: list[bytes] = []

    async def dying(fetched: Fetched, feed: Feed, now: object) -> ParseResult:
        read.append(fetched.body)
        return ParseFailed(Reason.PARSE_TIMEOUT)

    scenario.subscriber.parse = dying
    for n in range(4):
        await scenario.pushed(b"poison %d" % n)
        await scenario.subscriber.read_pushes()

    assert read == [b"poison 0"]


async def test_a_push_for_a_removed_feed_is_discarded(scenario: Scenario) -> None:
    await scenario.subscribed()
    await scenario.pushed(rss("Herald", HOME, TWO))
    scenario.subscriber.feeds = {}

    await scenario.subscriber.read_pushes()

    assert scenario.titles() == [ONE[0]]
    assert await scenario.subscriber.subscriptions.call(lambda face: face.pushes(9)) == ()


# --- polling goes on -------------------------------------------------------------------------------------------


class Endless:
    """Subscriptions with ever another push and ever another request to a hub; counts those that were asked for."""

    def __init__(self) -> None:
        self.limits: list[int] = []

    async def call(self, work: Callable[[Endless], object]) -> object:
        return work(self)

    def pushes(self, limit: int) -> list[Push]:
        self.limits.append(limit)
        left = make.feed("https://left.example/rss")
        return [Push(n, left, make.state(left), b"", "") for n in range(limit)]

    def record_pushes(self, outcomes: list[PushOutcome], _: object) -> list[Recorded]:
        return [Recorded(outcome.feed_id) for outcome in outcomes]

    def claim_requests(self, *_: object, limit: int, **__: object) -> tuple[()]:
        self.limits.append(limit)
        return ()


async def test_however_many_pushes_and_requests_wait_a_tick_does_a_few(scenario: Scenario) -> None:
    endless = Endless()
    scenario.subscriber.subscriptions = cast("SubscriptionsThread", endless)

    await scenario.subscriber.read_pushes()
    read, endless.limits = endless.limits, []
    await scenario.subscriber.ask_hubs()

    assert (set(read), sum(read), endless.limits) == ({8}, 256, [16])


async def test_while_a_hub_pushes_the_feed_is_polled_slowly(scenario: Scenario) -> None:
    await scenario.subscribed()
    scenario.world.clock.now = (await scenario.state()).next_poll_at

    polled = await scenario.live(24)

    assert polled == [PUSHED_SLOWER * 0.5 * n for n in range(13)]


async def test_two_polls_detect_a_dead_hub_and_polling_returns_to_its_usual_pace(scenario: Scenario) -> None:
    await scenario.subscribed()
    numbers = iter(range(1_000))
    items = [ONE]

    def news() -> None:
        items.append((f"Number {next(numbers)}", f"{HOME}/n/{len(items)}", ""))
        scenario.publish(*items[-5:])  # one of five is new, at an even pace

    scenario.world.clock.now = (await scenario.state()).next_poll_at
    polled = await scenario.live(6, news)

    assert polled == [0, 2, *(2.5 + 0.5 * n for n in range(8))]
    assert len(scenario.titles()) == len(items)


async def test_a_hub_that_pushes_again_is_trusted_at_its_first_new_headline(scenario: Scenario, hub: Hub) -> None:
    await scenario.subscribed()
    for n in (1, 2):
        scenario.publish(ONE, (f"Number {n}", f"{HOME}/n/{n}", ""))
        scenario.world.clock.now = (await scenario.state()).next_poll_at
        await scenario.tick()

    await scenario.pushed(rss("Herald", HOME, TWO))
    scenario.world.clock.now = (await scenario.state()).next_poll_at
    await scenario.tick()

    assert hub.modes == ["subscribe", "subscribe"], "the second miss asks the hub anew"
    assert (await scenario.state()).next_poll_at == scenario.world.clock() + PUSHED_SLOWER * scenario.feed.every


async def test_when_the_lease_ends_polling_returns_to_its_usual_pace(scenario: Scenario, hub: Hub) -> None:
    hub.lease = "10800"  # three hours
    await scenario.subscribed()
    hub.verifies = False
    scenario.world.clock.now = (await scenario.state()).next_poll_at  # after half an hour

    polled = await scenario.live(4)

    assert polled[:4] == [0, 2, 2.5, 3.12]  # a 304 lengthens the interval again, as without a hub


# --- unsubscribing ---------------------------------------------------------------------------------------------


async def test_a_removed_feed_is_unsubscribed(scenario: Scenario, hub: Hub) -> None:
    await scenario.subscribed()
    await scenario.poller.store.call(lambda store: store.sync_feeds([], at(1)))

    await scenario.subscriber.ask_hubs()
    await until(lambda: not hub.held)

    assert hub.modes == ["subscribe", "unsubscribe"]
    assert "hub.secret" not in hub.forms[1]


async def test_a_feed_that_announces_another_hub_is_subscribed_there_and_unsubscribed_here(
    scenario: Scenario, hub: Hub
) -> None:
    await scenario.subscribed()
    with Hub("127.0.0.72") as other:
        scenario.hub = other
        feed = replace(scenario.feed, allow_private=scenario.feed.allow_private | {other.netloc})
        await scenario.poller.store.call(lambda store: store.sync_feeds([feed], at(1)))
        scenario.publish(ONE, TWO)
        scenario.world.clock.now = (await scenario.state()).next_poll_at
        await scenario.tick()
        await until(lambda: other.held and not hub.held)

        assert (hub.modes, other.modes) == (["subscribe", "unsubscribe"], ["subscribe"])
        assert not set(hub.forms[0].values()) & set(other.forms[0].values()) - {
            "subscribe", scenario.feed.url, "864000"
        }, "no token and no secret is used at two hubs"  # fmt: skip


async def test_a_push_that_breaks_the_digest_is_dropped_and_not_read_again(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scenario.subscribed()

    def breaking(*_: object) -> None:
        raise ZeroDivisionError("an entry from hell")

    with monkeypatch.context() as broken:
        broken.setattr("wirekin.websub.digesting_push", breaking)
        await scenario.pushed(scenario.publish(ONE, TWO))
        await scenario.tick()
    await scenario.tick()

    assert await scenario.subscriber.read_pushes() == 0
