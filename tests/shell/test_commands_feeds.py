"""`wirekin feeds` as a person uses it: list, check, discover, add, remove, import, export."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands import CUP, TANKER, Folder
from origin import Origin
from wirekin.cli._mends import mend_of
from wirekin.model import Reason


def test_feeds_are_listed_with_their_health_and_can_be_checked(polled: Folder, origin: Origin) -> None:
    listed = polled.run("feeds", "list", "--json").json
    checked = polled.run("feeds", "check", "herald", "--json").json
    lines = [polled.run("feeds", "check", *named, "--jsonl").rows for named in (["herald"], [])]

    assert [feed["health"] for feed in listed["items"]] == ["ok", "ok"]
    assert (checked["status"], checked["entries"]) == ("ok", 2)
    assert [[row["feed"] for row in rows] for rows in lines] == [["herald"], ["herald", "courier"]]


def test_a_sitemap_index_is_not_a_feed_and_the_suggested_command_finds_its_news_sitemap(
    folder: Folder, origin: Origin
) -> None:
    namespaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    listed = "<loc>http://herald.example/news/harbour-bridge-closes-for-repairs</loc>"
    origin.serve("/sitemap.xml", f"<sitemapindex {namespaces}><sitemap><loc>/news.xml</loc></sitemap></sitemapindex>")
    origin.serve("/news.xml", f"<urlset {namespaces}><url>{listed}</url></urlset>")
    at, allowed = origin.url("/sitemap.xml"), sorted(origin.netlocs)
    folder.write(f"settings: {{allow_private: {allowed}}}\nfeeds:\n  - sitemap: {at}\n    name: pages\n")

    (failure,) = folder.run("refresh", "--json").json["failures"]
    shown = folder.run("feeds", "list", COLUMNS="300").out
    found = folder.run(*f"feeds discover {at} --json".split())

    assert failure["reason"] == "not_a_feed"
    assert f"wirekin feeds discover {at}" in shown
    assert origin.url("/news.xml") in found.out


def test_checking_an_unknown_feed_suggests_the_nearest_name(polled: Folder) -> None:
    ran = polled.run("feeds", "check", "heralt")

    assert ran.code != 0
    assert "no feed is called 'heralt' (did you mean 'herald'?)" in ran.err


def test_an_address_without_its_scheme_is_told_how_one_begins(polled: Folder) -> None:
    checked, extracted = polled.run("feeds", "check", "a.example/news"), polled.run("extract", "a.example/news")

    assert (checked.code, "an address begins with https://" in checked.err) == (1, True)
    assert (extracted.code, "no address: one begins with https://" in extracted.err) == (1, True)


def test_a_feed_that_fails_is_reported_with_advice(folder: Folder, origin: Origin) -> None:
    origin.serve("/page", "<html><body><p>Nothing but words.</p></body></html>", content_type="text/html")
    folder.feeds(origin, "/page", "/missing")

    checked = folder.run("feeds", "check").err
    elsewhere = [folder.run(*words, "http://127.0.0.1:9/rss").err for words in (["extract"], ["feeds", "add"])]

    assert f"wirekin feeds discover {origin.url('/page')}" in checked
    assert checked.count("What to do: ") == 2
    assert all("`allow_private: [host:port]`" in said for said in elsewhere)


def test_feeds_are_exported_and_imported_as_opml(polled: Folder, tmp_path: Path) -> None:
    opml = tmp_path / "feeds.opml"
    opml.write_text(polled.run("feeds", "export").out.replace("/herald", "/third"))

    ran = polled.run("feeds", "import", str(opml))

    assert ran.code == 0
    assert "Added 1 of 2" in ran.err
    assert len(polled.run("feeds", "list", "--json").json["items"]) == 3


def test_an_opml_import_names_the_outlines_that_it_skips(polled: Folder) -> None:
    listed = "<outline text='A programme' xmlUrl='exec:~/x'/><outline text='C' xmlUrl='https://c.example/rss'/>"

    first = polled.run("feeds", "import", "-", stdin=f"<opml><body>{listed}</body></opml>")
    again = polled.run("feeds", "import", "-", stdin=f"<opml><body>{listed}</body></opml>")

    assert "Added 1 of 1 feeds" in first.err
    assert "not http or https: 'A programme'." in first.err
    assert "Added 0 of 1 feeds" in again.err
    assert "1 was there already." in again.err


def test_an_opml_file_that_breaks_off_says_so(polled: Folder) -> None:
    one = "<opml><body><outline text='C' xmlUrl='https://c.example/rss'/>"

    some, none, whole = (
        polled.run("feeds", "import", "-", stdin=body) for body in (one, "<opml><body><outl", f"{one}</body></opml>")
    )

    assert (some.code, "Added 1 of 1 feeds" in some.err, "breaks off before its end" in some.err) == (0, True, True)
    assert (none.code, "breaks off before its first feed" in none.err) == (1, True)
    assert (whole.code, "breaks off" in whole.err) == (0, False)


def test_a_feed_is_found_by_every_spelling_of_its_url(polled: Folder) -> None:
    (herald, _) = polled.run("feeds", "list", "--json").json["items"]
    written = herald["url"].replace("http://", "HTTPS://") + "/#top"

    listed = polled.run("headlines", "--feed", written, "--json").json["items"]
    checked = polled.run("feeds", "check", written, "--json").json
    ran = [polled.run("refresh", one) for one in (written, "http://[", "http://a.example:99999/")]

    assert ([one["title"] for one in listed], checked["feed"]) == ([CUP[0], TANKER[0]], "herald")
    assert [(one.code, "Traceback" in one.err) for one in ran] == [(0, False), (1, False), (1, False)]


def test_messages_name_the_configuration_by_a_relative_path(folder: Folder) -> None:
    folder.write("feeds: []\n")
    a, b = "https://a.example/rss", "https://b.example/rss"
    (folder.path / "list").write_text(f"{b}\n")
    said = [folder.run(*words.split()).err for words in (
        f"feeds add --unchecked {a}", f"feeds add --unchecked {a}", "feeds import list", f"feeds remove {a}", "config check",
    )]  # fmt: skip

    assert [str(folder.path) in one for one in said] == [False] * 5
    assert said[0] == f"Added {a} to feeds.yml. Next: wirekin refresh {a}\n"


def test_a_name_that_two_feeds_share_is_refused_as_ambiguous(polled: Folder) -> None:
    polled.write(polled.config.read_text().replace("name: courier", "name: herald"))
    before = polled.config.read_text()

    ran = [polled.run(*words) for words in (("feeds", "remove", "herald"), ("feeds", "check", "herald"))]

    assert [(one.code, "2 feeds are called 'herald': name one by its URL, as http://" in one.err) for one in ran] == [
        (1, True),
        (1, True),
    ]
    assert polled.config.read_text() == before


def test_a_feed_is_added_to_feeds_yml_and_removed_from_it(polled: Folder, origin: Origin) -> None:
    url = f"http://127.0.0.22:{origin.port}/new"

    assert polled.run("feeds", "add", url, "--unchecked", "--name", "New one").code == 0
    assert "New one" in polled.config.read_text()
    assert polled.run("feeds", "remove", "New one").code == 0
    assert "New one" not in polled.config.read_text()


def test_the_suggested_next_command_repeats_the_options_config_and_database(folder: Folder) -> None:
    elsewhere, url = folder.path / "my feeds.yml", "https://example.org/rss?a=1&b=2"
    elsewhere.write_text("feeds: []\n")
    add = ("feeds", "add", url, "--unchecked")

    by_option = folder.run("--config", str(elsewhere), *add, "--database", "here.db")
    elsewhere.write_text("feeds: []\n")
    by_variable = folder.run(*add, WIREKIN_CONFIG=str(elsewhere))

    assert f"Next: wirekin --config '{elsewhere}' --database here.db refresh '{url}'" in by_option.err
    assert f"Next: wirekin refresh '{url}'" in by_variable.err


def test_a_plain_list_of_urls_is_imported_and_other_text_is_refused(polled: Folder) -> None:
    ran = polled.run("feeds", "import", "-", stdin="https://c.example/rss news\nhttps://d.example/rss\n")
    other = polled.run("feeds", "import", "-", stdin="Dear reader,\n")

    assert (ran.code, "Added 2 of 2 feeds" in ran.err) == (0, True)
    assert (other.code, "no <opml> in it, nor an address a line" in other.err) == (1, True)


@pytest.mark.parametrize("command", ["add", "check"])
def test_a_feed_cannot_be_both_a_page_and_a_sitemap(polled: Folder, command: str) -> None:
    ran = polled.run("feeds", command, "https://a.example/", "--page", "--sitemap")

    assert (ran.code, "cannot be both" in ran.err) == (2, True)


def test_feeds_are_discovered_on_a_site(folder: Folder, origin: Origin) -> None:
    page = b'<html><head><link rel="alternate" type="application/rss+xml" href="/herald"></head><body>Hi</body></html>'
    origin.serve("/", page, content_type="text/html")
    folder.write(
        f"settings: {{allow_private: ['127.0.0.21:{origin.port}']}}\nfeeds:\n  - url: https://example.org/rss\n"
    )

    found = folder.run("feeds", "discover", f"http://127.0.0.21:{origin.port}/", "--json").json

    assert found["items"][0]["url"].endswith("/herald")
    assert found["items"][0]["entries"] == 2


def test_adding_a_known_an_invalid_or_a_forbidden_url_changes_nothing(polled: Folder, origin: Origin) -> None:
    before = polled.config.read_text()

    again = polled.run("feeds", "add", origin.url("/herald"))
    nonsense = polled.run("feeds", "add", "ftp://herald.example")
    closed = polled.run("feeds", "add", "http://127.0.0.1:8080/rss")

    assert (again.code, nonsense.code, closed.code) == (1, 2, 1)
    assert "already, as 'herald'" in again.err
    assert "http or https address" in nonsense.err
    assert "(forbidden_address: " in closed.err
    assert (origin.requests, polled.config.read_text()) == ([], before)


def test_a_url_in_a_suggested_command_is_quoted_for_the_shell(folder: Folder) -> None:
    folder.write("feeds: []\n")
    url = "http://127.0.0.1:9/rss?cat=1&key=$(id)"

    added = folder.run("feeds", "add", "--unchecked", url).err

    assert f"wirekin refresh '{url}'" in added
    assert mend_of(Reason.GONE, url).endswith(f"wirekin feeds discover '{url}'")
