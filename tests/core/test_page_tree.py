"""The light tree of a page compared with lexbor's, and content that a browser shows although the markup hides it."""

from __future__ import annotations

from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from wirekin.parse.pages import _dom, _markup
from wirekin.parse.pages._dom import Element

PAGES = sorted((Path(__file__).resolve().parents[1] / "data" / "pages").glob("*.html"))
LEFT_OUT = "script, style, template, svg, math, iframe, object, select, textarea"


def links(markup: str, *, whole: bool = False) -> list[tuple[str, str]]:
    return [(one.href, one.text()) for one in _dom.read(markup.encode(), whole=whole).root.inside("a")]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_element_is_there_with_lexbors_attributes_and_selectors_find_it(path: Path) -> None:
    markup = _markup.with_shadows(_markup.utf8(path.read_bytes()))
    page = _dom.read(markup)
    tree = LexborHTMLParser(markup)
    out = {inner.mem_id for node in tree.css(LEFT_OUT) for inner in node.traverse()}
    expected = [node for node in tree.css("*") if node.mem_id not in out]
    rows = {node.mem_id for node in tree.css("tr[data-href]") if node.css_first("a") is None}

    assert [dict(one.attrs) for one in page.root.walk()] == [
        {name: value or "" for name, value in _as_links(node.attributes, row=node.mem_id in rows).items()}
        for node in expected
    ]
    assert page.select("[class]") == [one for one in page.root.walk() if "class" in one.attrs]


def _as_links(attributes: dict[str, str | None], *, row: bool) -> dict[str, str | None]:
    is_link = row or (attributes.get("role") == "link" and "data-href" in attributes and "href" not in attributes)
    if not is_link:
        return attributes
    return {"href" if name == "data-href" else name: value for name, value in attributes.items()}


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ('<a href="/1"">Unmatched quote</a>', ("/1", "Unmatched quote")),
        ("<!-- if a > b --><a href=/2>After a <!-- > -->comment</a>", ("/2", "After a comment")),
        (
            "<?php echo 1 > 2 ?><a href='/3?a=1&amp;b=\"'>After an instruction</a>",
            ('/3?a=1&b="', "After an instruction"),
        ),
        ("<a href=/4>1 &lt; 2 &amp;amp; 3</a>", ("/4", "1 < 2 &amp; 3")),
        ("<a href=/5><noscript>Hidden</noscript>Shown<script>if (1 < 2) {'</a>'}</script></a>", ("/5", "Shown")),
        ("<a data-x=' href=' href=/6>Two</a>", ("/6", "Two")),
        (
            "<noframes><a href=/no></noframes><xmp><a href=/no></xmp><a href=/7>Raw text aside</a>",
            ("/7", "Raw text aside"),
        ),
    ],
)
def test_a_link_is_read_as_a_browser_reads_it(markup: str, shown: tuple[str, str]) -> None:
    assert links(markup) == [shown]


def test_a_shadow_tree_is_shown_and_a_template_in_it_or_beside_it_is_not() -> None:
    hidden = "<template><a href=/no>Not shown</a></template>"
    shadow = f"<my-card><template shadowrootmode=open>{hidden}<a href=/yes>Shown</a></template></my-card>"

    assert links(hidden + shadow + hidden) == [("/yes", "Shown")]


def test_an_element_with_the_role_of_a_link_leads_where_its_data_say() -> None:
    assert links('<div role="link" data-href="/row"><p>A row</p></div><div data-href="/none">No link</div>') == [
        ("/row", "A row")
    ]


def test_a_row_of_a_table_that_a_script_opens_is_a_link_where_there_is_none_in_it() -> None:
    rows = "<tr data-href=/1><td>First</td></tr><tr data-href=/2><td><a href=/3>Second</a></td></tr>"

    assert links(f"<a href=/0>Zero</a><table>{rows}</table><a href=/4>Four</a>") == [
        ("/0", "Zero"), ("/1", "First"), ("/3", "Second"), ("/4", "Four"),
    ]  # fmt: skip


def test_navigation_is_left_out_and_told_of_on_request() -> None:
    markup = "<nav class=top><a href=/1>One<br>two</a><nav><a href=/2>Three</a></nav></nav>after<a href=/3>Four</a>"
    plain, traced = _dom.read(markup.encode(), whole=False), _dom.read(markup.encode(), whole=False, traced=True)

    assert [one.href for one in plain.root.inside("a")] == [one.href for one in traced.root.inside("a")] == ["/3"]
    assert (plain.menus, plain.root.text()) == ([], traced.root.text())
    assert [(menu.tag, menu.attrs, menu.links) for menu in traced.menus] == [
        ("nav", {"class": "top"}, [("/1", "Onetwo"), ("/2", "Three")])
    ]


def test_no_more_elements_are_read_than_a_page_may_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_dom, "MAX_ELEMENTS", 10)
    monkeypatch.setattr(_dom, "MOST_AT_ONCE", 20)
    monkeypatch.setattr(_dom, "MAX_TOKENS", 30)
    page = _dom.read(b"<p><b>x</b></p>" * 1_000, whole=False)

    assert len(list(page.root.walk())) == 10
    assert all(isinstance(one, Element) and one.end < 10 for one in page.root.walk())


def test_a_value_that_ends_like_a_name_gives_no_class() -> None:
    (one,) = _dom.read(b"<p data-x=' class=' odd id=lead>A</p>").root.inside("p")

    assert one.marks == "lead"
