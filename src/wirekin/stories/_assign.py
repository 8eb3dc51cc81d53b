"""Where headlines belong: each takes the root that it copies, else the story that it is most like, else opens one.

sort by (happened_at, id) -> for each: copy of a root? -> neighbours -> stories scored against their members ->
join or open -> corrections replayed.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from wirekin.model import Assignment, Headline, HeadlineId, StoryId
from wirekin.stories._copies import is_copy, stands_alone
from wirekin.stories._corrections import Corrections
from wirekin.stories._similarity import Document, document_of, similarity
from wirekin.stories._window import Window

__all__ = ["assign", "assign_in_order"]

# The first two by hand from 20 settings, on all of newsdesk, uci and the demo's sample, bench/quality.py, 2026-11-25
SAME_STORY = 0.08
CROWDING = 0.08  # added for each tenfold of the headlines that came between. It lifts a logistic
# regression's average precision on unseen stories, en .62 to .78, ru .49 to .77; of seven others none by over 0.04
MOST_CROWD = 3.0  # tenfolds: beyond a thousand, rarer words tell more than time does; by judgement
UNTOLD = 100  # headlines taken to lie between two whose times say nothing: 0.24 joins, uci is flat from 0.20 to 0.25
ONE_TURN = timedelta(seconds=1)  # stamps of one poll or one import, not the times of events; dates count in seconds
A_DAY = 24  # headlines that a day is taken to have besides those of the window: a young window knows no crowd
BEST_SHARE = 0.35  # of the score from the likest member, the rest from all: chains do not drift; 0.3..0.6 within 0.02
MEMBERS = 20  # most similar members that the mean looks at: a story of hundreds must stay joinable
COPY_LOOK = 0.5  # similarity from which a neighbour is examined as a copy
COOLING = 0.05  # added for each day beyond the first since the story's nearest headline
ACROSS = 0.05  # added between two languages, where less is compared: demo precision .67 to .79 with it, 2026-11-25
DAY = timedelta(days=1)


def assign(
    window: Window,
    headlines: Sequence[Headline],
    *,
    must: Iterable[tuple[HeadlineId, HeadlineId]] = (),
    cannot: Iterable[tuple[HeadlineId, HeadlineId]] = (),
) -> tuple[Assignment, ...]:
    """Assign headlines to stories and take them into the window; the order they are given in does not matter.

    Returns an assignment for each headline that is new to the window, and for earlier ones that a correction moved.
    """
    ordered = sorted(headlines, key=lambda headline: (headline.happened_at, headline.id))
    return assign_in_order(window, ordered, must=must, cannot=cannot)


def assign_in_order(
    window: Window,
    headlines: Iterable[Headline],
    *,
    must: Iterable[tuple[HeadlineId, HeadlineId]] = (),
    cannot: Iterable[tuple[HeadlineId, HeadlineId]] = (),
) -> tuple[Assignment, ...]:
    """`assign` for headlines whose order is known to be right already (a file of them)."""
    corrections = Corrections(must, cannot)
    touched: dict[HeadlineId, Document] = {}
    headlines = tuple(headlines)
    fresh = [headline for headline in headlines if headline.id not in window]
    vectors = dict(zip((headline.id for headline in fresh), window.vectors(fresh), strict=True))
    for headline in headlines:
        known = window.get(headline.id)
        if known is not None:  # assigned before, and the saving failed: say it again
            touched[known.id] = known
            continue
        document = document_of(headline, alone=stands_alone(headline.title), vector=vectors[headline.id])
        _place(window, document, corrections)
        touched[document.id] = document
    for document in corrections.replay(window):
        touched[document.id] = document
    return tuple(
        Assignment(headline_id=d.id, story_id=d.story, copy_of=d.root, score=round(d.score, 4))
        for d in sorted(touched.values(), key=lambda d: d.order)
    )


def _place(window: Window, document: Document, corrections: Corrections) -> None:
    window.rarity.norms(document)
    allowed = [d for d in window.neighbours(document) if corrections.allow(window, document.id, d.story)]
    scored = [(similarity(document, other), other) for other in allowed]
    root = _root(window, document, scored, corrections)
    if root is not None:
        document.root, document.score = root.id, 1.0
        window.put(document, root.story)
        return
    story, score = (None, 0.0) if document.alone else _best_story(window, document, scored)
    if story is None:
        window.put(document, StoryId(document.id))
        return
    document.score = score
    window.put(document, story)


def _root(
    window: Window, document: Document, scored: Sequence[tuple[float, Document]], corrections: Corrections
) -> Document | None:
    """The first headline of the article that this one repeats, never a later one."""
    found = [other for score, other in scored if score >= COPY_LOOK and is_copy(document, other)]
    found += [
        other
        for other in window.same_text(document)
        if is_copy(document, other) and corrections.allow(window, document.id, other.story)
    ]
    roots = [window.get(other.root) if other.root else other for other in found]
    earlier = [root for root in roots if root is not None and root.happened_at <= document.happened_at]
    return min(earlier, key=lambda root: root.order, default=None)


def _best_story(
    window: Window, document: Document, scored: Sequence[tuple[float, Document]]
) -> tuple[StoryId | None, float]:
    by_story: dict[tuple[StoryId, str | None], list[tuple[float, Document]]] = defaultdict(list)
    for score, other in scored:
        if not other.alone and score > 0:
            by_story[other.story, other.lang].append((score, other))
    best: tuple[float, StoryId] | None = None
    for (story, lang), near in by_story.items():
        score = _score(window.roots(story, lang), [score for score, _ in near])
        nearest = min((other.happened_at for _, other in near), key=lambda at: abs(document.happened_at - at))
        across = lang != document.lang and bool(lang and document.lang)
        least = _least(window, document, nearest) + (ACROSS if across else 0.0)
        scale = window.meanings.scale
        if document.vector is not None and score + scale.most >= least:  # numpy's calls are dear: not in vain
            close = window.meanings.closeness(document, window.meant(story, MEMBERS))
            score = scale.blended(score, close, across=across)
        if score < least:
            continue
        if best is None or (score, story) > best:
            best = score, story
    return (best[1], best[0]) if best else (None, 0.0)


def _least(window: Window, document: Document, nearest: datetime) -> float:
    """The similarity that joins: the more headlines came between the two, the likelier they are alike by chance."""
    gap = abs(document.happened_at - nearest)
    # Stamped together by a poll or an import: the time tells nothing.
    between = window.between(nearest, document.happened_at) + A_DAY * (gap / DAY) if gap > ONE_TURN else UNTOLD
    crowd = min(math.log10(1 + between), MOST_CROWD)
    return SAME_STORY + CROWDING * crowd + COOLING * max(0.0, gap / DAY - 1)


def _score(members: int, scores: list[float]) -> float:
    """The best member's similarity tempered by the members' mean; those that were not compared count as nothing."""
    top = sorted(scores, reverse=True)[:MEMBERS]
    mean = sum(top) / min(MEMBERS, max(1, members))
    return BEST_SHARE * top[0] + (1 - BEST_SHARE) * min(mean, top[0])
