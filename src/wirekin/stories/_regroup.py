"""Clustering the open window again as one batch, with what was not known when its headlines came one by one.

take in -> compare each headline with those before it (steps that a daemon can spread) -> cluster -> name -> what has
to move.

Online, a headline joins the best story at hand, and two stories that a later headline shows to be one event stay two.
The batch knows all headlines of the window and all their words, and depends on nothing else: neither on the order in
which feeds were polled, nor on the stories that headlines are in now. So a second regrouping moves nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from functools import reduce

from wirekin.model import Assignment, Headline, HeadlineId, StoryId
from wirekin.stories._assign import root_of
from wirekin.stories._cluster import cluster
from wirekin.stories._copies import stands_alone
from wirekin.stories._corrections import Corrections, fresh_story
from wirekin.stories._evidence import STRANGERS, Link, evidence, glances, likelihood
from wirekin.stories._postings import Postings
from wirekin.stories._similarity import Document, Met, document_of, met
from wirekin.stories._vectors import Nearest
from wirekin.stories._window import CANDIDATES_BATCH, Window

# Headlines that one is compared with besides, because their vectors are near. The mean F1 of seven sets, each with its
# languages, rises from .908 and .890 (halves of the events) to .914 and .894, that of the third unseen set from .672
# to .697, 2026-11-30.
MEANT = 4


class Regrouping:
    """One regrouping of a window: call `step` until it is 0, then `moves`. The window may change meanwhile."""

    def __init__(self, window: Window, *, settled_before: datetime | None = None) -> None:
        """Begin.

        Args:
            window: what is regrouped; only headlines that are taken in change it.
            settled_before: stories with a headline before this instant may grow but are never split, because what held
                them together leaves the window piece by piece.

        """
        self.window = window
        self._settled_before = settled_before
        self._postings = Postings()
        self._meant: Nearest[Document] = Nearest(window.meanings)
        self._compared: set[HeadlineId] = set()
        self._pairs: dict[tuple[HeadlineId, HeadlineId], Link] = {}
        self._waiting: list[HeadlineId] = []
        self._taken_in: set[HeadlineId] = set()

    def take_in(self, headlines: Iterable[Headline]) -> None:
        """Add headlines without a story to the window, in the order of time; `moves` says where they belong.

        If they were first given to `assign`, each would be compared with its neighbours twice: of 10,000 that come
        together this groups 2,020 a CPU second, and that 1,486 (bench/group.py, 2026-11-30).
        """
        headlines = sorted(headlines, key=lambda headline: (headline.happened_at, headline.id))
        for headline, vector in zip(headlines, self.window.vectors(headlines), strict=True):
            if headline.id not in self.window:  # else taken in before, but saving it failed
                self._file(document_of(headline, alone=stands_alone(headline.title), vector=vector))
            self._taken_in.add(headline.id)

    def _file(self, document: Document) -> None:
        """Put it into the window as a story of its own, or as a copy of a headline with the very same terms."""
        root = None
        if next(self.window.same_text(document), None):
            self.window.rarity.norms(document)
            root = root_of(self.window, document, (), Corrections())
            document.root = root.id if root else None
        self.window.put(document, root.story if root else StoryId(document.id))

    def step(self, limit: int) -> int:
        """Compare up to `limit` more headlines and return how many; 0 when all are compared, newcomers included."""
        if not self._waiting:
            fresh = [d for d in self.window if d.id not in self._compared and self._to_compare(d)]
            self._waiting = [d.id for d in sorted(fresh, key=lambda d: d.order, reverse=True)]
        now = min(limit, len(self._waiting))
        for _ in range(now):
            key = self._waiting.pop()
            self._compared.add(key)
            document = self.window.get(key)
            if document is not None:
                self._compare(document)
        return now

    def _to_compare(self, document: Document) -> bool:
        return document.root is None and (not document.alone or document.id in self._taken_in)

    def _compare(self, document: Document) -> None:
        self.window.rarity.norms(document)
        near = met(document, self.window.near(document, self._postings, CANDIDATES_BATCH))
        if document.id in self._taken_in and self._repeats(document, near):
            return
        if not document.alone:
            self._link(document, near)
        document.placed()

    def _repeats(self, document: Document, near: Sequence[Met]) -> bool:
        """Make it a copy if it is one, and say so. `moves` takes it from its root again if a cannot-link asks."""
        if document.alone:  # such are not among this regrouping's postings
            near = met(document, self.window.neighbours(document))
        root = root_of(self.window, document, near, Corrections())
        if root is not None:
            self.window.repeats(document, root)
            document.placed()
        return root is not None

    def _link(self, document: Document, near: Sequence[Met]) -> None:
        """Keep its evidence with those near to it, and post it for later ones to find."""
        rarity = self.window.rarity
        kin = met(document, self._kin(document, near))
        for first in glances(self.window, document, [*near, *kin], STRANGERS):
            link = evidence(self.window, document, first) if first.most > STRANGERS else None
            if link and link.likest > STRANGERS:
                self._pairs[first.other.id, document.id] = link
        words, wide = ([f for f in held if rarity.frequency(f) > 1] for held in (document.words, document.wide))
        self._postings.add(document, len(self._compared), words, wide)
        self._meant.add(document)

    def _kin(self, document: Document, near: Sequence[Met]) -> list[Document]:
        """Headlines that say the same in other words, by the encoder; none without it."""
        if self.window.meanings.semantic != "multilingual":
            return []
        self.window.read(document)
        known = {other.id for other, *_ in near}
        return [other for other in self._meant.near(document, MEANT + len(near)) if other.id not in known][:MEANT]

    def moves(
        self, must: Iterable[tuple[HeadlineId, HeadlineId]] = (), cannot: Iterable[tuple[HeadlineId, HeadlineId]] = ()
    ) -> tuple[Assignment, ...]:
        """Return assignments for what has to move and what was taken in, story by story.

        The window does not change, and this regrouping cannot be used again. Every must-link and cannot-link is kept,
        so that replaying them afterwards moves nothing. What a person took out of a story joins no other by evidence:
        since only the opener is kept apart from it, it could draw all the others to itself.
        """
        corrections = Corrections(must, cannot)
        units = _units(self.window, corrections)
        place = {document.id: at for at, unit in enumerate(units) for document in unit}
        told: dict[tuple[int, int], Link] = {}
        self._postings.clear()
        self._meant.clear()
        while self._pairs:  # moved, not copied, to save memory: ten for each headline of the window
            (a, b), link = self._pairs.popitem()
            if a in place and b in place and corrections.taken_out.isdisjoint((a, b)):
                told[min(place[a], place[b]), max(place[a], place[b])] = link
        links = ((place[a], place[b]) for a, b in corrections.must if a in place and b in place)
        groups = cluster(
            len(units),
            told,
            [*self._settled(units), *links],
            lambda left, right: not corrections.apart(_headlines(units, left), _headlines(units, right)),
        )
        names = _names(self.window, [list(_headlines(units, group)) for group in groups], self._taken_in)
        return tuple(
            move
            for group, name in zip(groups, names, strict=True)
            for move in _assignments(units, group, name, told, self._taken_in)
        )

    def _settled(self, units: Sequence[Sequence[Document]]) -> Iterator[tuple[int, int]]:
        """Pairs of units that stay together: of stories that reach back to the edge of the window, or beyond it."""
        stories: dict[StoryId, list[int]] = defaultdict(list)
        settled: set[StoryId] = set()
        for at, unit in enumerate(units):
            for document in unit:
                stories[document.story].append(at)
                orphan = document.root is not None and self.window.get(document.root) is None
                if orphan or (self._settled_before and document.happened_at < self._settled_before):
                    settled.add(document.story)
        for story in settled:
            first, *others = stories[story]
            yield from ((first, other) for other in others if other != first)


def _assignments(
    units: Sequence[Sequence[Document]],
    group: Sequence[int],
    name: StoryId,
    told: Mapping[tuple[int, int], Link],
    unsaved: AbstractSet[HeadlineId],
) -> Iterator[Assignment]:
    """Assignments for the headlines of a group that are in another story now, or not saved yet."""
    for at in group:
        strays = [document for document in units[at] if document.story != name or document.id in unsaved]
        found = [told[pair] for pair in ((min(at, o), max(at, o)) for o in group if strays) if pair in told]
        score = round(likelihood(reduce(Link.joined, found).log_odds(1, len(group) - 1)), 4) if found else 1.0
        for document in strays:
            opener = StoryId(document.id) == name
            yield Assignment(document.id, name, document.root, 1.0 if document.root or opener else score)


def _units(window: Window, corrections: Corrections) -> list[list[Document]]:
    """Each root with its copies, in the order of the window; a copy kept apart from its root is a unit of its own."""
    units: dict[HeadlineId, list[Document]] = {}
    for document in sorted(window, key=lambda d: (d.root is not None, d.order)):
        with_root = units.get(document.root) if document.root else None
        if with_root is None or corrections.apart([document], with_root):
            units[document.id] = [document]
        else:
            with_root.append(document)
    return sorted(units.values(), key=lambda unit: unit[0].order)


def _headlines(units: Sequence[Sequence[Document]], group: Iterable[int]) -> Iterator[Document]:
    return (document for at in group for document in units[at])


def _names(window: Window, groups: Sequence[Sequence[Document]], unsaved: AbstractSet[HeadlineId]) -> list[StoryId]:
    """The id of each group: that of the story it shares the most headlines with, each id given once.

    The largest overlap chooses first, among equals the story that was opened first. A group that no story is left for
    gets a fresh id. A headline that is not saved yet is in no story.
    """
    held = Counter(
        (document.story, at) for at, group in enumerate(groups) for document in group if document.id not in unsaved
    )
    age = {story: window.opened(story) for story, _ in held}
    named: dict[int, StoryId] = {}
    given: set[StoryId] = set()
    for story, at in sorted(held, key=lambda key: (-held[key], age[key[0]], key)):
        if at not in named and story not in given:
            named[at] = story
            given.add(story)
    for at, group in enumerate(groups):
        if at not in named:
            named[at] = fresh_story(group, lambda story: story in age or story in given)
            given.add(named[at])
    return [named[at] for at in range(len(groups))]
