"""Neighbours compared with a loop over every headline, and queries for articles that are not stored."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import make
import polls
from wirekin.digest import Rules
from wirekin.model import Headline, RelatedKind, RelatedQuery
from wirekin.publishers import Directory
from wirekin.related import related_to
from wirekin.store import Backend, Reader, Store, _neighbours
from wirekin.store._neighbours import SEEN
from wirekin.stories import kin
from wirekin.text import terms
from wirekin.topics import compile_rules

EPOCH = make.at(days=-365 * 56)
RULES = Rules(compile_rules(()), Directory(()))
NAMES = count()
SEIZURE = (
    "Iranian navy seizes a tanker near the strait of Hormuz",
    "Crew of the tanker held in Hormuz are safe, owner says",
    "Oil jumps after the tanker is seized in Hormuz",
)
OTHERS = (
    "Otter pups named after cyclones at Perth zoo",
    "Teenager beats the top seed at chess in Zagreb",
    "Bread prices fall for a third month in Lisbon",
    "Volunteers plant ten thousand oaks along the river",
    "New tram line opens in Tampere after years of delay",
)


def one_headline_each(titles: Sequence[str], **more: str) -> list[Headline]:
    """One headline per title, each by its own publisher."""
    return [polls.headline(f"n{i}", title, f"p{i}.example.com", **more) for i, title in enumerate(titles)]


def related_titles(reader: Reader, **asked: str) -> list[str]:
    answer = related_to(reader, RelatedQuery(**asked), rules=RULES, keep=timedelta(days=90))
    return [item.headline.title for item in answer.items]


# --- neighbours ------------------------------------------------------------------------------------------------------


def plain_loop(held: Sequence[Headline], asked: Sequence[str], limit: int) -> list[Headline]:
    """The oracle: by the sum of the weights of shared terms, ties by the latest recorded."""
    shared = [set(asked) & set(terms(headline.title)) for headline in held]
    holding = Counter(term for each in shared for term in each)
    uses = Counter(asked)
    weights = {term: (1 + math.log(uses[term])) * math.log(1 + len(held) / n) for term, n in holding.items()}
    sums = [sum(sorted(weights[term] for term in each)) for each in shared]
    order = sorted((i for i, each in enumerate(shared) if each), key=lambda i: (-round(sums[i], 9), -i))
    return [held[i] for i in order[:limit]]


@pytest.mark.parametrize("seed", range(5))
def test_neighbours_match_a_plain_loop_over_every_headline(store: Store, reader: Reader, seed: int) -> None:
    draw = random.Random(seed)
    words = [f"word{n}z" for n in range(40)]
    weights = [1 / (n + 1) for n in range(40)]
    held = [polls.headline(f"h{n}", " ".join(draw.choices(words, weights, k=6))) for n in range(150)]
    polls.record(store, *held)

    for limit in (5, 30, 200):
        asked = terms(" ".join(draw.choices(words, k=8)))
        found = reader.neighbours(asked, since=EPOCH, limit=limit)
        assert [c.headline.title for c in found.candidates] == [h.title for h in plain_loop(held, asked, limit)]


def test_neighbours_by_concept_in_another_language_come_after_those_by_shared_words(
    store: Store, reader: Reader
) -> None:
    shares, snow, flood = (
        polls.headline("shares", "Снегопад накрыл город"),
        polls.headline("snow", "Blizzard shuts the airport"),
        polls.headline("flood", "Flood shuts the school"),
    )
    polls.record(store, snow, flood, shares)
    asked = terms("Снегопад парализовал город")

    found = reader.neighbours(asked, since=EPOCH, kin=kin(asked))

    assert [candidate.headline for candidate in found.candidates] == [shares, snow]


def test_a_concept_is_found_in_a_script_that_is_new_to_the_store(store: Store, reader: Reader) -> None:
    asked = terms("Снегопад парализовал город")
    polls.record(store, polls.headline("english", "Blizzard shuts the airport"))
    assert len(reader.neighbours(asked, since=EPOCH, kin=kin(asked)).candidates) == 1

    polls.record(store, polls.headline("hebrew", "סופת שלג בירושלים"), polls.headline("arabic", "ثلوج في بيروت"))

    assert len(reader.neighbours(asked, since=EPOCH, kin=kin(asked)).candidates) == 3


def test_neighbours_by_words_and_by_concept_each_have_their_own_limit_and_respect_since(
    store: Store, reader: Reader
) -> None:
    words = [polls.headline(f"w{n}", f"Город {n}") for n in range(9)]
    named = [polls.headline(f"k{n}", "Snow again", f"k{n}.example.com") for n in range(9)]
    old = polls.headline("old", "Snow long ago", first_seen_at=make.at(days=-9))
    polls.record(store, old, *words, *named)
    asked = terms("Снегопад парализовал город")

    found = reader.neighbours(asked, since=make.at(days=-5), kin=kin(asked), limit=4)

    assert [candidate.headline in named for candidate in found.candidates] == [False] * 4 + [True] * 4
    assert old not in [c.headline for c in reader.neighbours((), since=make.at(days=-5), kin=kin(asked)).candidates]


def test_candidates_come_with_the_terms_of_their_title_and_summary(store: Store, reader: Reader) -> None:
    told = polls.headline("told", "Tanker seized", summary="The owner of the ship protests")
    brief = polls.headline("brief", "Tanker freed")
    polls.record(store, told, brief)

    def kept() -> dict[str, str]:
        found = reader.neighbours(["tanker"], since=EPOCH).candidates
        return {candidate.headline.link: candidate.terms for candidate in found}

    assert kept() == {told.link: "tanker seiz\nowner ship protest", brief.link: "tanker freed\n"}

    polls.record(store, replace(told, summary="Nobody protests"))
    assert kept()[told.link] == "tanker seiz\nnobody protest"


def test_a_headline_recorded_after_a_query_is_found_by_a_term_new_to_the_store(store: Store, reader: Reader) -> None:
    polls.record(store, polls.headline("before", "Tanker seized"))
    assert reader.neighbours(["tanker", "strait"], since=EPOCH).frequencies == {"tanker": 1, "strait": 0}

    polls.record(store, polls.headline("after", "Tanker leaves the strait"))

    found = reader.neighbours(["tanker", "strait"], since=EPOCH)
    assert found.frequencies == {"tanker": 2, "strait": 1}
    assert found.candidates[0].headline.title == "Tanker leaves the strait"


def test_term_frequencies_count_only_the_headlines_since_the_given_instant(store: Store, reader: Reader) -> None:
    old = [polls.headline(f"o{n}", "Tanker", first_seen_at=make.at(days=-9)) for n in range(20)]
    new = [polls.headline(f"n{n}", "Tanker", f"n{n}.example.com") for n in range(3)]
    polls.record(store, *old)
    polls.record(store, *new)

    found = reader.neighbours(["tanker"], since=make.at(days=-5))

    assert (found.frequencies, found.documents) == ({"tanker": 3}, 3)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=8), st.lists(st.integers(0, 50), min_size=1, max_size=12))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_candidates_and_frequencies_respect_since_whenever_a_headline_was_recorded(
    backend: Backend, hours: list[int], sinces: list[int]
) -> None:
    reader, store, name = backend.reader(), backend.store(), f"word{next(NAMES)}z"
    seen = [make.at(hours=-hour) for hour in hours]

    for n, since in enumerate(sinces):
        if n < len(seen):
            polls.record(store, polls.headline(f"{name}{n}", name, first_seen_at=seen[n]))
        found = reader.neighbours([name], since=make.at(hours=-since))
        assert found.frequencies[name] >= sum(at >= make.at(hours=-since) for at in seen[: n + 1])
        assert {c.headline.first_seen_at for c in found.candidates} == {
            at for at in seen[: n + 1] if at >= make.at(hours=-since)
        }
    reader.close()


def test_the_frequency_of_a_common_term_is_estimated_within_a_tenth(store: Store, reader: Reader) -> None:
    draw = random.Random(1)
    titles = ["Ship in port" if draw.random() < 0.7 else "Otter pups" for _ in range(3 * SEEN)]
    polls.record(store, *[polls.headline(f"h{n}", title) for n, title in enumerate(titles)])

    estimate = reader.neighbours(["ship"], since=EPOCH).frequencies["ship"]

    assert estimate == pytest.approx(titles.count("Ship in port"), rel=0.1)


def test_a_large_store_is_searched_for_the_rare_terms_only(
    store: Store, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    common = [polls.headline(f"c{n}", "Ship in port") for n in range(40)]
    polls.record(store, polls.headline("rare", "Otter pups"), *common)

    def links(terms: Sequence[str]) -> list[str]:
        return [candidate.headline.title for candidate in reader.neighbours(terms, since=EPOCH, limit=5).candidates]

    assert links(["otter", "ship"]) == ["Otter pups"] + 4 * ["Ship in port"]
    monkeypatch.setattr(_neighbours, "SMALL", 20)
    monkeypatch.setattr(_neighbours, "POSTINGS", 10)
    assert links(["otter", "ship"]) == ["Otter pups"]
    assert links(["ship", "port"]) == 5 * ["Ship in port"]  # the query has no rarer term


def test_quotes_spaces_and_control_characters_as_terms_find_nothing(store: Store, reader: Reader) -> None:
    polls.record(store, polls.headline("told", "Tanker seized"))

    for term in ("'", '"', "\0", "\x1f", "", " "):
        assert reader.neighbours([term], since=EPOCH).candidates == ()
    assert reader.neighbours(["tanker\x01x"], since=EPOCH).candidates


# --- related ---------------------------------------------------------------------------------------------------------


def test_an_unknown_article_finds_related_headlines_by_the_slug_of_its_url(store: Store, reader: Reader) -> None:
    polls.record(store, *one_headline_each((*SEIZURE, *OTHERS)))

    found = related_titles(
        reader, url="https://elsewhere.example/2026/11/iran-navy-tanker-seized-hormuz-strait-481516.html"
    )

    assert set(found) == set(SEIZURE)


def test_a_title_alone_finds_related_headlines(store: Store, reader: Reader) -> None:
    polls.record(store, *one_headline_each((*SEIZURE, *OTHERS)))

    assert set(related_titles(reader, title="Tehran holds a tanker seized near Hormuz")) == set(SEIZURE)


def test_a_text_of_2000_words_finds_headlines_by_its_recurring_terms(store: Store, reader: Reader) -> None:
    polls.record(store, *one_headline_each((*SEIZURE, *OTHERS)))
    aside = random.Random(1)
    asides = [f"aside{aside.randrange(900)}" for _ in range(1_900)]
    for place in range(0, 1_900, 90):
        asides[place] = "The tanker seized in the strait of Hormuz."
    text = " ".join([*asides, "A bread shop in Lisbon."])[:30_000]

    found = related_titles(reader, text=text)

    assert set(found[:3]) == set(SEIZURE)
    assert not set(found) & set(OTHERS[:2])


def test_an_article_in_one_language_finds_its_event_in_another(store: Store, reader: Reader) -> None:
    english = one_headline_each((*SEIZURE, *OTHERS), lang="en")
    polls.record(store, *english)

    found = related_titles(reader, title="Иран захватил танкер в Ормузском проливе")

    assert found
    assert set(found) <= set(SEIZURE)


def test_a_stored_article_finds_its_story_and_related_ones_but_never_itself(store: Store, reader: Reader) -> None:
    held = one_headline_each((*SEIZURE, *OTHERS))
    polls.record(store, *held)
    polls.group(store, held[0], held[1])

    answer = related_to(reader, RelatedQuery(url=held[0].link), rules=RULES, keep=timedelta(days=90))

    assert [item.headline for item in answer.items[:2]] == [held[1], held[2]]
    assert answer.items[0].reason.kind is RelatedKind.SAME_STORY
    assert held[0] not in [item.headline for item in answer.items]


def test_a_title_unrelated_to_every_headline_gets_no_related_items(store: Store, reader: Reader) -> None:
    polls.record(store, *one_headline_each((*SEIZURE, *OTHERS)))

    assert related_titles(reader, title="Mushroom of four kilograms found near a village") == []
