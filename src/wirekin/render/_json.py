"""Convert values of `model` to JSON objects in the shapes of `_shapes`, one function per answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel

from wirekin import canary
from wirekin.model import (
    FeedReport,
    Headline,
    HeadlineId,
    Image,
    Member,
    Page,
    Precision,
    RelatedAnswer,
    RelatedItem,
    Story,
    StoryDetail,
    StoryRef,
    Subscription,
    TopicCount,
)
from wirekin.moves import PROOF_POLLS, PROOF_TIME
from wirekin.render._lanes import behind_first
from wirekin.render._links import safe_link, story_url, topic_url
from wirekin.render._shapes import (
    FeedShape,
    ListedHeadline,
    RelatedAnswerShape,
    StoryDetailShape,
    StoryShape,
    TopicShape,
)
from wirekin.render._shares import shares_of

Json = dict[str, object]
"""A JSON object, ready for `dump`."""

ANSWER_VERSION = 1
"""The `version` of /v1/related; a change that breaks readers gets /v2 and a new number (2026-11)."""


def dump(payload: Mapping[str, object]) -> bytes:
    """Serialise an answer: equal values give equal bytes, from which the ETag is made."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


def stamp(instant: datetime) -> str:
    """Write an instant as RFC 3339 in UTC, in whole seconds, as in every JSON answer."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def exact_stamp(instant: datetime) -> str:
    """Write an instant as RFC 3339 in UTC, with microseconds if it has any, for a lossless import."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def related_json(answer: RelatedAnswer, base_url: str = "") -> Json:
    """/v1/related, `wirekin related --json`. `base_url` is the prefix of our own paths; "" makes them relative."""
    query, found = answer.query, answer.headline
    title = query.title or (found.title if found else "")
    return _shaped(
        RelatedAnswerShape,
        version=ANSWER_VERSION,
        generated_at=stamp(answer.changed_at),
        fallback=answer.fallback,
        query={"url": query.url or None, "headline": found.id if found else None, "title": title or None},
        items=[_related(item, base_url) for item in answer.items],
    )


def headlines_json(page: Page[Headline], told: Mapping[HeadlineId, StoryRef], base_url: str = "") -> Json:
    """/v1/headlines, `wirekin headlines --json`; `told` has the stories of those that are grouped."""
    return _list((_listed(item, told.get(item.id), base_url) for item in page.items), page.next)


def stories_json(page: Page[Story], base_url: str = "") -> Json:
    """/v1/stories, `wirekin stories --json`."""
    items = (
        _shaped(StoryShape, **_brief(item, base_url), others=[_said(other) for other in item.others])
        for item in page.items
    )
    return _list(items, page.next)


def story_json(detail: StoryDetail, base_url: str = "") -> Json:
    """/v1/stories/{id}, `wirekin story show --json`."""
    behind, shares = behind_first(detail.members), shares_of(detail.members)
    members = [
        _member(member, shares.get(member.headline.id, ()), behind.get(member.headline.id)) for member in detail.members
    ]
    return _shaped(StoryDetailShape, **_brief(detail.story, base_url), members=members)


def topics_json(page: Page[TopicCount], base_url: str = "") -> Json:
    """/v1/topics, `wirekin topics list --json`."""
    return _list((_topic(item, base_url) for item in page.items), page.next)


def feeds_json(page: Page[FeedReport], *, details: bool = False) -> Json:
    """/v1/feeds; with `details`, which may contain internal addresses, `wirekin feeds list --json`."""
    return _list((_feed(item, details=details) for item in page.items), page.next)


def export_row(headline: Headline) -> Json:
    """One line of `wirekin export`, as `wirekin import` reads it: the link as published, times to the microsecond.

    A time of which only the day is known is a bare date, or an import would take midnight for the time.
    """
    return {
        "id": headline.id,
        "title": headline.title,
        "summary": headline.summary,
        "url": headline.link or headline.url,
        "canonical_url": headline.canonical_url,
        "publisher": headline.publisher.name,
        "lang": headline.lang,
        "published_at": _published(headline),
        "first_seen_at": exact_stamp(headline.first_seen_at),
        "image": headline.image.url if headline.image else None,
        "topics": list(headline.topics),
    }


def _published(headline: Headline) -> str | None:
    at = headline.published_at
    if at is None:
        return None
    return at.date().isoformat() if headline.precision is Precision.DAY else exact_stamp(at)


def _shaped(shape: type[BaseModel], **fields: object) -> Json:
    # The shapes have extra="forbid" and no defaults, so a missing or misspelt field fails the first test.
    return shape.model_validate(fields).model_dump(mode="json")


def _list(items: Iterable[Json], following: str | None) -> Json:
    return {"items": list(items), "next": following}


