"""The two main paths through wirekin, step by step. Read this file first.

A poll becomes a related item:
    claim_due -> fetch -> parse -> digest [canonicalise, match, next_poll_at] -> record_polls ; group
A request gets an answer:
    related_to: canonicalise -> headline | terms -> neighbours -> rank -> render
Everything is real except the network, which is a dictionary, and the clock, which stands still.
"""

from __future__ import annotations

from pathlib import Path

import make
from fakes import Web, World
from wirekin import digest, parse, render, stories, text, urls
from wirekin.digest import Rules
from wirekin.model import (
    Fetched,
    Parsed,
    Question,
    RelatedKind,
    RelatedQuery,
    StoryDetail,
    TopicSlug,
)
from wirekin.publishers import Directory, PublisherSpec
from wirekin.refresh import request_of
from wirekin.related import related_to
from wirekin.store import open_store
from wirekin.topics import TopicRule, compile_rules

HERALD = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour Herald</title>
<item><title>Tanker seized in Hormuz strait, crew of 23 held | Harbour Herald</title>
  <link>https://www.herald.example/world/tanker-seized?utm_source=rss</link>
  <description>&lt;p&gt;Iranian patrol boats boarded the tanker Aldgate near Qeshm island.&lt;/p&gt;</description>
  <pubDate>Sun, 22 Nov 2026 08:00:00 GMT</pubDate></item>
<item><title>Harbour swimming club wins county cup</title>
  <link>https://www.herald.example/sport/cup</link></item></channel></rss>"""

COURIER = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Evening Courier</title>
<entry><title>Iran holds crew of seized tanker Aldgate in Hormuz strait</title><id>tag:courier.example,2026:17</id>
  <link href="https://courier.example/17"/><updated>2026-11-22T08:40:00Z</updated>
  <summary>The 23 sailors of the Aldgate are held near Qeshm, officials say.</summary></entry>
