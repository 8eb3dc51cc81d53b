"""Which headlines share a text's telling terms: postings added up by rarity, the best of them read.

the text's terms -> those that tell most -> the rows that hold each -> a sum of rarities a row -> the best rows.
Sums are made here and not by FTS5's bm25: that reads the length of every match, which costs 1.2 us each, three
times what adding up does (bench/store.py, 2026-11); headlines are all about as long.
"""

from __future__ import annotations

import json
import math
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from wirekin.store._questions import match_of
from wirekin.store._rows import Row

ASKED_TERMS: Final = 64  # of a question at most: with 32 a text of 2,000 words misses headlines that it names
POSTINGS: Final = 6_000  # headlines that the asked terms may hold together: 2 ms at 100,000 (bench/store.py, 2026-11)
PER_STORY: Final = 6  # candidates of one story: a story of 300 headlines must not crowd out all others
AT_ONCE: Final = 2  # times the rows wanted, looked at in one statement: some are too old, or one too many of a story

_HOLDING = "select rowid from headline_terms where headline_terms match ? and rowid > ?"
_PLACES = """
select h.n, coalesce(h.story_id, h.id), coalesce(st.score < st.newest_at, 0)
from json_each(?) as b join headlines as h on h.n = b.value left join stories as st on st.id = h.story_id
where h.happened_at >= ?
"""


def nearest(
    conn: sqlite3.Connection,
    terms: Sequence[str],
    frequencies: dict[str, int],
    documents: int,
    *,
    above: int,
    since: int,
    limit: int,
) -> list[int]:
    """Rows of headlines that share most of the rarity of `terms`, the nearest first; those of a flood last.

    Args:
        terms: what `asked` chose.
        frequencies: term -> headlines that hold it, of `documents`.
        above: only rows after this one.
        since: only what happened then or later, in microseconds.

    """
    near: dict[int, float] = {}
    for term in terms:
        rarity = math.log(1 + documents / frequencies[term])
        for (row,) in conn.execute(_HOLDING, (match_of([term], "OR"), above)):
            near[row] = near.get(row, 0.0) + rarity
    best = sorted(near, key=lambda row: (-near[row], -row))  # of equals the newest
    found: list[int] = []
    flooded: list[int] = []
    turns: Counter[str] = Counter()
    for row, story, in_flood in _placed(conn, best, since, at_once=limit * AT_ONCE):
        turns[story] += 1
        if turns[story] <= PER_STORY:
            (flooded if in_flood else found).append(row)
        if len(found) == limit:
            break
    return (found + flooded)[:limit]


def _placed(conn: sqlite3.Connection, rows: Sequence[int], since: int, *, at_once: int) -> Iterator[Row]:
    """(row, story, whether in a flood) of those that happened since, in the order given; read as they are taken."""
    for start in range(0, len(rows), at_once):
        some = rows[start : start + at_once]
        places = {row[0]: row for row in conn.execute(_PLACES, (json.dumps(some), since))}
        yield from (places[row] for row in some if row in places)


def asked(uses: Counter[str], frequencies: dict[str, int], documents: int) -> list[str]:
    """The terms that tell most of this text, as many as stay under POSTINGS together; the first whatever it costs.

    Told by rarity and, in a long text, by how often it says them: of 800 words the rarest are chance.
    """
    known = [term for term, frequency in frequencies.items() if frequency]

    def weight(term: str) -> float:
        return (1 + math.log(uses[term])) * math.log(1 + documents / frequencies[term])

    chosen: list[str] = []
    postings = 0
    for term in sorted(known, key=lambda term: (-weight(term), term)):
        if len(chosen) == ASKED_TERMS:
            break
        if chosen and postings + frequencies[term] > POSTINGS:
            continue
        chosen.append(term)
        postings += frequencies[term]
    return chosen
