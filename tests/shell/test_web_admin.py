"""/v1/admin/: the holder of a token may refresh and correct; all others learn nothing."""

from __future__ import annotations

import http.client
import json
import logging
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator

import make
import polls
from fakes import Clock
from fakes_reader import context
from hub import Reply, call
from make import NOW
from serving import serving_backend
from wirekin import corrections
from wirekin.model import Feed, Headline, StoryId
from wirekin.store import Backend, Reader, Store, open_store
from wirekin.tokens import AdminToken, Scope, hash_of, holder_of
from wirekin.web import WebContext, _admin

REFRESH, STORIES = "/v1/admin/refresh", "/v1/admin/stories"
TOKENS = {"poll": frozenset({Scope.REFRESH}), "desk": frozenset({Scope.STORIES}), "all": frozenset(Scope)}
FEEDS = (make.feed(), make.feed("https://other.example/rss.xml"))
ONE, TWO, THREE = polls.headline("one"), polls.headline("two"), polls.headline("three", domain="other.example")


def tokens_with(**scopes: frozenset[Scope]) -> tuple[AdminToken, ...]:
    return tuple(AdminToken(name, given, hash_of(f"token of {name}")) for name, given in scopes.items())


@dataclass
class Site:
    """A web over a database with two feeds and two stories, with its clock fixed an hour after the last poll."""

    base: str
    backend: Backend
    store: Store
    reader: Reader
    clock: Clock
    context: WebContext

    def post(self, path: str, said: Any = None, holder: str = "all", **headers: str) -> Reply:
        body = said if isinstance(said, bytes) else json.dumps({} if said is None else said).encode()
        given = {"Authorization": f"Bearer token of {holder}", "Content-Type": "application/json", **headers}
        return call("POST", self.base + path, body, **{name: value for name, value in given.items() if value})

    def next_poll_at(self, feed: Feed) -> datetime:
        return self.store.feed_states()[feed.id].next_poll_at

    def corrections(self) -> set[tuple[str, str, bool]]:
        return {(word.a, word.b, word.must) for word in self.store.corrections()}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    backend, clock = open_store(str(tmp_path / "w.db")), Clock()
    with closing(backend.store()) as store, closing(backend.reader()) as reader:
        store.sync_feeds(FEEDS, NOW)
        store.record_polls([polls.outcome(feed, next_poll_at=make.at(6)) for feed in FEEDS], NOW)
        polls.record(store, ONE, TWO, THREE, feed=FEEDS[0])
        polls.group(store, ONE, TWO)
        polls.group(store, THREE)
        store.record_polls([polls.outcome(feed, next_poll_at=make.at(6)) for feed in FEEDS], NOW)
        clock.move(timedelta(hours=1))
        found = Site("", backend, store, reader, clock, context(admin_tokens=tokens_with(**TOKENS)))
        with serving_backend(backend, current=lambda: found.context, clock=clock) as base:
            found.base = base
            yield found


# --- authorization ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [REFRESH, STORIES])
def test_without_tokens_in_feeds_yml_the_admin_paths_are_404(site: Site, path: str) -> None:
    site.context = context()
    headers = {"Authorization": "Bearer token of all", "Content-Type": "application/json"}
    for method in ("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE"):
        ours = call(method, site.base + path, b"{}", **headers)
        nowhere = call(method, site.base + "/v1/admin/nothing", b"{}", **headers)

        assert (ours.status, ours.body) == (404, nowhere.body)
        assert {**ours.headers, "date": ""} == {**nowhere.headers, "date": ""}


def test_only_post_is_allowed(site: Site) -> None:
    for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
        reply = call(method, site.base + REFRESH, Authorization="Bearer token of all")

        assert (reply.status, reply.headers["allow"]) == (405, "POST")


NO_TOKENS = [
    "",
    "Bearer",
    "Bearer ",
    "Bearer token of nobody",
    "Bearer token of al",
    "Bearer token of all2",
    "Basic token of all",
    "token of all",
    f"Bearer {hash_of('token of all')}",
    "Bearer t\u00f6ken",
]


@pytest.mark.parametrize("path", [REFRESH, STORIES])
def test_a_missing_or_wrong_token_is_401_and_changes_nothing(site: Site, path: str) -> None:
    for given in NO_TOKENS:
        reply = site.post(path, {"pin": ONE.id} if path == STORIES else {}, Authorization=given)

        assert (reply.status, json.loads(reply.body)["title"]) == (401, "Who are you?")
        assert reply.headers["www-authenticate"].startswith('Bearer realm="wirekin"')
        assert reply.headers["content-type"] == "application/problem+json"
    assert (site.next_poll_at(FEEDS[0]), site.corrections()) == (make.at(6), set())


