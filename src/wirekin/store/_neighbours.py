"""Find the headlines that share a text's most telling terms: add up the postings by rarity, and read the best rows.

text's terms -> postings of each -> the most telling terms -> a sum of weights per row -> read the best rows.
The rarity of a term is counted among the headlines that may be answered. Counting in the whole store would read all
its postings: 9 ms for the commonest word of a million headlines (bench/store.py, 2026-11). Other words and languages
for the same things (`kin`) are searched only in the newest headlines.
The sums are made here, not by FTS5's bm25, because that reads the length of every match, at 1.2 us each: three times
what the addition takes (bench/store.py, 2026-11). Headlines are all about equally long anyway.
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import Final, NamedTuple

from wirekin.store._questions import match_of
from wirekin.store._rows import HEADLINE_WIDTH, Row

Read = Callable[[Sequence[str], bool], Iterable[Row]]

ASKED_TERMS: Final = 64  # per question; with 32 a text of 2,000 words misses headlines that it names
POSTINGS: Final = 1_000  # of all asked terms together: 0.25 ms (bench/store.py, 2026-11)
# The same for a small store, where most terms are common; also the most postings read of a single term, which may be
# too common by itself: a flood of 5,000 headlines must not hide those before it.
MOST_POSTINGS: Final = 6_000
SMALL: Final = 10_000  # rows
# Newest postings of a term that are read to count it: 0.15 ms. All of them would take 3 ms for the commonest term of a
# million headlines. A larger count is estimated, within about 5 in 100. 300 and 1,000 cost 0.1 ms more (2026-11-29).
SEEN: Final = 500
PER_STORY: Final = 4  # candidates per story: a story of 300 headlines must not crowd out all others
KIN_POSTINGS: Final = 300  # newest postings read per group of kin: 0.1 ms (bench/store.py, 2026-11)
KIN_GROUPS: Final = 8  # per question: a long text names thirty concepts, and the first ones are its subject

_KNOWN: Final = 20_000  # terms whose counts are cached, 5 MB; when full, the cache is cleared
_KEPT: Final = 300_000  # rows cached with them, 2 MB; beyond that only the counts are cached

# Whether any headline has a term that begins with a letter of this block of Unicode.
_WRITTEN = "select exists (select 1 from term_frequencies where term >= char(?) and term < char(?))"
# One concatenated value, because one row per posting takes three times as long.
_HOLDING = """
select group_concat(rowid) from (
    select rowid from headline_terms where headline_terms match ? and rowid > ? order by rowid desc limit ?)
"""


class Holding(NamedTuple):
    """The headlines of a span that have a term."""

    size: int  # their number, estimated beyond SEEN
    rows: str | None  # their row numbers, at most SEEN, newest first, joined by commas; None: not cached


class Span:
    """The rows that may be answered, those after `above`, with a cache of the lookups in them."""

    def __init__(self, above: int, newest: int) -> None:
        self.above, self._newest = above, newest
        self._known: dict[str, Holding] = {}
        self._kept = 0  # rows in _known
        self._scripts = {0: True}  # block of 256 code points, 0 for Latin -> whether any term begins with one of them

    @property
    def size(self) -> int:
        """The number of rows, including the few that were pruned among them."""
        return max(0, self._newest - self.above)

    def holding(self, conn: sqlite3.Connection, term: str) -> Holding:
        """Return the headlines that have this term; a count beyond SEEN is estimated from the newest ones' density."""
        known = self._known.get(term)
        if known is not None:
            return known
        rows = self.newest(conn, [term], SEEN)
        size = rows.count(",") + 1 if rows else 0
        if size == SEEN:
            size = size * self.size // self.back_to(rows)
        if len(self._known) == _KNOWN:
            self._known.clear()
            self._kept = 0
        keep = size < SEEN and self._kept + size <= _KEPT
        self._known[term] = Holding(size, rows if keep else None)
        self._kept += size * keep
        return Holding(size, rows)

    def written(self, conn: sqlite3.Connection, terms: Iterable[str]) -> list[str]:
        """Keep the terms whose script the store has at all: of a concept's 20 spellings English has four."""
        scripts, found = self._scripts, []
        for term in terms:
            block = ord(term[0]) >> 8
            if block not in scripts:
                (scripts[block],) = conn.execute(_WRITTEN, (block << 8, (block + 1) << 8)).fetchone()
            if scripts[block]:
                found.append(term)
        return found

    def back_to(self, rows: str) -> int:
        """Return the number of rows from the oldest of these, the last in the list, to the newest of the span."""
        return self._newest - int(rows.rpartition(",")[2]) + 1

    def newest(self, conn: sqlite3.Connection, terms: Iterable[str], most: int) -> str:
        """Return the newest rows that have any of these terms, at most `most`, newest first, joined by commas."""
        match = match_of(terms, "OR")
        return (conn.execute(_HOLDING, (match, self.above, most)).fetchone()[0] or "") if match else ""


