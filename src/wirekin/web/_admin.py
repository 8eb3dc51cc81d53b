"""/v1/admin/: changes over HTTP by holders of a token of feeds.yml (RFC 6750).

The paths exist only if feeds.yml has `admin_tokens`. A token is accepted only in the Authorization header, which a page
of another site can send only after a CORS preflight, and these paths allow none. Requests are refused in this order, so
that a client without a token learns nothing: 404, 405, 429, 401, 403, 415, 413, 400.
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
from wirekin.store import Correction, Reader
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
MAX_ID: Final = 500  # characters; our ids have 20, imported ids may be longer
BODY_SECONDS: Final = 10.0  # until such a short body must be complete
A_MINUTE: Final = 60  # requests per minute and client, valid or not: people and cron jobs send far fewer

Said = Mapping[str, Any]
Work = Callable[[Readers, AdminThread, Said, Present], Awaitable[dict[str, Any]]]

_log = logging.getLogger("wirekin.web")


def admin(path: str, present: Present, buckets: Buckets) -> Endpoint:
    """Make the Starlette endpoint of one path of /v1/admin/; all paths share `buckets`."""

    async def work(request: Request) -> Answer:
        return _refusal(request, present, buckets) or await _admitted(request, path, present)

    return posted(path, work)


def _refusal(request: Request, present: Present, buckets: Buckets) -> Answer | None:
    """Return the refusal of a request before its token is checked; None if it may go on."""
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
    """Check the token, the scope and the body, and do the work of the path."""
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
    return problem(status, detail, {"www-authenticate": ", ".join(filter(None, ('Bearer realm="wirekin"', error)))})


# --- what is said ----------------------------------------------------------------------------------------------------


def _said(body: bytes) -> Said:
    """Parse the JSON object in a body. Raises BadRequest."""
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
    if only and only - await readers.run(lambda reader: {feed.id for feed in reader.configured()}):
        raise UnknownId
    now = present.clock()
    return {"feeds": await admin.call(lambda face: face.make_due(now, only=only))}


async def _stories(readers: Readers, admin: AdminThread, said: Said, present: Present) -> dict[str, Any]:
    """Store or delete a person's correction of a story; the next grouping applies it."""
    if len(said) != 1 or not said.keys() <= {"merge", "split", "pin", "unpin"}:
        raise BadRequest('Expected one of {"merge": [STORY, STORY]}, {"split": HEADLINE}, "pin" and "unpin".')
    ((verb, about),) = said.items()
    if verb == "unpin":
        key = _id(about)
        headline, _ = await readers.run(lambda reader: corrections.grouped(reader, key))
        return {"did": verb, "corrections": await admin.call(lambda face: face.withdraw(headline.id))}
    word, now = await readers.run(_reading(verb, about)), present.clock()
    await admin.call(lambda face: face.correct(word, now))
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
