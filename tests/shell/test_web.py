"""The public web over HTTP: headers, caching, refusals, lists, pages and health."""

from __future__ import annotations

import gzip
import http.client
import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from html import unescape
from urllib.parse import quote, urlsplit

import pytest

from fakes_reader import World, context, fresh_feeds, headline_by, story_with
from make import NOW
from serving import Web, served
from wirekin.errors import BadRequest, StoreError
from wirekin.model import Member, StoryId, feed_id

STORY = story_with(
    Member(headline_by("Tanker seized in the strait", "Harbor", 2)),
    Member(headline_by("Crew of seized tanker safe, owner says", "North", 1)),
)
OTHER = story_with(
    Member(headline_by("Strait tanker traffic resumes after seizure", "Lakeside", 5)), topics=("iran", "russia")
)
GONE = StoryId("mergedaway")
PUBLIC = ["/v1/related?title=tanker+seized", "/v1/stories", f"/v1/stories/{STORY.story.id}", "/v1/headlines", "/v1/topics",
          "/v1/feeds", "/", "/topics", "/topics/iran", "/topics/iran.json", "/topics/iran.atom", "/topics/iran.rss", f"/stories/{STORY.story.id}",
          f"/stories/{STORY.story.id}.json", f"/stories/{STORY.story.id}.atom", f"/stories/{STORY.story.id}.rss", "/feeds", "/feeds.opml",
          "/search?q=tanker", "/fragment/related?title=tanker+strait", "/embed/related?title=tanker+strait",
          "/related.json?title=tanker", "/related.atom?title=tanker", "/related.rss?title=tanker", "/related.jsonld?title=tanker",
          "/related.jetpack?title=tanker", "/oembed?url=https://me.example/a", "/embed", "/docs", "/openapi.json", "/static/builder.js", "/static/height.js", "/widget.js", "/static/wirekin.css", "/static/ages.js"]  # fmt: skip


class ChangingWeb(Web):
    """A web whose tests change what it serves."""

    def fresh(self) -> None:
        super().fresh()
        self.world.stories, self.world.merged = [STORY, OTHER], {GONE: STORY.story.id}
        self.world.feeds, self.world.changed_at = fresh_feeds(), NOW
        self.world.broken, self.world.idle = None, ""


@pytest.fixture(scope="module")
def started() -> Iterator[Web]:
    with served(ChangingWeb(World())) as web:
        yield web
    assert web.world.readers_open == 0


@pytest.fixture
def web(started: Web) -> Web:
    started.fresh()
    return started


# --- what is there -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PUBLIC)
def test_every_public_path_answers_with_the_headers_of_the_contract(web: Web, path: str):
    reply = web.ask(path)

    assert reply.status == 200
    assert reply.headers["cache-control"] == "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
    assert reply.headers["etag"].startswith('"')
    assert reply.headers["access-control-allow-origin"] == "*"
    assert "Link" in reply.headers["access-control-expose-headers"]
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert "unsafe" not in reply.headers["content-security-policy"]
    assert not {"set-cookie", "server"} & set(reply.headers)


@pytest.mark.parametrize("path", PUBLIC)
def test_a_request_with_the_current_etag_is_answered_304(web: Web, path: str):
    etag = web.ask(path).headers["etag"]

    again = web.ask(path, if_none_match=f'"other", W/{etag}')

    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == etag
    assert again.headers["access-control-allow-origin"] == "*"
    assert "cache-control" in again.headers


@pytest.mark.parametrize("path", ["/v1/topics", "/v1/related?title=tanker+seized"])
@pytest.mark.parametrize("known_first", [True, False])
def test_if_none_match_in_two_lines_is_one_list(web: Web, path: str, known_first: bool):
    etag = web.ask(path).headers["etag"]
    with closing(http.client.HTTPConnection(urlsplit(web.address).netloc, timeout=10)) as connection:
        connection.putrequest("GET", path)
        for line in (etag, '"other"') if known_first else ('"other"', etag):
            connection.putheader("If-None-Match", line)
        connection.endheaders()

        assert connection.getresponse().status == 304


