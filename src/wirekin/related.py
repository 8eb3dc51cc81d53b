"""Related items of one article: from its URL, title or text to what else is being said about it.

canonicalise the URL -> the headline, where the store has it | the terms of a title, a text or a URL's slug
-> neighbours in the store, and the article's own story -> `stories.rank` -> the newest stories, if asked as a fallback.
"""

from __future__ import annotations

from collections.abc import Sequence
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
)
from wirekin.store import Reader

USUAL_SINCE = timedelta(days=14)  # the contract's default window
# Newest stories considered as fallback: enough that a wire that posts all day does not fill the answer. Reading 60
# takes 4.7 ms with 20,000 headlines, 12 take 2.3 ms (2026-11-30).
LATEST = 60


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
    story = _story(reader, article)
    asked = _asked(query, article, story, rules)
    # The article's own story may be older than the default window, but not older than a window that was asked for.
    near = _with_story(_near(reader, asked.terms, since, query.limit), story, since if query.since else None)
    neighbourhood = _to_open(near)
    items = stories.rank(query, asked, neighbourhood, now=changed_at, semantic=rules.semantic)
    more: list[RelatedItem] = []
    if query.fallback is RelatedKind.LATEST and len(items) < query.limit:
        more = _latest(reader, query, asked, items, since)
    return RelatedAnswer(query, (*items, *more), changed_at, article, RelatedKind.LATEST if more else None)


def _article(reader: Reader, url: str) -> Headline | None:
    canonical = urls.canonicalise(url) if url else None
    return reader.headline(url=canonical) if canonical else None


def _asked(query: RelatedQuery, article: Headline | None, story: StoryDetail | None, rules: Rules) -> stories.Asked:
    """What is known of the article: from the query, else from the store, else from the words of its URL."""
    title = query.title or (article.title if article else "")
    body = query.text or (article.summary if article else "")
    words = f"{title} {body}"
    if not title and not body:
        title = urls.slug_words(query.url)
    lang = article.lang if article else text.guess_lang(title or body)
    topics = frozenset(match.slug for match in rules.topics.match(title, body, lang))
    if article:
        topics |= frozenset(article.topics)
    key = story.story.id if story else None
    return stories.Asked(text.terms(title, body), words, topics, lang, key, _texts(story, article))


def _story(reader: Reader, article: Headline | None) -> StoryDetail | None:
    key = reader.story_of(article.id) if article else None
    found = reader.story(key) if key else None
    return found if isinstance(found, StoryDetail) else None


def _near(reader: Reader, terms: Sequence[str], since: datetime, limit: int) -> Neighbourhood:
    if not terms:
        return Neighbourhood(())
    return reader.neighbours(terms, since=since, kin=stories.kin(terms), limit=stories.neighbours_for(limit))


def _with_story(found: Neighbourhood, story: StoryDetail | None, since: datetime | None) -> Neighbourhood:
    """The neighbours and the article's own story, whose members in other languages share no term with the question."""
    if story is None:
        return found
    known = {candidate.headline.id for candidate in found.candidates}
    own = tuple(
        Candidate(member.headline, story.story.ref, member.copy_of)
        for member in story.members
        if member.headline.id not in known and (since is None or member.headline.happened_at >= since)
    )
    return replace(found, candidates=found.candidates + own)


def _to_open(found: Neighbourhood) -> Neighbourhood:
    """The candidates with a link: what cannot be opened (an episode without a page) is nothing to read next."""
    return replace(found, candidates=tuple(one for one in found.candidates if one.headline.link))


def _texts(story: StoryDetail | None, article: Headline | None) -> frozenset[HeadlineId]:
    """The article's headline and all others with the same text."""
    if article is None:
        return frozenset()
    roots = {member.headline.id: member.copy_of or member.headline.id for member in (story.members if story else ())}
    mine = roots.get(article.id, article.id)
    return frozenset({article.id, *(key for key, root in roots.items() if root == mine)})


def _latest(
    reader: Reader, query: RelatedQuery, asked: stories.Asked, items: Sequence[RelatedItem], since: datetime
) -> list[RelatedItem]:
    """The newest stories, labelled as such, to append to the items; never the article's own text."""
    told = {item.story.id for item in items}
    newest = _to_open(reader.latest(topic=query.topic, since=since, limit=max(LATEST, 2 * query.limit))).candidates
    wanted = [candidate for candidate in stories.eligible(query, asked, newest) if candidate.story.id not in told]
    shown = [item.headline for item in items]
    chosen = stories.spread(wanted, query.limit - len(items), lambda candidate: candidate, shown)
    return [RelatedItem(one.headline, one.story, 0.0, RelatedReason(RelatedKind.LATEST)) for one in chosen]
