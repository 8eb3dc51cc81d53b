"""Learn in which directions reports of one event differ, and measure what that is worth on sets that were left out.

    python bench/directions.py [--stories DIR] [--write] [--quick | --long]

Without --write every set is left out in turn, and the average precision and the area under the curve of its pairs are
printed: by the cosine of the encoder as it is, and without the directions learnt from the other sets. With --write it
learns from all sets and writes `src/wirekin/stories/_directions.bin`. Needs the extra `multilingual`; takes ten
minutes, or less than one with --quick, which uses two of the sets only. `make bench` runs this with --long only.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from _measure import options
from quality import ROOT, rows_of, sample_world
from wirekin.evaluate import Row, Sample, samples
from wirekin.stories import _vectors as kept
from wirekin.stories._encoder import Encoder, unit

WRITTEN = ("newsdesk_en_ru/dev", "newsdesk_fa_ar_he/dev")
UNSEEN = ("first", "second", "third", "fourth")
SMALLEST = ("second", "fourth")
DAYS = timedelta(3)  # at most between two headlines that a window would compare
OF_A_STORY = 6  # headlines of an undated story, of which all pairs are taken
ASKED, NEAREST = 1500, 8  # undated headlines that get strangers, and how many each: the nearest of other stories
SAME = 2.0  # SemEval's overall: up to 2 counts as the same story
# With 16 directions, a share of 3 and strangers weighted by 1.5, the mean average precision of the sets left out was
# within .001 of the best of twenty; 8 to 48 directions, shares of 1 to 10 and weights of 1.5 to 3 are within .005.
DIRECTIONS, EVEN, APART = 16, 3.0, 1.5


class Pairs(NamedTuple):
    """Pairs of one set: where each stands among its vectors, and whether it is one event."""

    rows: Any  # (headlines, 2, width): title, title and summary, less a share of the language's mean
    two: Any  # (pairs, 2)
    same: Any  # (pairs,)


def dated(found: Sequence[Sample]) -> Iterator[tuple[int, int]]:
    known = [place for place, sample in enumerate(found) if sample.story and not sample.copy_of]
    for one, other in combinations(known, 2):
        if abs(found[one].headline.happened_at - found[other].headline.happened_at) <= DAYS:
            yield one, other


def undated(found: Sequence[Sample], rows: Any) -> Iterator[tuple[int, int]]:
    draw, stories = random.Random(1), defaultdict(list)
    for place, sample in enumerate(found):
        stories[sample.story].append(place)
    for _, places in sorted(stories.items()):
        yield from combinations(draw.sample(places, min(OF_A_STORY, len(places))), 2)
    for one in draw.sample(range(len(found)), min(ASKED, len(found))):
        near = (-(rows[:, 0] @ rows[one, 0])).argsort()[: 5 * NEAREST]
        strange = [int(other) for other in near if found[other].story != found[one].story]
        yield from ((one, other) for other in strange[:NEAREST])


def vectors(texts: Sequence[tuple[str, str, str | None]], encoder: Encoder) -> Any:
    """(texts, 2, width): unit vectors of title and whole text, less a share of their language's mean."""
    titles = [title for title, _, _ in texts]
    wholes = [f"{title}. {summary[: kept.SUMMARY_LETTERS]}" if summary else title for title, summary, _ in texts]
    once = sorted({*titles, *wholes}, key=len)
    read = np.concatenate([encoder(once[i : i + kept.BATCH]) for i in range(0, len(once), kept.BATCH)])
    place = {text: i for i, text in enumerate(once)}
    rows = read[[[place[title], place[whole]] for title, whole in zip(titles, wholes, strict=True)]]
    langs = np.array([lang or "" for _, _, lang in texts])
    for lang in set(langs.tolist()):
        rows[langs == lang] -= kept.USUAL_SHARE * rows[langs == lang].mean(axis=(0, 1))
    return unit(rows)


def of_stories(rows: Sequence[Row], encoder: Encoder) -> Pairs:
    found, _ = samples(rows)
    read = vectors([(s.headline.title, s.headline.summary, s.headline.lang) for s in found], encoder)
    two = list(dated(found) if any("published_at" in row for row in rows) else undated(found, read))
    return Pairs(read, np.array(two), np.array([found[a].story == found[b].story for a, b in two]))


