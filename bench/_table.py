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
LESS = {" ms", " MB", " links"}  # units of which less is better
NEWSDESK = {"en": "en_ru", "ru": "en_ru", "fa": "fa_ar_he", "ar": "fa_ar_he", "he": "fa_ar_he"}  # language: set
NAMED = "topics where a country is named"
SAME_STORY = "related p@5 of the same story, of five always"
CLOSED = "all 304, connections closed by the origin"


@dataclass(frozen=True)
class Goal:
    """A figure to reach: its name in the file, what is at least due, what is aimed at."""

    work: str
    name: str
    least: float
    aim: float
    unit: str = "x"  # of a ratio; "%" of a share, "" of a score, " ms" and " MB" of what should be less

    def row(self, figures: dict[str, float | None]) -> tuple[str, ...]:
        """Of the table."""
        value = figures.get(self.name)
        limits = (f"{self.least:,g}{self.unit}", f"{self.aim:,g}{self.unit}")
        if value is None:
            return (self.work, "no figure", *limits, "-")
        digits = {"x": 1, "%": 0, "": 3, "/s": 0}.get(self.unit, 2)
        shown = f"{value:,.{digits}f}{self.unit}"
        return (self.work, shown, *limits, self._verdict(value))

    def _verdict(self, value: float) -> str:
        sign = -1 if self.unit in LESS else 1
        if sign * value >= sign * self.aim:
            return "yes, the aim too"
        return "yes" if sign * value >= sign * self.least else "NO"


def goals() -> Iterator[Goal]:
    """As the issues have them."""
    yield from polling()
    yield from pages()
    yield from quality()
    yield from speed()
    yield from serving()


def polling() -> Iterator[Goal]:
    """For both configurations where they differ."""
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


def pages() -> Iterator[Goal]:
    """Of the labelled pages, and of the pages of the corpus."""
    yield Goal("pages, mean F1 by URL", "pages, F1", 0.93, 0.93, "")
    yield Goal("pages, titles right", "pages, titles", 0.97, 0.97, "")
    yield Goal("pages, images right", "pages, images", 0.90, 0.90, "")
    yield Goal("pages, links that must not be there", "pages, must-not", 0, 0, " links")
    yield Goal("pages, throughput against lxml's link listing", "pages, lxml", 3.5, 3.5)
    yield Goal("pages, throughput against BeautifulSoup's", "pages, BeautifulSoup (html.parser)", 30, 30)


def quality() -> Iterator[Goal]:
    """Of the labelled headlines."""
    uci, pairs = "stories/uci_clusters.jsonl", "stories/tgcontest_pairs.jsonl"
    yield Goal("uci, online B-cubed F1", f"{uci}: stories b-cubed f1 online alone", 0.83, 0.87, "")
    yield Goal("uci, online, semantic", f"{uci}, semantic: stories b-cubed f1 online alone", 0.85, 0.87, "")
    for lang, folder in NEWSDESK.items():
        name = f"newsdesk_{folder}/dev.jsonl"
        yield Goal(f"newsdesk, B-cubed F1, {lang}", f"{name}: stories b-cubed f1 {lang}", 0.88, 0.93, "")
    for lang, folder in NEWSDESK.items():
        name = f"newsdesk_{folder}/dev.jsonl"
        yield Goal(f"newsdesk, topics F1, {lang}", f"{name}: {NAMED} f1 {lang}", 0.95, 0.98, "")
        cases = "newsdesk_fa_ar_he/topic_cases_dev.jsonl"
        yield Goal(f"topic cases, F1, {lang}", f"{cases}: topics f1 {lang}", 0.95, 0.98, "")
    for folder in ("en_ru", "fa_ar_he"):
        yield Goal(f"newsdesk, copies F1, {folder}", f"newsdesk_{folder}/dev.jsonl: copies pairwise f1", 0.97, 0.99, "")
    yield Goal("newsdesk, related nDCG@10", "newsdesk_en_ru/dev.jsonl: related ndcg@10", 0.80, 0.88, "")
    yield Goal("uci, related P@5", f"{uci}: {SAME_STORY}", 0.72, 0.82, "")
    yield Goal("uci, related P@5, semantic", f"{uci}, semantic: {SAME_STORY}", 0.79, 0.82, "")
    yield Goal("Russian pairs, area under the curve", f"{pairs}: pairs auc ru", 0.83, 0.92, "")
    yield Goal("Russian pairs, multilingual", f"{pairs}, multilingual: pairs auc ru", 0.90, 0.92, "")


def speed() -> Iterator[Goal]:
    """Of topics, grouping and related: headlines a CPU second, and ms of CPU."""
    yield Goal("topics, 5,000 terms, titles", "topics, 5,000 terms, titles, the first time", 100_000, 300_000, "/s")
    yield Goal("grouping, 100,000 in the window", "grouping, 100,000 in the window", 2_500, 5_000, "/s")
    for wanted, least, aim in (("100,000", 3, 0.5), ("1,000,000", 11, 3)):
        name = f"related to a title of words that go together nowhere, {wanted} headlines, p95 ms"
        yield Goal(f"related at {wanted} headlines, p95", name, least, aim, " ms")


def serving() -> Iterator[Goal]:
    """Of the web."""
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
