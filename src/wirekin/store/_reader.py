"""Reading for the public: lists, search and neighbours, on a read-only connection with a time limit.

Every statement is static text put together from the fragments below; all that a person typed is bound. Lists are
continued by the key of their last row (_cursor), search goes through `text.search_terms`.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from wirekin.model import (
    Candidate,
    CanonicalUrl,
    EarlierTitle,
    Feed,
    FeedId,
    FeedState,
    Headline,
    HeadlineId,
    Member,
    Neighbourhood,
    Page,
    Question,
    Story,
    StoryDetail,
    StoryId,
    StoryRef,
    Subscription,
    TopicCount,
    TopicSlug,
    headline_id,
)
from wirekin.store._connection import QUERY_LIMIT, LimitedConnection
from wirekin.store._counts import topic_counts
from wirekin.store._neighbours import Span, by_weight, kindred, nearest, taken
from wirekin.store._questions import LEADING, Where, headline_source, page_of, story_conditions
from wirekin.store._rows import (
    HAS_TOPIC,
    HEADLINE_COLUMNS,
    HEADLINE_WIDTH,
    ROW_OF_ID,
    STATE_COLUMNS,
    Row,
    feed_from,
    headline_from,
    instant,
    micros,
    state_from,
    strings,
)
from wirekin.store._subscriptions import wanted_subscriptions
from wirekin.text import search_terms

OTHERS: Final = 4  # headlines beside the lead, in lists of stories
RECENT_DAYS: Final = 14  # of new headlines a day, in reports of feeds
# Questions' work that reports of feeds may do: 87 ms with 200,000 headlines, 2026-11-30, and nobody can ask for more.
REPORTS: Final = 5
REMEMBERED: Final = 20_000  # terms that people searched for, a connection: 2 MB
SPANS: Final = 4  # times since which questions look, remembered at once
COMMON: Final = 6_000  # headlines that hold a term: reading them takes 2 ms at 100,000 (bench/store.py, 2026-11)
NEWEST: Final = 50_000  # where even the rarest term is too common, only so many headlines are looked at

_DAY: Final = timedelta(days=1) // timedelta(microseconds=1)

_ONE = f"select {HEADLINE_COLUMNS} from headlines as h where h.n = "
_BY_URL = f"coalesce((select n from headlines where canonical_url = :url), {ROW_OF_ID})"

_STORY = f"""
select {HEADLINE_COLUMNS}, s.id, s.headlines, s.publishers, s.independent, s.opened_at, s.newest_at, s.last_at,
    s.topics, s.langs, s.score
