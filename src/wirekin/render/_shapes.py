"""The shapes of every JSON answer: the only place that knows its field names.

They are a promise (docs/http.md, docs/schemas): fields are added, never renamed.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.json_schema import models_json_schema


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PublisherShape(_Shape):
    """Who speaks."""

    name: str
    domain: str


class ImageShape(_Shape):
    """A picture at its publisher; 0 means that the size is not known."""

    url: str
    width: int
    height: int


class HeadlineShape(_Shape):
    """What every answer says of a headline."""

    id: str
    url: str
    title: str
    summary: str
    lang: str | None
    publisher: PublisherShape
    published_at: str | None
    first_seen_at: str
    image: ImageShape | None


class EarlierTitleShape(_Shape):
    """What a headline was called, and when it was first seen under another title."""

    title: str
    until: str


class MemberShape(HeadlineShape):
    """A headline of one story: whose text it repeats, how well it fits (0..1) and why, who answers for it, how late."""

    copy_of: str | None
    score: float
    shares: tuple[str, ...]
    voice: str
    lag_seconds: int | None
    earlier_titles: tuple[EarlierTitleShape, ...]


class StoryRefShape(_Shape):
    """A story in a few numbers."""

    id: str
    url: str
    headlines: int
    publishers: int
    independent: int


class ListedHeadline(HeadlineShape):
    """An item of /v1/headlines, and the story that it tells; None before it is grouped."""

    topics: tuple[str, ...]
    story: StoryRefShape | None


class _Told(StoryRefShape):
    title: str
    opened_at: str
    last_at: str
    topics: tuple[str, ...]
    langs: tuple[str, ...]
    lead: HeadlineShape


class StoryShape(_Told):
    """An item of /v1/stories."""

    others: tuple[HeadlineShape, ...]


class StoryDetailShape(_Told):
    """/v1/stories/{id}: the story with all its headlines, oldest first."""

    members: tuple[MemberShape, ...]


class ReasonShape(_Shape):
    """Why an item is related."""

    kind: str
    terms: tuple[str, ...]
    topics: tuple[str, ...]


class RelatedShape(HeadlineShape):
    """An item of /v1/related."""

    story: StoryRefShape
    score: float
    reason: ReasonShape


class QueryShape(_Shape):
    """What was asked, and the headline that it was found to be."""

    url: str | None
    headline: str | None
    title: str | None


class RelatedAnswerShape(_Shape):
    """/v1/related."""

    version: int
    generated_at: str
    fallback: str | None
    query: QueryShape
    items: tuple[RelatedShape, ...]


class TopicShape(_Shape):
    """An item of /v1/topics."""

    slug: str
    name: str
    url: str
    headlines: int
    stories: int
    last_at: str | None


class PushShape(_Shape):
    """What we have at the hub that a feed announces."""

    hub: str
    state: str
    lease_until: str | None


class FeedShape(_Shape):
    """An item of /v1/feeds: a feed by what it delivers."""

    id: str
    name: str
    url: str
    kind: str
    publisher: str | None
    lang: str | None
    health: str
    reason: str | None
    detail: str | None
    failures: int
    headlines: int
    delivered: int
    entries: int
    missed_polls: int
    recent: tuple[int, ...]
    last_polled_at: str | None
    last_ok_at: str | None
    last_new_at: str | None
    next_poll_at: str
    moves_to: str | None
    moves_polls: int
    address: str | None
    merged_into: str | None
    push: PushShape | None


def shape_schemas() -> dict[str, Any]:
    """The JSON Schema of every answer's shape by name, for an OpenAPI document: references lead to its components."""
    answers = (RelatedAnswerShape, ListedHeadline, StoryShape, StoryDetailShape, TopicShape, FeedShape)
    place = "#/components/schemas/{model}"
    _, made = models_json_schema([(one, "serialization") for one in answers], ref_template=place)
    schemas: dict[str, Any] = made["$defs"]
    return schemas
