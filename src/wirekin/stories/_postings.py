"""The inverted index of the window, in which a new headline finds those that it may belong with.

Words are looked up among all headlines, what survives translation (`Document.wide`) among those of other languages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from typing import TypeVar

from wirekin.stories._similarity import Document

K = TypeVar("K")
V = TypeVar("V")
RAREST = 6  # words of a headline that are looked up; with 8 newsdesk is 0.01 better and the demo 0.05 worse, 2026-11-25
RAREST_WIDE = 4  # concepts, names and figures that are looked up in other languages
POSTINGS = 40  # newest headlines of a word that are considered; with 60 every labelled set groups the same, 2026-11-29
ABROAD = 4  # divides the number of candidates for other languages; from 2 to 4 the mean F1 is within .001, 2026-11-29

Index = defaultdict[str, list[int]]  # feature -> places of the headlines that hold it, the newest last
Found = Sequence[tuple[float, Sequence[int]]]  # weight of a feature, and its headlines' places; the heaviest first


class Postings:
    """The newest headlines of each word, and of each concept, name and figure in each language.

    The place of a headline is a number that grows with each arrival. Places are posted instead of documents, because
    hundreds are scanned to find ten, and reading a document is a cache miss.
    """

    __slots__ = ("_at", "_wide", "_words")

    def __init__(self) -> None:
        self._at: dict[int, Document] = {}
        self._words: Index = defaultdict(list)  # lists, since most hold one headline and a dict of one is 232 bytes
        self._wide: dict[str, Index] = {}

    def add(self, document: Document, place: int, words: Iterable[str], wide: Iterable[str]) -> None:
        """Post a headline under `words`, and in its language under `wide`, what survives translation."""
        self._at[place] = document
        _post(self._words, place, words)
        if document.lang is not None:
            _post(self._wide.setdefault(document.lang, defaultdict(list)), place, wide)

    def remove(self, document: Document, place: int) -> None:
        """Take a headline out."""
        del self._at[place]
        for word in document.words:
            remove(self._words, word, place)
        wide: dict[str, list[int]] = self._wide.get(document.lang or "") or {}
        for feature in document.wide:
            remove(wide, feature, place)

    def clear(self) -> None:
        """Forget all."""
        self._at.clear()
        self._words.clear()
        self._wide.clear()

    def near(self, document: Document, span: float, most: int) -> list[Document]:
        """Find the headlines within `span` seconds that share the most weight of rare words, at most `most`.

        After them come up to `most // ABROAD` of other languages, by what survives translation.
        `document` must have its weights (`Rarity.norms`).
        """
        weights, words = document.weights, self._words
        rarest = _rarest(document.words, weights, words, RAREST)
        near = self._first(document, [(weights[word], words[word][-POSTINGS:]) for word in rarest], span, most)
        abroad = [index for lang, index in self._wide.items() if lang != document.lang]
        if document.lang is None or not abroad:
            return near
        held: set[str] = set()
        for index in abroad:
            held.update(filter(index.__contains__, document.wide))
        wide = _rarest(held, weights, held, RAREST_WIDE)
        found = [(weights[feature], _newest(feature, abroad)) for feature in wide]
        return near + [other for other in self._first(document, found, span, most // ABROAD) if other not in near]

    def _first(self, document: Document, found: Found, span: float, most: int) -> list[Document]:
        near: list[Document] = []
        earliest, latest = document.at - span, document.at + span
        for other in map(self._at.__getitem__, heaviest(found)):
            if earliest <= other.at <= latest:
                near.append(other)
                if len(near) == most:
                    break
        return near


def _post(index: Index, place: int, features: Iterable[str]) -> None:
    for feature in features:
        held = index[feature]
        held.append(place)
        if len(held) > 2 * POSTINGS:  # only the newest are ever looked at
            del held[:POSTINGS]


def _rarest(features: Iterable[str], weights: Mapping[str, float], held: Container[str], most: int) -> list[str]:
    """The `most` heaviest of the features that are in `held`, the heaviest first, ties by name.

    Each look-up is a cache miss, so it starts with the heaviest and stops early: at 7 of the 13 words of a headline.
    """
    found: list[str] = []
    weight = weights.__getitem__
    for feature in sorted(features, key=weight, reverse=True):
        if len(found) >= most and weight(feature) < weight(found[most - 1]):
            break
        if feature in held:
            found.append(feature)
    return sorted(sorted(found), key=weight, reverse=True)[:most]


def _newest(feature: str, indexes: Sequence[Index]) -> Sequence[int]:
    held = [index[feature][-POSTINGS:] for index in indexes if feature in index]
    return held[0] if len(held) == 1 else sorted(chain.from_iterable(held))[-POSTINGS:]


def heaviest(found: Found) -> Iterator[int]:
    """Yield places by the sum of the weights that they were found with, the heaviest first, ties by the newest.

    Most places were found with one word only, and tie with all others of that word. So only the rest are summed and
    sorted; to sum and sort everything takes a fifth longer (10,000 headlines, 2026-11).
    """
    met: set[int] = set()
    again: set[int] = set()
    for _, held in found:
        again.update(met.intersection(held))
        met.update(held)
    sums = dict.fromkeys(sorted(again), 0.0)
    for weight, held in found:
        for place in again.intersection(held):
            sums[place] += weight
    summed = sorted(sums, key=sums.__getitem__)
    for weight, held in found:
        while summed and sums[summed[-1]] >= weight:
            yield summed.pop()
        yield from (place for place in reversed(held) if place not in again)


def remove(index: dict[K, list[V]], at: K, value: V) -> None:
    """Remove a value from the list at a key; those that leave the window are near its front."""
    held = index.get(at, [])
    with suppress(ValueError):
        held.remove(value)
    if not held:
        index.pop(at, None)
