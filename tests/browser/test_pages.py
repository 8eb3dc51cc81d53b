"""Our pages in a real browser: nothing hostile runs, nothing overflows, every direction is right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from time import sleep

import pytest

from fakes_reader import World, headline_by, picture, story_with
from make import NOW
from sample_world import sample_world
from serving import serving
from wirekin.model import Member

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = [
    "/",
    "/topics",
    "/topics/iran",
    "/feeds",
    "/docs",
    "/embed?url=https://me.example/a-very-long-address-that-wraps-nowhere-by-itself/and/goes/on",
    "/search?q=tanker",
    "/search?lang=fa&publisher=a-very-long-name-that-wraps-nowhere-by-itself-and-goes-on&from=2026-11-01",
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
    """A function that opens one of our pages, with requests to other servers refused."""
    address, world = served
    page.route(lambda url: not url.startswith(address), lambda route: route.abort())

    def open_at(path: str, width: int = 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(address + path.format(story=world.stories[0].story.id))
        return page

    return open_at


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_no_page_is_wider_than_its_window(site, width: int):
    widths = {path: site(path, width).evaluate("document.documentElement.scrollWidth") for path in PAGES}

    assert {path: wide for path, wide in widths.items() if wide > width} == {}


@pytest.mark.parametrize("width", [320, 700, 1280])
def test_every_cell_of_the_table_of_feeds_lies_within_the_window(site, width: int):
    cells = site("/feeds", width).locator(".feeds tbody :is(th, td)")
    boxes = cells.evaluate_all("all => all.map(e => e.getBoundingClientRect()).map(b => [b.left, b.right])")

    assert len(boxes) == 3 * 7
    assert [box for box in boxes if box[0] < 0 or box[1] > width] == []


@pytest.mark.parametrize("width", [320, 375, 460, 600, 768, 900])
def test_the_cells_of_a_feed_fill_whole_rows(site, width: int):
    page = site("/feeds", width)

    tops = page.evaluate("[...document.querySelectorAll('.feeds tbody tr:first-child td')].map(td => td.offsetTop)")
    assert len({tops.count(top) for top in tops}) == 1


def test_a_narrow_table_of_feeds_is_still_a_table_to_screen_readers(site):
    page = site("/feeds", 320)

    assert page.get_by_role("table", name="Feeds").get_by_role("row").count() == 4
    assert page.get_by_role("rowheader", name="North Wire").is_visible()
    assert page.get_by_role("row", name="North Wire").get_by_role("cell").count() == 6


def test_one_story_leads_the_front_page_and_appears_nowhere_else_on_it(site, served):
    _, world = served
    page = site("/", 1440)
    sizes = [
        page.locator(where).first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
        for where in (".top h3", ".section .first h3", ".section .event:not(.first) h3", ".others a")
    ]

    assert page.locator(".top h3").inner_text() == world.stories[0].story.lead.title
    assert page.get_by_role("link", name=world.stories[0].story.lead.title, exact=True).count() == 1
    assert sizes == sorted(set(sizes), reverse=True)


def test_in_two_columns_the_third_topic_takes_the_whole_row(site):
    page = site("/", 768)
    left, right = page.locator(".sections").evaluate(
        "e => [e.getBoundingClientRect().left, e.getBoundingClientRect().right]"
    )
    last = page.locator(".section").last.evaluate(
        "e => [e.getBoundingClientRect().left, e.getBoundingClientRect().right]"
    )

    assert last == [left, right]


def test_a_persian_headline_is_set_right_to_left(site):
    page = site("/topics/iran")

    lead = page.locator(".lead[lang=fa]").first
    assert lead.evaluate("e => getComputedStyle(e).direction") == "rtl"


def test_ages_replace_the_times_and_show_them_as_tooltips(site, page):
    page.clock.set_fixed_time(NOW)
    shown = site("/")

    time = shown.locator(".lead time").first
    assert time.inner_text() == "2h ago"
    assert time.get_attribute("title") == "22 Nov 2026, 07:48 UTC"


def test_without_script_the_page_shows_its_stories_and_full_times(browser, served):
    address, world = served
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.route(lambda url: not url.startswith(address), lambda route: route.abort())
    page.goto(address)

    assert page.get_by_text(world.stories[0].story.lead.title).is_visible()
    assert page.locator(".lead time").first.inner_text() == "22 Nov 2026, 07:48 UTC"
    context.close()


def test_the_first_tab_stop_skips_to_the_headlines(site):
    page = site("/")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"


def test_hostile_titles_publishers_and_summaries_run_no_script(page):
    world = World()
    for number, words in enumerate(HOSTILE):
        first = Member(headline_by(words, words, 2, summary=words))
        world.stories.append(story_with(first, Member(headline_by(words + str(number), "North", 1))))
    with serving(world) as address:
        ids = [detail.story.id for detail in world.stories]
        for path in ("/", "/topics/iran", "/search?q=document", *(f"/stories/{key}" for key in ids)):
            page.goto(address + path)

            assert page.evaluate("document.body.dataset.ran") is None
            assert page.locator("main script, main iframe, main svg:not(.lanes), main img").count() == 0
            assert page.locator("svg.lanes :not(title, desc, line, circle, text, tspan)").count() == 0


@pytest.fixture
def plain(browser, served):
    """A page without script, and the messages of the browser's console."""
    address, world = served
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 800})
    page = context.new_page()
    page.route(lambda url: not url.startswith(address), lambda route: route.abort())
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    yield page, address, world, said
    context.close()


