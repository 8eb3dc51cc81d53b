"""/websub/{token}: where hubs ask whether we meant it, and push what is new (WebSub sections 5.3 and 7).

The token is the only key there is: a capability that one hub knows. So it is looked up before anything else is read,
and neither it nor a body ever enters a log line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final

from starlette.requests import Request

from wirekin import _metrics
from wirekin.model import Subscription, SubscriptionState
from wirekin.store import Backend
from wirekin.store.threads import SubscriptionsThread
from wirekin.web._bodies import body_of
from wirekin.web._context import Answer
from wirekin.web._endpoints import Endpoint, Present, posted
from wirekin.web._headers import problem
from wirekin.web._readers import Overloaded
from wirekin.websub import MAX_PUSH_BYTES, is_signed, lease_of

PATH: Final = "/websub/{token}"
BODY_SECONDS: Final = 30.0  # for a whole body, as of an exchange of our own (requirement C3)
AT_ONCE: Final = 8  # requests being answered: 16 MiB of bodies at the most; a hub tries again later
AT_ONCE_EACH: Final = 2  # of one token: a hub that dawdles must not keep the others out
MAX_CHALLENGE: Final = 1_024  # characters; hubs send 10 to 100
MAX_REASON: Final = 200  # characters of hub.reason that are kept

BUSY_SECONDS: Final = 10  # after which a hub is asked to come back, where too many are here

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # as websub.draw_token makes them
_NOWHERE = problem(404, "There is nothing here.")
_THANKS = Answer(b"", "text/plain; charset=utf-8", 202, public=False)


class Desk(SubscriptionsThread):
    """The web's own connection for WebSub; opened at the first request with a token of the right shape."""

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend)
        self._here: Counter[str] = Counter()

    @contextmanager
    def place(self, token: str) -> Iterator[None]:
        """A place at the desk.

        Raises: Overloaded where too many are here.
        """
        if self._here.total() >= AT_ONCE or self._here[token] >= AT_ONCE_EACH:
            raise Overloaded
        self._here[token] += 1
        try:
            yield
        finally:
            self._here -= Counter({token: 1})  # which forgets those that are no longer here


def callback(present: Present) -> Endpoint:
    """The Starlette endpoint of the callback addresses."""

    async def answer(request: Request) -> Answer:
        work = _WORK.get(request.method)
        if work is None:
            return problem(405, "Here are only GET and POST.", {"allow": "GET, POST"})
        with request.app.state.desk.place(request.path_params["token"]):
            return await work(request, request.app.state.desk, present)

    return posted(PATH, answer, again=BUSY_SECONDS)


async def _subscription(request: Request, desk: Desk) -> Subscription | None:
    token = request.path_params["token"]
    return await desk.call(lambda face: face.subscription(token)) if _TOKEN.fullmatch(token) else None


# --- the hub asks ----------------------------------------------------------------------------------------------


async def _asked(request: Request, desk: Desk, present: Present) -> Answer:
    """Verification of intent: the challenge comes back only where we want exactly what the hub asks about."""
    found, params, now = await _subscription(request, desk), request.query_params, present.clock()
    if found is None:
        return _NOWHERE
    mode, topic, challenge = (params.get(f"hub.{name}", "") for name in ("mode", "topic", "challenge"))
    if mode == "denied":
        reason = "".join(char for char in params.get("hub.reason", "") if char.isprintable())[:MAX_REASON]
        denied = await desk.call(lambda face: face.deny(found.token, topic, reason, now))
        return Answer(b"", "text/plain; charset=utf-8", public=False) if denied else _NOWHERE
    if not (challenge.isascii() and challenge.isprintable() and 0 < len(challenge) <= MAX_CHALLENGE):
        return _NOWHERE
    lease = lease_of(params.get("hub.lease_seconds", ""))
    meant = await desk.call(lambda face: face.confirm(found.token, mode, topic, lease, now))
    # Plain text that no browser takes for anything else: section 5.3.1 asks for it.
    return Answer(challenge.encode("ascii"), "text/plain; charset=utf-8", public=False) if meant else _NOWHERE


# --- the hub pushes --------------------------------------------------------------------------------------------


async def _pushed(request: Request, desk: Desk, present: Present) -> Answer:
    """Content distribution: acknowledged once it is in the database, and ignored where its signature is wrong."""
    found = await _subscription(request, desk)
    if found is None or found.state is not SubscriptionState.ACTIVE:
        _metrics.push_ended("unknown")
        is_left = found is not None and found.state is SubscriptionState.LEAVING
        return problem(410, "This subscription has ended.") if is_left else _NOWHERE
    try:
        body = await body_of(request, MAX_PUSH_BYTES, BODY_SECONDS)
    except TimeoutError:
        return problem(408, f"The body did not come within {BODY_SECONDS:.0f} seconds.")
    if body is None:
        _metrics.push_ended("too_large")
        return problem(413, f"At most {MAX_PUSH_BYTES:,} bytes.")
    header = request.headers.get("x-hub-signature", "")
    signed = is_signed(header, found.secret, body)
    if not signed and (header or found.secure):
        _metrics.push_ended("forged")
        return _THANKS  # section 7.1.2: a forger learns nothing from the answer
    kept, content_type = body if signed else None, request.headers.get("content-type", "")[:200]
    now = present.clock()
    if not await desk.call(lambda face: face.receive(found.token, kept, content_type, now)):
        return _NOWHERE
    _metrics.push_ended("received" if signed else "hint")
    return _THANKS


_WORK: dict[str, Callable[[Request, Desk, Present], Awaitable[Answer]]] = {"GET": _asked, "POST": _pushed}
