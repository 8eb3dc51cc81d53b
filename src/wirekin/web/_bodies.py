"""Read the body of a request within a limit of size and time."""

from __future__ import annotations

import asyncio

from starlette.requests import Request


async def body_of(request: Request, most: int, seconds: float) -> bytes | None:
    """Return the whole body; None if it is larger than `most` bytes, by its Content-Length or in fact.

    Raises: TimeoutError if it is not complete within `seconds`; ClientDisconnect.
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