<entry><title>Tehran ministers meet on bread prices</title><id>tag:courier.example,2026:18</id>
  <link href="https://courier.example/18"/><updated>2026-11-22T07:10:00Z</updated></entry></feed>"""

FEEDS = (
    make.feed("https://herald.example/rss", name="Harbour Herald", host="herald.example", keep_unmatched=False),
    make.feed("https://courier.example/atom", name="Evening Courier", host="courier.example", keep_unmatched=False),
)
WEB = Web({FEEDS[0].url: HERALD, FEEDS[1].url: COURIER})
RULES = Rules(
    topics=compile_rules([TopicRule(TopicSlug("iran"), "Iran", ["iran*", "tehran", "hormuz"])]),
    directory=Directory(
        [PublisherSpec("Harbour Herald", ("herald.example",)), PublisherSpec("Evening Courier", ("courier.example",))]
    ),
)


def test_a_poll_becomes_a_story_step_by_step(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "wirekin.db")).store()
    store.sync_feeds(FEEDS, make.NOW)

    # The database tells which feeds are due. The claim moves next_poll_at, so that nobody else polls this publisher.
    claims = store.claim_due(make.NOW, limit=10)
    assert {claim.feed.name for claim in claims} == {"Harbour Herald", "Evening Courier"}
    assert store.claim_due(make.NOW, limit=10) == ()

    outcomes = []
    for claim in claims:
        # The request is conditional once a complete document was stored; the answer is a value, also for a failure.
        request = request_of(claim)
        body = WEB.documents[request.url]
        fetched = Fetched(request.feed_id, request.url, body, body_hash=str(hash(body)), etag='"1"')

        # The document becomes entries: plain text, absolute links.
        parsed = parse.parse_document(fetched.body, url=fetched.url, now=make.NOW)
        assert isinstance(parsed, Parsed)

        # Look up which entries are known, then decide what this poll changes.
        known = store.sighted(claim.feed.id, *digest.keys_to_look_up(parsed.entries))
        outcomes.append(digest.digest(claim, fetched, parsed, known, RULES, make.NOW, jitter=0.0))

    # The swimming club matches no topic: its sighting is stored, its headline is not.
    herald = next(outcome for outcome in outcomes if outcome.feed_id == FEEDS[0].id)
    assert [headline.title for headline in herald.headlines] == ["Tanker seized in Hormuz strait, crew of 23 held"]
    assert herald.headlines[0].url == "https://www.herald.example/world/tanker-seized"
    assert [sighting.headline_id is not None for sighting in herald.sightings] == [True, False]

    # Headlines, validators and next_poll_at of a poll are written in one transaction.
    recorded = store.record_polls(outcomes, make.NOW)
    assert sum(row.headlines_new for row in recorded) == 3

    # Then grouping: headlines without a story are assigned to the window of open stories.
    window = stories.Window()
    assignments = stories.assign(window, store.ungrouped(100))
    store.save_assignments(assignments, make.NOW)
    assert store.ungrouped(100) == ()
    store.close()

    # Two publishers reported the tanker: one story. The bread prices are another.
    assert len({assignment.story_id for assignment in assignments}) == 2


async def test_a_turn_polls_and_groups_all_that_is_due(tmp_path: Path) -> None:
    world = World(tmp_path, FEEDS, WEB, RULES)

    async with world as poller:
        first = await poller.turn()
        nothing = await poller.turn()
        world.clock.move(FEEDS[0].every * 2)
        again = await poller.turn()

    assert (first.polled, first.headlines_new, first.stories_new, first.failed) == (2, 3, 2, 0)
    assert nothing.polled == 0
    assert (again.polled, again.not_modified, again.headlines_new) == (2, 2, 0)


async def test_a_request_gets_an_answer_step_by_step(tmp_path: Path) -> None:
    world = World(tmp_path, FEEDS, WEB, RULES)
    async with world as poller:
        await poller.turn()
    reader = world.backend.reader()
    asked = "http://herald.example/world/tanker-seized/?utm_medium=social#top"

    # The article is found by any spelling of its URL.
    article = reader.headline(url=urls.canonicalise(asked))
    assert article is not None

    # Its terms find its neighbours; its story is known.
    found = reader.neighbours(text.terms(article.title, article.summary), since=make.at(days=-14))
    story = reader.story(reader.story_of(article.id))
    assert isinstance(story, StoryDetail)

    # Rank: never the article itself, one item per story, with the reason.
    items = stories.rank(
        RelatedQuery(url=asked),
        stories.Asked(
            text.terms(article.title, article.summary),
            f"{article.title} {article.summary}",
            topics=frozenset(article.topics),
            lang="en",
            story=story.story.id,
            texts=frozenset([article.id]),
        ),
        found,
        now=reader.changed_at(),
    )
    assert items[0].headline.title == "Iran holds crew of seized tanker Aldgate in Hormuz strait"
    assert items[0].reason.kind is RelatedKind.SAME_STORY

    # The same in one call, as the web and the command line do it; only render knows the names of JSON fields.
    answer = related_to(reader, RelatedQuery(url=asked), rules=RULES, keep=make.at(days=90) - make.NOW)
    assert answer.items == items
    assert render.related_json(answer)["items"][0]["publisher"] == {
        "name": "Evening Courier",
        "domain": "courier.example",
    }
    reader.close()


async def test_each_event_is_listed_once_as_a_story(tmp_path: Path) -> None:
    world = World(tmp_path, FEEDS, WEB, RULES)
    async with world as poller:
        await poller.turn()
    reader = world.backend.reader()

    page = reader.stories(Question(topic=TopicSlug("iran")))

    assert [(story.ref.headlines, story.ref.publishers) for story in page.items] == [(2, 2), (1, 1)]
    reader.close()


async def test_a_failing_feed_does_not_disturb_the_others(tmp_path: Path) -> None:
    lost = make.feed("https://lost.example/rss", name="Lost", host="lost.example")
    world = World(tmp_path, (*FEEDS, lost), WEB, RULES)

    async with world as poller:
        report = await poller.turn()

    assert (report.polled, report.failed, report.headlines_new) == (3, 1, 3)
    assert [(failure.feed.name, failure.reason.value) for failure in report.failures] == [("Lost", "not_found")]
    assert report.failures[0].next_poll_at > world.clock.now
