"""WebSub: the hub that a feed announces, our subscription there, and what the hub pushes (W3C REC of 2018-01-23)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from wirekin.model._feeds import Feed, FeedState
from wirekin.model._ids import FeedId
from wirekin.model._sets import SubscriptionState


@dataclass(frozen=True, slots=True)
class Subscription:
    """Our subscription at a hub to one feed. `token` names it in its callback address and is as secret as `secret`."""

    feed_id: FeedId
    hub: str
    topic: str  # the feed's name at the hub: its rel=self
    state: SubscriptionState
    lease_until: datetime | None = None  # None: never confirmed
    detail: str = ""  # why the hub refused or failed
    token: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    secure: bool = False  # the hub got our secret over TLS, so a push without a good signature is forged


@dataclass(frozen=True, slots=True)
class HubRequest:
    """A subscription request that is ours to send now; its next_try_at is moved already."""

    feed: Feed
    mode: str  # subscribe or unsubscribe
    hub: str
    topic: str
    callback: str = field(repr=False)  # the whole address, with the token
    token: str = field(repr=False)
    secret: str = field(repr=False)
    attempts: int = 0  # requests before this one since the hub last confirmed


@dataclass(frozen=True, slots=True)
class HubAnswer:
    """The result of a `HubRequest`."""

    token: str = field(repr=False)
    accepted: bool
    refused: bool  # by the hub, for good: a 4xx
    secure: bool  # the secret went with it, over TLS
    next_try_at: datetime  # unless the hub confirms before
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Push:
    """A content distribution that waits to be read."""

    n: int
    feed: Feed
    state: FeedState
    body: bytes
    content_type: str = ""
