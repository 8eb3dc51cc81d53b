"""The footer's own words are in the language of the page around it, or in a configured one."""

from __future__ import annotations

import pytest

from fakes_reader import headline_by, story_with
from make import NOW
from papers import SCRIPT, ArticlePage
from wirekin.model import Member
from wirekin.render import words_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PLAIN = '<script async src="WIREKIN/widget.js" data-url="https://me.example/a"></script>'


@pytest.mark.parametrize("lang", ["en", "ru", "fa-IR", "ar", "he"])
def test_the_widget_uses_the_language_of_the_page(article: ArticlePage, lang: str):
    article.page.clock.set_fixed_time(NOW)
    page, words = article.show(PLAIN, lang=lang), words_in(lang)

    section = page.locator("related-stories section")
    assert page.locator("related-stories h2").inner_text() == words.related
    assert section.get_attribute("aria-label") == words.related
    assert section.get_attribute("lang") == words.lang
    assert section.evaluate("element => getComputedStyle(element).direction") == words.direction
    english = page.locator("related-stories li:has(a[lang=en])")
    assert english.evaluate("element => getComputedStyle(element).direction") == words.direction
    ages = "lang => [1, 2].map(n => new Intl.RelativeTimeFormat(lang, {style: lang === 'en' ? 'narrow' : 'long', numeric: 'auto'}).format(-n, 'hour'))"
    assert sorted(page.locator("related-stories time").all_inner_texts()) == sorted(page.evaluate(ages, lang))
    assert all(
        words.shares in one or words.same_topic in one
        for one in page.locator("related-stories p[part=why]").all_inner_texts()
    )


@pytest.mark.parametrize(("body", "shown"), [
    (SCRIPT.replace("data-limit", 'data-lang="ru" data-limit'), "ru"),
    ('<related-stories lang="ru" url="https://me.example/a"></related-stories>' + PLAIN.replace(" data-url", " id"), "ru"),
    (PLAIN.replace("data-url", 'data-lang="pl" data-url'), "en"),
    (PLAIN.replace("data-url", 'data-lang="no language" data-url'), "en"),
])  # fmt: skip
def test_a_configured_language_overrides_that_of_the_page(article: ArticlePage, body: str, shown: str):
    page = article.show(body, lang="fa")

    assert page.locator("related-stories section").get_attribute("lang") == shown
    assert words_in(shown).shares in page.locator("related-stories p[part=why]").first.inner_text()


@pytest.mark.parametrize(("lang", "words"), [("en", "2 publishers · "), ("fa", "۲ رسانه · ")])
def test_our_words_keep_their_direction_on_a_card_of_the_other_direction(article: ArticlePage, lang: str, words: str):
    """ "2 publishers" beneath a Persian headline must not become "publishers 2"."""
    persian = headline_by("توقیف نفتکش در تنگه strait tanker seized", "روزنامه بندر", 1, "fa")
    article.world.stories = [story_with(Member(persian), Member(headline_by("Crew is safe", "Harbor", 2)))]
    page = article.show(PLAIN, lang=lang)

    why = page.locator("related-stories p[part=why]")
    first, last, right, edge = why.evaluate("""p => {
        const number = document.createRange(), rest = document.createRange(), span = p.querySelector("span").firstChild;
        number.setStart(span, 0); number.setEnd(span, 1);
        rest.setStart(span, 2); rest.setEnd(span, span.data.length);
        const box = (range) => range.getBoundingClientRect(), whole = document.createRange();
        whole.selectNodeContents(p);
        return [box(number).left, box(rest).left, box(whole).right, p.getBoundingClientRect().right];
    }""")
    assert why.inner_text().startswith(words)
    assert (first < last) == (lang == "en")
    assert right == edge
    assert page.locator("related-stories time").get_attribute("dir") == words_in(lang).direction


@pytest.mark.parametrize("lang", ["ru", "fa", "he"])
def test_the_iframe_uses_the_same_words_as_the_widget(article: ArticlePage, lang: str):
    article.page.clock.set_fixed_time(NOW)
    words, widget = words_in(lang), article.show(PLAIN, lang=lang)
    theirs = widget.locator("related-stories p[part=why]").all_inner_texts()
    ages = widget.locator("related-stories time").all_inner_texts()
    article.page.goto(
        f"{article.address}/embed/related?url=https://me.example/a&title=Tanker+seized+in+the+strait&lang={lang}"
    )

    assert article.page.locator("html").get_attribute("dir") == words.direction
    assert article.page.locator("h1").inner_text() == words.related
    assert set(article.page.locator("p.why").all_inner_texts()) == set(theirs)
    assert article.page.locator("li:has(a[lang=en])").get_attribute("dir") == words.direction
    assert set(article.page.locator("time").all_inner_texts()) == set(ages)