from stories as s
join headlines as h on h.n = s.lead_n
"""

_OTHERS = f"""
select {HEADLINE_COLUMNS} from (
    select *, row_number() over (partition by publisher_name order by copy_of is not null, happened_at, n) as turn
    from headlines where story_id = :story and n <> (select lead_n from stories where id = :story)
) as h
order by h.turn, h.publisher_name = :publisher, h.copy_of is not null, h.happened_at, h.n
limit {OTHERS}
"""

_IN_FLOOD = "coalesce(st.score < st.newest_at, 0)"  # set back by _stories: a flood's, not the one that it began with
_STORIES_OF = """
select h.id, st.id, st.headlines, st.publishers, st.independent
from json_each(:keys) as b join headlines as h on h.id = b.value join stories as st on st.id = h.story_id
"""
_EARLIER_TITLES = """
select h.id, t.title, t.until_at from headlines as h join earlier_titles as t on t.headline_n = h.n
where h.story_id = ? and t.title <> h.title order by t.until_at, t.title
"""

_CANDIDATE = f"{HEADLINE_COLUMNS}, h.story_id, st.headlines, st.publishers, st.independent, h.copy_of, {_IN_FLOOD}"

# the index is named because min(n) alone makes SQLite walk the table from its oldest row: 12 ms instead of 1 (2026-11)
_FIRST_SINCE = """
select n, first_seen_at from headlines
where n = (select min(n) from headlines indexed by headlines_seen where first_seen_at >= ?)
"""
_NEXT_SINCE = "select n, first_seen_at from headlines where n >= ? and first_seen_at >= ? order by n limit 1"
_STANDS = "select 1 from headlines where n = ? and first_seen_at = ?"

# put in order by _read: sorting rows as wide as these takes SQLite a tenth of the time
_NEIGHBOURS = f"""
select {_CANDIDATE}, (select t.terms from headline_terms as t where t.rowid = h.n), b.key
from json_each(:rows) as b join headlines as h on h.n = b.value
left join stories as st on st.id = h.story_id
where h.happened_at >= :since and (:flooded or not {_IN_FLOOD})
"""

_LATEST = f"""
select {_CANDIDATE}, '', 0 from headlines as h left join stories as st on st.id = h.story_id
where h.happened_at >= :since and (:topic is null or {HAS_TOPIC}) and {_IN_FLOOD} = :flood
order by h.happened_at desc, h.n desc
"""

_CONFIGURED = "select config from feeds where configured = 1 order by n"


class SqliteReader:
    """Lists, search and neighbours."""

    def __init__(self, path: Path, *, limit: timedelta = QUERY_LIMIT) -> None:
        self._connection = LimitedConnection(path, limit)
        self._sequence = -1  # as of which the two below are right
        self._held: dict[str, int] = {}  # term -> headlines that hold it
        self._spans: dict[datetime, Span] = {}  # since -> what is known of the headlines seen since
        # since -> the first row that was seen since, and when it was, whatever changed later
        self._firsts: dict[datetime, tuple[int, int]] = {}

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    def version(self) -> int:
        """A number that grows whenever headlines, stories or feeds' health changed."""
        return int(self._one("select sequence from meta")[0])

    def changed_at(self) -> datetime:
        """When the content last changed (the epoch in an empty database)."""
        return instant(self._one("select changed_at from meta")[0])

    def _one(self, sql: str, values: dict[str, Any] | None = None) -> Row:
        with self._connection.question() as conn:
            return conn.execute(sql, values or {}).fetchone() or ()

    # --- what is counted once until the content changes ----------------------------------------------------------

    def _frequencies(self, conn: sqlite3.Connection, terms: Sequence[str]) -> dict[str, int]:
        """Term -> headlines that hold it, for every different term.

        Remembered, because counting a common term reads all its postings: 0.7 ms at 1,000,000 headlines.
        """
        self._forget_what_changed(conn)
        wanted = dict.fromkeys(terms, 0)
        for term in wanted.keys() - self._held.keys():
            row = conn.execute("select doc from term_frequencies where term = ?", (term,)).fetchone()
            self._held[term] = row[0] if row else 0
        return {term: self._held[term] for term in wanted}

    def _span(self, conn: sqlite3.Connection, since: datetime) -> Span:
        """The headlines that were seen since then. Rows come in time's order, nearly."""
        self._forget_what_changed(conn)
        if since not in self._spans:
            if len(self._spans) == SPANS:
                self._spans.clear()
            first, newest = self._first(conn, since), _newest(conn)
            self._spans[since] = Span(newest if first is None else first - 1, newest)
        return self._spans[since]

    def _first(self, conn: sqlite3.Connection, since: datetime) -> int | None:
        """The first row that was seen since then.

        It reads all that was: 6 ms at 1,000,000. Not so where the first since an earlier time is known: what is younger
        comes after that row, for new ones come at the end: unless it was pruned, and its number is given anew.
        """
        stand = [at for at, row in self._firsts.items() if at <= since and conn.execute(_STANDS, row).fetchone()]
        if stand:
            first = conn.execute(_NEXT_SINCE, (self._firsts[max(stand)][0], micros(since))).fetchone()
        else:
            first = conn.execute(_FIRST_SINCE, (micros(since),)).fetchone()
        if first is None:
            return None
        if len(self._firsts) == SPANS:
            del self._firsts[next(iter(self._firsts))]  # the one that was asked for longest ago
        self._firsts[since] = first
        return int(first[0])

    def _forget_what_changed(self, conn: sqlite3.Connection) -> None:
        (sequence,) = conn.execute("select sequence from meta").fetchone()
        if sequence != self._sequence or len(self._held) > REMEMBERED:
            self._sequence = sequence
            self._held.clear()
            self._spans.clear()

    # --- one thing ---------------------------------------------------------------------------------------------

    def headline(self, key: HeadlineId | None = None, *, url: CanonicalUrl | None = None) -> Headline | None:
        """One headline by id (or an alias of one) or by canonical URL (also by one that it had before)."""
        if url is not None:
            row = self._one(_ONE + _BY_URL, {"url": url, "id": headline_id(url)})
        else:
            row = self._one(_ONE + ROW_OF_ID, {"id": key})
        return headline_from(row) if row else None

    def story_of(self, key: HeadlineId) -> StoryId | None:
        """The story that a headline belongs to."""
        row = self._one("select h.story_id from headlines as h where h.n = " + ROW_OF_ID, {"id": key})
        return StoryId(row[0]) if row and row[0] else None

    def stories_of(self, keys: Iterable[HeadlineId]) -> dict[HeadlineId, StoryRef]:
        """The story of each of these headlines; without those that are in none."""
        with self._connection.question() as conn:
            rows = conn.execute(_STORIES_OF, {"keys": json.dumps(list(keys))}).fetchall()
        return {HeadlineId(key): StoryRef(StoryId(story), *counts) for key, story, *counts in rows}

    def story(self, key: StoryId) -> StoryDetail | StoryId | None:
        """A story; the id it was merged into; or None."""
        with self._connection.question() as conn:
            row = conn.execute(_STORY + "where s.id = ?", (key,)).fetchone()
            if row is None:
                alias = conn.execute("select story_id from story_aliases where alias = ?", (key,)).fetchone()
                return StoryId(alias[0]) if alias else None
            members = conn.execute(
                f"select {HEADLINE_COLUMNS}, h.copy_of, h.join_score from headlines as h "
                "where h.story_id = ? order by h.happened_at, h.n",
                (key,),
            )
            earlier = _earlier_titles(conn, key)
            told = (Member(headline_from(m), m[-2], m[-1], tuple(earlier[m[0]])) for m in members)
            return StoryDetail(_story(conn, row), tuple(told))

    # --- lists -------------------------------------------------------------------------------------------------

    def headlines(self, question: Question) -> Page[Headline]:
        """Newest first by happened_at (by match where `search` is given).

        Raises: BadRequest for a bad cursor or after the time limit.
        """
        if question.search and not search_terms(question.search):
            return Page(())  # nothing but stop words and signs
        where = Where()
        source, order = headline_source(question, where)
        where.after(order, question)
        sql = f"select {HEADLINE_COLUMNS}, {order.columns} from {source} {where.sql()} order by {order.by} limit :limit"
        with self._connection.question() as conn:
            above = self._span(conn, question.since).above if question.search and question.since else -1
            if question.search and min(self._frequencies(conn, search_terms(question.search)).values()) > COMMON:
                above = max(above, _newest(conn) - NEWEST)
            rows = conn.execute(sql, {**where.values, "above": above, "limit": question.limit + 1}).fetchall()
        return page_of([(headline_from(row), row[HEADLINE_WIDTH:]) for row in rows], order, question)

    def stories(self, question: Question) -> Page[Story]:
        """Leading first: by independent publishers and recency; `others` holds up to four more headlines.

        Raises: BadRequest as above.
        """
        if question.search and not search_terms(question.search):
            return Page(())
        where = Where()
        story_conditions(question, where)
        where.after(LEADING, question)
        with self._connection.question() as conn:
            sql = f"{_STORY} {where.sql()} order by {LEADING.by} limit :limit"
            rows = conn.execute(sql, {**where.values, "limit": question.limit + 1}).fetchall()
            found = [(_story(conn, row), (row[-1], row[HEADLINE_WIDTH])) for row in rows]
        return page_of(found, LEADING, question)

    # --- related -----------------------------------------------------------------------------------------------

    def neighbours(
        self, terms: Sequence[str], *, since: datetime, kin: Sequence[Sequence[str]] = (), limit: int = 100
    ) -> Neighbourhood:
        """Headlines since then that share the most telling of these terms (`text.terms`), the nearest first.

        After them, as many again of the newest that hold only terms of `kin`: groups of terms that mean one thing.

        Raises: BadRequest after the time limit.
        """
        with self._connection.question() as conn:
            span = self._span(conn, since)
            near, frequencies = nearest(conn, Counter(terms), span)
            turns = Counter[str]()
            read = partial(_read, conn, micros(since))
            found = taken(by_weight(near), limit, read, turns)
            if kin:
                more = by_weight(kindred(conn, kin, span))
                found += taken((row for row in more if row not in near), limit, read, turns)
            return Neighbourhood(tuple(map(_candidate, found)), frequencies, span.size)

    def latest(self, *, topic: TopicSlug | None, since: datetime, limit: int) -> Neighbourhood:
        """The newest headlines, one a story, those of a flood last, for a labelled fallback."""
        newest: dict[StoryId, Candidate] = {}
        with self._connection.question() as conn:
            (documents,) = conn.execute("select documents from meta").fetchone()
            for flood in (0, 1):
                for row in conn.execute(_LATEST, {"since": micros(since), "topic": topic, "flood": flood}):
                    if len(newest) == limit:
                        break
                    candidate = _candidate(row)
                    newest.setdefault(candidate.story.id, candidate)
        return Neighbourhood(tuple(newest.values()), {}, documents)

    # --- reports -----------------------------------------------------------------------------------------------

    def topics(self, since: datetime) -> tuple[TopicCount, ...]:
        """What the store holds of each topic since then (`name` is the slug: the configuration knows better)."""
        with self._connection.question() as conn:
            return topic_counts(conn, since)

    def configured(self) -> tuple[Feed, ...]:
        """Every configured feed, and nothing that has to be counted."""
        with self._connection.question() as conn:
            return tuple(feed_from(row[0]) for row in conn.execute(_CONFIGURED))

    def feeds(self) -> tuple[tuple[Feed, FeedState, int, tuple[int, ...]], ...]:
        """Every configured feed, its state, headlines it shows or showed that are kept, and how many it brought a day.

        A state's next poll is not before the hold of the feed's host ends, whichever feed was told of it.
        The days are those of fourteen days up to the content's last change, in UTC, oldest first.
        """
        with self._connection.question(REPORTS) as conn:
            rows = conn.execute(
                f"select f.n, f.config, h.hold_until, {STATE_COLUMNS} from feeds as f "
                "join feed_states as s on s.feed_n = f.n left join hosts as h on h.host = f.host "
                "where f.configured = 1 order by f.n"
            ).fetchall()
            (changed_at,) = conn.execute("select changed_at from meta").fetchone()
            brought: dict[int, Counter[int]] = {}
            for n, day, count in conn.execute(
                "select feed_n, first_seen_at / ?, count(distinct headline_n) from sightings "
                "where headline_n is not null group by 1, 2",
                (_DAY,),
            ):
                brought.setdefault(n, Counter())[day] = count
        today = changed_at // _DAY
        return tuple(_feed_report(row, brought.get(row[0], Counter()), today) for row in rows)

    def holds(self, now: datetime) -> dict[str, datetime]:
        """The hosts that asked for rest (429, 503), and until when nothing may be asked of them."""
        with self._connection.question() as conn:
            rows = conn.execute("select host, hold_until from hosts where hold_until > ?", (micros(now),)).fetchall()
        return {host: instant(until) for host, until in rows}

    def subscriptions(self) -> dict[FeedId, Subscription]:
        """What we have at hubs, without tokens and secrets."""
        with self._connection.question() as conn:
            return wanted_subscriptions(conn)


