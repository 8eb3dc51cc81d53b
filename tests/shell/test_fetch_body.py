"""A body counts as complete only with proof, and is never larger than the caps (requirements A2 and C1)."""

from __future__ import annotations

import asyncio
import gzip
import random
import sys
import zlib
from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256

import pytest

import bombed_child
from faults import HANG, OK, RESET, FaultOrigin, Forever, Step
from fetching import asking, fetcher
from origin import Origin
from wirekin.fetch import Caps
from wirekin.fetch._body import read_body
from wirekin.fetch._failure import Failure
from wirekin.model import Fetched, FetchFailed, FetchResult, Reason

TEXT = b"<rss>" + bytes(random.Random(7).choices(range(32, 127), k=6000)) + b"</rss>"
PACKED = gzip.compress(TEXT, mtime=0)
CUTS = 12  # of each framing; `make proof` takes 500


def framed(framing: str, body: bytes, coding: bytes = b"") -> tuple[bytes, bytes]:
    """The head and the body as sent over the wire."""
    head = OK + coding
    if framing == "length":
        return head + b"Content-Length: %d\r\n\r\n" % len(body), body
    if framing == "close":
        return head + b"Connection: close\r\n\r\n", body
    half = len(body) // 2
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:half], body[half:]))
    return head + b"Transfer-Encoding: chunked\r\n\r\n", chunks + b"0\r\n\r\n"


def cut_points(length: int) -> list[int]:
    rng = random.Random(length)
    return sorted({1, length - 1, *(rng.randrange(1, length) for _ in range(CUTS))})


async def fetched(url: str, **more: object) -> FetchResult:
    async with fetcher(**more) as ours:
        return await ours.fetch(asking(url))


@pytest.mark.parametrize("coding", ["plain", "gzip"])
@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
async def test_a_body_cut_anywhere_never_counts_as_whole(framing: str, coding: str) -> None:
    packed = coding == "gzip"
    head, body = framed(framing, PACKED if packed else TEXT, b"Content-Encoding: gzip\r\n" if packed else b"")
    async with FaultOrigin() as faulty, fetcher() as ours:
        for cut in cut_points(len(body)):
            result = await ours.fetch(asking(faulty.serve(f"/{cut}", head + body[:cut])))

            if isinstance(result, Fetched):
                unprovable = framing == "close" and not packed
                assert result.whole is (None if unprovable else False), cut
                assert TEXT.startswith(result.body)
            else:
                assert isinstance(result, FetchFailed)
                assert result.reason is Reason.TRUNCATED


@pytest.mark.parametrize("coding", ["plain", "gzip"])
@pytest.mark.parametrize(("framing", "proof"), [("length", True), ("chunked", True), ("close", None)])
async def test_a_complete_body_counts_as_whole_where_its_framing_proves_it(
    framing: str, coding: str, proof: bool | None
) -> None:
    async with Origin() as origin:
        url = origin.serve("/", TEXT, framing=framing, gzip=coding == "gzip", etag='"1"')
        result = await fetched(url)

        assert isinstance(result, Fetched)
        assert (result.body, result.whole, result.etag) == (TEXT, proof, '"1"')


@pytest.mark.parametrize("framing", [b"Content-Length: 10\r\n", b"Transfer-Encoding: chunked\r\n", b""])
async def test_after_a_reset_the_received_part_of_a_body_is_kept_and_not_whole(framing: bytes) -> None:
    said = b"5\r\n<rss>\r\n" if b"chunked" in framing else b"<rss>"
    async with FaultOrigin() as faulty:
        result = await fetched(faulty.serve("/", OK + framing + b"\r\n" + said, 0.02, RESET))

        assert isinstance(result, Fetched)
        assert (result.body, result.whole) == (b"<rss>", False)


