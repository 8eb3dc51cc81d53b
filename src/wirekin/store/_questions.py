"""From a `Question` to the fragments of a statement: where, in which order, from which row on.

A fragment is a constant of this module; a value is always bound.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Final, TypeVar

from wirekin.model import Page, Question
from wirekin.store._cursor import Key, cursor_of, key_after
from wirekin.store._rows import HAS_TOPIC, micros
from wirekin.text import search_terms

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Order:
    """The order of a list: its name in cursors, its key's columns and types, and how to say "after this row"."""

    name: str
    columns: str
    by: str
    after: str
    types: tuple[type, ...]


NEWEST_FIRST: Final = Order(
    "newest",
    "h.happened_at, h.n",
    "h.happened_at desc, h.n desc",
    "(h.happened_at, h.n) < (:key0, :key1)",
    (int, int),
)
NEWEST_OF_TOPIC: Final = Order(
    "newest",
    "t.happened_at, t.headline_n",
    "t.happened_at desc, t.headline_n desc",
    "(t.happened_at, t.headline_n) < (:key0, :key1)",
    (int, int),
)
BEST_MATCH: Final = Order("match", "f.rank, h.n", "f.rank, h.n desc", "(f.rank, -h.n) > (:key0, -:key1)", (float, int))
LEADING: Final = Order(
    "leading", "s.score, s.id", "s.score desc, s.id desc", "(s.score, s.id) < (:key0, :key1)", (int, str)
)

_NEWEST = "headlines as h"
_OF_TOPIC = "headline_topics as t join headlines as h on h.n = t.headline_n"
_MATCHING = "headline_terms as f join headlines as h on h.n = f.rowid"

_OF_FEED = (
    "exists (select 1 from sightings as g where g.headline_n = h.n "
    "and g.feed_n = (select n from feeds where id = :feed))"
)
_OF_PUBLISHER = "(h.publisher_domain = :publisher collate nocase or h.publisher_name = :publisher collate nocase)"
_IN_STORY = "select 1 from headlines as h where h.story_id = s.id and "
_STORY_MATCHES = (
    "s.id in (select h.story_id from headline_terms as f join headlines as h on h.n = f.rowid "
    "where f.headline_terms match :match)"
)


_SPLITS = dict.fromkeys((*range(32), 127, ord("'"), ord('"')), " ")  # what the index splits at: see _schema


def match_of(terms: Iterable[str], operator: str) -> str:
    """An FTS5 expression over index terms, each quoted, so that none of them can be an operator (fact 12)."""
    return f" {operator} ".join(f'"{word}"' for term in terms for word in term.translate(_SPLITS).split())


@dataclass(slots=True)
class Where:
    """Conditions and the values that they bind."""

    conditions: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    def sql(self) -> str:
        """The where clause, or nothing."""
        return "where " + " and ".join(self.conditions) if self.conditions else ""

    def add(self, condition: str, **values: Any) -> None:
        """One more condition."""
        self.conditions.append(condition)
        self.values |= values

    def after(self, order: Order, question: Question) -> None:
        """Only rows after the one that the question's cursor names.

        Raises: BadRequest for a cursor of another list.
        """
        key = key_after(question.cursor, _list_of(order, question), *order.types)
        if key is not None:
            self.add(order.after, **{f"key{i}": part for i, part in enumerate(key)})


def headline_source(question: Question, where: Where) -> tuple[str, Order]:
    """The tables that answer a question about headlines in their order; their conditions go into `where`."""
    if question.search:
        match = match_of(search_terms(question.search), "AND")
        where.add("f.headline_terms match :match and f.rowid > :above", match=match)
        source, order = _MATCHING, BEST_MATCH
        if question.topic:
            where.add(HAS_TOPIC, topic=question.topic)
    elif question.topic:
        where.add("t.topic = :topic", topic=question.topic)
        source, order = _OF_TOPIC, NEWEST_OF_TOPIC
    else:
        source, order = _NEWEST, NEWEST_FIRST
    happened = order.columns.split(",")[0] if order is not BEST_MATCH else "h.happened_at"
    if question.since:
        where.add(f"{happened} >= :since", since=micros(question.since))
    if question.until:
        where.add(f"{happened} <= :until", until=micros(question.until))
    for condition, values in _headline_filters(question):
        where.add(condition, **values)
    return source, order


def story_conditions(question: Question, where: Where) -> None:
    """The conditions of a question about stories: one of its headlines is by that publisher, in that feed ..."""
    if question.topic:
        where.add(
            "exists (select 1 from story_topics as st where st.topic = :topic and st.story_id = s.id)",
            topic=question.topic,
        )
    if question.search:
        where.add(_STORY_MATCHES, match=match_of(search_terms(question.search), "AND"))
    if question.since:
        where.add("s.newest_at >= :since", since=micros(question.since))
    if question.until:
        where.add("s.opened_at <= :until", until=micros(question.until))
    for condition, values in _headline_filters(question):
        where.add(f"exists ({_IN_STORY}{condition})", **values)


def _headline_filters(question: Question) -> list[tuple[str, dict[str, Any]]]:
    filters: list[tuple[str, dict[str, Any]]] = []
    if question.feed:
        filters.append((_OF_FEED, {"feed": question.feed}))
    if question.publisher:
        filters.append((_OF_PUBLISHER, {"publisher": question.publisher}))
    if question.lang:
        filters.append(("h.lang = :lang", {"lang": question.lang.split("-")[0].lower()}))  # as digest keeps it
    return filters


def page_of(rows: list[tuple[T, Key]], order: Order, question: Question) -> Page[T]:
    """A page of at most `question.limit` from one row more than that, which tells whether there is a next."""
    more = len(rows) > question.limit
    shown = rows[: question.limit]
    cursor = cursor_of(_list_of(order, question), shown[-1][1]) if more and shown else None
    return Page(tuple(value for value, _ in shown), cursor)


def _list_of(order: Order, question: Question) -> str:
    """The name of a list in its cursors: its order and a digest of what it leaves out.

    Not of `since`: it is counted from each request's present, and only says where the list ends.
    """
    asked = (question.topic, question.feed, question.publisher, question.lang, question.search, question.until)
    if not any(asked):
        return order.name
    return f"{order.name}-{blake2b(repr(asked).encode('utf-8', 'replace'), digest_size=6).hexdigest()}"
