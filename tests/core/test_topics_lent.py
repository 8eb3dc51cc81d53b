"""Topics that a story lends its headlines: it takes two publishers of the language, half of all, and a topic word."""

from __future__ import annotations

import pytest

from wirekin.model import TopicSlug
from wirekin.topics import Told, TopicRule, compile_rules

RULES = compile_rules(
    [
        TopicRule(TopicSlug("strikes"), "Strikes", "(israel AND raid) OR (airspace AND NOT glider AND iran)"),
        TopicRule(TopicSlug("oil"), "Oil", "oil"),
    ]
)
RAID = "Israel raid shakes the capital"


def told(title: str, publisher: str, lang: str = "en", summary: str = "") -> Told:
    return Told(title, summary, lang, publisher, frozenset(RULES.about(title, summary)))


def lent(*story: Told) -> list[dict[str, tuple[str, ...]]]:
    return [dict(given) for given in RULES.lent(story)]


def test_a_headline_that_comes_near_a_topic_is_lent_it_by_two_publishers():
    assert lent(told(RAID, "Courier"), told(RAID, "Herald"), told("Airspace shut", "Post")) == [
        {},
        {},
        {"strikes": ("Courier", "Herald")},
    ]


@pytest.mark.parametrize(
    "story",
    [
        pytest.param([told(RAID, "Courier"), told(RAID, "Courier")], id="one publisher, twice"),
        pytest.param([told(RAID, "Courier"), told(RAID, "Herald", lang="de")], id="two languages"),
        pytest.param([told(RAID, name) for name in "AB"] + [told("Goal", name) for name in "CDE"], id="too few of all"),
        pytest.param([], id="a story of one"),
    ],
)
def test_fewer_lend_nothing(story: list[Told]):
    assert lent(*story, told("Airspace shut", "Post"))[-1] == {}


def test_a_headline_without_a_word_of_the_topic_is_lent_nothing():
    assert lent(told(RAID, "Courier"), told(RAID, "Herald"), told("Storm shuts the port", "Post"))[-1] == {}


def test_a_word_that_the_topic_does_not_want_is_none_of_its_words():
    assert lent(told(RAID, "Courier"), told(RAID, "Herald"), told("Glider record", "Post"))[-1] == {}


def test_a_topic_that_a_headline_says_itself_is_not_lent():
    assert lent(told("Oil rises", "Courier"), told("Oil up", "Herald"), told("Oil again", "Post")) == [{}, {}, {}]


def test_the_summary_counts_as_well():
    near = told("Queues", "Post", summary="The airspace is shut")

    assert lent(told(RAID, "Courier"), told(RAID, "Herald"), near)[-1] == {"strikes": ("Courier", "Herald")}
