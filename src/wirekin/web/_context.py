"""The values of a request: the context that a reload may change, the question, the answer."""

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
    """The configuration that a reload of feeds.yml may change; read anew at every request."""

    rules: Rules
    topics: Mapping[TopicSlug, str]  # slug -> name, in the order of feeds.yml
    keep: timedelta = timedelta(days=90)
    public_url: str = ""  # the URL of this site, without a trailing slash; "": take it from the request
    rate_limit: int = 0  # requests per minute and client; 0: no limit
    trusted_proxies: tuple[str, ...] = ()  # addresses and networks whose X-Forwarded-For is trusted
    images: bool = False  # pictures are served by us, and not by their publishers
    admin_tokens: tuple[AdminToken, ...] = ()  # tokens for /v1/admin/; (): it does not exist
    feeds: tuple[FeedId, ...] = ()  # of feeds.yml, in its order, including those not polled yet
    version: str = __version__


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, read and checked."""

    context: WebContext
    base_url: str  # prefix of our own paths in answers; "" if the request's Host is malformed
    path: str
    params: Mapping[str, str]
    parts: Mapping[str, str]  # of the path: slug, id
    now: datetime
    trusted: bool = False  # the client has a token of feeds.yml: nothing is hidden, and no cache stores the answer


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a request, without the headers that every answer has."""

    body: bytes
    media_type: str = "application/json"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    framed: bool = False  # other sites may show it in an iframe
    packed: bytes = b""  # the gzipped body, for clients that accept gzip; b"" if there is none
    policy: str = ""  # further directives of its Content-Security-Policy, each ending in "; "
    pictures: str = "https: http:"  # sources of pictures in its Content-Security-Policy
    public: bool = True  # shared caches may store it


Show = Callable[[Reader, Ask], Answer]
"""Answers one kind of request; runs on a reader's thread, and may raise BadRequest, UnknownId and Moved."""


class Moved(Exception):
    """The story asked for was merged into another."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path
