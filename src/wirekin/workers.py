"""Parsing in processes that may die: a poisonous document costs its own worker, and nobody else notices (C5).

A crash, a hang and a memory bomb each come back as a ParseFailed; the pool puts a fresh worker in the place of the
dead one. Only values cross the border: an exception that does not unpickle would take the pool down with it.
Each worker is a fresh interpreter: it never held a thread, a socket or a database, and no server waits to fork it.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import resource
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from hashlib import blake2b
from importlib import import_module
from types import TracebackType
from typing import Any, Self, TypeVar

from wirekin.model import FeedKind, ParseFailed, ParseResult, Reason, Selectors
from wirekin.thumbnails import Thumbnail

TIMEOUT_SECONDS = 10.0  # for one document (requirement C5); a 50-entry feed takes 0.011 s
MEMORY_BYTES = 1024**3  # address space of one worker: imports map 70 MiB, a 9 MB feed 110 MiB (2026-11)
START_SECONDS = 60.0  # for the first worker and its imports; they take 0.3 s on an idle machine
TASKS_PER_WORKER = 1_000  # documents before a worker is replaced, so that a leak in a C parser stays small
POISON_SECONDS = 6 * 3600.0  # how long a document that killed a worker is not tried again
POOLS_TRIED = 4  # pools that may break with a document in flight, through no fault of its own, before it fails
POISON_KEPT = 1_000  # documents; the oldest are forgotten first

T = TypeVar("T")
Read = Callable[..., ParseResult]


def _make_ready(limit: int, imports: str) -> None:
    """Runs in a worker before its first document: what it imports is not of the document's time."""
    import_module(imports)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read_document(body: bytes, **about: Any) -> ParseResult:  # the arguments of parse.parse_document
    from wirekin.parse import parse_document

    return parse_document(body, **about)


def _read_explained(body: bytes, **about: Any) -> ParseResult:  # the arguments of parse.explain_document
    from wirekin.parse import explain_document

    return explain_document(body, **about)


def _read_article(body: bytes, **about: Any) -> ParseResult:  # the arguments of parse.parse_article
    from wirekin.parse import parse_article

    return parse_article(body, **about)


def _read_at_once(body: bytes, **about: Any) -> ParseResult | None:  # the arguments of parse.parse_at_once
    from wirekin.parse import parse_at_once

    return parse_at_once(body, **about)


def _read_picture(body: bytes) -> tuple[Thumbnail, ...] | ParseFailed:
    from wirekin.thumbnails import Unfit, thumbnails

    try:
        return thumbnails(body)
    except Unfit as error:
        return ParseFailed(Reason.NOT_A_FEED, str(error))


def _guarded(read: Callable[..., T], body: bytes, about: dict[str, Any]) -> T | ParseFailed:
    """Runs in the worker: whatever `read` does short of dying comes back as a value."""
    gc.disable()  # a tree lives until its end: looking it through again and again takes 12 % of a page (2026-11)
    try:
        return read(body, **about)
    except MemoryError:
        return ParseFailed(Reason.PARSE_CRASHED, "out of memory")
    except Exception as error:  # noqa: BLE001  # nothing that a document provokes may cross as an exception
        return ParseFailed(Reason.PARSE_CRASHED, f"{type(error).__name__}: {error}"[:200])
    finally:
        gc.enable()  # and the tree goes with the first objects of the next document