# --- rows into values ------------------------------------------------------------------------------------------


def _story(conn: sqlite3.Connection, row: Row) -> Story:
    key, headlines, publishers, independent, opened_at, newest_at, seen_at, topics, langs, _ = row[HEADLINE_WIDTH:]
    lead = headline_from(row)
    others: Iterable[Row] = ()
    if headlines > 1:
        others = conn.execute(_OTHERS, {"story": key, "publisher": lead.publisher.name})
    return Story(
        ref=StoryRef(StoryId(key), headlines, publishers, independent),
        lead=lead,
        opened_at=instant(opened_at),
        last_at=instant(newest_at),
        seen_at=instant(seen_at),
        topics=tuple(map(TopicSlug, strings(topics))),
        langs=strings(langs),
        others=tuple(map(headline_from, others)),
    )


def _earlier_titles(conn: sqlite3.Connection, story: StoryId) -> Mapping[str, list[EarlierTitle]]:
    """Of each headline of a story, by its id, what it was called before."""
    found: defaultdict[str, list[EarlierTitle]] = defaultdict(list)
    for key, title, until in conn.execute(_EARLIER_TITLES, (story,)):
        found[key].append(EarlierTitle(title, instant(until)))
    return found


def _newest(conn: sqlite3.Connection) -> int:
    """The row that was recorded last; 0 where there is none."""
    return int(conn.execute("select coalesce(max(n), 0) from headlines").fetchone()[0])


