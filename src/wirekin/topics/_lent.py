"""Topics that a story lends a headline: its other headlines have them, and the headline's own words come near.

"Stranded at Ben Gurion" names no strike. In a story whose other headlines do, it is about one; alone it is not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from wirekin.model import Headline, TopicSlug

# Publishers that must have a topic in the headline's language. One that reprints counts too, since it matters what the
# story is about, not who found out. On newsdesk, as wirekin groups it, 16 topics are lent, 2 of them wrong (football in
# the words of war); if the headline needed no term of the topic, it would be 28, 5 of them wrong, 2026-11-30.
LENDERS = 2


@dataclass(frozen=True, slots=True)
class Told:
    """A headline and its own topics, as the others of its story see it."""

    title: str
    summary: str
    lang: str | None
    publisher: str
    topics: AbstractSet[TopicSlug]  # those that its own words are about

    @classmethod
    def of(cls, headline: Headline, topics: Iterable[TopicSlug] | None = None) -> Told:
        """A headline with the topics that it has, or with others."""
        own = frozenset(headline.topics if topics is None else topics)
        return cls(headline.title, headline.summary, headline.lang, headline.publisher.name, own)


def lent(
    story: Sequence[Told], near: Callable[[str, str], AbstractSet[TopicSlug]]
) -> tuple[Mapping[TopicSlug, tuple[str, ...]], ...]:
    """For each headline of a story the topics that it is lent, with the publishers that have them.

    At least LENDERS publishers have the topic in its language, and at least half of those that tell the story in it;
    and `near` finds a term of the topic in the headline.
    """
    heard: dict[str | None, dict[str, None]] = defaultdict(dict)
    saying: dict[tuple[str | None, TopicSlug], dict[str, None]] = defaultdict(dict)
    for told in story:
        heard[told.lang][told.publisher] = None
        for slug in told.topics:
            saying[told.lang, slug][told.publisher] = None
    lenders = {
        key: tuple(names)
        for key, names in saying.items()
        if len(names) >= LENDERS and 2 * len(names) >= len(heard[key[0]])
    }
    return tuple(_given(told, lenders, near) for told in story)


def _given(
    told: Told,
    lenders: Mapping[tuple[str | None, TopicSlug], tuple[str, ...]],
    near: Callable[[str, str], AbstractSet[TopicSlug]],
) -> Mapping[TopicSlug, tuple[str, ...]]:
    given = {slug: names for (lang, slug), names in lenders.items() if lang == told.lang and slug not in told.topics}
    come_near = near(told.title, told.summary) if given else frozenset()
    return {slug: names for slug, names in given.items() if slug in come_near}