def of_pairs(rows: Sequence[Row], encoder: Encoder) -> Pairs:
    read = vectors([(str(row[s]), "", str(row[f"lang{n}"])) for row in rows for s, n in (("a", 1), ("b", 2))], encoder)
    same = np.array([float(str(row["overall"])) <= SAME for row in rows])
    return Pairs(read, np.arange(2 * len(rows)).reshape(-1, 2), same)


def every_set(stories: Path, *, quick: bool) -> dict[str, Pairs]:
    (file,) = kept._files("multilingual")  # noqa: SLF001 - the encoder as it is, without the directions
    encoder = Encoder(file)
    paths = [] if quick else [stories / f"{name}.jsonl" for name in (*WRITTEN, "uci_clusters")]
    paths += [ROOT / f"tests/data/stories/{name}.jsonl" for name in (SMALLEST if quick else UNSEEN)]
    found = {path.parent.name + "/" + path.stem: of_stories(rows_of(path), encoder) for path in paths}
    if quick:
        return found
    found["demo"] = of_stories(sample_world(), encoder)
    found["semeval"] = of_pairs(rows_of(stories / "semeval22_slug_pairs.jsonl"), encoder)
    return found


def spread(pairs: Pairs, same: bool) -> Any:
    """(width, width): second moments of the differences between a title and its partner's title or whole text."""
    one, other = pairs.two[pairs.same == same].T
    apart = np.concatenate([pairs.rows[one, 0] - pairs.rows[other, whole] for whole in (0, 1)])
    if same:
        apart = np.concatenate([apart, pairs.rows[one, 1] - pairs.rows[other, 0]])
    moments = apart.T.astype(float) @ apart
    return moments / len(apart)


def learnt(sets: Mapping[str, Pairs]) -> Any:
    """(directions, width): the squared length of a row says how much of its direction is to be left out.

    Kostinger et al., "Large scale metric learning from equivalence constraints" (2012): the metric is the difference of
    two inverse covariances, that of reports of one event and that of strangers, each regularised by a multiple of the
    identity. Its square root leaves most directions as they are; those that it changes most are kept.
    """
    within, between = (np.mean([spread(pairs, same) for pairs in sets.values()], axis=0) for same in (True, False))
    eye = np.eye(len(within))
    even_within, even_between = (part / np.trace(part) * len(part) + EVEN * eye for part in (within, between))
    worth, across = np.linalg.eigh(np.linalg.inv(even_within) - np.linalg.inv(APART * even_between))
    kept_share = np.sqrt(np.maximum(worth, 0))
    kept_share /= np.median(kept_share)
    chosen = np.argsort(kept_share)[:DIRECTIONS]
    return (across[:, chosen] * np.sqrt(1 - kept_share[chosen])).T


def judged(pairs: Pairs, directions: Any) -> tuple[float, float]:
    """Average precision and area under the curve of the greater cosine of one's title and the other's whole text."""
    rows = unit(pairs.rows - pairs.rows @ directions.T @ directions)
    a, b = rows[pairs.two[:, 0]], rows[pairs.two[:, 1]]
    close = np.maximum((a[:, 0] * b[:, 1]).sum(-1), (a[:, 1] * b[:, 0]).sum(-1))
    same = pairs.same[np.argsort(-close, kind="stable")]
    hits = np.cumsum(same)
    precision = (hits / np.arange(1, len(same) + 1))[same].mean()
    return float(precision), float((~same * hits).sum() / (same.sum() * (~same).sum()))


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--stories", type=Path, default=ROOT / "../shared/stories")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    sets = every_set(given.stories, quick=given.size == "quick")
    if given.write:
        kept.DIRECTIONS.write_bytes(learnt(sets).astype("<f2").tobytes())
        return
    print("| left out | pairs | of one event | precision | with directions | area | with directions |")
    print("|---|---|---|---|---|---|---|")
    for name, pairs in sets.items():
        before = judged(pairs, np.zeros((1, pairs.rows.shape[-1])))
        after = judged(pairs, learnt({other: rest for other, rest in sets.items() if other != name}))
        figures = " | ".join(f"{b:.3f} | {a:.3f}" for b, a in zip(before, after, strict=True))
        print(f"| {name} | {len(pairs.two)} | {pairs.same.sum()} | {figures} |")


if __name__ == "__main__":
    main()
