"""Raw connections on loopback, answered by steps: octets, pauses and ends."""

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
    """How to end a connection other than by closing it."""

    HANG = "keep the connection and say nothing more"
    RESET = "reset the connection"
    HALF = "close our half of the connection, and go on listening to the other"


HANG, RESET, HALF = End.HANG, End.RESET, End.HALF


@dataclass(frozen=True, slots=True)
class Forever:
    """Send the same octets again and again, every `every` seconds."""

    octets: bytes
    every: float = 0.0


Step = bytes | float | End | Forever
"""Octets are written as they are; a float is a pause in seconds. After the last step the connection is closed."""


class Wire:
    """Listens on loopback hosts with one port, in the event loop that made it; subclasses define `_answer`."""

    def __init__(self, *, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.port = port
        self.connections = 0
        self._tls = tls
        self._servers: dict[str, asyncio.Server] = {}
        self._tasks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    def _unasked(self, host: str) -> Iterable[Step] | None:
        """The steps to send before any request; None to wait for the request."""
        return None

    def _answer(self, host: str, head: bytes) -> Iterable[Step]:
        """The steps that answer a request to `host`, the dialled address."""
        raise NotImplementedError

    async def listen(self, host: str) -> None:
        """Accept connections at this host too; the first host chooses the port."""
        if host not in self._servers:
            server = await asyncio.start_server(self._on_connection, host, self.port, ssl=self._tls)
            self.port = server.sockets[0].getsockname()[1]
            self._servers[host] = server

    async def refuse(self, host: str) -> None:
        """Refuse connections at this host from now on."""
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
            await writer.wait_closed()  # unread data keeps the connection open; stopping aborts it
        del self._tasks[task]

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = writer.get_extra_info("sockname")[0]
        steps = self._unasked(host)
        if steps is None:
            steps = self._answer(host, await reader.readuntil(b"\r\n\r\n"))
        for step in steps:
            await _take(step, reader, writer)


class FaultOrigin(Wire):
    """One host with steps for each path, for tests of a single exchange; other paths get no answer."""

    def __init__(self, host: str = "127.0.0.1", *, greeting: bytes = b"", tls: ssl.SSLContext | None = None) -> None:
        super().__init__(tls=tls)
        self.host = host
        self._greeting = greeting  # sent before any request
        self._paths: dict[str, tuple[Step, ...]] = {}

    def serve(self, path: str, *steps: Step) -> str:
        """Answer requests for `path` with these steps; returns its URL."""
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