async def test_a_missing_body_is_truncated_and_a_body_of_length_zero_is_empty() -> None:
    async with FaultOrigin() as faulty:
        cut = await fetched(faulty.serve("/cut", OK + b"Content-Length: 9\r\n\r\n"))
        empty = await fetched(faulty.serve("/empty", OK + b"Content-Length: 0\r\n\r\n"))

        assert isinstance(cut, FetchFailed)
        assert isinstance(empty, FetchFailed)
        assert (cut.reason, empty.reason) == (Reason.TRUNCATED, Reason.EMPTY)


async def test_gzip_with_several_members_and_padding_is_read_to_its_end() -> None:
    body = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0" * 100
    async with Origin() as origin:
        result = await fetched(origin.serve("/", body, headers={"Content-Encoding": "gzip"}))

        assert isinstance(result, Fetched)
        assert (result.body, result.whole) == (b"one two", True)


async def test_a_gzip_file_without_content_encoding_is_unpacked_once() -> None:
    async with Origin() as origin:
        url = origin.serve("/sitemap.xml.gz", gzip.compress(PACKED), content_type="application/gzip")
        result = await fetched(url)

        assert isinstance(result, Fetched)
        assert result.body == PACKED


@pytest.mark.parametrize("coding", ["br", "deflate", "zstd", "gzip, gzip", "gzip, gzip, gzip", "gzip, BR"])
async def test_a_content_coding_that_we_did_not_ask_for_is_refused(coding: str) -> None:
    async with Origin() as origin:
        for body in (TEXT, PACKED):  # which it would be is not guessed
            result = await fetched(origin.serve("/", body, headers={"Content-Encoding": coding}))

            assert isinstance(result, FetchFailed)
            assert result.reason is Reason.BAD_ENCODING


@pytest.mark.parametrize("word", ["UTF-8", "none", "binary", "8bit", "text/xml", "identity, none", "x\u00ff", ","])
@pytest.mark.parametrize("packed", [False, True])
async def test_an_unknown_word_in_content_encoding_is_ignored(word: str, packed: bool) -> None:
    coding = f"gzip, {word}" if packed else word
    async with Origin() as origin:
        result = await fetched(origin.serve("/", PACKED if packed else TEXT, headers={"Content-Encoding": coding}))

        assert isinstance(result, Fetched)
        assert result.body == TEXT


async def test_a_body_that_is_announced_as_gzip_and_is_not_is_refused() -> None:
    async with Origin() as origin:
        result = await fetched(origin.serve("/", TEXT, headers={"Content-Encoding": "gzip"}))

        assert isinstance(result, FetchFailed)
        assert result.reason is Reason.BAD_ENCODING


@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
@pytest.mark.parametrize("over", [0, 1])
async def test_the_wire_cap_holds_to_the_octet(framing: str, over: int) -> None:
    async with Origin() as origin:
        url = origin.serve("/", b"x" * (50_000 + over), framing=framing)
        result = await fetched(url, caps=Caps(wire_bytes=50_000))

        assert isinstance(result, FetchFailed if over else Fetched)
        if isinstance(result, FetchFailed):
            assert result.reason is Reason.TOO_LARGE


@pytest.mark.parametrize("over", [0, 1])
async def test_the_decoded_cap_holds_to_the_octet(over: int) -> None:
    async with Origin() as origin:
        url = origin.serve("/", b"x" * (50_000 + over), gzip=True)
        result = await fetched(url, caps=Caps(decoded_bytes=50_000))

        assert isinstance(result, FetchFailed if over else Fetched)
        if isinstance(result, FetchFailed):
            assert result.reason is Reason.TOO_LARGE