def test_a_script_is_gzipped_on_request_with_an_etag_of_its_own(web: Web):
    plain, packed = web.ask("/widget.js"), web.ask("/widget.js", accept_encoding="gzip, br")

    assert (plain.headers.get("content-encoding"), packed.headers["content-encoding"]) == (None, "gzip")
    assert gzip.decompress(packed.body) == plain.body
    assert plain.headers["vary"] == packed.headers["vary"] == "accept-encoding"
    assert plain.headers["etag"] != packed.headers["etag"]
    assert web.ask("/widget.js", accept_encoding="gzip", if_none_match=packed.headers["etag"]).status == 304


@pytest.mark.parametrize("accepted", ["gzip;q=0", "br, GZIP; q=0.000", "deflate", "gzipped", ""])
def test_a_client_that_does_not_accept_gzip_gets_none(web: Web, accepted: str):
    assert "content-encoding" not in web.ask("/widget.js", accept_encoding=accepted).headers


def test_a_change_of_content_changes_the_etag(web: Web):
    before = web.ask("/").headers["etag"]
    web.world.stories = [STORY]

    after = web.ask("/", if_none_match=before)

    assert after.status == 200
    assert after.headers["etag"] != before


@pytest.mark.parametrize("path", ["/", "/v1/stories"])
def test_head_is_get_without_the_body(web: Web, path: str):
    get, head = web.ask(path), web.ask(path, "HEAD")

    assert (head.status, head.body) == (200, b"")
    assert head.headers["etag"] == get.headers["etag"]
    assert head.headers["content-length"] == str(len(get.body))


def test_options_answers_the_preflight_of_any_origin(web: Web):
    reply = web.ask("/v1/related", "OPTIONS", origin="https://me.example", access_control_request_method="GET")

    assert reply.status == 204
    assert reply.headers["access-control-allow-origin"] == "*"
    assert reply.headers["access-control-allow-methods"] == reply.headers["allow"] == "GET, HEAD, OPTIONS"
    assert (reply.headers["access-control-allow-headers"], reply.headers["access-control-max-age"]) == ("*", "86400")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_405_with_the_allowed_ones(web: Web, method: str):
    reply = web.ask("/v1/stories", method)

    assert reply.status == 405
    assert reply.headers["allow"] == "GET, HEAD, OPTIONS"
    assert reply.headers["content-type"] == "application/problem+json"


# --- related ---------------------------------------------------------------------------------------------------------


def test_related_answers_an_article_that_is_not_in_the_store(web: Web):
    reply = web.json("/v1/related?title=Tanker+seized+in+the+strait&url=https://me.example/article")

    assert reply["items"][0]["story"]["id"] == STORY.story.id
    assert reply["items"][0]["story"]["url"] == f"{web.address}/stories/{STORY.story.id}"


def test_our_links_begin_with_public_url_where_it_is_configured(web: Web):
    web.context = context(public_url="https://news.example/wire/")

    reply = web.json("/v1/related?title=Tanker+seized+in+the+strait")

    assert reply["items"][0]["story"]["url"].startswith("https://news.example/wire/stories/")


def test_an_invalid_host_header_is_not_echoed(web: Web):
    reply = web.ask("/v1/stories", host='evil"><script>')

    assert b"evil" not in reply.body
    assert json.loads(reply.body)["items"][0]["url"].startswith("/stories/")


def test_the_fragment_is_a_section_of_html_and_no_whole_document(web: Web):
    reply = web.ask("/fragment/related?title=tanker+seized+strait&heading=More&utm_source=x")

    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.text.lstrip().startswith('<section class="related-stories" aria-label="More" lang="en">')
    assert ">More</h2>" in reply.text


def test_only_the_embed_may_be_framed(web: Web):
    policies = {path: web.ask(path).headers["content-security-policy"] for path in PUBLIC}

    assert [path for path, policy in policies.items() if "frame-ancestors *" in policy] == [
        "/embed/related?title=tanker+strait"
    ]


