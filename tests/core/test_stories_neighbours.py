"""Which headlines a new one is compared with, and what the quick first comparison may decide."""

from __future__ import annotations

import itertools
import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import make
from wirekin.model import Headline
from wirekin.stories import Window
from wirekin.stories._evidence import JOIN, evidence, glances
from wirekin.stories._postings import Postings, heaviest
from wirekin.stories._similarity import Rarity, document_of, met

EVENTS = ("Drones set fuel tank ablaze at Novorossiysk port", "Bank of Russia cuts key rate to 12.5 percent")


def said(title: str, path: str, **more: object) -> Headline:
    return make.headline(title, f"https://example.com/{path}", **more)


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.2, 0.3, 1.5]), st.lists(st.integers(0, 7), unique=True))))
def test_neighbours_are_ranked_by_weight_and_then_newest_first(found: list[tuple[float, list[int]]]) -> None:
    words = [(weight, sorted(places)) for weight, places in sorted(found, reverse=True)]
    sums: dict[int, float] = {}
    for weight, places in words:
        for place in places:
            sums[place] = sums.get(place, 0.0) + weight

    ranked = list(heaviest(words))
    assert set(ranked) == set(sums)
    assert [sums[place] for place in ranked] == sorted(sums.values(), reverse=True)
    for weight, places in words:
        lone = [p for p in ranked if p in places and sums[p] == weight and sum(p in held for _, held in words) == 1]
        assert lone == sorted(lone, reverse=True)


def test_a_headline_in_another_language_is_found_behind_many_in_the_same_language() -> None:
    russian = said("Землетрясение в Кермане: погибли 45 человек", "ru", lang="ru")
    crowd = [said(f"Kerman earthquake: toll {i} of 45", f"en{i}", lang="en") for i in range(200)]
    postings, rarity = Postings(), Rarity()
    for place, headline in enumerate((russian, *crowd)):
        document = document_of(headline, alone=False)
        postings.add(document, place, document.words, document.wide)
    asked = document_of(said("Earthquake in Kerman kills 45", "asked", lang="en"), alone=False)
    rarity.norms(asked)

    found = [document.id for document in postings.near(asked, 1.0, 12)]
    assert len(found) == 13
    assert found[-1] == russian.id


@pytest.mark.parametrize(
    "other", [*EVENTS, "Drone sets fuel tanks on fire at port of Novorossiysk", "Дроны подожгли бак"]
)
def test_the_quick_comparison_never_estimates_less_than_the_full_one(other: str) -> None:
    window = Window()
    a, b = (document_of(said(title, path), alone=False) for path, title in (("a", EVENTS[0]), ("b", other)))
    window.rarity.norms(b)
    b.placed()
    window.rarity.norms(a)
    (first,) = glances(window, a, met(a, [b]), -math.inf)

    assert evidence(window, a, first).likest <= first.most


def test_the_quick_comparison_drops_unrelated_headlines_and_keeps_all_candidates() -> None:
    window = Window()
    same, other = (
        said("Fuel tank ablaze after drones hit Novorossiysk port", "b"),
        said("Choir wins a prize in Gyumri", "c"),
    )
    others = [document_of(headline, alone=False) for headline in (same, other)]
    for document in others:
        window.rarity.norms(document)
        window.put(document, document.story)
    a = document_of(said(EVENTS[0], "a"), alone=False)
    window.rarity.norms(a)
    everything = glances(window, a, met(a, others), -math.inf)

    found = glances(window, a, met(a, others), JOIN)
    assert [first.other.id for first in found] == [same.id]
    assert all(first in found for first in everything if first.most > JOIN)


def test_the_quick_comparison_drops_no_candidate_by_a_rounding_error() -> None:
    words = [
        "growth",
        "advances",
        "economy",
        "gains",
        "momentum",
        "oecd",
        "emerging",
        "economies",
        "hold",
        "back",
        "euro",
        "zone",
        "slows",
        "deficit",
    ]
    chance, window = random.Random(3), Window()
    titles = [" ".join(chance.sample(words, 6)) for _ in range(12)]
    documents = [document_of(said(title, str(n)), alone=False) for n, title in enumerate(titles)]
    for document in documents:
        window.rarity.count(document)
        window.rarity.norms(document)

    for a, b in itertools.permutations(documents, 2):
        (first,) = glances(window, a, met(a, [b]), -math.inf)
        assert glances(window, a, met(a, [b]), math.nextafter(first.most, -math.inf)) == [first]
