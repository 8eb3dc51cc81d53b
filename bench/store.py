"""CPU of the store: a poll recorded alone and in a batch, a claim, and the public questions at N headlines.

    python bench/store.py [N ...] [--quick | --long]      prints tables for docs/quality.md

100,000 headlines by default, with --long 1,000,000 too, which take most of a quarter of an hour to fill in.

Words are drawn from a Zipf distribution, as in real headlines, with a fixed seed; times are process CPU seconds,
so that other work on the machine does not count. Disk waits are not in them: a batch also saves an fsync a poll.
"""

from __future__ import annotations

import os
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from _measure import FOLDER, keep, options
from wirekin.digest import Rules
from wirekin.model import (
    Assignment,
    CanonicalUrl,
    Feed,
    FeedKind,
    Headline,
    PollOutcome,
    PollStatus,
    Publisher,
    Question,
    RelatedQuery,
    Sighting,
    StoryId,
    TopicSlug,
    feed_id,
    headline_id,
    key_of,
)
from wirekin.publishers import Directory
from wirekin.related import related_to
from wirekin.store import Backend, Store
from wirekin.store._sqlite import open_sqlite
from wirekin.topics import compile_rules

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
SIZES = {"quick": (2_000,), "usual": (100_000,), "long": (100_000, 1_000_000)}
FEEDS = 500
ENTRIES = 30  # of a document
WORDS = 60_000  # different words of the invented language
KEPT = timedelta(days=90)  # over which the headlines are spread
EVENT = 5  # headlines of one story
QUESTIONS = 200  # related ones of each kind
RULES = Rules(compile_rules(()), Directory(()))


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("headlines", nargs="*", type=int)
    given = parser.parse_args()
    for wanted in given.headlines or SIZES[given.size]:
        print(f"\n### {wanted:,} headlines\n", flush=True)
        measure(wanted)


def measure(wanted: int) -> None:
    """Print every figure of a store of `wanted` headlines."""
    rng = random.Random(20261122)
    with tempfile.TemporaryDirectory() as folder:
        backend = open_sqlite(str(Path(folder) / "bench.db"), query_limit=timedelta(seconds=60))
        store = backend.store()
        feeds = [feed_of(n) for n in range(FEEDS)]
        store.sync_feeds(feeds, NOW)
        print("| figure | value |\n|---|---|")
        fill(store, feeds, wanted, rng)
        leave(Path(folder) / "bench.db", wanted)
        _polls(store, feeds)
        _claims(store)
        _questions(backend, rng)
        _related(backend, rng, wanted)
        for line in backend.admin().check():
            print("UNSOUND:", line)


def left(wanted: int) -> Path | None:
    """Where `make bench` leaves a store of so many headlines for later scripts; None in a script run by itself."""
    folder = os.environ.get(FOLDER)
    return Path(folder) / f"store-{wanted}.db" if folder else None


def leave(database: Path, wanted: int) -> None:
    """Copy the store there, as filling one takes a minute or two."""
    if (place := left(wanted)) is not None:
        with closing(sqlite3.connect(database)) as filled, closing(sqlite3.connect(place)) as copy:
            filled.backup(copy)


def feed_of(n: int) -> Feed:
    url = f"https://publisher{n}.example/rss"
    return Feed(feed_id(url), url, FeedKind.FEED, f"Feed {n}", f"publisher{n}.example", timedelta(minutes=30))


def words(rng: random.Random, count: int) -> str:
    # Zipf-Mandelbrot, log-uniform ranks: without stop words the commonest word of news stands in a quarter of texts
    return " ".join(f"w{int(10 * (WORDS / 10 + 1) ** rng.random()) - 9}x" for _ in range(count))


def _headlines(rng: random.Random, feeds: Sequence[Feed], wanted: int) -> Iterator[tuple[Feed, Headline]]:
    n = 0
    while True:
        feed, happened = feeds[n % len(feeds)], NOW - KEPT * (1 - n / wanted)
        url = CanonicalUrl(f"https://{feed.host}/{n}")
        yield feed, Headline(
            headline_id(url), url, words(rng, 10), Publisher(feed.name, feed.host), happened, url, url,
            summary=words(rng, 20), lang="en", topics=(TopicSlug(rng.choice(["iran", "israel-strikes", "russia"])),),
        )  # fmt: skip
        n += 1


def fill(store: Store, feeds: Sequence[Feed], wanted: int, rng: random.Random) -> None:
    stream = _headlines(rng, feeds, wanted)
    recorded = grouped = 0.0
    states = store.feed_states()
    for _ in range(0, wanted, 2_000):
        rows = list(islice(stream, 2_000))
        outcomes = [
            PollOutcome(feed.id, PollStatus.OK, replace(states[feed.id], document_at=NOW, last_ok_at=NOW), (row,), (
                Sighting(key_of(row.link), None, row.id, 1),)) for feed, row in rows
        ]  # fmt: skip
        recorded += _cpu(lambda outcomes=outcomes: store.record_polls(outcomes, NOW))
        groups = [Assignment(row.id, StoryId(rows[i - i % EVENT][1].id), None, 0.5) for i, (_, row) in enumerate(rows)]
        for start in range(0, len(groups), 200):
            slice_ = groups[start : start + 200]
            grouped += _cpu(lambda slice_=slice_: store.save_assignments(slice_, NOW))
    print(f"| headlines kept, each of 30 words: CPU each | {recorded / wanted * 1e6:,.0f} us |")
    print(f"| assignments saved, 200 at a time: CPU each | {grouped / wanted * 1e6:,.0f} us |")


