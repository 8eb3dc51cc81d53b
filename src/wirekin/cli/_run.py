"""`run`, `daemon`, `serve` and `healthcheck`: the long-running processes."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import click

from wirekin import _log
from wirekin._heap import look_seldom
from wirekin.cli._app import App, clock, rules_of
from wirekin.cli._options import app_of, command
from wirekin.config import Config, Images, Settings
from wirekin.daemon import Daemon, on_signals
from wirekin.errors import WirekinError
from wirekin.grouping import Grouper
from wirekin.refresh import Poller, TurnReport
from wirekin.urls import netloc
from wirekin.web import Pictures, WebContext, WebServer, create_app, make_server
from wirekin.websub import Subscriber

log = _log.logger(__name__)

Places = list[tuple[str, int]]
AT_START = ("listen", "workers", "contact")  # settings that a reload cannot change

HOST_OPTION = click.option("--host", help="Where to listen (default: settings.listen, 127.0.0.1).")
PORT_OPTION = click.option("--port", type=click.IntRange(0, 65535), help="Which port (default: settings.listen, 8000).")


@command("run")
@HOST_OPTION
@PORT_OPTION
@click.pass_context
def run_command(ctx: click.Context, host: str | None, port: int | None) -> None:
    """Poll on schedule and serve the pages, in one process, until stopped."""
    app = app_of(ctx)
    asyncio.run(run_both(app, places(app.config.settings, host, port), ready=app.say_address))


@command("daemon")
@click.pass_context
def daemon_command(ctx: click.Context) -> None:
    """Poll on schedule, without the web, until stopped."""
    app = app_of(ctx)
    _log_to_stderr(app)
    asyncio.run(_daemon_only(app))


@command("serve")
@HOST_OPTION
@PORT_OPTION
@click.pass_context
def serve_command(ctx: click.Context, host: str | None, port: int | None) -> None:
    """Serve the pages and the JSON, without polling, until stopped."""
    app = app_of(ctx)
    _log_to_stderr(app)
    asyncio.run(_serve_only(app, places(app.config.settings, host, port)))


@command("healthcheck")
@HOST_OPTION
@PORT_OPTION
@click.pass_context
def healthcheck_command(ctx: click.Context, host: str | None, port: int | None) -> None:
    """Ask a running wirekin whether it is ready: exit 0 or 1 (for containers)."""
    import http.client

    app = app_of(ctx)
    host, port = places(app.config.settings if app.has_config else Settings(), host, port)[0]
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        app.say(f"{answer.status} {answer.read(2_000).decode('utf-8', 'replace').strip()}")
        ctx.exit(0 if answer.status == 200 else 1)
    except (OSError, http.client.HTTPException) as error:  # nothing listens there, or it does not speak HTTP
        app.say(f"no wirekin answers at {netloc(host, port)}: {getattr(error, 'strerror', None) or error}")
        ctx.exit(1)
    finally:
        connection.close()


def places(settings: Settings, host: str | None, port: int | None) -> list[tuple[str, int]]:
    """Where to listen: every place of settings.listen, or the one that --host and --port name."""
    split = [place.rpartition(":") for place in settings.listen]
    configured = [(name.strip("[]"), int(number)) for name, _, number in split]
    if host is None and port is None:
        return configured
    return [((host or "").strip("[]") or configured[0][0], configured[0][1] if port is None else port)]


def _log_to_stderr(app: App) -> None:
    level = logging.WARNING if app.verbosity < 0 else logging.DEBUG if app.verbosity else logging.INFO
    _log.set_up(_log.LogFormat(app.log_format), level=level)


class Current:
    """The configuration in force, which the web reads at each request and a reload replaces."""

    def __init__(self, config: Config) -> None:
        self.started_with = config.settings
        self.use(config)

    def use(self, config: Config) -> None:
        """Put a configuration in force. A reload cannot turn on the picture proxy, which is made at the start only."""
        settings = config.settings
        self.config = config
        self._context = WebContext(
            rules=rules_of(config),
            topics=config.topics.names,
            keep=settings.keep,
            public_url=settings.base,
            rate_limit=settings.rate_limit,
            trusted_proxies=settings.trusted_proxies,
            images=Images.PROXY is settings.images is self.started_with.images,
            admin_tokens=settings.admin_tokens,
            feeds=tuple(feed.id for feed in config.feeds),
        )

    def context(self) -> WebContext:
        """The web's view of the configuration: the same object until a reload."""
        return self._context

    def keep(self) -> timedelta:
        """How long headlines are kept by the configuration in force."""
        return self.config.settings.keep

    def at_next_start(self) -> list[str]:
        """The settings that changed since the start but need a restart to take effect."""
        now, then = self.config.settings, self.started_with
        waiting = [key for key in AT_START if getattr(now, key) != getattr(then, key)]
        return [*waiting, "images"] if Images.PROXY is now.images is not then.images else waiting


