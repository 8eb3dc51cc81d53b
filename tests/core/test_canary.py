"""Detecting that a page has changed, by the number of its headlines and by their place in the markup."""

from __future__ import annotations

import os
from datetime import timedelta
from random import Random

import pytest

from make import at, state
from wirekin import canary, schedule
from wirekin.model import Canary, Health

CARD, RAIL, NEW = "a h3 div.card", "a li ul.rail", "a div.story"
PAGES = 100  # simulated pages; twenty times as many with WIREKIN_PROOF=1


def after(*documents: tuple[int, tuple[str, ...]], of: Canary | None = None) -> Canary:
    """The canary after these documents, half an hour apart."""
    seen = of or Canary()
    for place, (count, shape) in enumerate(documents):
        seen = canary.on_document(seen, count, shape, at(minutes=30 * place), same_rules=True)
    return seen


USUAL = [(30, (CARD, RAIL))] * 5
GONE = (0, ())


def test_a_page_whose_headlines_are_gone_for_three_polls_has_changed() -> None:
    changed = after(*USUAL, GONE, GONE, GONE)

    assert canary.note(changed) == "the page has changed: 0 headlines instead of about 30"
    assert schedule.health(state(canary=changed, last_polled_at=at()), at()) is Health.CHANGED


def test_two_polls_without_headlines_are_not_yet_a_change() -> None:
    assert canary.note(after(*USUAL, GONE, GONE)) == ""
    assert after(*USUAL, GONE, GONE, *USUAL[:1]).fallen == 0


def test_few_headlines_in_their_usual_place_are_no_change() -> None:
    quiet = [(4, (CARD,))] * 40

    assert canary.note(after(*USUAL, *quiet)) == ""


def test_a_page_of_which_only_a_rail_is_left_has_changed() -> None:
    assert canary.note(after(*USUAL, *[(5, (RAIL,))] * 3)) == "the page has changed: 5 headlines instead of about 30"


def test_a_redesign_that_yields_about_as_many_headlines_is_no_change() -> None:
    assert canary.note(after(*USUAL, *[(24, (NEW,))] * 3)) == ""


def test_an_always_short_list_that_becomes_empty_is_no_change() -> None:
    assert canary.note(after(*[(4, (CARD,))] * 9, *[GONE] * 9)) == ""


@pytest.mark.parametrize(
    ("before", "found", "fallen"),
    [([30] * 3, 9, 1), ([30] * 3, 10, 0), ([30] * 2, 0, 0), ([5] * 5, 1, 1), ([4] * 5, 1, 0)],
)
def test_a_list_falls_below_a_third_only_after_three_lists_of_five_or_more_headlines(
    before: list[int], found: int, fallen: int
) -> None:
    assert after(*((count, (CARD,)) for count in before), (found, (NEW,))).fallen == fallen


def test_a_list_of_at_least_a_third_of_the_usual_count_is_learnt() -> None:
    assert after(*USUAL, (9, (CARD,))).counts == (30,) * 5
    assert after(*USUAL, (10, (CARD,))).counts == (30,) * 5 + (10,)


def test_unchanged_answers_of_a_page_without_headlines_count_as_polls() -> None:
    fallen = canary.on_same(canary.on_same(after(*USUAL, GONE), at(1)), at(2))

    assert canary.note(fallen) == "the page has changed: 0 headlines instead of about 30"
    assert canary.on_same(after(*USUAL), at(1)) == after(*USUAL)


def test_a_fallen_count_is_not_learnt_and_a_usual_one_ends_the_report() -> None:
    changed = after(*USUAL, *[GONE] * 50)

    assert canary.usual(changed) == 30
    assert canary.note(after((28, (CARD,)), of=changed)) == ""


def test_changed_selectors_that_find_headlines_reset_the_canary() -> None:
    changed = after(*USUAL, GONE, GONE, GONE)

    mended = canary.on_document(changed, 3, (NEW,), at(9), same_rules=False)
    in_vain = canary.on_document(changed, 0, (), at(9), same_rules=False)

    assert mended == Canary((3,), NEW)
    assert canary.note(in_vain) != ""


def test_a_list_shown_for_two_weeks_becomes_the_usual_one() -> None:
    changed = after(*USUAL, *[(5, (NEW,))] * 3)
    late = changed.changed_at + canary.NEW_NORMAL if changed.changed_at else at()

    assert canary.on_document(changed, 5, (NEW,), late, same_rules=True) == Canary((5,), NEW)
    assert canary.note(canary.on_document(changed, 0, (), late, same_rules=True)) != ""


@pytest.mark.proof
def test_simulated_pages_give_no_false_alarm_and_miss_no_change() -> None:
    """Each page has thirty days with quiet nights, holidays and paywalls, and then it is redesigned."""
    pages = PAGES * (20 if os.environ.get("WIREKIN_PROOF") == "1" else 1)
    false_alarms = missed = 0
    for seed in range(pages):
        random = Random(seed)
        seen, alarmed = _simulated_month(random)
        false_alarms += alarmed
        for _ in range(canary.PROOF_POLLS):
            few = random.randint(0, canary.usual(seen) // 4)
            seen = canary.on_document(seen, few, (NEW,) if few else (), at(days=31), same_rules=True)
        missed += not canary.note(seen)

    assert (false_alarms, missed) == (0, 0)


def _simulated_month(random: Random) -> tuple[Canary, bool]:
    usual, seen, alarmed, now = random.randint(8, 80), Canary(), False, at()
    for day in range(30):
        share = 0.2 if random.random() < 0.1 else 1.0  # one day in ten is a holiday
        for hour in range(0, 24, 2):
            count = max(1, round(usual * share * (0.3 if hour < 6 else random.uniform(0.7, 1.1))))
            shape = (CARD, RAIL) if random.random() < 0.9 else (CARD,)
            walls = random.randint(1, 2) if day and random.random() < 0.01 else 0
            for found, places in (*[(0, ())] * walls, (count, shape)):
                now += timedelta(minutes=30)
                seen = canary.on_document(seen, found, places, now, same_rules=True)
                alarmed |= bool(canary.note(seen))
    return seen, alarmed
