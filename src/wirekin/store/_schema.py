"""The tables of a SQLite database, the migrations that create them, and the check that a file is ours.

A file is ours when it is empty or carries our application_id; anything else is refused before anything is written.
All pending migrations run in one IMMEDIATE transaction together with user_version, so that a kill leaves the old
schema or the new one. Times are INTEGER microseconds since 1970 UTC; ids are the text ids of `wirekin.model`.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Final

from wirekin._absent import absent
from wirekin.errors import StoreDamaged, StoreTooNew

if TYPE_CHECKING:
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

APPLICATION_ID: Final = 0x77697265  # "wire" in ASCII, at offset 68 of the file; 2026-11

_SMALLEST_PAGE: Final = 512  # bytes; https://www.sqlite.org/fileformat2.html, section 1.3.2

# The tokens of text.terms are folded already and joined by single spaces: the tokenizer may split at nothing else.
# It lower-cases ASCII and passes every byte above 127, so no script is broken (requirement fact on FTS5).
_TOKENIZER: Final = """ascii tokenchars '!#$%&()*+,-./:;<=>?@[]^_`{|}~\\'"""

_TABLES: Final = f"""
create table meta (
    one integer primary key check (one = 1),
    sequence integer not null default 0,    -- grows with every visible change
    changed_at integer not null default 0,  -- when sequence last grew; 0 in an empty database
    documents integer not null default 0,   -- rows of headlines: counting a million takes 10 ms
    last_tick_at integer                    -- null: no daemon has ticked yet
) strict;
insert into meta (one) values (1);

create table feeds (
    n integer primary key,
    id text not null unique,
    host text not null,                     -- registrable domain or IP address of where it is polled
    config text not null,                   -- the Feed as JSON
    configured integer not null             -- 0: left the configuration; its state is kept
) strict;

create table feed_states (
    feed_n integer primary key references feeds (n),
    next_poll_at integer not null,
    etag text,                              -- null: none was sent
    last_modified text,                     -- null: none was sent
    body_hash text,                         -- null: no whole body yet
    rules_hash text not null default '',
    "interval" integer,                     -- microseconds; null: not adapted yet
    hold_until integer,                     -- null: no hold
    failures integer not null default 0,
    failing_since integer,                  -- null: it answers
    reason text,                            -- null: it answers
    detail text not null default '',
    gone_days integer not null default 0,
    moved_to text,                          -- null: no permanent redirect seen
    last_polled_at integer,                 -- null: never
    last_ok_at integer,                     -- null: never
    last_new_at integer,                    -- null: never
    document_at integer,                    -- null: no document known
    entries integer not null default 0,
    delivered integer not null default 0,
    missed_polls integer not null default 0,
    ttl integer,                            -- microseconds; null: the document gives none
    skip_hours text not null default '[]',  -- JSON array of 0..23, GMT
    skip_days text not null default '[]',   -- JSON array, 0 = Monday
    document_url text                       -- null: the feed's own URL
) strict;
create index feed_states_due on feed_states (next_poll_at);

create table hosts (
    host text primary key,
    busy_until integer not null,
    hold_until integer,                     -- of a 429 or 503, for all feeds of the host; null: none yet
    holder integer                          -- feed whose poll holds it; null: a hop, robots.txt or nobody
) strict, without rowid;

create table stories (
    id text primary key,                    -- of the headline that opened it
    lead_n integer,                         -- headline that stands for it; null only while it is being counted
    headlines integer not null default 0,
    publishers integer not null default 0,  -- distinct publisher domains
    independent integer not null default 0, -- distinct voices with a headline that is no copy
    opened_at integer not null default 0,   -- earliest happened_at
    last_at integer not null default 0,     -- latest first_seen_at
    newest_at integer not null default 0,   -- latest happened_at: what `since` looks at
    score integer not null default 0,       -- the order of lists, leading first: see _stories.py
    topics text not null default '[]',      -- JSON array of slugs, the most frequent first
    langs text not null default '[]'        -- JSON array, the most frequent first
) strict;
create index stories_leading on stories (score, id);

