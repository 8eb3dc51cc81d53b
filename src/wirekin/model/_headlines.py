"""What is kept and made of it: headlines, stories, related items, lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from wirekin.model._documents import Hub, Image
from wirekin.model._feeds import Feed, FeedState, Publisher
from wirekin.model._ids import CanonicalUrl, FeedId, HeadlineId, StoryId, TopicSlug
from wirekin.model._push import Subscription
from wirekin.model._sets import Health, PollStatus, Precision, RelatedKind

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Headline:
    """An entry that we keep."""

    id: HeadlineId
    url: str  # the link to open: as published, resolved, without tracking parameters and fragment; "" where none
    title: str  # clean: no outlet suffix, no wire prefix
    publisher: Publisher
    first_seen_at: datetime
    link: str = ""  # as published, resolved
    canonical_url: CanonicalUrl | None = None  # None where the entry had no link
    summary: str = ""
    lang: str | None = None
    published_at: datetime | None = None
    precision: Precision = Precision.INSTANT
    image: Image | None = None
    topics: tuple[TopicSlug, ...] = ()
    categories: tuple[str, ...] = ()
    wire: str | None = None  # the wire that the text credits: "(AP)", "Reuters -"
    voice: str = ""  # who answers for the text, if not its publisher: the wire, or the publisher's family

    @property
    def happened_at(self) -> datetime:
        """The earlier of published and first seen: a forged future date cannot move a headline ahead (C10)."""
        return min(self.published_at, self.first_seen_at) if self.published_at else self.first_seen_at


@dataclass(slots=True, unsafe_hash=True)  # never changed; not frozen, since that takes four times as long to make
class Sighting:
    """An entry seen in a feed: its headline, if that was kept, and what it said."""

    entry_key: int  # key_of the link as published, else of the guid, else of the title
    guid_key: int | None  # None where the guid is missing or not unique in the document
    headline_id: HeadlineId | None  # None: no topic wanted it
    fingerprint: int  # of all that we keep of the entry: equal means nothing to write
    title: str = field(default="", compare=False)  # of that headline, as the store has it; "" where it is not known


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """All that one poll changes: recorded whole or not at all."""

    feed_id: FeedId
    status: PollStatus
    state: FeedState
    headlines: tuple[Headline, ...] = ()  # new ones and those whose content changed
    sightings: tuple[Sighting, ...] = ()  # every entry of the document; empty unless status is OK
    announced: tuple[Hub, ...] | None = None  # the hub of a whole document; () if it has none; None: not known
    said_by: str = ""  # the host to hold, if it is not the feed's own
    unpushed: bool = False  # the poll found entries that the feed's hub should have pushed


@dataclass(frozen=True, slots=True)
class PushOutcome:
    """What one push changes."""

    n: int
    feed_id: FeedId
    taken: bool  # its whole body was read; otherwise it only hints that the feed has news
    headlines: tuple[Headline, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    news: int = 0  # entries that this feed had not shown before
    harmful: bool = False  # it crashed its parser or took too long


@dataclass(frozen=True, slots=True)
class Recorded:
    """What `record_polls` found to be new in one outcome."""

    feed_id: FeedId
    headlines_new: int = 0


# --- stories and related ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Assignment:
    """The story that grouping gave a headline."""

    headline_id: HeadlineId
    story_id: StoryId
    copy_of: HeadlineId | None = None  # the first headline of the same article; None for that first one
    score: float = 1.0  # how likely it told the event when it joined; 1.0 for openers and copies


@dataclass(frozen=True, slots=True)
class StoryRef:
    """A story's id and its counts."""

    id: StoryId
    headlines: int = 1
    publishers: int = 1
    independent: int = 1  # voices with at least one headline that is no copy


