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


def headline(title: str, publisher: str, lang: str = "en", summary: str = "") -> Told:
    return Told(title, summary, lang, publisher, frozenset(RULES.about(title, summary)))


def lent(*story: Told) -> list[dict[str, tuple[str, ...]]]:
    return [dict(given) for given in RULES.lent(story)]


def test_a_headline_with_a_word_of_the_topic_is_lent_it_by_two_publishers():
    assert lent(headline(RAID, "Courier"), headline(RAID, "Herald"), headline("Airspace shut", "Post")) == [
        {},
        {},
        {"strikes": ("Courier", "Herald")},
    ]


@pytest.mark.parametrize(
    "story",
    [
        pytest.param([headline(RAID, "Courier"), headline(RAID, "Courier")], id="one publisher, twice"),
        pytest.param([headline(RAID, "Courier"), headline(RAID, "Herald", lang="de")], id="two languages"),
        pytest.param(
            [headline(RAID, name) for name in "AB"] + [headline("Goal", name) for name in "CDE"], id="too few of all"
        ),
        pytest.param([], id="a story of one"),
    ],
)
def test_too_few_publishers_or_headlines_lend_nothing(story: list[Told]):
    assert lent(*story, headline("Airspace shut", "Post"))[-1] == {}


def test_a_headline_without_a_word_of_the_topic_is_lent_nothing():
    assert lent(headline(RAID, "Courier"), headline(RAID, "Herald"), headline("Storm shuts the port", "Post"))[-1] == {}


def test_a_word_that_the_topic_excludes_does_not_count_as_its_word():
    assert lent(headline(RAID, "Courier"), headline(RAID, "Herald"), headline("Glider record", "Post"))[-1] == {}


def test_a_topic_that_a_headline_matches_itself_is_not_lent():
    assert lent(headline("Oil rises", "Courier"), headline("Oil up", "Herald"), headline("Oil again", "Post")) == [
        {},
        {},
        {},
    ]


def test_a_topic_word_in_the_summary_counts():
    near = headline("Queues", "Post", summary="The airspace is shut")

    assert lent(headline(RAID, "Courier"), headline(RAID, "Herald"), near)[-1] == {"strikes": ("Courier", "Herald")}
