"""Write headlines and sightings, inside an open transaction.

put: known id, alias or canonical URL -> update that row, text only by its own feed | tombstone -> dropped | new row.
complete: fill the row's empty fields, and complete its title, from the article's own page.
finish: write the index and recount the stories of changed headlines, once per transaction.
put_sightings: which entries a feed's document had; a sighting without a headline is an entry that no topic wanted.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wirekin.model import CanonicalUrl, FeedId, Headline, HeadlineId, Sighting, headline_id, key_of
from wirekin.store._rows import (
    HEADLINE_COLUMNS,
    ROW_OF_ID,
    Row,
    feed_from,
    headline_from,
    headline_row,
    json_strings,
    storable,
    strings,
)
from wirekin.store._stories import recount
from wirekin.text import is_cut_from, terms

_COLUMNS = tuple(column.strip().removeprefix("h.") for column in HEADLINE_COLUMNS.split(","))
_TEXT = tuple(i for i, name in enumerate(_COLUMNS) if name not in ("id", "first_seen_at", "canonical_url", "topics"))
# Columns whose change needs new index terms.
_INDEXED = tuple(map(_COLUMNS.index, ("title", "summary", "lang")))
# Groups of columns that another feed may fill if the first column is empty: a list page often has only titles.
_FILLED = tuple(
    tuple(map(_COLUMNS.index, names))
    for names in (("summary",), ("published_at", "precision"), ("image_url", "image_width", "image_height"))
)
_OF_ARTICLES = _FILLED[1:]  # groups that the article's own page may fill: the date and the picture
_TITLE = _COLUMNS.index("title")
_TOPICS, _CANONICAL = _COLUMNS.index("topics"), _COLUMNS.index("canonical_url")

_FIND = f"""
select h.n, h.feed_n, h.story_id, h.asked_at is not null, {HEADLINE_COLUMNS}
from headlines as h
where h.n = coalesce({ROW_OF_ID}, (select n from headlines where canonical_url = :url))
"""

_INSERT = f"""
insert into headlines (sequence, feed_n, {", ".join(_COLUMNS)})
values (?, ?, {", ".join("?" * len(_COLUMNS))})
"""

_UPDATE = f"""
update headlines set sequence = ?, {", ".join(f"{_COLUMNS[i]} = ?" for i in _TEXT)}, topics = ?, canonical_url = ?
where n = ?
"""

MOST_TITLES = 12  # earlier titles kept per headline, the latest ones: a page may swap its title at each poll, 2026-11

MOST_URLS = 12  # earlier URLs kept per headline: a feed with new links at each poll would fill the disk, 2026-11

_RETITLE = """
insert into earlier_titles (headline_n, title, until_at) values (:n, :title, :now)
on conflict do update set until_at = excluded.until_at
"""

_FORGET_TITLES = """
delete from earlier_titles where headline_n = :n and title not in (
    select title from earlier_titles where headline_n = :n order by until_at desc, title limit :most)
"""

_OF_OTHERS = """
select f.config from sightings as g join feeds as f on f.n = g.feed_n
where g.headline_n = ? and g.feed_n is not ? and f.configured = 1
"""

_BURIED = "select 1 from tombstones where id = ? union all select 1 from tombstones where url_key = ?"


@dataclass(frozen=True, slots=True)
class _Known:
    """The existing row of a headline; `row` is in the order of HEADLINE_COLUMNS."""

    n: int
    feed_n: int | None
    story_id: str | None
    asked: bool  # its article's page was fetched
    row: Row


class Changes:
    """The change sequence of one transaction: it is incremented once, at the first visible change."""

    def __init__(self, conn: sqlite3.Connection, now: int) -> None:
        self._conn, self.now, self._sequence = conn, now, 0

    def sequence(self) -> int:
        """Return the sequence number of this transaction's changes."""
        if not self._sequence:
            (self._sequence,) = self._conn.execute(
                "update meta set sequence = sequence + 1, changed_at = max(changed_at, ?) returning sequence",
                (self.now,),
            ).fetchone()
        return self._sequence


