"""Parsing in processes that may die: a poisoned document kills its own worker and nothing else (C5).

A crash, a hang and a memory bomb each come back as a ParseFailed; a fresh worker takes the place of the dead one.
Each worker is a fresh interpreter (`_worker`) that reads one document at a time: it inherits no thread, socket or
database, and which document killed it is never in doubt.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import sys
import time
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import PIPE, Process
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from hashlib import blake2b
from typing import Any, Self, TypeVar, cast

from wirekin._worker import LENGTH_BYTES, read_article, read_document, read_explained, read_picture
from wirekin.model import FeedKind, Fetched, Parsed, ParseFailed, ParseResult, Reason, Selectors
from wirekin.thumbnails import Thumbnail

TIMEOUT_SECONDS = 10.0  # for one document (requirement C5); a 50-entry feed takes 0.011 s
MEMORY_BYTES = 1024**3  # address space of one worker: imports map 70 MiB, a 9 MB feed 110 MiB (2026-11)
START_SECONDS = 60.0  # for a worker and its imports; they take 0.3 s on an idle machine
ORPHAN_SECONDS = 2  # after the timeout, until a worker that still reads ends itself: its parent must be dead
TASKS_PER_WORKER = 1_000  # documents before a worker is replaced, so that a leak in a C parser stays small
# Octets before a worker is replaced: it caches words of pages, 2.5 MB for a hostile page of 1 MB; 400 such would fill
# its memory. The cap is 300 pages of a newspaper.
BYTES_PER_WORKER = 64 * 1024 * 1024
PIECE_BYTES = 256 * 1024  # of a body, written to a worker at once
POISON_SECONDS = 6 * 3600.0  # how long a document that killed a worker is not tried again
POISON_KEPT = 1_000  # documents; the oldest are forgotten first

T = TypeVar("T")
Read = Callable[..., ParseResult]


class _Worker:
    """One process, and the two pipes to it."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._asks, self._says = cast("StreamWriter", process.stdin), cast("StreamReader", process.stdout)
        self._tasks = self._bytes = 0

    @classmethod
    async def started(cls, memory_bytes: int, seconds: int, imports: str) -> Self:
        """A process that is ready for a document. Raises: RuntimeError, OSError."""
        places = [os.environ.get("PYTHONPATH", ""), *sys.path]  # it imports what we do
        # Ctrl-C is for this process, also while the other imports: it died of it, with a traceback into the terminal
        quiet = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
        program = f"{quiet}; from wirekin._worker import main; main({memory_bytes}, {seconds}, {imports!r})"
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places))}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-c", program, stdin=PIPE, stdout=PIPE, env=environment
        )
        worker = cls(process)
        try:
            async with asyncio.timeout(START_SECONDS):
                await worker._heard()
        except (TimeoutError, EOFError) as error:
            await worker.end()
            raise RuntimeError("no parser could be started") from error
        except BaseException:
            await worker.end()
            raise
        return worker

    @property
    def usable(self) -> bool:
        """Whether it lives, and is not to be replaced yet."""
        has_room = self._tasks < TASKS_PER_WORKER and self._bytes < BYTES_PER_WORKER
        return self._process.returncode is None and has_room

    async def ask(self, about: bytes, body: bytes) -> bytes:
        """Send a document and return the answer. Raises: EOFError or OSError where the worker died."""
        self._tasks += 1
        self._bytes += len(body)
        self._asks.write(len(about).to_bytes(LENGTH_BYTES) + about + len(body).to_bytes(LENGTH_BYTES))
        for start in range(0, len(body), PIECE_BYTES):  # asyncio copies what the pipe does not take at once
            self._asks.write(memoryview(body)[start : start + PIECE_BYTES])
            await self._asks.drain()
        return await self._heard()

    async def _heard(self) -> bytes:
        length = int.from_bytes(await self._says.readexactly(LENGTH_BYTES))
        return await self._says.readexactly(length)

    def kill(self) -> None:
        """Kill the process; whoever waits for its answer gets an EOFError."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def end(self) -> int:
        """Kill it, close its pipes, and return its exit code."""
        self.kill()
        self._asks.close()
        with contextlib.suppress(OSError):
            await self._asks.wait_closed()
        while await self._says.read(1 << 16):  # only at its end is the pipe closed
            pass
        return await self._process.wait()


class Parsers:
    """Killable workers, started when a document needs one; an async context manager."""

    def __init__(
        self,
        count: int = 1,
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
        memory_bytes: int = MEMORY_BYTES,
        read: Read = read_document,
        imports: str = "wirekin.parse",
    ) -> None:
        self._imports = imports
        self._timeout_seconds = timeout_seconds
        self._memory_bytes = memory_bytes
        self._read = read
        self._count = count
        self._leaving = False
        self._large = asyncio.Lock()
        self._places = asyncio.Semaphore(count)
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._poison: OrderedDict[bytes, tuple[float, ParseFailed]] = OrderedDict()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        self._leaving = True
        for worker in self._busy:
            worker.kill()
        for _ in range(self._count):  # after all who wait for a place: they get a RuntimeError from `_ready`
            await self._places.acquire()
        await self.rest()

    async def rest(self) -> None:
        """End the idle workers, 18 MB each, when all is read; the next document starts a new one."""
        while self._idle:
            await self._idle.pop().end()

    @contextlib.asynccontextmanager
    async def opened(self, fetched: Fetched) -> AsyncIterator[bytes]:
        """The body of a document to be read; large ones wait for each other."""
        async with self._large if fetched.unpack else contextlib.nullcontext():
            yield fetched.body

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
        """Read one document: in this process where the fast path is certain of it, else in a worker.

        The arguments are those of `parse.parse_document`.

        Returns:
            What the parser says; ParseFailed(PARSE_CRASHED) where it killed its worker or ran out of memory;
            ParseFailed(PARSE_TIMEOUT) where it took longer than the timeout. No document makes this raise.

        """
        at_once = _read_at_once(body, url=url, content_type=content_type, lang=lang)
        if at_once is not None:
            return at_once
        about = {"url": url, "content_type": content_type, "kind": kind, "select": select, "lang": lang, "now": now}
        return await self._survived(body, about, self._read)

    async def article(self, body: bytes, *, url: str, content_type: str = "") -> ParseResult:
        """Read an article's own page as `parse.parse_article` does, in a worker; it answers and raises as `parse`."""
        return await self._survived(body, {"url": url, "content_type": content_type}, read_article)

    async def thumbnails(self, body: bytes) -> tuple[Thumbnail, ...] | ParseFailed:
        """Make small pictures of one as `thumbnails.thumbnails` does, in a worker; it answers and raises as `parse`."""
        return await self._survived(body, {}, read_picture)

    async def _survived(
        self, body: bytes, about: dict[str, Any], read: Callable[..., T | ParseFailed]
    ) -> T | ParseFailed:
        """What a worker says of a document, or how it died; what killed one is not tried again for POISON_SECONDS."""
        key = blake2b(body, digest_size=16).digest()
        if known := self._known_poison(key):
            return known
        try:
            self._still_here()  # after `__aexit__` no place is given back
            async with self._places:
                if known := self._known_poison(key):  # meanwhile: many feeds of one host may bring the same page
                    return known
                result = await self._answer(body, about, read)
                if isinstance(result, ParseFailed) and result.reason in {Reason.PARSE_CRASHED, Reason.PARSE_TIMEOUT}:
                    self._remember(key, result)
                return result
        except (RuntimeError, OSError) as error:  # no worker could be started: that says nothing of the document
            return ParseFailed(Reason.PARSE_CRASHED, f"{type(error).__name__}: {error}"[:200])

    async def explain(self, body: bytes, known: frozenset[str], **about: Any) -> ParseResult:
        """Read one page as `parse.explain_document` does, in a worker; it answers and raises as `parse`."""
        return await self._survived(body, {"known": known, **about}, read_explained)

    async def _answer(
        self, body: bytes, about: dict[str, Any], read: Callable[..., T | ParseFailed]
    ) -> T | ParseFailed:
        worker = await self._ready()
        self._busy.add(worker)
        try:
            async with asyncio.timeout(self._timeout_seconds):
                answer = await worker.ask(pickle.dumps((read, about)), body)
            self._idle.append(worker)
        except TimeoutError:
            await worker.end()
            return ParseFailed(Reason.PARSE_TIMEOUT, f"longer than {self._timeout_seconds:g} s")
        except (EOFError, OSError):
            return ParseFailed(Reason.PARSE_CRASHED, f"the worker died with code {await worker.end()}")
        except BaseException:  # cancelled: nobody waits for the answer
            await worker.end()
            raise
        finally:
            self._busy.discard(worker)
        result: T | ParseFailed = pickle.loads(answer)  # noqa: S301 - of our own process, which read a stranger's document
        return result

    async def _ready(self) -> _Worker:
        """An idle worker, or a new one. Raises: RuntimeError, OSError."""
        self._still_here()
        while self._idle:
            worker = self._idle.pop()
            if worker.usable:
                return worker
            await worker.end()
        seconds = int(self._timeout_seconds) + ORPHAN_SECONDS
        worker = await _Worker.started(self._memory_bytes, seconds, self._imports)
        try:
            self._still_here()
        except RuntimeError:
            await worker.end()
            raise
        return worker

    def _still_here(self) -> None:
        if self._leaving:
            raise RuntimeError("the parsers were stopped")

    def _known_poison(self, key: bytes) -> ParseFailed | None:
        since, failure = self._poison.get(key, (0.0, None))
        return failure if failure is not None and time.monotonic() - since < POISON_SECONDS else None

    def _remember(self, key: bytes, failure: ParseFailed) -> None:
        self._poison[key] = (time.monotonic(), failure)
        self._poison.move_to_end(key)
        while len(self._poison) > POISON_KEPT:
            self._poison.popitem(last=False)


def _read_at_once(body: bytes, **about: Any) -> Parsed | None:  # the arguments of parse.parse_at_once
    from wirekin.parse import parse_at_once

    with contextlib.suppress(Exception):  # a worker then says what is wrong: no document may end the turn of others
        return parse_at_once(body, **about)
    return None