@asynccontextmanager
async def daemon_of(
    app: App, current: Current, progress: Callable[[TurnReport], None] = lambda _: None
) -> AsyncIterator[Daemon]:
    """Build the daemon, and hold the lock that makes it the only one of this database."""
    from wirekin.cli._compose import parts_of

    # The lock comes before the schema is brought up to date: the daemon of an older wirekin may hold this database. The
    # schema comes next, for other commands that meet the lock wait for it but a moment.
    with app.looking("keep").hold_daemon():
        app.bring_up_to_date()
        async with parts_of(app) as (poller, subscriber):
            yield Daemon(
                poller,
                subscriber,
                clock=clock,
                keep=current.keep,
                reload=_reloader(app, poller, subscriber, current),
                watched=app.path,
                progress=progress,
            )


def _reloader(app: App, poller: Poller, subscriber: Subscriber, current: Current) -> Callable[[], Awaitable[None]]:
    """A function that reads feeds.yml again: feeds, rules and topics change together, or not at all."""
    from wirekin import config

    async def reload() -> None:
        fresh = await asyncio.to_thread(config.load, app.path)
        await poller.store.call(lambda store: store.sync_feeds(fresh.feeds, clock()))
        poller.feeds = {feed.id: feed for feed in fresh.feeds}
        poller.rules = rules_of(fresh)
        subscriber.feeds, subscriber.rules, subscriber.base = poller.feeds, poller.rules, fresh.settings.hub_base
        before, now = current.config.settings, fresh.settings
        if (now.window, now.semantic) != (before.window, before.semantic):
            poller.grouper = Grouper(poller.store, now.window, semantic=now.semantic)
        current.use(fresh)
        if later := current.at_next_start():
            log.warning("settings wait for the next start", extra=_log.fields(settings=", ".join(later)))

    return reload


async def _daemon_only(app: App) -> None:
    async with daemon_of(app, Current(app.config)) as daemon:
        on_signals(daemon, daemon.stop)
        await daemon.run()


async def _serve_only(app: App, places: Places) -> None:
    current = Current(app.config)
    async with pictures_of(app) as pictures:
        server = server_of(app, current, places, pictures)
        on_signals(None, lambda: setattr(server, "should_exit", True))
        for address in server.addresses:
            app.say_address(address)
        look_seldom()
        await server.serve()


@asynccontextmanager
async def pictures_of(app: App) -> AsyncIterator[Pictures | None]:
    """The picture proxy where feeds.yml asks for one (`images: proxy`); else None."""
    if app.config.settings.images is not Images.PROXY:
        yield None
        return
    from wirekin.cli._compose import images_of

    async with images_of(app) as images:
        yield images.picture


def server_of(
    app: App, current: Current, places: Places, pictures: Pictures | None, idle: Callable[[], str] = lambda: ""
) -> WebServer:
    """The web server, listening; raises WirekinError, which says what to do, where it cannot listen."""
    web = create_app(app.backend, current=current.context, clock=clock, idle=idle, pictures=pictures)
    try:
        return make_server(web, *places[0], *places[1:])
    except OSError as error:
        where = " and ".join(netloc(host, port) for host, port in places)
        mend = "--port" if error.errno in {errno.EADDRINUSE, errno.EACCES} else "--host"
        raise WirekinError(f"cannot listen on {where}: {error.strerror}; {mend} names another") from error


async def run_both(
    app: App,
    places: Places,
    *,
    ready: Callable[[str], None] = lambda _: None,
    progress: Callable[[TurnReport], None] = lambda _: None,
    after_first_turn: Callable[[], Awaitable[bool]] | None = None,
) -> None:
    """Run the daemon and the web in one process.

    Args:
        places: where to listen.
        ready: called with each address when the web answers.
        progress: called with the running report of a turn.
        after_first_turn: awaited when the first turn has polled and grouped everything; False ends the process. It is
            not called after a stop.

    """
    _log_to_stderr(app)
    current = Current(app.config)
    async with daemon_of(app, current, progress) as daemon, pictures_of(app) as pictures:
        server = server_of(app, current, places, pictures, daemon.idle)

        def stop() -> None:
            daemon.stop()
            server.should_exit = True

        on_signals(daemon, stop)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_served(server, stop))
            tasks.create_task(daemon.run())
            await _started(server)
            for address in server.addresses:
                ready(address)
            if after_first_turn:
                await daemon.first_turn_done.wait()
                if not server.should_exit and not await after_first_turn():
                    stop()


async def _served(server: WebServer, stop: Callable[[], None]) -> None:
    """Serve until told to exit; where the web ends by itself, stop the daemon too."""
    try:
        await server.serve()
    finally:
        stop()


async def _started(server: WebServer) -> None:
    # uvicorn sets an attribute when it has started, and offers no event to wait for
    while not server.started and not server.should_exit:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
