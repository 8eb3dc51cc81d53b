"""Every answer is classified, redirects are followed safely, and network errors never raise."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from faults import HANG, OK, FaultOrigin
from fetching import Names, Slots, asking, fetcher
from make import NOW, at
from origin import Answer, Origin
from running import PATIENCE
from wirekin.fetch import Caps, FetchPolicy, user_agent
from wirekin.fetch._failure import Failure, failure_of
from wirekin.model import (
    Fetched,
    FetchFailed,
    FetchRequest,
    FetchResult,
    HttpHints,
    NotModified,
    Reason,
    feed_id,
)


def reason_of(result: FetchResult) -> Reason:
    assert isinstance(result, FetchFailed)
    return result.reason


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (401, Reason.DENIED), (402, Reason.DENIED), (403, Reason.DENIED), (407, Reason.DENIED), (451, Reason.DENIED),
        (404, Reason.NOT_FOUND), (408, Reason.TIMEOUT), (410, Reason.GONE), (429, Reason.RATE_LIMITED), (503, Reason.UNAVAILABLE),
        (400, Reason.CLIENT_ERROR), (418, Reason.CLIENT_ERROR), (500, Reason.SERVER_ERROR), (502, Reason.SERVER_ERROR),
        (204, Reason.UNEXPECTED_STATUS), (206, Reason.UNEXPECTED_STATUS), (300, Reason.UNEXPECTED_STATUS),
        (302, Reason.UNEXPECTED_STATUS), (305, Reason.UNEXPECTED_STATUS), (599, Reason.SERVER_ERROR),
        (700, Reason.UNEXPECTED_STATUS),
    ],
)  # fmt: skip
async def test_each_status_has_its_reason_and_keeps_its_hints(status: int, reason: Reason) -> None:
    async with Origin() as origin, fetcher() as ours:
        url = origin.serve("/", b"" if status == 204 else b"no", status=status, headers={"Retry-After": "120"})
        result = await ours.fetch(asking(url))

        assert isinstance(result, FetchFailed)
        assert (result.reason, result.status, result.feed_id) == (reason, status, feed_id(url))
        assert result.hints.retry_after == timedelta(minutes=2)


async def test_a_fetched_document_comes_with_its_validators_hints_and_body_hash() -> None:
    headers = {"Cache-Control": "max-age=600", "Age": "100"}
    async with Origin() as origin, fetcher() as ours:
        url = origin.serve("/", b"<rss/>", etag='"7"', last_modified="Sun, 22 Nov 2026 09:00:00 GMT", headers=headers)
        result = await ours.fetch(asking(url))

    assert result == Fetched(
        feed_id(url),
        url,
        b"<rss/>",
        body_hash="b8a3805e669decf7180d8c7f4af5d4706d615d0678c424bd1c6b853def3bf3d2",
        content_type="application/rss+xml",
        etag='"7"',
        last_modified="Sun, 22 Nov 2026 09:00:00 GMT",
        hints=HttpHints(max_age=timedelta(seconds=500)),
        whole=True,
    )


# --- redirects -------------------------------------------------------------------------------------------------


async def walk(origin: Origin, *hops: tuple[int, str], **more: object) -> FetchResult:
    """Fetch /0, which redirects through these hops."""
    for number, (status, location) in enumerate(hops):
        origin.serve(f"/{number}", status=status, headers={"Location": location})
    async with fetcher(**more) as ours:
        return await ours.fetch(asking(origin.url("/0"), *origin.netlocs))


@pytest.mark.parametrize("statuses", list(itertools.product([301, 302, 303, 307, 308], repeat=2)))
async def test_only_a_chain_of_permanent_redirects_moves_a_feed(statuses: tuple[int, int]) -> None:
    async with Origin() as origin:
        origin.serve("/2", b"x", etag='"1"')
        result = await walk(origin, (statuses[0], "/1"), (statuses[1], "/2"))

        assert isinstance(result, Fetched)
        assert result.url == origin.url("/2")
        assert result.moved_to == (origin.url("/2") if set(statuses) <= {301, 308} else None)


@pytest.mark.parametrize(("status", "reason"), [(301, Reason.GONE), (302, Reason.NOT_FOUND)])
async def test_a_410_behind_a_permanent_redirect_is_gone_and_behind_a_temporary_one_not_found(
    status: int, reason: Reason
) -> None:
    async with Origin() as origin:
        origin.serve("/1", status=410)
        result = await walk(origin, (status, "/1"))

        assert isinstance(result, FetchFailed)
        assert (result.reason, result.status) == (reason, 410)


async def test_a_304_after_a_permanent_redirect_reports_the_move_too() -> None:
    async with Origin() as origin, fetcher() as ours:
        origin.serve("/0", status=301, headers={"Location": "/1#news"})
        origin.serve("/1", b"x", etag='"1"')
        target = origin.url("/1")
        result = await ours.fetch(asking(origin.url("/0"), etag='"1"', document_url=target))

        assert result == NotModified(feed_id(origin.url("/0")), moved_to=target)
        assert origin.paths == ["/0", "/1"]  # fragments are not sent


@pytest.mark.parametrize("hops", [5, 6])
async def test_five_redirects_are_followed_and_no_more(hops: int) -> None:
    async with Origin() as origin:
        origin.serve(f"/{hops}", b"x")
        result = await walk(origin, *((302, f"/{number + 1}") for number in range(hops)))

        assert isinstance(result, Fetched if hops == 5 else FetchFailed)
        assert len(origin.requests) == 6


@pytest.mark.parametrize(
    "location", ["/0", "", "ftp://127.0.0.1/", "//u:p@127.0.0.1/", "javascript:1", "/" + "a" * 2050]
)
async def test_a_redirect_loop_or_an_invalid_location_is_not_followed(location: str) -> None:
    async with Origin() as origin:
        result = await walk(origin, (301, location))

        assert reason_of(result) in {Reason.REDIRECTS, Reason.UNEXPECTED_STATUS}
        assert origin.paths == ["/0"]


async def test_a_location_header_in_raw_utf_8_is_followed() -> None:
    async with Origin() as origin:
        origin.serve("/%D9%86", b"x")
        result = await walk(origin, (301, "/ن".encode().decode("latin-1")))

        assert isinstance(result, Fetched)


def test_a_redirect_from_https_to_http_is_refused() -> None:
    from wirekin.fetch._client import Answer as Said
    from wirekin.fetch._failure import Failure
    from wirekin.fetch._trail import Trail

    trail = Trail(FetchRequest(feed_id("x"), "https://example.com/"), max_hops=5)
    with pytest.raises(Failure) as failure:
        trail.follow(Said(301, {"location": "http://example.com/"}, None))

    assert failure.value.reason is Reason.REDIRECTS


# --- politeness ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hops", "said_by"), [(["/busy"], "127.0.0.2"), (["/busy", "/there"], ""), ([], "")])
async def test_a_429_names_the_host_that_a_redirect_led_to(hops: list[str], said_by: str) -> None:
    async with Origin("127.0.0.1", "127.0.0.2") as origin, fetcher() as ours:
        origin.serve("/busy", status=429)
        origin.serve("/there", status=302, headers={"Location": origin.url("/busy")})
        path = hops[-1] if hops else "/busy"
        if hops:
            origin.serve("/a", status=302, headers={"Location": origin.url(path, host="127.0.0.2")})
        result = await ours.fetch(asking(origin.url("/a" if hops else "/busy"), *origin.netlocs))

    assert isinstance(result, FetchFailed)
    assert (result.reason, result.said_by) == (Reason.RATE_LIMITED, said_by)
    assert result.detail == ("HTTP 429 from 127.0.0.2" if said_by else "HTTP 429")


async def test_a_redirect_to_another_host_takes_its_slot_and_gives_it_back() -> None:
    slots = Slots(busy={"127.0.0.2": NOW})
    async with Origin("127.0.0.1", "127.0.0.2") as origin, fetcher(slots=slots) as ours:
        origin.serve("/a", status=302, headers={"Location": origin.url("/b", host="127.0.0.2")})
        origin.serve("/b", status=500)
        await ours.fetch(asking(origin.url("/a"), *origin.netlocs))

        assert slots.log == ["take 127.0.0.2", "take 127.0.0.2", "give back 127.0.0.2"]


async def test_a_redirect_continues_as_soon_as_the_slot_of_its_host_is_free(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("wirekin.fetch._hosts.LOOKS", (0.01, 0.01), raising=False)
    slots = Slots(busy={"127.0.0.2": at(minutes=1)})  # held by a poll that ends at once
    async with Origin("127.0.0.1", "127.0.0.2") as origin, fetcher(slots=slots) as ours:
        origin.serve("/a", status=302, headers={"Location": origin.url("/b", host="127.0.0.2")})
        origin.serve("/b", b"x")
        async with asyncio.timeout(PATIENCE):
            assert isinstance(await ours.fetch(asking(origin.url("/a"), *origin.netlocs)), Fetched)


async def test_a_redirect_to_a_host_on_a_long_hold_fails_at_once_with_its_retry_after() -> None:
    slots = Slots(busy={"127.0.0.2": at(hours=4)})
    async with Origin("127.0.0.1", "127.0.0.2") as origin, fetcher(slots=slots) as ours:
        origin.serve("/a", status=302, headers={"Location": origin.url("/b", host="127.0.0.2")})
        result = await ours.fetch(asking(origin.url("/a"), *origin.netlocs))

        assert reason_of(result) is Reason.RESTING  # not an address's fault, so none is given up
        assert result.hints.retry_after == timedelta(hours=4), "nor asked in vain before that"
        assert slots.log == ["take 127.0.0.2"]
        assert origin.paths == ["/a"]


async def test_a_redirect_to_a_host_that_other_polls_always_take_first_fails_as_resting() -> None:
    class Queue(Slots):
        async def take(self, host: str) -> datetime | None:
            return NOW  # free in a moment, but then taken by another again

    policy = {"patience": timedelta(seconds=0.1)}
    async with Origin("127.0.0.1", "127.0.0.2") as origin, fetcher(slots=Queue(), **policy) as ours:
        origin.serve("/a", status=302, headers={"Location": origin.url("/b", host="127.0.0.2")})
        result = await ours.fetch(asking(origin.url("/a"), *origin.netlocs))

    assert isinstance(result, FetchFailed)
    assert (result.reason, result.hints) == (Reason.RESTING, HttpHints())
    assert result.detail == "leads to 127.0.0.2, where other polls went first for 0.1 s"


async def test_redirects_on_one_host_are_spaced() -> None:
    async with Origin() as origin:
        origin.serve("/1", b"x")
        await walk(origin, (302, "/1"), spacing=timedelta(seconds=0.2))

        first, second = origin.requests
        assert second.at - first.at >= 0.2


async def test_concurrent_fetches_are_limited_and_requests_are_drawn_lazily() -> None:
    drawn = []
    async with Origin(*(f"127.0.1.{number}" for number in range(1, 31))) as origin, fetcher(at_once=4) as ours:
        origin.serve("/", b"x", delay=0.005)

        def requests():  # type: ignore[no-untyped-def]
            for host in origin.hosts:
                drawn.append(host)
                yield asking(origin.url(host=host))

        results = []
        async for result in ours.fetch_many(requests()):
            results.append(result)
            assert len(drawn) <= len(results) + 4

        assert len({result.feed_id for result in results}) == 30
        assert origin.open_at_once <= 4


async def test_the_limit_counts_single_fetches_too() -> None:
    async with Origin(*(f"127.0.1.{number}" for number in range(1, 13))) as origin, fetcher(at_once=3) as ours:
        origin.serve("/", b"x", delay=0.01)
        await asyncio.gather(*(ours.fetch(asking(origin.url(host=host))) for host in origin.hosts))

        assert origin.open_at_once == 3


async def test_results_come_as_they_finish() -> None:
    async with Origin() as origin, fetcher() as ours:
        slow = asking(origin.serve("/slow", b"x", delay=0.2))
        quick = asking(origin.serve("/quick", b"x"))
        order = [result.feed_id async for result in ours.fetch_many([slow, quick])]

        assert order == [quick.feed_id, slow.feed_id]


async def test_closing_early_cancels_the_fetches_under_way() -> None:
    async with FaultOrigin() as faulty, fetcher() as ours:
        urls = [faulty.serve(f"/{number}", HANG) for number in range(10)]
        quick = faulty.serve("/quick", OK + b"Content-Length: 1\r\n\r\nx")
        before = asyncio.all_tasks()
        results = ours.fetch_many(map(asking, [*urls, quick]))
        assert isinstance(await anext(results), Fetched)
        async with asyncio.timeout(10):  # far below the deadline of the ten
            await results.aclose()

        left = {task for task in asyncio.all_tasks() - before if "_on_connection" not in repr(task)}
        assert left == set()


def test_the_detail_of_a_failure_is_cut_to_200_characters() -> None:
    assert len(Failure(Reason.DNS, "x" * 1_000).detail) == 200


# --- the network never raises ----------------------------------------------------------------------------------


FAULTS = {
    "says nothing and closes": ([], Reason.CONNECT),
    "speaks no HTTP": ([b"SSH-2.0-OpenSSH_9.6\r\n\r\n"], Reason.PROTOCOL),
    "breaks off in the headers": ([b"HTTP/1.1 200 OK\r\nContent-Le"], Reason.CONNECT),
    "has no status": ([b"HTTP/1.1 OK\r\n\r\n"], Reason.PROTOCOL),
    "contradicts itself on the length": ([OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"], Reason.PROTOCOL),
    "has a negative length": ([OK + b"Content-Length: -1\r\n\r\nab"], Reason.PROTOCOL),
    "has a header without end": ([b"HTTP/1.1 200 OK\r\nX: ", *[b"a" * 60_000] * 4], Reason.PROTOCOL),
    "has a length and chunks": (
        [OK + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"],
        None,
    ),
    "has an unknown transfer coding": ([OK + b"Transfer-Encoding: gzip\r\n\r\nab"], None),
    "has a chunk without a size": ([OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nab"], None),
    "announces a terabyte": ([OK + b"Content-Length: 1099511627776\r\n\r\n"], Reason.TOO_LARGE),
    "announces more than an integer": ([OK + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n"], None),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_a_broken_response_is_a_failure_or_an_incomplete_body(name: str) -> None:
    steps, reason = FAULTS[name]
    async with FaultOrigin() as faulty, fetcher() as ours:
        result = await ours.fetch(asking(faulty.serve("/", *steps)))

        assert isinstance(result, FetchFailed) or result.whole is not True
        if reason is not None:
            assert reason_of(result) is reason, result


async def test_a_refused_connection_an_unknown_name_and_missing_tls_have_their_reasons() -> None:
    async with FaultOrigin(greeting=b"220 mail.example ESMTP\r\n") as mail, fetcher(resolver=Names({})) as ours:
        url = mail.serve("/")
        assert reason_of(await ours.fetch(asking(url.replace("http:", "https:")))) is Reason.TLS
        assert reason_of(await ours.fetch(asking(url))) is Reason.PROTOCOL
        assert reason_of(await ours.fetch(FetchRequest(feed_id("x"), "http://nothing.invalid/"))) is Reason.DNS
    async with fetcher() as ours:
        assert reason_of(await ours.fetch(asking(url))) is Reason.CONNECT


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    pem = tmp_path / "both.pem"
    ask = f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout {pem}.key -out {pem}"
    name = ["-subj", "/CN=x", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*ask.split(), *name], check=True, capture_output=True)
    return pem


async def test_a_certificate_is_accepted_only_when_its_authority_is_trusted(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, f"{certificate}.key")
    async with FaultOrigin(tls=context) as faulty:
        url = faulty.serve("/", OK + b"Content-Length: 1\r\n\r\nx").replace("http:", "https:")
        async with fetcher() as ours:
            assert reason_of(await ours.fetch(asking(url))) is Reason.TLS
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        async with fetcher() as ours:
            assert isinstance(await ours.fetch(asking(url)), Fetched)


async def test_hanging_name_servers_delay_no_other_host(monkeypatch: pytest.MonkeyPatch) -> None:
    answered, real = threading.Event(), socket.getaddrinfo

    def slow(host: str, *args: object, **more: object) -> object:
        if host.endswith(".dead.example"):
            answered.wait(5)
            raise socket.gaierror(socket.EAI_AGAIN, "no answer")
        return real(host, *args, **more)  # type: ignore[arg-type]  # what we were given

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    async with Origin() as origin, fetcher() as ours:
        alive = asking(f"http://localhost:{origin.port}/")
        origin.serve("/", b"x")
        dead = [asking(f"http://{number}.dead.example/") for number in range(40)]
        first, *others = [result async for result in _until_freed(ours.fetch_many([*dead, alive]), answered)]

        assert isinstance(first, Fetched)
        assert {reason_of(result) for result in others} == {Reason.DNS}


async def _until_freed(
    results: AsyncGenerator[FetchResult, None], answered: threading.Event
) -> AsyncIterator[FetchResult]:
    async for result in results:
        answered.set()
        yield result


async def test_a_missing_file_of_root_certificates_is_an_error_at_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "roots.pem"))
    with pytest.raises(FileNotFoundError, match=r"roots\.pem"):
        async with fetcher():
            pass


NO_URLS = ["", "http://", "http://a..b/", "http://" + "a" * 64 + ".com/", "http://xn--a/", "http://ex\u00adample\u200d.com/",
           "http://[v1.x]/", "http://\ud800/", "http://é" + "é" * 70 + ".com/", "http://a_b.-c/", "http://%00/", "x"]  # fmt: skip


@pytest.mark.parametrize("url", NO_URLS)
async def test_an_invalid_url_is_a_failure_and_raises_nothing(url: str) -> None:
    async with fetcher(resolver=Names({})) as ours:
        assert reason_of(await ours.fetch(FetchRequest(feed_id("x"), url))) in {Reason.BAD_URL, Reason.DNS}


async def test_two_requests_to_a_host_use_one_connection() -> None:
    async with Origin() as origin, fetcher() as ours:
        url = origin.serve("/", b"x")
        for _ in range(2):
            await ours.fetch(asking(url))

        assert origin.connections == 1
        (kept,) = ours._client._opened._idle.values()

    assert kept._transport.is_closing()


def test_the_default_caps_and_times_of_a_fetch_are_those_of_the_requirements() -> None:
    policy = FetchPolicy()

    assert (policy.caps, policy.at_once, policy.max_hops) == (Caps(2 * 1024**2, 10 * 1024**2, cut=False), 64, 5)
    assert [span.total_seconds() for span in (policy.deadline, policy.spacing, policy.patience)] == [30, 1, 60]


def test_the_user_agent_has_a_contact_and_no_character_that_breaks_a_header() -> None:
    assert user_agent() == "wirekin/0.1.0" == FetchPolicy().user_agent
    assert user_agent(" a@b.example\r\nCookie: x (é) ") == "wirekin/0.1.0 (+a@b.exampleCookie: x )"


async def test_an_exception_of_our_own_code_is_not_swallowed() -> None:
    class Broken(Slots):
        async def take(self, host: str) -> None:
            raise RuntimeError("the store fell over")

    async with Origin("127.0.0.1", "127.0.0.2") as origin, fetcher(slots=Broken()) as ours:
        origin.answer("/", lambda _: Answer(status=302, headers={"Location": origin.url("/b", host="127.0.0.2")}))
        with pytest.raises(RuntimeError, match="fell over"):
            async for _ in ours.fetch_many([asking(origin.url(), *origin.netlocs)]):
                pass


@pytest.mark.parametrize(
    ("error", "detail"),
    [
        (ConnectionResetError(104, "Connection reset by peer"), "Connection reset by peer"),
        (OSError("hung up"), "hung up"),
        (TimeoutError(), "TimeoutError"),
    ],
)
def test_a_failure_is_told_in_words_and_not_by_number(error: OSError, detail: str) -> None:
    assert failure_of(error).detail == detail
