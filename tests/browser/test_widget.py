"""The widget in a real browser, on a page of another origin."""

from __future__ import annotations

import re

import pytest

from fakes_reader import headline_by, story_with
from papers import ELEMENT, SCRIPT, TITLE, ArticlePage
from wirekin.model import Member

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_script_tag_alone_shows_related_headlines(article: ArticlePage):
    page = article.show(SCRIPT)

    links = page.locator("related-stories a").all()
    assert {link.get_attribute("href") for link in links} == {detail.story.lead.url for detail in article.world.stories}
    assert page.locator("related-stories h2").inner_text() == "More & <b>more</b>"


@pytest.mark.parametrize("limit", ["100", "-3", "many"])
def test_with_an_invalid_limit_related_headlines_are_still_shown(article: ArticlePage, limit: str):
    page = article.show(re.sub('data-limit="[^"]*"', f'data-limit="{limit}"', SCRIPT))

    assert page.locator("related-stories a").count() > 0


def test_each_title_has_its_language_and_direction(article: ArticlePage):
    page = article.show(SCRIPT)

    persian = page.locator("related-stories a[lang=fa]")
    assert persian.get_attribute("dir") == "rtl"
    assert persian.evaluate("a => getComputedStyle(a.parentElement).direction") == "rtl"


def test_the_pages_own_links_are_replaced_by_related_headlines(article: ArticlePage):
    page = article.show(ELEMENT)

    assert page.locator("related-stories").get_attribute("data-state") == "shown"
    assert not page.get_by_text("Our own link").is_visible()


@pytest.mark.parametrize("trouble", ["down", "nothing related"])
def test_the_pages_own_links_stay_when_the_server_fails_or_has_none(article: ArticlePage, trouble: str):
    article.world.broken = RuntimeError("down") if trouble == "down" else None
    article.world.stories = []

    page = article.show(ELEMENT)

    assert page.locator("related-stories").get_attribute("data-state") == "kept"
    assert page.get_by_text("Our own link").is_visible()


def test_without_related_headlines_or_own_links_the_widget_takes_no_space(article: ArticlePage):
    article.world.stories = []

    page = article.show(SCRIPT)

    assert page.locator("related-stories").evaluate("element => element.offsetHeight") == 0


def test_a_script_next_to_an_element_fills_that_element(article: ArticlePage):
    page = article.show('<related-stories><a href="https://me.example/b">Own</a></related-stories>' + SCRIPT)

    assert page.locator("related-stories").count() == 1
    assert page.locator("related-stories").get_attribute("data-heading") == "More & <b>more</b>"


def test_a_theme_that_is_asked_for_sets_the_colours(article: ArticlePage):
    page = article.show(SCRIPT.replace("data-limit", 'data-theme="dark" data-limit'))

    assert page.locator("related-stories").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(20, 21, 23)"


def test_hostile_titles_are_shown_as_text(article: ArticlePage):
    words = "tanker seized strait talks <img src=x onerror=document.title=1><script>document.title=2</script>"
    article.world.stories = [story_with(Member(headline_by(words, "<b>Evil</b>", 1)))]

    page = article.show(SCRIPT)

    assert page.locator("related-stories a").inner_text() == words
    assert page.locator("related-stories img, related-stories b, related-stories script").count() == 0
    assert page.title() == TITLE