def bomb(size: int) -> bytes:
    """A gzip stream of `size` zeros, made without holding them in memory."""
    packer = zlib.compressobj(9, wbits=31)
    block = bytes(1024 * 1024)
    return b"".join(packer.compress(block) for _ in range(size // len(block))) + packer.flush()


GIB = 1024**3
GZIP = b"Content-Encoding: gzip\r\n"


def bombs() -> dict[str, tuple[list[Step], str]]:
    """The steps of each answer, and how the fetch must end."""
    once = bomb(GIB)
    member = bomb(1024 * 1024)
    block = bytes(64 * 1024)
    chunk = b"%x\r\n%b\r\n" % (len(block), block)
    return {
        "gzip with its length": ([*framed("length", once, GZIP)], "too_large"),
        "gzip in chunks": ([*framed("chunked", once, GZIP)], "too_large"),
        "gzip until close": ([*framed("close", once, GZIP)], "too_large"),
        "gzip of a thousand members": ([*framed("length", member * 1024, GZIP)], "too_large"),
        "gzip of a hundred thousand empty members": ([*framed("length", gzip.compress(b"") * 100_000, GZIP)], "empty"),
        "gzip in gzip": ([*framed("length", gzip.compress(once), GZIP)], "Fetched"),  # unpacked once, as announced
        "gzip in gzip in gzip, as announced": (
            [*framed("length", gzip.compress(gzip.compress(once)), b"Content-Encoding: gzip, gzip, gzip\r\n")],
            "bad_encoding",
        ),
        "a file that is gzip": ([*framed("length", once)], "too_large"),
        "a length of a gibibyte": ([OK + b"Content-Length: %d\r\n\r\n" % GIB, Forever(block)], "too_large"),
        "chunks without end": ([OK + b"Transfer-Encoding: chunked\r\n\r\n", Forever(chunk)], "too_large"),
        "a body without end": ([OK + b"\r\n", Forever(block)], "too_large"),
        "one header without end": ([OK + b"X: ", Forever(block.replace(b"\0", b"x"))], "protocol"),
        "headers without end": ([OK, Forever(b"X: y\r\n" * 1000)], "protocol"),
        "a chunk's extension without end": (
            [OK + b"Transfer-Encoding: chunked\r\n\r\n1;x=", Forever(block.replace(b"\0", b"x"))],
            "truncated",
        ),
        "an extension of 60 kB at each octet": (
            [OK + b"Transfer-Encoding: chunked\r\n\r\n", Forever(b"1;" + b"x" * 60_000 + b"\r\nx\r\n")],
            "Fetched",  # as a cut body
        ),
    }


@pytest.mark.slow
async def test_a_bomb_of_a_gibibyte_costs_no_more_than_the_caps() -> None:
    said = bombs()
    async with FaultOrigin() as faulty:
        netloc = f"127.0.0.1:{faulty.port}"
        plain = faulty.serve("/plain", OK + b"Content-Length: 1\r\n\r\nx")
        urls = [faulty.serve(f"/{place}", *steps) for place, (steps, _) in enumerate(said.values())]
        faulty.serve("/robots.txt", *said["gzip with its length"][0])  # cut where RFC 9309 allows it, and obeyed
        command = [sys.executable, bombed_child.__file__, netloc, plain, *urls, f"page:{plain}"]
        child = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        told = (await child.communicate())[0].decode().split()

    endings, grown = told[2::2], [int(kib) for kib in told[3::2]]
    assert dict(zip(said, endings[1:], strict=False)) == {name: ending for name, (_, ending) in said.items()}
    assert endings[-1] == "Fetched"
    assert max(grown) <= 32 * 1024, dict(zip(["plain", *said, "robots.txt"], grown, strict=True))


LARGE = b"".join(random.Random(11).choices([b"<item>", b"news ", b"</item>"], k=200_000))  # more than is kept as it is


def large_bodies() -> dict[str, tuple[bytes, bytes]]:
    """The octets of each on the wire, and what they say."""
    packed = gzip.compress(LARGE, mtime=0)
    return {
        "plain": (LARGE, LARGE),
        "gzip": (packed, LARGE),
        "gzip, several members, one of them empty": (
            packed + gzip.compress(b"") + gzip.compress(b"end"),
            LARGE + b"end",
        ),
        "gzip, cut": (packed[:-9], LARGE),
        "gzip, nothing but zeros": (gzip.compress(bytes(9_000_000)), bytes(9_000_000)),
    }


@pytest.mark.parametrize("piece", [997, 65_536, 10_000_000])
@pytest.mark.parametrize(("sent", "said"), large_bodies().values(), ids=large_bodies())
async def test_a_large_body_is_packed_until_it_is_read(sent: bytes, said: bytes, piece: int) -> None:
    pieces = (sent[at : at + piece] for at in range(0, len(sent), piece))

    body = await read_body(stream_of(*pieces), {}, Caps())

    assert body.unpack is not None
    assert body.unpack(body.octets) == said
    assert body.sha256 == sha256(said).hexdigest()
    assert len(body.octets) < len(said) / 3


async def test_padding_hides_what_follows_however_the_parts_arrive() -> None:
    member, padding = gzip.compress(b"news"), bytes(9)
    parts = (member + padding, gzip.compress(b"more"))

    for way in (parts, (b"".join(parts),), (member, padding, parts[1])):
        body = await read_body(stream_of(*way), {"content-encoding": "gzip"}, Caps())
        assert body.octets == b"news"


async def test_a_body_that_is_not_large_is_kept_as_it_is() -> None:
    body = await read_body(stream_of(LARGE[:500_000]), {}, Caps())

    assert (body.octets, body.unpack) == (LARGE[:500_000], None)


@pytest.mark.slow
@pytest.mark.parametrize("coding", ["plain", "gzip"])
async def test_sixty_four_large_bodies_that_come_at_once_take_little_memory(coding: str) -> None:
    packed = coding == "gzip"
    octets = gzip.compress(bytes(9_000_000), mtime=0) if packed else LARGE[: 2**20] * 2
    async with FaultOrigin() as faulty:
        head, body = framed("length", octets, GZIP if packed else b"")
        urls = [faulty.serve(f"/{number}", head + body[:-8], 1.0, body[-8:]) for number in range(64)]
        command = [sys.executable, bombed_child.__file__, "--together", f"127.0.0.1:{faulty.port}", *urls]
        child = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        told = (await child.communicate())[0].decode().split()

    assert set(told[:-1]) == {"Fetched"}
    assert int(told[-1]) <= 32 * 1024


@pytest.mark.parametrize("parts", [(b"abc", b"d" * 100), (b"abcdddd" + b"d" * 96,), (b"abcddddddd", b"d" * 93)])
async def test_a_body_that_may_be_cut_is_cut_at_the_cap_however_its_parts_arrive(parts: tuple[bytes, ...]) -> None:
    body = await read_body(stream_of(*parts), {}, Caps(10, 10, cut=True))

    assert (body.octets, body.whole) == (b"abcddddddd", None)


@pytest.mark.parametrize(("length", "whole"), [("4", False), ("5", True), ("6", False), ("5, 5", None), ("", None)])
async def test_a_body_is_whole_only_at_exactly_its_content_length(length: str, whole: bool | None) -> None:
    body = await read_body(stream_of(b"ab", b"cde"), {"content-length": length}, Caps())

    assert (body.octets, body.whole) == (b"abcde", whole)


@pytest.mark.parametrize("length", [Caps().wire_bytes + 1, 10**11, 10**18])
async def test_a_body_that_is_announced_as_too_large_is_not_waited_for(length: int) -> None:
    async with FaultOrigin() as faulty:
        url = faulty.serve("/", OK + b"Content-Length: %d\r\n\r\n" % length, HANG)

        assert reason_of(await fetched(url, deadline=timedelta(seconds=20))) is Reason.TOO_LARGE


async def test_a_content_length_of_more_digits_than_int_accepts_is_refused() -> None:
    with pytest.raises(Failure) as raised:
        await read_body(stream_of(b"abcde"), {"content-length": "0" * 5_000 + "5"}, Caps())

    assert raised.value.reason is Reason.TOO_LARGE


def reason_of(result: FetchResult) -> Reason | None:
    return result.reason if isinstance(result, FetchFailed) else None


async def stream_of(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