def _polls(store: Store, feeds: Sequence[Feed]) -> None:
    states = store.feed_states()
    sightings = tuple(Sighting(key_of("entry", str(i)), None, None, i) for i in range(ENTRIES))
    kinds = {
        "not modified": [PollOutcome(f.id, PollStatus.NOT_MODIFIED, states[f.id]) for f in feeds],
        f"{ENTRIES} entries, none new": [
            PollOutcome(f.id, PollStatus.OK, replace(states[f.id], document_at=NOW), (), sightings) for f in feeds
        ],
    }
    for name, outcomes in kinds.items():
        store.record_polls(outcomes, NOW)  # the first time they are new
        alone = _cpu(lambda outcomes=outcomes: [store.record_polls([each], NOW) for each in outcomes])
        batch = _cpu(
            lambda outcomes=outcomes: [store.record_polls(outcomes[i : i + 50], NOW) for i in range(0, FEEDS, 50)]
        )
        print(f"| a poll recorded alone ({name}): CPU | {alone / FEEDS * 1e6:,.0f} us |")
        print(f"| a poll recorded in a batch of 50 ({name}): CPU | {batch / FEEDS * 1e6:,.0f} us |")


def _claims(store: Store) -> None:
    now = NOW + timedelta(days=1)
    taken = 0

    def claim() -> None:
        nonlocal taken
        while claims := store.claim_due(now, limit=64):
            taken += len(claims)

    print(f"| a claim of {FEEDS} due feeds, 64 at a time: CPU | {_cpu(claim) / max(taken, 1) * 1e6:,.0f} us |")
    print(f"| next_due_at, {FEEDS} feeds: CPU | {_cpu(lambda: store.next_due_at(now)) * 1e6:,.0f} us |")


def _questions(backend: Backend, rng: random.Random) -> None:
    reader = backend.reader()
    since = NOW - timedelta(days=14)
    asked: dict[str, Callable[[], object]] = {
        "neighbours of a title, 10 words": lambda: reader.neighbours(words(rng, 10).split(), since=since),
        "neighbours of title and summary, 30 words": lambda: reader.neighbours(words(rng, 30).split(), since=since),
        "neighbours of a text, 600 words": lambda: reader.neighbours(words(rng, 600).split(), since=since),
        "search, 2 words": lambda: reader.headlines(Question(search=words(rng, 2), limit=50)),
        "search, the commonest word": lambda: reader.headlines(Question(search="w1x", limit=50)),
        "50 headlines": lambda: reader.headlines(Question(limit=50)),
        "50 headlines of a topic": lambda: reader.headlines(Question(topic=TopicSlug("iran"), limit=50)),
        "50 stories": lambda: reader.stories(Question(limit=50)),
        "50 stories of a topic, 7 days": lambda: reader.stories(
            Question(topic=TopicSlug("iran"), since=NOW - timedelta(days=7), limit=50)
        ),
        "topic counts, 14 days": lambda: reader.topics(since),
        "topic counts, 90 days": lambda: reader.topics(NOW - KEPT),
        "feed reports": reader.feeds,
        "6 latest of a topic": lambda: reader.latest(topic=TopicSlug("iran"), since=since, limit=6),
    }
    for name, ask in asked.items():
        times = sorted(_cpu(ask) for _ in range(20))
        print(f"| {name}: CPU, median and worst of 20 | {times[10] * 1e3:.1f} ms, {times[-1] * 1e3:.1f} ms |")


def _related(backend: Backend, rng: random.Random, wanted: int) -> None:
    """Distinct questions: of random words, about a recent story in half of its words, and about a stored article."""
    reader = backend.reader()
    recent = reader.headlines(Question(since=NOW - timedelta(days=10), limit=QUESTIONS)).items
    kinds: dict[str, list[RelatedQuery]] = {
        "a title of words that go together nowhere": [RelatedQuery(title=words(rng, 10)) for _ in range(QUESTIONS)],
        "a title that shares half of its words with a headline": [
            RelatedQuery(title=" ".join([*rng.sample(h.title.split(), 5), words(rng, 5)])) for h in recent
        ],
        "an article of the store": [RelatedQuery(url=headline.url) for headline in recent],
        "a text of 600 words": [RelatedQuery(text=words(rng, 600)[:4_000]) for _ in range(QUESTIONS // 4)],
    }
    for name, questions in kinds.items():
        times = sorted(
            _cpu(lambda query=query: related_to(reader, query, rules=RULES, keep=KEPT)) for query in questions
        )
        p50, p95 = times[len(times) // 2] * 1e3, times[len(times) * 95 // 100] * 1e3
        print(f"| related to {name}: CPU, median and p95 of {len(times)} | {p50:.1f} ms, {p95:.1f} ms |")
        keep(f"related to {name}, {wanted:,} headlines, p95 ms", p95)


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
