"""/v1: the handlers of the JSON API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from wirekin import moves
from wirekin.errors import UnknownId
from wirekin.model import Feed, FeedReport, Page, Question, RelatedAnswer, StoryDetail, StoryId, TopicCount
from wirekin.related import related_to
from wirekin.render import (
    Json,
    dump,
    feeds_json,
    headlines_json,
    public_report,
    related_json,
    stories_json,
    story_json,
    topics_json,
)
from wirekin.store import Reader
from wirekin.web._context import Answer, Ask, Moved
from wirekin.web._images import in_answer
from wirekin.web._params import part_of, question_of, related_query_of, since_of

TOPIC_SPAN = timedelta(days=14)
"""The time for which /v1/topics counts: as far back as related items are searched by default (2026-11)."""
BY_TOKEN: Final = {"vary": "authorization"}
"""The header of an answer that shows more to a client with a token."""


def related(reader: Reader, ask: Ask) -> Answer:
    """/v1/related."""
    return _json(related_json(answer_of(reader, ask), ask.base_url))


def headlines(reader: Reader, ask: Ask) -> Answer:
    """/v1/headlines, newest first."""
    question = question_of(ask)
    page = reader.headlines(question)
    if not page.items:
        _refuse_unknown(reader, ask, question)
    told = reader.stories_of(headline.id for headline in page.items)
    return _json(headlines_json(page, told, ask.base_url), _onward(ask, page.next))


def stories(reader: Reader, ask: Ask) -> Answer:
    """/v1/stories, leading first."""
    page = reader.stories(question_of(ask))
    return _json(stories_json(page, ask.base_url), _onward(ask, page.next))


def story(reader: Reader, ask: Ask) -> Answer:
    """/v1/stories/{id}."""
    return _json(story_json(story_of(reader, ask, "/v1/stories/{}"), ask.base_url))


def topics(reader: Reader, ask: Ask) -> Answer:
    """/v1/topics, in the order of feeds.yml, those without headlines too."""
    span = since_of(ask.params, ask.context.keep) or min(TOPIC_SPAN, ask.context.keep)
    page = part_of(counts_of(reader, ask, ask.now - span), ask, lambda row: row.slug)
    return _json(topics_json(page, ask.base_url), _onward(ask, page.next))


def feeds(reader: Reader, ask: Ask) -> Answer:
    """/v1/feeds: each feed by what it delivers, in the order of feeds.yml."""
    page: Page[FeedReport] = part_of(reports_of(reader, ask), ask, lambda report: report.feed.id)
    return _json(feeds_json(page, details=ask.trusted), {**_onward(ask, page.next), **BY_TOKEN})


def _refuse_unknown(reader: Reader, ask: Ask, question: Question) -> None:
    """Raise UnknownId for a feed or a publisher that does not exist; called after an empty result."""
    feed, name = question.feed, question.publisher
    if feed and feed not in ask.context.feeds and all(feed != known.id for known in reader.configured()):
        raise UnknownId("There is no such feed: /v1/feeds lists their ids.")
    if not name or ask.context.rules.directory.knows(name):
        return
    if reader.headlines(Question(publisher=name, limit=1)).items:
        return
    if name.casefold() not in {known.publisher.name.casefold() for known in reader.configured() if known.publisher}:
        raise UnknownId("There is no such publisher, by name or by domain.")


def counts_of(reader: Reader, ask: Ask, since: datetime) -> tuple[TopicCount, ...]:
    """Count what came since then for each topic of feeds.yml, with the order and names there."""
    counted = {count.slug: count for count in reader.topics(since)}
    return tuple(
        replace(counted.get(slug, TopicCount(slug, name)), name=name) for slug, name in ask.context.topics.items()
    )


def answer_of(reader: Reader, ask: Ask) -> RelatedAnswer:
    """Return the related items for a request, as /v1/related, the fragment, the embed and the feed show them."""
    answer = related_to(reader, related_query_of(ask), rules=ask.context.rules, keep=ask.context.keep)
    return in_answer(answer, ask)


def story_of(reader: Reader, ask: Ask, path: str) -> StoryDetail:
    """Return the story whose id is in the path.

    Raises: Moved to `path` with the id of the story that it was merged into, UnknownId.
    """
    found = reader.story(StoryId(ask.parts["id"]))
    if found is None:
        raise UnknownId("There is no such story, or it is no longer kept.")
    if isinstance(found, str):
        raise Moved(path.format(found))
    return found


def in_order(feeds: Iterable[Feed], ask: Ask) -> list[Feed]:
    """Sort feeds of the store by their order in feeds.yml; the store has them in the order in which they were added."""
    places = {key: place for place, key in enumerate(ask.context.feeds)}
    return sorted(feeds, key=lambda feed: places.get(feed.id, len(places)))


def reports_of(reader: Reader, ask: Ask) -> tuple[FeedReport, ...]:
    """Return a report of every feed; secrets in addresses are hidden unless the client has a token."""
    rows = {row[0]: row for row in reader.feeds()}
    found = moves.reports([rows[feed] for feed in in_order(rows, ask)], reader.subscriptions(), ask.now)
    return found if ask.trusted else tuple(map(public_report, found))


def next_address(ask: Ask, cursor: str | None, *, base: str | None = None) -> str:
    """Return the URL of the next part of a list; "" at its end."""
    if cursor is None:
        return ""
    query = urlencode({**ask.params, "cursor": cursor})
    return f"{ask.base_url if base is None else base}{ask.path}?{query}"


def _onward(ask: Ask, cursor: str | None) -> Mapping[str, str]:
    return {"link": f'<{next_address(ask, cursor)}>; rel="next"'} if cursor else {}


def _json(payload: Json, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(dump(payload), headers=dict(headers or {}))