class Parsers:
    """A pool of killable workers; an async context manager. The first document starts it."""

    def __init__(
        self,
        count: int = 1,
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
        memory_bytes: int = MEMORY_BYTES,
        read: Read = _read_document,
        imports: str = "wirekin.parse",
    ) -> None:
        self._count = count
        self._imports = imports
        self._timeout_seconds = timeout_seconds
        self._memory_bytes = memory_bytes
        self._read = read
        self._pool: Any = None  # pebble.ProcessPool: pebble ships no types
        self._leaving = False
        self._starting = asyncio.Lock()
        self._tasks: set[Future[Any]] = set()
        self._poison: OrderedDict[bytes, tuple[float, ParseFailed]] = OrderedDict()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leaving = True
        await self.rest()
        for task in tuple(self._tasks):  # pebble leaves a task that was between its queues as it is: for ever
            task.cancel()

    async def rest(self) -> None:
        """End the workers, 27 MB each, when all is read; the next document starts them anew."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(_stop, pool)

    async def parse(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str = "",
        kind: FeedKind = FeedKind.FEED,
        select: Selectors | None = None,
        lang: str | None = None,
        now: datetime,
    ) -> ParseResult:
        """Read one document, here where the fast path is certain of it, in a worker otherwise.

        The arguments are those of `parse.parse_document`.

        Returns:
            What the parser says, ParseFailed(PARSE_CRASHED) where it killed its worker or ran out of memory,
            ParseFailed(PARSE_TIMEOUT) where it took longer than the timeout. It raises nothing of the document's.

        """
        at_once = _read_at_once(body, url=url, content_type=content_type, lang=lang)
        if at_once is not None:
            return at_once
        about = {"url": url, "content_type": content_type, "kind": kind, "select": select, "lang": lang, "now": now}
        return await self._survived(body, about, self._read)

    async def article(self, body: bytes, *, url: str, content_type: str = "") -> ParseResult:
        """Read an article's own page as `parse.parse_article` does, in a worker; it answers and raises as `parse`."""
        return await self._survived(body, {"url": url, "content_type": content_type}, _read_article)

    async def thumbnails(self, body: bytes) -> tuple[Thumbnail, ...] | ParseFailed:
        """Make small pictures of one as `thumbnails.thumbnails` does, in a worker; it answers and raises as `parse`."""
        return await self._survived(body, {}, _read_picture)

    async def _survived(
        self, body: bytes, about: dict[str, Any], read: Callable[..., T | ParseFailed]
    ) -> T | ParseFailed:
        """Whatever a worker says of a document, or how it died; what killed one is not tried again for a while."""
        key = blake2b(body, digest_size=16).digest()
        if known := self._known_poison(key):
            return known
        try:
            result = await self._answer_of_a_whole_pool(body, about, read)
        except asyncio.CancelledError:
            current = asyncio.current_task()
            if current is not None and current.cancelling():
                raise
            return ParseFailed(Reason.PARSE_CRASHED, "the pool was stopped")  # its tasks are cancelled, its callers not
        except (RuntimeError, OSError, EOFError) as error:  # the pool broke: nothing is known about the document
            return ParseFailed(Reason.PARSE_CRASHED, f"{type(error).__name__}: {error}"[:200])
        if isinstance(result, ParseFailed) and result.reason in {Reason.PARSE_CRASHED, Reason.PARSE_TIMEOUT}:
            self._remember(key, result)
        return result

    async def explain(self, body: bytes, known: frozenset[str], **about: Any) -> ParseResult:
        """Read one page as `parse.explain_document` does, in a worker; it answers and raises as `parse`."""
        return await self._survived(body, {"known": known, **about}, _read_explained)

    async def _answer_of_a_whole_pool(
        self, body: bytes, about: dict[str, Any], read: Callable[..., T | ParseFailed]
    ) -> T | ParseFailed:
        """As `_answer`, again where the pool broke: a document must not fail because another one killed its worker.

        pebble takes a pool for broken when a worker dies before it has heard which task that had: of 100 bombs among
        1,000 documents 0 to 2 did so, with 18 others in flight (2026-11).
        """
        for _ in range(POOLS_TRIED - 1):
            try:
                return await self._answer(body, about, read)
            except (RuntimeError, OSError, EOFError):
                if self._leaving:
                    raise
        return await self._answer(body, about, read)

    async def _answer(
        self, body: bytes, about: dict[str, Any], read: Callable[..., T | ParseFailed]
    ) -> T | ParseFailed:
        from pebble import ProcessExpired

        pool = await self._started()
        task: Future[T | ParseFailed] = pool.schedule(_guarded, args=[read, body, about], timeout=self._timeout_seconds)
        self._tasks.add(task)
        try:
            return await self._awaited(pool, asyncio.wrap_future(task))
        except TimeoutError:
            return ParseFailed(Reason.PARSE_TIMEOUT, f"longer than {self._timeout_seconds:g} s")
        except ProcessExpired as death:
            return ParseFailed(Reason.PARSE_CRASHED, f"the worker died with code {death.exitcode}")
        finally:
            task.cancel()  # nothing, where it has ended
            self._tasks.discard(task)

    async def _awaited(self, pool: Any, answer: asyncio.Future[T]) -> T:
        # A pool whose own threads died answers nobody, so it is asked now and then whether it lives.
        while not (await asyncio.wait({answer}, timeout=self._timeout_seconds))[0]:
            if not pool.active:
                raise RuntimeError("the pool broke")
        return await answer

    async def _started(self) -> Any:
        async with self._starting:
            if self._pool is not None and not self._pool.active:
                broken, self._pool = self._pool, None
                await asyncio.to_thread(_stop, broken)
            if self._pool is None:
                # The worker's start imports the parsers (0.3 s): not on the loop.
                self._pool = await asyncio.to_thread(_start, self._count, self._memory_bytes, self._imports)
        return self._pool

    def _known_poison(self, key: bytes) -> ParseFailed | None:
        since, failure = self._poison.get(key, (0.0, None))
        return failure if failure is not None and time.monotonic() - since < POISON_SECONDS else None

    def _remember(self, key: bytes, failure: ParseFailed) -> None:
        self._poison[key] = (time.monotonic(), failure)
        self._poison.move_to_end(key)
        while len(self._poison) > POISON_KEPT:
            self._poison.popitem(last=False)


def _start(count: int, memory_bytes: int, imports: str) -> Any:
    from pebble import ProcessPool

    # A fork server would hand out workers faster, and is one more process with the parsers in it: 19 MB (2026-11).
    context = multiprocessing.get_context("spawn")
    pool = ProcessPool(
        max_workers=count,
        max_tasks=TASKS_PER_WORKER,
        initializer=_make_ready,
        initargs=[memory_bytes, imports],
        context=context,
    )
    try:  # one task through the pool: it runs, and the loop never waited for it
        pool.schedule(partial(int, 0)).result(timeout=START_SECONDS)
    except TimeoutError:
        _stop(pool)
        raise RuntimeError("no parser could be started") from None
    return pool


def _stop(pool: Any) -> None:
    pool.stop()
    pool.join()