class HeadlineWriter:
    """Writes headlines in one transaction; call `finish` before the commit."""

    def __init__(self, conn: sqlite3.Connection, changes: Changes) -> None:
        self._conn, self._changes = conn, changes
        self._new: dict[int, str] = {}  # index text of each new row
        self._reworded: dict[int, str] = {}  # index text of each changed row
        self._restless: set[str] = set()  # stories to recount: a headline of them has changed

    def put(self, headline: Headline, feed_n: int | None) -> bool:
        """Insert or update a headline; return whether its row is new. A pruned headline is dropped.

        Args:
            headline: the headline as digested.
            feed_n: the feed that delivers it; None for an import.

        """
        known = self._find(headline)
        if known is None:
            return not self._is_buried(headline) and self._insert(headline, feed_n)
        if known.row[0] != headline.id:
            self.alias(headline.id, known.n)
        self._update(known, headline, feed_n)
        return False

    def alias(self, alias: str, n: int) -> None:
        """Add another id of a headline, unless that id is taken."""
        self._conn.execute(
            "insert into headline_aliases (alias, headline_n) "
            "select :alias, :n where not exists (select 1 from headlines where id = :alias) on conflict do nothing",
            {"alias": alias, "n": n},
        )

    def _remember_url(self, url: str, n: int) -> None:
        """Keep a former URL as an alias, so that links to it still find the headline after its publisher moved it."""
        (several,) = self._conn.execute("select count(*) from headline_aliases where headline_n = ?", (n,)).fetchone()
        if several < MOST_URLS:
            self.alias(headline_id(CanonicalUrl(url)), n)

    def row_of(self, key: HeadlineId) -> int | None:
        """Return the row number of a headline by its id or an alias; None if it was dropped."""
        n: int | None = self._conn.execute(f"select {ROW_OF_ID}", {"id": key}).fetchone()[0]
        return n

    def finish(self) -> None:
        """Update the full-text index, the count of documents and the touched stories."""
        self._index()
        if self._new:
            self._conn.execute("update meta set documents = documents + ?", (len(self._new),))
        recount(self._conn, self._restless)

    def _index(self) -> None:
        """Write the index entries of all headlines together, in row order.

        Before each statement that SQLite may have to roll back alone, FTS5 flushes its pending entries to a segment.
        One segment per headline took 45 us more each, and later the time to merge them (2026-11).
        """
        reworded = [(words, n) for n, words in sorted(self._reworded.items())]
        self._conn.executemany("update headline_terms set terms = ? where rowid = ?", reworded)
        self._conn.executemany("insert into headline_terms (rowid, terms) values (?, ?)", self._new.items())

    def _find(self, headline: Headline) -> _Known | None:
        found = self._conn.execute(_FIND, {"id": headline.id, "url": headline.canonical_url}).fetchone()
        return _Known(found[0], found[1], found[2], bool(found[3]), found[4:]) if found else None

    def _is_buried(self, headline: Headline) -> bool:
        url_key = key_of(headline.canonical_url) if headline.canonical_url else None
        return self._conn.execute(_BURIED, (headline.id, url_key)).fetchone() is not None

    def _insert(self, headline: Headline, feed_n: int | None) -> bool:
        row = headline_row(headline)
        n = self._conn.execute(_INSERT, (self._changes.sequence(), feed_n, *row)).lastrowid
        assert n is not None  # noqa: S101 - of the row that was just written
        self._new[n] = _index_text(headline)
        self._put_topics(n, headline.topics)
        return True

    def _update(self, known: _Known, headline: Headline, feed_n: int | None) -> None:
        """Update a known headline: its own feed may change its text, others only add topics and fill empty fields.

        Otherwise two feeds that spell an article differently would change it at every poll.
        """
        row = list(known.row)
        if known.feed_n == feed_n:
            row = list(headline_row(headline))
            row[_TOPICS] = json_strings(self._with_topics_of_others(known.n, headline, feed_n))
            row[_CANONICAL] = self._free_url(known, headline)
            if known.asked:
                self._keep(row, known.row)
        else:
            self._fill(row, headline_row(headline), _FILLED)
            row[_TOPICS] = json_strings(tuple(dict.fromkeys(strings(known.row[_TOPICS]) + headline.topics)))
        self._write(known, row)

    def complete(self, listed: Headline, found: Headline) -> bool:
        """Fill a headline's empty fields and complete its title from its article's page; return whether it changed.

        Args:
            listed: the headline as it was before its page was fetched; a title that has changed since is kept.
            found: the same headline with the page's values.

        """
        known = self._find(listed)
        if known is None:  # pruned in the meantime
            return False
        row, said = list(known.row), headline_row(found)
        self._fill(row, said, _OF_ARTICLES)
        if row[_TITLE] == storable(listed.title):
            row[_TITLE] = said[_TITLE]
        return self._write(known, row)

    def _write(self, known: _Known, row: list[object]) -> bool:
        """Write the changed columns of a known row; return whether there are any."""
        keep = (*_TEXT, _TOPICS, _CANONICAL)
        if all(row[i] == known.row[i] for i in keep):
            return False
        self._conn.execute(_UPDATE, (self._changes.sequence(), *(row[i] for i in keep), known.n))
        if row[_CANONICAL] != known.row[_CANONICAL] and (had := known.row[_CANONICAL]):
            self._remember_url(had, known.n)
        if any(row[i] != known.row[i] for i in _INDEXED):
            words = self._new if known.n in self._new else self._reworded
            words[known.n] = _index_text(headline_from(tuple(row)))
        if row[_TITLE] != known.row[_TITLE]:
            said = {"n": known.n, "title": known.row[_TITLE], "now": self._changes.now, "most": MOST_TITLES}
            self._conn.execute(_RETITLE, said)
            self._conn.execute(_FORGET_TITLES, said)
        self._conn.execute("delete from headline_topics where headline_n = ?", (known.n,))
        self._put_topics(known.n, strings(str(row[_TOPICS])))
        if known.story_id:
            self._restless.add(known.story_id)
        return True

    @staticmethod
    def _fill(row: list[object], said: Row, groups: Iterable[tuple[int, ...]]) -> None:
        """Copy each group of columns from `said` whose first column is empty in `row`."""
        for group in groups:
            if not row[group[0]]:
                for i in group:
                    row[i] = said[i]

    @classmethod
    def _keep(cls, row: list[object], known: Row) -> None:
        """Keep the values of the article's page where its feed's new version has none, or only a truncated title."""
        cls._fill(row, known, _OF_ARTICLES)
        if is_cut_from(str(row[_TITLE]), known[_TITLE]):
            row[_TITLE] = known[_TITLE]

    def _with_topics_of_others(self, n: int, headline: Headline, feed_n: int | None) -> tuple[str, ...]:
        """Return its topics, and those that other feeds which show it give to all their headlines.

        Those feeds do not deliver an entry again that has not changed, so their topics would be lost.
        """
        rows = self._conn.execute(_OF_OTHERS, (n, feed_n))
        given = {topic for (config,) in rows for topic in feed_from(config).topics}
        return tuple(sorted(given.union(headline.topics))) if given else headline.topics

    def _free_url(self, known: _Known, headline: Headline) -> str | None:
        """Return the canonical URL for a known headline: the new one, unless another headline has it."""
        url: str | None = headline.canonical_url
        had: str | None = known.row[_CANONICAL]
        if url is None or url == had:
            return had
        taken = self._conn.execute("select 1 from headlines where canonical_url = ?", (url,)).fetchone()
        return had if taken else url

    def _put_topics(self, n: int, topics: Iterable[str]) -> None:
        # happened_at is read back, because only the schema has its rule
        self._conn.executemany(
            "insert into headline_topics (topic, happened_at, headline_n) "
            "select ?, happened_at, n from headlines where n = ? on conflict do nothing",
            [(topic, n) for topic in topics],
        )


