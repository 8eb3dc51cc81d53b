"""The web: routes, headers, pages. `create_app` makes the application, `make_server` serves it.

A request goes straight down: cached in `_memory`? -> route -> `_params` parses it -> a `Show` of `_api` or `_pages` on
a reader's thread -> `render` -> `_headers`. Only GET, HEAD and OPTIONS are allowed; there are no cookies. Two kinds of
clients may POST: hubs to their callback addresses (`_callback`), and holders of a token of feeds.yml (`_admin`).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route

from wirekin import _metrics, render
from wirekin.model import Clock
from wirekin.store import Backend
from wirekin.store.threads import AdminThread
from wirekin.web import _admin, _api, _builder, _elsewhere, _health, _images, _openapi, _pages, _params, _static
from wirekin.web._callback import PATH, Desk, callback
from wirekin.web._context import Answer, Ask, Show, WebContext
from wirekin.web._endpoints import Present, at_once, endpoint, read_by, refusal_of
from wirekin.web._headers import METHODS
from wirekin.web._images import Pictures
from wirekin.web._limits import Buckets, Limited
from wirekin.web._memory import Memory
from wirekin.web._readers import Readers
from wirekin.web._server import WebServer, make_server

__all__ = ["Pictures", "WebContext", "WebServer", "create_app", "make_server"]

_NONE: frozenset[str] = frozenset()

# Path, handler, allowed parameters. Paths with a suffix come before the patterns that would match them as well.
_ROUTES: tuple[tuple[str, Show, frozenset[str]], ...] = (
    ("/v1/related", _api.related, _params.RELATED),
    ("/v1/stories", _api.stories, _params.STORIES),
    ("/v1/stories/{id}", _api.story, _NONE),
    ("/v1/headlines", _api.headlines, _params.HEADLINES),
    ("/v1/topics", _api.topics, _params.LIST | {"since"}),
    ("/v1/feeds", _api.feeds, _params.LIST),
    ("/", _pages.front, _NONE),
    ("/topics", _pages.topics, _NONE),
    ("/topics/{slug}.json", _pages.topic_as_feed, _NONE),
    ("/topics/{slug}.atom", _pages.topic_as_feed, _NONE),
    ("/topics/{slug}.rss", _pages.topic_as_feed, _NONE),
    ("/topics/{slug}", _pages.topic, _params.LIST),
    ("/stories/{id}.json", _pages.story_as_feed, _NONE),
    ("/stories/{id}.atom", _pages.story_as_feed, _NONE),
    ("/stories/{id}.rss", _pages.story_as_feed, _NONE),
    ("/stories/{id}", _pages.story, _NONE),
    ("/search", _pages.search, _params.SEARCH),
    ("/feeds", _pages.feeds, _params.LIST),
    ("/feeds.opml", _pages.feeds_as_opml, _NONE),
    ("/related.json", _pages.related_as_feed, _params.RELATED),
    ("/related.atom", _pages.related_as_feed, _params.RELATED),
    ("/related.rss", _pages.related_as_feed, _params.RELATED),
    ("/related.jsonld", _elsewhere.related_as_json_ld, _params.SHAPED),
    ("/related.jetpack", _elsewhere.related_as_jetpack, _params.SHAPED),
    ("/embed", _builder.builder, _params.BUILDER),
    ("/oembed", _elsewhere.oembed, _params.OEMBED),
    ("/fragment/related", _pages.fragment, _params.EMBED),
    ("/embed/related", _pages.embed, _params.EMBED),
    ("/openapi.json", _openapi.openapi, _NONE),
    ("/docs", _openapi.docs, _NONE),
    ("/metrics", _health.metrics, _NONE),
)
# Related items in every form are cached: the same question has the same answer until the content changes.
_REMEMBERED = frozenset(
    {"/v1/related", "/fragment/related", "/embed/related"}
    | {f"/related.{suffix}" for suffix in ("json", "atom", "rss", "jsonld", "jetpack")}
)
_WITHOUT_DATABASE: tuple[tuple[str, Callable[[Ask], Answer]], ...] = (
    ("/widget.js", _static.widget),
    ("/static/{name}", _static.static),
    ("/favicon.ico", _static.icon),
    ("/healthz", _health.alive),
)


def create_app(
    backend: Backend,
    *,
    current: Callable[[], WebContext],
    clock: Clock,
    idle: Callable[[], str] = lambda: "",
    pictures: Pictures | None = None,
) -> Starlette:
    """Make the application over a database.

    Args:
        backend: the database.
        current: returns the present context, so that a reload of feeds.yml takes effect at once.
        clock: the current time.
        idle: says why this process does not poll though it should, for /readyz (`daemon.Daemon.idle`).
        pictures: fetches publishers' pictures if we serve them (`images.Images.picture`); None if we do not.

    """

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None]:
        app.state.readers = Readers(backend)
        app.state.desk = Desk(backend)
        app.state.admin = AdminThread(backend)
        try:
            yield
        finally:
            await app.state.readers.close()
            await app.state.desk.close()
            await app.state.admin.close()

    _metrics.begin()
    render.load()
    present = Present(current, clock)
    app = Starlette(
        routes=_routes(present, idle, pictures),
        exception_handlers={HTTPException: refusal_of(present)},
        lifespan=lifespan,
        middleware=[
            Middleware(Limited, present=present),
            Middleware(Memory, paths=_REMEMBERED, present=present),
        ],
    )
    # Starlette's own 307 for a trailing slash lacks our headers and the path of `public_url`.
    app.router.redirect_slashes = False
    return app


def _routes(present: Present, idle: Callable[[], str], pictures: Pictures | None) -> list[Route]:
    works = [(path, read_by(show), known) for path, show, known in _ROUTES]
    works += [(path, at_once(show), _NONE) for path, show in _WITHOUT_DATABASE]
    works.append((_images.PATH, _images.image(pictures), _NONE))
    works.append(("/readyz", _health.ready(idle), _NONE))
    routes = [
        Route(path, endpoint(work, known, route=path, present=present), methods=list(METHODS))
        for path, work, known in works
    ]
    buckets = Buckets()
    # Without `methods` the endpoint gets every method. It refuses those that it lacks, and all of them if it is off.
    routes.append(Route(PATH, callback(present), methods=[]))
    return routes + [Route(path, _admin.admin(path, present, buckets), methods=[]) for path in _admin.PATHS]
