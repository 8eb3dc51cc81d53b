"""The JSON answers: their fields, links and times."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from fakes_reader import fresh_feeds, headline_by, story_with
from make import NOW, at, headline, topics
from wirekin.model import (
    FeedReport,
    Health,
    Image,
    Member,
    Page,
    Precision,
    RelatedAnswer,
    RelatedItem,
    RelatedKind,
    RelatedQuery,
    RelatedReason,
    StoryId,
    StoryRef,
    Subscription,
    SubscriptionState,
    TopicCount,
    TopicSlug,
)
from wirekin.render import (
    dump,
    export_row,
    feeds_json,
    headlines_json,
    related_json,
    safe_link,
    stamp,
    stories_json,
    story_json,
    topics_json,
)

ARTICLE = "https://review.example/partnership"


def item(**more) -> RelatedItem:
    found = headline(
        "Ship seized in Hormuz",
        "https://harbor.example/a",
        summary="Crew safe.",
        published_at=at(-2),
        image=Image("https://harbor.example/a.jpg", 640, 360),
    )
    reason = RelatedReason(RelatedKind.SAME_TOPIC, ("hormuz",), topics("iran"))
    plain = {"headline": found, "story": StoryRef(StoryId("s1"), 12, 7, 5), "score": 0.8314, "reason": reason}
    return RelatedItem(**{**plain, **more})


def answer(*items: RelatedItem, **more) -> RelatedAnswer:
    return RelatedAnswer(query=RelatedQuery(url=ARTICLE, title="A partnership"), items=items, changed_at=NOW, **more)


def test_a_related_answer_has_exactly_the_fields_of_the_contract():
    actual = related_json(answer(item()), "https://news.example")

    expected = {
        "version": 1,
        "generated_at": "2026-11-22T10:00:00Z",
        "fallback": None,
        "query": {"url": ARTICLE, "headline": None, "title": "A partnership"},
        "items": [
            {
                "id": headline(url="https://harbor.example/a").id,
                "url": "https://harbor.example/a",
                "title": "Ship seized in Hormuz",
                "summary": "Crew safe.",
                "lang": "en",
                "publisher": {"name": "The Daily Example", "domain": "example.com"},
                "published_at": "2026-11-22T08:00:00Z",
                "first_seen_at": "2026-11-22T10:00:00Z",
                "image": {"url": "https://harbor.example/a.jpg", "width": 640, "height": 360},
                "story": {
                    "id": "s1",
                    "url": "https://news.example/stories/s1",
                    "headlines": 12,
                    "publishers": 7,
                    "independent": 5,
                },
                "score": 0.831,
                "reason": {"kind": "same_topic", "terms": ["hormuz"], "topics": ["iran"]},
            }
        ],
    }
    assert actual == expected
    assert list(actual["items"][0]) == list(expected["items"][0])


def test_a_related_answer_names_the_article_found_and_the_fallback_used():
    found = headline("The article itself")
    asked = RelatedAnswer(RelatedQuery(url=found.url), (), NOW, headline=found, fallback=RelatedKind.LATEST)

    actual = related_json(asked)

    assert actual["query"] == {"url": found.url, "headline": found.id, "title": "The article itself"}
    assert actual["fallback"] == "latest"
    assert actual["items"] == []


def test_query_fields_that_were_not_asked_are_null():
    actual = related_json(RelatedAnswer(RelatedQuery(text="some words"), (), NOW))

    assert actual["query"] == {"url": None, "headline": None, "title": None}


def test_a_dangerous_link_is_left_out():
    bad = headline(url="javascript:alert(1)", image=Image("data:text/html,x"))

    actual = related_json(answer(item(headline=bad)))["items"][0]

    assert actual["url"] == ""
    assert actual["image"] is None


def test_a_score_is_clamped_between_0_and_1():
    scores = [related_json(answer(item(score=score)))["items"][0]["score"] for score in (-0.2, 1.0000001)]

    assert scores == [0.0, 1.0]


def test_a_list_has_items_and_the_cursor_of_the_next_page():
    actual = headlines_json(Page((headline(topics=topics("iran")),), "c2"), {})

    assert list(actual) == ["items", "next"]
    assert actual["next"] == "c2"
    assert actual["items"][0]["topics"] == ["iran"]


def test_a_listed_headline_names_its_story_once_it_is_grouped():
    told, alone = headline_by("One", "Harbor", 3), headline_by("Two", "North", 2)
    page = Page((told, alone))

    actual = headlines_json(page, {told.id: StoryRef(StoryId("s1"), 12, 7, 5)}, "https://news.example")["items"]

    counts = {"headlines": 12, "publishers": 7, "independent": 5}
    assert actual[0]["story"] == {"id": "s1", "url": "https://news.example/stories/s1", **counts}
    assert actual[1]["story"] is None


def test_a_story_has_its_lead_its_counts_and_its_other_headlines():
    first, second = Member(headline_by("One", "Harbor", 3)), Member(headline_by("Two", "North", 2, "fa"))
    page = Page((story_with(first, second).story,))

    actual = stories_json(page, "https://news.example")["items"][0]

    assert actual["lead"]["title"] == actual["title"] == "One"
    assert [other["title"] for other in actual["others"]] == ["Two"]
    assert (actual["headlines"], actual["publishers"], actual["independent"]) == (2, 2, 2)
    assert actual["langs"] == ["en", "fa"]
    assert actual["url"] == f"https://news.example/stories/{actual['id']}"


def test_the_members_of_a_story_name_the_headline_they_copy():
    first = Member(headline_by("One", "Harbor", 3))
    again = Member(headline_by("One", "North", 2), first.headline.id, 0.96651)

    actual = story_json(story_with(first, again))

    assert [member["copy_of"] for member in actual["members"]] == [None, first.headline.id]
    assert actual["members"][1]["score"] == 0.967
    assert "others" not in actual


def test_the_members_of_a_story_have_their_lag_shared_words_and_voice():
    first = Member(headline_by("Ferry strike ends", "Harbor", 3))
    later = Member(replace(headline_by("Strike of the ferry crews is over", "North", 2), voice="Reuters"))
    day = Member(
        replace(headline_by("Boats run", "West", 1), published_at=NOW, precision=Precision.DAY, first_seen_at=NOW)
    )

    members = story_json(story_with(first, later, day))["members"]

    assert [member["lag_seconds"] for member in members] == [0, 3600, None]
    assert [member["shares"] for member in members] == [["Ferry", "strike"], ["Strike", "ferry"], []]
    assert [member["voice"] for member in members] == ["Harbor", "Reuters", "West"]


def test_topics_carry_slug_and_name():
    counts = (TopicCount(TopicSlug("iran"), "Iran", 12, 4, NOW),)

    actual = topics_json(Page(counts), "https://news.example")["items"]

    assert actual == [
        {
            "slug": "iran",
            "name": "Iran",
            "url": "https://news.example/topics/iran",
            "headlines": 12,
            "stories": 4,
            "last_at": "2026-11-22T10:00:00Z",
        }
    ]


def test_feeds_give_the_reason_of_a_failure_but_not_its_detail():
    feed, state, kept, recent = fresh_feeds()[1]
    page = Page((FeedReport(feed, state, Health.FAILING, kept, recent),))

    actual = feeds_json(page)

    assert actual["items"][0]["reason"] == "timeout"
    assert actual["items"][0]["health"] == "failing"
    assert state.detail not in json.dumps(actual)
    assert feeds_json(page, details=True)["items"][0]["detail"] == state.detail


def test_a_feed_shows_its_subscription_without_the_secrets_of_the_hub():
    feed, state, kept, recent = fresh_feeds()[0]
    hub = "https://hub.example/"
    held = Subscription(feed.id, hub, feed.url, SubscriptionState.ACTIVE, at(240), "words", "a token", "a secret", True)
    page = Page((FeedReport(feed, state, Health.OK, kept, recent, held), FeedReport(feed, state, Health.OK)))

    subscribed, unsubscribed = feeds_json(page)["items"]

    assert subscribed["push"] == {"hub": hub, "state": "active", "lease_until": "2026-12-02T10:00:00Z"}
    assert unsubscribed["push"] is None


def test_an_export_row_gives_the_link_as_published_and_times_to_the_microsecond():
    seen = NOW + timedelta(microseconds=5)
    row = export_row(
        headline(url="https://example.com/a", link="https://example.com/a?utm_source=x", first_seen_at=seen)
    )

    assert row["url"] == "https://example.com/a?utm_source=x"
    assert row["canonical_url"] == "https://example.com/a"
    assert row["first_seen_at"] == "2026-11-22T10:00:00.000005Z"
    assert row["publisher"] == "The Daily Example"


def test_an_instant_is_written_in_utc_with_whole_seconds():
    elsewhere = (NOW + timedelta(milliseconds=999)).astimezone(timezone(timedelta(hours=3, minutes=30)))

    assert stamp(elsewhere) == "2026-11-22T10:00:00Z"


@given(st.text(), st.text())
def test_any_text_survives_being_dumped_as_json(title: str, summary: str):
    loaded = json.loads(dump(headlines_json(Page((headline(title, summary=summary),)), {})))

    assert loaded["items"][0]["title"] == title
    assert loaded["items"][0]["summary"] == summary


def test_equal_values_give_equal_bytes():
    assert dump(related_json(answer(item()))) == dump(related_json(answer(item())))


def test_a_lone_surrogate_does_not_break_an_answer():
    assert b"?" in dump({"title": "\ud800"})


@given(st.text(max_size=40))
def test_a_safe_link_has_no_character_that_ends_an_attribute(text: str):
    link = safe_link("https://example.com/" + text)

    assert not set(link) & set('"<>\\` \n\t\x00')


def test_schemes_other_than_http_are_not_safe():
    bad = [
        "javascript:alert(1)",
        " https://x.example",
        "data:text/html,x",
        "//x.example",
        "ftp://x.example",
        "https://",
    ]

    assert [safe_link(url) for url in bad] == [""] * len(bad)


def test_a_scheme_in_capitals_is_safe():
    assert safe_link("HTTPS://x.example/") == "HTTPS://x.example/"