def test_two_authorization_headers_are_refused(site: Site) -> None:
    parts = urlsplit(site.base)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    with closing(connection):
        connection.putrequest("POST", REFRESH)
        for token in ("token of all", "token of nobody"):
            connection.putheader("Authorization", f"Bearer {token}")
        connection.putheader("Content-Type", "application/json")
        connection.putheader("Content-Length", "2")
        connection.endheaders(b"{}")
        status = connection.getresponse().status

    assert status == 401


@pytest.mark.parametrize(("path", "name", "scope"), [(REFRESH, "desk", "refresh"), (STORIES, "poll", "stories")])
def test_a_token_without_the_scope_is_403_and_changes_nothing(site: Site, path: str, name: str, scope: str) -> None:
    reply = site.post(path, {"pin": ONE.id} if path == STORIES else {}, holder=name)

    assert reply.status == 403
    assert reply.headers["www-authenticate"] == f'Bearer realm="wirekin", error="insufficient_scope", scope="{scope}"'
    assert (site.next_poll_at(FEEDS[0]), site.corrections()) == (make.at(6), set())


def test_a_token_removed_from_feeds_yml_is_refused_at_once(site: Site) -> None:
    before = site.post(REFRESH).status
    site.context = replace(site.context, admin_tokens=tokens_with(desk=TOKENS["desk"]))

    assert (before, site.post(REFRESH).status) == (202, 401)


def test_the_authorization_scheme_may_be_written_in_any_case(site: Site) -> None:
    assert site.post(REFRESH, Authorization="bEARER  token of all").status == 202


def test_a_token_matches_only_by_its_whole_hash() -> None:
    tokens = tokens_with(**TOKENS)

    assert holder_of("token of desk", tokens) is tokens[1]
    assert [holder_of(text, tokens) for text in ("", "token of des", tokens[1].hash, "\ud800")] == [None] * 4
    assert holder_of("", ()) is None


# --- how it is asked -------------------------------------------------------------------------------------------------


def test_a_body_that_is_not_declared_as_json_is_415(site: Site) -> None:
    """A page of another site can post the first four without a preflight (Fetch, CORS-safelisted)."""
    for kind in ("", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "json"):
        assert (site.post(REFRESH, **{"Content-Type": kind}).status, site.next_poll_at(FEEDS[0])) == (415, make.at(6))


def test_json_may_name_its_charset(site: Site) -> None:
    assert site.post(REFRESH, **{"Content-Type": "Application/JSON; charset=utf-8"}).status == 202


@pytest.mark.parametrize("chunked", [True, False])
def test_a_body_over_the_cap_is_refused_with_or_without_a_content_length(site: Site, chunked: bool) -> None:
    parts = urlsplit(site.base)
    headers = {"Authorization": "Bearer token of all", "Content-Type": "application/json"}
    body = b'{"feeds": ["' + b"x" * _admin.MAX_BODY + b'"]}'
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    with closing(connection):
        chunks = (body[at : at + 8_192] for at in range(0, len(body), 8_192))
        connection.request("POST", REFRESH, chunks if chunked else body, headers, encode_chunked=chunked)
        status = connection.getresponse().status

    assert status == 413


def test_a_body_of_exactly_the_cap_is_read(site: Site) -> None:
    assert site.post(REFRESH, b"{" + b" " * (_admin.MAX_BODY - 2) + b"}").status == 202


def head_only(site: Site, length: int) -> bytes:
    """The first line of the answer to a request whose body never comes."""
    parts = urlsplit(site.base)
    head = f"POST {REFRESH} HTTP/1.1\r\nHost: us\r\nAuthorization: Bearer token of all\r\n"
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=10) as connection:
        connection.sendall(f"{head}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n".encode())
        return connection.recv(4_096).split(b"\r\n")[0]


def test_a_body_that_never_arrives_is_408(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_admin, "BODY_SECONDS", 0.05)

    assert b" 408 " in head_only(site, 9)
    assert b" 413 " in head_only(site, _admin.MAX_BODY + 1)  # refused at once, without waiting for the body


WRONG_BODIES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"x"',
    b"\xff\xfe{\x00}\x00",
    b'{"x": "\xff"}',
    b"[" * 60_000,
    b'{"a":' * 12_000,
    b"1" * 60_000,
]
WRONG_WORDS = [
    {"feeds": []},
    {"feeds": "x"},
    {"feeds": None},
    {"feeds": [1]},
    {"feeds": [["x"]]},
    {"feeds": ["x" * 501]},
    {"feeds": [""]},
    {"feeds": ["\ud800"]},
    {"feeds": ["a\u0000b"]},
    {"feed": ["x"]},
]
WRONG_CORRECTIONS = [
    {},
    {"join": ["a", "b"]},
    {"merge": ["a"]},
    {"merge": ["a", "b", "c"]},
    {"merge": "ab"},
    {"merge": ["a", 1]},
    {"split": ["a"]},
    {"split": None},
    {"split": "\ud800"},
    {"pin": {"a": "b"}},
    {"pin": "a", "unpin": "a"},
    {"unpin": 7},
]


