"""Read every feed of the shared corpus, and compare news and blog feeds with plain feedparser.

    python bench/parse.py [--differences] [--conformance] [--quick | --long]

Plain feedparser is `feedparser.parse(io.BytesIO(body))`; its titles go through the same cleaning, its links through the
same resolution, and its dates are counted where they are dates at all.
First come the processor seconds of three readers: plain feedparser, ours with every feed read by the tolerant path, and
ours as it is, the fast path where it accepts and the tolerant one where not; over the made-up feeds that bench/poll.py
polls, and over the news and the blog feeds of the corpus, which is left out where it is absent. The comparison is made
with --long, or where its differences are asked for.
"""

from __future__ import annotations

import io
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser

from wirekin import text, urls
from wirekin.model import Entry, Parsed, ParseResult
from wirekin.parse import _fast, parse_document

SHARED = Path(__file__).resolve().parents[2] / "shared" / "corpus"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
MADE_UP = {"quick": 10, "usual": 100, "long": 200}  # feeds
TURNS = {"quick": 1, "usual": 3, "long": 7}  # of each reader; the best counts
SOME = 5  # feeds of a class, in a quick run
URL = "https://feeds.example.com/dir/feed.xml"
FIELDS = [one.name for one in fields(Entry)]
PLAIN, OURS, KNOWN = "plain feedparser", "ours", "ours, of known entries"


@dataclass
class Comparison:
    """What was equal and what was not, over the documents of one class."""

    compared: Counter[str] = field(default_factory=Counter)
    different: list[tuple[str, str, str, str]] = field(default_factory=list)  # document, field, plain, ours


