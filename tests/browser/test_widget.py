"""The widget in a real browser, on a page of another origin."""

from __future__ import annotations

import re

import pytest

from fakes_reader import said, told
from papers import ELEMENT, SCRIPT, TITLE, Stand
from wirekin.model import Member

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_script_tag_alone_shows_what_is_related(stand: Stand):
    page = stand.show(SCRIPT)

    links = page.locator("related-stories a").all()
    assert {link.get_attribute("href") for link in links} == {detail.story.lead.url for detail in stand.world.stories}
    assert page.locator("related-stories h2").inner_text() == "More & <b>more</b>"


@pytest.mark.parametrize("limit", ["100", "-3", "many"])
def test_a_limit_that_the_server_would_refuse_is_no_reason_to_show_nothing(stand: Stand, limit: str):
    page = stand.show(re.sub('data-limit="[^"]*"', f'data-limit="{limit}"', SCRIPT))

    assert page.locator("related-stories a").count() > 0


def test_each_title_says_its_language_and_direction(stand: Stand):
    page = stand.show(SCRIPT)

    persian = page.locator("related-stories a[lang=fa]")
    assert persian.get_attribute("dir") == "rtl"
    assert persian.evaluate("a => getComputedStyle(a.parentElement).direction") == "rtl"


def test_links_of_the_page_itself_are_replaced_by_an_answer(stand: Stand):
    page = stand.show(ELEMENT)

    assert page.locator("related-stories").get_attribute("data-state") == "shown"
    assert not page.get_by_text("Our own link").is_visible()


@pytest.mark.parametrize("trouble", ["down", "nothing related"])
def test_links_of_the_page_itself_stay_where_no_answer_comes(stand: Stand, trouble: str):
    stand.world.broken = RuntimeError("down") if trouble == "down" else None
    stand.world.stories = []

    page = stand.show(ELEMENT)

    assert page.locator("related-stories").get_attribute("data-state") == "kept"
    assert page.get_by_text("Our own link").is_visible()


def test_an_element_without_links_gives_its_room_back(stand: Stand):
    stand.world.stories = []

    page = stand.show(SCRIPT)

    assert page.locator("related-stories").evaluate("element => element.offsetHeight") == 0


def test_a_script_beside_an_element_fills_that_one(stand: Stand):
    page = stand.show('<related-stories><a href="https://me.example/b">Own</a></related-stories>' + SCRIPT)

    assert page.locator("related-stories").count() == 1
    assert page.locator("related-stories").get_attribute("data-heading") == "More & <b>more</b>"


def test_the_page_gives_the_colours_unless_a_theme_is_asked_for(stand: Stand):
    page = stand.show(SCRIPT.replace("data-limit", 'data-theme="dark" data-limit'))

    assert page.locator("related-stories").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(20, 21, 23)"


def test_hostile_titles_are_text(stand: Stand):
    words = "tanker seized strait talks <img src=x onerror=document.title=1><script>document.title=2</script>"
    stand.world.stories = [told(Member(said(words, "<b>Evil</b>", 1)))]

    page = stand.show(SCRIPT)

    assert page.locator("related-stories a").inner_text() == words
    assert page.locator("related-stories img, related-stories b, related-stories script").count() == 0
    assert page.title() == TITLE
