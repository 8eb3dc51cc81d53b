"""The widget's promises to a site owner, each tested on a page of another origin."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fakes_reader import headline_by, picture, story_with
from make import NOW
from papers import ELEMENT, SCRIPT, STRICT, ArticlePage
from serving import ask
from wirekin.model import Member
from wirekin.render import frame_room
from wirekin.web._static import widget_script

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FAR_BELOW = '<p id="filler"></p>' + "<p>More of the article.</p>" * 120
AFTER = "<p id='after'>What comes after the footer.</p>" + "<p>The foot of the page.</p>" * 30
PICTURES = STRICT + "; img-src *"
ROOM = "; style-src 'unsafe-inline'"  # for a page that reserves the space with a line of CSS (docs/embedding.md)
RESERVED = "<style>related-stories:not(:defined) {{ display: block; height: {height}em }} body {{ max-width: {width}px }}</style>"
WATCH = """
    window.shifts = []; window.loads = [];
    new PerformanceObserver(list => window.shifts.push(...list.getEntries().map(e => e.value)))
        .observe({type: "layout-shift", buffered: true});
    document.addEventListener("related-stories", e => window.loads.push(e.detail.items));
"""


def requests_of(article: ArticlePage) -> list[str]:
    """A list that collects the page's requests to wirekin from now on."""
    made: list[str] = []
    article.page.on("request", lambda request: made.append(request.url) if article.address in request.url else None)
    return made


def layout_shifts(page) -> list[float]:
    """The layout shifts of the page, read after two frames and 50 ms."""
    page.evaluate(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))"
    )
    return page.evaluate("window.shifts")


def until(page, what: str) -> None:
    """Wait until an expression is true; playwright's own wait evaluates in the page, which a strict policy forbids."""
    for _ in range(200):
        if page.evaluate(what):
            return
        page.wait_for_timeout(25)
    raise AssertionError(f"never: {what}")


def test_the_widget_script_is_less_than_four_kilobytes_gzipped():
    assert len(widget_script().packed) < 4_096


def test_the_widget_makes_two_requests_and_sets_no_cookie_or_storage(article: ArticlePage):
    made = requests_of(article)

    page = article.show(SCRIPT)

    assert [url.partition("?")[0].removeprefix(article.address) for url in made] == ["/widget.js", "/v1/related"]
    assert page.context.cookies() == []
    assert page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]") == ["", 0, 0]


def test_the_widget_asks_the_server_only_when_the_reader_scrolls_near_it(article: ArticlePage):
    made = requests_of(article)
    page = article.open(FAR_BELOW + SCRIPT)
    page.wait_for_selector("related-stories", state="attached")
    page.wait_for_timeout(100)
    before = len(made)

    page.locator("related-stories").scroll_into_view_if_needed()
    page.wait_for_selector("related-stories[data-state]", state="attached")

    assert (before, len(made)) == (1, 2)


@pytest.mark.parametrize("items", ["two", "none"])
@pytest.mark.parametrize("place", ["script", "own links"])
def test_there_is_no_layout_shift_when_the_reader_scrolls_to_the_widget(article: ArticlePage, items: str, place: str):
    if items == "none":
        article.world.stories = []
    article.page.add_init_script(WATCH)
    page = article.open(FAR_BELOW + (SCRIPT if place == "script" else ELEMENT) + AFTER)
    for _ in range(14):
        page.mouse.wheel(0, 300)
        page.wait_for_timeout(30)
    page.wait_for_selector("related-stories[data-state]", state="attached")

    assert page.evaluate("scrollY") > 1_000
    assert sum(layout_shifts(page)) == 0
    assert page.locator("#after").is_visible()


