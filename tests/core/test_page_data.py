"""Headlines of pages that show none: JSON-LD, microdata, RDFa Lite, and the states that scripts set."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from time import process_time
from typing import Any

import pytest

from make import NOW
from wirekin.model import Entry, FeedKind, Image, Parsed, ParseFailed, Reason, Selectors
from wirekin.parse import explain_page, parse_document
from wirekin.parse.pages import _cards, _dom, _literals

TITLES = (
    "Storm closes the southern harbour for a week",
    "Minister resigns over the bridge contract",
    "Striking nurses reject the latest pay offer",
)
PATHS = tuple(f"/2026/11/2{at}/{title.lower().replace(' ', '-')}" for at, title in enumerate(TITLES))
STORIES = tuple(zip(PATHS, TITLES, strict=True))


def entries(body: str, **more: Any) -> tuple[Entry, ...]:
    markup = f"<!doctype html><html lang=en><head><title>Paper</title></head><body>{body}</body></html>"
    found = parse_document(markup.encode(), url="https://a.example/", kind=FeedKind.PAGE, now=NOW, **more)
    assert isinstance(found, Parsed), found
    return found.entries


def told(found: tuple[Entry, ...]) -> list[tuple[str, str]]:
    return [(one.link.removeprefix("https://a.example"), one.title) for one in found]


def json_ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


# --- JSON-LD ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["url", "@id", "mainEntityOfPage"])
def test_an_article_in_json_ld_is_found_by_any_of_its_addresses(name: str) -> None:
    listed = [{"@type": "NewsArticle", name: path, "headline": title} for path, title in STORIES]

    assert told(entries(json_ld(listed))) == list(STORIES)
    if name == "mainEntityOfPage":
        nested = [{**one, name: {"@type": "WebPage", "@id": one[name]}} for one in listed]
        assert told(entries(json_ld(nested))) == list(STORIES)


def test_the_list_of_a_collection_page_in_a_graph_is_read_without_the_page_and_its_owner() -> None:
    articles = [{"@type": ["NewsArticle"], "@id": path, "headline": title} for path, title in STORIES]
    owner = {
        "@type": ["NewsMediaOrganization", "Organization"],
        "name": "The people of this paper",
        "url": "/2026/11/9/us",
    }
    collection = {
        "@type": "CollectionPage",
        "name": "All the news of today",
        "url": "/2026/11/22/all-the-news-of-today",
    }
    graph = {"@graph": [owner, {**collection, "mainEntity": {"@type": "ItemList", "itemListElement": articles}}]}

    assert told(entries(json_ld(graph))) == list(STORIES)


def test_the_items_of_a_list_come_by_their_positions() -> None:
    items = [
        {"@type": "ListItem", "position": 3 - at, "item": {"@type": "NewsArticle", "url": path, "headline": title}}
        for at, (path, title) in enumerate(STORIES)
    ]

    assert told(entries(json_ld({"@type": "ItemList", "itemListElement": items}))) == list(STORIES)[::-1]
    items[0]["position"] = "0"
    assert told(entries(json_ld({"@type": "ItemList", "itemListElement": items}))) == [STORIES[at] for at in (0, 2, 1)]
    del items[0]["position"]
    assert told(entries(json_ld({"@type": "ItemList", "itemListElement": items}))) == list(STORIES)


def test_the_breadcrumbs_of_json_ld_are_no_headlines() -> None:
    items = [
        {"@type": "ListItem", "position": at, "item": {"@id": path, "name": title}}
        for at, (path, title) in enumerate(STORIES)
    ]

    assert entries(json_ld({"@type": "BreadcrumbList", "itemListElement": items})) == ()
    assert told(entries(json_ld({"@type": "ItemList", "itemListElement": items}))) == list(STORIES)


# --- microdata and RDFa Lite ----------------------------------------------------------------------------------------


def test_microdata_without_links_is_read() -> None:
    cards = "".join(
        '<div itemscope itemtype="https://schema.org/NewsArticle">'
        '<u itemprop="author" itemscope><meta itemprop="headline" content="Not this one of another item"></u>'
        f'<link itemprop="url" href="{path}">'
        f'<b itemprop="headline">{title}</b><meta itemprop="datePublished" content="2026-11-22T09:00:00Z">'
        f'<i itemprop="image" itemscope itemtype="https://schema.org/ImageObject"><meta itemprop="url" content="/p.jpg"></i>'
        "</div>"
        for path, title in STORIES
    )
    found = entries(cards)

    assert told(found) == list(STORIES)
    assert {one.published_at for one in found} == {datetime(2026, 11, 22, 9, tzinfo=UTC)}
    assert {one.image for one in found} == {Image("https://a.example/p.jpg")}


def test_breadcrumbs_and_whole_articles_in_microdata_are_no_headlines() -> None:
    crumbs = "".join(
        f'<li itemscope itemtype="https://schema.org/ListItem"><a itemprop="url" href="{path}"></a>'
        f'<meta itemprop="name" content="{title}"></li>'
        for path, title in STORIES
    )
    articles = "".join(
        f'<div itemscope itemtype="https://schema.org/Article"><link itemprop="url" href="{path}">'
        f'<b itemprop="name">{"Words of a whole article. " * 50}</b></div>'
        for path, _ in STORIES
    )

    assert entries(f'<ol itemscope itemtype="https://schema.org/BreadcrumbList">{crumbs}</ol>') == ()
    assert told(entries(f'<ol itemscope itemtype="https://schema.org/ItemList">{crumbs}</ol>')) == list(STORIES)
    assert entries(articles) == ()


def test_rdfa_lite_without_links_is_read() -> None:
    cards = "".join(
        f'<div typeof="schema:NewsArticle" resource="{path}"><b property="schema:headline">{title}</b></div>'
        for path, title in STORIES
    )

    assert told(entries(f'<div vocab="https://schema.org/">{cards}</div>')) == list(STORIES)


def test_persons_and_products_in_microdata_are_no_headlines() -> None:
    cards = "".join(
        f'<div itemscope itemtype="https://schema.org/Product"><link itemprop="url" href="{path}">'
        f'<b itemprop="name">{title}</b></div>'
        for path, title in STORIES
    )

    assert entries(cards) == ()


def test_the_time_of_a_card_is_read_from_rdfa() -> None:
    cards = "".join(
        f'<article typeof="NewsArticle"><h2><a href="{path}">{title}</a></h2>'
        '<span property="datePublished" content="2026-11-22T09:00:00Z">this morning</span></article>'
        for path, title in STORIES
    )

    assert {one.published_at for one in entries(cards)} == {datetime(2026, 11, 22, 9, tzinfo=UTC)}


# --- states -----------------------------------------------------------------------------------------------------------


def nuxt(rows: str, function: str = "", given: str = "") -> str:
    state = f"{{layout:'default',data:[{{articles:[{rows}]}}],error:null,serverRendered:!0}}"
    return f"<div id=__nuxt></div><script>window.__NUXT__={function}{state}{given};</script>"


def test_the_state_of_nuxt_2_is_read_with_its_parameters() -> None:
    rows = ",".join(f"{{title:\"{title}\",url:'{path}',publishedAt:a,live:void 0,n:-.5}}" for path, title in STORIES)
    found = entries(nuxt(rows, "(function(a,b){return ", '}("2026-11-22T09:00:00Z",new Date(12)))'))

    assert told(found) == list(STORIES)
    assert {one.published_at for one in found} == {datetime(2026, 11, 22, 9, tzinfo=UTC)}


def test_a_state_with_names_without_quotes_is_read_and_what_is_paid_for_left_out() -> None:
    rows = ",".join(f'{{title:"{title}",url:"{path}",7:1}}' for path, title in STORIES)
    paid = ',{title:"A mattress that you will love for ever",url:"/2026/11/22/mattress-that-you-love",sponsored:!0}'

    assert told(entries(nuxt(rows + paid))) == list(STORIES)


def test_a_state_with_undefined_values_is_read() -> None:
    rows = ",".join(f'{{"title":"{title}","url":"{path}","author":undefined}}' for path, title in STORIES)

    assert told(entries(f'<script>window.__PRELOADED_STATE__ = {{"articles":[{rows}]}};</script>')) == list(STORIES)


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        (r'{a:"\x3cb\u003e\n\'"}', {"a": "<b>\n'"}),
        ("{a:1e3,b:[.5,-2]}", {"a": 1000.0, "b": [0.5, -2.0]}),
        ("{a:new Map([[1,2]]),b:Array(3)}", {"a": None, "b": None}),
        ("{a:!0,b:!1,c:void 0,d:undefined}", {"a": True, "b": False, "c": None, "d": None}),
        ("{a:function(){}}", None),
        ("{a:{b:", None),
        ("{a:" * 5_000, None),
    ],
)
def test_a_literal_is_read_or_given_up(literal: str, expected: object) -> None:
    assert list(_literals.states(f"window.__STATE__ = {literal};")) == [expected]


def test_no_more_than_three_states_of_a_script_are_read() -> None:
    assert len(list(_literals.states("window.__STATE__={a:" * 50))) == 3


def test_a_script_that_is_too_long_is_not_read_as_a_literal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_literals, "MAX_CHARS", 20)

    assert list(_literals.states('window.__STATE__={a:"x"}')) == []


# --- selectors ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "select", [Selectors(item="div", link="h2"), Selectors(item="div", link="b"), Selectors(item="b")]
)
def test_a_selector_may_name_what_is_around_a_link_or_inside_it(select: Selectors) -> None:
    rows = "".join(f'<div><i></i><h2><a href="{path}"><b>{title}</b></a></h2></div>' for path, title in STORIES)

    assert told(entries(rows, select=select)) == list(STORIES)


def test_each_selected_item_and_each_other_link_is_explained_in_page_order() -> None:
    (path, title), *_ = STORIES
    body = (
        f'<nav><a href="/world">World</a><a>nowhere</a></nav><div><a href="{path}">{title}</a><p><a href="/x">In it</a></p>'
        f'</div><div>{title}</div><div><a href="/2026/11/22/no-words"></a></div><div><a href="{path}">Again</a></div>'
        '<a href="mailto:us@a.example">Write</a>'
    )
    why = explain_page(body.encode(), url="https://a.example/", select=Selectors(item="div"), now=NOW)

    assert [(one.accepted, one.title, one.reason) for one in why] == [
        (False, "World", "not inside div"),
        (True, title, "selector: div"),
        (False, title, "selected, but without a link"),
        (False, "", "selected, but without a title"),
        (False, "Again", "repeats the headline above"),
        (False, "Write", "not inside div"),
    ]
    assert [one.container for one in why][:2] == ["nav > a", "div"]


def test_a_selector_is_searched_once_a_page_and_not_once_an_item(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    searched = _dom.Page._orders

    def counted(self: _dom.Page, css: str) -> list[int]:
        asked.append(css)
        return searched(self, css)

    monkeypatch.setattr(_dom.Page, "_orders", counted)
    rows = "".join(f'<div><h2><a href="{path}">{title}</a></h2></div>' for path, title in STORIES)
    found = entries(rows, select=Selectors(item="div", link="a", title="h2", image=".none", time=".none"))

    assert told(found) == list(STORIES)
    assert sorted(asked) == [".none", "a", "div", "h2"]


# --- no page ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body", [b"%PDF-1.7\n%", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"GIF89a\x01\0", b"PK\x03\x04\x14<a>"]
)
def test_a_file_that_is_no_text_is_no_page(body: bytes) -> None:
    found = parse_document(body, url="https://a.example/", kind=FeedKind.PAGE, now=NOW)

    assert isinstance(found, ParseFailed)
    assert found.reason is Reason.NOT_A_FEED


@pytest.mark.parametrize("before", ["", "\x00", "\x01\x02", "\x1b"])
def test_a_page_with_a_stray_control_character_is_a_page(before: str) -> None:
    rows = "".join(f'<h2><a href="{path}">{title}</a></h2>' for path, title in STORIES)
    body = f"<!doctype html><body>{before}{rows}"

    found = parse_document(body.encode(), url="https://a.example/", kind=FeedKind.PAGE, now=NOW)
    assert isinstance(found, Parsed)
    assert told(found.entries) == list(STORIES)


# --- cut titles ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Read more about {}", "{}"),
        ("Continue reading: &quot;{}&quot;", "{}"),
        ("{}", "{}"),
        ("A long report that our correspondent wrote of how the {}", "{:.20}…"),
        ("Re{}", "{:.20}…"),
    ],
)
def test_a_cut_title_is_completed_from_a_name_with_few_words_before_it(name: str, expected: str) -> None:
    rows = "".join(
        f'<article><h2><a href="{path}" aria-label="{name.format(title)}">{title[:20]}…</a></h2></article>'
        for path, title in STORIES
    )

    assert [one.title for one in entries(rows)] == [expected.format(title) for title in TITLES]


def test_two_words_are_too_few_to_be_found_inside_a_name() -> None:
    assert _cards.full_of("Harbour closes…", ["The harbour closes on the day of the storm"]) == "Harbour closes…"
    assert _cards.full_of("Harbour closes…", ["Harbour closes on the day"]) == "Harbour closes on the day"


# --- what is no headline -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind",
    ["Product", "https://schema.org/Offer", "Event", "JobPosting", "Question", "Comment", "SiteNavigationElement",
     "AdvertiserContentArticle"],
)  # fmt: skip
def test_data_of_other_things_than_articles_is_no_headline(kind: str) -> None:
    listed = [{"@type": kind, "name": title, "url": path} for path, title in STORIES]
    assert entries(json_ld(listed)) == ()
    assert told(entries(json_ld([{**one, "@type": "NewsArticle"} for one in listed]))) == list(STORIES)


@pytest.mark.parametrize("place", ["https://api.a.example", "/api/v1", "/wp-json/wp/v2"])
def test_an_address_for_programs_is_no_headlines(place: str) -> None:
    assert (
        entries(json_ld([{"@type": "NewsArticle", "name": title, "url": place + path} for path, title in STORIES]))
        == ()
    )


# --- hostile states -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "script",
    [
        "__N__={a:" + '"\\' * 100_000,
        "__N__={a:" + "'\\" * 100_000,
        "__N__=" + " " * 200_000,
        "__N__=(function(){" + " " * 200_000,
        "__N" * 100_000,
    ],
    ids=["quotes", "single-quotes", "spaces", "spaces-in-a-function", "names"],
)
def test_a_state_that_never_ends_is_read_once(script: str) -> None:
    begun = process_time()
    assert not any(_literals.states(script))
    assert process_time() - begun < 2  # 0.1 s; a reader that went back would take minutes


def test_a_long_parameter_that_is_named_often_does_not_fill_the_memory() -> None:
    named = ",".join(f"k{at}:a" for at in range(1_000))
    script = f'__N__=(function(a){{return {{{named}}}}}("{"x" * 50_000}"))'
    assert list(_literals.states(script)) == [None]


def test_indexes_that_lead_nowhere_are_left_out() -> None:
    values = [{"title": 1, "url": 2}, ["Reactive", 7], [999], 3, 4, 5, 6, [["Ref", 999]]]
    assert entries(f'<script type="application/json">{json.dumps(values)}</script>') == ()
    values = [{"title": 1, "url": 1}, {"text": "a"}, 3, 4, 5, 6]
    assert entries(f'<script type="application/json">{json.dumps([values])}</script>') == ()