def _read(conn: sqlite3.Connection, since: int, rows: Sequence[str], flooded: bool) -> Iterable[Row]:
    asked = {"rows": f"[{','.join(rows)}]", "since": since, "flooded": flooded}
    return sorted(conn.execute(_NEIGHBOURS, asked), key=itemgetter(-1))


def _candidate(row: Row) -> Candidate:
    story_id, headlines, publishers, independent, copy_of, in_flood, terms, _ = row[HEADLINE_WIDTH:]
    headline = headline_from(row)
    if story_id is None:  # not grouped yet: a story of its own until it is
        return Candidate(headline, StoryRef(StoryId(headline.id)), terms=terms)
    story = StoryRef(StoryId(story_id), headlines, publishers, independent)
    return Candidate(headline, story, copy_of, bool(in_flood), terms)


def _feed_report(row: Row, brought: Counter[int], today: int) -> tuple[Feed, FeedState, int, tuple[int, ...]]:
    feed = feed_from(row[1])
    recent = tuple(brought[today - ago] for ago in reversed(range(RECENT_DAYS)))
    state, held_until = state_from(FeedId(feed.id), row[3:]), row[2]
    if held_until is not None:
        state = state.but(next_poll_at=max(state.next_poll_at, instant(held_until)))
    return feed, state, brought.total(), recent
