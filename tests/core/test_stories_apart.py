"""What keeps events apart that are told in the same words: kinds of news, towns, moved prices, and games."""

from __future__ import annotations

import pytest

import make
from reports import group, said
from wirekin.stories._concepts import features
from wirekin.stories._similarity import document_of
from wirekin.text import terms


def test_different_kinds_of_news_from_one_place_are_different_events() -> None:
    arrest = said("Kelmarsh factory: police arrest two", "a")
    match = said("Kelmarsh football club: two sign", "b", first_seen_at=make.at(16))
    charge = said("Kelmarsh factory: two charged", "c", first_seen_at=make.at(16))

    assert group(arrest, match)[match.id].story_id == match.id
    assert group(arrest, charge)[charge.id].story_id == arrest.id


def test_an_event_and_the_move_of_a_price_that_it_caused_stay_apart() -> None:
    halted = said("Kelmarsh vaccine trial halted after deaths", "a")
    slump = said("Kelmarsh vaccine: shares slump", "b", first_seen_at=make.at(16))
    anger = said("Kelmarsh vaccine: nurses grumble", "c", first_seen_at=make.at(16))

    assert group(halted, slump)[slump.id].story_id == slump.id
    assert group(halted, anger)[anger.id].story_id == halted.id


def test_events_of_one_kind_in_two_towns_stay_apart() -> None:
    kazan = said("Gas blast wrecks flats in Kazan", "a")
    sochi = said("Gas blast wrecks kiosk in Sochi", "b", first_seen_at=make.at(16))
    nowhere = said("Gas blast wrecks kiosk", "c", first_seen_at=make.at(16))

    assert group(kazan, sochi)[sochi.id].story_id == sochi.id
    assert group(kazan, nowhere)[nowhere.id].story_id == kazan.id


@pytest.mark.parametrize(
    ("headline_title", "war"),
    [
        ("Late strike wins derby for Leith", False),
        ("Тепловой удар у пчёл в жару", False),
        ("Strike on a depot in Leith", True),
        ("Missile strike hits football stadium", True),
    ],
)
def test_strikes_of_games_and_weather_are_not_those_of_war(headline_title: str, war: bool) -> None:
    document = document_of(said(headline_title), alone=False)

    assert ("=strike" in document.wide, "@war" in document.kinds) == (war, war)
    assert ("=strike" in features(headline_title, "", terms(headline_title))) == war


def test_words_that_fit_any_game_join_no_headlines_across_languages() -> None:
    chess = said("Champions crowned after final win in chess", "a", lang="en")
    other = said("Победа в финале: чемпион празднует", "b", lang="ru", first_seen_at=make.at(16))

    assert group(chess, other)[other.id].story_id == other.id