# --- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/v1/related",
        "/v1/related?url=",
        "/v1/related?text=%20",
        "/v1/related?url=ftp://x.example/a",
        "/v1/related?title=a&title=b",
        "/v1/related?title=a&zebra=1",
        "/embed?theme=zebra",
        "/embed?url=zebra",
        "/v1/related?title=a&limit=0",
        "/v1/related?title=a&limit=51",
        "/v1/related?title=a&limit=%D9%A5",
        "/v1/related?title=a&limit=+5",
        "/v1/related?title=a&since=91d",
        "/v1/related?title=a&since=0d",
        "/v1/related?title=a&since=yesterday",
        "/v1/related?title=a&topic=zebra",
        "/v1/related?title=a&fallback=zebra",
        "/v1/related?text=" + 4_001 * "a",
        "/v1/stories?zebra=1",
        "/v1/stories/x?limit=1",
        "/v1/headlines?limit=zebra",
        "/v1/headlines?lang=zebra+crossing",
        "/v1/stories?lang=zebra%00",
        "/search?q=a&lang=zebra!",
        "/v1/headlines?cursor=zebra",
        "/v1/topics?cursor=zebra",
        "/v1/feeds?cursor=bjk5OTk5OTk5OQ",
        "/topics/iran?limit=zebra",
        "/topics/iran?limit=5&limit=6",
        "/embed/related?title=a&theme=zebra",
        "/embed/related?title=a&images=zebra",
        "/fragment/related?title=a&limit=zebra",
    ],
)
def test_an_invalid_parameter_is_a_400_problem_that_does_not_echo_it(web: Web, path: str):
    reply = web.ask(path)

    assert (reply.status, reply.headers["content-type"]) == (400, "application/problem+json")
    said_back = json.loads(reply.body)
    assert (said_back["status"], said_back["title"], said_back["type"]) == (400, "Bad request", "about:blank")
    assert "zebra" not in reply.text
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["access-control-allow-origin"] == "*"


def test_a_text_of_four_thousand_characters_of_any_script_is_accepted(web: Web):
    assert web.ask("/v1/related?text=" + quote(4_000 * "ک")).status == 200


def test_pages_ignore_unknown_parameters(web: Web):
    assert web.ask("/?utm_source=x&fbclid=y&utm_source=z").status == 200


@pytest.mark.parametrize("path", ["/v1/stories/none", "/stories/none", "/topics/none", "/topics/none.rss", "/zebra",
                                  "/static/..%2f__init__.py", "/static/widget.txt", "/v1/", "/v1/stories/a/b"])  # fmt: skip
def test_an_unknown_path_is_a_404_problem_that_does_not_echo_it(web: Web, path: str):
    reply = web.ask(path)

    assert (reply.status, reply.headers["content-type"]) == (404, "application/problem+json")
    assert "zebra" not in reply.text


