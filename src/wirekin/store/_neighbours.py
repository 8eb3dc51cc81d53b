"""Which headlines share a text's telling terms: postings added up by rarity, the best of them read.

the text's terms -> those that tell most -> the rows that hold each -> a sum of rarities a row -> the best rows, read.
What a text names in other words and other languages (`kin`) is looked for in the newest headlines alone.
Sums are made here and not by FTS5's bm25: that reads the length of every match, which costs 1.2 us each, three
times what adding up does (bench/store.py, 2026-11); headlines are all about as long.
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from wirekin.store._questions import match_of
from wirekin.store._rows import HEADLINE_WIDTH, Row

Read = Callable[[Sequence[int], bool], Iterable[Row]]

ASKED_TERMS: Final = 64  # of a question at most: with 32 a text of 2,000 words misses headlines that it names
POSTINGS: Final = 6_000  # headlines that the asked terms may hold together: 2 ms at 100,000 (bench/store.py, 2026-11)
PER_STORY: Final = 4  # candidates of one story: a story of 300 headlines must not crowd out all others
KIN_POSTINGS: Final = 300  # newest headlines looked at for each group of kin: 0.1 ms (bench/store.py, 2026-11)
KIN_GROUPS: Final = 8  # of a question: a long text names thirty concepts, the first of them are what it is about

_HOLDING = "select rowid from headline_terms where headline_terms match ? and rowid > ?"
_NEWEST_HOLDING = f"{_HOLDING} order by rowid desc limit {KIN_POSTINGS}"


def nearest(conn: sqlite3.Connection, weights: Mapping[str, float], *, above: int) -> list[int]:
    """Rows after `above` of headlines that hold the heaviest of these terms, of equals the newest first."""
    near: dict[int, float] = {}
    for term, weight in weights.items():
        for (row,) in conn.execute(_HOLDING, (match_of([term], "OR"), above)):
            near[row] = near.get(row, 0.0) + weight
    return _by_weight(near)


def kindred(conn: sqlite3.Connection, kin: Iterable[Sequence[str]], *, above: int) -> list[int]:
    """Rows of the newest headlines that hold a term of most of these groups, the rarer groups before."""
    (newest,) = conn.execute("select coalesce(max(n), 0) from headlines").fetchone()
    near: dict[int, float] = {}
    for group in islice(kin, KIN_GROUPS):
        rows = [row for (row,) in conn.execute(_NEWEST_HOLDING, (match_of(group, "OR"), above))]
        looked_at = newest - (rows[-1] if len(rows) == KIN_POSTINGS else above)
        for row in rows:
            near[row] = near.get(row, 0.0) + math.log(1 + looked_at / len(rows))
    return _by_weight(near)


def _by_weight(near: dict[int, float]) -> list[int]:
    rows = sorted(near, reverse=True)
    rows.sort(key=near.__getitem__, reverse=True)  # which keeps the newest of equals first
    return rows


def taken(rows: Sequence[int], limit: int, read: Read, turns: Counter[str]) -> list[Row]:
    """The first of these rows that are wanted, at most `limit`; those of a flood last.

    Args:
        rows: the nearest first.
        read: (headline, story or null, ..., whether in a flood) for each that is not too old, in their order;
            without those of a flood when told that there are enough of them.
        turns: story -> rows of it that were taken already; counted on.

    """
    found: list[Row] = []
    flooded: list[Row] = []
    start, at_once = 0, limit
    while start < len(rows):
        for row in read(rows[start : start + at_once], len(flooded) < limit):
            story, in_flood = row[HEADLINE_WIDTH] or row[0], row[-1]
            turns[story] += 1
            if turns[story] <= PER_STORY:
                (flooded if in_flood else found).append(row)
            if len(found) == limit:
                return found
        start, at_once = start + at_once, 2 * at_once  # most questions need one statement; a flood many rows
    return (found + flooded)[:limit]


def asked(uses: Counter[str], frequencies: dict[str, int], documents: int) -> dict[str, float]:
    """The terms that tell most of this text, the heaviest first, and what each weighs.

    As many as stay under POSTINGS together; the first whatever it costs. A term weighs by its rarity and, in a long
    text, by how often that says it: of 800 words the rarest are chance.
    """
    weights = {
        term: (1 + math.log(uses[term])) * math.log(1 + documents / frequency)
        for term, frequency in frequencies.items()
        if frequency
    }
    chosen: dict[str, float] = {}
    postings = 0
    for term in sorted(weights, key=lambda term: (-weights[term], term)):
        if len(chosen) == ASKED_TERMS:
            break
        if chosen and postings + frequencies[term] > POSTINGS:
            continue
        chosen[term] = weights[term]
        postings += frequencies[term]
    return chosen
