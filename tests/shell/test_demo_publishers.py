"""The demo's publishers over real HTTP: conditional requests, faults on purpose, and nothing left behind."""

from __future__ import annotations

import errno
import gzip
import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from make import NOW
from wirekin import config, parse
from wirekin.demo import Publishers, _review, _server
from wirekin.demo._server import Answer, Sites
from wirekin.model import FeedKind, Parsed, Publisher

NOWHERE = "http://127.0.0.1:9"  # the discard port: nothing listens
TOPICS = """
topics:
  iran: {name: Iran, rule: [iran*, tehran*]}
"""


@pytest.fixture(scope="module")
def publishers() -> Iterator[Publishers]:
    with Publishers(NOWHERE, lambda: NOW) as running:
        yield running


def get(url: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(url)
    with closing(http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=5)) as connection:
        connection.request(
            method,
            f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}",
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def load_config(publishers: Publishers, folder: Path) -> config.Config:
    path = folder / "feeds.yml"
    path.write_text(publishers.feeds_yml(TOPICS), "utf-8")
    return config.load(path)


# --- one address each, and every link opens ------------------------------------------------------------------------


def test_each_publisher_has_an_address_of_its_own(publishers: Publishers) -> None:
    hosts = [urlsplit(home).hostname for home in publishers.homes.values()]

    assert len(hosts) >= 20
    assert all(host and host.startswith("127.") for host in hosts)
    if "127.0.1.1" in hosts:  # some systems have only 127.0.0.1
        assert len(set(hosts)) == len(hosts)


def test_every_link_of_the_labels_opens_the_article_with_its_title(publishers: Publishers) -> None:
    for entry in publishers.entries[::9]:
        status, headers, body = get(entry.url)

        assert status == 200
        assert headers["content-type"] == "text/html; charset=utf-8"
        assert entry.title.startswith(LexborHTMLParser(body).css_first("h1").text())


def test_images_styles_icons_and_sections_are_served(publishers: Publishers) -> None:
    home = publishers.homes["levant"]
    page = LexborHTMLParser(get(f"{home}/")[2])
    links = [page.css_first("article img").attributes["src"] or ""]
    links += [f"{home}{one.attributes['href']}" for one in page.css("nav a, link[rel=stylesheet], link[rel=icon]")]

    assert [get(link)[0] for link in links] == [200] * len(links)
    assert get(links[0])[1]["content-type"] == "image/svg+xml"


def test_an_unknown_path_is_404(publishers: Publishers) -> None:
    for path in ("/no/such/page", "/img/1", "/img/x", "/section/none", "/story?id=1"):
        assert get(publishers.homes["northgate"] + path)[0] == 404


# --- how feeds answer ------------------------------------------------------------------------------------------------


def test_an_unchanged_feed_is_answered_304_by_its_etag(publishers: Publishers) -> None:
    url = publishers.homes["albion"] + "/feeds/atom"
    status, first, body = get(url)
    again, second, nothing = get(url, If_None_Match=first["etag"])

    assert (status, again) == (200, 304)
    assert body
    assert nothing == b""
    assert second["etag"] == first["etag"]
    assert second["cache-control"] == "public, max-age=600"
    assert get(url, If_None_Match='"another"')[0] == 200


def test_last_modified_is_honoured_when_no_etag_is_sent(publishers: Publishers) -> None:
    url = publishers.homes["lantern"] + "/news-sitemap.xml"
    _, headers, _ = get(url)
    changed = headers["last-modified"]

    assert get(url, If_Modified_Since=changed)[0] == 304
    assert get(url, If_Modified_Since="Thu, 01 Jan 1970 00:00:00 GMT")[0] == 200
    assert get(url, If_Modified_Since="yesterday")[0] == 200
    assert get(url, If_Modified_Since=changed, If_None_Match='"another"')[0] == 200


def test_a_feed_is_gzipped_on_request(publishers: Publishers) -> None:
    url = publishers.homes["farvater"] + "/export/news.rss"
    _, plain, body = get(url)
    _, packed, wire = get(url, Accept_Encoding="gzip")

    assert "content-encoding" not in plain
    assert packed["content-encoding"] == "gzip"
    assert gzip.decompress(wire) == body
    assert int(packed["content-length"]) == len(wire) < len(body)


def test_head_gives_the_headers_alone(publishers: Publishers) -> None:
    url = publishers.homes["courier"] + "/feed"
    status, headers, body = get(url, "HEAD")

    assert (status, body) == (200, b"")
    assert int(headers["content-length"]) == len(get(url)[2])