@pytest.mark.parametrize("items", [2, 0])
@pytest.mark.parametrize(("width", "rows"), [(400, 4), (700, 2)], ids=["one column", "two columns"])
def test_there_is_no_layout_shift_when_the_widget_is_visible_from_the_start(
    article: ArticlePage, width: int, rows: int, items: int
):
    article.world.stories = article.world.stories[:items]
    article.page.add_init_script(WATCH)

    page = article.show(RESERVED.format(height=3 + 8.1 * rows, width=width) + SCRIPT_IN_PLACE + AFTER, STRICT + ROOM)

    assert page.locator("related-stories a").count() == items
    assert sum(layout_shifts(page)) == 0


SCRIPT_IN_PLACE = "<related-stories></related-stories>" + SCRIPT


def test_reserved_space_that_is_not_needed_is_released_once_it_is_out_of_sight(article: ArticlePage):
    article.world.stories = []
    article.page.add_init_script(WATCH)
    page = article.show("<p>Text.</p>" * 5 + SCRIPT + AFTER)
    kept = page.locator("related-stories").evaluate("e => e.offsetHeight")
    layout_shifts(page)
    page.evaluate("() => { window.shifts = [] }")
    page.set_viewport_size({"width": 1280, "height": 150})
    until(page, "document.querySelector('related-stories').offsetHeight === 0")

    assert kept > 100
    assert sum(layout_shifts(page)) == 0


def test_a_card_is_a_list_item_with_one_link_publisher_age_and_reason(article: ArticlePage):
    harbor = headline_by(
        "Crew of seized tanker is safe, owner of tanker says after a night of talks in three capitals",
        "Harbor",
        2,
        image=picture("a", "https://p.example"),
    )
    article.world.stories = [story_with(Member(harbor), Member(headline_by("Crew of tanker safe", "North", 1)))]
    article.page.clock.set_fixed_time(NOW)
    page = article.show(SCRIPT)

    card = page.locator("related-stories li:not(:empty)")
    assert page.get_by_role("region", name="More & <b>more</b>").get_by_role("listitem").count() == 1
    assert [link.get_attribute("rel") for link in card.locator("a").all()] == ["noopener external"]
    assert card.locator("[part=meta]").inner_text() == "Harbor · 2h ago"
    assert card.locator("time").get_attribute("datetime") == "2026-11-22T08:00:00Z"
    assert card.locator("[part=why]").inner_text().startswith("2 publishers · Shares: ")
    assert card.locator("a").evaluate("a => a.offsetHeight") > 2 * 20, "a picture beside cuts the headline"
    shown = card.locator("img").evaluate("i => [i.alt, i.width, i.height, i.loading, i.referrerPolicy]")
    assert shown == ["", 88, 66, "lazy", "no-referrer"]


def test_an_image_that_fails_to_load_causes_no_layout_shift(article: ArticlePage):
    lost = headline_by(
        "Crew of seized tanker is safe, owner of tanker says after a night of talks in three capitals",
        "Harbor",
        2,
        image=picture("a", "http://127.0.0.1:9"),
    )
    article.world.stories = [story_with(Member(lost))]
    article.page.add_init_script(WATCH)
    page = article.show(RESERVED.format(height=3 + 8.1 * 2, width=700) + SCRIPT_IN_PLACE + AFTER, PICTURES + ROOM)
    until(page, "document.querySelector('related-stories').shadowRoot.querySelector('img').style.visibility")

    assert sum(layout_shifts(page)) == 0


def test_ages_are_shown_in_the_language_of_the_page(article: ArticlePage):
    article.page.clock.set_fixed_time(NOW)

    page = article.show(SCRIPT, lang="fa")

    assert "ساعت" in page.locator("related-stories time").first.inner_text()


