"""Our pages in a real browser: nothing hostile runs, nothing overflows, every direction is right."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fakes_reader import World, said, told
from make import NOW
from sample_world import sample_world
from serving import serving
from wirekin.model import Member

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = [
    "/",
    "/topics/iran",
    "/feeds",
    "/docs",
    "/embed?url=https://me.example/a-very-long-address-that-wraps-nowhere-by-itself/and/goes/on",
    "/search?q=tanker",
    "/stories/{story}",
    "/embed/related?title=Tanker+in+the+strait",
]
HOSTILE = (
    "<script>document.body.dataset.ran=1</script>",
    "<img src=x onerror=document.body.dataset.ran=1>",
    "<svg/onload=document.body.dataset.ran=1>",
    '"><iframe srcdoc="<script>parent.document.body.dataset.ran=1</script>">',
    "</title></textarea><script>document.body.dataset.ran=1</script>",
    "javascript:document.body.dataset.ran=1",
    "\u202eelttit a si siht",
)  # fmt: skip


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, World]]:
    world = sample_world()
    with serving(world, now=NOW) as address:
        yield address, world


@pytest.fixture
def site(served, page):
    """Opens one of our pages, with every request that leaves loopback refused."""
    address, world = served
    page.route(lambda url: not url.startswith(address), lambda route: route.abort())

    def open_at(path: str, width: int = 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(address + path.format(story=world.stories[0].story.id))
        return page

    return open_at


@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_is_wider_than_its_window(site, width: int):
    widths = {path: site(path, width).evaluate("document.documentElement.scrollWidth") for path in PAGES}

    assert {path: wide for path, wide in widths.items() if wide > width} == {}


def test_a_persian_lead_reads_from_the_right(site):
    page = site("/topics/iran")

    lead = page.locator(".lead[lang=fa]").first
    assert lead.evaluate("e => getComputedStyle(e).direction") == "rtl"


def test_ages_replace_the_times_and_keep_them_as_titles(site, page):
    page.clock.set_fixed_time(NOW)
    shown = site("/")

    time = shown.locator(".lead time").first
    assert time.inner_text() == "2h ago"
    assert time.get_attribute("title") == "22 Nov 2026, 07:48 UTC"


def test_without_script_the_page_says_the_same(browser, served):
    address, world = served
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.route(lambda url: not url.startswith(address), lambda route: route.abort())
    page.goto(address)

    assert page.get_by_text(world.stories[0].story.lead.title).is_visible()
    assert page.locator(".lead time").first.inner_text() == "22 Nov 2026, 07:48 UTC"
    context.close()


def test_the_first_stop_of_the_keyboard_skips_to_the_headlines(site):
    page = site("/")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"


def test_hostile_words_run_nowhere(page):
    world = World()
    for number, words in enumerate(HOSTILE):
        first = Member(said(words, words, 2, summary=words))
        world.stories.append(told(first, Member(said(words + str(number), "North", 1))))
    with serving(world) as address:
        ids = [detail.story.id for detail in world.stories]
        for path in ("/", "/topics/iran", "/search?q=document", *(f"/stories/{key}" for key in ids)):
            page.goto(address + path)

            assert page.evaluate("document.body.dataset.ran") is None
            assert page.locator("main script, main iframe, main svg:not(.lanes), main img").count() == 0
            assert page.locator("svg.lanes :not(title, desc, line, circle, text, tspan)").count() == 0
