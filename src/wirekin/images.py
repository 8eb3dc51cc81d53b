"""Publishers' pictures, fetched once, made small, kept on disk: no reader's browser contacts a publisher unasked.

    a page is read:  kept on disk?  ->  failed lately?  ->  fetch [guarded, capped, the host's slot]
                     ->  small pictures [in a worker that may die]  ->  disk  ->  the reader

Only picture addresses of headlines in the store are fetched: the web looks them up, so this is no open proxy.
A reader waits for PATIENCE at most; the fetch goes on, and the next reader gets the picture.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import tempfile
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import timedelta
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import Final, Self
from weakref import WeakValueDictionary

from wirekin import _metrics, urls
from wirekin._log import fields, logger
from wirekin.errors import WirekinError
from wirekin.model import Clock, FeedId, Fetched, FetchFailed, FetchRequest, FetchResult, ParseFailed, Reason
from wirekin.store.threads import StoreThread
from wirekin.thumbnails import Thumbnail

WIRE_BYTES: Final = 8 * 1024 * 1024  # of one picture as published: four times what a feed may have
WITHIN: Final = timedelta(seconds=20)  # one fetch, from the first word to the last byte
PATIENCE: Final = 10.0  # seconds that a reader waits for a picture that is being fetched
TURN: Final = 60.0  # seconds that a picture waits for its host's slot; feeds come first
AT_ONCE: Final = 64  # pictures under way or waiting for their host; whoever asks for another gets Busy
MOST_BYTES: Final = 256 * 1024 * 1024  # on disk; the least recently used are deleted first
MOST_FAILED: Final = 10_000  # addresses that failed lately, in memory: 2 MB
FAILED_FOR: Final = timedelta(minutes=15)  # until an address is tried again after a failure of the network
UNFIT_FOR: Final = timedelta(days=1)  # and after one of `_HOPELESS`: what is no picture will hardly be one soon
_NAMED: Final = re.compile(r"[0-9a-f]{20}-[0-9]{1,4}\.webp")  # files of ours, as `_name` names them
_PART: Final = "wirekin-part-"  # prefix of a file that is being written
_NOBODY: Final = FeedId("images")  # stands for the feed of these requests, in answers and logs

_HOPELESS = frozenset(
    {Reason.NOT_A_FEED, Reason.TOO_LARGE, Reason.PARSE_CRASHED, Reason.PARSE_TIMEOUT, Reason.FORBIDDEN_ADDRESS,
     Reason.BAD_URL, Reason.GONE, Reason.NOT_FOUND}
)  # fmt: skip

Fetch = Callable[[FetchRequest], Awaitable[FetchResult]]
Shrink = Callable[[bytes], Awaitable[tuple[Thumbnail, ...] | ParseFailed]]

log = logger(__name__)


class Busy(Exception):
    """The picture is not there yet: ask again in a few seconds."""


def mark_of(url: str) -> str:
    """The key of the picture at `url`: a headline that changes its picture gets a new address for it."""
    return blake2b(url.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


class Images:
    """Small pictures by the address of the large one; an async context manager, made and used in one event loop.

    `fetch` is `Fetcher.fetch` with caps for pictures, `shrink` is `Parsers.thumbnails`. `allow_private` is for tests:
    a feed must not lead us to a private address.
    """

    def __init__(
        self,
        folder: Path,
        fetch: Fetch,
        shrink: Shrink,
        store: StoreThread,
        clock: Clock,
        *,
        most_bytes: int = MOST_BYTES,
        patience: float = PATIENCE,
        allow_private: frozenset[str] = frozenset(),
    ) -> None:
        self._disk = _Disk(folder, most_bytes)
        self._fetch, self._shrink, self._store, self._clock = fetch, shrink, store, clock
        self._patience, self._allow_private = patience, allow_private
        self._under_way: dict[str, asyncio.Task[tuple[Thumbnail, ...]]] = {}
        self._queues: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._failed_until: OrderedDict[str, float] = OrderedDict()

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self._disk.look)
        return self

    async def __aexit__(self, *error: object) -> None:
        tasks = tuple(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def picture(self, url: str, width: int) -> bytes | None:
        """The picture at `url` as WebP, at most `width` pixels wide (one of `thumbnails.WIDTHS`); None: not to be had.

        Raises: Busy.
        """
        mark = mark_of(url)
        kept = await asyncio.to_thread(self._disk.read, mark, width)
        if kept is not None:
            return kept
        if self._failed_until.get(mark, 0.0) > asyncio.get_running_loop().time():
            return None
        task = self._under_way.get(mark) or self._begun(mark, url)
        await asyncio.wait({task}, timeout=self._patience)
        if not task.done() or task.cancelled():
            raise Busy
        return next((made.body for made in task.result() if made.width == width), None)

    def _begun(self, mark: str, url: str) -> asyncio.Task[tuple[Thumbnail, ...]]:
        if len(self._under_way) >= AT_ONCE:
            raise Busy
        task = asyncio.create_task(self._brought(mark, url))
        self._under_way[mark] = task
        task.add_done_callback(lambda _: self._under_way.pop(mark, None))
        return task

    async def _brought(self, mark: str, url: str) -> tuple[Thumbnail, ...]:
        """Fetch and shrink a picture, and write the small ones to disk; () after a failure, which is remembered."""
        try:
            found = await self._shrunk(await self._fetched(url))
            if not isinstance(found, (ParseFailed, FetchFailed)):
                await asyncio.to_thread(self._disk.write, mark, found)
                _metrics.image_asked("made")
                return found
            reason, span = found.reason, UNFIT_FOR if found.reason in _HOPELESS else FAILED_FOR
        except Exception:  # neither a bad picture nor a failure of our own may reach a reader
            log.exception("picture failed", extra=fields(url=url))
            reason, span = Reason.PARSE_CRASHED, FAILED_FOR
        _metrics.image_asked(reason)
        log.info("picture failed", extra=fields(url=url, reason=reason))
        self._remember_failure(mark, span)
        return ()

    async def _shrunk(self, answer: FetchResult) -> tuple[Thumbnail, ...] | ParseFailed | FetchFailed:
        if isinstance(answer, Fetched):
            # `whole` is not looked at: the decoder knows better than any header whether a picture is cut.
            return await self._shrink(answer.body)
        return answer if isinstance(answer, FetchFailed) else FetchFailed(_NOBODY, Reason.UNEXPECTED_STATUS)

    async def _fetched(self, url: str) -> FetchResult:
        host = urls.host_key(url)
        queue = self._queues.setdefault(host, asyncio.Lock())
        async with queue:  # first come, first served in this process; polls and other processes share the slot
            return await self._fetched_in_turn(host, url)

    async def _fetched_in_turn(self, host: str, url: str) -> FetchResult:
        async with self._store.slot(host, self._clock, within=TURN) as ours:
            if not ours:
                return FetchFailed(_NOBODY, Reason.TIMEOUT, "its host had no turn for it")
            answer = await self._fetch(FetchRequest(_NOBODY, url, allow_private=self._allow_private))
        if isinstance(answer, FetchFailed):
            await self._store.heed(answer, host, self._clock())
        return answer

    def _remember_failure(self, mark: str, span: timedelta) -> None:
        self._failed_until[mark] = asyncio.get_running_loop().time() + span.total_seconds()
        self._failed_until.move_to_end(mark)
        while len(self._failed_until) > MOST_FAILED:
            self._failed_until.popitem(last=False)


class _Disk:
    """Files in one folder, at most `most_bytes`; the least recently used are deleted first. Any thread may call it."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder, self._most_bytes = folder, most_bytes
        self._sizes: OrderedDict[str, int] = OrderedDict()  # by name, the least recently used first
        self._bytes = 0
        self._lock = Lock()

    def look(self) -> None:
        """Index the files of earlier runs. Other files are left alone: the folder may be shared.

        Raises: WirekinError where pictures cannot be kept.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            found = list(_files(self._folder))
        except OSError as error:
            mend = "settings.images: link needs no folder"
            raise WirekinError(f"cannot keep pictures in {self._folder}: {error.strerror}; {mend}") from error
        with self._lock:
            for stat, name in sorted(found, key=lambda one: one[0].st_mtime):
                if _NAMED.fullmatch(name):
                    self._count(name, stat.st_size)
                elif name.startswith(_PART):
                    (self._folder / name).unlink(missing_ok=True)  # of a write that was cut short
            self._make_room()

    def read(self, mark: str, width: int) -> bytes | None:
        """The file's bytes; None where it is not there."""
        name = _name(mark, width)
        try:
            body = (self._folder / name).read_bytes()
            os.utime(self._folder / name)  # so that the next start knows the order of use
        except OSError:
            return None
        with self._lock:
            self._count(name, len(body))  # another process may have written it
        return body

    def write(self, mark: str, made: Iterable[Thumbnail]) -> None:
        """Write the pictures; a disk error is logged, and readers get their pictures all the same."""
        for one in made:
            name = _name(mark, one.width)
            try:
                self._put(name, one.body)
            except OSError:
                log.exception("picture could not be kept", extra=fields(file=name))
                return
            with self._lock:
                self._count(name, len(one.body))
                self._make_room()

    def _put(self, name: str, body: bytes) -> None:
        number, part = tempfile.mkstemp(prefix=_PART, dir=self._folder)
        try:
            with os.fdopen(number, "wb") as file:
                file.write(body)
            Path(part).replace(self._folder / name)
        except OSError:
            Path(part).unlink(missing_ok=True)
            raise

    def _count(self, name: str, size: int) -> None:
        self._bytes += size - self._sizes.pop(name, 0)
        self._sizes[name] = size

    def _make_room(self) -> None:
        while self._bytes > self._most_bytes and self._sizes:
            name, size = self._sizes.popitem(last=False)
            self._bytes -= size
            (self._folder / name).unlink(missing_ok=True)


def _files(folder: Path) -> Iterator[tuple[os.stat_result, str]]:
    for entry in os.scandir(folder):
        with contextlib.suppress(FileNotFoundError):  # another process makes room here
            if entry.is_file():
                yield entry.stat(), entry.name


def _name(mark: str, width: int) -> str:
    return f"{mark}-{width}.webp"
