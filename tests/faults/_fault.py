"""The type of a fault: a name, a sentence, an answer, and the ground truth of what a poller must make of it."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from faults._documents import Document
from faults._wire import Step
from wirekin.model import PollStatus, Reason


@dataclass(frozen=True, slots=True)
class Ask:
    """One request to a feed, and the document that the healthy feed would send."""

    document: Document
    url: str  # of the feed, absolute
    twin: str  # URL of the same feed at another host
    path: str = ""  # below the feed's own: "" for the feed, "/1" for the target of a redirect
    at_twin: bool = False
    etag: str | None = None  # If-None-Match as sent
    number: int = 1  # how many requests this feed has had


Says = tuple[Step, ...] | Callable[[Ask], Iterable[Step]]


class Shown(enum.Enum):
    """Which headlines of the healthy document a poll of the fault may bring."""

    ALL = "every headline"
    SOME = "some headlines, each as it is"
    NONE = "no headline"


@dataclass(frozen=True, slots=True)
class Truth:
    """What a poller must make of a fault."""

    outcome: PollStatus | Reason
    shown: Shown
    keeps: bool  # whether the answer's validators may be kept; if not, the previous ones stay
    cut: bool = False  # complete entries count, and the feed is shown as truncated
    held: timedelta = timedelta()  # the feed is not polled for this long, not even by hand
    also: Callable[[Document], frozenset[str]] = lambda _: frozenset()  # headlines of the fault's own
    garbles: bool = False  # titles are misread until the feed is healed
    or_fails: tuple[Reason, ...] = ()  # other possible failures: which packet comes first decides

    def of(self, outcome: PollStatus | Reason) -> Truth:
        """The truth for the actual outcome, where several are possible."""
        return fails(outcome, held=self.held) if outcome in self.or_fails and isinstance(outcome, Reason) else self

    def __str__(self) -> str:
        """In words, for a table."""
        outcome = " or ".join(outcome.value for outcome in (self.outcome, *self.or_fails))
        parts = [
            f"{outcome}, cut short" if self.cut else outcome,
            self.shown.value,
            "its validators may be kept" if self.keeps else "",
            f"not asked for {self.held}" if self.held else "",
            "titles misread" if self.garbles else "",
        ]
        return "; ".join(filter(None, parts))


def fails(reason: Reason, *others: Reason, held: timedelta = timedelta()) -> Truth:
    """The poll fails for this reason, or one of the others."""
    return Truth(reason, Shown.NONE, keeps=False, held=held, or_fails=others)


READS = Truth(PollStatus.OK, Shown.ALL, keeps=True)
"""A tolerant reader copes with it: it finds every headline, and may keep the validators."""
DISTRUSTS = replace(READS, keeps=False, cut=True)
"""Every headline may have come, and nothing proves that this was all."""
CUTS = Truth(PollStatus.OK, Shown.SOME, keeps=False, cut=True)
"""The whole entries that came are kept; the next poll brings the others."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which a server or a document goes wrong."""

    name: str
    wrong: str  # one sentence
    says: Says
    truth: Truth
    first: Truth | None = None  # the truth for a feed's first poll, where it differs
    slow: bool = False  # lasts until the poller's deadline
    unasked: bool = False  # sent before any request
    refuses: bool = False  # refuses the connection

    def steps(self, ask: Ask) -> Iterable[Step]:
        """The answer to one request."""
        return self.says(ask) if callable(self.says) else self.says

    def truth_of(self, *, first: bool) -> Truth:
        """The ground truth of a feed's first poll, or of a later one."""
        return self.first if first and self.first else self.truth
