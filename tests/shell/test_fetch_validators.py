"""Validators are opaque: they are sent back byte for byte, or not at all (requirement A1)."""

from __future__ import annotations

import os
import random

import pytest

from fetching import Names, asking, fetcher
from origin import Answer, Origin
from wirekin.fetch._client import validators_of
from wirekin.model import Fetched, FetchFailed, NotModified, Reason

VALIDATORS = 10_000 if os.environ.get("WIREKIN_PROOF") else 600  # requirement A1
ALPHABETS = (
    [chr(code) for code in range(0x21, 0x7F)],
    [chr(code) for code in range(0x20, 0x100)],  # latin-1 with C1 controls
    [*'abc"W/\\ \t,;=', "\x7f", "\x01", "é", "\xff"],
)


def generated(number: int, rng: random.Random) -> str:
    """A header value as some server might send it, without outer blanks, which are not part of it."""
    alphabet = ALPHABETS[number % len(ALPHABETS)]
    value = "".join(rng.choice(alphabet) for _ in range(rng.randint(1, 40)))
    if number % 7 == 0:
        value = value.encode("utf-8").decode("latin-1")  # raw UTF-8 on the wire
    return value.strip(" \t") or "x"


@pytest.mark.proof
async def test_no_generated_validator_is_sent_back_altered() -> None:
    rng = random.Random(20261122)
    values = [generated(number, rng) for number in range(VALIDATORS)]
    async with Origin() as origin, fetcher() as ours:
        origin.serve("/", b"x")
        for etag, date in zip(values[::2], values[1::2], strict=True):
            await ours.fetch(asking(origin.url(), etag=etag, last_modified=date))

        assert len(origin.requests) == VALIDATORS // 2
        sent = [(seen.header("if-none-match"), seen.header("if-modified-since")) for seen in origin.requests]
        wanted = zip(values[::2], values[1::2], strict=True)
        altered = [
            pair
            for pair, kept in zip(sent, wanted, strict=True)
            if any(a not in {None, b} for a, b in zip(pair, kept, strict=True))
        ]
        assert altered == []
        plain = [value for value in values if set(value) <= set(ALPHABETS[0])]
        assert len(plain) > VALIDATORS // 4
        assert sum(value is not None for pair in sent for value in pair) >= len(plain), "those that can all went"


async def test_validators_are_sent_back_exactly_as_received() -> None:
    odd = 'W/"a,b;c==\\"'
    async with Origin() as origin, fetcher() as ours:
        url = origin.serve("/", b"x", etag=odd, last_modified="yesterday, about noon")
        first = await ours.fetch(asking(url))
        assert isinstance(first, Fetched)
        second = await ours.fetch(asking(url, etag=first.etag, last_modified=first.last_modified))

        assert isinstance(second, NotModified)
        assert origin.requests[1].header("if-none-match") == odd
        assert origin.requests[1].header("if-modified-since") == "yesterday, about noon"


@pytest.mark.parametrize("value", ["é", "\x00", "a\r\nCookie: b", "\x7f", "\x85", " outer", "", "*", None])
def test_a_validator_that_http_cannot_carry_unchanged_is_left_out(value: str | None) -> None:
    assert validators_of(value, '"2"') == [(b"if-modified-since", b'"2"')]


async def test_validators_are_sent_to_the_document_they_came_from_and_to_no_redirect_before_it() -> None:
    async with Origin() as origin, fetcher() as ours:
        origin.serve("/old", status=302, headers={"Location": "/new"})
        origin.serve("/new", b"x", etag='"1"')
        request = asking(origin.url("/old"), etag='"1"', document_url=origin.url("/new"))

        assert isinstance(await ours.fetch(request), NotModified)
        assert [seen.header("if-none-match") for seen in origin.requests] == [None, '"1"']


async def test_validators_are_never_sent_to_another_document() -> None:
    async with Origin("127.0.0.1", "127.0.0.2") as origin, fetcher() as ours:
        origin.serve("/a", status=302, headers={"Location": origin.url("/b", host="127.0.0.2")})
        origin.serve("/b", b"other news", etag='"1"')

        result = await ours.fetch(asking(origin.url("/a"), *origin.netlocs, etag='"1"'))

        assert isinstance(result, Fetched)
        assert [seen.header("if-none-match") for seen in origin.requests] == ['"1"', None]


async def test_a_304_to_an_unconditional_request_is_a_failure() -> None:
    async with Origin() as origin, fetcher() as ours:
        result = await ours.fetch(asking(origin.serve("/", status=304)))

        assert isinstance(result, FetchFailed)
        assert (result.reason, result.status) == (Reason.UNEXPECTED_STATUS, 304)


async def test_every_request_has_only_the_allowed_headers_and_no_cookie() -> None:
    names = Names({"news.example": ["127.0.0.1"]})  # a name, for no cookie jar keeps cookies of an address
    async with Origin() as origin, fetcher(resolver=names) as ours:
        url = f"http://news.example:{origin.port}/"
        origin.answer("/", lambda _: Answer(b"x", headers={"Set-Cookie": "track=1; Path=/"}, etag='"1"'))
        for _ in range(3):
            assert isinstance(await ours.fetch(asking(url)), Fetched)

        allowed = {"host", "user-agent", "accept", "accept-encoding"}
        for seen in origin.requests:
            assert (seen.method, seen.path) == ("GET", "/")
            assert {name for name, _ in seen.headers} <= allowed | {"connection"}
            assert seen.header("user-agent") == "wirekin/0.1.0 (+https://example.com/bot)"
            assert seen.header("accept-encoding") == "gzip"