def test_one_feed_has_moved_for_good(publishers: Publishers) -> None:
    home = publishers.homes["northgate"]
    status, headers, _ = get(f"{home}/rss.xml")

    assert status == 301
    assert headers["location"] == f"{home}/feeds/rss092.xml"


def test_one_feed_is_out_of_service_and_says_for_how_long(publishers: Publishers) -> None:
    status, headers, _ = get(publishers.homes["gazette"] + "/feed.xml")

    assert status == 503
    assert int(headers["retry-after"]) == 3600


def test_broken_requests_and_dropped_connections_do_not_stop_a_site(publishers: Publishers) -> None:
    host, port = urlsplit(publishers.homes["kite"]).netloc.split(":")
    for rude in (b"", b"NONSENSE\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x"):
        with socket.create_connection((host, int(port)), timeout=5) as connection:
            connection.sendall(rude)

    assert get(publishers.homes["kite"] + "/latest")[0] == 200


# --- what the pipeline reads -----------------------------------------------------------------------------------------


def test_the_configuration_written_for_the_publishers_is_valid(publishers: Publishers, tmp_path: Path) -> None:
    read = load_config(publishers, tmp_path)

    assert 20 <= len(read.feeds) <= 30
    assert {feed.kind for feed in read.feeds} == set(FeedKind)
    assert read.topics.slugs == ("iran",)
    by_name = {feed.name: feed for feed in read.feeds}
    assert by_name["Meridian Wire: Top"].publisher == Publisher("Meridian Wire", "meridian-wire.example", wire=True)
    assert by_name["Roundhouse"].publisher is None
    select = by_name["Kiteline"].select
    assert select is not None
    assert select.title == ".sail"
    assert all(urlsplit(feed.url).netloc in read.settings.allow_private for feed in read.feeds)


def test_our_parser_finds_the_labelled_titles_in_each_document(publishers: Publishers, tmp_path: Path) -> None:
    titles = {entry.url: entry.title for entry in publishers.entries}
    for feed in load_config(publishers, tmp_path).feeds:
        url = feed.url.replace("/rss.xml", "/feeds/rss092.xml") if feed.name == "Northgate Herald" else feed.url
        status, headers, body = get(url)
        if status == 503:
            continue
        parsed = parse.parse_document(
            body,
            url=url,
            content_type=headers["content-type"],
            kind=feed.kind,
            select=feed.select,
            lang=feed.lang,
            now=NOW,
        )

        assert isinstance(parsed, Parsed), feed.name
        expected = [one for one in publishers.entries if feed.publisher and one.outlet == feed.publisher.name]
        assert len(parsed.entries) >= 0.8 * len(expected), feed.name  # one of Tidewater's feeds has no sport and arts
        for entry in parsed.entries:
            link = entry.link.partition("?utm")[0].partition("?at_")[0].replace(".amp.html", ".html")
            assert titles[link].removeprefix("LIVE: ").startswith(entry.title.removeprefix("LIVE: ")), feed.name


# --- labels ----------------------------------------------------------------------------------------------------------


def test_labels_name_the_event_the_original_and_the_topics_of_each_entry(publishers: Publishers) -> None:
    rows = [json.loads(line) for line in publishers.labels_jsonl()]
    by_id = {row["id"]: row for row in rows}
    reprint = by_id["talks-offer/courier"]

    assert len(by_id) == len(rows) == len(publishers.entries) >= 290
    assert reprint["title"] == "Iran signals readiness to negotiate if strikes stop | The Harbor Courier"
    assert (reprint["story"], reprint["storyline"]) == ("talks-offer", "talks")
    assert reprint["copy_of"] == "talks-offer/meridian"
    assert reprint["topics"] == ["iran", "israel-strikes"]
    assert (reprint["outlet"], reprint["publisher"]) == ("The Harbor Courier", "harbor-courier.example")
    assert reprint["published_at"] == "2026-11-21T05:12:00+00:00"


def test_the_original_of_each_copy_is_labelled_too(publishers: Publishers) -> None:
    ids = {entry.id for entry in publishers.entries}

    assert {entry.copy_of for entry in publishers.entries} <= ids | {None}


# --- the article with the footer -------------------------------------------------------------------------------------


