"""Answers that depend on the client, on what it has cached, and on whether the resource exists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from fakes_reader import World, context, fresh_feeds, headline_by, story_with
from make import NOW, feed, state
from serving import Web, served
from wirekin.digest import Rules
from wirekin.errors import BadRequest
from wirekin.model import FeedId, Member, Subscription, SubscriptionState, TopicSlug, feed_id
from wirekin.publishers import Directory, PublisherSpec
from wirekin.tokens import AdminToken, Scope, hash_of
from wirekin.topics import compile_rules
from wirekin.web._params import since_of

STORY = story_with(
    Member(headline_by("Tanker seized in the strait", "Harbor", 2)),
    Member(headline_by("Crew of seized tanker safe, owner says", "North", 1)),
)


class ChangingWeb(Web):
    """A web whose tests change what it serves."""

    def fresh(self) -> None:
        super().fresh()
        self.world.feeds, self.world.subscriptions = fresh_feeds(), {}


@pytest.fixture(scope="module")
def started() -> Iterator[Web]:
    with served(ChangingWeb(World(stories=[STORY]))) as web:
        yield web


@pytest.fixture
def web(started: Web) -> Web:
    started.fresh()
    return started


# --- what there is ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["feed=zebra", "publisher=zebra.example", "feed=zebra&publisher=Harbor&limit=1"])
def test_headlines_of_an_unknown_feed_or_publisher_are_404(web: Web, asked: str):
    reply = web.ask(f"/v1/headlines?{asked}")

    assert (reply.status, reply.headers["content-type"]) == (404, "application/problem+json")
    assert "zebra" not in reply.text


def test_a_known_feed_publisher_or_language_without_headlines_has_an_empty_list(web: Web):
    web.context = context(rules=Rules(compile_rules([]), Directory([PublisherSpec("Silent", ("silent.example",))])))
    silent = ["feed=" + feed_id("https://quiet.example/atom.xml"), "publisher=harbor+courier", "publisher=silent",
              "publisher=silent.example", "lang=sw", "publisher=Harbor&lang=sw"]  # fmt: skip

    assert [web.json(f"/v1/headlines?{asked}")["items"] for asked in silent] == [[]] * len(silent)


def test_a_configured_feed_that_was_never_polled_has_an_empty_list(web: Web):
    web.context = context(feeds=(FeedId("new"),))

    assert web.json("/v1/headlines?feed=new")["items"] == []


def private_feed(web: Web, secret: str) -> None:
    """Add a feed whose address, hub and new address contain a secret."""
    url, hub = f"https://me:{secret}@harbor.example/rss?key={secret}", f"https://hub.example/?token={secret}"
    one = feed(url, name="Harbor")
    moved = state(one, moved_to=f"{url}&v=2", address=f"{url}&v=3", last_polled_at=NOW)
    web.world.feeds = [(one, moved, 1, (1,))]
    web.world.subscriptions = {one.id: Subscription(one.id, hub, url, SubscriptionState.ACTIVE, NOW)}


@pytest.mark.parametrize("path", ["/v1/feeds", "/feeds", "/feeds.opml"])
def test_secrets_in_the_urls_of_feeds_are_shown_only_with_a_valid_token(web: Web, path: str):
    private_feed(web, "hush")
    web.context = context(admin_tokens=(AdminToken("desk", frozenset({Scope.STORIES}), hash_of("right")),))

    public, wrong, right = (web.ask(path, **sent) for sent in ({}, {"authorization": "Bearer wrong"},
                                                               {"authorization": "Bearer right"}))  # fmt: skip

    assert ("hush" in public.text, "hush" in wrong.text, "hush" in right.text) == (False, False, True)
    assert [one.headers["vary"] for one in (public, wrong, right)] == ["authorization"] * 3
    assert public.headers["cache-control"].startswith("public")
    assert right.headers["cache-control"] == "no-store"
    assert "harbor.example/rss?key=***" in public.text or path == "/feeds.opml"


def test_the_page_of_feeds_mentions_feeds_that_were_never_polled(web: Web):
    web.world.feeds = []
    web.context = context(feeds=(FeedId("a"), FeedId("b")))

    assert "2 feeds in <code>feeds.yml</code>, not polled yet" in web.ask("/feeds").text


def test_feeds_are_listed_in_the_order_of_feeds_yml(web: Web):
    known = [row[0] for row in fresh_feeds()]
    web.context = context(feeds=tuple(feed.id for feed in reversed(known)))

    opml = web.ask("/feeds.opml").text

    assert [item["id"] for item in web.json("/v1/feeds")["items"]] == [feed.id for feed in reversed(known)]
    assert sorted(known, key=lambda feed: opml.index(feed.url)) == known[::-1]


@pytest.mark.parametrize("path", ["/v1/topics", "/v1/related?title=tanker+seized"])
def test_if_match_with_another_etag_is_412(web: Web, path: str):
    etag = web.ask(path).headers["etag"]

    tags = (etag, "*", f'"other", {etag}', '"other"', f"W/{etag}")
    replies = [web.ask(path, if_match=tag) for tag in tags]

    assert [reply.status for reply in replies] == [200, 200, 200, 412, 412]
    assert replies[3].headers["content-type"] == "application/problem+json"
    assert replies[3].headers["cache-control"] == "no-store"
    assert web.ask(path, if_match=etag, if_none_match=etag).status == 304
    assert web.ask(path, if_match='"other"', if_none_match=etag).status == 412


@pytest.mark.parametrize("header", ["if_modified_since", "if_unmodified_since"])
def test_date_conditions_are_ignored_for_a_response_without_last_modified(web: Web, header: str):
    assert web.ask("/v1/topics", **{header: "Sun, 22 Nov 2026 10:00:00 GMT"}).status == 200


def test_the_widget_script_has_the_names_of_the_topics_safely_quoted(web: Web):
    web.context = context(topics={TopicSlug("constructor"): 'The "Strip", // and "TOPICS"\u2028'})

    script = web.ask("/widget.js")

    assert 'new Map([["constructor","The \\"Strip\\", // and \\"TOPICS\\"\u2028"]])' in script.text
    assert web.ask("/static/widget.js").text == script.text
    assert web.ask("/widget.js", if_none_match=script.headers["etag"]).status == 304


@pytest.mark.parametrize(("hours", "said"), [(24 * 90, "90d"), (36, "36h")])
def test_the_maximum_of_since_is_reported_in_the_notation_of_since(hours: int, said: str):
    with pytest.raises(BadRequest, match=f"since can be at most {said}:"):
        since_of({"since": f"{hours + 1}h"}, timedelta(hours=hours))

    assert since_of({"since": said}, timedelta(hours=hours)) == timedelta(hours=hours)
