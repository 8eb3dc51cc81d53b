"""rate_limit: a client that asks too often is told when to try again, and other clients are unaffected."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from fakes_reader import World, context
from serving import ask, serving
from wirekin.web._limits import Buckets, client_of

PROXY = ("127.0.0.0/8", "10.0.0.0/8")


@pytest.fixture
def limited() -> Iterator[str]:
    world, held = World(), context(rate_limit=3, trusted_proxies=PROXY)
    with serving(world, current=lambda: held) as address:
        yield address


def test_a_request_over_the_rate_limit_is_429_with_retry_after(limited: str):
    replies = [ask(limited, "/v1/stories", x_forwarded_for="192.0.2.7") for _ in range(4)]

    assert [reply.status for reply in replies] == [200, 200, 200, 429]
    assert 1 <= int(replies[3].headers["retry-after"]) <= 20
    assert replies[3].headers["cache-control"] == "no-store"
    assert json.loads(replies[3].body)["title"] == "Too often"
    assert ask(limited, "/v1/stories", x_forwarded_for="192.0.2.8").status == 200


def test_health_checks_are_never_rate_limited(limited: str):
    assert {ask(limited, path, x_forwarded_for="192.0.2.9").status for path in ["/healthz", "/readyz"] * 4} == {200}


def test_there_is_no_limit_unless_one_is_set():
    with serving(World()) as address:
        assert {ask(address, "/healthz").status for _ in range(50)} == {200}
        assert {ask(address, "/v1/stories").status for _ in range(50)} == {200}


@given(st.integers(1, 50), st.lists(st.floats(0, 30), min_size=1, max_size=80))
def test_a_client_gets_at_most_its_burst_and_what_was_refilled_since(limit: int, waits: list[float]):
    buckets, now, given_out = Buckets(), 0.0, 0
    for wait in waits:
        now += wait
        given_out += buckets.take("a", limit, now) == 0

    assert given_out <= limit + now * limit / 60 + 1e-6


@given(st.integers(1, 50))
def test_a_client_that_waits_as_long_as_told_is_accepted(limit: int):
    buckets = Buckets()
    waits = [buckets.take("a", limit, 0.0) for _ in range(limit + 1)]

    assert waits[:-1] == [0.0] * limit
    assert buckets.take("a", limit, waits[-1] + 1e-6) == 0.0


def test_a_client_saves_no_more_than_the_burst_however_long_it_was_silent():
    buckets = Buckets()
    buckets.take("a", 3, 0.0)

    assert [buckets.take("a", 3, 3_600.0) == 0 for _ in range(4)] == [True, True, True, False]


def test_the_client_that_was_silent_longest_is_forgotten_first():
    buckets = Buckets(most=2)
    for client in ("a", "b", "b", "a", "c"):
        buckets.take(client, 2, 0.0)

    assert buckets.take("a", 2, 0.0) > 0
    assert buckets.take("b", 2, 0.0) == 0


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.1", None, "192.0.2.1"),
        ("192.0.2.1", "192.0.2.9", "192.0.2.1"),  # not a proxy of ours, so its header is ignored
        ("127.0.0.1", None, "127.0.0.1"),
        ("127.0.0.1", "192.0.2.9", "192.0.2.9"),
        ("127.0.0.1", "6.6.6.6, 192.0.2.9", "192.0.2.9"),  # the reader's own header before our proxy's
        ("127.0.0.1", "192.0.2.9, 10.1.1.1", "192.0.2.9"),
        ("127.0.0.1", "10.1.1.2, 10.1.1.1", "10.1.1.2"),
        ("127.0.0.1", "192.0.2.9, nonsense", "127.0.0.1"),
        ("127.0.0.1", "192.0.2.9:4711", "192.0.2.9"),  # as IIS and Azure's gateways write it
        ("127.0.0.1", "[2001:db8:1:2::9]:4711", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::/64"),
        ("127.0.0.1", "2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:127.0.0.1", "192.0.2.9", "192.0.2.9"),
    ],
)
def test_a_client_is_the_address_that_the_last_trusted_proxy_names(peer: str, forwarded: str | None, client: str):
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []

    assert client_of(Request({"type": "http", "headers": headers, "client": (peer, 1)}), PROXY) == client
