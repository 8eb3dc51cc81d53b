"""An in-memory implementation of the `Reader` port, and builders of the stories and feeds it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain

from make import NOW, at, feed, headline, publisher, state
from wirekin import text
from wirekin.digest import Rules
from wirekin.errors import BadRequest, StoreError
from wirekin.model import (
    Candidate,
    CanonicalUrl,
    Feed,
    FeedId,
    FeedState,
    Headline,
    HeadlineId,
    Image,
    Member,
    Neighbourhood,
    Page,
    Question,
    Reason,
    Story,
    StoryDetail,
    StoryId,
    StoryRef,
    Subscription,
    TopicCount,
    TopicSlug,
    key_of,
)
from wirekin.publishers import Directory
from wirekin.store import Backend
from wirekin.topics import compile_rules
from wirekin.web import WebContext


@dataclass
class World:
    """The contents of the in-memory database, which a test may change between two queries."""

    stories: list[StoryDetail] = field(default_factory=list)
    merged: dict[StoryId, StoryId] = field(default_factory=dict)
    feeds: list[tuple[Feed, FeedState, int, tuple[int, ...]]] = field(default_factory=list)
    subscriptions: dict[FeedId, Subscription] = field(default_factory=dict)
    changed_at: datetime = NOW
    idle: str = ""  # why nothing polls
    broken: Exception | None = None
    readers_open: int = 0

    @property
    def members(self) -> list[tuple[Member, Story]]:
        return [(member, detail.story) for detail in self.stories for member in detail.members]


class MemoryReader:
    """The `Reader` port over a `World`: plain loops, no index."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._check()
        world.readers_open += 1

    def _check(self) -> World:
        if self._world.broken is not None:
            raise self._world.broken
        return self._world

    def version(self) -> int:
        return len(self._check().stories)

    def changed_at(self) -> datetime:
        return self._check().changed_at

    def headline(self, key: HeadlineId | None = None, *, url: CanonicalUrl | None = None) -> Headline | None:
        found = (member.headline for member, _ in self._check().members)
        return next((h for h in found if (key and h.id == key) or (url and h.canonical_url == url)), None)

    def story_of(self, key: HeadlineId) -> StoryId | None:
        return next((story.id for member, story in self._check().members if member.headline.id == key), None)

    def stories_of(self, keys: Iterable[HeadlineId]) -> dict[HeadlineId, StoryRef]:
        wanted = set(keys)
        return {one.headline.id: story.ref for one, story in self._check().members if one.headline.id in wanted}

    def headlines(self, question: Question) -> Page[Headline]:
        words = set(text.search_terms(question.search))
        found = [
            member.headline
            for member, _ in self._check().members
            if _wanted(member.headline.topics, question.topic)
            and (not words or words <= set(text.terms(member.headline.title, member.headline.summary)))
            and _passes(member.headline, question)
        ]
        return _part(sorted(found, key=lambda h: h.happened_at, reverse=True), question)

    def stories(self, question: Question) -> Page[Story]:
        found = [
            detail.story
            for detail in self._check().stories
            if _wanted(detail.story.topics, question.topic)
            and (question.since is None or detail.story.last_at >= question.since)
        ]
        return _part(sorted(found, key=lambda s: (s.ref.independent, s.last_at), reverse=True), question)

    def story(self, key: StoryId) -> StoryDetail | StoryId | None:
        world = self._check()
        return next((d for d in world.stories if d.story.id == key), world.merged.get(key))

    def neighbours(
        self, terms: Sequence[str], *, since: datetime, kin: Sequence[Sequence[str]] = (), limit: int = 100
    ) -> Neighbourhood:
        asked, members = {*terms, *chain.from_iterable(kin)}, self._check().members
        held = [(member, story, set(text.terms(member.headline.title))) for member, story in members]
        counts = Counter(term for _, _, own in held for term in own)
        near = tuple(
            Candidate(member.headline, story.ref, member.copy_of)
            for member, story, own in held
            if own & asked and member.headline.first_seen_at >= since
        )
        return Neighbourhood(near[:limit], {term: counts[term] for term in asked}, len(members))

    def latest(self, *, topic: TopicSlug | None, since: datetime, limit: int) -> Neighbourhood:
        stories = [d.story for d in self._check().stories if _wanted(d.story.topics, topic)]
        return Neighbourhood(tuple(Candidate(s.lead, s.ref) for s in stories if s.last_at >= since)[:limit])

    def topics(self, since: datetime) -> tuple[TopicCount, ...]:
        counts: Counter[TopicSlug] = Counter()
        for detail in self._check().stories:
            counts.update(detail.story.topics if detail.story.last_at >= since else ())
        return tuple(TopicCount(slug, slug, number, number, NOW) for slug, number in counts.items())

    def configured(self) -> tuple[Feed, ...]:
        return tuple(feed for feed, *_ in self._check().feeds)

    def feeds(self) -> tuple[tuple[Feed, FeedState, int, tuple[int, ...]], ...]:
        return tuple(self._check().feeds)

    def subscriptions(self) -> dict[FeedId, Subscription]:
        return self._check().subscriptions

    def close(self) -> None:
        self._world.readers_open -= 1


