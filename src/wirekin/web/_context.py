"""What a request is answered with: the context that a reload may change, the question, the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from wirekin import __version__
from wirekin.digest import Rules
from wirekin.model import FeedId, TopicSlug
from wirekin.store import Reader
from wirekin.tokens import AdminToken


@dataclass(frozen=True, slots=True)
class WebContext:
    """What a reload of feeds.yml may change; the web asks for the present one at every request."""

    rules: Rules
    topics: Mapping[TopicSlug, str]  # slug -> name, in the order of feeds.yml
    keep: timedelta = timedelta(days=90)
    public_url: str = ""  # where this site is reached, without a slash at the end; "": as the request says
    rate_limit: int = 0  # requests a minute of one client; 0: any number
    trusted_proxies: tuple[str, ...] = ()  # addresses and networks whose X-Forwarded-For is believed
    images: bool = False  # pictures come from us, and not from their publishers
    admin_tokens: tuple[AdminToken, ...] = ()  # who may write; (): nobody, and /v1/admin/ is not there
    feeds: tuple[FeedId, ...] = ()  # of feeds.yml, in its order, polled yet or not
    version: str = __version__


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, read and checked."""

    context: WebContext
    base_url: str  # stands before our own paths in what leaves; "" where the request's Host cannot be trusted
    path: str
    params: Mapping[str, str]
    parts: Mapping[str, str]  # of the path: slug, id
    now: datetime
    trusted: bool = False  # who asks holds a token of feeds.yml: nothing is hidden, and no cache keeps it


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request gets, before the headers that every answer has."""

    body: bytes
    media_type: str = "application/json"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    framed: bool = False  # may stand in somebody else's iframe
    packed: bytes = b""  # the body gzipped, for those who take it so
    policy: str = ""  # what this page's Content-Security-Policy allows besides, each directive ending in "; "
    pictures: str = "https: http:"  # where this page may load them from
    public: bool = True  # may be kept by shared caches


Show = Callable[[Reader, Ask], Answer]
"""Answers one kind of request; runs on a reader's thread, and may raise BadRequest, UnknownId and Moved."""


class Moved(Exception):
    """The story asked for was merged into another."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path
