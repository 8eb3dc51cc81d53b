"""axe-core on every page and on the widget: all of it works with a screen reader and a keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

import pytest

from fakes_reader import World
from papers import SCRIPT, ArticlePage
from sample_world import sample_world
from serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = [
    "/", "/topics", "/topics/iran", "/stories/{story}", "/search", "/search?q=tanker", "/search?q=nothing-at-all", "/search?lang=fa&from=2026-11-01&publisher=nobody",
    "/search?topic=iran&until=2026-11-30", "/feeds",
    "/embed/related?title=Tanker+in+the+strait", "/embed/related?title=Tanker+in+the+strait&theme=dark", "/stories/none",
    "/embed/related?title=zebra", "/docs", "/embed", "/embed?url=https://me.example/a&heading=More&theme=dark&limit=2&images=no",
]  # fmt: skip
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def violations(page) -> list[str]:
    """The violations that axe-core reports by all of its default rules, best practices included."""
    page.evaluate(AXE + "; undefined")
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {node['target']} {node['html'][:120]}" for one in found["violations"] for node in one["nodes"]
    ]


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, World]]:
    world = sample_world()
    with serving(world) as address:
        yield address, world


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_no_violation_on_any_page(browser, served, scheme: str, width: int):
    address, world = served
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True)
    page = context.new_page()
    page.route(lambda url: not url.startswith(address), lambda route: route.abort())
    found = {}
    for path in PAGES:
        page.goto(address + path.format(story=world.stories[0].story.id))
        found[path] = violations(page)
    context.close()

    assert {path: reported for path, reported in found.items() if reported} == {}


def test_links_and_controls_that_stand_alone_are_at_least_24_pixels_high(browser, served):
    """WCAG 2.2, 2.5.8: at least 24 px, except for links within running text or a list."""
    address, world = served
    page = browser.new_page(viewport={"width": 375, "height": 800})
    small = {}
    for path in PAGES:
        page.goto(address + path.format(story=world.stories[0].story.id))
        small[path] = page.evaluate(
            """() => [...document.querySelectorAll("nav a, .tally a, .more a, .follow a, .go a, .empty a, .beside a, "
                + "dd a, th a, h2 a, button, input, select, summary")]
                .map((one) => [one.textContent, one.getBoundingClientRect()])
                .filter(([, box]) => box.height && box.height < 24).map(([words, box]) => [words, box.height])"""
        )
    page.close()

    assert {path: found for path, found in small.items() if found} == {}


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_axe_finds_no_violation_in_the_widget(browser, wirekin, theme: str):
    context = browser.new_context(bypass_csp=True)
    article = ArticlePage(context.new_page(), *wirekin)
    body = f"</article><main><h1>Tanker seized</h1>{SCRIPT.replace('data-limit', f'data-theme={theme} data-limit')}</main><article>"
    page = article.show(body)

    found = [one for one in violations(page) if "related-stories" in one]
    article.close()
    context.close()

    assert found == []


def test_axe_reports_a_violation_where_there_is_one(page):
    page.set_content("<html lang=en><title>x</title><main><h1>x</h1><img src='x.png'></main>")

    assert [one.partition(":")[0] for one in violations(page)] == ["image-alt"]
