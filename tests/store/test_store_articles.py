"""Article pages in the store: which headlines need one, that each is fetched once, and which fields it fills."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

import make
from polls import group, headline, outcome, record
from wirekin.model import Feed, FeedId, Headline, HeadlineId, Image, Question
from wirekin.store import Backend, Reader, Store, _schema, open_store

PICTURE = Image("https://example.com/p.jpg", 1200, 630)


def incomplete_titles(store: Store, limit: int = 20, feed: FeedId | None = None) -> list[str]:
    return [each.title for each in store.incomplete(feed or make.feed().id, limit)]


def stored(reader: Reader, key: Headline) -> Headline:
    found = reader.headline(key.id)
    assert found
    return found


def test_incomplete_headlines_of_the_current_document_are_listed_newest_first(store: Store) -> None:
    gone = headline("gone", first_seen_at=make.at(-1))
    record(store, gone)
    old = headline("old", published_at=make.at(-5))
    new = headline("new", image=PICTURE)
    whole = headline("whole", image=PICTURE, published_at=make.at(-1))
    unlinked = replace(headline("unlinked"), url="", link="", canonical_url=None)
    record(store, old, new, whole, unlinked, now=make.at(1))

    assert incomplete_titles(store) == ["Report new", "Report old"]
    assert incomplete_titles(store, limit=1) == ["Report new"]
    assert incomplete_titles(store, feed=FeedId("another")) == []


@pytest.mark.parametrize("title", ["The harbour opens…", "The harbour opens..."])
def test_a_cut_title_alone_makes_a_headline_incomplete(store: Store, title: str) -> None:
    cut = headline("cut", title, image=PICTURE, published_at=make.at(-1))
    dots = headline("dots", "The harbour... opens", image=PICTURE, published_at=make.at(-1))
    record(store, cut, dots)

    assert incomplete_titles(store) == [title]


def test_an_article_page_is_claimed_once_even_by_two_stores_and_much_later(store: Store, backend: Backend) -> None:
    one = headline("one")
    record(store, one)

    with closing(backend.store()) as other:
        claims = [store.claim_article(one.id, make.NOW), other.claim_article(one.id, make.NOW)]
        again = [*incomplete_titles(other), other.claim_article(one.id, make.at(days=9))]

    assert claims == [True, False]
    assert again == [False]
    assert store.claim_article(HeadlineId("nobody"), make.NOW) is False


def test_an_article_page_fills_only_the_missing_fields(store: Store, reader: Reader) -> None:
    bare, own = headline("bare", "The harbour opens…"), headline("own", image=Image("https://example.com/own.jpg"))
    record(store, bare, own)
    group(store, bare)
    before = reader.version()
    given = {"title": "The harbour opens to ferries", "published_at": make.at(-2), "image": PICTURE}

    changed = [store.complete(each, replace(each, **given), make.at(1)) for each in (bare, own)]

    filled, partly = stored(reader, bare), stored(reader, own)
    assert changed == [True, True]
    assert (filled.title, filled.published_at, filled.image) == tuple(given.values())
    assert (partly.image, partly.published_at) == (own.image, make.at(-2))
    assert reader.version() > before
    assert {found.id for found in reader.headlines(Question(search="ferries")).items} == {bare.id, own.id}
    assert store.complete(bare, replace(bare, **given), make.at(2)) is False


def test_a_title_that_the_feed_changed_while_its_page_was_fetched_is_kept(store: Store, reader: Reader) -> None:
    listed = headline("a", "The harbour opens…")
    record(store, listed)
    record(store, replace(listed, title="The harbour stays closed"), now=make.at(1))

    store.complete(listed, replace(listed, title="The harbour opens again"), make.at(1))

    assert stored(reader, listed).title == "The harbour stays closed"


def test_fields_from_an_article_page_stay_until_the_feed_gives_its_own(store: Store, reader: Reader) -> None:
    listed = headline("a", "The harbour opens…")
    record(store, listed)
    store.claim_article(listed.id, make.NOW)
    store.complete(listed, replace(listed, title="The harbour opens again", image=PICTURE), make.NOW)

    record(store, replace(listed, summary="More of it."), now=make.at(1))
    kept_title, kept_image = stored(reader, listed).title, stored(reader, listed).image
    record(store, replace(listed, title="The harbour burns", image=Image("https://example.com/b.jpg")), now=make.at(2))

    assert (kept_title, kept_image) == ("The harbour opens again", PICTURE)
    assert stored(reader, listed).title == "The harbour burns"
    assert stored(reader, listed).image == Image("https://example.com/b.jpg")


def test_an_image_that_three_pages_of_a_publisher_share_is_dropped_from_all_and_stays_away(
    store: Store, reader: Reader
) -> None:
    logo = Image("https://example.com/logo.png")
    told = [headline(f"n{n}") for n in range(4)]
    with_own, other = headline("own", image=logo), headline("x", domain="else.example")
    record(store, *told, with_own, other)

    for each in (told[0], told[1], other):
        store.complete(each, replace(each, image=logo), make.NOW)
    twice = [stored(reader, each).image for each in told[:2]]
    for each in told[2:]:
        store.complete(each, replace(each, image=logo), make.NOW)

    assert twice == [logo, logo]
    assert [stored(reader, each).image for each in told] == [None] * 4
    assert [stored(reader, each).image for each in (with_own, other)] == [
        logo,
        logo,
    ]  # its own, and another publisher's


def test_dropping_a_shared_logo_keeps_an_image_that_the_feed_gave_since(store: Store, reader: Reader) -> None:
    logo, own = Image("https://example.com/logo.png"), Image("https://example.com/own.jpg")
    told = [headline(f"n{n}") for n in range(3)]
    record(store, *told)
    store.complete(told[0], replace(told[0], image=logo), make.NOW)
    record(store, replace(told[0], image=own), now=make.at(1))

    for each in told[1:]:
        store.complete(each, replace(each, image=logo), make.at(1))

    assert [stored(reader, each).image for each in told] == [own, None, None]


def test_a_picture_that_the_feed_gives_all_its_headlines_leaves_the_pages_of_others_theirs(
    store: Store, reader: Reader
) -> None:
    *told, bare = (headline(name, image=PICTURE) for name in "abcd")
    bare = replace(bare, image=None)
    record(store, *told, bare)
    for each in told:
        store.complete(each, replace(each, published_at=make.NOW), make.NOW)

    store.complete(bare, replace(bare, image=PICTURE), make.NOW)

    assert [stored(reader, each).image for each in (*told, bare)] == [PICTURE] * 4


def test_a_headline_that_is_not_stored_is_not_completed(store: Store) -> None:
    never = headline("never")

    assert store.complete(never, replace(never, image=PICTURE), make.NOW) is False


def test_a_host_hold_applies_to_polls_too_and_is_never_shortened(store: Store) -> None:
    feed = make.feed()
    store.sync_feeds([feed], make.NOW)

    store.hold_host(feed.host, make.at(2))
    store.hold_host(feed.host, make.at(1))

    assert store.take_host(feed.host, make.at(1)) == make.at(2)
    assert store.claim_due(make.at(1), limit=9) == ()
    assert len(store.claim_due(make.at(2), limit=9)) == 1


@pytest.mark.parametrize("surrogate", ["https://example.com/\ud800.png"])
def test_a_surrogate_in_an_image_url_is_replaced(store: Store, reader: Reader, surrogate: str) -> None:
    one = headline("one")
    record(store, one)

    store.complete(one, replace(one, image=Image(surrogate)), make.NOW)

    assert stored(reader, one).image == Image("https://example.com/�.png")


def test_a_database_of_the_fourth_schema_keeps_its_headlines_with_no_page_claimed(tmp_path: Path) -> None:
    path, feed = tmp_path / "w.db", make.feed()
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        _schema._migrations().apply(Database(conn), stop_before="m005_articles")
        conn.execute(f"pragma application_id = {_schema.APPLICATION_ID}")
        conn.execute("pragma user_version = 4")
        conn.execute(
            "insert into headlines (id, first_seen_at, sequence, url, link, title, summary, precision, "
            "publisher_name, publisher_domain, publisher_wire) "
            "values ('h', 1, 1, 'https://a.example/1', '', 'Old news', '', 'instant', 'A', 'a.example', 0)"
        )

    backend = open_store(str(path))

    with closing(backend.store()) as store, closing(backend.admin()) as admin:
        assert [each.title for each in admin.export()] == ["Old news"]
        store.sync_feeds([feed], make.NOW)
        store.record_polls([outcome(feed, [headline("new")])], make.NOW)
        assert incomplete_titles(store) == ["Report new"]
        assert store.claim_article(HeadlineId("h"), make.NOW) is True


def test_a_backup_remembers_which_article_pages_were_claimed(store: Store, backend: Backend, tmp_path: Path) -> None:
    one = headline("one")
    record(store, one)
    store.claim_article(one.id, make.NOW)

    with closing(backend.admin()) as admin:
        admin.backup(tmp_path / "copy.db")

    with closing(open_store(str(tmp_path / "copy.db")).store()) as copy:
        assert incomplete_titles(copy) == []


def feed_with_details(number: int) -> Feed:
    return make.feed(article_details=number)


def test_the_article_details_setting_of_a_feed_is_stored(store: Store) -> None:
    store.sync_feeds([feed_with_details(7)], make.NOW)

    assert [claim.feed.article_details for claim in store.claim_due(make.NOW, limit=1)] == [7]
