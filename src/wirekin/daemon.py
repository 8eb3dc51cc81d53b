"""The daemon: one tick of apscheduler that polls what is due, and a way to stop that loses nothing.

::

    tick: reload, if asked -> read what hubs pushed -> a turn (refresh.py) -> ask hubs -> prune, once an hour

The database is the schedule, and a tick only queries it: nothing is lost when the process dies between two ticks.
SIGTERM and SIGINT stop the claiming, let polls under way finish (up to DRAIN), and end. SIGHUP, or a change of
feeds.yml, reloads the configuration; a bad file changes nothing. systemd is told READY, RELOADING, STOPPING, and
WATCHDOG while the loop, the database and the polling are alive (sd_notify(3)).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from wirekin import _metrics
from wirekin._log import fields, logger
from wirekin.errors import StoreError, StoreFull, WirekinError
from wirekin.model import Clock
from wirekin.refresh import Poller, TurnReport
from wirekin.schedule import FLOOR, LEASE
from wirekin.websub import Subscriber

log = logger(__name__)

TICK = timedelta(seconds=5)  # how late a due feed may be asked; a tick with nothing due costs one small query
DRAIN = timedelta(seconds=20)  # for polls under way at a stop: out within 25 s (requirement F1)
HOUSEKEEPING = timedelta(hours=1)
FULL_PAUSE = timedelta(seconds=60)  # after a full disk; then polling resumes without a restart (E4)
CLOCK_CHECK = timedelta(seconds=5)
CLOCK_JUMP = timedelta(seconds=30)  # apscheduler sleeps an hour after the clock goes back an hour (requirement fact 10)
TICKS_UNTIL_STUCK = 3  # intervals without a sign of life after which `idle` says so and the watchdog is not told
SILENT = LEASE  # how long a turn may record nothing: after that its claims have expired


class Daemon:
    """The worker: composed by the command line, run until it is told to stop."""

    def __init__(
        self,
        poller: Poller,
        subscriber: Subscriber,
        *,
        clock: Clock,
        keep: Callable[[], timedelta],
        reload: Callable[[], Awaitable[None]],
        watched: Path | None = None,
        progress: Callable[[TurnReport], None] = lambda _: None,
        tick: timedelta = TICK,
    ) -> None:
        """Compose a worker.

        Args:
            keep: how long headlines stay after they were last seen, as the configuration in force has it.
            reload: reads the configuration again. A WirekinError leaves the old one in force; after a StoreError it is
                called again.
            watched: the configuration file; a new modification time triggers a reload.
            progress: the running report of each turn.

        """
        self._poller = poller
        self._subscriber = subscriber
        self._clock = clock
        self._keep = keep
        self._reload = reload
        self._watched = watched
        self._watched_at = _modified(watched)
        self._progress = progress
        self._tick_every = tick
        self._turn: asyncio.Task[TurnReport] | None = None
        self._asking: asyncio.Task[int] | None = None
        self._ticked_at = time.monotonic()  # the last sign of life: a tick's end, good or bad, or a step of its turn
        self._well_at: float | None = None  # when a tick ended well, or its turn recorded something
        self._housekept_at: float | None = None
        self._paused_until = 0.0
        self._skew_before = self._skew()
        self._wants_reload = False
        self.first_turn_done = asyncio.Event()
        """Set when the first turn has polled and grouped everything, or when it never will: the daemon has stopped."""

    def stop(self) -> None:
        """Claim nothing more; what is under way finishes."""
        self._poller.stopping.set()

    def ask_reload(self) -> None:
        """Read the configuration again before the next turn."""
        self._wants_reload = True

    def idle(self) -> str:
        """Why nothing is polled, in words; "" where a tick ended well within three intervals, or its turn goes on."""
        if self._well_at is None:
            return "the daemon has not ticked yet"
        return "the daemon has not ticked for three intervals" if self._is_late(self._well_at) else ""

    async def run(self) -> None:
        """Tick until `stop`, then drain."""
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        # apscheduler warns of each tick that it skips during a long turn, but one turn at a time is what we want.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        scheduler = AsyncIOScheduler(timezone="UTC")
        job = scheduler.add_job(
            self._tick,
            "interval",
            seconds=self._tick_every.total_seconds(),
            next_run_time=self._clock(),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        scheduler.start()
        _notify("READY=1")
        log.info("daemon started")
        try:
            await self._watch_clock(lambda: job.modify(next_run_time=self._clock()))
        finally:
            _notify("STOPPING=1")
            job.remove()  # no tick begins; shutdown(wait=True) would cancel the running one (requirement fact 10)
            await self._drain()
            scheduler.shutdown(wait=False)
            self.first_turn_done.set()
            log.info("daemon stopped")

    async def _watch_clock(self, wake: Callable[[], object]) -> None:
        """Until stopped: wake the scheduler after the clock jumped, and tell systemd's watchdog while ticks come."""
        stopping = self._poller.stopping
        skew = self._skew()
        while not stopping.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), CLOCK_CHECK.total_seconds())
            if abs(self._skew() - skew) > CLOCK_JUMP.total_seconds():
                log.warning("clock jumped", extra=fields(seconds=round(self._skew() - skew)))
                skew = self._skew()
                wake()
            if not self._is_late(max(self._ticked_at, self._well_at or 0.0)):
                _notify("WATCHDOG=1")

    def _skew(self) -> float:
        # A suspended machine must not look like a clock put ahead: on Linux, CLOCK_BOOTTIME counts the time asleep.
        running = time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()
        return self._clock().timestamp() - running

    def _is_late(self, well_at: float) -> bool:
        allowed = SILENT if self._turn else TICKS_UNTIL_STUCK * self._tick_every
        return time.monotonic() - well_at > allowed.total_seconds()

    def _wait_out_a_leap(self) -> None:
        """Pause for a floor after the clock was put ahead: feeds polled a minute ago now look due (A4)."""
        ahead, self._skew_before = self._skew() - self._skew_before, self._skew()
        if ahead > CLOCK_JUMP.total_seconds():
            self._paused_until = max(self._paused_until, time.monotonic() + FLOOR.total_seconds())
            log.warning("clock put ahead: polling waits", extra=fields(seconds=round(FLOOR.total_seconds())))

    async def _tick(self) -> None:
        self._wait_out_a_leap()
        if self._poller.stopping.is_set():
            return
        if time.monotonic() < self._paused_until:
            self._ticked_at = time.monotonic()  # the pause is on purpose: keep the watchdog quiet
            return
        try:
            await self._reload_if_asked()
            self._turn = asyncio.create_task(self._read_and_poll())
            report = await self._turn
            if not self._poller.stopping.is_set():  # a stop waits for what is under way, and for nothing new
                self._ask_hubs()
                await self._housekeep()
            await self._poller.store.call(lambda store: store.daemon_seen(self._clock()))
            _metrics.tick_ran(self._clock().timestamp())
            self._well_at = time.monotonic()
            if report.polled:
                log.info("turn ended", extra=fields(**_summary(report)))
            self.first_turn_done.set()
        except StoreFull:
            self._paused_until = time.monotonic() + FULL_PAUSE.total_seconds()
            log.exception("disk full", extra=fields(retry_in_seconds=FULL_PAUSE.total_seconds()))
        except asyncio.CancelledError:
            if not self._poller.stopping.is_set():
                raise
        except Exception:
            log.exception("tick failed")  # what was not recorded is still due; the next tick tries again
        finally:
            self._turn = None
            self._ticked_at = time.monotonic()

    async def _read_and_poll(self) -> TurnReport:
        """Read what hubs pushed, then run a turn, which groups it with what it polls."""
        await self._subscriber.read_pushes()
        return await self._poller.turn(progress=self._tell)

    def _tell(self, report: TurnReport) -> None:
        self._ticked_at = time.monotonic()  # after an import, a turn may group for long and poll nothing
        if report.polled:
            self._well_at = self._ticked_at
        self._progress(report)

    def _ask_hubs(self) -> None:
        """Ask hubs beside the ticks, one round at a time: a hub that hangs delays no poll (requirement F3)."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._subscriber.ask_hubs())
            self._asking.add_done_callback(_log_trouble)

    async def _reload_if_asked(self) -> None:
        modified = _modified(self._watched)
        if not self._wants_reload and modified == self._watched_at:
            return
        self._wants_reload, self._watched_at = False, modified
        _notify(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")
        try:
            await self._reload()
            log.info("configuration reloaded")
        except StoreError:  # the file is fine: try again
            self._wants_reload = True
            raise
        except WirekinError as error:
            log.error("configuration refused", extra=fields(detail=str(error)))  # noqa: TRY400 - the sentence is enough
        finally:
            _notify("READY=1")

    async def _housekeep(self) -> None:
        if self._housekept_at and time.monotonic() - self._housekept_at < HOUSEKEEPING.total_seconds():
            return
        self._housekept_at = time.monotonic()
        now = self._clock()
        stopping = self._poller.stopping.is_set
        pruned = await self._poller.store.call(lambda store: store.prune(now, self._keep(), stopping=stopping))
        if pruned:
            log.info("headlines pruned", extra=fields(headlines=pruned))

    async def _drain(self) -> None:
        """Let the running turn finish its polls; those unfinished after DRAIN are due again when their lease ends.

        Requests to hubs are not waited for: each is sent again when its lease ends, unless the hub confirms it.
        """
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait({self._asking})
        turn = self._turn
        if turn is None:
            return
        _, late = await asyncio.wait({turn}, timeout=DRAIN.total_seconds())
        if late:
            log.warning("polls abandoned at stop")
            turn.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await turn


def on_signals(daemon: Daemon | None, stop: Callable[[], None]) -> None:
    """SIGTERM and SIGINT call `stop`; SIGHUP asks the daemon, where there is one, to reload."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    loop.add_signal_handler(signal.SIGHUP, daemon.ask_reload if daemon else lambda: None)


def _log_trouble(asking: asyncio.Task[int]) -> None:
    if not asking.cancelled() and (error := asking.exception()) is not None:
        log.error("hubs not asked", extra=fields(detail=str(error)))  # what was not recorded is due again


def _modified(path: Path | None) -> int:
    try:
        return path.stat().st_mtime_ns if path else 0
    except OSError:
        return 0  # gone for a moment while an editor replaces it: its return is the change


def _summary(report: TurnReport) -> dict[str, int | float]:
    return {
        "polled": report.polled,
        "failed": report.failed,
        "headlines_new": report.headlines_new,
        "stories_new": report.stories_new,
        "seconds": round(report.took.total_seconds(), 2),
    }


def _notify(message: str) -> None:
    """Tell systemd, where it listens (sd_notify(3)); `@` marks an abstract socket."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.sendto(message.encode(), "\0" + address[1:] if address.startswith("@") else address)
