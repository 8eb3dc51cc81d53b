"""Events that the dictionary and the weights were not made for are grouped as well as those that they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from wirekin.evaluate import evaluate, read_rows

FOLDER = Path(__file__).parents[1] / "data" / "stories"
DUE = 0.88  # B-cubed F1 of each language
HARD = 0.63  # of headlines that share few words: .660 to .734, and .646 to .683 at first sight, 2026-11-30


@pytest.mark.parametrize(
    ("file", "least"), [("first.jsonl", DUE), ("second.jsonl", DUE), ("third.jsonl", HARD), ("fourth.jsonl", DUE)]
)
def test_unseen_events_are_told_apart_in_every_language(file: str, least: float) -> None:
    with (FOLDER / file).open(encoding="utf-8") as lines:
        rows, problems = read_rows(lines)

    figures = evaluate(rows, resamples=0).figures

    found = {figure.of: figure.value for figure in figures if figure.name == "stories b-cubed f1"}
    assert not problems
    assert {lang: found[lang] for lang in ("en", "ru", "fa", "ar", "he") if found[lang] < least} == {}
