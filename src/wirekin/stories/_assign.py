"""Joining: each headline goes to the story of the root that it copies, else to its likeliest story, else to its own.

sort by (happened_at, id) -> for each: neighbours in the window -> copy of a root? -> their stories scored, each by its
pairs with the headline -> join the best or open one -> corrections replayed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from wirekin.model import Assignment, Headline, HeadlineId, StoryId
from wirekin.stories._copies import is_copy, stands_alone
from wirekin.stories._corrections import Corrections
from wirekin.stories._evidence import JOIN, Glance, Link, evidence, glances, likelihood
from wirekin.stories._similarity import Document, Met, document_of, met, similarity
from wirekin.stories._window import Window

COPY_LOOK = 0.18  # least similarity of a copy that is found among neighbours; wire text under two headlines has .2


def assign(
    window: Window,
    headlines: Sequence[Headline],
    *,
    must: Iterable[tuple[HeadlineId, HeadlineId]] = (),
    cannot: Iterable[tuple[HeadlineId, HeadlineId]] = (),
) -> tuple[Assignment, ...]:
    """Assign headlines, given in any order, to stories and add them to the window.

    Returns an assignment for each of the headlines, and for earlier ones that a correction moved.
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
    """`assign` for headlines that are in the right order already (those of a file)."""
    corrections = Corrections(must, cannot)
    touched: dict[HeadlineId, Document] = {}
    headlines = tuple(headlines)
    alone = {headline.id: stands_alone(headline.title) for headline in headlines if headline.id not in window}
    # The others need no vector: what is known is not placed again, and what stands alone is only compared with possible
    # copies, by words.
    fresh = [headline for headline in headlines if not alone.get(headline.id, True)]
    vectors = dict(zip((headline.id for headline in fresh), window.vectors(fresh), strict=True))
    for headline in headlines:
        known = window.get(headline.id)
        if known is not None:  # assigned before, but saving it failed: report it again
            touched[known.id] = known
            continue
        document = document_of(headline, alone=alone[headline.id], vector=vectors.get(headline.id))
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
    near = window.neighbours(document)
    if document.id in corrections:
        near = [other for other in near if corrections.allow(window, document.id, other.story)]
    found = met(document, near)
    root = root_of(window, document, found, corrections)
    if root is not None:
        document.root, document.score = root.id, 1.0
        window.put(document, root.story)
        return
    story, score = (None, 0.0) if document.alone else _best_story(window, document, found)
    if story is None:
        window.put(document, StoryId(document.id))
        return
    document.score = score
    window.put(document, story)


def root_of(window: Window, document: Document, near: Iterable[Met], corrections: Corrections) -> Document | None:
    """Return the first headline of the article that `document` repeats; None if it is no copy of an earlier one.

    `document` must have its weights (`Rarity.norms`); those `near` must have had theirs once, for their norms.
    """
    found = [
        other for other, said, _ in near if is_copy(document, other, said) and similarity(document, other) >= COPY_LOOK
    ]
    found += [
        other
        for other, said, _ in met(document, window.same_text(document))
        if is_copy(document, other, said) and corrections.allow(window, document.id, other.story)
    ]
    if not found:
        return None
    roots = {window.get(other.root) if other.root else other for other in found} - {None, document}
    earlier = [root for root in roots if root and root.happened_at <= document.happened_at]
    return min(earlier, key=lambda root: root.order, default=None)


def _best_story(window: Window, document: Document, near: Iterable[Met]) -> tuple[StoryId | None, float]:
    """The likeliest story of `document` and its probability; None and 0 if no story is likely enough."""
    seen: dict[StoryId, list[Glance]] = {}
    for first in glances(window, document, [each for each in near if not each[0].alone], JOIN):
        if first.alike > 0:
            seen.setdefault(first.other.story, []).append(first)
    best: tuple[float, StoryId] | None = None
    for most, story in _hopeful(window, seen):
        if best is not None and most < best[0]:
            break
        told = [evidence(window, document, first) for first in seen[story]]
        link = Link.of([one.likest for one in told], [one.apart for one in told])
        score = link.log_odds(1, window.roots(story))
        # One pair must be likely enough by itself; the others only temper it.
        if link.likest > JOIN and score > JOIN and (best is None or (score, story) > best):
            best = score, story
    return (best[1], likelihood(best[0])) if best else (None, 0.0)


def _hopeful(window: Window, seen: Mapping[StoryId, Sequence[Glance]]) -> list[tuple[float, StoryId]]:
    """Stories whose log-odds may be above JOIN, each with their upper bound; the likeliest first.

    The bound spares four full comparisons in ten: of 9.8 pairs a headline 2.9 are compared in full, and 5.0 if only
    stories without any pair above JOIN are skipped (bench/group.py's stream, 10,000 in the window, 2026-11-30).
    """
    found = []
    for story, firsts in seen.items():
        told = [first.most for first in firsts]
        if max(told) > JOIN:
            most = Link.of(told, [first.apart for first in firsts]).log_odds(1, window.roots(story))
            found.append((most, story))
    return sorted([(most, story) for most, story in found if most > JOIN], reverse=True)
