"""Topic rules of feeds.yml: precision and recall per language on labelled headlines, and headlines per CPU second.

Usage: bench/topics.py [--show] FILE.jsonl ... (rows with lang, topics, and text or title and summary).
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from pathlib import Path

from wirekin import config

ROOT = Path(__file__).parents[1]


def rows(paths: list[Path]) -> list[dict[str, object]]:
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line]


def text_of(row: dict[str, object]) -> tuple[str, str]:
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


def speed(topics: config.Config, texts: list[tuple[str, str]]) -> None:
    texts = (texts * (20_000 // len(texts) + 1))[:20_000]
    for name, sample in (("title and summary", texts), ("title", [(title, "") for title, _ in texts])):
        start = time.process_time()
        for title, summary in sample:
            topics.topics.match(title, summary)
        took = time.process_time() - start
        print(f"{name}: {len(sample) / took:,.0f} headlines a CPU second")


def main() -> None:
    show = "--show" in sys.argv
    paths = [Path(name) for name in sys.argv[1:] if name != "--show"]
    start = time.process_time()
    rules = config.load(ROOT / "feeds.yml")
    print(f"feeds.yml read in {time.process_time() - start:.2f} CPU seconds")
    for path in paths:
        print(path.parent.name, path.name)
        measure(rules, rows([path]), show=show)
    if paths:
        speed(rules, [text_of(row) for row in rows(paths)])


if __name__ == "__main__":
    main()