def test_the_page_can_style_the_widget_by_parts_and_custom_properties(article: ArticlePage):
    style = "<style>related-stories {--wirekin-row: 150px} related-stories::part(link) {color: rgb(1, 2, 3)}</style>"

    page = article.show(style + SCRIPT, STRICT + ROOM)

    assert page.locator("related-stories a").first.evaluate("a => getComputedStyle(a).color") == "rgb(1, 2, 3)"
    assert page.locator("related-stories li").first.evaluate("li => li.offsetHeight") == 150
    parts = page.evaluate(
        "[...document.querySelector('related-stories').shadowRoot.querySelectorAll('[part]')].map(e => e.part.value)"
    )
    assert {*parts} == {"section", "heading", "list", "item", "link", "meta", "publisher", "time", "why"}


def test_a_dark_page_has_a_dark_widget(article: ArticlePage):
    dark = "<style>body {background: #111; color: #eee}</style>"

    page = article.show(dark + SCRIPT, STRICT + ROOM)

    assert page.locator("related-stories a").first.evaluate("a => getComputedStyle(a).color") == "rgb(238, 238, 238)"


def test_the_keyboard_stops_once_per_card_and_never_at_hidden_links(article: ArticlePage):
    page = article.show(ELEMENT + '<a id="end" href="https://me.example/end">End</a>')
    stops = []
    for _ in range(3):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("(document.activeElement.shadowRoot || document).activeElement.textContent"))

    assert stops == [*(link.inner_text() for link in page.locator("related-stories [part=link]").all()), "End"]


def test_the_page_gets_an_event_with_the_number_of_items(article: ArticlePage):
    article.page.add_init_script(WATCH)

    assert article.show(SCRIPT).evaluate("window.loads") == [2]


def test_the_page_gets_an_event_with_no_items_when_the_server_fails(article: ArticlePage):
    article.world.broken = RuntimeError("down")
    article.page.add_init_script(WATCH)

    assert article.show(SCRIPT).evaluate("window.loads") == [0]


def test_the_widget_fits_a_window_of_320_pixels(article: ArticlePage):
    article.page.set_viewport_size({"width": 320, "height": 640})

    page = article.show(SCRIPT)

    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.locator("related-stories a").first.evaluate("a => a.offsetWidth") > 150


def test_the_widget_and_the_fragment_have_the_same_content(article: ArticlePage):
    harbor = headline_by("Crew of seized tanker is safe, owner of tanker says", "Harbor", 2)
    article.world.stories[0] = story_with(Member(harbor), Member(headline_by("Crew of tanker safe", "North", 1)))
    page = article.show(SCRIPT)
    widget = page.locator("related-stories").evaluate(CARDS, "shadow")
    page.set_content(
        ask(
            article.address,
            "/fragment/related?url=https://me.example/a&title=Tanker+seized+in+the+strait+as+talks+stall&limit=4",
        ).text
    )

    assert widget == page.locator("section").evaluate(CARDS, "light")
    assert len(widget) == 2


CARDS = """(root, where) => [...(where === "shadow" ? root.shadowRoot : root).querySelectorAll("li:not(:empty)")].map(li => [
    li.dir, li.querySelector("a").href, li.querySelector("a").rel, li.querySelector("a").lang, li.querySelector("a").dir,
    li.querySelector("a").textContent, li.querySelector("bdi").textContent, li.querySelector("time").dateTime,
    ...[...li.querySelectorAll("span")].map(e => e.textContent), li.querySelector("p:last-of-type").textContent,
    li.querySelectorAll("a").length,
])"""


def test_an_iframe_tells_the_page_its_height(article: ArticlePage):
    article.page.add_init_script(
        "addEventListener('message', e => window.told = e.data.wirekin && e.data.wirekin.height)"
    )
    frame = '<iframe title="Related" width="400" height="10" src="WIREKIN/embed/related?title=tanker+seized+strait"></iframe>'
    page = article.open(frame, "default-src 'none'; frame-src {wirekin}")
    until(page, "window.told > 0")

    assert page.frames[1].evaluate("document.documentElement.scrollHeight") - page.evaluate("window.told") <= 1