def _wanted(topics: Iterable[TopicSlug], topic: TopicSlug | None) -> bool:
    return topic is None or topic in topics


def _passes(headline: Headline, question: Question) -> bool:
    lang, paper = question.lang.split("-")[0].lower(), question.publisher.lower()
    return (
        question.feed is None  # nothing here came from a feed
        and (not lang or headline.lang == lang)
        and (not paper or paper in {headline.publisher.name.lower(), headline.publisher.domain})
        and (question.since is None or headline.happened_at >= question.since)
        and (question.until is None or headline.happened_at <= question.until)
    )


def _part(items: list, question: Question) -> Page:
    if question.cursor and not question.cursor.isdigit():
        raise BadRequest("The cursor is not one of this list.")
    first = int(question.cursor or 0)
    following = first + question.limit
    return Page(tuple(items[first:following]), str(following) if following < len(items) else None)


def backend(world: World) -> Backend:
    def no_store():
        raise StoreError("the web never polls")

    return Backend("memory:", no_store, lambda: MemoryReader(world), no_store, no_store)  # type: ignore[arg-type]


def context(**more) -> WebContext:
    topics = {TopicSlug("iran"): "Iran", TopicSlug("israel-strikes"): "Israeli strikes", TopicSlug("russia"): "Russia"}
    plain = WebContext(rules=Rules(compile_rules([]), Directory([])), topics=topics, version="0.0.0-test")
    return replace(plain, **more)


def story_with(*members: Member, topics: tuple[str, ...] = ("iran",)) -> StoryDetail:
    """A story of these members, oldest first; the first one leads."""
    heads = [member.headline for member in members]
    papers = {h.publisher.domain for h in heads}
    own = {m.headline.publisher.domain for m in members if m.copy_of is None}
    ref = StoryRef(StoryId(heads[0].id), len(heads), len(papers), len(own))
    slugs = tuple(TopicSlug(slug) for slug in topics)
    langs = tuple(dict.fromkeys(h.lang for h in heads if h.lang))
    last_at, seen_at = max(h.happened_at for h in heads), max(h.first_seen_at for h in heads)
    story = Story(ref, heads[0], heads[0].happened_at, last_at, seen_at, slugs, langs, tuple(heads[1:5]))
    return StoryDetail(story, members)


def headline_by(title: str, paper: str, hours: float, lang: str = "en", **more) -> Headline:
    """A headline that `paper` published `hours` before NOW."""
    domain = "".join(char for char in paper.lower() if char.isascii() and char.isalnum()) + ".example"
    url = f"https://{domain}/{key_of(title, paper) % 10**9}"
    seen = at(-hours)
    plain = headline(title, url, publisher=publisher(paper, domain), first_seen_at=seen, published_at=seen, lang=lang)
    return replace(plain, **more)


def picture(seed: str, base: str = "https://pictures.example") -> Image:
    return Image(f"{base}/{seed}.svg", 1200, 675)


def fresh_feeds() -> list[tuple[Feed, FeedState, int, tuple[int, ...]]]:
    recent = (4, 6, 3, 9, 12, 7, 5, 8, 11, 6, 9, 14, 10, 7)
    well = feed("https://harbor.example/rss.xml", name="Harbor Courier: world", publisher=publisher("Harbor Courier"))
    ill = feed("https://north.example/feed", name="North Wire")
    shy = feed("https://quiet.example/atom.xml", name="The Quiet Quarterly")
    return [
        (well, state(well, last_polled_at=at(-0.2), last_ok_at=at(-0.2), last_new_at=at(-1), entries=30,
                     delivered=111, next_poll_at=at(0.3)), 111, recent),
        (ill, state(ill, failures=3, failing_since=at(-5), reason=Reason.TIMEOUT, detail="10.0.0.7 was silent",
                    last_polled_at=at(-1), last_ok_at=at(-6), next_poll_at=at(2)), 40, (0,) * 12 + (3, 0)),
        (shy, state(shy, next_poll_at=at(0.1)), 0, ()),
    ]  # fmt: skip
