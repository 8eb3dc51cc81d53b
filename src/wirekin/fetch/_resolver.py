"""Name resolution in threads of our own, so that dead name servers delay no other feed (requirement F3).

asyncio's default executor has four threads more than the machine has cores, for everything. A dead domain holds one for
10 to 30 s (resolv.conf's 5 s x 2 attempts x servers), so on two cores six such feeds would stop all the others.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import Any, Protocol

SockInfo = tuple[int, int, int, str, tuple[Any, ...]]
"""One answer of getaddrinfo: family, type, protocol, canonical name, address (host and port first)."""

_Asked = tuple[str, int, "asyncio.Future[list[SockInfo]]"]


class UnknownName(OSError):
    """A name has no address."""


class Resolves(Protocol):
    """Finds the addresses of a name."""

    async def resolve(self, host: str, port: int) -> list[SockInfo]:
        """The addresses of a host, at least one. Raises: OSError where there are none."""
        ...

    async def close(self) -> None:
        """Forget what is being looked up."""
        ...


class Resolver:
    """getaddrinfo for as many names at once as there are fetches; an address is judged when it is dialled.

    The threads are not an executor's: a process waits for those at its end, with dead name servers for 30 s.
    """

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._asked: SimpleQueue[_Asked | None] = SimpleQueue()
        self._threads = self._busy = 0

    async def resolve(self, host: str, port: int) -> list[SockInfo]:
        """The addresses of a host. Raises: OSError where there are none."""
        found: asyncio.Future[list[SockInfo]] = asyncio.get_running_loop().create_future()
        self._busy += 1
        if self._threads < min(self._busy, self._at_once):
            self._threads += 1
            Thread(target=self._work, name="resolve", daemon=True).start()
        self._asked.put((host, port, found))
        return await found

    async def close(self) -> None:
        """Forget what is being looked up."""
        for _ in range(self._threads):
            self._asked.put(None)

    def _work(self) -> None:
        while asked := self._asked.get():
            host, port, found = asked
            settle = None if found.cancelled() else _looked_up(host, port, found)
            with contextlib.suppress(RuntimeError):  # the loop has ended
                found.get_loop().call_soon_threadsafe(self._settle, found, settle)

    def _settle(self, found: asyncio.Future[list[SockInfo]], settle: Callable[[], None] | None) -> None:
        self._busy -= 1
        if settle and not found.done():  # whoever asked may have given up
            settle()


def _looked_up(host: str, port: int, found: asyncio.Future[list[SockInfo]]) -> Callable[[], None]:
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
        return partial(found.set_result, [*addresses])
    except Exception as error:  # noqa: BLE001 - raised to whoever awaits `resolve`
        return partial(found.set_exception, error)