def _said(headline: Headline) -> Json:
    publisher = headline.publisher
    return {
        "id": headline.id,
        "url": safe_link(headline.url),
        "title": headline.title,
        "summary": headline.summary,
        "lang": headline.lang,
        "publisher": {"name": publisher.name, "domain": publisher.domain},
        "published_at": _maybe(headline.published_at),
        "first_seen_at": stamp(headline.first_seen_at),
        "image": _image(headline.image),
    }


def _image(image: Image | None) -> Json | None:
    url = safe_link(image.url) if image else ""
    return {"url": url, "width": image.width, "height": image.height} if image and url else None


def _maybe(instant: datetime | None) -> str | None:
    return stamp(instant) if instant else None


def _counts(story: StoryRef, base_url: str) -> Json:
    return {
        "id": story.id,
        "url": story_url(base_url, story.id),
        "headlines": story.headlines,
        "publishers": story.publishers,
        "independent": story.independent,
    }


def _listed(headline: Headline, story: StoryRef | None, base_url: str) -> Json:
    counts = _counts(story, base_url) if story else None
    return _shaped(ListedHeadline, **_said(headline), topics=headline.topics, story=counts)


def _brief(story: Story, base_url: str) -> Json:
    return {
        **_counts(story.ref, base_url),
        "title": story.lead.title,
        "opened_at": stamp(story.opened_at),
        "last_at": stamp(story.last_at),
        "topics": story.topics,
        "langs": story.langs,
        "lead": _said(story.lead),
    }


def _member(member: Member, shares: tuple[str, ...], behind: timedelta | None) -> Json:
    headline = member.headline
    return {
        **_said(headline),
        "copy_of": member.copy_of,
        "score": _score(member.score),
        "shares": shares,
        "voice": headline.voice or headline.publisher.name,
        "lag_seconds": None if behind is None else int(behind.total_seconds()),
        "earlier_titles": [{"title": one.title, "until": stamp(one.until)} for one in member.earlier],
    }


def _related(item: RelatedItem, base_url: str) -> Json:
    reason = item.reason
    return {
        **_said(item.headline),
        "story": _counts(item.story, base_url),
        "score": _score(item.score),
        "reason": {"kind": reason.kind, "terms": reason.terms, "topics": reason.topics},
    }


def _score(score: float) -> float:
    # Three decimals: smaller differences mean nothing, and would change the ETag of an equal answer.
    return round(min(max(score, 0.0), 1.0), 3)


def _topic(count: TopicCount, base_url: str) -> Json:
    return _shaped(
        TopicShape,
        slug=count.slug,
        name=count.name,
        url=topic_url(base_url, count.slug),
        headlines=count.headlines,
        stories=count.stories,
        last_at=_maybe(count.last_at),
    )


def move_note(report: FeedReport) -> str:
    """Say to people where a feed is moving or has moved; "" if it has not."""
    state = report.state
    watched = f"moves to {state.moved_to}, seen {state.moved_polls} of {PROOF_POLLS} polls" if state.moved_to else ""
    if state.moved_polls >= PROOF_POLLS:  # there were enough polls, but not enough time
        watched = f"moves to {state.moved_to}, seen {state.moved_polls} polls, believed after {PROOF_TIME.days} days"
    if not state.address:
        return watched
    if state.merged_into:
        return f"moved to {state.address}, the same as {report.same_as or 'another feed'}"
    return "; ".join(filter(None, (f"now at {state.address}: please correct feeds.yml", watched)))


def page_note(report: FeedReport) -> str:
    """Say to people that a page's layout has changed; "" if it has not."""
    return canary.note(report.state.canary)


def _feed(report: FeedReport, *, details: bool) -> Json:
    feed, state = report.feed, report.state
    return _shaped(
        FeedShape,
        id=feed.id,
        name=feed.name,
        url=feed.url,
        kind=feed.kind,
        publisher=feed.publisher.name if feed.publisher else None,
        lang=feed.lang,
        health=report.health,
        reason=state.reason,
        detail=(state.detail or None) if details else None,
        failures=state.failures,
        headlines=report.headlines,
        delivered=state.delivered,
        entries=state.entries,
        missed_polls=state.missed_polls,
        recent=report.recent,
        last_polled_at=_maybe(state.last_polled_at),
        last_ok_at=_maybe(state.last_ok_at),
        last_new_at=_maybe(state.last_new_at),
        next_poll_at=stamp(state.next_poll_at),
        moves_to=state.moved_to,
        moves_polls=state.moved_polls,
        address=state.address,
        merged_into=state.merged_into,
        push=_push(report.push),
    )


def _push(found: Subscription | None) -> Json | None:
    # The hub's own words are only in the log, like the details of failures.
    return {"hub": found.hub, "state": found.state, "lease_until": _maybe(found.lease_until)} if found else None