@pytest.mark.parametrize(
    ("path", "wrong"),
    [(REFRESH, WRONG_BODIES), (STORIES, WRONG_BODIES), (REFRESH, WRONG_WORDS), (STORIES, WRONG_CORRECTIONS)],
)
def test_an_invalid_body_is_a_400_problem_that_does_not_echo_it(site: Site, path: str, wrong: list[Any]) -> None:
    replies = [site.post(path, said) for said in wrong]

    assert [(said, reply.status) for said, reply in zip(wrong, replies, strict=True) if reply.status != 400] == []
    assert {reply.headers["content-type"] for reply in replies} == {"application/problem+json"}
    assert not any(b"xxx" in reply.body for reply in replies)
    assert (site.next_poll_at(FEEDS[0]), site.corrections()) == (make.at(6), set())


def test_query_parameters_are_refused(site: Site):
    replies = [site.post(path + "?feeds=x", said) for path, said in ((REFRESH, {}), (STORIES, {"split": ONE.id}))]

    assert [reply.status for reply in replies] == [400, 400]
    assert b"Known: none." in replies[0].body
    assert site.corrections() == set()


def test_too_many_requests_with_any_token_are_429_with_retry_after(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_admin, "A_MINUTE", 3)

    replies = [site.post(path, holder=name) for path, name in [(REFRESH, "x"), (STORIES, "y"), (REFRESH, "z")]]
    last = site.post(REFRESH)

    assert [reply.status for reply in replies] == [401] * 3
    assert (last.status, site.next_poll_at(FEEDS[0])) == (429, make.at(6))
    assert 1 <= int(last.headers["retry-after"]) <= 20


def test_no_admin_response_may_be_cached_or_read_by_another_origin(site: Site) -> None:
    origin = {"Origin": "https://else.example"}
    replies = [site.post(REFRESH, **origin), site.post(STORIES, holder="x", **origin), site.post(STORIES, {}, **origin)]
    replies.append(call("OPTIONS", site.base + REFRESH, **origin, **{"Access-Control-Request-Method": "POST"}))

    assert [reply.status for reply in replies] == [202, 401, 400, 405]
    for reply in replies:
        assert reply.headers["cache-control"] == "no-store"
        assert reply.headers["cross-origin-resource-policy"] == "same-origin"
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert [name for name in reply.headers if name.startswith("access-control-") or name == "etag"] == []


