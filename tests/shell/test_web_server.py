"""The HTTP server: half-open and slow clients, oversized and invalid requests, and its limits."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import resource
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from fakes import Clock
from fakes_reader import World, backend, context
from wirekin.web import WebServer, _server, create_app, make_server


def server() -> WebServer:
    return make_server(create_app(backend(World()), current=context, clock=Clock()), "127.0.0.1", 0)


@asynccontextmanager
async def running() -> AsyncIterator[WebServer]:
    web = server()
    task = asyncio.create_task(web.serve())
    try:
        yield web
    finally:
        web.should_exit = True
        await task


@asynccontextmanager
async def dialled(web: WebServer) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    parts = urlsplit(web.address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


def test_a_port_in_use_is_an_error_at_once():
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        make_server(create_app(backend(World()), current=context, clock=Clock()), "127.0.0.1", taken.getsockname()[1])


def test_when_the_second_address_is_in_use_the_first_one_is_released():
    web = create_app(backend(World()), current=context, clock=Clock())
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.create_server(("127.0.0.1", 0)) as probe:
        free = probe.getsockname()[1]
        probe.close()
        with pytest.raises(OSError, match="in use"):
            make_server(web, "127.0.0.1", free, ("127.0.0.1", taken.getsockname()[1]))

        make_server(web, "127.0.0.1", free).close()


async def test_the_server_runs_inside_a_running_loop_and_leaves_signal_handlers_alone():
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)

    async with running() as web, dialled(web) as (reader, writer):
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = await reader.read()

        assert answer.startswith(b"HTTP/1.1 200")
        assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before


async def test_a_response_does_not_wait_for_a_delayed_ack():
    async with running() as web, dialled(web) as (reader, writer):
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b"ok\n")
        (connection,) = web.server_state.connections

        accepted = connection.transport.get_extra_info("socket")
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET / HTTP/1.1\r\nHost: x\r\n"],
    ids=["silent", "half a head"],
)
async def test_a_half_open_connection_is_closed(sent: bytes, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(_server, "HEAD_SECONDS", 0.05)
    async with running() as web, dialled(web) as (reader, writer):
        writer.write(sent)

        async with asyncio.timeout(2):  # without our limit uvicorn would hold it for ever (requirement fact 13)
            await reader.read()


async def test_a_connection_with_half_a_second_request_head_is_closed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(_server, "HEAD_SECONDS", 0.05)
    async with running() as web, dialled(web) as (reader, writer):
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b"ok\n")
        writer.write(b"GET / HT")

        async with asyncio.timeout(2):
            await reader.read()


async def test_a_connection_in_use_is_not_closed_as_half_open(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(_server, "HEAD_SECONDS", 0.05)
    async with running() as web, dialled(web) as (reader, writer):
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b"ok\n")
        await asyncio.sleep(0.15)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")

        assert (await reader.readline()).startswith(b"HTTP/1.1 200")


async def test_a_connection_whose_head_came_in_pieces_is_not_closed_either(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(_server, "HEAD_SECONDS", 0.2)
    async with running() as web, dialled(web) as (reader, writer):
        for piece in (b"GET /healthz HT", b"TP/1.1\r\nHost: x\r\n", b"\r\n"):
            writer.write(piece)
            await asyncio.sleep(0.01)
        await reader.readuntil(b"ok\n")
        await asyncio.sleep(0.4)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")

        assert (await reader.readline()).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("manner", [b"", b"Connection: close\r\n"], ids=["kept alive", "closed"])
async def test_a_response_that_the_client_does_not_read_is_aborted(manner: bytes, monkeypatch: pytest.MonkeyPatch):
    """Otherwise 2,000 clients that read nothing would hold every connection slot for ever."""
    monkeypatch.setattr(_server, "TAKE_SECONDS", 0.05)
    monkeypatch.setattr(_server, "KEEP_ALIVE_SECONDS", 0)
    async with running() as web:
        web._listeners[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2_048)  # less than the answer
        with socket.socket() as idle:
            idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1_024)
            idle.connect(web._listeners[0].getsockname())
            idle.sendall(b"GET /static/wirekin.css HTTP/1.1\r\nHost: x\r\n" + manner + b"\r\n")
            for _ in range(200):
                if web.server_state.total_requests and not web.server_state.connections:
                    return
                await asyncio.sleep(0.01)
    raise AssertionError("it still holds its place")


async def test_a_response_that_the_client_reads_slowly_is_complete():
    async with running() as web:
        web._listeners[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2_048)
        async with dialled(web) as (reader, writer):
            writer.write(b"GET /static/wirekin.css HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            head = await reader.readuntil(b"\r\n\r\n")
            body = bytearray()
            while piece := await reader.read(1_000):
                body += piece
                await asyncio.sleep(0.001)

        assert f"content-length: {len(body)}".encode() in head


async def test_a_long_request_line_that_arrives_in_pieces_is_accepted():
    async with running() as web, dialled(web) as (reader, writer):
        for piece in (b"GET /healthz?text=", 24_000 * b"a", 23_000 * b"b"):  # as long as 4,000 quoted characters can be
            writer.write(piece)
            await asyncio.sleep(0.01)
        writer.write(b" HTTP/1.1\r\nHost: x\r\n\r\n")

        assert (await reader.readline()).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ("GET /?" + 70_000 * "a", "414", "At most 64 KiB are read of an address."),
        ("GET / HTTP/1.1\r\nCookie: " + 70_000 * "a", "431", "Send fewer cookies."),
    ],
    ids=["address", "headers"],
)
async def test_an_endless_request_head_is_refused_for_its_length(sent: str, status: str, said: str):
    async with running() as web, dialled(web) as (reader, writer):
        writer.write(sent.encode())
        head, body = await answered(reader)

    assert head[0].split()[1] == status
    assert said in body["detail"]


async def test_a_second_head_that_never_ends_is_refused_for_its_length_too():
    async with running() as web, dialled(web) as (reader, writer):
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b"ok\n")
        writer.write(b"GET / HTTP/1.1\r\nCookie: " + 70_000 * b"a")
        head, _ = await answered(reader)

    assert head[0].split()[1] == "431"


async def test_an_endless_chunk_size_is_400_and_not_refused_as_a_long_head():
    async with running() as web, dialled(web) as (reader, writer):
        writer.write(b"POST /none HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + 70_000 * b"1")
        head, _ = await answered(reader)

    assert head[0].split()[1] == "400"


async def test_a_connection_beyond_the_limit_gets_a_503_problem(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(_server, "CONNECTIONS", 2)
    async with running() as web, dialled(web), dialled(web) as (reader, writer):
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        head, body = await answered(reader)

    assert head[0] == "HTTP/1.1 503 Service Unavailable"
    assert {"content-type: application/problem+json", "cache-control: no-store", "retry-after: 2"} <= {*head}
    assert body["detail"] == "Too many requests at once: come back in a moment."


async def answered(reader: asyncio.StreamReader) -> tuple[list[str], dict[str, str]]:
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    return head.decode().split("\r\n"), json.loads(body)


@pytest.mark.parametrize("sent", ["GET /v1/headlines?search=تهران HTTP/1.1\r\nHost: x\r\n\r\n", "garbage\r\n\r\n"])
async def test_an_invalid_request_gets_a_400_problem_with_advice(sent: str):
    async with running() as web, dialled(web) as (reader, writer):
        writer.write(sent.encode())
        head, body = await answered(reader)

    assert head[0] == "HTTP/1.1 400 Bad Request"
    assert {"content-type: application/problem+json", "access-control-allow-origin: *", "cache-control: no-store"} <= {
        *head
    }
    assert "percent-encoded" in body["detail"]


@pytest.mark.parametrize(
    ("sent", "answers"),
    [
        ("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /?q=تهران HTTP/1.1\r\nHost: x\r\n\r\n", [b"200", b"400"]),
        ("POST /none HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n|zz\r\n", [b"404"]),
    ],
)
async def test_an_invalid_second_request_is_400_and_a_broken_body_gets_no_second_response(
    sent: str, answers: list[bytes]
):
    request, _, body = sent.partition("|")
    async with running() as web, dialled(web) as (reader, writer):
        writer.write(request.encode())
        said = await reader.readuntil(b"\r\n\r\n")
        writer.write(body.encode())
        said += await reader.read()

    assert re.findall(rb"HTTP/1\.1 (\d{3})", said) == answers


@pytest.mark.parametrize(
    ("started", "complete", "more_body", "owed"),
    [(False, False, True, True), (True, False, False, False), (True, True, True, False), (True, True, False, True)],
)
def test_a_refusal_is_never_written_into_a_response_under_way(
    started: bool, complete: bool, more_body: bool, owed: bool
):
    cycle = SimpleNamespace(response_started=started, response_complete=complete, more_body=more_body)

    assert _server._Impatient._has_no_answer(SimpleNamespace(cycle=cycle)) is owed


UPGRADE = b"GET /healthz HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"


async def test_invalid_requests_of_clients_are_not_logged(caplog: pytest.LogCaptureFixture):
    async with running() as web:
        for sent in (b"garbage\r\n\r\n", UPGRADE):
            async with dialled(web) as (reader, writer):
                writer.write(sent)
                assert await reader.readline()
    logging.getLogger("uvicorn.error").warning("Something of ours.")

    assert [record.message for record in caplog.records] == ["Something of ours."]


def test_a_server_that_never_served_releases_its_port():
    web = server()
    web.close()

    again = make_server(
        create_app(backend(World()), current=context, clock=Clock()), "127.0.0.1", urlsplit(web.address).port or 0
    )
    again.close()


async def test_of_too_many_half_open_connections_the_oldest_is_closed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(_server, "HALF_OPEN", 3)
    async with running() as web, AsyncExitStack() as stack:
        silent = [await stack.enter_async_context(dialled(web)) for _ in range(4)]
        async with asyncio.timeout(2):
            assert await silent[0][0].read() == b""
        reader, writer = silent[1]
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")

        assert (await reader.readline()).startswith(b"HTTP/1.1 200")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("soft", "hard", "raised_to"),
    [
        (1_024, 1_048_576, 3_024),
        (1_024, resource.RLIM_INFINITY, 3_024),
        (1_024, 2_048, 2_048),
        (4_096, 4_096, None),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, None),
    ],
)
def test_the_limit_of_open_files_is_raised_to_what_the_connections_need(
    soft: int, hard: int, raised_to: int | None, monkeypatch: pytest.MonkeyPatch
):
    limits: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda _, pair: limits.append(pair))

    server().close()

    assert limits == ([] if raised_to is None else [(raised_to, hard)])


async def test_a_thousand_half_open_connections_do_not_affect_a_hundred_good_clients():
    resource = pytest.importorskip("resource", reason="this system does not limit open files")
    if resource.getrlimit(resource.RLIMIT_NOFILE)[1] < 4_096:
        pytest.skip("fewer than 4,096 files may be open here, and both ends are ours")
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(4_096, limits[0]), limits[1]))
    async with running() as web, AsyncExitStack() as stack:
        for number in range(1_000):
            _, writer = await stack.enter_async_context(dialled(web))
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n" if number % 2 else b"")
        answers = await asyncio.gather(*(one_answer(web) for _ in range(100)))
        open_still = len(web.server_state.connections)
    resource.setrlimit(resource.RLIMIT_NOFILE, limits)

    assert {line.partition(b" ")[2][:3] for line in answers} == {b"200"}
    assert open_still >= 1_000


async def one_answer(web: WebServer) -> bytes:
    async with dialled(web) as (reader, writer):
        writer.write(b"GET /v1/topics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        return (await reader.read()).partition(b"\r\n")[0]
