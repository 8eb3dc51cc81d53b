"""A raw origin that speaks HTTP wrongly, slowly, endlessly or not to the end, on loopback.

    async with FaultOrigin() as faulty:
        faulty.serve("/cut", OK + b"Content-Length: 10\r\n\r\n1234")          # says so and closes
        faulty.serve("/slow", OK + b"\r\n", Forever(b"x", every=0.01))      # a trickle without end
        faulty.serve("/reset", OK + b"Content-Length: 10\r\n\r\n1", RESET)
        faulty.serve("/silent", HANG)

Each path has its steps: octets are written as they are, a float is a pause in seconds; then the connection is closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import enum
import socket
import ssl
import struct
from dataclasses import dataclass
from typing import Self

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"


class End(enum.Enum):
    HANG = "keep the connection and say nothing more"
    RESET = "reset the connection"


HANG, RESET = End.HANG, End.RESET


@dataclass(frozen=True, slots=True)
class Forever:
    """Say the same again and again, so many seconds apart."""

    octets: bytes
    every: float = 0.0


Step = bytes | float | End | Forever


class FaultOrigin:
    """See the module. It lives in the test's own event loop."""

    def __init__(self, host: str = "127.0.0.1", *, greeting: bytes = b"", tls: ssl.SSLContext | None = None) -> None:
        self.host = host
        self._greeting = greeting  # said before anything is asked
        self._tls = tls
        self.port = 0
        self.connections = 0
        self._paths: dict[str, tuple[Step, ...]] = {}
        self._tasks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    def serve(self, path: str, *steps: Step) -> str:
        """What to say to whoever asks for `path`; returns its URL."""
        self._paths[path] = steps
        return f"http://{self.host}:{self.port}{path}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._on_connection, self.host, 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *error: object) -> None:
        self._server.close()
        for task, writer in tuple(self._tasks.items()):
            writer.transport.abort()
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()
        await asyncio.sleep(0.01)  # lets the loop say connection_lost, which closes the sockets

    async def _on_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks[task] = writer
        self.connections += 1
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            writer.write(self._greeting)
            head = await reader.readuntil(b"\r\n\r\n")
            for step in self._paths.get(head.split(b" ", 2)[1].decode("latin-1"), ()):
                await _take(step, writer)
        writer.close()
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await writer.wait_closed()  # what is not read yet keeps the connection; stopping aborts it
        del self._tasks[task]


async def _take(step: Step, writer: asyncio.StreamWriter) -> None:
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
