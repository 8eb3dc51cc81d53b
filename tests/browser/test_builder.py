"""/embed, where a site owner configures the footer, with and without script."""

from __future__ import annotations

import pytest

from fakes_reader import World
from papers import ArticlePage
from serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def code(page, way: str) -> str:
    return page.locator(f"code#{way}").inner_text()


def test_the_preview_and_the_code_follow_the_form(article: ArticlePage):
    page = article.page
    page.goto(article.address + "/embed")
    page.get_by_label("Heading").fill("More & <more>")
    page.get_by_label("Stories").fill("2")
    page.frame_locator("#frame").get_by_role("heading", name="More & <more>").wait_for()

    assert f'<script async src="{article.address}/widget.js"' in code(page, "script")
    assert 'data-limit="2" data-heading="More &amp; &lt;more&gt;"' in code(page, "script")
    assert page.url.endswith("limit=2&heading=More+%26+%3Cmore%3E&lang=en&theme=auto&images=yes")


def test_the_form_works_without_script(browser, wirekin):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(wirekin[1] + "/embed")
    page.get_by_label("Heading").fill("More")
    page.get_by_role("button", name="Show").click()

    assert 'data-heading="More"' in code(page, "script")
    page.frame_locator("#frame").get_by_role("heading", name="More").wait_for()
    assert page.locator(".copy:visible").count() == 0
    context.close()


def test_the_footer_has_the_height_in_the_preview_that_the_pasted_iframe_gives_it(article: ArticlePage):
    article.page.goto(article.address + "/embed")
    frame = article.page.locator("#frame")
    article.page.frame_locator("#frame").get_by_role("heading", name="Related stories").wait_for()

    assert frame.evaluate("frame => frame.contentWindow.innerHeight") == int(frame.get_attribute("height"))


def test_a_button_copies_the_code(browser, wirekin):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(wirekin[1] + "/embed")
    page.get_by_role("button", name="Copy the code: Iframe").click()
    page.locator(".copy:has-text('Copied')").wait_for()

    assert page.evaluate("navigator.clipboard.readText()") == code(page, "iframe")
    assert page.locator("#copied").inner_text() == "Copied"
    context.close()


@pytest.mark.parametrize("way", ["script", "element", "iframe"])
def test_the_pasted_code_shows_the_footer_on_another_origin(article: ArticlePage, way: str):
    article.page.goto(
        article.address + "/embed?url=https://me.example/tanker-seized-in-the-strait&heading=More&theme=dark&limit=4"
    )
    pasted = code(article.page, way)
    policy = "default-src 'none'; script-src {wirekin}; connect-src {wirekin}; frame-src {wirekin}"
    page = article.open(pasted, policy)
    inside = page.frame_locator("iframe") if way == "iframe" else page.locator("related-stories")
    inside.get_by_role("heading", name="More").wait_for()

    assert inside.get_by_role("link").count() == 2


def test_the_builder_works_with_an_empty_database(page):
    with serving(World()) as address:
        page.goto(address + "/embed")

        assert "https://your.site/this-article" in code(page, "script")