@dataclass(frozen=True, slots=True)
class Story:
    """The headlines that report one event."""

    ref: StoryRef
    lead: Headline  # the headline that stands for it
    opened_at: datetime
    last_at: datetime  # happened_at of its newest headline, as `since` counts
    seen_at: datetime  # the latest first_seen_at of its headlines: when its feed changed
    topics: tuple[TopicSlug, ...] = ()
    langs: tuple[str, ...] = ()
    others: tuple[Headline, ...] = ()  # a few more headlines, of other publishers first, for lists

    @property
    def id(self) -> StoryId:
        """The id of the headline that opened it."""
        return self.ref.id


@dataclass(frozen=True, slots=True)
class EarlierTitle:
    """A headline's title before its publisher changed it."""

    title: str
    until: datetime  # when it was first seen under another one


@dataclass(frozen=True, slots=True)
class Member:
    """A headline in its story."""

    headline: Headline
    copy_of: HeadlineId | None = None
    score: float = 1.0
    earlier: tuple[EarlierTitle, ...] = ()  # oldest first


@dataclass(frozen=True, slots=True)
class StoryDetail:
    """A story with all its headlines, oldest first."""

    story: Story
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A headline that may be related, as the store found it."""

    headline: Headline
    story: StoryRef
    copy_of: HeadlineId | None = None
    in_flood: bool = False  # one of very many that its feed brought within hours, but not the first (C11)
    terms: str = ""  # `text.terms` of its title, a line end, those of its summary; without the line end, not parted


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Candidates for a set of terms, and how rare the terms are."""

    candidates: tuple[Candidate, ...]
    frequencies: Mapping[str, int] = field(default_factory=dict)  # term -> headlines that hold it
    documents: int = 0  # headlines that could be candidates by their age


@dataclass(frozen=True, slots=True)
class RelatedReason:
    """Why an item is related."""

    kind: RelatedKind
    terms: tuple[str, ...] = ()
    topics: tuple[TopicSlug, ...] = ()


@dataclass(frozen=True, slots=True)
class RelatedItem:
    """A headline worth reading next."""

    headline: Headline
    story: StoryRef
    score: float
    reason: RelatedReason


@dataclass(frozen=True, slots=True)
class RelatedQuery:
    """A request for related items to an article by URL, title or text, inside or outside the store."""

    url: str = ""
    title: str = ""
    text: str = ""
    topic: TopicSlug | None = None
    limit: int = 6  # 1..50
    since: timedelta | None = None  # None: 14 days, or `keep` if that is less
    exclude_publishers: frozenset[str] = frozenset()  # names or domains
    fallback: RelatedKind | None = None  # LATEST: fill up with the newest, labelled


@dataclass(frozen=True, slots=True)
class RelatedAnswer:
    """The answer to a `RelatedQuery`: what is being said about the article elsewhere."""

    query: RelatedQuery
    items: tuple[RelatedItem, ...]
    changed_at: datetime  # when the content last changed
    headline: Headline | None = None  # the article asked about, where the store has it
    fallback: RelatedKind | None = None


@dataclass(frozen=True, slots=True)
class FeedReport:
    """A feed with its state, for `feeds list`, /v1/feeds and /feeds."""

    feed: Feed
    state: FeedState
    health: Health
    headlines: int = 0  # kept now
    recent: tuple[int, ...] = ()  # new headlines a day, the last fourteen days, oldest first
    push: Subscription | None = None  # the one at the hub that it announces
    same_as: str = ""  # the name of the feed that is polled in this one's place; "": it is polled itself


@dataclass(frozen=True, slots=True)
class TopicCount:
    """A topic with what the store holds of it."""

    slug: TopicSlug
    name: str
    headlines: int = 0
    stories: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """The filters and the page of a list of headlines or stories."""

    topic: TopicSlug | None = None
    feed: FeedId | None = None
    publisher: str = ""  # name or domain
    lang: str = ""
    search: str = ""  # words, folded and quoted by the store
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 50
    cursor: str | None = None  # `Page.next` of the page before


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a list, and how to ask for the next."""

    items: tuple[T, ...]
    next: str | None = None
