"""The open window: the headlines that a new one may belong with, findable by their rarer words.

Only roots are indexed: a copy says nothing that its root does not, and would make wire text look common.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from wirekin.model import Assignment, Headline, HeadlineId, Semantic, StoryId
from wirekin.stories._copies import stands_alone
from wirekin.stories._similarity import Document, Rarity, document_of
from wirekin.stories._vectors import Meanings, Text, Vector

__all__ = ["SPAN", "Window"]

K = TypeVar("K")

SPAN = timedelta(days=4)  # the longest story of the newsdesk dev sets lasts 30 hours; real ones may last more, 2026-11
RAREST = 6  # words of a headline that are looked up; with 8 newsdesk is 0.01 better and the demo 0.05 worse, 2026-11-25
RAREST_WIDE = 4  # concepts, names and figures that are looked up in other languages
POSTINGS = 60  # newest headlines a word that are looked at; 100 (and 8 words) are a quarter slower, 2026-11-25
CANDIDATES = 20  # headlines that are compared in full; 40 is no better and a third slower, 2026-11-25


class Window:
    """The headlines of the last days with their stories, in memory; grows by `assign` and by `add`."""

    def __init__(self, span: timedelta = SPAN, *, semantic: Semantic = False) -> None:
        self.span = span
        self.meanings = Meanings(semantic)
        self.rarity = Rarity()
        self._documents: dict[HeadlineId, Document] = {}
        self._stories: dict[StoryId, dict[HeadlineId, Document]] = {}
        self._postings: dict[str, dict[HeadlineId, Document]] = defaultdict(dict)
        self._unread: dict[
            HeadlineId, Text
        ] = {}  # what a restart brought back: the encoder would take minutes for all of it
        self._titles: dict[tuple[str, ...], dict[HeadlineId, Document]] = defaultdict(dict)
        self._summaries: dict[tuple[str, ...], dict[HeadlineId, Document]] = defaultdict(dict)
        self._times: list[datetime] = []  # of roots, sorted

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

    def roots(self, story: StoryId, lang: str | None) -> int:
        """How many of a story's headlines of one language in the window are no copies."""
        return sum(d.root is None and d.lang == lang for d in self._stories.get(story, {}).values())

    def vectors(self, headlines: Sequence[Headline]) -> list[Vector | None]:
        """The vectors of headlines, where the window is semantic and their languages have them."""
        return self.meanings.of([_text(headline) for headline in headlines])

    def meant(self, story: StoryId, most: int) -> list[Document]:
        """The newest members of a story that have a vector."""
        newest = reversed(self._stories.get(story, {}).values())
        found = list(islice((d for d in newest if d.vector is not None or d.id in self._unread), most))
        unread = [document for document in found if document.vector is None]
        vectors = self.meanings.of([self._unread.pop(document.id) for document in unread])
        for document, vector in zip(unread, vectors, strict=True):
            document.vector = vector
            if document.root is None:
                self.meanings.count(document)
        return found

    def put(self, document: Document, story: StoryId) -> None:
        """Index a document as a member of a story."""
        document.story = story
        self._documents[document.id] = document
        self._stories.setdefault(story, {})[document.id] = document
        self._titles[document.title][document.id] = document
        if document.summary:
            self._summaries[document.summary][document.id] = document
        if not document.weights:  # read back from the store: nothing was compared with it
            self.rarity.norms(document)
        document.placed()
        if document.root is None:
            self.rarity.count(document)
            self.meanings.count(document)
            insort(self._times, document.happened_at)
            for word in document.words | document.wide:
                self._postings[word][document.id] = document

    def move(self, document: Document, story: StoryId) -> None:
        """Put a document into another story."""
        self._leave(document)
        document.story = story
        self._stories.setdefault(story, {})[document.id] = document

    def between(self, a: datetime, b: datetime) -> int:
        """How many headlines that are no copies happened between two instants, those included."""
        earlier, later = (a, b) if a <= b else (b, a)
        return bisect_right(self._times, later) - bisect_left(self._times, earlier)

    def same_text(self, document: Document) -> Iterator[Document]:
        """Documents with the very same title or summary terms, newest first."""
        yield from islice(reversed(self._titles.get(document.title, {}).values()), CANDIDATES)
        if document.summary:
            yield from islice(reversed(self._summaries.get(document.summary, {}).values()), CANDIDATES)

    def neighbours(self, document: Document) -> list[Document]:
        """The documents that share the most weight of rare words, within the span, at most CANDIDATES."""
        near = self._sharing(document, document.words, RAREST)
        if document.lang is None:
            return near
        wide = self._sharing(document, document.wide, RAREST_WIDE)
        return near + [d for d in wide if d.lang is not None and d.lang != document.lang and d not in near]

    def _sharing(self, document: Document, features: frozenset[str], rarest: int) -> list[Document]:
        found: dict[HeadlineId, float] = {}
        get = found.get
        held = [word for word in features if word in self._postings]  # a word that is new to the window finds nothing
        for word in sorted(held, key=lambda word: (self.rarity.frequency(word), word))[:rarest]:
            weight = self.rarity.weight(word)
            for key in islice(reversed(self._postings[word]), POSTINGS):
                found[key] = get(key, 0.0) + weight
        best = sorted(found, key=lambda key: (-found[key], key))
        near = (self._documents[key] for key in best)
        return list(islice((d for d in near if abs(d.happened_at - document.happened_at) <= self.span), CANDIDATES))

    def _drop(self, key: HeadlineId) -> None:
        document = self._documents.pop(key, None)
        if document is None:
            return
        self._unread.pop(key, None)
        self._leave(document)
        _remove(self._titles, document.title, key)
        _remove(self._summaries, document.summary, key)
        if document.root is None:
            self.rarity.uncount(document)
            self.meanings.count(document, -1)
            del self._times[bisect_left(self._times, document.happened_at)]
            for word in document.words | document.wide:
                _remove(self._postings, word, key)

    def _leave(self, document: Document) -> None:
        members = self._stories.get(document.story, {})
        members.pop(document.id, None)
        if not members:
            self._stories.pop(document.story, None)


def _text(headline: Headline) -> Text:
    return headline.title, headline.summary, headline.lang


def _remove(index: dict[K, dict[HeadlineId, Document]], at: K, key: HeadlineId) -> None:
    held = index.get(at)
    if held is not None:
        held.pop(key, None)
        if not held:
            del index[at]
