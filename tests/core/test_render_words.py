"""The footer's own words: one table for the widget and for rendered pages, complete in every language."""

from __future__ import annotations

from dataclasses import astuple

import pytest

from make import NOW
from wirekin.model import RelatedAnswer, RelatedKind, RelatedQuery, RelatedReason
from wirekin.render import Site, embed_page, languages, word_table, words_in
from wirekin.render._html import why


@pytest.mark.parametrize("lang", ["en", "ru", "fa", "ar", "he"])
def test_every_language_of_the_shipped_topics_has_its_own_words(lang: str):
    words = words_in(lang)

    assert words.lang == lang
    assert all(astuple(words))
    assert words.count(7).count("۷" if lang == "fa" else "7") == 1
    assert "#" not in words.count(7)
    assert lang == "en" or not set(astuple(words)) & set(astuple(words_in("en")))


@pytest.mark.parametrize(("tag", "lang"), [("fa-IR", "fa"), ("AR", "ar"), ("pl", "en"), ("", "en"), ("en-GB", "en")])
def test_a_language_tag_finds_its_words_and_an_unknown_one_gets_english(tag: str, lang: str):
    assert words_in(tag).lang == lang


@pytest.mark.parametrize(
    ("lang", "direction"), [("en", "ltr"), ("ru", "ltr"), ("fa", "rtl"), ("ar", "rtl"), ("he", "rtl")]
)
def test_each_language_has_its_writing_direction(lang: str, direction: str):
    assert words_in(lang).direction == direction


def test_the_words_of_the_widget_are_the_same_table():
    rows = [tuple(line.split("|")) for line in word_table().split("\n")]

    assert rows == [astuple(words_in(lang))[:-1] for lang in languages()]
    assert rows[0][0] == "en"  # the widget's fallback


def test_reasons_are_written_in_the_language_of_the_page():
    reasons = [RelatedReason(RelatedKind.SAME_STORY), RelatedReason(RelatedKind.LATEST),
               RelatedReason(RelatedKind.SIMILAR, ("نفت",))]  # fmt: skip

    assert [why(reason, words_in("fa")) for reason in reasons] == ["همین رویداد", "تازه‌ترین", "مشترک: نفت"]


def test_an_embed_page_without_related_items_says_so_in_its_language():
    nothing = RelatedAnswer(RelatedQuery(url="https://me.example/a"), (), NOW)

    page = embed_page(Site("", {}, NOW, "0"), nothing, lang="fa")
    assert f'<p class="none">{words_in("fa").none}</p>' in page