@pytest.mark.parametrize(("size", "columns"), [("62.5%", 1), ("100%", 1), ("200%", 1), ("50%", 2)])
def test_the_number_of_columns_depends_on_the_text_size_and_not_on_the_rem(
    article: ArticlePage, size: str, columns: int
):
    """Many pages make the rem 10px: 400px of their text at 16px would otherwise be two columns of one word per line."""
    style = f"<style>html {{ font-size: {size} }} body {{ width: 400px; font-size: {'10px' if columns == 2 else '16px'} }}</style>"
    page = article.show(style + SCRIPT, policy=STRICT + ROOM)

    tracks = page.locator("related-stories ul").evaluate("ul => getComputedStyle(ul).gridTemplateColumns")
    assert len(tracks.split()) == columns


@pytest.mark.parametrize("width", [280, 560, 620, 720, 900])
def test_publisher_age_and_reason_are_not_cut_off_below_a_long_headline_with_an_image(article: ArticlePage, width: int):
    title = "Crew of the tanker seized in the strait is safe, its owner says after a night of talks in the port"
    tellers = [
        Member(headline_by(title, paper, hours, image=picture(paper))) for paper, hours in (("Harbor", 2), ("North", 3))
    ]
    article.world.stories = [story_with(*tellers)]
    page = article.show(f"<style>body {{ width: {width}px }}</style>" + SCRIPT, policy=PICTURES + ROOM)

    lines = page.locator("related-stories p")
    heights, cut = lines.evaluate_all(
        "all => [all.map(p => p.offsetHeight), all.map(p => p.scrollWidth > p.offsetWidth)]"
    )
    assert len(heights) == 2
    assert len(heights) == 2
    assert min(heights) >= 13
    assert cut == [False, False]
    assert (
        page.locator("related-stories li").evaluate_all("all => all.filter(li => li.scrollHeight > li.offsetHeight)")
        == []
    )


@pytest.mark.parametrize("width", [300, 640])
@pytest.mark.parametrize("rule", ["", "* { line-height: 2 }"])
def test_a_long_publisher_name_is_not_cut_off_in_narrow_columns_at_any_line_height(
    article: ArticlePage, width: int, rule: str
):
    title = "Tanker seized in the strait while its owner and the navy of the islands talk on and on, all night long"
    article.world.stories = [
        story_with(
            *[
                Member(headline_by(title + name, f"The Daily Intelligencer {name}", 9, image=picture(name)))
                for name in "AB"
            ]
        )
    ]
    page = article.show(f"<style>body {{ width: {width}px }} {rule}</style>{SCRIPT}", policy=PICTURES + ROOM)

    narrow, low = (f"all => all.filter(e => e.scroll{side} > e.client{side}).length" for side in ("Width", "Height"))
    assert page.locator("related-stories p").first.inner_text().startswith("The Daily Intelligencer ")
    assert page.locator("related-stories p:first-of-type").evaluate_all(narrow) == 0
    assert page.locator("related-stories p, related-stories li").evaluate_all(low) == 0


@pytest.mark.parametrize(("width", "limit"), [(600, 4), (600, 6), (343, 3)])
def test_the_recommended_height_of_an_iframe_fits_all_its_cards(article: ArticlePage, width: int, limit: int):
    titles = [
        f"Tanker {n} seized in the strait while its owner and the navy talk all the night long" for n in range(limit)
    ]
    article.world.stories = [
        story_with(Member(headline_by(title, f"The Daily Intelligencer {n}", 2, image=picture(f"t{n}"))), Member(headline_by(f"{title}!", f"Paper {n}", 1)))
        for n, title in enumerate(titles)
    ]  # fmt: skip
    page = article.page
    page.set_viewport_size({"width": width, "height": frame_room(limit, width)})
    page.goto(f"{article.address}/embed/related?title=tanker+seized+strait+owner+navy&limit={limit}")

    assert page.locator("li").count() == limit
    assert page.evaluate("document.documentElement.scrollHeight") <= frame_room(limit, width)


