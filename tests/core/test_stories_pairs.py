"""The similarity of the two headlines of a labelled pair: what counts for it, and what against."""

from __future__ import annotations

import pytest

from reports import said
from wirekin.model import Semantic
from wirekin.stories import _pairs, alike, semantic_missing

FIRE = (said("Drones set fuel tank ablaze at Novorossiysk port"), said("Fuel tank burns at Novorossiysk after drones"))


@pytest.mark.parametrize(
    ("title", "likelier", "less_likely"),
    [
        ("Quake shakes villages of Peru", "Quake: shaken villages of the plain", "Quake: shaken villages of Japan"),
        ("Weather today: fog in Kazan", "Weather today: wind in the valley", "Weather today: wind in Sochi"),
        ("Novorossiysk walruses: quake", "Novorossiysk walruses: weekend", "Novorossiysk walruses: inflation"),
    ],
)
def test_other_places_or_kinds_of_news_make_a_pair_less_similar(title: str, likelier: str, less_likely: str) -> None:
    more, less = alike([(said(title), said(likelier)), (said(title), said(less_likely))])

    assert more > less


@pytest.mark.parametrize(("town", "other"), [("Kazan", False), ("Izhevsk", True)])
def test_a_town_named_in_the_others_summary_does_not_count_against_a_pair(
    monkeypatch: pytest.MonkeyPatch, town: str, other: bool
) -> None:
    pair = (said("Weather today: fog in Kazan"), said("Weather today: wind in Sochi", summary=f"Fog in {town}."))
    (score,) = alike([pair])
    monkeypatch.setattr(_pairs, "OTHER_TOWN", 0.0)

    assert (alike([pair]) != [score]) == other


@pytest.mark.parametrize(
    ("term", "for_it"), [("COMMON_TALK", False), ("RAREST", True), ("WORD", True), ("SECOND", True)]
)
def test_common_words_count_against_a_pair_and_rare_words_for_it(
    monkeypatch: pytest.MonkeyPatch, term: str, for_it: bool
) -> None:
    (score,) = alike([FIRE])
    monkeypatch.setattr(_pairs, term, 0.0)
    (without,) = alike([FIRE])

    assert score != without
    assert (score > without) == for_it


@pytest.mark.skipif(bool(semantic_missing("multilingual")), reason="asks for the extra multilingual")
@pytest.mark.parametrize("semantic", [False, "multilingual"])
def test_with_the_encoder_rare_words_do_not_count_for_a_pair(
    monkeypatch: pytest.MonkeyPatch, semantic: Semantic
) -> None:
    scores = alike([FIRE], semantic=semantic)
    monkeypatch.setattr(_pairs, "PICKED", 0.0)

    assert (alike([FIRE], semantic=semantic) == scores) == (semantic == "multilingual")
