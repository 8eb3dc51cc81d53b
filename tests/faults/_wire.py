"""Raw connections on loopback: steps of octets, pauses and ends, to whoever asks."""

from __future__ import annotations

import asyncio
import contextlib
import enum
import socket
import ssl
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"


class End(enum.Enum):
    """What may be done to a connection instead of closing it."""

    HANG = "keep the connection and say nothing more"
    RESET = "reset the connection"
    HALF = "close our half of the connection, and go on listening to the other"


HANG, RESET, HALF = End.HANG, End.RESET, End.HALF


@dataclass(frozen=True, slots=True)
class Forever:
    """Say the same again and again, so many seconds apart."""

    octets: bytes
    every: float = 0.0


Step = bytes | float | End | Forever
"""Octets are written as they are; a float is a pause in seconds. After the last step the connection is closed."""


class Wire:
    """Listens on loopback hosts with one port, in the event loop of whoever made it; `_answer` says what to say."""

    def __init__(self, *, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.port = port
        self.connections = 0
        self._tls = tls
        self._servers: dict[str, asyncio.Server] = {}
        self._tasks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    def _unasked(self, host: str) -> Iterable[Step] | None:
        """What to say before anything is asked; None: wait for the request."""
        return None

    def _answer(self, host: str, head: bytes) -> Iterable[Step]:
        """What to say to a request for `host`, the address that was dialled."""
        raise NotImplementedError

    async def listen(self, host: str) -> None:
        """Take connections at this host too; the first one chooses the port."""
        if host not in self._servers:
            server = await asyncio.start_server(self._on_connection, host, self.port, ssl=self._tls)
            self.port = server.sockets[0].getsockname()[1]
            self._servers[host] = server

    async def refuse(self, host: str) -> None:
        """Take no more connections at this host: they are refused."""
        server = self._servers.pop(host, None)
        if server is not None:
            server.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        for server in self._servers.values():
            server.close()
        for task, writer in tuple(self._tasks.items()):
            writer.transport.abort()
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for server in self._servers.values():
            await server.wait_closed()
        await asyncio.sleep(0.01)  # lets the loop say connection_lost, which closes the sockets

    async def _on_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks[task] = writer
        self.connections += 1
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await self._converse(reader, writer)
        writer.close()
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await writer.wait_closed()  # what is not read yet keeps the connection; stopping aborts it
        del self._tasks[task]

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = writer.get_extra_info("sockname")[0]
        steps = self._unasked(host)
        if steps is None:
            steps = self._answer(host, await reader.readuntil(b"\r\n\r\n"))
        for step in steps:
            await _take(step, reader, writer)


class FaultOrigin(Wire):
    """One host whose paths have their steps, for tests of a single exchange; what is not served says nothing."""

    def __init__(self, host: str = "127.0.0.1", *, greeting: bytes = b"", tls: ssl.SSLContext | None = None) -> None:
        super().__init__(tls=tls)
        self.host = host
        self._greeting = greeting  # said before anything is asked
        self._paths: dict[str, tuple[Step, ...]] = {}

    def serve(self, path: str, *steps: Step) -> str:
        """What to say to whoever asks for `path`; returns its URL."""
        self._paths[path] = steps
        return f"http://{self.host}:{self.port}{path}"

    async def __aenter__(self) -> Self:
        await self.listen(self.host)
        return self

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(self._greeting)
        await super()._converse(reader, writer)

    def _answer(self, host: str, head: bytes) -> Iterable[Step]:
        return self._paths.get(head.split(b" ", 2)[1].decode("latin-1"), ())


async def _take(step: Step, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    match step:
        case bytes():
            writer.write(step)
            await writer.drain()
        case float():
            await asyncio.sleep(step)
        case Forever():
            while True:
                writer.write(step.octets)
                await writer.drain()
                await asyncio.sleep(step.every)
        case End.HANG:
            await asyncio.Event().wait()
        case End.RESET:
            wire = writer.get_extra_info("socket")
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
        case End.HALF:
            writer.write_eof()
            await reader.read()
