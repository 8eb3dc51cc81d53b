"""The figures that wirekin is to reach, beside those of one run of `make bench`, which prints this last.

    WIREKIN_FIGURES=FILE python bench/_table.py

The other scripts put their figures into FILE (bench/_measure.py, `keep`). A ratio says how many times less CPU wirekin
takes than the peer; "no figure" is what was not measured, as on a machine that cannot install a peer.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from _measure import FIGURES, table

CONFIGURATIONS = ("wirekin, shipped topics", "wirekin, everything kept")
CLOSED = "all 304, connections closed by the origin"


@dataclass(frozen=True)
class Goal:
    """A figure to reach: its name in the file, what is at least due, what is aimed at."""

    work: str
    name: str
    least: float
    aim: float
    unit: str = "x"  # of a ratio, or "%" of a share, where more is better; of anything else less is

    def row(self, figures: dict[str, float | None]) -> tuple[str, ...]:
        """Of the table."""
        value = figures.get(self.name)
        limits = (f"{self.least:g}{self.unit}", f"{self.aim:g}{self.unit}")
        if value is None:
            return (self.work, "no figure", *limits, "-")
        digits = {"x": 1, "%": 0}.get(self.unit, 2)
        shown = f"{value:.{digits}f}{self.unit}"
        return (self.work, shown, *limits, self._verdict(value))

    def _verdict(self, value: float) -> str:
        sign = 1 if self.unit in {"x", "%"} else -1
        if sign * value >= sign * self.aim:
            return "yes, the aim too"
        return "yes" if sign * value >= sign * self.least else "NO"


def goals() -> Iterator[Goal]:
    """As the issue has them, for both configurations where they differ."""
    for which in CONFIGURATIONS:
        name = which.removeprefix("wirekin, ")
        yield Goal(f"first poll against naive; {name}", f"first poll, naive, {which}", 8, 13)
        yield Goal(f"all 304 against stock httpx; {name}", f"all 304, stock httpx, {which}", 2, 3)
        yield Goal(f"the same, closed by the origin; {name}", f"{CLOSED}, stock httpx, {which}", 2, 3)
        yield Goal(f"all 304, CPU a feed; {name}", f"all 304, ms, {which}", 0.4, 0.4, " ms")
        yield Goal(f"unchanged 200 against naive; {name}", f"unchanged 200, naive, {which}", 30, 40)
        yield Goal(f"first poll against newsboat, whole process; {name}", f"whole first poll, newsboat, {which}", 4, 8)
        yield Goal(f"first poll against reader, whole process; {name}", f"whole first poll, reader, {which}", 10, 20)
        yield Goal(f"peak memory, PSS; {name}", f"peak memory, {which}", 90, 60, " MB")
    for kind in ("made up", "news", "blog"):
        yield Goal(f"parse with fallback against feedparser; {kind} feeds, every value made", f"parse, {kind}", 8, 20)
        yield Goal(f"parse with fallback against feedparser; {kind} feeds, known", f"parse, {kind}, known", 8, 20)
    yield Goal("cached related against a bare app, same bytes", "web, cached related, share", 70, 90, "%")
    yield Goal("uncached distinct related, p95", "web, distinct related, p95 ms", 8, 4, " ms")
    yield Goal("repeated related against datasette's join", "web, repeated question against datasette", 7, 10)
    yield Goal(
        "related to 100 good clients beside 1,000 half-open, p99", "web, p99 beside half-open, ms", 500, 200, " ms"
    )


def main() -> None:
    gathered = os.environ.get(FIGURES, "")
    if not Path(gathered).is_file():
        sys.exit(f"{FIGURES} names no file: `make bench` does")
    rows = [json.loads(line) for line in Path(gathered).read_text(encoding="utf-8").splitlines()]
    figures = {row["name"]: row["value"] for row in rows}
    table(("work", "measured", "at least", "aim", "met?"), (goal.row(figures) for goal in goals()))
    print("\nnewsboat and reader store full content. 10,000 faults: `make proof`.")
    for row in rows:
        if row["value"] is None:
            print(f"{row['name']}: {row['note']}")


if __name__ == "__main__":
    main()
