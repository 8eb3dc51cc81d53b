"""One question, one answer: the walk of a request from an article to what else is being said about it.

canonicalise -> the headline, where the store has it | the terms of a title, a text or a URL's slug
-> neighbours in the store, and the article's own story -> rank.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from wirekin import stories, text, urls
from wirekin.digest import Rules
from wirekin.errors import BadRequest
from wirekin.model import (
    Candidate,
    Headline,
    HeadlineId,
    Neighbourhood,
    RelatedAnswer,
    RelatedItem,
    RelatedKind,
    RelatedQuery,
    RelatedReason,
    StoryDetail,
    TopicSlug,
)
from wirekin.store import Reader

USUAL_SINCE = timedelta(days=14)  # the contract's default window


def related_to(reader: Reader, query: RelatedQuery, *, rules: Rules, keep: timedelta) -> RelatedAnswer:
    """The related stories of an article that may or may not be in the store.

    Args:
        query: a URL, a title or a text; more than one may be given.
        rules: for the topics of an article that the store does not know.
        keep: how long headlines are kept; `query.since` may not ask for more.
    Raises: BadRequest when nothing was asked, or more than is kept.

    """
    if not (query.url or query.title or query.text):
        raise BadRequest("nothing to relate to: give url, title or text")
    if query.since is not None and query.since > keep:
        raise BadRequest("since reaches further back than headlines are kept")
    changed_at = reader.changed_at()
    since = changed_at - min(query.since or USUAL_SINCE, keep)
    article = _article(reader, query.url)
    terms, topics, lang = _subject(query, article, rules)
    story = _story(reader, article)
    neighbourhood = _to_open(_with_story(_near(reader, terms, since, query.limit), story))
    own = _copies(story, article)
    items = stories.rank(
        query,
        terms,
        neighbourhood,
        article=article,
        article_story=story.story.id if story else None,
        article_copies=own,
        topics=topics,
        now=changed_at,
        lang=lang,
        semantic=rules.semantic,
    )
    fallback = None
    if query.fallback is RelatedKind.LATEST and len(items) < query.limit:
        filled = _filled(reader, query, items, since, own | {article.id} if article else own)
        fallback = RelatedKind.LATEST if len(filled) > len(items) else None
        items = filled
    return RelatedAnswer(query, items, changed_at, article, fallback)


def _article(reader: Reader, url: str) -> Headline | None:
    canonical = urls.canonicalise(url) if url else None
    return reader.headline(url=canonical) if canonical else None


def _subject(
    query: RelatedQuery, article: Headline | None, rules: Rules
) -> tuple[tuple[str, ...], frozenset[TopicSlug], str | None]:
    """The terms, topics and language of the article: as told, as known, or by the words of its URL."""
    title = query.title or (article.title if article else "")
    body = query.text or (article.summary if article else "")
    if not title and not body:
        title = urls.slug_words(query.url)
    lang = article.lang if article else text.guess_lang(title or body)
    topics = frozenset(match.slug for match in rules.topics.match(title, body, lang))
    if article:
        topics |= frozenset(article.topics)
    return text.terms(title, body), topics, lang


def _story(reader: Reader, article: Headline | None) -> StoryDetail | None:
    key = reader.story_of(article.id) if article else None
    found = reader.story(key) if key else None
    return found if isinstance(found, StoryDetail) else None


def _near(reader: Reader, terms: tuple[str, ...], since: datetime, limit: int) -> Neighbourhood:
    if not terms:
        return Neighbourhood(())
    return reader.neighbours(terms, since=since, kin=stories.kin(terms), limit=stories.neighbours_for(limit))


def _with_story(found: Neighbourhood, story: StoryDetail | None) -> Neighbourhood:
    """The neighbours and the article's own story: its other languages share no term with the question."""
    if story is None:
        return found
    known = {candidate.headline.id for candidate in found.candidates}
    own = tuple(
        Candidate(member.headline, story.story.ref, member.copy_of)
        for member in story.members
        if member.headline.id not in known
    )
    return replace(found, candidates=found.candidates + own)


def _to_open(found: Neighbourhood) -> Neighbourhood:
    """Those with a link: what cannot be opened, such as an episode without a page, is nothing to read next."""
    return replace(found, candidates=tuple(one for one in found.candidates if one.headline.link))


def _copies(story: StoryDetail | None, article: Headline | None) -> frozenset[HeadlineId]:
    if story is None or article is None:
        return frozenset()
    roots = {member.headline.id: member.copy_of or member.headline.id for member in story.members}
    mine = roots.get(article.id, article.id)
    return frozenset(key for key, root in roots.items() if root == mine)


def _filled(
    reader: Reader, query: RelatedQuery, items: tuple[RelatedItem, ...], since: datetime, own: frozenset[HeadlineId]
) -> tuple[RelatedItem, ...]:
    """The items, and the newest stories after them, labelled as what they are; never `own`, the article's text."""
    excluded = {text.fold(name) for name in query.exclude_publishers}
    stories_shown = {item.story.id for item in items}
    latest = _to_open(reader.latest(topic=query.topic, since=since, limit=query.limit * 2))
    more = tuple(
        RelatedItem(candidate.headline, candidate.story, 0.0, RelatedReason(RelatedKind.LATEST))
        for candidate in latest.candidates
        if candidate.story.id not in stories_shown
        and candidate.headline.id not in own
        and not {text.fold(name) for name in (candidate.headline.publisher.name, candidate.headline.publisher.domain)}
        & excluded
    )
    return (items + more)[: query.limit]