def test_the_log_names_the_holder_and_never_the_token(
    site: Site, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("by a test")

    caplog.set_level(logging.INFO)
    site.post(REFRESH)
    site.post(STORIES, holder="nobody")
    monkeypatch.setattr(corrections, "pinning", broken)
    reply = site.post(STORIES, {"pin": ONE.id})

    told = "".join(logging.Formatter().format(record) for record in caplog.records)
    assert reply.status == 500
    assert "/v1/admin/refresh by all" in told
    assert "A request broke: /v1/admin/stories" in told
    assert "token of" not in told


# --- what is done ----------------------------------------------------------------------------------------------------


def test_a_refresh_makes_every_feed_due(site: Site) -> None:
    reply = site.post(REFRESH)

    assert (reply.status, json.loads(reply.body)) == (202, {"feeds": 2})
    assert [site.next_poll_at(feed) for feed in FEEDS] == [site.clock(), site.clock()]


def test_a_refresh_of_one_feed_leaves_the_other_as_planned(site: Site) -> None:
    reply = site.post(REFRESH, {"feeds": [FEEDS[1].id]})

    assert json.loads(reply.body) == {"feeds": 1}
    assert [site.next_poll_at(feed) for feed in FEEDS] == [make.at(6), site.clock()]


def test_a_refresh_of_an_unknown_feed_is_404_and_makes_nothing_due(site: Site) -> None:
    reply = site.post(REFRESH, {"feeds": [FEEDS[1].id, "nobody"]})

    assert (reply.status, b"nobody" in reply.body) == (404, False)
    assert site.next_poll_at(FEEDS[1]) == make.at(6)


def story_of_each(site: Site) -> dict[Headline, StoryId | None]:
    """The story of each headline; corrections are applied by grouping, which has its own tests."""
    return {one: site.reader.story_of(one.id) for one in (ONE, TWO, THREE)}


def test_a_merge_is_stored_for_the_next_grouping(site: Site) -> None:
    home = story_of_each(site)
    reply = site.post(STORIES, {"merge": [home[ONE], home[THREE]]}, holder="desk")

    assert (reply.status, json.loads(reply.body)) == (202, {"did": "merge", "corrections": 1})
    assert site.corrections() == {(home[ONE], home[THREE], True)}


@pytest.mark.parametrize(("verb", "must"), [("split", False), ("pin", True)])
def test_a_split_or_pin_is_stored_and_an_unpin_withdraws_it(site: Site, verb: str, must: bool) -> None:
    kept = site.post(STORIES, {verb: TWO.id}), site.corrections()
    back = site.post(STORIES, {"unpin": TWO.id}), site.corrections()

    assert (kept[0].status, kept[1]) == (202, {(ONE.id, TWO.id, must)})  # the second is the corrected headline
    assert (back[0].status, json.loads(back[0].body), back[1]) == (202, {"did": "unpin", "corrections": 1}, set())
    assert json.loads(site.post(STORIES, {"unpin": TWO.id}).body)["corrections"] == 0


@pytest.mark.parametrize("said", [{"merge": ["<b>", "y"]}, {"split": "<b>"}, {"pin": "<b>"}, {"unpin": "<b>"}])
def test_an_unknown_id_is_404_and_not_echoed(site: Site, said: Any) -> None:
    reply = site.post(STORIES, said)

    assert (reply.status, b"<b>" in reply.body, site.corrections()) == (404, False, set())


def test_another_word_about_a_headline_that_exists_is_refused_and_keeps_nothing(site: Site) -> None:
    assert (site.post(STORIES, {"forget": TWO.id}).status, site.corrections()) == (400, set())


def test_the_only_headline_of_a_story_cannot_be_split_or_pinned(site: Site) -> None:
    assert [site.post(STORIES, {verb: THREE.id}).status for verb in ("split", "pin")] == [400, 400]


def test_a_story_is_not_merged_with_itself(site: Site) -> None:
    home = str(site.reader.story_of(ONE.id))

    assert (site.post(STORIES, {"merge": [home, home]}).status, site.corrections()) == (400, set())


# --- the document ----------------------------------------------------------------------------------------------------


def test_the_openapi_document_has_the_admin_paths_only_where_there_are_tokens(site: Site) -> None:
    with_tokens = json.loads(call("GET", site.base + "/openapi.json").body)
    site.context = context()
    without = json.loads(call("GET", site.base + "/openapi.json").body)

    assert {*with_tokens["paths"]} - {*without["paths"]} == {REFRESH, STORIES}
    assert with_tokens["components"]["securitySchemes"] == {"token": {"type": "http", "scheme": "bearer"}}
    assert "securitySchemes" not in without["components"]


def test_requests_and_responses_match_the_openapi_document(site: Site) -> None:
    paths = json.loads(call("GET", site.base + "/openapi.json").body)["paths"]

    def schema(path: str, *way: str) -> Draft202012Validator:
        return Draft202012Validator(
            paths[path]["post"][way[0]]["content"]["application/json"]["schema"]
            if len(way) == 1
            else paths[path]["post"][way[0]][way[1]]["content"]["application/json"]["schema"]
        )

    good = [
        (REFRESH, {}),
        (REFRESH, {"feeds": [FEEDS[0].id]}),
        (STORIES, {"pin": TWO.id}),
        (STORIES, {"unpin": TWO.id}),
    ]
    for path, said in good:
        assert schema(path, "requestBody").is_valid(said)
        assert schema(path, "responses", "202").is_valid(json.loads(site.post(path, said).body))
    wrong = [(REFRESH, said) for said in WRONG_WORDS[:7]] + [(STORIES, said) for said in WRONG_CORRECTIONS[:8]]
    assert [said for path, said in wrong if schema(path, "requestBody").is_valid(said)] == []
    assert all(paths[path]["post"]["security"] == [{"token": []}] for path in (REFRESH, STORIES))


def test_the_page_of_the_api_shows_the_admin_paths_only_where_there_are_tokens(
    site: Site,
) -> None:
    with_tokens = call("GET", site.base + "/docs").body.decode()
    site.context = context()
    without = call("GET", site.base + "/docs").body.decode()

    for path in (REFRESH, STORIES):
        assert f"<code>POST {path}</code>" in with_tokens
        assert path not in without
    assert with_tokens.count("Only with a token") == 2
    assert all(f"<dt><code>{word}</code>" in with_tokens for word in ("feeds", "merge", "split", "pin", "unpin", "did"))
