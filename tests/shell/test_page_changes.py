"""A page that changes its markup, over real HTTP: it is reported, and the proposed selectors repair the feed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from commands import Folder
from origin import Origin

TOPICS = ("tanker", "harbour", "ferry", "lighthouse", "pilot boat", "dry dock", "customs house", "salt mill")


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as origin:
        yield origin


@pytest.fixture
def folder(tmp_path: Path, origin: Origin) -> Folder:
    made = Folder(tmp_path)
    made.write(page_feed(origin, "    select:\n      item: article.card\n"))
    return made


def page_feed(origin: Origin, select: str) -> str:
    host = f"{origin.hosts[0]}:{origin.port}"
    return f"settings: {{unmatched: keep}}\nfeeds:\n  - page: http://{host}/news\n    name: Herald\n    allow_private: ['{host}']\n{select}"


def markup(item: str, *, first: int = 0) -> str:
    cards = "".join(
        item.format(
            link=f"/2026/11/{n}/the-{name.replace(' ', '-')}-reopens", title=f"The old {name} opens again today"
        )
        for n, name in enumerate(TOPICS, first)
    )
    menu = "".join(f'<li><a href="/section/{n}">Section {n}</a></li>' for n in range(9))
    return f"<!doctype html><html><head><title>H</title></head><body><ul>{menu}</ul><main>{cards}</main></body></html>"


OLD = '<article class="card"><h2><a href="{link}">{title}</a></h2><p>More of it.</p></article>'
NEW = (
    '<div class="tease tease-7781"><a class="tag" href="/tag/port">Port and harbour news of the whole coast</a>'
    '<a class="go" href="{link}"><h3>{title}</h3><p>And a long lead that says more of it.</p></a></div>'
)


def poll(folder: Folder, origin: Origin, *pages: str) -> str:
    said = ""
    for place, text in enumerate(pages):
        origin.serve("/news", f"{text}<!-- {place} -->", content_type="text/html")
        said += folder.run("refresh", "--force", "-v").err
    return said


@pytest.mark.slow
def test_a_page_with_changed_markup_is_reported_and_fixed_by_pasting_the_proposed_selectors(
    folder: Folder, origin: Origin
) -> None:
    poll(folder, origin, *[markup(OLD)] * 3)

    said = poll(folder, origin, *[markup(NEW, first=0)] * 3)

    listed = folder.run("feeds", "list", "--json").json["items"][0]
    assert (listed["health"], listed["headlines"]) == ("changed", 8)  # no stored headline is lost
    assert "the page has changed" in said
    assert "the page has changed: 0 headlines instead of about 8" in folder.run("feeds", "list").out

    checked = folder.run("feeds", "check", "Herald")
    assert "Herald: the page has changed: 0 headlines instead of about 8" in checked.out
    assert "paste them in the place of its `select:`" in checked.err
    pasted = checked.out[checked.out.index("    select:") :]
    folder.write(page_feed(origin, pasted))
    poll(folder, origin, markup(NEW, first=0), markup(NEW, first=8))

    mended = folder.run("feeds", "list", "--json").json["items"][0]
    titles = [one["title"] for one in folder.run("headlines", "--json").json["items"]]
    assert (mended["health"], mended["entries"], mended["headlines"]) == ("ok", 8, 16)
    assert {*titles} == {f"The old {name} opens again today" for name in TOPICS}


def test_an_unchanged_page_is_not_reported_as_changed(folder: Folder, origin: Origin) -> None:
    poll(folder, origin, markup(OLD))

    answer = folder.run("feeds", "check", "Herald", "--json").json

    assert (answer["entries"], answer["changed"], answer["select"]) == (8, None, None)


def test_a_broken_selector_is_an_error_of_the_configuration(folder: Folder, origin: Origin) -> None:
    folder.write(page_feed(origin, "    select: {item: article, title: 'h2[', time: time}\n"))

    ran = folder.run("config", "check")

    assert (ran.code, ran.err.count("feeds.yml:")) == (78, 1)
    assert "feeds.yml:6:36: feeds[0].select.title: 'h2[' is no CSS selector" in ran.err


def test_extract_says_why_and_proposes_selectors(folder: Folder) -> None:
    (folder.path / "page.html").write_text(markup(NEW), encoding="utf-8")

    answer = folder.run("extract", "page.html", "--why", "--json", "--base-url", "https://herald.example/").json
    shown = folder.run("extract", "page.html", "--why", "--base-url", "https://herald.example/")

    accepted = [one["title"] for one in answer["why"] if one["accepted"]]
    assert accepted == [one["title"] for one in answer["headlines"]]
    assert any(one["title"] == "Section 1" and one["reason"] for one in answer["why"] if not one["accepted"])
    assert answer["select"]["item"] == "div.tease"
    assert '    select:\n      item: "div.tease"\n' in shown.out
    assert "paste them below its `page:`" in shown.err
    assert "why" not in folder.run("extract", "page.html", "--json").json


def test_extract_offers_the_feeds_and_sitemaps_that_a_page_announces(folder: Folder) -> None:
    head = '<link rel=alternate type="application/rss+xml" href="/rss"><link rel=sitemap href="/map.xml">'
    (folder.path / "page.html").write_text(head + markup(NEW), encoding="utf-8")

    shown = folder.run("extract", "page.html", "--base-url", "https://herald.example/").err
    answer = folder.run("extract", "page.html", "--base-url", "https://herald.example/", "--json").json

    assert answer["feeds"] == ["https://herald.example/rss", "https://herald.example/map.xml"]
    assert "This page has a feed: https://herald.example/rss" in shown
    assert "This page has a sitemap: https://herald.example/map.xml" in shown


def test_extract_offers_ten_sitemaps_of_a_long_index_and_lists_all_as_json(folder: Folder) -> None:
    rows = "".join(f"<sitemap><loc>https://herald.example/{at}.xml</loc></sitemap>" for at in range(500))
    (folder.path / "index.xml").write_text(f"<sitemapindex>{rows}</sitemapindex>", encoding="utf-8")

    shown = folder.run("extract", "index.xml").err
    assert shown.count("This index names a sitemap") == 10
    assert "And 490 more" in shown
    assert len(folder.run("extract", "index.xml", "--json").json["feeds"]) == 500


def test_adding_a_site_adds_its_best_feed_and_says_why(folder: Folder, origin: Origin) -> None:
    host = f"{origin.hosts[0]}:{origin.port}"
    folder.write(f"settings: {{unmatched: keep, allow_private: ['{host}']}}\nfeeds: []\n")
    origin.serve("/", markup(OLD).replace("<head>", '<head><link rel="alternate" type="application/rss+xml" href="/f">'),
                 content_type="text/html")  # fmt: skip
    origin.serve("/f", FEED)

    added = folder.run("feeds", "add", host)

    assert added.code == 0, added.err
    assert "Found the feed The Herald: announced by the page" in added.err
    assert f"url: http://{host}/f" in folder.config.read_text(encoding="utf-8")


FEED = b"""<rss version="2.0"><channel><title>The Herald</title><item><title>The old tanker opens</title>
<link>https://h.example/1</link></item></channel></rss>"""
