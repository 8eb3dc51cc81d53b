"""Related items of an article: which headlines `fallback=latest` may add."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from fakes_reader import MemoryReader, World, headline_by, story_with
from wirekin.digest import Rules
from wirekin.model import Member, RelatedKind, RelatedQuery
from wirekin.publishers import Directory
from wirekin.related import related_to
from wirekin.topics import compile_rules

COPY = headline_by("Tanker seized in the strait", "Harbor Post", 2)
ARTICLE = headline_by("Tanker seized in the strait", "North", 1)
BREAD = headline_by("Bread prices fall for a third month", "Lakeside", 3)
EPISODE = replace(headline_by("Episode 12: the strait and the tanker", "Lakeside", 4), link="", url="")
WORLD = World(
    [story_with(Member(COPY), Member(ARTICLE, COPY.id)), story_with(Member(BREAD)), story_with(Member(EPISODE))]
)
RULES = Rules(compile_rules([]), Directory([]))


def latest(**asked: object) -> set[str]:
    """The titles that `fallback=latest` adds."""
    query = RelatedQuery(fallback=RelatedKind.LATEST, **asked)  # type: ignore[arg-type]
    answer = related_to(MemoryReader(WORLD), query, rules=RULES, keep=timedelta(days=90))
    return {item.headline.title for item in answer.items if item.reason.kind is RelatedKind.LATEST}


def test_latest_items_are_never_copies_of_the_article() -> None:
    assert latest(url=ARTICLE.link) == {BREAD.title}
    assert latest(url=COPY.link) == {BREAD.title}


@pytest.mark.parametrize("name", ["Harbor Post", "harbor POST", "harborpost.example", "HARBORPOST.example"])
def test_latest_items_leave_out_an_excluded_publisher_by_name_or_domain_in_any_case(name: str) -> None:
    assert latest(title="Zebra", exclude_publishers=frozenset([name])) == {BREAD.title}


def test_latest_items_are_of_many_publishers_even_if_one_posts_all_day() -> None:
    wire = [story_with(Member(headline_by(f"Market report number {n}", "Wire", n))) for n in range(30)]
    others = [story_with(Member(headline_by(f"Zebra {n} born in the zoo", f"Paper {n}", 40 + n))) for n in range(2)]

    def publishers(**asked: object) -> list[str]:
        query = RelatedQuery(title="Tanker", fallback=RelatedKind.LATEST, limit=6, **asked)  # type: ignore[arg-type]
        found = related_to(MemoryReader(World(wire + others)), query, rules=RULES, keep=timedelta(days=90))
        return [item.headline.publisher.name for item in found.items]

    assert publishers() == ["Wire", "Wire", "Paper 0", "Paper 1", "Wire", "Wire"]
    assert publishers(exclude_publishers=frozenset(["wire"])) == ["Paper 0", "Paper 1"]


@pytest.mark.parametrize(("since", "items"), [(None, 1), (timedelta(days=1), 0), (timedelta(days=9), 1)])
def test_items_of_the_articles_own_story_are_no_older_than_since(since: timedelta | None, items: int) -> None:
    before = headline_by("Insurers had warned of it", "Lakeside", 8 * 24)
    world = World([story_with(Member(ARTICLE), Member(before))])
    query = RelatedQuery(url=ARTICLE.link, since=since)

    assert len(related_to(MemoryReader(world), query, rules=RULES, keep=timedelta(days=90)).items) == items


def test_a_headline_without_a_link_is_no_related_item() -> None:
    query = RelatedQuery(title="The strait and the tanker", fallback=RelatedKind.LATEST)
    answer = related_to(MemoryReader(WORLD), query, rules=RULES, keep=timedelta(days=90))

    assert answer.items
    assert EPISODE.id not in {item.headline.id for item in answer.items}