def _index_text(headline: Headline) -> str:
    """Return the terms of the title on one line and of the summary on the next; older rows have both on one line."""
    return storable("\n".join([" ".join(terms(headline.title)), " ".join(terms(headline.summary))]))


# --- sightings -------------------------------------------------------------------------------------------------

_SIGHTED = """
select g.entry_key, g.guid_key, h.id, g.fingerprint, coalesce(h.title, '')
from sightings as g left join headlines as h on h.n = g.headline_n
where g.feed_n = :feed and g.entry_key in (select value from json_each(:entries))
union
select g.entry_key, g.guid_key, h.id, g.fingerprint, coalesce(h.title, '')
from sightings as g left join headlines as h on h.n = g.headline_n
where g.feed_n = :feed and g.guid_key in (select value from json_each(:guids))
"""

SIGHTED_AT_ONCE = 10  # per statement: 52 to 87 us for a feed of twenty entries, one by one 100 to 120 (2026-11-30)

_SIGHT = """
insert into sightings (feed_n, entry_key, guid_key, headline_n, fingerprint, first_seen_at, last_seen_at)
values {rows}
on conflict (feed_n, entry_key) do update set
    guid_key = excluded.guid_key, headline_n = excluded.headline_n,
    fingerprint = excluded.fingerprint, last_seen_at = excluded.last_seen_at
"""
_SIGHT_ONE, _SIGHT_SEVERAL = (
    _SIGHT.format(rows=", ".join(f"(?1, ?{at}, ?{at + 1}, ?{at + 2}, ?{at + 3}, ?2, ?2)" for at in range(3, end, 4)))
    for end in (4, 3 + 4 * SIGHTED_AT_ONCE)
)


