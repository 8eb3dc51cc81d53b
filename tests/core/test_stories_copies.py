"""Copies: when two headlines are the same article, and which kinds of article are a story of their own."""

from __future__ import annotations

import pytest

import make
from reports import SUMMARY, group, said
from wirekin.model import Headline
from wirekin.stories._copies import stands_alone


def copies(first: Headline, second: Headline) -> bool:
    found = group(first, second)
    return found[second.id].copy_of == first.id


VOTE = "The port council voted to double harbour tolls for cargo ships from May"
LONG = "Drones set fuel tank ablaze at Russia's Novorossiysk port"


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((LONG, SUMMARY), (LONG, SUMMARY), True),
        ((LONG, SUMMARY), (LONG, ""), True),
        ((LONG, SUMMARY), ("Fuel tank ablaze after drones at Russian port", SUMMARY), True),
        ((LONG, ""), ("Drones set fuel tank ablaze at Russia's Nov…", ""), True),
        ((LONG, SUMMARY), (LONG, "A watchman was hurt and the bay was lit until dawn."), False),
        ((LONG, SUMMARY), ("Teachers of Savannah vote for a one-day walkout", SUMMARY), False),
        (
            ("Five dead as quake hits Kerman in southern Iran", ""),
            ("17 dead as quake hits Kerman in southern Iran", ""),
            False,
        ),
        (("Weather", ""), ("Weather", ""), False),
        (  # a summary cut short under another title; the titles by themselves have little in common
            ("Reckless, say critics of dearer quays", f"{VOTE}, to pay for a new breakwater and two tugs."),
            ("Town hall gambles on dearer quays, port fears", f"{VOTE}."),
            True,
        ),
    ],
)
def test_a_copy_is_recognised_by_title_summary_and_figures(
    first: tuple[str, str], second: tuple[str, str], expected: bool
) -> None:
    one = said(first[0], "a", summary=first[1])
    two = said(second[0], "b", summary=second[1], first_seen_at=make.at(1))

    assert copies(one, two) is expected


WIRE = "Warplanes hit workshops and batteries in central Iran early on Thursday, both countries said, the first raid in a year."
CUT = "Warplanes hit workshops and batteries early on Thursday, both countries said."


@pytest.mark.parametrize(
    ("title", "summary", "expected"),
    [
        ("Israel hits central Iran: workshops targeted", CUT, True),  # a new title, and words left out of the summary
        ("Israel hits central Iran: workshops targeted", "Both countries said warplanes hit workshops and batteries early.", False),  # words reordered
        ("Israel hits central Iran: workshops targeted", "Warplanes hit workshops.", False),  # too short to tell
        ("Tanker rates climb again in Rotterdam", CUT, False),  # the title is about something else
    ],
)  # fmt: skip
def test_wire_text_under_another_title_is_recognised_by_its_shortened_summary(title, summary, expected) -> None:
    first = said("Israel strikes nuclear workshops in central Iran", "a", summary=WIRE)

    assert copies(first, said(title, "b", summary=summary, first_seen_at=make.at(minutes=20))) is expected


def test_a_shortened_summary_under_a_title_with_other_figures_is_no_copy() -> None:
    first = said("Raid on workshops in central Iran kills 5", "a", summary=WIRE)
    update = said("Raid on workshops in central Iran kills 12", "b", summary=CUT, first_seen_at=make.at(minutes=20))

    assert not copies(first, update)


def test_every_copy_points_to_the_first_headline_with_its_text() -> None:
    headlines = [said(LONG, str(i), summary=SUMMARY, first_seen_at=make.at(i)) for i in range(4)]
    found = group(*reversed(headlines))

    assert [found[h.id].copy_of for h in headlines] == [None] + [headlines[0].id] * 3
    assert len({a.story_id for a in found.values()}) == 1


def test_a_translation_is_no_copy() -> None:
    assert not copies(said(LONG, "a"), said(LONG, "b", lang="de", first_seen_at=make.at(1)))


@pytest.mark.parametrize(
    "title",
    [
        "Morning briefing: five things to know today",
        "Коротко о главном: вечерний выпуск",
        "Israel-Iran conflict latest",
        "The week in pictures",
        "Opinion: a friend on paper",
        "Колонка: партнёр без гарантий",
        "مهمترین خبرهای امروز: ریزش دلار",
        "המהדורה המרכזית: תקיפות בלבנון",
        "Gulf live: talks drag on as tankers wait",
        "Top stories at noon",
        "Самое важное за день: переговоры и погода",
        "خبرهای مهم امروز در یک نگاه",
        "מבזק בוקר: כל מה שקרה בלילה",
        "Gulf crisis: the day in brief",
        "Photos of the day: snow and masks",
        "What to watch this week in Leith",
        "Главное к вечеру: переговоры и погода",
        "Что произошло за ночь в Лейте",
        "Обзор прессы: тарифы и шахматы",
        "مرور روزنامه‌های یکشنبه؛ از گندم تا فوتبال",
        "سرمقاله: پس از توفان",
        "أبرز الأخبار مساء اليوم",
        "تغطية مباشرة: تطورات العاصفة لحظة بلحظة",
        "תקציר החדשות של יום ראשון",
        "פודקאסט: מה קרה בנמל",
    ],
)
def test_each_days_round_up_is_a_story_of_its_own(title: str) -> None:
    first, second = said(title, "a"), said(title, "b", first_seen_at=make.at(days=1))
    found = group(first, second)

    assert stands_alone(title)
    assert found[second.id].copy_of is None
    assert found[second.id].story_id == second.id


def test_a_round_up_reprinted_within_hours_is_a_copy() -> None:
    title = "Morning briefing: five things to know today"

    assert copies(said(title, "a"), said(title, "b", first_seen_at=make.at(2)))


@pytest.mark.parametrize(
    "title",
    [
        "What we know about the Kerman quake",
        "Live music returns to Leith",
        "War and latest fashion",
        "A place to live: rents rise again",
        "Live-streamed trial halted in Leith",
        "Онлайн-кинотеатр поднял цены",
        "Тест-драйв нового трамвая в Казани",
    ],
)
def test_an_ordinary_headline_does_not_stand_alone(title: str) -> None:
    assert not stands_alone(title)
