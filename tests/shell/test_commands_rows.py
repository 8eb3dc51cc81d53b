"""`extract`, `group`, `import`, `export` and `eval`: documents and JSON lines, in and out."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from commands import CUP, TANKER, TANKER_TOO, Folder, rss


def test_extract_prints_what_a_file_says(folder: Folder) -> None:
    (folder.path / "feed.xml").write_bytes(rss("Herald", "http://herald.example", TANKER, CUP))

    found = folder.run("extract", "feed.xml", "--json").json

    assert [headline["title"] for headline in found["headlines"]] == [TANKER[0], CUP[0]]
    assert found["headlines"][0]["url"] == "http://herald.example/1"
    assert folder.run("extract", "no-such-file").code == 1


def test_extract_reads_a_pipe_that_has_a_name(folder: Folder) -> None:
    pipe = folder.path / "pipe"
    os.mkfifo(pipe)
    threading.Thread(target=pipe.write_bytes, args=(rss("Herald", "", TANKER),), daemon=True).start()

    assert [headline["title"] for headline in folder.run("extract", "pipe", "--json").json["headlines"]] == [TANKER[0]]


@pytest.mark.parametrize(
    "wrong", [["--base-url", "nowhere"], ["--select", "item=li", "--select", "item=p"], ["--select", "li[["]]
)
def test_extract_refuses_a_base_that_is_no_address_and_a_selector_given_twice_or_wrong(
    folder: Folder, wrong: list[str]
) -> None:
    (folder.path / "page.html").write_text("<ul><li><a href=/1>Tanker seized in Hormuz strait</a></ul>")

    assert folder.run("extract", "page.html", *wrong).code == 2


def test_group_answers_in_file_order_and_stores_nothing(folder: Folder) -> None:
    folder.write("feeds:\n  - url: https://example.org/rss\n")
    rows = [{"id": str(n), "title": t, "url": u, "summary": s} for n, (t, u, s) in enumerate((TANKER, CUP, TANKER_TOO))]

    ran = folder.run("group", stdin="\n".join(map(json.dumps, rows)) + "\nnot json\n")

    assert [row["id"] for row in ran.rows] == ["0", "1", "2"]
    assert ran.rows[0]["story"] == ran.rows[2]["story"] != ran.rows[1]["story"]
    assert "line 4" in ran.err
    assert not (folder.path / "data").exists()


@pytest.mark.parametrize("image", ["/pictures/1.jpg", {"url": "/pictures/1.jpg", "width": 0, "height": 0}])
def test_import_keeps_a_picture_by_its_whole_address(folder: Folder, image: object) -> None:
    folder.write("feeds: []\n")
    row = {"title": TANKER[0], "url": "http://herald.example/1", "image": image}

    folder.run("import", "/dev/stdin", stdin=json.dumps(row))

    assert [row["image"] for row in folder.run("export").rows] == ["http://herald.example/pictures/1.jpg"]


def test_import_takes_good_rows_names_bad_ones_and_can_be_repeated(folder: Folder) -> None:
    folder.write("feeds:\n  - url: https://example.org/rss\n")
    (folder.path / "in.jsonl").write_text(
        json.dumps({"id": "mine-1", "title": TANKER[0], "url": TANKER[1], "publisher": "Given Name"})
        + '\n{"title": "no link"}\nnot json\n'
        + json.dumps({"title": CUP[0], "url": CUP[1], "published_at": "2026-11-20T10:00:00Z"})
        + "\n"
    )

    first = folder.run("import", "in.jsonl", "--json")
    again = folder.run("import", "in.jsonl", "--json")
    rows = folder.run("export").rows

    assert first.code == 0
    assert (first.json["rows"], first.json["headlines_new"], again.json["headlines_new"]) == (2, 2, 0)
    assert [problem.split(":")[0] for problem in first.json["problems"]] == ["line 2", "line 3"]
    assert {row["publisher"] for row in rows} == {"Given Name", "herald.example"}
    assert {row["url"] for row in rows} == {TANKER[1], CUP[1]}


def test_a_row_that_dates_itself_to_before_computers_comes_without_a_date(folder: Folder) -> None:
    """Go's zero time is year 1."""
    folder.write("feeds: []\n")
    row = {"title": TANKER[0], "url": TANKER[1], "published_at": "0001-01-01T00:00:00Z"}

    ran = folder.run("import", "/dev/stdin", "--json", stdin=json.dumps(row))

    assert (ran.code, ran.json["headlines_new"], ran.json["stories_new"]) == (0, 1, 1)
    assert [row["published_at"] for row in folder.run("export").rows] == [None]


