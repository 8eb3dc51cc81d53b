"""Whether a page has changed so much that its headlines are no longer found: the canary of page feeds.

::

    a document with about as many headlines as usual, or in the same place -> learnt
    far fewer of them, and the commonest place of the last ones is gone    -> fallen
    3 such polls in a row                                                  -> the page has changed: reported
    as many as usual again, the place again, or other selectors that work  -> forgotten
    fewer, but some, for 14 days after the report                          -> that is how the page is now

The short list of a quiet night or a holiday stands where headlines always stood: that is no change.
A wall, a page about maintenance and a broken deployment are over before the third poll, or are worth a report.
Nothing that is stored is touched: a fallen list is only a list with fewer sightings.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from statistics import median

from wirekin.model import Canary

KEPT = 9  # counts; the median bears four outliers: the polls of a night at the slowest pace of a half-hourly feed, 2 h
LEAST_DOCUMENTS = 3  # before any count is called usual: of two, nothing says which is the outlier
LEAST_HEADLINES = 5  # least usual count that is watched: a list of four may have one or two on any day
SUDDEN = 1 / 3  # of the usual count: chosen, not measured; the place of the links has to change as well
PROOF_POLLS = 3  # in a row: an hour and a half at the usual interval, longer than a deployment or a wall
NEW_NORMAL = timedelta(days=14)  # as long as the longest holiday: if nobody has acted by then, nobody minds
CHANGED = "the page has changed"


def usual(canary: Canary) -> int:
    """How many headlines the page shows when all is well: the median; 0 where too little is known."""
    return int(median(canary.counts)) if len(canary.counts) >= LEAST_DOCUMENTS else 0


def on_document(canary: Canary, count: int, shape: tuple[str, ...], now: datetime, *, same_rules: bool) -> Canary:
    """The canary after a whole document.

    Args:
        count: headlines in it.
        shape: where they stand, the commonest place first (`Parsed.shape`).
        same_rules: False where the page's rules in feeds.yml have changed since the last document was learnt.

    """
    if count and not same_rules:
        return Canary((count,), shape[0] if shape else "")
    if _has_fallen(canary, count, shape):
        return _fallen(canary, count, shape, now)
    if count < usual(canary) * SUDDEN:  # a holiday of many polls must not become what is usual
        return Canary(canary.counts, shape[0] if shape else canary.shape)
    return Canary((*canary.counts, count)[-KEPT:], shape[0] if shape else canary.shape)


def on_same(canary: Canary, now: datetime) -> Canary:
    """The canary after an answer without a change: a fallen list counts as fallen once more."""
    return _fallen(canary, canary.found, (), now) if canary.fallen else canary


def note(canary: Canary) -> str:
    """The report for a person; "" while all is well."""
    if canary.changed_at is None:
        return ""
    found = f"{canary.found} headline{'' if canary.found == 1 else 's'}"
    return f"{CHANGED}: {found} instead of about {usual(canary)}"


def _has_fallen(canary: Canary, count: int, shape: tuple[str, ...]) -> bool:
    expected = usual(canary)
    return expected >= LEAST_HEADLINES and count < expected * SUDDEN and canary.shape not in shape


def _fallen(canary: Canary, count: int, shape: tuple[str, ...], now: datetime) -> Canary:
    polls = canary.fallen + 1
    since = canary.changed_at or (now if polls >= PROOF_POLLS else None)
    if count and shape and since and now - since >= NEW_NORMAL:
        return Canary((count,), shape[0])
    return replace(canary, fallen=polls, found=count, changed_at=since)
