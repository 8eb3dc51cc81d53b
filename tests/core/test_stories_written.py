"""The cache of written words gives the same terms as the whole text, and its size is bounded."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wirekin.stories import _written
from wirekin.stories._concepts import features
from wirekin.stories._written import WRITTEN
from wirekin.text import terms

LETTERS = "aEszIİßÉтЙёשםה״ايئكةپ۷٤漢字ไทยn\u200c\u064b\u0301"
TEXTS = st.text(LETTERS + "0123456789.,:;-_'\"’“”…&/()! \t\n\u00a0\u2009", max_size=60)


@given(TEXTS)
def test_the_cached_terms_of_single_words_are_those_of_the_whole_text(text: str) -> None:
    assert tuple(chain.from_iterable(WRITTEN[word].terms for word in text.split())) == terms(text)


@given(TEXTS, TEXTS)
def test_the_cached_features_of_single_words_are_those_of_the_whole_text(title: str, summary: str) -> None:
    words = f"{title} {summary}".split()
    apart = frozenset(chain.from_iterable(WRITTEN[word].wide for word in words))
    assert apart == features(title, summary, terms(title, summary))


def test_a_sentence_without_spaces_is_not_cached() -> None:
    sentence = "東京で地震がありました"
    assert len(WRITTEN[sentence].terms) == 10
    assert sentence not in WRITTEN
    assert WRITTEN["Otters"] is WRITTEN["Otters"]


def test_the_cache_of_words_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_written, "REMEMBERED", 10)
    WRITTEN.clear()
    for number in range(25):
        assert WRITTEN[f"word{number}"].terms == (f"word{number}",)
        assert len(WRITTEN) <= 10
