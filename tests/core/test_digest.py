"""The digest of a poll: what it changes in the store, given the document and what is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import make
from wirekin.digest import Rules, digest, is_unchanged, keys_of
from wirekin.model import (
    Claim,
    Entry,
    Feed,
    FeedKind,
    Fetched,
    FetchFailed,
    HttpHints,
    NotModified,
    Parsed,
    ParseFailed,
    PollOutcome,
    PollStatus,
    Reason,
    Sighting,
    Source,
    TopicSlug,
)
from wirekin.publishers import Directory, PublisherSpec
from wirekin.topics import TopicRule, compile_rules

IRAN = compile_rules([TopicRule(TopicSlug("iran"), "Iran", ["iran*", "tehran"])])
RULES = Rules(IRAN, Directory([PublisherSpec("The Daily Caller", ("dailycaller.com",))]))


def fetched(feed: Feed, **more: object) -> Fetched:
    return replace(Fetched(feed.id, feed.url, b"<rss/>", "hash-1", etag='"1"', last_modified="Sun"), **more)


def claim(feed: Feed, **state: object) -> Claim:
    return Claim(feed, make.state(feed, rules_hash=feed.rules_hash, **state))


def poll(
    *entries: Entry,
    feed: Feed | None = None,
    known: tuple[Sighting, ...] = (),
    whole: bool = True,
    answer: Fetched | None = None,
    state: dict[str, object] | None = None,
) -> PollOutcome:
    feed = feed or make.feed()
    parsed = Parsed("rss", entries, whole=whole)
    return digest(claim(feed, **(state or {})), answer or fetched(feed), parsed, known, RULES, make.NOW, 0.0)


def test_a_new_entry_becomes_a_headline_and_a_sighting() -> None:
    outcome = poll(make.entry("Ship seized in the strait", "https://example.com/a/1?utm_source=rss#top"))

    (headline,) = outcome.headlines
    assert headline.title == "Ship seized in the strait"
    assert headline.url == "https://example.com/a/1"
    assert headline.link == "https://example.com/a/1?utm_source=rss#top"
    assert headline.publisher.domain == "example.com"
    assert headline.first_seen_at == make.NOW
    assert [s.headline_id for s in outcome.sightings] == [headline.id]
    assert outcome.status is PollStatus.OK


def test_polling_the_same_document_again_writes_no_headline() -> None:
    entries = [make.entry("Ship seized", "https://example.com/a/1", guid="g-one")]
    first = poll(*entries)

    second = poll(*entries, known=first.sightings)

    assert second.headlines == ()
    assert second.sightings == first.sightings


def test_a_changed_title_updates_the_same_headline() -> None:
    first = poll(make.entry("5 dead in blast", guid="blast-77"))

    second = poll(make.entry("12 dead in blast", guid="blast-77"), known=first.sightings)

    assert [(h.id, h.title) for h in second.headlines] == [(first.headlines[0].id, "12 dead in blast")]


def test_a_new_link_under_a_known_guid_keeps_the_headline_id() -> None:
    first = poll(make.entry(link="https://example.com/old-slug", guid="tag:example.com,2026:88"))

    second = poll(
        make.entry(link="https://example.com/new-slug", guid="tag:example.com,2026:88"), known=first.sightings
    )

    assert second.headlines[0].id == first.headlines[0].id


def test_a_guid_reused_for_another_article_opens_a_new_headline() -> None:
    first = poll(make.entry("Ferry sinks off Bandar Abbas", "https://example.com/1", guid="permanent-guid"))
    known = tuple(replace(sighting, title="Ferry sinks off Bandar Abbas") for sighting in first.sightings)

    second = poll(make.entry("Chess prodigy wins open", "https://example.com/2", guid="permanent-guid"), known=known)
    moved = poll(
        make.entry("Ferry sinks near Bandar Abbas, 3 lost", "https://example.com/3", guid="permanent-guid"), known=known
    )

    assert second.headlines[0].id != first.headlines[0].id
    assert moved.headlines[0].id == first.headlines[0].id


def test_a_guid_missing_from_one_poll_still_identifies_its_headline() -> None:
    first = poll(make.entry("Ferry sinks", "https://example.com/1", guid="tag:example.com,2026:7"))
    second = poll(make.entry("Ferry sinks", "https://example.com/1"), known=first.sightings)
    third = poll(make.entry("Ferry sinks", "", guid="tag:example.com,2026:7"), known=second.sightings)

    assert third.sightings[0].headline_id == first.headlines[0].id


@pytest.mark.parametrize(("guid", "same"), [("1", False), ("02", False), ("117", False), ("1170", True), ("a17", True)])
def test_a_guid_that_is_only_a_slot_number_identifies_nothing(guid: str, same: bool) -> None:
    first = poll(make.entry("One", "https://example.com/1", guid=guid))

    second = poll(make.entry("One", "https://example.com/2", guid=guid), known=first.sightings)

    assert (second.sightings[0].headline_id == first.headlines[0].id) is same
    assert (second.sightings[0].guid_key is None) is not same


def test_a_guid_of_two_entries_of_a_document_identifies_nothing() -> None:
    entries = [
        make.entry("One", "https://example.com/1", guid="same"),
        make.entry("Two", "https://example.com/2", guid="same"),
    ]

    assert [guid for _, guid in keys_of(entries)] == [None, None]
    assert len({h.id for h in poll(*entries).headlines}) == 2


def test_an_entry_repeated_in_a_document_is_one_sighting_and_keeps_its_guid() -> None:
    twice = [make.entry("One", "https://example.com/1", guid="tag:example.com,2026:1")] * 2

    assert None not in {guid for _, guid in keys_of(twice)}
    assert len(poll(*twice).sightings) == 1


def test_two_links_to_one_document_are_one_headline() -> None:
    outcome = poll(
        make.entry("Ship seized", "https://example.com/a/1?utm_medium=rss"),
        make.entry("Ship seized", "https://example.com/a/1?utm_medium=top"),
    )

    assert len(outcome.headlines) == 1
    assert len(outcome.sightings) == 2


def test_an_entry_that_matches_no_topic_is_a_sighting_without_a_headline() -> None:
    feed = make.feed(keep_unmatched=False)

    outcome = poll(
        make.entry("Tehran answers", "https://example.com/1"), make.entry("Rain", "https://example.com/2"), feed=feed
    )

    assert [h.title for h in outcome.headlines] == ["Tehran answers"]
    assert [s.headline_id is None for s in outcome.sightings] == [False, True]
    assert outcome.headlines[0].topics == ("iran",)


def test_after_a_rule_change_unmatched_entries_are_matched_again() -> None:
    feed = make.feed(keep_unmatched=False, rules_hash="new")
    entry = make.entry("Tehran answers")
    before = poll(entry, feed=make.feed(keep_unmatched=False, topics=frozenset())).sightings
    unwanted = tuple(replace(s, headline_id=None) for s in before)
    old_rules = Claim(feed, make.state(feed, rules_hash="old", body_hash="hash-1"))

    outcome = digest(old_rules, fetched(feed), Parsed("rss", (entry,)), unwanted, RULES, make.NOW, 0.0)

    assert not is_unchanged(old_rules, fetched(feed))
    assert [h.title for h in outcome.headlines] == ["Tehran answers"]
    assert outcome.state.rules_hash == "new"


def test_a_feeds_own_topics_are_given_to_all_its_headlines() -> None:
    feed = make.feed(keep_unmatched=False, topics=frozenset(make.topics("russia")))

    assert poll(make.entry("Rain"), feed=feed).headlines[0].topics == ("russia",)


def test_an_outlet_suffix_is_removed_from_the_title_and_names_the_publisher() -> None:
    title = "Iran Wants To Negotiate After Crippling Israeli Strikes | The Daily Caller"

    (headline,) = poll(make.entry(title, "https://news.aggregator.example/1")).headlines

    assert headline.title == "Iran Wants To Negotiate After Crippling Israeli Strikes"
    assert headline.publisher.name == "The Daily Caller"


def test_a_configured_wire_is_credited_and_its_dateline_is_removed() -> None:
    wires = Rules(IRAN, Directory([PublisherSpec("Meridian Wire", ("meridian.example",), wire=True)]))
    feed = make.feed()
    entry = make.entry("Ship seized", summary="QESHM (Meridian Wire) - Patrol boats boarded a tanker.")

    outcome = digest(claim(feed), fetched(feed), Parsed("rss", (entry,)), (), wires, make.NOW, 0.0)

    assert (outcome.headlines[0].wire, outcome.headlines[0].summary) == (
        "Meridian Wire",
        "Patrol boats boarded a tanker.",
    )


def test_the_voice_of_a_headline_is_its_publishers_family_or_the_agency_in_its_title() -> None:
    sisters = [PublisherSpec(name, (f"{name.lower()}.example",), family="Quay House") for name in ("Dawn", "Dusk")]
    feed = make.feed(keep_unmatched=True)
    entries = (
        make.entry("Ferry strike ends", "https://dawn.example/1"),
        make.entry("Ferry strike ends after pay deal (Reuters)", "https://dusk.example/2"),
        make.entry("Harbour opens again", "https://moon.example/3"),
    )

    outcome = digest(
        claim(feed), fetched(feed), Parsed("rss", entries), (), Rules(IRAN, Directory(sisters)), make.NOW, 0.0
    )

    assert [headline.voice for headline in outcome.headlines] == ["Quay House", "Reuters", ""]


def test_the_publisher_comes_from_the_feed_else_the_source_else_the_link() -> None:
    entry = make.entry("Rain", "https://www.paper.example/1", source=Source("Other Paper", "https://other.example/rss"))
    own = make.publisher("Own", "own.example")

    named = [
        poll(entry, feed=make.feed(publisher=own)).headlines[0].publisher.name,
        poll(entry).headlines[0].publisher.name,
        poll(replace(entry, source=None)).headlines[0].publisher.name,
    ]

    assert named == ["Own", "Other Paper", "paper.example"]


def test_the_script_of_a_title_overrides_the_declared_language() -> None:
    russian = make.entry("Танкер задержан в проливе", lang="en-us")

    assert poll(russian).headlines[0].lang == "ru"
    assert poll(make.entry("Schiff in der Meerenge", lang="de-DE")).headlines[0].lang == "de"


def test_a_date_in_the_future_is_clamped_to_now() -> None:
    (headline,) = poll(make.entry(published_at=make.at(days=400))).headlines

    assert headline.published_at == make.NOW


def test_an_entry_without_a_title_gets_the_first_words_of_its_summary() -> None:
    (headline,) = poll(make.entry("", summary="The harbour is closed until further notice.")).headlines

    assert headline.title.startswith("The harbour is closed")


def test_a_link_to_the_feed_itself_is_dropped_because_it_may_hold_a_secret() -> None:
    private = make.feed("https://example.com/rss?key=hush")
    entries = [make.entry(f"Ship {n} seized in the strait", f"{private.url}#{n}", guid=f"ship-{n}") for n in range(2)]

    headlines = poll(*entries, feed=private).headlines

    assert [(headline.url, headline.link, headline.canonical_url) for headline in headlines] == [("", "", None)] * 2
    assert {headline.publisher.domain for headline in headlines} == {"example.com"}


def test_an_entry_without_a_link_is_identified_by_its_guid() -> None:
    one, other = poll(make.entry("A", "", guid="guid-1111")), poll(make.entry("A", "", guid="guid-2222"))

    assert one.headlines[0].canonical_url is None
    assert one.headlines[0].id != other.headlines[0].id


def test_an_entry_without_link_and_guid_is_named_by_its_title() -> None:
    headlines = poll(make.entry("Ship seized", "", guid=""), make.entry("Crew held", "", guid="")).headlines

    assert len({headline.id for headline in headlines}) == 2


def test_a_feed_behind_the_address_of_a_page_is_no_list_that_may_fall() -> None:
    page = make.feed(kind=FeedKind.PAGE)
    entries = tuple(make.entry(f"Ship {n} seized", f"https://example.com/{n}") for n in range(9))

    counts = [
        digest(claim(page), fetched(page), Parsed(kind, entries), (), RULES, make.NOW, 0.0).state.canary.counts
        for kind in ("page", "rss")
    ]

    assert counts == [(9,), ()]


def test_the_validators_of_a_whole_document_are_kept() -> None:
    state = poll(make.entry()).state

    assert (state.etag, state.last_modified, state.body_hash) == ('"1"', "Sun", "hash-1")
    assert state.document_at == make.NOW


@pytest.mark.parametrize("proved_by", ["the transport", "the parser"])
def test_a_cut_document_keeps_its_entries_and_the_old_validators(proved_by: str) -> None:
    feed = make.feed()
    answer = fetched(feed, whole=False if proved_by == "the transport" else None, etag='"new"')

    outcome = poll(
        make.entry(), whole=proved_by == "the transport", answer=answer, state={"etag": '"old"', "body_hash": "h0"}
    )

    assert len(outcome.headlines) == 1
    assert (outcome.state.etag, outcome.state.body_hash) == ('"old"', "h0")


def test_a_document_with_an_unclosed_root_is_not_whole_even_at_its_full_length() -> None:
    state = poll(make.entry(), whole=False, state={"etag": '"old"'}).state

    assert state.etag == '"old"'


def test_an_entry_without_a_word_makes_no_headline() -> None:
    outcome = poll(make.entry(""), make.entry("", "https://example.com/b", summary="<p></p>"))

    assert (outcome.headlines, outcome.sightings, outcome.state.entries) == ((), (), 0)


def test_a_cut_document_is_a_successful_poll_shown_as_truncated() -> None:
    outcome = poll(make.entry(), whole=False)

    assert (outcome.status, outcome.state.failures) == (PollStatus.OK, 0)
    assert (outcome.state.reason, outcome.state.detail) == (Reason.TRUNCATED, "cut short: 1 whole entry kept")


def test_a_permanent_redirect_to_a_cut_document_proves_no_move() -> None:
    moved = fetched(make.feed(), moved_to="https://example.org/new.xml")

    assert poll(make.entry(), answer=moved).state.moved_to == "https://example.org/new.xml"
    assert poll(make.entry(), answer=moved, whole=False).state.moved_to is None


def test_a_document_cut_before_its_first_entry_is_a_failure() -> None:
    outcome = poll(whole=False, answer=fetched(make.feed(), whole=None))

    assert (outcome.status, outcome.state.reason) == (PollStatus.FAILED, Reason.TRUNCATED)


def test_not_modified_changes_only_the_schedule() -> None:
    feed = make.feed()

    outcome = digest(claim(feed, etag='"1"'), NotModified(feed.id), None, (), RULES, make.NOW, 0.0)

    assert outcome.status is PollStatus.NOT_MODIFIED
    assert outcome.state.etag == '"1"'
    assert outcome.state.next_poll_at > make.NOW
    assert (outcome.headlines, outcome.sightings) == ((), ())


def test_an_unchanged_body_is_not_parsed_and_updates_the_validators() -> None:
    feed = make.feed()
    same = claim(feed, body_hash="hash-1", etag='"0"')

    outcome = digest(same, fetched(feed), None, (), RULES, make.NOW, 0.0)

    assert is_unchanged(same, fetched(feed))
    assert (outcome.status, outcome.state.etag) == (PollStatus.UNCHANGED, '"1"')


def test_a_failed_fetch_keeps_the_known_state_and_records_the_reason() -> None:
    feed = make.feed()
    busy = FetchFailed(feed.id, Reason.RATE_LIMITED, "429", 429, HttpHints(retry_after=timedelta(hours=2)))

    outcome = digest(claim(feed, etag='"1"', entries=7), busy, None, (), RULES, make.NOW, 0.0)

    assert (outcome.status, outcome.state.reason) == (PollStatus.FAILED, Reason.RATE_LIMITED)
    assert (outcome.state.etag, outcome.state.entries, outcome.state.failures) == ('"1"', 7, 1)
    assert outcome.state.hold_until == make.at(2)


def test_an_unreadable_document_is_a_failure_that_keeps_the_validators() -> None:
    feed = make.feed()

    outcome = digest(
        claim(feed, etag='"0"'), fetched(feed), ParseFailed(Reason.ENTITIES, "declares x"), (), RULES, make.NOW, 0.0
    )

    assert (outcome.state.reason, outcome.state.etag, outcome.state.body_hash) == (Reason.ENTITIES, '"0"', None)


def test_a_document_without_any_known_entry_counts_as_a_missed_poll() -> None:
    known = {"document_at": make.at(-1), "entries": 20}

    assert poll(make.entry(), state=known).state.missed_polls == 1
    assert poll(make.entry(), state={}).state.missed_polls == 0  # nothing was missed before the first document


def test_a_cut_document_without_any_known_entry_proves_no_loss_and_does_not_speed_up_polling() -> None:
    known = {"document_at": make.at(-1), "last_ok_at": make.at(-0.5), "entries": 20}

    whole, cut = (poll(make.entry(), state=known, whole=whole).state for whole in (True, False))

    assert (whole.missed_polls, cut.missed_polls) == (1, 0)
    assert (whole.interval, cut.interval) == (timedelta(minutes=15), timedelta(minutes=30))


TITLES = st.text(min_size=0, max_size=60)
LINKS = st.sampled_from(["", "https://example.com/a", "https://example.com/b?utm_source=x", "https://other.example/c"])
ENTRIES = st.lists(st.builds(Entry, link=LINKS, title=TITLES, guid=st.sampled_from(["", "7", "guid-0001"])), max_size=8)


@given(ENTRIES)
def test_polling_any_document_twice_adds_no_headline(entries: list[Entry]) -> None:
    first = poll(*entries)

    again = poll(*entries, known=first.sightings)

    assert again.headlines == ()
    assert {h.id for h in first.headlines} >= {s.headline_id for s in again.sightings if s.headline_id}
