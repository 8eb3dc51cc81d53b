"""The exceptions of wirekin.

A failure of one feed is a value (`model.FetchFailed`, `model.ParseFailed`); one of our own world is one of these::

    WirekinError                 what a caller may catch to get them all
    ├── ConfigError              feeds.yml does not say what it must (exit 78)
    │   └── RuleError            one topic rule cannot be compiled
    ├── StoreError               the database cannot do what was asked (exit 1)
    │   ├── StoreBusy            another daemon holds this database (exit 75)
    │   ├── StoreDamaged         the file is not a sound wirekin database
    │   ├── StoreFull            the disk took no more: nothing of the batch was written
    │   └── StoreTooNew          a newer wirekin wrote this schema
    ├── UnknownId                no feed, headline, story or topic of that name
    └── BadRequest               a question that cannot be answered as asked
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = [
    "BadRequest",
    "ConfigError",
    "RuleError",
    "StoreBusy",
    "StoreDamaged",
    "StoreError",
    "StoreFull",
    "StoreTooNew",
    "UnknownId",
    "WirekinError",
]


class WirekinError(Exception):
    """Any failure of wirekin's own world. `str(error)` is one sentence for a person, with the mend in it."""


class ConfigError(WirekinError):
    """The configuration is wrong; `problems` holds every complaint as ``file:line:column: path: message``."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class RuleError(ConfigError):
    """A topic rule cannot be compiled; `at` is the character offset in the rule's own text.

    `where` leads from the topic to that text: ("rule", "fa", 2), or ("terms", "actors", "en", 0).
    """

    def __init__(self, message: str, at: int = 0, where: tuple[str | int, ...] = ()) -> None:
        super().__init__([message])
        self.at = at
        self.where = where


class StoreError(WirekinError):
    """The database cannot do what was asked; the data are as they were before."""


class StoreBusy(StoreError):
    """Another daemon holds this database, or a writer kept it locked for too long."""


class StoreDamaged(StoreError):
    """The file is not a sound wirekin database; it has not been touched."""


class StoreFull(StoreError):
    """The disk took no more: nothing of the batch was written; it may be tried again."""


class StoreTooNew(StoreError):
    """A newer wirekin wrote this schema; it has not been touched."""


class UnknownId(WirekinError):
    """There is no feed, headline, story or topic of that name."""


class BadRequest(WirekinError):
    """A question that cannot be answered as asked: the sentence says what to ask instead."""
