"""The closed sets: kinds, reasons, statuses."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal


class FeedKind(StrEnum):
    """What feeds.yml says is at the address."""

    FEED = "feed"
    PAGE = "page"
    SITEMAP = "sitemap"


class Reason(StrEnum):
    """Why a poll failed: a closed set, shown by `refresh`, `feeds list`, /v1/feeds and the metrics."""

    BAD_URL = "bad_url"  # not http(s), userinfo, an unlisted port, more than 2,048 characters
    FORBIDDEN_ADDRESS = "forbidden_address"  # the name led to an address that may not be dialled
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"  # the whole exchange took longer than its deadline
    PROTOCOL = "protocol"  # not HTTP, or HTTP that contradicts itself
    REDIRECTS = "redirects"  # a loop, too many hops, or a hop that may not be followed
    ROBOTS = "robots"  # robots.txt asks us not to read this page
    GONE = "gone"  # 410
    NOT_FOUND = "not_found"  # 404
    DENIED = "denied"  # 401, 402, 403, 407, 451
    RATE_LIMITED = "rate_limited"  # 429
    UNAVAILABLE = "unavailable"  # 503
    RESTING = "resting"  # a redirect leads to a host that we leave alone now: it asked for rest, or others go first
    CLIENT_ERROR = "client_error"  # any other 4xx
    SERVER_ERROR = "server_error"  # any other 5xx
    UNEXPECTED_STATUS = "unexpected_status"  # 1xx, 204, 206, 3xx without a place to go ...
    TOO_LARGE = "too_large"  # more than the wire or the decoded cap
    BAD_ENCODING = "bad_encoding"  # a Content-Encoding that we did not ask for, or that does not decode
    TRUNCATED = "truncated"  # cut short, and not one complete entry in what came
    EMPTY = "empty"  # a body of nothing but white space
    NOT_A_FEED = "not_a_feed"  # no feed, sitemap or page with headlines
    ENTITIES = "entities"  # XML that declares entities or attributes of its own: refused before any parser sees it
    PARSE_TIMEOUT = "parse_timeout"
    PARSE_CRASHED = "parse_crashed"


class PollStatus(StrEnum):
    """How one poll ended."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"  # 304
    UNCHANGED = "unchanged"  # 200 with the very bytes of last time
    FAILED = "failed"


class Health(StrEnum):
    """The health of a feed, by what it delivers and not by its status code."""

    NEW = "new"  # not polled yet
    OK = "ok"
    STALE = "stale"  # answers, and has brought nothing new for long
    EMPTY = "empty"  # answers, and has never brought a headline
    CHANGED = "changed"  # a page that shows far fewer headlines than it used to, and at other places
    FAILING = "failing"
    DEAD = "dead"  # failing for long: tried weekly
    GONE = "gone"  # said 410 on three days: no more requests


class SubscriptionState(StrEnum):
    """How far a subscription has come."""

    ASKED = "asked"  # we asked, or are about to; the hub has not confirmed it, or its lease ran out
    ACTIVE = "active"  # the hub confirmed it, and its lease runs
    DENIED = "denied"  # the hub will not have it; asked again weekly
    LEAVING = "leaving"  # no longer wanted, and the hub has yet to be told


class RelatedKind(StrEnum):
    """Why a related item is there."""

    SAME_STORY = "same_story"
    SAME_TOPIC = "same_topic"
    SIMILAR = "similar"
    LATEST = "latest"


class Precision(StrEnum):
    """How much of a published time the publisher gave."""

    INSTANT = "instant"  # date, time and zone
    LOCAL = "local"  # date and time without a zone: UTC is assumed
    DAY = "day"  # a bare date: midnight UTC stands for it


Semantic = bool | Literal["multilingual"]
"""The vectors that help to compare headlines: none, those of English words, or those of a multilingual encoder."""
