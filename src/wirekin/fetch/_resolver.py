"""Names to addresses in threads of our own, so that dead name servers keep nobody else waiting (requirement F3).

asyncio's default has five threads more than the machine has cores, for everything; one dead domain holds one of them
for 10 to 30 s (resolv.conf's 5 s x 2 attempts x servers), so that six such feeds would stop all the others.
"""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Protocol

SockInfo = tuple[int, int, int, str, tuple[Any, ...]]
"""One answer of getaddrinfo: family, type, protocol, canonical name, address (host and port first)."""


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
    """getaddrinfo for as many names at once as there are fetches; what it finds is judged when it is dialled."""

    def __init__(self, at_once: int) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="resolve")

    async def resolve(self, host: str, port: int) -> list[SockInfo]:
        """The addresses of a host. Raises: OSError where there are none."""
        ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
        return [*await asyncio.get_running_loop().run_in_executor(self._threads, ask)]

    async def close(self) -> None:
        """Forget what is being looked up."""
        self._threads.shutdown(wait=False, cancel_futures=True)
