"""Stories inside one open transaction: where headlines belong, and what follows for counts, leads and aliases.

save: headlines get their story -> the stories touched are counted anew in SQL -> an emptied one becomes an alias.
A feed that says too much at once leads with one story at most: what it alone reports is set back (requirement C11).
Nothing is added up step by step, so a count cannot drift from the rows that it counts.
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

# Twice the independent publishers lead as much as news so much younger: by eye, 2026-11.
DOUBLING: Final = timedelta(hours=8)
FADING: Final = timedelta(hours=24)  # a voice that spoke so long before the newest counts half: by eye, 2026-11
COPIER: Final = 0.25  # what a publisher that only copied counts for in the order of stories: by eye, 2026-11
TOPIC_SHARE: Final = 4  # a topic of one headline in so many is the story's; fewer is a word in passing: by eye, 2026-11

FLOOD: Final = 250  # headlines of one feed within DOUBLING; the busiest wire known brings 200 (600 a day, 2026-11)
SET_BACK: Final = timedelta(days=3)  # how much older a flood's stories rank, but for the one that it began with

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

# When each voice of a story first spoke for itself, and how many publishers only copied.
_SPOKE = """
select s.id, s.newest_at, max(s.publishers - s.independent, 0), json_group_array(v.first_at)
from stories as s left join (
    select story_id, min(happened_at) as first_at from headlines
    where story_id in (select value from json_each(?1)) and copy_of is null
    group by story_id, coalesce(nullif(voice, ''), publisher_name)) as v on v.story_id = s.id
where s.id in (select value from json_each(?1))
group by s.id
"""

# What `_FLOODS` depends on: it changes when headlines come.
_NEWEST = "select (select max(n) from headlines), (select max(first_seen_at) from headlines)"

# Which feeds flood now, and the headline that each began with; in a quiet hour this reads a few thousand rows.
_FLOODS = """
select feed_n, min(n) from headlines indexed by headlines_seen
where first_seen_at > (select max(first_seen_at) from headlines) - :span and feed_n is not null
group by feed_n having count(*) > :flood
"""

# Stories of these that one feed alone reports, with that feed and their first headline.
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
    began: dict[int, int]  # feed -> the first of those headlines


def save(
    conn: sqlite3.Connection, assignments: Sequence[Assignment], sequence: int, before: Floods | None = None
) -> Floods:
    """Write where headlines belong; headlines that were pruned meanwhile are passed over.

    Returns the floods, for the next call's `before`. While no headline came they are neither sought again nor are
    stories that were saved before one was known: of 460 slices that brought the 10,618 headlines of 400 real feeds into
    stories these two took 3.5 s of the 8.4 s of CPU (by a script, 2026-11-30).
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
        "sequence = ? where id = ?",  # of what was pruned the grouper may know still
        [(each.story_id, each.copy_of, each.score, sequence, each.headline_id) for each in kept],
    )
    floods = _floods(conn, before)
    ahead = set() if floods is before else _still_ahead(conn, floods.began)
    recount(conn, stories | {key for key in stood.values() if key} | ahead, floods)
    moves = Counter((stood[each.headline_id], each.story_id) for each in kept)
    took = {old: new for (old, new), _ in reversed(moves.most_common()) if old}
    retire_empty(conn, took)
    return floods


def recount(conn: sqlite3.Connection, stories: Iterable[str], floods: Floods | None = None) -> None:
    """Count these stories anew from their headlines; `floods` where they are known already."""
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
    """The floods up to now; `before` itself where nothing came since."""
    newest = conn.execute(_NEWEST).fetchone()
    if before is not None and before.newest == newest:
        return before
    return Floods(newest, dict(conn.execute(_FLOODS, {"span": DOUBLING // _MICROSECOND, "flood": FLOOD})))


def _still_ahead(conn: sqlite3.Connection, floods: Mapping[int, int]) -> set[str]:
    """Stories of a flood that were saved before it was known for one."""
    return {key for flood in floods.items() for (key,) in conn.execute(_STILL_AHEAD, flood)}


def _set_back(conn: sqlite3.Connection, ids: str, floods: Mapping[int, int]) -> set[str]:
    """Which of these stories a flood alone reports, but for the one that it began with."""
    alone = conn.execute(_ALONE, (ids,)) if floods else ()
    return {key for key, feed_n, first in alone if feed_n in floods and first != floods[feed_n]}


def _score(newest_at: int, spoke_at: Sequence[int | None], copiers: int) -> int:
    """Microseconds: the newest headline's instant, later by DOUBLING for each doubling of its voices.

    Voices fade with the time between them and the newest, so that ten within an hour lead ten within four days; one
    headline more never sets a story back, since half the voices cost a DOUBLING and take FADING. It needs no
    `now`, so that a stored order stays right, and happened_at is never ahead of first_seen_at, so that a forged date
    cannot lead (requirement C10).
    """
    fading = FADING // _MICROSECOND
    voices = sum(0.5 ** ((newest_at - at) / fading) for at in spoke_at if at is not None)
    return newest_at + round(math.log2(max(1.0, voices + COPIER * copiers)) * (DOUBLING / _MICROSECOND))


def retire_empty(conn: sqlite3.Connection, took: dict[str, str]) -> None:
    """Make an alias of each story of `took` that has no headline left, of the story that has its opener now.

    Args:
        took: story id -> the story that took most of it, for where the opener itself is gone; may be "".

    """
    for key, taker in took.items():
        (headlines,) = conn.execute("select coalesce(sum(headlines), 0) from stories where id = ?", (key,)).fetchone()
        if headlines:
            continue
        opener = conn.execute(_OPENERS_STORY, {"id": key}).fetchone()
        heir = (opener and opener[0]) or taker
        if heir and heir != key:
            conn.execute("update story_aliases set story_id = ? where story_id = ?", (heir, key))
            conn.execute("insert or replace into story_aliases (alias, story_id) values (?, ?)", (key, heir))
        conn.execute("delete from stories where id = ?", (key,))
