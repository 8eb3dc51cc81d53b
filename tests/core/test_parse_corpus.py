"""2,619 feeds from other projects' fixtures: nothing raises, and news and blogs are read as plain feedparser does."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from wirekin.model import Parsed, ParseFailed

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "../shared/corpus"
LARGEST_SHARE = 0.005  # of entries, titles, links and dates that may differ

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus is not beside the repository")


@pytest.mark.slow
def test_every_document_gives_entries_or_a_reason(bench: ModuleType) -> None:
    results = [bench.read(body) for _, _, body in bench.documents()]

    assert len(results) > 2_500
    assert all(isinstance(one, Parsed | ParseFailed) for one in results)
    assert sum(isinstance(one, ParseFailed) for one in results) <= 6


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["news", "blog"])
def test_entries_are_those_that_plain_feedparser_gives(bench: ModuleType, kind: str) -> None:
    found = bench.Comparison()
    for _, path, body in bench.documents(kind):
        bench.compare(path, body, found)
    # Plain feedparser dates 19 posts of one blog to the year 1 ("Mon, 01 Jan 0001"), which we do not take as a date.
    explained = [one for one in found.different if one[1] == "date" and one[2].startswith("(1, 1, 1,")]

    assert found.compared["entries"] > 900
    assert all(got == "None" for *_, got in explained)
    for name, compared in found.compared.items():
        differing = sum(one[1] == name for one in found.different) - (len(explained) if name == "date" else 0)
        assert differing <= LARGEST_SHARE * compared, (name, found.different)
