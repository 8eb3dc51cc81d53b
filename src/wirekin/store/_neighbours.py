"""Which headlines share a text's telling terms: postings added up by rarity, the best of them read.

the text's terms -> the rows that hold each -> the terms that tell most -> a sum of rarities a row -> the best, read.
How rare a term is counts among the headlines that may be answered: counting it in the whole store reads all that it
ever stood in, 9 ms for the commonest word of a million (bench/store.py, 2026-11). What a text names in other words and
other languages (`kin`) is looked for in the newest headlines alone.
Sums are made here and not by FTS5's bm25: that reads the length of every match, which costs 1.2 us each, three
times what adding up does (bench/store.py, 2026-11); headlines are all about as long.
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

ASKED_TERMS: Final = 64  # of a question at most: with 32 a text of 2,000 words misses headlines that it names
POSTINGS: Final = 1_000  # headlines that the asked terms may hold together: 0.25 ms (bench/store.py, 2026-11)
# In a small store, where most terms are common; and of the heaviest alone, where even that is too common: a flood of
# 5,000 headlines must not hide what came before it.
MOST_POSTINGS: Final = 6_000
SMALL: Final = 10_000  # rows
# Newest headlines looked at to see how many hold a term, 0.15 ms: of a million all would take 3 ms for the commonest.
# A number beyond is estimated, within some 5 in 100. 300 and 1,000 cost 0.1 ms more, 2026-11-29.
SEEN: Final = 500
PER_STORY: Final = 4  # candidates of one story: a story of 300 headlines must not crowd out all others
KIN_POSTINGS: Final = 300  # newest headlines looked at for each group of kin: 0.1 ms (bench/store.py, 2026-11)
KIN_GROUPS: Final = 8  # of a question: a long text names thirty concepts, the first of them are what it is about

_KNOWN: Final = 20_000  # terms of which it is remembered what holds them: 5 MB, and then all is forgotten
_KEPT: Final = 300_000  # rows remembered with them: 2 MB, and then only how many there are

# Whether any headline has a word that begins with a letter of this part of Unicode.
_WRITTEN = "select exists (select 1 from term_frequencies where term >= char(?) and term < char(?))"
# One value for all, because a row for each takes three times as long.
_HOLDING = """
select group_concat(rowid) from (
    select rowid from headline_terms where headline_terms match ? and rowid > ? order by rowid desc limit ?)
"""


class Holding(NamedTuple):
    """The headlines of a span that hold a term."""

    size: int
    rows: str | None  # all of them, or SEEN, the newest first, between commas; None: not kept


class Span:
    """The rows that may be answered, those after `above`, and what was looked up in them."""

    def __init__(self, above: int, newest: int) -> None:
        self.above, self._newest = above, newest
        self._known: dict[str, Holding] = {}
        self._kept = 0  # rows of these
        self._scripts = {0: True}  # 256 letters of Unicode, the Latin first -> whether any word begins with one of them

    @property
    def size(self) -> int:
        """How many rows there are, but for the few that were pruned among them."""
        return max(0, self._newest - self.above)

    def holding(self, conn: sqlite3.Connection, term: str) -> Holding:
        """What holds this term; beyond SEEN as many more as there would be where they come as densely."""
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
        """Those of these terms whose script the store has at all: of a concept's 20 spellings English has four."""
        scripts, found = self._scripts, []
        for term in terms:
            block = ord(term[0]) >> 8
            if block not in scripts:
                (scripts[block],) = conn.execute(_WRITTEN, (block << 8, (block + 1) << 8)).fetchone()
            if scripts[block]:
                found.append(term)
        return found

    def back_to(self, rows: str) -> int:
        """How many rows there are from the last of these on: as many as `size` at most."""
        return self._newest - int(rows.rpartition(",")[2]) + 1

    def newest(self, conn: sqlite3.Connection, terms: Iterable[str], most: int) -> str:
        """The newest rows that hold any of these terms, at most so many, the newest first, between commas."""
        match = match_of(terms, "OR")
        return (conn.execute(_HOLDING, (match, self.above, most)).fetchone()[0] or "") if match else ""


def nearest(conn: sqlite3.Connection, uses: Mapping[str, int], span: Span) -> tuple[dict[str, float], dict[str, int]]:
    """Rows of headlines that hold the most telling of these terms, and how much they hold; how many hold each term.

    `uses` says how often the text has each term.
    """
    holdings = {term: span.holding(conn, term) for term in uses}
    sizes = {term: holding.size for term, holding in holdings.items()}
    most = POSTINGS if span.size > SMALL else MOST_POSTINGS
    near: dict[str, float] = {}  # rows as they came: to make numbers of them takes as long as to add them up
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
    """Rows of the newest headlines that hold a term of these groups, and how much they hold, by how rare a group is."""
    near: dict[str, float] = {}
    for group in islice(kin, KIN_GROUPS):
        told = span.newest(conn, span.written(conn, group), KIN_POSTINGS)
        rows = told.split(",") if told else []
        looked_at = span.back_to(told) if len(rows) == KIN_POSTINGS else span.size
        for row in rows:
            near[row] = near.get(row, 0.0) + math.log(1 + looked_at / len(rows))
    return near


def by_weight(near: Mapping[str, float]) -> Iterator[str]:
    """The rows that hold most first, of equals the newest; few of them are ever asked for."""
    for _, equals in groupby(sorted(near, key=near.__getitem__, reverse=True), key=near.__getitem__):
        yield from sorted(equals, key=int, reverse=True)


def taken(rows: Iterator[str], limit: int, read: Read, turns: Counter[str]) -> list[Row]:
    """The first of these rows that are wanted, at most `limit`; those of a flood last.

    Args:
        rows: the nearest first.
        read: (headline, story or null, ..., whether in a flood, terms, place) for each that is not too old, in their
            order; without those of a flood when told that there are enough of them.
        turns: story -> rows of it that were taken already; counted on.

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
        at_once *= 2  # most questions need one statement; a flood many rows
    return (found + flooded)[:limit]


def asked(uses: Mapping[str, int], sizes: Mapping[str, int], documents: int, most: int) -> dict[str, float]:
    """The terms that tell most of this text, the heaviest first, of equals what it says first; and what each weighs.

    As many as `most` headlines hold together; the first whatever it costs. A term weighs by its rarity and, in a long
    text, by how often that says it: of 800 words the rarest are chance.
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