def test_the_filters_of_a_search_work_without_script(plain):
    page, address, _, _ = plain
    page.goto(address + "/search")
    page.get_by_label("Language").select_option("fa")
    page.get_by_label("From").fill("2026-11-22")
    page.get_by_label("Until").fill("2026-11-22")
    page.get_by_role("button", name="Search").click()

    assert page.locator(".found .headline").all_inner_texts() == [
        "توقیف نفتکش در تنگه؛ مذاکره‌کنندگان: چیزی عوض نشده است"
    ]
    assert page.get_by_label("Language").input_value() == "fa"
    assert page.get_by_label("From").input_value() == "2026-11-22"
    page.get_by_role("link", name="Clear").click()
    assert page.get_by_label("Language").input_value() == ""


def test_folded_copies_open_without_script(plain):
    page, address, world, _ = plain
    first = Member(headline_by("Strait closed", "Harbor", 9))
    copies = [Member(headline_by("Strait closed", f"Paper {n}", 8 - n / 2), first.headline.id) for n in range(14)]
    detail = story_with(first, *copies)
    world.stories.append(detail)
    try:
        page.goto(f"{address}/stories/{detail.story.id}")
        paper = page.locator("details.same").get_by_role("link", name="Paper 13")
        assert not paper.is_visible()
        page.get_by_text("Same text: 14 papers").click()
        assert paper.is_visible()
    finally:
        world.stories.remove(detail)


def test_no_page_violates_its_content_security_policy(plain):
    page, address, world, said = plain
    for path in PAGES:
        page.goto(address + path.format(story=world.stories[0].story.id))

    assert [one for one in said if "Content Security Policy" in one] == []


@pytest.mark.parametrize("width", [320, 1280])
def test_every_name_in_the_diagram_of_a_story_is_visible_and_overlaps_no_other(site, served, width: int):
    _, world = served
    hours = (9.0, 8.2, 7.1, 6.0, 5.1, 4.2, 3.4, 2.6, 1.7, 0.9, 0.4, 0.3, 0.2)
    detail = story_with(
        *(Member(headline_by(f"Strait {n}", f"{n} Wide Intelligencer", hour)) for n, hour in enumerate(hours))
    )
    world.stories.append(detail)
    try:
        page = site(f"/stories/{detail.story.id}", width)
        boxes = page.locator("svg.lanes .teller").evaluate_all(
            "all => all.map(e => e.getBoundingClientRect()).map(b => [b.left, b.right, b.top, b.bottom])"
        )
    finally:
        world.stories.remove(detail)

    assert len(boxes) == 12
    assert [box for box in boxes if box[0] < 0 or box[1] > width] == []
    assert [(above, below) for above, below in pairwise(boxes) if above[3] > below[2]] == []


@pytest.mark.parametrize("path", ["/", "/topics", "/search?q=tanker", "/embed/related?title=Tanker+in+the+strait"])
def test_there_is_no_layout_shift_when_ages_replace_the_times(site, page, path: str):
    page.clock.set_fixed_time(NOW)
    page.add_init_script("""window.shifts = []; new PerformanceObserver(list =>
        window.shifts.push(...list.getEntries().map(e => e.value))).observe({type: "layout-shift", buffered: true});""")
    page.route("**/ages.js", lambda route: (sleep(0.3), route.continue_()))
    site(path, 1024)
    page.wait_for_timeout(300)

    assert page.locator("main time").first.get_attribute("title")
    assert page.evaluate("window.shifts") == []


@pytest.mark.parametrize("path", PAGES)
def test_no_sentence_with_a_link_is_given_a_separator_dot(site, path: str):
    """The style sheet adds dots between a publisher and an age, but must not add one after a link in a sentence."""
    parted = site(path).locator("p.meta:has(> a:not(:last-child))").all_inner_texts()

    assert [words for words in parted if words.rstrip().endswith(".")] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/search", "/embed"])
def test_the_borders_of_form_fields_have_enough_contrast(site, page, path: str, scheme: str):
    """WCAG 2.2, 1.4.11: three to one. axe-core checks the contrast of text only."""
    page.emulate_media(color_scheme=scheme)
    ratios = site(path).locator("input:visible, select:visible, button:visible").evaluate_all(CONTRASTS)

    assert ratios
    assert [ratio for ratio in ratios if ratio < 3] == []


