"""Save the stories of headlines, inside an open transaction, and update counts, leads and aliases.

save: write the headlines' stories -> recount the touched stories in SQL -> an emptied story becomes an alias.
A feed that floods leads with one story at most: the others that it alone reports are set back (requirement C11).
Counts are never incremented, so they cannot drift from the rows.
"""

from __future__ import annotations

import json
import math
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from wirekin.model import Assignment
from wirekin.store._rows import ROW_OF_ID

# Twice as many independent publishers raise a story as much as being this much younger: by eye, 2026-11.
DOUBLING: Final = timedelta(hours=8)
FADING: Final = timedelta(hours=24)  # a voice that spoke so long before the newest counts half: by eye, 2026-11
COPIER: Final = 0.25  # weight of a publisher that only copied, in voices, for the order of stories: by eye, 2026-11
TOPIC_SHARE: Final = 4  # a topic of one headline in so many is the story's; fewer only mention it: by eye, 2026-11

FLOOD: Final = 250  # headlines of one feed within DOUBLING; the busiest wire known brings 200 (600 a day, 2026-11)
SET_BACK: Final = timedelta(days=3)  # added to the age of a flood's stories in their rank, except for the first

_MICROSECOND: Final = timedelta(microseconds=1)

_COUNT = """
update stories set
    (headlines, publishers, independent, opened_at, last_at, newest_at) = (
        select count(*), count(distinct publisher_name),
            count(distinct case when copy_of is null then coalesce(nullif(voice, ''), publisher_name) end),
            coalesce(min(happened_at), 0), coalesce(max(first_seen_at), 0), coalesce(max(happened_at), 0)
        from headlines where story_id = stories.id),
    -- the text that most publishers took over stands for the story, else the earliest of its own
    lead_n = (
        select h.n from headlines as h where h.story_id = stories.id
        order by (select count(distinct c.publisher_name) from headlines as c where c.copy_of = h.id) desc,
            h.copy_of is not null, h.happened_at, h.n
        limit 1),
    topics = (
        select json_group_array(topic) from (
            select t.topic from headlines as h join headline_topics as t on t.headline_n = h.n
            where h.story_id = stories.id group by t.topic
            having count(*) * :share >= (select count(*) from headlines where story_id = stories.id)
            order by count(*) desc, t.topic)),
    langs = (
        select json_group_array(lang) from (
            select lang from headlines where story_id = stories.id and lang is not null
            group by lang order by count(*) desc, lang))
where id in (select value from json_each(:ids))
"""

_TOPICS = """
insert into story_topics (topic, story_id)
select t.value, s.id from stories as s, json_each(s.topics) as t where s.id in (select value from json_each(?))
"""

# When each voice of a story first published its own text, and how many publishers only copied.
_SPOKE = """
select s.id, s.newest_at, max(s.publishers - s.independent, 0), json_group_array(v.first_at)
from stories as s left join (
    select story_id, min(happened_at) as first_at from headlines
    where story_id in (select value from json_each(?1)) and copy_of is null
    group by story_id, coalesce(nullif(voice, ''), publisher_name)) as v on v.story_id = s.id
where s.id in (select value from json_each(?1))
group by s.id
"""

# The newest headline: the result of `_FLOODS` can change only when this changes.
_NEWEST = "select (select max(n) from headlines), (select max(first_seen_at) from headlines)"

# The feeds that flood now, with the first headline of each flood; in a quiet hour this reads a few thousand rows.
_FLOODS = """
select feed_n, min(n) from headlines indexed by headlines_seen
where first_seen_at > (select max(first_seen_at) from headlines) - :span and feed_n is not null
group by feed_n having count(*) > :flood
"""

# Those of these stories that a single feed reports, with that feed and their first headline.
_ALONE = """
select story_id, min(feed_n), min(n) from headlines where story_id in (select value from json_each(?))
group by story_id having count(feed_n) = count(*) and min(feed_n) = max(feed_n)
"""

_STILL_AHEAD = """
select distinct s.id from headlines as h join stories as s on s.id = h.story_id
where h.feed_n = ? and h.n > ? and s.score = s.newest_at
"""

_OPENERS_STORY = f"select story_id from headlines where n = {ROW_OF_ID}"


class Floods(NamedTuple):
    """Feeds that brought more than FLOOD headlines within DOUBLING, as of some newest headline."""

    newest: tuple[int | None, int | None]
    began: dict[int, int]  # feed_n -> n of the first of those headlines


