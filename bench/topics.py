"""Topic rules of feeds.yml: precision and recall per language on labelled headlines, and headlines per CPU second.

Our speed is shown beside that of Python's `re` with the same terms in one alternation: 5,000 of feeds.yml, drawn with a
fixed seed, and all of them.

    python bench/topics.py [--show] [--quick | --long] [FILE.jsonl ...]

Files have rows with lang, title and summary or text, and topics where they are labelled; the default is newsdesk's and
uci's in ../shared/stories.
"""

from __future__ import annotations

import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from ruamel.yaml import YAML

from _measure import keep, options, skip
from wirekin import config
from wirekin._heap import look_seldom
from wirekin.model import TopicSlug
from wirekin.topics import TopicRule, TopicRules, compile_rules

ROOT = Path(__file__).parents[1]
STORIES = ROOT / "../shared/stories"
TURNS = {"quick": 1, "usual": 3, "long": 5}  # the best counts: the machine is shared
FEW = 5_000  # terms at which 100,000 headlines a CPU second are due; feeds.yml has several times as many

Text = tuple[str, str]  # title, summary


def rows(paths: list[Path]) -> list[dict[str, object]]:
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line]


def text_of(row: dict[str, object]) -> Text:
    return str(row.get("title") or row.get("text") or ""), str(row.get("summary") or "")


def measure(topics: config.Config, labelled: list[dict[str, object]], *, show: bool) -> None:
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in labelled:
        title, summary = text_of(row)
        wanted = set(row["topics"])  # type: ignore[call-overload]
        matches = {match.slug: match.terms for match in topics.topics.match(title, summary)}
        for slug in wanted | set(matches):
            place = 0 if slug in wanted and slug in matches else 1 if slug in matches else 2
            counts[str(row["lang"]), slug][place] += 1
            counts[str(row["lang"]), "all"][place] += 1
            if show and place:
                verdict = "FALSE" if place == 1 else "missed"
                print(verdict, row["lang"], slug, title, "|", summary, matches.get(slug, ""))
    for (lang, slug), (right, false, missed) in sorted(counts.items()):
        precision, recall = right / (right + false or 1), right / (right + missed or 1)
        f1 = 2 * precision * recall / (precision + recall or 1)
        print(f"{lang} {slug:15} P {precision:.3f} R {recall:.3f} F1 {f1:.3f}  n {right + missed}")


def speed(rules: list[TopicRule], texts: list[Text], terms: list[str], name: str, turns: int) -> None:
    """Print headlines a CPU second: each for the first time, as after a start, and again, when its words are known.

    `name` is what the terms are called in the table of `make bench`.
    """
    topics, peer = compile_rules(rules), as_written(terms)
    titles = [(title, "") for title, _ in texts]
    silent = [text for text in texts if not topics.about(*text)]
    mixed = texts + (silent * (len(texts) * 4 // (len(silent) or 1) + 1))[: len(texts) * 4]
    samples = {"titles": titles, "title and summary": texts, "the same, four in five match nothing": mixed}
    for kind, sample in samples.items():
        random.Random(1).shuffle(sample)
        matched = sum(bool(topics.about(*text)) for text in sample) / len(sample)
        first = max(rate(about(expanded(rules)), sample) for _ in range(turns))
        again = max(rate(about(topics), sample) for _ in range(turns))
        few = sample[:: max(1, len(sample) // 400)]
        theirs = max(rate(lambda text: peer.search(" ".join(text)), few) for _ in range(turns))
        print(
            f"{kind} ({len(sample):,}, {matched:.0%} match): {first:,.0f} headlines a CPU second the first time,"
            f" {again:,.0f} again; re alternation of the same terms {theirs:,.0f}"
        )
        keep(f"topics, {name}, {kind}, the first time", first)
        keep(f"topics, {name}, {kind}, again", again)


def expanded(rules: list[TopicRule]) -> TopicRules:
    """New rules, after a first text of each script: that expands the terms, once a start and not for each headline."""
    topics = compile_rules(rules)
    topics.about("Any text, текст, نص, טקסט", "")
    return topics


def about(topics: TopicRules) -> Callable[[Text], object]:
    """What a poll asks of each entry."""
    return lambda text: topics.about(*text)


def rate(work: Callable[[Text], object], sample: list[Text]) -> float:
    start = time.process_time()
    for text in sample:
        work(text)
    return len(sample) / (time.process_time() - start)


def as_written(terms: Iterable[str]) -> re.Pattern[str]:
    """Terms as one alternation: no clitics, no endings, no reasons, only whether any stands there."""
    words = sorted(term.lstrip("=") for term in terms if not term.startswith("-"))
    alternatives = "|".join(re.escape(word).replace(r"\*", r"\w*") for word in words)
    return re.compile(rf"\b(?:{alternatives})\b", re.IGNORECASE)


def shipped(most: int | None = None) -> tuple[list[TopicRule], list[str]]:
    """The rules of feeds.yml, and all terms of its lists, or so many of them drawn by a seed."""
    read = YAML(typ="safe").load(ROOT / "feeds.yml")
    lists = list(read["terms"].values())
    total = sum(len(items) for by_lang in lists for items in by_lang.values())
    draw = random.Random(1)
    for by_lang in lists:
        for lang, items in by_lang.items():
            by_lang[lang] = draw.sample(items, max(1, round(len(items) * min(1, (most or total) / total))))
    rules = [TopicRule(TopicSlug(slug), slug, topic["rule"], read["terms"]) for slug, topic in read["topics"].items()]
    return rules, [str(term) for by_lang in lists for items in by_lang.values() for term in items]


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--show", action="store_true", help="each text that is matched or missed wrongly")
    given = parser.parse_args()
    look_seldom()  # as a process that polls does
    paths = given.files or [*sorted(STORIES.glob("newsdesk*/dev.jsonl")), *STORIES.glob("uci_clusters.jsonl")]
    if not paths:
        skip("topics, *", f"no headlines in {STORIES}")
        return
    start = time.process_time()
    rules = config.load(ROOT / "feeds.yml")
    print(f"feeds.yml read in {time.process_time() - start:.2f} CPU seconds")
    for path in paths:
        print(path.parent.name, path.name)
        measure(rules, [row for row in rows([path]) if "topics" in row], show=given.show)
    texts = [text_of(row) for row in rows(paths)]
    for most, name in ((FEW, f"{FEW:,} terms"), (None, "all terms")):
        topics, terms = shipped(most)
        print(f"{len(terms):,} terms of feeds.yml")
        speed(topics, texts, terms, name, TURNS[given.size])


if __name__ == "__main__":
    main()
