"""/v1/admin/: what may be changed over HTTP, by who holds a token of feeds.yml (RFC 6750).

Not there at all unless feeds.yml has `admin_tokens`. A token comes in the Authorization header alone, which no page of
another site can make a browser send without leave, and no leave is given here: these paths have no CORS. What is
refused is refused in this order, so that who has no token learns nothing: 404, 405, 429, 401, 403, 415, 413, 400.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from typing import Any, Final

from starlette.requests import Request

from wirekin import corrections
from wirekin.errors import BadRequest, UnknownId
from wirekin.model import FeedId
from wirekin.render import dump
from wirekin.store import Admin, Correction, Reader
from wirekin.store.threads import AdminThread
from wirekin.tokens import Scope, holder_of
from wirekin.web._bodies import body_of
from wirekin.web._context import Answer
from wirekin.web._endpoints import Endpoint, Present, ask_of, posted, refuse
from wirekin.web._headers import ADMIN, bearer_of, problem
from wirekin.web._limits import Buckets, client_of
from wirekin.web._params import read_params
from wirekin.web._readers import Readers

REFRESH: Final = ADMIN + "refresh"
STORIES: Final = ADMIN + "stories"
MAX_BODY: Final = 65_536  # bytes: 3,000 ids of feeds
MAX_ID: Final = 500  # characters; ours have 20, imported ones are others' words
BODY_SECONDS: Final = 10.0  # for so short a body
A_MINUTE: Final = 60  # requests of one client, right or wrong: people and cron jobs ask far less often

Said = Mapping[str, Any]
Work = Callable[[Readers, AdminThread, Said, Present], Awaitable[dict[str, Any]]]

_log = logging.getLogger("wirekin.web")


def admin(path: str, present: Present, buckets: Buckets) -> Endpoint:
    """The Starlette endpoint of one path of /v1/admin/; `buckets` are shared by all of them."""

    async def work(request: Request) -> Answer:
        return _refusal(request, present, buckets) or await _admitted(request, path, present)

    return posted(path, work)


def _refusal(request: Request, present: Present, buckets: Buckets) -> Answer | None:
    """What anybody is told who may not even try; None for who may."""
    context = present.context()
    if not context.admin_tokens:
        return refuse(request, ask_of(request, context, present.clock()), 404, "There is nothing here.")
    if request.method != "POST":
        return problem(405, "Here is only POST.", {"allow": "POST"})
    wait = buckets.take(client_of(request, context.trusted_proxies), A_MINUTE, monotonic())
    if wait:
        return problem(429, "That was too often: come back later.", {"retry-after": str(math.ceil(wait))})
    return None


async def _admitted(request: Request, path: str, present: Present) -> Answer:
    """Do what is asked, where its token is good for it."""
    work, scope = _WORK[path]
    given = bearer_of(request)
    holder = holder_of(given, present.context().admin_tokens)
    if holder is None:
        return _challenge(401, "A token is needed: Authorization: Bearer TOKEN.", 'error="invalid_token"' * bool(given))
    if scope not in holder.scopes:
        return _challenge(403, "This token is not good for that.", f'error="insufficient_scope", scope="{scope}"')
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return problem(415, "The body must be application/json.")
    try:
        body = await body_of(request, MAX_BODY, BODY_SECONDS)
    except TimeoutError:
        return problem(408, f"The body did not come within {BODY_SECONDS:.0f} seconds.")
    if body is None:
        return problem(413, f"At most {MAX_BODY:,} bytes.")
    read_params(request.query_params.multi_items(), frozenset(), strict=True)
    done = await work(request.app.state.readers, request.app.state.admin, _said(body), present)
    _log.info("%s by %s: %s", path, holder.name, json.dumps(done))
    return Answer(dump(done), status=202, public=False)


def _challenge(status: int, detail: str, error: str) -> Answer:
    parts = ['Bearer realm="wirekin"', *([error] if error else [])]
    return problem(status, detail, {"www-authenticate": ", ".join(parts)})


# --- what is said ----------------------------------------------------------------------------------------------------


def _said(body: bytes) -> Said:
    """The object in a body."""
    try:
        said = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as failure:
        raise BadRequest("The body is no JSON.") from failure
    if not isinstance(said, dict):
        raise BadRequest("The body must be a JSON object.")
    return said


def _id(said: object) -> str:
    if isinstance(said, str) and 0 < len(said) <= MAX_ID and said.isprintable():  # a lone surrogate is not printable
        return said
    raise BadRequest(f"An id is a text of 1 to {MAX_ID} characters.")


def _ids(said: object, count: int = 0) -> tuple[str, ...]:
    if isinstance(said, list) and said and len(said) == (count or len(said)):
        return tuple(map(_id, said))
    raise BadRequest(f"Expected a list of {count or 'one or more'} ids.")


# --- what is done ----------------------------------------------------------------------------------------------------


async def _refresh(readers: Readers, admin: AdminThread, said: Said, present: Present) -> dict[str, Any]:
    """Make all feeds due, or those in `feeds`."""
    if said.keys() - {"feeds"}:
        raise BadRequest('Expected {} or {"feeds": [ID, ...]}.')
    only = frozenset(map(FeedId, _ids(said["feeds"]))) if "feeds" in said else None
    if only and only - await readers.run(_feed_ids):
        raise UnknownId
    now = present.clock()
    return {"feeds": await admin.call(lambda face: face.make_due(now, only=only))}


def _feed_ids(reader: Reader) -> frozenset[FeedId]:
    return frozenset(feed.id for feed in reader.configured())


async def _stories(readers: Readers, admin: AdminThread, said: Said, present: Present) -> dict[str, Any]:
    """Keep or take back what a person says of a story; the next grouping replays it."""
    if len(said) != 1 or not said.keys() <= {"merge", "split", "pin", "unpin"}:
        raise BadRequest('Expected one of {"merge": [STORY, STORY]}, {"split": HEADLINE}, "pin" and "unpin".')
    ((verb, about),) = said.items()
    if verb == "unpin":
        key = _id(about)
        headline, _ = await readers.run(lambda reader: corrections.grouped(reader, key))
        return {"did": verb, "corrections": await admin.call(lambda face: face.withdraw(headline.id))}
    word, now = await readers.run(_reading(verb, about)), present.clock()

    def keep(face: Admin) -> None:
        face.correct(word, now)

    await admin.call(keep)
    return {"did": verb, "corrections": 1}


def _reading(verb: str, about: object) -> Callable[[Reader], Correction]:
    if verb == "merge":
        first, second = _ids(about, 2)
        return lambda reader: corrections.merging(reader, first, second)
    key = _id(about)
    find = corrections.splitting if verb == "split" else corrections.pinning
    return lambda reader: find(reader, key)


_WORK: Mapping[str, tuple[Work, Scope]] = {REFRESH: (_refresh, Scope.REFRESH), STORIES: (_stories, Scope.STORIES)}
PATHS: Final = tuple(_WORK)