@pytest.mark.parametrize("path", ["/v1/stories/", "/feeds/", "/topics/iran/"])
def test_a_path_with_a_trailing_slash_is_404_with_the_usual_headers(web: Web, path: str):
    reply = web.ask(path)

    assert reply.status == 404
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_a_browser_gets_an_error_page_with_a_link_to_the_front_page(web: Web):
    reply = web.ask("/stories/none", accept="text/html,application/xhtml+xml")

    assert (reply.status, reply.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert 'href="/"' in reply.text
    assert reply.headers["vary"] == "accept"


@pytest.mark.parametrize("path", ["/v1/stories/{}", "/stories/{}", "/stories/{}.json", "/stories/{}.atom"])
def test_a_merged_story_redirects_to_the_one_that_took_it(web: Web, path: str):
    reply = web.ask(path.format(GONE))

    assert reply.status == 308
    assert reply.headers["location"] == web.address + path.format(STORY.story.id)
    assert reply.headers["cache-control"] == "public, max-age=60"


def test_a_query_that_takes_too_long_is_400(web: Web):
    web.world.broken = BadRequest("That search takes too long: use rarer words.")

    reply = web.ask("/v1/headlines?search=the")

    assert (reply.status, json.loads(reply.body)["detail"]) == (400, "That search takes too long: use rarer words.")


def test_a_failing_store_is_503_and_is_reopened(web: Web):
    web.world.broken = StoreError("disk I/O error at /secret/place")
    broken = web.ask("/v1/stories")
    web.world.broken = None

    assert (broken.status, broken.headers["retry-after"]) == (503, "30")
    assert b"secret" not in broken.body
    assert web.ask("/v1/stories").status == 200


def test_an_exception_of_our_own_is_a_500_without_details_and_is_logged(web: Web, caplog: pytest.LogCaptureFixture):
    web.world.broken = RuntimeError("secret")

    reply = web.ask("/v1/stories")

    assert (reply.status, reply.headers["content-type"]) == (500, "application/problem+json")
    assert b"secret" not in reply.body
    assert "A request broke: /v1/stories" in caplog.text


# --- lists -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/v1/headlines", "/v1/stories", "/v1/topics", "/v1/feeds"])
def test_a_list_can_be_read_page_by_page_by_its_cursor(web: Web, path: str):
    whole = web.json(path)
    parts, cursor = [], ""
    while cursor is not None:
        part = web.json(f"{path}?limit=1" + (f"&cursor={cursor}" if cursor else ""))
        assert part["items"], "a cursor leads to more"
        parts += part["items"]
        cursor = part["next"]

    assert whole["next"] is None
    assert len(parts) > 1
    assert parts == whole["items"]


def test_a_topic_that_is_added_while_a_list_is_read_repeats_nothing(web: Web):
    first = web.json("/v1/topics?limit=1")
    web.context = replace(context(), topics={"oceans": "Oceans", **context().topics})

    assert [item["slug"] for item in web.json(f"/v1/topics?cursor={first['next']}")["items"]] == [
        "israel-strikes",
        "russia",
    ]


def test_a_cursor_whose_item_is_gone_is_refused(web: Web):
    first = web.json("/v1/topics?limit=1")
    web.context = replace(context(), topics={"russia": "Russia"})

    assert web.ask(f"/v1/topics?cursor={first['next']}").status == 400


def test_the_link_header_leads_to_the_next_page(web: Web):
    first = web.ask("/v1/headlines?limit=1&since=14d")
    link = first.headers["link"]

    assert link.endswith('>; rel="next"')
    assert link.startswith(f"<{web.address}/v1/headlines?limit=1&since=14d&cursor=")
    assert web.ask(link[1:].partition(">")[0].removeprefix(web.address)).status == 200


def test_topics_have_the_names_and_the_order_of_the_configuration(web: Web):
    items = web.json("/v1/topics")["items"]

    assert [(item["slug"], item["name"]) for item in items] == [
        ("iran", "Iran"), ("israel-strikes", "Israeli strikes"), ("russia", "Russia")
    ]  # fmt: skip
    assert [item["stories"] for item in items] == [2, 0, 1]


def test_since_leaves_out_older_headlines(web: Web):
    assert len(web.json("/v1/headlines?since=90m")["items"]) == 1


def test_the_list_of_feeds_has_several_pages_and_each_counts_all_feeds(web: Web):
    (well, *more), *_ = web.world.feeds
    many = (replace(well, id=feed_id(f"https://p{n}.example/"), name=f"Paper {n}") for n in range(120))
    web.world.feeds = [(each, replace(more[0], feed_id=each.id), *more[1:]) for each in many]

    address, shown = "/feeds", list[str]()
    while address:
        page = web.ask(address).text
        assert "120 ok" in page
        shown += re.findall(r"<bdi>(Paper \d+)</bdi></a>", page)
        address = unescape("".join(re.findall(r'rel="next" href="([^"]*)"', page)))

    assert shown == [f"Paper {n}" for n in range(120)]


def test_the_health_of_feeds_is_judged_at_the_time_of_the_request(web: Web):
    items = {item["name"]: item for item in web.json("/v1/feeds")["items"]}

    assert items["North Wire"]["health"] == "failing"
    assert items["The Quiet Quarterly"]["health"] == "new"


# --- pages -----------------------------------------------------------------------------------------------------------


def test_a_story_of_two_topics_is_shown_once_on_the_front_page(web: Web):
    page = web.ask("/").text

    assert page.count(OTHER.story.lead.title) == 1
    assert "Nothing in the last days that is not told above or beside." in page


def test_the_newest_section_has_one_headline_per_publisher_and_none_shown_elsewhere(web: Web):
    lone = [
        story_with(Member(headline_by(f"Strait, the hour {n}", f"Paper {n // 2}", n / 10)), topics=())
        for n in range(20)
    ]
    web.world.stories += lone

    page = web.ask("/").text
    (newest,) = re.findall('<section class="newest".*?</section>', page, re.DOTALL)

    assert re.findall("Strait, the hour ([0-9]+)", newest) == ["0", "2", "4", "6", "8", "10"]
    assert STORY.story.lead.title not in newest
    assert "/search?from=2026-11-22" in newest


def test_the_newest_section_has_no_reprint_of_a_headline_shown_on_the_front_page(web: Web):
    again = [Member(headline_by(STORY.story.lead.title.upper(), f"Herald {n}", n / 4)) for n in range(3)]
    web.world.stories += [story_with(one, topics=()) for one in again]

    (newest,) = re.findall('<section class="newest".*?</section>', web.ask("/").text, re.DOTALL) or [""]
    assert STORY.story.lead.title.upper() not in newest


def test_topics_are_listed_with_their_counts_and_their_leading_story(web: Web):
    page = web.ask("/topics").text

    assert re.findall('<h2 id="s[0-9]"><a href="/topics/([^"]+)">', page) == ["iran", "israel-strikes", "russia"]
    assert STORY.story.lead.title in page
    assert "2 stories and 2 headlines in 14 days" in page
    assert "Nothing in 14 days." in page
    assert page.count("/topics/iran.atom") == 2
    web.context = replace(context(), topics={})
    assert "No topics yet." in web.ask("/topics").text


def test_without_topics_the_front_page_shows_every_story(web: Web):
    web.context = replace(context(), topics={})

    page = re.sub('<section class="newest".*?</section>', "", web.ask("/").text, flags=re.DOTALL)

    assert STORY.story.lead.title in page
    assert OTHER.story.lead.title in page


def test_a_reloaded_configuration_takes_effect_at_once(web: Web):
    assert web.ask("/topics/oceans").status == 404
    web.context = replace(context(), topics={"oceans": "Oceans"})

    assert web.ask("/topics/oceans").status == 200


def test_a_search_that_is_all_operators_is_answered(web: Web):
    for words in ('"', "AND OR NOT", "*", "NEAR(", "a" * 200, "\x00"):
        assert web.ask("/search?q=" + quote(words)).status == 200


def test_a_page_of_a_longer_list_links_to_the_next_one(web: Web):
    page = web.ask("/topics/iran?limit=1").text

    assert 'rel="next" href="/topics/iran?limit=1&amp;cursor=1"' in page


# --- health ----------------------------------------------------------------------------------------------------------


def test_favicon_ico_is_the_icon_of_the_pages(web: Web):
    icon = web.ask("/favicon.ico")

    assert (icon.status, icon.headers["content-type"]) == (200, "image/svg+xml")
    assert icon.text == web.ask("/static/icon.svg").text


@pytest.mark.parametrize("path", ["/healthz", "/widget.js", "/static/wirekin.css"])
def test_paths_that_need_no_database_are_served_without_one(web: Web, path: str):
    web.world.broken = StoreError("gone")
    assert web.ask("/v1/stories").status == 503  # closes the open reader

    assert web.ask(path).status == 200


def test_readyz_is_503_when_the_database_cannot_be_opened(web: Web):
    web.world.broken = StoreError("gone")

    reply = web.ask("/readyz")

    assert (reply.status, json.loads(reply.body)) == (503, {"ready": False, "reason": "the database cannot answer"})
    assert reply.headers["retry-after"] == "30"


def test_readyz_is_200_while_polling_goes_on(web: Web):
    assert web.json("/readyz") == {"ready": True, "reason": None}


def test_readyz_says_why_nothing_is_polled(web: Web):
    web.world.idle = "the daemon has not ticked yet"

    reply = web.ask("/readyz")

    assert (reply.status, json.loads(reply.body)) == (503, {"ready": False, "reason": "the daemon has not ticked yet"})
    assert reply.headers["cache-control"] == "no-store"


def test_metrics_count_responses_by_route_and_never_by_url(web: Web):
    web.ask(f"/stories/{STORY.story.id}")
    web.ask("/zebra?q=secret")

    text = web.ask("/metrics").text

    assert 'wirekin_http_requests_total{method="GET",route="/stories/{id}",status="200"}' in text
    assert 'route="other",status="404"' in text
    assert 'wirekin_feeds{health="failing"} 1.0' in text
    assert STORY.story.id not in text
    assert "secret" not in text
    assert "http://" not in text
