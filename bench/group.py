"""How fast headlines are grouped with a large window: CPU time, on a made-up stream whose words grow as real ones do.

    python bench/group.py [--window 100000] [--fresh 5000] [--stories DIR] [--semantic] [--quick | --long]

--quick and --long also group a batch of headlines that come at once (not with --semantic), and at the end regroup the
whole window.

The stream: events of 1 to 40 reports (most have one), over five days, in the languages of the headlines in DIR in their
proportions. A report's words are drawn from two real headlines and two names of its event (made of halves of real
words, so that new names never run out), and from the words of its language by their frequency; six in ten have a
summary. The printed lines of vocabulary show the growth: real news has some 10 new words in 100 headlines after the
first ten thousand.
"""

from __future__ import annotations

import random
import resource
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from _measure import Spread, keep, options, skip
from quality import ROOT, rows_of, titles
from wirekin._heap import look_seldom
from wirekin.evaluate import samples
from wirekin.grouping import spare_the_living
from wirekin.model import CanonicalUrl, Headline, Publisher, Semantic, headline_id
from wirekin.stories import SPAN, Regrouping, Window, assign
from wirekin.text import terms

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 5  # of a window: the span, and the day until a headline counts as late
SLICE = 200  # headlines assigned at once, as a grouper does
PART = 1_000  # headlines timed together once the window is full; the slowest and the fastest part are shown
SIZES = {
    "quick": (2_000, 1_000),
    "usual": (100_000, 5_000),
    "long": (100_000, 5_000),
}  # headlines in the window, and those that come then