create table headlines (
    n integer primary key,
    id text not null unique,
    first_seen_at integer not null,
    published_at integer,                   -- null: the publisher gave none
    happened_at integer generated always as (min(first_seen_at, coalesce(published_at, first_seen_at))) virtual,
    sequence integer not null,              -- of the last change of content or story
    feed_n integer references feeds (n),    -- the feed that brought it and may change its text; null: imported
    story_id text references stories (id),  -- null: not grouped yet
    copy_of text,                           -- id of the first headline of the same article; null: this one, or alone
    join_score real not null default 1.0,   -- similarity to the story when it joined
    canonical_url text unique,              -- null: the entry had no link
    url text not null,
    link text not null,
    title text not null,
    summary text not null,
    lang text,                              -- null: unknown
    precision text not null,
    publisher_name text not null,
    publisher_domain text not null,
    publisher_wire integer not null,
    image_url text,                         -- null: no image
    image_width integer not null default 0,
    image_height integer not null default 0,
    topics text not null default '[]',      -- JSON array; headline_topics says the same for queries
    categories text not null default '[]',  -- JSON array
    wire text                               -- null: the text credits none
) strict;
create index headlines_newest on headlines (happened_at, n);
create index headlines_seen on headlines (first_seen_at);
create index headlines_changed on headlines (sequence);
create index headlines_of_story on headlines (story_id, n) where story_id is not null;
create index headlines_ungrouped on headlines (happened_at, id) where story_id is null;
create index headlines_copies on headlines (copy_of) where copy_of is not null;

create table headline_topics (
    topic text not null,
    happened_at integer not null,           -- of the headline, so that a topic's list is one range
    headline_n integer not null references headlines (n) on delete cascade,
    primary key (topic, happened_at, headline_n)
) strict, without rowid;
create index headline_topics_of on headline_topics (headline_n);

create table story_topics (
    topic text not null,
    story_id text not null references stories (id) on delete cascade,
    primary key (topic, story_id)
) strict, without rowid;
create index story_topics_of on story_topics (story_id);

create table headline_aliases (
    alias text primary key,                 -- an imported id, or one made by another canonicaliser
    headline_n integer not null references headlines (n) on delete cascade
) strict, without rowid;
create index headline_aliases_of on headline_aliases (headline_n);

create table story_aliases (
    alias text primary key,
    story_id text not null references stories (id) on delete cascade
) strict, without rowid;
create index story_aliases_of on story_aliases (story_id);

create table sightings (
    feed_n integer not null references feeds (n),
    entry_key integer not null,
    guid_key integer,                       -- null: the guid is missing or not unique
    headline_n integer references headlines (n) on delete set null, -- null: no topic wanted it, or it was pruned
    fingerprint integer not null,
    first_seen_at integer not null,
    last_seen_at integer not null,          -- equal to the feed's document_at: it is in the current document
    primary key (feed_n, entry_key)
) strict, without rowid;
create index sightings_by_guid on sightings (feed_n, guid_key) where guid_key is not null;
create index sightings_of on sightings (headline_n) where headline_n is not null;

create table tombstones (
    id text primary key,                    -- a headline that was pruned and does not come back as new
    url_key integer,                        -- key_of its canonical URL; null: it had none
    pruned_at integer not null
) strict, without rowid;
create index tombstones_by_url on tombstones (url_key) where url_key is not null;

create table corrections (
    n integer primary key,
    a text not null,
    b text not null,
    must integer not null,                  -- 1: one story; 0: kept apart
    said_at integer not null,
    unique (a, b)
) strict;

create virtual table headline_terms using fts5 (terms, detail = none, tokenize = "{_TOKENIZER}");
create virtual table term_frequencies using fts5vocab (headline_terms, 'row');
"""


_MOVES: Final = """
-- null: nothing is watched
alter table feed_states add column moved_since integer;
-- in a row that led to moved_to
alter table feed_states add column moved_polls integer not null default 0;
-- null: polled where feeds.yml says
alter table feed_states add column address text;
-- null: polled itself
alter table feed_states add column merged_into text references feeds (id);
create index feed_states_merged on feed_states (merged_into) where merged_into is not null
"""

_WEBSUB: Final = """
-- null: never claimed since this column is there
alter table feed_states add column claimed_at integer;

create table hubs (
    feed_n integer primary key references feeds (n),
    hub text not null,                      -- that the feed's last whole document announced
    topic text not null                     -- what the feed is called there
) strict;

create table subscriptions (
    n integer primary key,
    token text not null unique,             -- in the callback address: who knows it may speak for the hub
    secret text not null,                   -- key of the signatures; sent over TLS only
    feed_n integer not null references feeds (n),
    hub text not null,
    topic text not null,
    base text not null,                     -- our public address when it was made; the callback begins with it
    state text not null,
    secure integer not null default 0,      -- 1: the hub took the secret, and has to sign
    lease_until integer,                    -- null: never confirmed
    attempts integer not null default 0,    -- requests since the hub last confirmed
    next_try_at integer not null,
    misses integer not null default 0,      -- polls that found what no push had brought, since one brought news
    unread_until integer not null default 0, -- a push harmed its parser: until then pushes are hints only
    detail text not null default ''
) strict;
create unique index subscriptions_wanted on subscriptions (feed_n) where state <> 'leaving';
create index subscriptions_due on subscriptions (next_try_at);

