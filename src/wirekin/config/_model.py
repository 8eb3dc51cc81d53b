"""What a configuration is, once it has been read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from wirekin.model import Feed, Semantic
from wirekin.publishers import Directory
from wirekin.tokens import AdminToken
from wirekin.topics import TopicRules


class Unmatched(StrEnum):
    """What becomes of a headline that no topic wants."""

    DROP = "drop"
    KEEP = "keep"


class Images(StrEnum):
    """Where readers' browsers get pictures from."""

    LINK = "link"  # from the publisher
    PROXY = "proxy"  # from us, small


@dataclass(frozen=True, slots=True)
class Settings:
    """`settings:` of feeds.yml; docs/configuration.md says what each is for."""

    contact: str | None = None  # e-mail or URL in the User-Agent
    poll_every: timedelta = timedelta(minutes=30)  # at least FLOOR
    keep: timedelta = timedelta(days=90)  # since a headline was last seen in a feed
    window: timedelta = timedelta(days=4)  # how long a story stays open; docs/quality.md was measured with this
    listen: tuple[str, ...] = ("127.0.0.1:8000",)  # host:port
    public_url: str | None = None  # where readers reach the site; None: as each request says
    websub: bool = True  # take news that hubs push; only where there is a public_url
    semantic: Semantic = False  # vectors help grouping and related, with the extra `semantic` or `multilingual`
    unmatched: Unmatched = Unmatched.DROP
    images: Images = Images.LINK  # PROXY: fetched once, made small and served by us, with the extra `images`
    allow_private: frozenset[str] = frozenset()  # host:port that every feed may dial although private
    rate_limit: int = 0  # requests a minute that one client may make of the web; 0: any number
    trusted_proxies: tuple[str, ...] = ()  # addresses and networks whose X-Forwarded-For is believed
    admin_tokens: tuple[AdminToken, ...] = ()  # who may write over HTTP; (): nobody, and the paths do not exist
    workers: int = 1  # parsing processes

    @property
    def base(self) -> str:
        """The prefix of our own paths: `public_url` without a slash at its end; "" where there is none."""
        return (self.public_url or "").rstrip("/")

    @property
    def hub_base(self) -> str:
        """The address that hubs call, without a slash at its end; "" where WebSub is off."""
        return self.base if self.websub else ""


@dataclass(frozen=True, slots=True)
class Config:
    """One feeds.yml."""

    settings: Settings
    publishers: Directory
    topics: TopicRules
    feeds: tuple[Feed, ...]

    @property
    def keep_unmatched(self) -> bool:
        """Whether a headline that no topic wants is kept: if so configured, or if there are no topics."""
        return self.settings.unmatched is Unmatched.KEEP or not self.topics.slugs
