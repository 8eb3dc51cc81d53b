"""A cache of whole answers for one version of the content: a repeated request needs no query and no rendering."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wirekin import _metrics
from wirekin.errors import StoreError
from wirekin.web._context import WebContext
from wirekin.web._endpoints import Present
from wirekin.web._headers import is_known
from wirekin.web._readers import Overloaded, Readers

MAX_BYTES: Final = 32 * 1024 * 1024  # some 5,000 footers of six items
RECHECK_SECONDS: Final = 1.0  # between checks of the version; HTTP caches may keep an answer for a minute anyway
_AROUND: Final = 2_048  # bytes of an answer's headers and of its objects
_OF_A_BODY: Final = frozenset({b"content-length", b"content-type"})  # headers that a 304 lacks

_Key = tuple[str, bytes, str, bytes]  # path, query, scheme, Host: everything on which an answer to GET depends here


@dataclass(frozen=True, slots=True)
class _Kept:
    """A cached answer as ASGI messages, and its 304."""

    etag: str
    start: Message
    body: Message
    unchanged: Message
    size: int


class Memory:
    """ASGI middleware: an LRU cache of the answers on `paths`, for one version and one configuration.

    It runs before the router, so that a cached answer passes through nothing else. Only 200s to GET are cached; HEAD
    gets the same, and the server drops the body.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        paths: frozenset[str],
        present: Present,
        recheck: float = RECHECK_SECONDS,
        most: int = MAX_BYTES,
    ) -> None:
        self._app, self._paths, self._present = app, paths, present
        self._recheck, self._most = recheck, most
        self._answers: OrderedDict[_Key, _Kept] = OrderedDict()
        self._bytes = 0
        self._version: int | None = None
        self._asked_at = float("-inf")
        self._context: WebContext | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from the cache, else pass the request on and cache the answer."""
        if scope["type"] != "http" or scope["path"] not in self._paths or scope["method"] not in {"GET", "HEAD"}:
            return await self._app(scope, receive, send)
        started = perf_counter()
        host = if_none_match = b""
        for name, value in scope["headers"]:
            if name == b"host":
                host = value
            elif name == b"if-match":  # rare; the endpoint handles it
                return await self._app(scope, receive, send)
            elif name == b"if-none-match":
                if_none_match += b"," + value  # several fields of one name are one list (RFC 9110, 5.3)
        key = (scope["path"], scope["query_string"], scope["scheme"], host)
        try:
            await self._look(scope["app"].state.readers)
        except (StoreError, Overloaded):  # the endpoint meets the same error and reports it
            return await self._app(scope, receive, send)
        kept = self._answers.get(key)
        if kept is None:
            return await self._ask(key, scope, receive, send)
        self._answers.move_to_end(key)
        known = if_none_match and is_known(if_none_match.decode("latin-1"), kept.etag)
        await send(kept.unchanged if known else kept.start)
        await send(_NOTHING if known else kept.body)
        _metrics.request_answered(scope["path"], scope["method"], 304 if known else 200, perf_counter() - started)
        return None

    async def _ask(self, key: _Key, scope: Scope, receive: Receive, send: Send) -> None:
        version, context, messages = self._version, self._context, list[Message]()

        async def overhear(message: Message) -> None:
            messages.append(message)
            await send(message)

        await self._app(scope, receive, overhear)
        # If content or configuration changed in the meantime, the answer may be of either version: do not cache it.
        same = version == self._version and context is self._context
        if same and scope["method"] == "GET" and (kept := _kept(messages, key)):
            self._keep(key, kept)

    async def _look(self, readers: Readers) -> None:
        """Clear the cache if the content or the configuration has changed."""
        now, context = asyncio.get_running_loop().time(), self._present.context()
        if now - self._asked_at > self._recheck:
            version = await readers.run(lambda reader: reader.version())
            self._asked_at = now
            if version != self._version:
                self._forget()
                self._version = version
        if context is not self._context:
            self._forget()
            self._context = context

    def _forget(self) -> None:
        self._answers.clear()
        self._bytes = 0

    def _keep(self, key: _Key, answer: _Kept) -> None:
        old = self._answers.pop(key, None)
        self._bytes += answer.size - (old.size if old else 0)
        self._answers[key] = answer
        while self._bytes > self._most:
            _, dropped = self._answers.popitem(last=False)
            self._bytes -= dropped.size


_NOTHING: Message = {"type": "http.response.body", "body": b""}


def _kept(messages: list[Message], key: _Key) -> _Kept | None:
    """Prepare a complete 200 with an ETag for the cache; None for anything else."""
    if len(messages) != 2 or messages[0].get("status") != 200 or messages[1].get("more_body"):
        return None
    start, body = messages
    etag = next((value.decode("latin-1") for name, value in start["headers"] if name == b"etag"), "")
    headers = [(name, value) for name, value in start["headers"] if name not in _OF_A_BODY]
    # with the key, because a query may have 64 KiB, more than its answer
    size = len(body["body"]) + sum(map(len, key)) + _AROUND
    return _Kept(etag, start, body, {**start, "status": 304, "headers": headers}, size) if etag else None
