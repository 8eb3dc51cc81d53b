"""The bodies of requests that have one: whole, within a size and a time."""

from __future__ import annotations

import asyncio

from starlette.requests import Request


async def body_of(request: Request, most: int, seconds: float) -> bytes | None:
    """The body; None where it is announced, or found, to be larger than `most` bytes.

    Raises: TimeoutError where it does not come within `seconds`; ClientDisconnect.
    """
    length = request.headers.get("content-length", "")
    if length.isdigit() and (len(length) > 12 or int(length) > most):
        return None
    parts, size = list[bytes](), 0
    async with asyncio.timeout(seconds):
        async for chunk in request.stream():
            size += len(chunk)
            if size > most:
                return None
            parts.append(chunk)
    return b"".join(parts)
