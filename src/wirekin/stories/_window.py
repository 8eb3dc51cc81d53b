"""The open window: the headlines of the last days, in their stories, where a new one finds those it may belong with.

`put` takes a document in: stories, same titles and summaries, and if it is a root, rarity (`Rarity`), vectors
(`Meanings`), times and postings (`Postings`). Only roots are counted and posted: a copy says nothing that its root does
not, and would make wire text look common.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count, islice

from wirekin.model import Assignment, Headline, HeadlineId, Semantic, StoryId
from wirekin.stories._copies import stands_alone
from wirekin.stories._postings import Postings, remove
from wirekin.stories._similarity import Document, Rarity, document_of
from wirekin.stories._vectors import Meanings, Text, Vector

SPAN = timedelta(days=4)  # the longest story of the newsdesk dev sets lasts 30 hours; real ones may last more, 2026-11
# Headlines that a new one is compared with, besides those of other languages (`_postings.ABROAD`): with 10 the joins
# alone have a mean F1 of .913 over 27 sets, with 8 .914 (uci .858 and .855), for a thirteenth less time, 2026-11-29.
CANDIDATES = 8
CANDIDATES_BATCH = 20  # the same in a regrouping, which has more time; uci is .007 better than with 12, 2026-11-29


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
        self._postings = Postings()
        self._places = count()
        self._unread: dict[HeadlineId, Text] = {}  # restored by `add`, not yet encoded
        self._titles: dict[tuple[str, ...], list[Document]] = defaultdict(list)
        self._summaries: dict[tuple[str, ...], list[Document]] = defaultdict(list)
        self._times = array("d")  # of roots, in seconds since 1970, sorted

    def __len__(self) -> int:
        return len(self._documents)

    def __contains__(self, key: object) -> bool:
        return key in self._documents

    def add(self, headline: Headline, assignment: Assignment) -> None:
        """Add a headline that is assigned already (after a restart, or by another process)."""
        self._drop(headline.id)
        document = document_of(headline, alone=stands_alone(headline.title))
        if self.meanings.semantic == "multilingual":
            self._unread[headline.id] = _text(headline)
        else:
            (document.vector,) = self.vectors([headline])
        document.root, document.score = assignment.copy_of, assignment.score
        self.rarity.norms(document)
        self.put(document, assignment.story_id)

    def __iter__(self) -> Iterator[Document]:
        return iter(self._documents.values())

    def forget(self, before: datetime) -> int:
        """Drop the headlines that happened before an instant; return how many."""
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
        """A sort key for the age of stories: those whose opener has left the window are the oldest."""
        first = min(self._stories[story].values(), key=lambda document: document.order)
        return StoryId(first.id) == story, first.happened_at

    def roots(self, story: StoryId) -> int:
        """The number of a story's headlines in the window that are no copies."""
        return self._roots[story]

    def vectors(self, headlines: Sequence[Headline]) -> list[Vector | None]:
        """The vectors of headlines; None where the window is not semantic or the language has none."""
        return self.meanings.of([_text(headline) for headline in headlines])

    def closeness(self, a: Document, b: Document) -> float | None:
        """The closeness of two headlines' vectors; None if one has none."""
        self.read(a, b)
        return self.meanings.closeness(a, b)

    def read(self, *documents: Document) -> None:
        """Encode the documents that `add` left without a vector."""
        unread = [document for document in documents if document.id in self._unread]
        vectors = self.meanings.of([self._unread.pop(document.id) for document in unread]) if unread else []
        for document, vector in zip(unread, vectors, strict=True):
            document.vector = vector
            if document.root is None:
                self.meanings.count(document)

    def put(self, document: Document, story: StoryId) -> None:
        """Index a document as a member of a story; it must have its norms before another is compared with it."""
        self._documents[document.id] = document
        self._join(document, story)
        self._titles[document.title].append(document)
        if document.summary:
            self._summaries[document.summary].append(document)
        if document.root is None:
            self.rarity.count(document)
            self.meanings.count(document)
            insort(self._times, document.at)
            document.place = next(self._places)
            self._postings.add(document, document.place, document.words, document.wide)
        document.placed()

    def move(self, document: Document, story: StoryId) -> None:
        """Put a document into another story."""
        self._leave(document)
        self._join(document, story)

    def repeats(self, document: Document, root: Document) -> None:
        """Make a document that is in the window a copy of another: no longer counted, nor found by its words."""
        self._leave(document)
        self._forget_words(document)
        document.root, document.score = root.id, 1.0
        self._join(document, root.story)

    def between(self, earlier: float, later: float, most: int) -> int:
        """Count the roots that happened between two instants (`Document.at`), both included, up to `most`.

        The roots before those are not searched: in a busy week that is nine in ten.
        """
        times = self._times
        end = len(times) if times and later >= times[-1] else bisect_right(times, later)
        if end > most and times[end - most] >= earlier:
            return most
        return end - bisect_left(times, earlier, max(0, end - most), end)

    def busy_since(self, later: float, most: int) -> float:
        """The instant since which `most` roots happened, up to `later`; -inf if fewer did."""
        times = self._times
        end = len(times) if times and later >= times[-1] else bisect_right(times, later)
        return times[end - most] if end >= most else -math.inf

    def same_text(self, document: Document) -> Iterator[Document]:
        """Documents with the very same title or summary terms, newest first."""
        yield from islice(reversed(self._titles.get(document.title, [])), CANDIDATES)
        if document.summary:
            yield from islice(reversed(self._summaries.get(document.summary, [])), CANDIDATES)

    def neighbours(self, document: Document) -> list[Document]:
        """The documents within the span that share the most weight of rare words, at most CANDIDATES.

        Some of other languages follow, by what survives translation.
        """
        return self.near(document, self._postings, CANDIDATES)

    def near(self, document: Document, postings: Postings, most: int) -> list[Document]:
        """`neighbours` among the headlines in `postings`, at most `most`."""
        return postings.near(document, self._span_seconds, most)

    def _drop(self, key: HeadlineId) -> None:
        document = self._documents.pop(key, None)
        if document is None:
            return
        self._unread.pop(key, None)
        self._leave(document)
        remove(self._titles, document.title, document)
        if document.summary:
            remove(self._summaries, document.summary, document)
        if document.root is None:
            self._forget_words(document)

    def _forget_words(self, document: Document) -> None:
        self.rarity.uncount(document)
        self.meanings.count(document, -1)
        del self._times[bisect_left(self._times, document.at)]
        self._postings.remove(document, document.place)

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
