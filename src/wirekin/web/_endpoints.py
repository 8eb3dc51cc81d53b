"""Request -> Ask -> Answer -> response: make a Starlette endpoint of a `Show`, and an answer of every exception."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from time import perf_counter

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from wirekin import _metrics
from wirekin.errors import BadRequest, StoreError, UnknownId
from wirekin.images import Busy
from wirekin.model import Clock
from wirekin.render import error_page
from wirekin.tokens import holder_of
from wirekin.web._context import Answer, Ask, Moved, Show, WebContext
from wirekin.web._headers import METHODS, TITLES, bearer_of, moved, preflight, problem, respond
from wirekin.web._images import confined
from wirekin.web._pages import HTML, bare_site
from wirekin.web._params import read_params
from wirekin.web._readers import Overloaded, Readers

_log = logging.getLogger("wirekin.web")
_HOST = re.compile(r"[A-Za-z0-9.\-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?")
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/_.~-]*")

Endpoint = Callable[[Request], Awaitable[Response]]
Work = Callable[[Readers, Ask], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Present:
    """Access to the current context and time."""

    context: Callable[[], WebContext]
    clock: Clock


def read_by(show: Show) -> Work:
    """Make the work of a path that reads the database, on a reader's thread."""

    async def work(readers: Readers, ask: Ask) -> Answer:
        return await readers.run(lambda reader: show(reader, ask))

    return work


def at_once(show: Callable[[Ask], Answer]) -> Work:
    """Make the work of a path that needs no database: it answers even if every reader is busy or broken."""

    async def work(_readers: Readers, ask: Ask) -> Answer:
        return show(ask)

    return work


def endpoint(work: Work, allowed: frozenset[str], *, route: str, present: Present) -> Endpoint:
    """Make the Starlette endpoint of one path. Under /v1/ parameters that are not in `allowed` are refused."""
    strict = route.startswith("/v1/")

    async def answer(request: Request) -> Response:
        started = perf_counter()
        response = await _respond(request, work, allowed, strict=strict, present=present)
        _metrics.request_answered(route, request.method, response.status_code, perf_counter() - started)
        return response

    return answer


async def _respond(
    request: Request, work: Work, allowed: frozenset[str], *, strict: bool, present: Present
) -> Response:
    if request.method == "OPTIONS":
        return preflight()
    ask = ask_of(request, present.context(), present.clock())
    try:
        params = read_params(request.query_params.multi_items(), allowed, strict=strict)
        answer = confined(await work(request.app.state.readers, replace(ask, params=params)), ask)
        if ask.trusted:
            answer = replace(answer, public=False)
    except Exception as failure:  # noqa: BLE001 -- the one place where any failure becomes an answer
        answer = _refusal(request, ask, failure)
    return respond(request, answer)


def posted(route: str, work: Callable[[Request], Awaitable[Answer]], *, again: int = 2) -> Endpoint:
    """Make the Starlette endpoint of a path to which programs post: errors are problems, and tokens are not logged.

    `again` is the Retry-After, in seconds, if there are too many requests.
    """

    async def answer(request: Request) -> Response:
        started = perf_counter()
        try:
            said = await work(request)
        except Exception as failure:  # noqa: BLE001 -- as in `_respond`
            said = _problem_of(failure, route, again)
        response = respond(request, said)
        _metrics.request_answered(route, request.method, response.status_code, perf_counter() - started)
        return response

    return answer


def _problem_of(failure: Exception, route: str, again: int) -> Answer:
    match failure:
        case BadRequest():
            return problem(400, str(failure))
        case UnknownId():
            return problem(404, "No feed, headline or story has such an id.")
        case Overloaded():
            return problem(503, "Too many requests at once: come back in a moment.", {"retry-after": str(again)})
        case StoreError():
            _log.error("The database could not answer: %s", failure)
            return problem(503, "The database cannot answer now.", {"retry-after": "30"})
        case ClientDisconnect():
            return problem(400, "The request ended early.")
        case _:
            _log.error("A request broke: %s", route, exc_info=failure)
            return problem(500, "This is our fault; it has been written down.")


def ask_of(request: Request, context: WebContext, now: datetime) -> Ask:
    """Make the Ask of a request, before its parameters are read."""
    base = context.public_url.rstrip("/") or _base_of(request)
    token = bearer_of(request)
    trusted = bool(token) and holder_of(token, context.admin_tokens) is not None
    return Ask(context, base, _path_of(request), {}, request.path_params, now, trusted)


def _path_of(request: Request) -> str:
    path: str = request.scope["path"]
    # Starlette's `url.path` builds and parses a URL, which takes 8 of a cached answer's 40 us (bench/web.py, 2026-11).
    # It also removes line breaks from a path, so that no log line can be forged.
    return path if _PLAIN_PATH.fullmatch(path) else request.url.path


def _base_of(request: Request) -> str:
    # The client chooses the Host header, so it is used only if it looks like a host.
    host = request.headers.get("host", "")
    return f"{request.scope['scheme']}://{host}" if _HOST.fullmatch(host) else ""


def _refusal(request: Request, ask: Ask, failure: Exception) -> Answer:
    match failure:
        case Moved():
            return moved(ask.base_url + failure.path)
        case BadRequest():
            return refuse(request, ask, 400, str(failure))
        case UnknownId():
            return refuse(request, ask, 404, str(failure))
        case Overloaded() | Busy():
            return refuse(request, ask, 503, "Too many requests at once: come back in a moment.", {"retry-after": "2"})
        case StoreError():
            _log.error("The database could not answer: %s", failure)
            return refuse(request, ask, 503, "The database cannot answer now.", {"retry-after": "30"})
        case _:
            _log.error("A request broke: %s", ask.path, exc_info=failure)
            return refuse(request, ask, 500, "This is our fault; it has been written down.")


def refuse(request: Request, ask: Ask, status: int, detail: str, headers: dict[str, str] | None = None) -> Answer:
    """Refuse a request: with a problem for programs, with a page for browsers."""
    vary = {**(headers or {}), "vary": "accept"}
    if ask.path.startswith("/v1/") or "text/html" not in request.headers.get("accept", ""):
        return problem(status, detail, vary)
    page = error_page(bare_site(ask, ask.now), status, TITLES.get(status, "Refused"), detail)
    return Answer(page.encode("utf-8", "replace"), HTML, status, vary, public=False)


def refusal_of(present: Present) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Make Starlette's handler for requests without a route: 404, and 405 with the allowed methods."""

    async def answer(request: Request, failure: Exception) -> Response:
        status = failure.status_code if isinstance(failure, HTTPException) else 500
        _metrics.request_answered("other", request.method, status, 0.0)
        ask = ask_of(request, present.context(), present.clock())
        methods = ", ".join(METHODS)
        if status == 405:
            return respond(request, refuse(request, ask, 405, f"Here are only {methods}.", {"allow": methods}))
        return respond(request, refuse(request, ask, status, "There is nothing here."))

    return answer
