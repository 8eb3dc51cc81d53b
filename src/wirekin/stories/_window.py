"""The open window: the headlines that a new one may belong with, findable by their rarer words.

Only roots are indexed: a copy says nothing that its root does not, and would make wire text look common.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from wirekin.model import Assignment, Headline, HeadlineId, Semantic, StoryId
from wirekin.stories._copies import stands_alone
from wirekin.stories._similarity import Document, Rarity, document_of
from wirekin.stories._vectors import Meanings, Text, Vector

__all__ = ["SPAN", "Window"]

K = TypeVar("K")
V = TypeVar("V")
Postings = Mapping[str, Sequence[HeadlineId]]  # word -> headlines that hold it, the newest last

SPAN = timedelta(days=4)  # the longest story of the newsdesk dev sets lasts 30 hours; real ones may last more, 2026-11
RAREST = 6  # words of a headline that are looked up; with 8 newsdesk is 0.01 better and the demo 0.05 worse, 2026-11-25
RAREST_WIDE = 4  # concepts, names and figures that are looked up in other languages
POSTINGS = 60  # newest headlines a word that are looked at; 100 (and 8 words) are a quarter slower, 2026-11-25
CANDIDATES = 12  # headlines that a new one is compared with in full; 20 is .003 better on uci and a seventh slower
CANDIDATES_BATCH = 20  # and in a regrouping, which has the time: uci is .007 better than with 12, 2026-11-29


class Window:
    """The headlines of the last days with their stories, in memory; grows by `assign` and by `add`."""

    def __init__(self, span: timedelta = SPAN, *, semantic: Semantic = False) -> None:
        self.span = span
        self._span_seconds = span.total_seconds()
        self.meanings = Meanings(semantic)
        self.rarity = Rarity()
        self._documents: dict[HeadlineId, Document] = {}
        self._stories: dict[StoryId, dict[HeadlineId, Document]] = {}
        self._roots: Counter[StoryId] = Counter()  # headlines of a story that are no copies
        self._postings: dict[str, list[HeadlineId]] = defaultdict(list)  # most have one; a dict of one is 232 bytes
        self._unread: dict[HeadlineId, Text] = {}  # what a restart brought back, until it is compared by the encoder
        self._titles: dict[tuple[str, ...], list[Document]] = defaultdict(list)
        self._summaries: dict[tuple[str, ...], list[Document]] = defaultdict(list)
        self._times: list[float] = []  # of roots, in seconds since 1970, sorted

    def __len__(self) -> int:
        return len(self._documents)

    def __contains__(self, key: object) -> bool:
        return key in self._documents

    def add(self, headline: Headline, assignment: Assignment) -> None:
        """Take in a headline that is assigned already (a restart, or another process did it)."""
        self._drop(headline.id)
        document = document_of(headline, alone=stands_alone(headline.title))
        if self.meanings.semantic == "multilingual":
            self._unread[headline.id] = _text(headline)
        else:
            (document.vector,) = self.vectors([headline])
        document.root, document.score = assignment.copy_of, assignment.score
        self.put(document, assignment.story_id)

    def __iter__(self) -> Iterator[Document]:
        return iter(self._documents.values())

    def forget(self, before: datetime) -> int:
        """Drop headlines that happened before; returns how many."""
        old = [key for key, document in self._documents.items() if document.happened_at < before]
        for key in old:
            self._drop(key)
        return len(old)

    # --- for the other modules of this package -----------------------------------------------------------------

    def get(self, key: HeadlineId) -> Document | None:
        """The document of a headline, if it is in the window."""
        return self._documents.get(key)

    def members(self, story: StoryId) -> tuple[Document, ...]:
        """A story's headlines that are in the window, in the order they came in."""
        return tuple(self._stories.get(story, {}).values())

    def opened(self, story: StoryId) -> tuple[bool, datetime]:
        """How old a story is, the oldest first: one whose opener has left the window is older than all others."""
        first = min(self._stories[story].values(), key=lambda document: document.order)
        return StoryId(first.id) == story, first.happened_at

    def roots(self, story: StoryId) -> int:
        """How many of a story's headlines in the window are no copies."""
        return self._roots[story]

    def vectors(self, headlines: Sequence[Headline]) -> list[Vector | None]:
        """The vectors of headlines, where the window is semantic and their languages have them."""
        return self.meanings.of([_text(headline) for headline in headlines])

    def closeness(self, a: Document, b: Document) -> float | None:
        """How close two headlines are by their vectors; None where one has none."""
        unread = [document for document in (a, b) if document.id in self._unread]
        vectors = self.meanings.of([self._unread.pop(document.id) for document in unread]) if unread else []
        for document, vector in zip(unread, vectors, strict=True):
            document.vector = vector
            if document.root is None:
                self.meanings.count(document)
        return self.meanings.closeness(a, [b])

    def put(self, document: Document, story: StoryId) -> None:
        """Index a document as a member of a story."""
        self._documents[document.id] = document
        self._join(document, story)
        self._titles[document.title].append(document)
        if document.summary:
            self._summaries[document.summary].append(document)
        if not document.weights:  # read back from the store: nothing was compared with it
            self.rarity.norms(document)
        document.placed()
        if document.root is None:
            self.rarity.count(document)
            self.meanings.count(document)
            insort(self._times, document.at)
            for word in document.words | document.wide:
                self._postings[word].append(document.id)

    def move(self, document: Document, story: StoryId) -> None:
        """Put a document into another story."""
        self._leave(document)
        self._join(document, story)

    def between(self, earlier: float, later: float, most: int) -> int:
        """How many headlines that are no copies happened between two instants (`Document.at`), those included.

        At most so many: what is further back is not looked for, in a busy week nine of ten.
        """
        end = bisect_right(self._times, later)
        if end > most and self._times[end - most] >= earlier:
            return most
        return end - bisect_left(self._times, earlier, max(0, end - most), end)

    def same_text(self, document: Document) -> Iterator[Document]:
        """Documents with the very same title or summary terms, newest first."""
        yield from islice(reversed(self._titles.get(document.title, [])), CANDIDATES)
        if document.summary:
            yield from islice(reversed(self._summaries.get(document.summary, [])), CANDIDATES)

    def neighbours(self, document: Document) -> list[Document]:
        """The documents that share the most weight of rare words, within the span, at most CANDIDATES.

        As many again of other languages, by what survives translation.
        """
        return self.near(document, self._postings, CANDIDATES)

    def near(self, document: Document, postings: Postings, most: int) -> list[Document]:
        """`neighbours` among those that are posted there, at most so many."""
        near = self._sharing(document, document.words, RAREST, postings, most)
        if document.lang is None:
            return near
        wide = self._sharing(document, document.wide, RAREST_WIDE, postings, most)
        return near + [d for d in wide if d.lang is not None and d.lang != document.lang and d not in near]

    def _sharing(
        self, document: Document, features: frozenset[str], rarest: int, postings: Postings, most: int
    ) -> list[Document]:
        frequency = self.rarity.frequency
        held = [(frequency(word), word) for word in features if word in postings]  # a new word finds nothing
        held.sort()
        newest = [
            (self.rarity.weight(word), list(islice(reversed(postings[word]), POSTINGS))) for _, word in held[:rarest]
        ]
        near: list[Document] = []
        for key in _by_weight(newest):
            other = self._documents.get(key)
            if other is not None and abs(other.at - document.at) <= self._span_seconds:
                near.append(other)
                if len(near) == most:
                    break
        return near

    def _drop(self, key: HeadlineId) -> None:
        document = self._documents.pop(key, None)
        if document is None:
            return
        self._unread.pop(key, None)
        self._leave(document)
        _remove(self._titles, document.title, document)
        if document.summary:
            _remove(self._summaries, document.summary, document)
        if document.root is None:
            self.rarity.uncount(document)
            self.meanings.count(document, -1)
            del self._times[bisect_left(self._times, document.at)]
            for word in document.words | document.wide:
                _remove(self._postings, word, key)

    def _join(self, document: Document, story: StoryId) -> None:
        document.story = story
        self._stories.setdefault(story, {})[document.id] = document
        self._roots[story] += document.root is None

    def _leave(self, document: Document) -> None:
        self._roots[document.story] -= document.root is None
        members = self._stories.get(document.story, {})
        members.pop(document.id, None)
        if not members:
            self._stories.pop(document.story, None)
            self._roots.pop(document.story, None)