create table pushes (
    n integer primary key,
    feed_n integer not null references feeds (n),
    received_at integer not null,
    content_type text not null,
    body blob not null
) strict;
create index pushes_of on pushes (feed_n);
"""


# JSON of the list that a page shows; null: no page, or never read.
_CANARY: Final = "alter table feed_states add column canary text"

_ARTICLES: Final = """
-- null: its article's page was never asked
alter table headlines add column asked_at integer;
-- null: that page gave none, or none was needed
alter table headlines add column article_image text;
create index headlines_article_images on headlines (article_image) where article_image is not null
"""

# '': the publisher itself. A story is recounted when a headline joins it, or is fetched again under new rules.
_VOICES: Final = "alter table headlines add column voice text not null default ''"

_EARLIER_TITLES: Final = """
create table earlier_titles (
    headline_n integer not null references headlines (n) on delete cascade,
    title text not null,
    until_at integer not null,              -- when the headline was last seen to give it up
    primary key (headline_n, title)
) strict, without rowid
"""


# When a hub last announced news without delivering them; null: never. It is stored because a poll that is under way
# at that moment may have been answered before.
_HINTS: Final = "alter table feed_states add column hinted_at integer"

_STEPS: Final = {
    "m001_first_schema": _TABLES,
    "m002_moves": _MOVES,
    "m003_websub": _WEBSUB,
    "m004_canary": _CANARY,
    "m005_articles": _ARTICLES,
    "m006_voices": _VOICES,
    "m007_earlier_titles": _EARLIER_TITLES,
    "m008_hints": _HINTS,
}
SCHEMA_VERSION: Final = len(_STEPS)  # user_version of the newest schema known here


def _migrations() -> Migrations:
    from sqlite_utils.migrations import Migrations

    ours = Migrations("wirekin")
    for name, statements in _STEPS.items():

        @ours(name=name)
        def step(db: Database, /, statements: str = statements) -> None:
            for statement in statements.split(";\n"):  # executescript tests for an end at each character: 90 ms
                db.execute(statement)

    return ours


def refuse_stump(path: Path) -> None:
    """Refuse a folder, or a file too short to be a database: SQLite would take it for an empty one and overwrite it.

    Only the size is checked. Opening the file would be wrong: closing it drops the locks (POSIX fcntl) of every SQLite
    connection of this process to it, and another process may then delete the log that we use. Never open a database
    other than through SQLite.

    Raises: StoreDamaged.
    """
    if path.is_dir() or 0 < path.stat().st_size < _SMALLEST_PAGE:
        raise StoreDamaged(f"{path} is not a SQLite database: move it away, or name another --database")


def version_of(conn: sqlite3.Connection, path: Path) -> int:
    """Return the schema version of an opened file; 0 if it is empty.

    Raises: StoreTooNew, StoreDamaged (the file is another program's).
    """
    (version,) = conn.execute("pragma user_version").fetchone()
    (application,) = conn.execute("pragma application_id").fetchone()
    tables = {name for (name,) in conn.execute("select name from sqlite_schema where type = 'table'")}
    if application != APPLICATION_ID and (application or tables):
        raise StoreDamaged(f"{path} belongs to another program: name another --database")
    if version > SCHEMA_VERSION:
        raise StoreTooNew(
            f"{path} was written by a newer wirekin (schema {version}, ours is {SCHEMA_VERSION}): upgrade wirekin"
        )
    return int(version)


def bring_up_to_date(conn: sqlite3.Connection, path: Path) -> tuple[str, ...]:
    """Run the pending migrations in one transaction; return the names of those that ran."""
    if version_of(conn, path) == SCHEMA_VERSION:
        return ()
    with absent("numpy", "pandas"):  # sqlite_utils imports them for column types that we do not have: 13 MB
        from sqlite_utils import Database  # takes 0.19 s: only if the schema must change (fact 15)

    db, ours = Database(conn, execute_plugins=False), _migrations()
    conn.execute("begin immediate")
    try:
        pending = () if version_of(conn, path) == SCHEMA_VERSION else tuple(each.name for each in ours.pending(db))
        ours.apply(db)
        conn.execute(f"pragma application_id = {APPLICATION_ID}")
        conn.execute(f"pragma user_version = {SCHEMA_VERSION}")
        conn.execute("commit")
    except BaseException:
        if conn.in_transaction:
            conn.execute("rollback")
        raise
    return pending