class Wirekin:
    """A fake wirekin that serves the article's fragment and records each request."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []

    def respond(self, path: str, query: dict[str, str]) -> Answer:
        self.asked.append((path, query))
        return Answer(b'<section class="related-stories"><a href="http://127.0.1.1/a">Talks</a></section>')


def test_the_article_carries_the_fragment_inside_the_element_that_the_widget_fills() -> None:
    sites, wirekin = Sites(1), Wirekin()
    sites.open([wirekin.respond])
    with closing(sites), Publishers(sites.homes[0], lambda: NOW) as publishers:
        status, headers, body = get(publishers.article_url)
        page = LexborHTMLParser(body)
        element = page.css_first("related-stories")

        assert status == 200
        assert element.css_first("a").text() == "Talks"
        assert element.attributes["data-url"] == publishers.article_url
        assert element.attributes["data-title"] == publishers.article_title  # as the fragment was asked for
        assert element.attributes["data-topic"] == "iran"
        assert page.css_first("script").attributes["src"] == f"{sites.homes[0]}/widget.js"
        assert page.css_first("script").text() == ""
        assert f"script-src {sites.homes[0]};" in headers["content-security-policy"]
        asked = {"url": publishers.article_url, "title": publishers.article_title, "topic": "iran", "limit": "6"}
        assert wirekin.asked == [("/fragment/related", asked)]


def test_the_address_of_wirekin_can_be_set_later() -> None:
    with Publishers(NOWHERE, lambda: NOW) as publishers:
        publishers.point_to("http://127.0.0.1:8123/")
        status, headers, body = get(publishers.article_url)

        assert status == 200
        assert b'src="http://127.0.0.1:8123/widget.js"' in body
        assert "connect-src http://127.0.0.1:8123;" in headers["content-security-policy"]


def test_the_article_is_complete_when_wirekin_does_not_answer(publishers: Publishers) -> None:
    status, _, body = get(publishers.article_url)
    page = LexborHTMLParser(body)

    assert status == 200
    assert page.css_first("related-stories").text().strip() == ""
    assert page.css_first("h1").text() == publishers.article_title
    assert _review.text().standfirst in page.css_first(".standfirst").text()
    for paragraph in _review.text().paragraphs:
        assert paragraph.removeprefix("## ") in page.css_first("article").text()
    assert "sample article" in page.css_first(".note").text()


def test_the_article_has_no_inline_script_or_style_and_its_assets_are_served(publishers: Publishers) -> None:
    page = LexborHTMLParser(get(publishers.article_url)[2])
    home = publishers.article_url.removesuffix(publishers.article_path)

    assert not page.css("style, [style]")
    assert [one.attributes.get("async", "-") for one in page.css("script")] == [None]
    for path in ("/review.css", "/icon.svg", "/picture.svg"):
        assert get(home + path)[0] == 200
    assert get(f"{home}/")[1]["location"] == publishers.article_path
    assert get(f"{home}/other")[0] == 404


# --- starting and stopping -------------------------------------------------------------------------------------------


def test_closing_frees_the_ports_and_leaves_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_server, "PREFERRED_PORT", 0)  # or another demo on this machine could take the port
    before = set(threading.enumerate())
    with Publishers(NOWHERE, lambda: NOW) as publishers:
        homes = list(publishers.homes.values())
        get(f"{homes[0]}/")

    assert set(threading.enumerate()) <= before
    for home in homes:
        with pytest.raises(ConnectionRefusedError):
            get(home)


def test_closing_drops_silent_connections_instead_of_waiting_for_them() -> None:
    sites = Sites(1)
    sites.open([Wirekin().respond])
    parts = urlsplit(sites.homes[0])
    with closing(socket.create_connection((parts.hostname, parts.port), timeout=2)) as silent:
        get(sites.homes[0])  # its answer shows that the silent connection was accepted before
        ending = threading.Thread(target=sites.close)
        ending.start()

        assert silent.recv(1) == b""  # closed within 2 s; by its own timeout it could stay for 10
    ending.join()


def test_two_demos_can_run_side_by_side(publishers: Publishers) -> None:
    with Publishers(NOWHERE, lambda: NOW) as other:
        assert not set(other.homes.values()) & set(publishers.homes.values())
        assert get(other.homes["marsa"] + "/feed/")[0] == get(publishers.homes["marsa"] + "/feed/")[0] == 200


def test_with_only_one_loopback_address_each_site_gets_a_port_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    bind = _server._Listener.server_bind

    def only_one(listener: _server._Listener) -> None:
        if listener.server_address[0] != "127.0.0.1":
            raise OSError(errno.EADDRNOTAVAIL, "Cannot assign requested address")
        bind(listener)

    monkeypatch.setattr(_server._Listener, "server_bind", only_one)
    sites = Sites(3)
    with closing(sites):
        assert {urlsplit(home).hostname for home in sites.homes} == {"127.0.0.1"}
        assert len(set(sites.homes)) == 3


def test_a_port_that_may_not_be_opened_raises_permission_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(listener: _server._Listener) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(_server._Listener, "server_bind", refused)
    with pytest.raises(PermissionError):
        Sites(2)
