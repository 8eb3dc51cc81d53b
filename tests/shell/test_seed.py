"""The article that started the project: its three related headlines come first among three hundred others."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from commands import Folder

SHARED = Path(__file__).parents[3] / "shared"
ARTICLE = SHARED / "seed-article.txt"
SEED = [
    ("Iran Wants To Negotiate After Crippling Israeli Strikes | The Daily Caller", "https://outlet1.example/1"),
    ("Israel targets Iran's Defense Ministry headquarters as Tehran unleashes", "https://outlet2.example/2"),
    ("Israel’s Operation To Destroy Iran’s Nuclear Program Enters New Phase", "https://outlet3.example/3"),
]
CLEAN = {SEED[0][0].removesuffix(" | The Daily Caller"), SEED[1][0], SEED[2][0]}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not ARTICLE.exists(), reason="the seed article is not beside the checkout (../shared)"),
]


def labelled(name: str) -> list[dict[str, str]]:
    with (SHARED / "stories" / name).open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def rows() -> list[dict[str, str]]:
    """300 headlines of other articles, the hardest of them on the same war, with the three among them."""
    near = [row for row in labelled("newsdesk_en_ru/dev.jsonl") if not any(t[:20] in row["title"] for t in CLEAN)]
    far = random.Random(7).sample(labelled("uci_clusters.jsonl"), 300 - len(near))
    others = [{"title": r["title"], "url": r["url"], "summary": r["summary"]} for r in near + far]
    random.Random(8).shuffle(others)
    for place, (title, url) in enumerate(SEED):
        others.insert(50 + 90 * place, {"title": title, "url": url, "summary": ""})
    return others


@pytest.mark.parametrize("topics", ["", "topics:\n  iran: {name: Iran, rule: [iran*, tehran*]}\n"])
def test_the_three_related_headlines_come_first_among_three_hundred_others(topics: str, tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write(f"settings: {{unmatched: keep}}\n{topics}feeds: []\n")
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, rows())), encoding="utf-8")

    imported = folder.run("import", "in.jsonl", "--json").json
    answer = folder.run("related", "--text-file", str(ARTICLE), "--limit", "8", "--json").json

    assert imported["rows"] == 303
    assert {item["title"] for item in answer["items"][:3]} == CLEAN
    assert len({item["story"]["id"] for item in answer["items"][:3]}) == 3