def sightings_of(
    conn: sqlite3.Connection, feed_id: FeedId, entry_keys: Iterable[int], guid_keys: Iterable[int]
) -> tuple[Sighting, ...]:
    """Return the sightings of a feed that have one of these entry keys or guid keys."""
    feed = conn.execute("select n from feeds where id = ?", (feed_id,)).fetchone()
    if feed is None:
        return ()
    asked = {"feed": feed[0], "entries": json.dumps(list(entry_keys)), "guids": json.dumps(list(guid_keys))}
    return tuple(Sighting(*row) for row in conn.execute(_SIGHTED, asked))


def put_sightings(
    conn: sqlite3.Connection,
    feed_id: FeedId,
    feed_n: int,
    sightings: tuple[Sighting, ...],
    headlines: HeadlineWriter,
    seen_at: int,
) -> int:
    """Write the sightings of a document; return how many kept headlines this feed showed for the first time.

    Most entries are the same as in the last document. They take one statement together and change no index.
    """
    known: set[Sighting] = set()
    if conn.execute("select 1 from sightings where feed_n = ? limit 1", (feed_n,)).fetchone():
        keys = [sighting.entry_key for sighting in sightings]
        guids = [sighting.guid_key for sighting in sightings if sighting.guid_key is not None]
        known = set(sightings_of(conn, feed_id, keys, guids))
    other: Sequence[Sighting] = sightings
    if same := [sighting.entry_key for sighting in sightings if sighting in known] if known else ():
        other = [sighting for sighting in sightings if sighting not in known]
        conn.execute(
            "update sightings set last_seen_at = ? where feed_n = ? and entry_key in (select value from json_each(?))",
            (seen_at, feed_n, json.dumps(same)),
        )
    if known:
        _move(conn, feed_n, known, sightings)
    rows = [(s, headlines.row_of(s.headline_id) if s.headline_id else None) for s in other]
    _sight(conn, feed_n, seen_at, rows)
    shown = {sighting.headline_id for sighting in known}
    return len({n for s, n in rows if n is not None and s.headline_id not in shown})


def _sight(conn: sqlite3.Connection, feed_n: int, seen_at: int, rows: Sequence[tuple[Sighting, int | None]]) -> None:
    """Write sightings, each with the row number of its headline."""
    several = len(rows) - len(rows) % SIGHTED_AT_ONCE
    for start in range(0, several, SIGHTED_AT_ONCE):
        values: list[int | None] = [feed_n, seen_at]
        for s, n in rows[start : start + SIGHTED_AT_ONCE]:
            values += s.entry_key, s.guid_key, n, s.fingerprint
        conn.execute(_SIGHT_SEVERAL, values)
    left = [(feed_n, seen_at, s.entry_key, s.guid_key, n, s.fingerprint) for s, n in rows[several:]]
    conn.executemany(_SIGHT_ONE, left)


def _move(conn: sqlite3.Connection, feed_n: int, known: set[Sighting], sightings: Sequence[Sighting]) -> None:
    """Move the sighting of an entry whose link changed to its new key: a feed may change all links at each poll."""
    there = {sighting.entry_key for sighting in sightings}
    told: dict[object, int] = {(s.guid_key, s.headline_id): s.entry_key for s in sightings if s.guid_key is not None}
    moved = [
        (told[before.guid_key, before.headline_id], feed_n, before.entry_key)
        for before in known
        if before.entry_key not in there and (before.guid_key, before.headline_id) in told
    ]
    conn.executemany("update or ignore sightings set entry_key = ? where feed_n = ? and entry_key = ?", moved)