def save(
    conn: sqlite3.Connection, assignments: Sequence[Assignment], sequence: int, before: Floods | None = None
) -> Floods:
    """Write the headlines' stories, skipping headlines that were pruned in the meantime.

    Returns the floods, to be passed as `before` to the next call. Until a new headline comes, neither the floods nor
    the stories that were saved before a flood was known are searched again. When 10,618 headlines of 400 real feeds
    were grouped in 460 slices, these two searches took 3.5 s of the 8.4 s of CPU (by a script, 2026-11-30).
    """
    ids = json.dumps([each.headline_id for each in assignments])
    stood = dict(
        conn.execute("select id, story_id from headlines where id in (select value from json_each(?))", (ids,))
    )
    kept = [each for each in assignments if each.headline_id in stood]
    stories = {each.story_id for each in kept}
    conn.executemany("insert into stories (id) values (?) on conflict do nothing", [(key,) for key in stories])
    conn.executemany("delete from story_aliases where alias = ?", [(key,) for key in stories])  # it lives again
    conn.executemany(
        "update headlines set story_id = ?, copy_of = (select id from headlines where id = ?), join_score = ?, "
        "sequence = ? where id = ?",  # copy_of is looked up: the grouper may still know a pruned headline
        [(each.story_id, each.copy_of, each.score, sequence, each.headline_id) for each in kept],
    )
    floods = _floods(conn, before)
    ahead = set() if floods is before else _still_ahead(conn, floods.began)
    recount(conn, stories | {key for key in stood.values() if key} | ahead, floods)
    moves = Counter((stood[each.headline_id], each.story_id) for each in kept)
    took = {old: new for (old, new), _ in reversed(moves.most_common()) if old}
    # A story's opener names its heir only if it left with the last of them: one that was grouped elsewhere long ago
    # says nothing of where a merge took the rest.
    took |= {each.headline_id: each.story_id for each in kept if stood[each.headline_id] == each.headline_id}
    retire_empty(conn, took)
    return floods


def recount(conn: sqlite3.Connection, stories: Iterable[str], floods: Floods | None = None) -> None:
    """Recount these stories from their headlines; pass `floods` if they are known already."""
    ids = json.dumps(sorted(stories))
    if ids == "[]":
        return
    conn.execute(_COUNT, {"ids": ids, "share": TOPIC_SHARE})
    conn.execute("delete from story_topics where story_id in (select value from json_each(?))", (ids,))
    conn.execute(_TOPICS, (ids,))
    late = _set_back(conn, ids, (floods or _floods(conn)).began)
    conn.executemany(
        "update stories set score = ?, independent = max(independent, 1) where id = ?",
        [
            (_score(newest, json.loads(spoke), copiers) - (SET_BACK // _MICROSECOND if key in late else 0), key)
            for key, newest, copiers, spoke in conn.execute(_SPOKE, (ids,)).fetchall()
        ],
    )


def _floods(conn: sqlite3.Connection, before: Floods | None = None) -> Floods:
    """Return the current floods; `before` itself if no headline has come since."""
    newest = conn.execute(_NEWEST).fetchone()
    if before is not None and before.newest == newest:
        return before
    return Floods(newest, dict(conn.execute(_FLOODS, {"span": DOUBLING // _MICROSECOND, "flood": FLOOD})))


def _still_ahead(conn: sqlite3.Connection, floods: Mapping[int, int]) -> set[str]:
    """Return the stories of floods that were saved before the flood was known, and so are not set back yet."""
    return {key for flood in floods.items() for (key,) in conn.execute(_STILL_AHEAD, flood)}


def _set_back(conn: sqlite3.Connection, ids: str, floods: Mapping[int, int]) -> set[str]:
    """Return those of these stories that only a flood reports, except the story that it began with."""
    alone = conn.execute(_ALONE, (ids,)) if floods else ()
    return {key for key, feed_n, first in alone if feed_n in floods and first != floods[feed_n]}


def _score(newest_at: int, spoke_at: Sequence[int | None], copiers: int) -> int:
    """Return a story's rank in microseconds: its newest headline's instant, plus DOUBLING for each doubling of voices.

    Voices fade with their age relative to the newest headline, so that ten within an hour rank above ten within four
    days. A further headline never lowers the rank: a halving of the voices costs DOUBLING, but takes FADING, which is
    longer. The rank does not depend on `now`, so a stored order stays right. happened_at is never after first_seen_at,
    so a forged date cannot lead (requirement C10).
    """
    fading = FADING // _MICROSECOND
    voices = sum(0.5 ** ((newest_at - at) / fading) for at in spoke_at if at is not None)
    return newest_at + round(math.log2(max(1.0, voices + COPIER * copiers)) * (DOUBLING / _MICROSECOND))


def retire_empty(conn: sqlite3.Connection, took: dict[str, str]) -> None:
    """Turn each story of `took` without headlines into an alias of its heir.

    Args:
        conn: the connection, inside a transaction.
        took: story id -> the story that took the last of its headlines; "" for the one that has its opener now.

    """
    for key, taker in took.items():
        (headlines,) = conn.execute("select coalesce(sum(headlines), 0) from stories where id = ?", (key,)).fetchone()
        if headlines:
            continue
        opener = conn.execute(_OPENERS_STORY, {"id": key}).fetchone()
        heir = taker or (opener and opener[0])
        if heir and heir != key:
            conn.execute("update story_aliases set story_id = ? where story_id = ?", (heir, key))
            conn.execute("insert or replace into story_aliases (alias, story_id) values (?, ?)", (key, heir))
        conn.execute("delete from stories where id = ?", (key,))