@pytest.mark.parametrize("width", [240, 320])
def test_the_recommended_height_of_an_iframe_fits_a_long_heading_too(article: ArticlePage, width: int):
    title = "Tanker seized in the strait while its owner and the navy of the islands talk on and on, all night long"
    article.world.stories = [
        story_with(Member(headline_by(title, "Harbor", 2)), Member(headline_by(f"{title}!", "Paper", 1)))
    ]
    page = article.page
    page.set_viewport_size({"width": width, "height": frame_room(1, width)})
    page.goto(
        f"{article.address}/embed/related?title=tanker+strait+navy&limit=1&heading=What+others+report+{'on+all+this+' * 3}"
    )

    assert page.evaluate("document.documentElement.scrollHeight") <= frame_room(1, width)


@pytest.mark.parametrize("width", [320, 600])
def test_publisher_and_date_are_not_cut_off_below_an_image_in_an_iframe(article: ArticlePage, width: int):
    article.world.stories = [
        story_with(Member(headline_by(f"Tanker {n} seized in the strait while the navy talks", "Harbor Daily", 2, image=picture(f"t{n}"))))
        for n in range(2)
    ]  # fmt: skip
    page = article.page
    page.clock.set_fixed_time(NOW + timedelta(days=30))
    page.set_viewport_size({"width": width, "height": 400})
    page.goto(f"{article.address}/embed/related?title=tanker+seized+strait+navy&limit=2")

    cut = "all => all.filter(e => e.scrollWidth > e.clientWidth).map(e => e.textContent)"
    assert page.locator(".meta time").first.inner_text() == "22 Nov 2026, 08:00 UTC"
    assert page.locator(".meta cite bdi, .meta time").evaluate_all(cut) == []


def test_a_long_publisher_name_is_cut_off_before_a_date_is_in_an_iframe(article: ArticlePage):
    article.world.stories = [
        story_with(Member(headline_by("Tanker seized", "The Daily Intelligencer of the Northern Straits", 2)))
    ]
    page = article.page
    page.clock.set_fixed_time(NOW + timedelta(days=30))
    page.set_viewport_size({"width": 280, "height": 400})
    page.goto(f"{article.address}/embed/related?title=tanker+seized")

    hidden = """e => (words => { words.selectNodeContents(e);
        return words.getBoundingClientRect().width - e.getBoundingClientRect().width })(new Range())"""
    assert page.locator(".meta time").evaluate(hidden) == pytest.approx(0, abs=0.001)


@pytest.mark.parametrize("path", ["/article", "/embed/related"])
def test_the_text_of_a_card_without_an_image_takes_its_whole_width(article: ArticlePage, path: str):
    page = article.show(SCRIPT)
    if path != "/article":
        page.goto(f"{article.address}{path}?title=tanker+seized+strait")

    lines = "all => all.map(p => [p.closest('li').offsetWidth, p.offsetWidth])"
    widths = page.locator("li p:not(:empty)").evaluate_all(lines)
    assert widths
    assert [pair for pair in widths if pair[0] != pair[1]] == []


@pytest.mark.parametrize("path", ["/article", "/embed/related"])
def test_a_short_english_headline_starts_at_the_right_edge_of_a_right_to_left_card(article: ArticlePage, path: str):
    article.world.stories = [story_with(Member(headline_by("Tanker seized", "Harbor", 2)))]
    page = article.show(SCRIPT.replace("data-limit", 'data-lang="he" data-limit'))
    if path != "/article":
        page.goto(f"{article.address}{path}?title=tanker+seized+strait&lang=he")

    sides = page.locator("li a").evaluate("""a => {
        const words = document.createRange();
        words.selectNodeContents(a);
        return [words, a.closest("li")].map(e => Math.round(e.getBoundingClientRect().right));
    }""")
    assert sides[0] == sides[1]