def nearest(conn: sqlite3.Connection, uses: Mapping[str, int], span: Span) -> tuple[dict[str, float], dict[str, int]]:
    """Return row -> sum of weights for the most telling of these terms, and term -> number of headlines with it.

    `uses` maps each term to its number of occurrences in the text.
    """
    holdings = {term: span.holding(conn, term) for term in uses}
    sizes = {term: holding.size for term, holding in holdings.items()}
    most = POSTINGS if span.size > SMALL else MOST_POSTINGS
    near: dict[str, float] = {}  # rows as strings: converting them to int takes as long as adding them up
    for term, weight in asked(uses, sizes, span.size, most).items():
        size, rows = holdings[term]
        if rows is None or size >= SEEN:
            rows = span.newest(conn, [term], MOST_POSTINGS)
        held = dict.fromkeys(rows.split(","), weight)
        for row in near.keys() & held.keys():
            held[row] += near[row]
        near.update(held)
    return near, sizes


def kindred(conn: sqlite3.Connection, kin: Iterable[Sequence[str]], span: Span) -> dict[str, float]:
    """Return row -> sum of weights for the newest headlines with a term of these groups; rare groups weigh more."""
    near: dict[str, float] = {}
    for group in islice(kin, KIN_GROUPS):
        told = span.newest(conn, span.written(conn, group), KIN_POSTINGS)
        rows = told.split(",") if told else []
        looked_at = span.back_to(told) if len(rows) == KIN_POSTINGS else span.size
        for row in rows:
            near[row] = near.get(row, 0.0) + math.log(1 + looked_at / len(rows))
    return near


def by_weight(near: Mapping[str, float]) -> Iterator[str]:
    """Yield the rows by weight, the heaviest first, and newest first among equals; lazily, because few are needed."""
    for _, equals in groupby(sorted(near, key=near.__getitem__, reverse=True), key=near.__getitem__):
        yield from sorted(equals, key=int, reverse=True)


def taken(rows: Iterator[str], limit: int, read: Read, turns: Counter[str]) -> list[Row]:
    """Return the first `limit` of these rows, at most PER_STORY of a story; those of a flood come last.

    Args:
        rows: row numbers, the nearest first.
        limit: the most rows to return.
        read: returns (headline, story or null, ..., whether in a flood, terms, place) for each row that is not too old,
            in order; if its second argument is false, without those of a flood, of which there are enough.
        turns: story -> number of its rows that were taken; updated here.

    """
    found: list[Row] = []
    flooded: list[Row] = []
    at_once = limit
    while some := list(islice(rows, at_once)):
        for row in read(some, len(flooded) < limit):
            story, in_flood = row[HEADLINE_WIDTH] or row[0], row[-3]
            turns[story] += 1
            if turns[story] <= PER_STORY:
                (flooded if in_flood else found).append(row)
            if len(found) == limit:
                return found
        at_once *= 2  # one statement is mostly enough; in a flood many rows are needed
    return (found + flooded)[:limit]


def asked(uses: Mapping[str, int], sizes: Mapping[str, int], documents: int, most: int) -> dict[str, float]:
    """Return the most telling terms of a text and their weights, the heaviest first, equals in the text's order.

    Together they have at most `most` postings; the first term is always included. The weight grows with a term's rarity
    and with its number of occurrences, because in a text of 800 words the rarest ones are there by chance.
    """
    weights = {
        term: (1 + math.log(often)) * math.log(1 + documents / sizes[term])
        for term, often in uses.items()
        if sizes[term]
    }
    chosen: dict[str, float] = {}
    postings = 0
    for term in sorted(weights, key=weights.__getitem__, reverse=True):
        if len(chosen) == ASKED_TERMS:
            break
        if chosen and postings + sizes[term] > most:
            continue
        chosen[term] = weights[term]
        postings += sizes[term]
    return chosen
