"""Our web server on loopback in a thread, for tests over real HTTP; and the path of Chromium."""

from __future__ import annotations

import asyncio
import http.client
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from fakes_reader import World, backend, context
from make import NOW
from wirekin.model import Clock
from wirekin.store import Backend
from wirekin.web import Pictures, WebContext, create_app, make_server

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
CHROMIUM_ARGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@contextmanager
def serving(
    world: World, *, current: Callable[[], WebContext] = context, now: datetime = NOW, pictures: Pictures | None = None
) -> Iterator[str]:
    """Serve a world with the clock fixed at `now`, and `world.idle` for /readyz; yields the address."""
    with serving_backend(
        backend(world), current=current, clock=lambda: now, idle=lambda: world.idle, pictures=pictures
    ) as address:
        yield address


@contextmanager
def serving_backend(
    over: Backend,
    *,
    current: Callable[[], WebContext] = context,
    clock: Clock,
    idle: Callable[[], str] = lambda: "",
    pictures: Pictures | None = None,
) -> Iterator[str]:
    """Serve a database; yields the address."""
    app = create_app(over, current=current, clock=clock, idle=idle, pictures=pictures)
    server = make_server(app, "127.0.0.1", 0)
    thread = threading.Thread(target=asyncio.run, args=(server.serve(),))
    thread.start()
    try:
        yield server.address
    finally:
        server.should_exit = True
        thread.join()


def ask(address: str, path: str, method: str = "GET", **headers: str) -> Reply:
    """Make one request for exactly this path; _ in header names stands for -."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, found, response.read())
    finally:
        connection.close()


class Web:
    """The web server of a world, with a context that a test may change."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.address = ""
        self.fresh()

    def fresh(self) -> None:
        """Reset to what every test starts with; subclasses add what their tests change."""
        self.context = context()

    def current(self) -> WebContext:
        return self.context

    def ask(self, path: str, method: str = "GET", **headers: str) -> Reply:
        return ask(self.address, path, method, **headers)

    def json(self, path: str) -> Any:
        reply = self.ask(path)
        assert reply.status == 200, reply.text
        return json.loads(reply.body)


W = TypeVar("W", bound=Web)


@contextmanager
def served(web: W) -> Iterator[W]:
    """Serve `web` for the block, with its address set."""
    with serving(web.world, current=web.current) as web.address:
        yield web
