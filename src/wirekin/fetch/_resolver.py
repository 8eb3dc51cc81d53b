"""Names to addresses in threads of our own, so that dead name servers keep nobody else waiting (requirement F3).

asyncio's default has five threads more than the machine has cores, for everything; one dead domain holds one of them
for 10 to 30 s (resolv.conf's 5 s x 2 attempts x servers), so that six such feeds would stop all the others.
"""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from aiohttp.abc import AbstractResolver, ResolveResult

_NUMERIC = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV


class Resolver(AbstractResolver):
    """getaddrinfo for as many names at once as there are fetches; what it finds is judged when it is dialled."""

    def __init__(self, at_once: int) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="resolve")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of a host. Raises: OSError where there are none."""
        ask = partial(
            socket.getaddrinfo, host, port, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG
        )
        found = await asyncio.get_running_loop().run_in_executor(self._threads, ask)
        return [
            ResolveResult(hostname=host, host=str(address[0]), port=port, family=kind, proto=protocol, flags=_NUMERIC)
            for kind, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        """Forget what is being looked up."""
        self._threads.shutdown(wait=False, cancel_futures=True)