def documents(*classes: str) -> Iterator[tuple[str, str, bytes]]:
    """(class, path, body) of each feed of the corpus; of the given classes only what feedparser reads too."""
    for line in (SHARED / "MANIFEST.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        path, kind = line.split("\t")[:2]
        body = (SHARED / path).read_bytes() if path.startswith("feeds/") else b""
        is_json = body.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{")  # feedparser 6 reads no JSON Feed
        if body and (not classes or (kind in classes and not is_json)):
            yield kind, path, body


def read(body: bytes) -> ParseResult:
    """Our reading of a document."""
    return parse_document(body, url=URL, now=NOW)


def read_whole(body: bytes) -> ParseResult:
    """The same with every value of every entry made: what a first poll that keeps everything needs."""
    result = read(body)
    for entry in result.entries if isinstance(result, Parsed) else ():
        for name in FIELDS:
            getattr(entry, name)
    return result


def read_known(body: bytes) -> ParseResult:
    """The same with the values that tell whether an entry is known and unchanged: all that most polls need."""
    result = read(body)
    for entry in result.entries if isinstance(result, Parsed) else ():
        _ = entry.link, entry.guid, entry.title, entry.mark
    return result


def plain(body: bytes) -> Any:
    """Feedparser's reading, without the deprecation noise of its date keys."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return feedparser.parse(io.BytesIO(body))


def compare(path: str, body: bytes, into: Comparison) -> None:
    """Entry by entry: title, link, published or else updated date."""
    theirs, ours = plain(body), read(body)
    entries = ours.entries if isinstance(ours, Parsed) else ()
    into.compared["entries"] += len(theirs.entries)
    if len(entries) != len(theirs.entries):
        into.different.append((path, "entries", str(len(theirs.entries)), f"{len(entries)} {ours!r:.60}"))
    base = theirs.feed.get("link", "") if ours and getattr(ours, "kind", "") != "atom" else ""
    base = urls.resolve(URL, base) or URL
    for one, other in zip(theirs.entries, entries, strict=False):
        raw = dict(one)
        date = raw.get("published_parsed") or raw.get("updated_parsed")
        pairs = {
            "title": (text.clean(raw.get("title", "")), other.title),
            "link": (urls.resolve(base, raw.get("link", "")) or "", other.link),
            "date": (tuple(date[:6]) if date else None, _six(other.published_at)),
        }
        for name, (wanted, got) in pairs.items():
            into.compared[name] += 1
            if wanted != got:
                into.different.append((path, name, str(wanted), str(got)))


def _six(at: datetime | None) -> tuple[int, ...] | None:
    return (at.year, at.month, at.day, at.hour, at.minute, at.second) if at else None


def measure(bodies: list[bytes], reader: Callable[[bytes], object]) -> float:
    """Processor seconds to read all of them once."""
    started = time.process_time()
    for body in bodies:
        reader(body)
    return time.process_time() - started


def compare_speed(name: str, bodies: list[bytes], turns: int) -> dict[str, float]:
    """Print each reader's CPU seconds and its speed against plain feedparser; returns the best seconds."""
    from _measure import Spread, keep, spread  # not above: tests load this file by its path, and have no such module

    fast, accepted = _fast.parse, []
    readers = {
        PLAIN: (plain, fast),
        OURS: (read_whole, fast),
        KNOWN: (read_known, fast),
        "ours, all tolerant": (read_whole, lambda _body, **_given: None),  # every feed in doubt
    }
    runs: dict[str, list[float]] = {reader: [] for reader in readers}

    def counted(body: bytes, **given: Any) -> ParseResult | None:
        accepted.append(fast(body, **given))
        return accepted[-1]

    try:
        _fast.parse = counted
        measure(bodies, read)
        for _ in range(turns):  # in turn, so that a busy machine slows all of them
            for reader, (function, _fast.parse) in readers.items():
                runs[reader].append(measure(bodies, function))
    finally:
        _fast.parse = fast
    seconds = {reader: min(took) for reader, took in runs.items()}
    taken = sum(one is not None for one in accepted)
    print(f"{name}: {len(bodies)} feeds, {sum(map(len, bodies))} bytes, {taken} read by the fast path")
    for reader, took in seconds.items():
        print(f"  {reader:22} {took:.3f} s of CPU, {seconds[PLAIN] / took:.1f}x plain feedparser")
    sys.stdout.flush()
    keep(f"parse, {name}, accepted", 100 * taken / len(bodies))
    for reader, how in ((OURS, ""), (KNOWN, ", known")):
        turn = spread(theirs / mine for theirs, mine in zip(runs[PLAIN], runs[reader], strict=True))
        keep(f"parse, {name}{how}", Spread(seconds[PLAIN] / seconds[reader], turn.least, turn.most))
    return seconds


def main() -> None:
    import _documents
    from _measure import keep, options, skip

    parser = options(__doc__)
    parser.add_argument("--differences", action="store_true", help="print each difference from plain feedparser")
    parser.add_argument("--conformance", action="store_true", help="compare the conformance documents too")
    given = parser.parse_args()
    turns = TURNS[given.size]
    homes = [f"http://news-{number}.example" for number in range(MADE_UP[given.size])]
    found = [compare_speed("made up", list(_documents.made_up(homes)), turns)]
    if not SHARED.is_dir():
        for names in ("parse, news*", "parse, blog*", "parse, all*"):
            skip(names, f"no corpus at {SHARED}")
        return
    for kind in ("news", "blog"):
        bodies = [body for _, _, body in documents(kind)]
        found.append(compare_speed(kind, bodies[:SOME] if given.size == "quick" else bodies, turns))
    for reader, how in ((OURS, ""), (KNOWN, ", known")):
        keep(f"parse, all{how}", sum(one[PLAIN] for one in found) / sum(one[reader] for one in found))
    if given.size == "long" or given.differences or given.conformance:
        compare_corpus(differences=given.differences, conformance=given.conformance)


def compare_corpus(*, differences: bool, conformance: bool) -> None:
    """Read every feed of it, and print how ours differs from plain feedparser's reading."""
    outcomes: Counter[str] = Counter()
    started = time.perf_counter()
    for kind, _, body in documents():
        result = read(body)
        outcomes[f"{kind}: {result.kind if isinstance(result, Parsed) else result.reason}"] += 1
    print(f"{sum(outcomes.values())} documents in {time.perf_counter() - started:.1f} s")
    for name, count in sorted(outcomes.items()):
        print(f"  {name:32} {count}")
    for kind in ("news", "blog", *(["conformance"] if conformance else [])):
        found = Comparison()
        for _, path, body in documents(kind):
            compare(path, body, found)
        print(f"{kind}: compared {dict(found.compared)}, different {Counter(one[1] for one in found.different)}")
        if differences:
            for one in found.different:
                print("   ", *one, sep=" | ")


if __name__ == "__main__":
    main()