CONTRASTS = """all => {
    const light = (colour) => {
        const [r, g, b] = colour.match(/[0-9.]+/g).map(n => n / 255).map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
        return .2126 * r + .7152 * g + .0722 * b;
    };
    const ground = light(getComputedStyle(document.body).backgroundColor);
    return all.map(e => light(getComputedStyle(e).borderTopColor)).map(edge => (Math.max(edge, ground) + .05) / (Math.min(edge, ground) + .05));
}"""
OUR_WORDS = ", ".join(f"[dir=rtl] {ours}" for ours in ("time", ".lag", ".fit", ".why", ".onward", ".same"))


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/stories/{story}", "24 min later"),
        ("/topics", "2 headlines"),
        ("/", "22 Nov 2026, 08:30 UTC"),
        ("/search?q=المضيق", "7 headlines"),
        ("/embed/related?title=توقیف+نفتکش+در+تنگه", "6 publishers · Shares: تنگه, توقیف, نفتکش"),
    ],
)
def test_our_english_words_stay_left_to_right_in_a_right_to_left_line(site, path: str, said: str):
    """Text that begins with a number would be reordered: "headlines 11", "Nov 2026, 12:42 UTC 25"."""
    site("/").route("**/ages.js", lambda route: route.abort())
    page = site(path)

    lines = page.locator(OUR_WORDS)
    assert said in lines.all_inner_texts()
    assert [words for words in lines.evaluate_all(NOT_FROM_THE_LEFT) if words] == []


# The first text of each element in which a Latin letter or digit is left of one that precedes it.
NOT_FROM_THE_LEFT = """all => all.map(e => {
    const words = document.createTreeWalker(e, NodeFilter.SHOW_TEXT).nextNode(), range = document.createRange();
    const places = [...words.data].flatMap((sign, n) => {
        if (!/[A-Za-z0-9]/.test(sign)) return [];
        range.setStart(words, n); range.setEnd(words, n + 1);
        const box = range.getBoundingClientRect();
        return [[Math.round(box.top / 8), box.left]];
    });
    return places.some(([top, left], n) => n && top === places[n - 1][0] && left < places[n - 1][1]) ? words.data : "";
})"""


@pytest.mark.parametrize(("width", "least", "most"), [(320, 280, 128), (768, 270, 180), (1440, 550, 180)])
def test_in_a_list_only_the_first_image_is_large(site, served, width: int, least: int, most: int):
    _, world = served
    other = story_with(Member(headline_by("A lighthouse is moved inland", "Harbor", 1, image=picture("lamp"))))
    world.stories.append(other)
    try:
        page = site("/topics/iran", width)
        lead, small = (
            page.locator(f".list .event{which} .lead > .picture").first.bounding_box()
            for which in (".first", ":not(.first)")
        )
        headline = page.locator(".list .event.first h2").bounding_box()
    finally:
        world.stories.remove(other)

    assert lead["width"] >= least
    assert small["width"] <= most
    assert width < 700 or lead["x"] >= headline["x"] + headline["width"]


def test_a_printed_page_is_black_on_white_and_has_no_forms(site, page):
    page.emulate_media(media="print", color_scheme="dark")
    shown = site("/search?q=strait")

    assert shown.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert shown.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert not shown.locator(".filters").is_visible()
    assert not site("/topics/iran").get_by_text("Follow").is_visible()
    shown = site("/search?q=strait")
    assert shown.locator(".found .headline").first.is_visible()


def test_a_printed_front_page_has_two_columns_and_no_nested_ones(site, page):
    page.emulate_media(media="print")
    shown = site("/", 800)

    columns = shown.locator(".section").evaluate_all("all => all.map(e => getComputedStyle(e).columnCount)")
    assert set(columns) == {"auto"}
    assert shown.locator(".sections").evaluate("e => getComputedStyle(e).columnCount") == "2"


def test_a_printed_page_shows_times_instead_of_ages(site, page):
    page.clock.set_fixed_time(NOW)
    shown = site("/")
    time = shown.locator(".lead time").first

    shown.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert time.inner_text() == "22 Nov 2026, 07:48 UTC"
    shown.evaluate("dispatchEvent(new Event('afterprint'))")
    assert time.inner_text() == "2h ago"


def test_a_printed_url_is_left_to_right_in_a_right_to_left_headline(site, page):
    page.emulate_media(media="print")
    shown = site("/search?q=نفتکش")

    after = shown.locator(".headline a[dir=rtl]").first.evaluate("e => getComputedStyle(e, '::after').content")
    assert re.fullmatch('" \u2066https://.+\u2069"', after)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_health_marks_and_bars_stay_visible_in_forced_colours(site, page, scheme: str):
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    shown = site("/feeds")
    ground = shown.evaluate("getComputedStyle(document.body).backgroundColor")

    dot = shown.locator(".health").first.evaluate("e => getComputedStyle(e, '::before').backgroundColor")
    bar = shown.locator(".bars rect").first.evaluate("e => getComputedStyle(e).fill")
    assert ground not in (dot, bar)
    assert bar not in ("rgb(10, 90, 102)", "rgb(124, 196, 207)")  # ours
