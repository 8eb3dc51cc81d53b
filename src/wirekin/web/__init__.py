"""The public side: routes, headers, pages. `create_app` makes the application, `make_server` serves it.

A request walks straight down: kept by `_memory`? -> route -> `_params` reads it -> a `Show` of `_api` or `_pages` on a
reader's thread -> `render` -> `_headers`. Only GET, HEAD and OPTIONS; no cookie, no state but the readers. Two may
POST: hubs, to the addresses that they were given (`_callback`), and who holds a token of feeds.yml (`_admin`).
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
from wirekin.store._thread import AdminThread
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

# path, what answers it, which parameters it knows. Paths with a suffix come before those that would swallow it.
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
# The related items of an article, in every form: the same question has the same answer until the content changes.
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
    """The application over a database; `current` gives the context of this moment, so that a reload shows at once.

    `idle` says why this process does not poll though it should, for /readyz: `daemon.Daemon.idle`.
    `pictures` brings those of publishers, where they come from us: `images.Images.picture`.
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
    # Starlette's own 307 for a final slash has none of our headers, and forgets the path of `public_url`.
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
    # No methods named: the endpoint sees them all, names its own, and is nowhere for each of them where it is off.
    routes.append(Route(PATH, callback(present), methods=[]))
    return routes + [Route(path, _admin.admin(path, present, buckets), methods=[]) for path in _admin.PATHS]