def test_a_byte_order_mark_before_the_rows_does_not_matter(folder: Folder) -> None:
    folder.write("feeds: []\n")
    row = '{"title": "Tanker seized", "url": "http://herald.example/1"}'
    (folder.path / "rows.jsonl").write_text("\ufeff" + row + "\r\n", encoding="utf-8")

    assert folder.run("import", "rows.jsonl", "--json").json["headlines_new"] == 1
    assert len(folder.run("group", "rows.jsonl").rows) == 1


def test_what_is_exported_can_be_imported_elsewhere(polled: Folder, tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_text(polled.run("export").out)

    ran = polled.run("--database", "other.db", "import", "out.jsonl", "--json")

    assert ran.json["headlines_new"] == 3
    assert sorted(s["headlines"] for s in polled.run("stories", "--json", "--database", "other.db").json["items"]) == [
        1,
        2,
    ]


def test_eval_prints_its_measures_with_intervals(folder: Folder) -> None:
    rows = [
        {"id": str(n), "title": title, "url": url, "story": story, "copy_of": None, "topics": []}
        for n, ((title, url, _), story) in enumerate(((TANKER, "a"), (CUP, "b"), (TANKER_TOO, "a")))
    ]
    (folder.path / "labels.jsonl").write_text("\n".join(map(json.dumps, rows)))

    (report,) = folder.run("eval", "labels.jsonl", "--json", "--resamples", "20").json

    figures = {(figure["name"], figure["of"]): figure for figure in report["figures"]}
    assert figures["stories b-cubed f1", ""]["value"] == 1.0
    assert report["seed"] == 1


def test_eval_names_each_line_that_it_could_not_read(folder: Folder) -> None:
    labelled = {"id": "1", "title": "Tanker seized", "url": "http://a.example/1", "story": "a"}
    (folder.path / "labels.jsonl").write_text(f"{json.dumps(labelled)}\nno json\n")

    (report,) = folder.run("eval", "labels.jsonl", "--json", "--resamples", "20").json

    assert [problem.split(":")[0] for problem in report["problems"]] == ["line 2"]


def test_eval_of_rows_without_a_label_fails_and_says_what_is_missing(folder: Folder) -> None:
    (folder.path / "plain.jsonl").write_text(json.dumps({"title": "Tanker seized", "url": "http://a.example/1"}))

    ran = folder.run("eval", "plain.jsonl")

    assert ran.code != 0
    assert "no row says its story" in ran.err


@pytest.mark.parametrize(
    ("row", "missing"),
    [
        ({"text": "Iran seizes a tanker", "topics": ["iran"]}, "--config"),
        ({"a": "Tanker seized", "b": "Tanker held", "y": 1}, "judged alike, and others that are not"),
    ],
)
def test_eval_says_what_pairs_and_topic_cases_lack(folder: Folder, row: object, missing: str) -> None:
    (folder.path / "rows.jsonl").write_text(json.dumps(row))

    ran = folder.run("eval", "rows.jsonl")

    assert (ran.code, missing in ran.err) == (1, True), ran.err


def test_eval_says_when_no_query_was_about_the_rows(folder: Folder) -> None:
    (folder.path / "rows.jsonl").write_text(json.dumps({"id": "1", "title": "Tanker seized", "story": "a"}))
    (folder.path / "asked.jsonl").write_text(json.dumps({"title": "Tanker", "relevant": ["2"]}))

    (report,) = folder.run("eval", "rows.jsonl", "--queries", "asked.jsonl", "--resamples", "10", "--json").json

    assert report["problems"] == ["asked.jsonl: no query of it is about a headline of these rows"]


def test_eval_of_a_folder_without_labels_and_of_a_file_without_rows_fails_and_says_so(folder: Folder) -> None:
    (folder.path / "empty").mkdir()
    (folder.path / "broken.jsonl").write_text("no json\n")

    none, broken = folder.run("eval", "empty"), folder.run("eval", "broken.jsonl")

    assert (none.code, broken.code) == (1, 1)
    assert "no JSONL file" in none.err
    assert "line 1: not JSON" in broken.err