class Stream:
    """A stream of headlines, reproducible by its seed."""

    def __init__(self, folder: Path, total: int, seed: int = 1) -> None:
        self._draw = random.Random(seed)
        self._total = total
        rows = [row for path in sorted(folder.rglob("*.jsonl")) for row in titles(rows_of(path))]
        self._real: dict[str, list[list[str]]] = defaultdict(list)
        for sample in samples(rows)[0]:
            self._real[sample.headline.lang or "en"].append(sample.headline.title.split())
        self._langs = [lang for lang, told in self._real.items() for _ in told]
        self._words = {lang: [word for title in told for word in title] for lang, told in self._real.items()}

    def headlines(self) -> Iterator[Headline]:
        """The headlines in the order of time, `total` of them."""
        told: list[tuple[float, str, list[str]]] = []
        while len(told) < self._total:
            told += self._event()
        told.sort(key=lambda each: each[0])
        for place, (day, lang, words) in enumerate(told[: self._total]):
            yield self._headline(place, BEGAN + timedelta(days=day), lang, words)

    def _event(self) -> list[tuple[float, str, list[str]]]:
        lang = self._draw.choice(self._langs)
        words = [word for _ in range(2) for word in self._draw.choice(self._real[lang])] + [
            self._name(lang),
            self._name(lang),
        ]
        began, size = self._draw.uniform(0, DAYS), min(40, int(self._draw.paretovariate(1.1)))
        return [(began + self._draw.expovariate(3), lang, words) for _ in range(size)]

    def _name(self, lang: str) -> str:
        left, right = (self._draw.choice(self._words[lang]) for _ in range(2))
        return (left[: len(left) // 2 + 1] + right[len(right) // 2 :]).capitalize()

    def _headline(self, place: int, at: datetime, lang: str, words: list[str]) -> Headline:
        url = f"https://{place % 300}.example/{place}"
        return Headline(
            id=headline_id(CanonicalUrl(url)),
            url=url,
            title=" ".join(self._text(lang, words, 9)),
            summary=" ".join(self._text(lang, words, 16)) if self._draw.random() < 0.6 else "",
            publisher=Publisher(f"{place % 300}", f"{place % 300}.example"),
            first_seen_at=at,
            published_at=at,
            lang=lang,
        )

    def _text(self, lang: str, words: list[str], length: int) -> list[str]:
        own = self._draw.sample(words, min(len(words), length * 2 // 3))
        return own + [self._draw.choice(self._words[lang]) for _ in range(length - len(own))]


def growth(found: list[Headline]) -> None:
    """Print how many different index terms the first so many headlines have."""
    seen: set[str] = set()
    for place, headline in enumerate(found, 1):
        seen.update(terms(headline.title, headline.summary))
        if place in (1_000, 10_000, 50_000, len(found)):
            print(f"{place:,} headlines: {len(seen):,} different words")


def at_once(found: list[Headline]) -> None:
    """Group a batch twice: by the regrouping that takes it in, and by joining first and regrouping then."""
    Regrouping(Window()).take_in(found)  # so that the caches have its words in both cases
    began = time.process_time()
    taken = Regrouping(Window())
    taken.take_in(found)
    clustered(taken)
    took, began = time.process_time() - began, time.process_time()
    window = Window()
    for start in range(0, len(found), SLICE):
        assign(window, found[start : start + SLICE])
    clustered(Regrouping(window))
    joined = time.process_time() - began
    print(
        f"at once: {len(found) / took:,.0f} headlines a CPU second of {len(found):,} that come together; "
        f"{len(found) / joined:,.0f} where they join first and are clustered then"
    )


def clustered(regrouping: Regrouping) -> None:
    """Compare and cluster all of its window."""
    while regrouping.step(SLICE):
        pass
    regrouping.moves()


def grouped(found: Sequence[Headline], full: int, *, semantic: Semantic) -> Window:
    """Fill a window with all of them; print how fast the first `full` went in, and how fast the rest was grouped."""
    window = Window(semantic=semantic)
    filled = joined(window, found[:full])
    spare_the_living()  # as the daemon does after a turn that made its window grow
    parts = [joined(window, found[start : start + PART]) for start in range(full, len(found), PART)]
    sizes = [len(found[start : start + PART]) for start in range(full, len(found), PART)]
    rates = [size / took for size, took in zip(sizes, parts, strict=True)]
    rate = Spread(sum(sizes) / sum(parts), min(rates), max(rates))
    print(f"filling: {full / filled:,.0f} headlines a CPU second on the way to {full:,}")
    print(
        f"grouping: {rate.median:,.0f} headlines a CPU second with {full:,} in the window, by the {PART:,}"
        f" {rate.least:,.0f} to {rate.most:,.0f}"
    )
    keep(f"grouping, {full:,} in the window", rate)
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB at most", flush=True)
    return window


def joined(window: Window, found: Sequence[Headline]) -> float:
    """CPU seconds that it takes to join the headlines to the window."""
    began = time.process_time()
    for start in range(0, len(found), SLICE):
        assign(window, found[start : start + SLICE])
    return time.process_time() - began


def regrouped(window: Window, newest: datetime) -> None:
    """Compare and cluster all of the window again, and print how fast."""
    began = time.process_time()
    regrouping = Regrouping(window, settled_before=newest - SPAN)
    longest, steps = 0.0, 0
    while True:
        at = time.process_time()
        more = regrouping.step(SLICE)
        longest, steps = max(longest, time.process_time() - at), steps + 1
        if not more:
            break
    compared, at = time.process_time() - began, time.process_time()
    moves = regrouping.moves()
    thought = time.process_time() - at
    print(
        f"regrouping: {len(window) / (compared + thought):,.0f} headlines a CPU second, {len(moves):,} move; "
        f"{steps} steps of {SLICE}, {1000 * longest:.0f} ms at most, then {thought:.1f} s at once"
    )
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB at most")


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--stories", type=Path, default=ROOT / "../shared/stories")
    parser.add_argument("--window", type=int)
    parser.add_argument("--fresh", type=int)
    parser.add_argument("--semantic", action="store_true")
    given = parser.parse_args()
    full, fresh = given.window or SIZES[given.size][0], given.fresh or SIZES[given.size][1]
    if not given.stories.is_dir():
        skip("grouping, *", f"no headlines at {given.stories}, whose words the stream is made of")
        return
    look_seldom()  # as every command does
    found = list(Stream(given.stories, full + fresh).headlines())
    growth(found)
    if given.size != "usual" and not given.semantic:
        at_once(found[: full // 10])
    window = grouped(found, full, semantic=given.semantic)
    if given.size != "usual":
        regrouped(window, found[-1].happened_at)


if __name__ == "__main__":
    main()