def _text(headline: Headline) -> Text:
    return headline.title, headline.summary, headline.lang


def _by_weight(found: Sequence[tuple[float, Sequence[HeadlineId]]]) -> Iterator[HeadlineId]:
    """Headlines by the sum of the weights that they were found with, the heaviest first, ties by id.

    Most were found with one word, and are as near as all others of that word: so few sums are made, and no more is
    sorted than is asked for. To add up and sort everything takes a fifth longer (10,000 headlines, 2026-11).
    """
    met: set[HeadlineId] = set()
    again: set[HeadlineId] = set()
    for _, keys in found:
        again |= met.intersection(keys)
        met.update(keys)
    sums = dict.fromkeys(again, 0.0)
    ties: dict[float, list[HeadlineId]] = defaultdict(list)
    for weight, keys in found:
        for key in again.intersection(keys):
            sums[key] += weight
        ties[weight] += set(keys) - again
    for key, weight in sums.items():
        ties[weight].append(key)
    for weight in sorted(ties, reverse=True):
        yield from sorted(ties[weight])


def _remove(index: dict[K, list[V]], at: K, value: V) -> None:
    """Take a value out of its list; those that leave the window stand first in it."""
    held = index.get(at, [])
    with suppress(ValueError):
        held.remove(value)
    if not held:
        index.pop(at, None)
