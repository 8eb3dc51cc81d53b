"""`extract`, `group`, `import`, `export` and `eval`: documents and JSON lines, in and out."""

from __future__ import annotations

import json
import os
import re
import threading
from pathlib import Path

import pytest

from commands import CUP, TANKER, TANKER_TOO, Folder, rss


def test_extract_prints_the_headlines_of_a_file(folder: Folder) -> None:
    (folder.path / "feed.xml").write_bytes(rss("Herald", "http://herald.example", TANKER, CUP))

    found = folder.run("extract", "feed.xml", "--json").json

    assert [headline["title"] for headline in found["headlines"]] == [TANKER[0], CUP[0]]
    assert found["headlines"][0]["url"] == "http://herald.example/1"
    table = folder.run("extract", "feed.xml").out
    assert [line.split()[-1] for line in table.splitlines()[1:]] == [
        "http://herald.example/1",
        "http://herald.example/3",
    ]
    assert folder.run("extract", "no-such-file").code == 1


@pytest.mark.parametrize(
    "row",
    [
        {"url": "http://xn--e1afmkfd.xn--p1ai/1"},
        {"url": "https://news.example/1", "publisher": "пример.рф"},
        {"url": "https://news.example/1", "publisher": {"name": "пример.рф"}},
    ],
    ids=["as the host of its link", "as a name beside another link", "as an object"],
)
def test_an_internationalised_publisher_domain_stays_ascii_over_export_and_import(
    folder: Folder, row: dict[str, object]
) -> None:
    folder.write("feeds: []\n")
    row |= {"title": "Ship arrives in the harbour"}
    folder.run("import", "-", stdin=json.dumps(row))

    exported = folder.run("export").out
    folder.run("import", "-", "--database", "other.db", stdin=exported)

    for database in ("data/wirekin.db", "other.db"):
        (item,) = folder.run("headlines", "--json", "--database", database).json["items"]
        assert item["publisher"] == {"name": "пример.рф", "domain": "xn--e1afmkfd.xn--p1ai"}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Sun, 22 Nov 2026 09:00:00 +0330", "2026-11-22T09:00:00+03:30"),
        ("Sun, 22 Nov 2026 23:30:00 EST", "2026-11-22T23:30:00-05:00"),
        ("2026-11-22T09:00:00-08:00", "2026-11-22T09:00:00-08:00"),
        ("Sun, 22 Nov 2026 09:00:00 GMT", "2026-11-22T09:00:00Z"),
        ("2026-11-22T09:00:00", "2026-11-22T09:00:00"),
        ("2026-11-22", "2026-11-22"),
    ],
)
def test_extract_gives_times_in_the_zone_that_the_document_gives(folder: Folder, written: str, said: str) -> None:
    feed = rss("Herald", "http://herald.example", TANKER).replace(
        b"</item>", f"<pubDate>{written}</pubDate></item>".encode()
    )
    (folder.path / "feed.xml").write_bytes(feed)
    items = "".join(
        f"<article><h2><a href='/2026/11/22/a-story-{at}'>Minister number {at} resigns over the harbour affair</a></h2>"
        f"<time datetime='{written}'></time></article>"
        for at in range(3)
    )
    (folder.path / "page.html").write_text(f"<!doctype html><html><body>{items}</body></html>", "utf-8")

    of_feed, of_page = (folder.run("extract", file, "--json").json["headlines"] for file in ("feed.xml", "page.html"))

    assert [one["published_at"] for one in (*of_feed, *of_page)] == [said] * 4


def write_list_page(folder: Folder, *slugs: str) -> list[str]:
    """Write a page with an article at each of these addresses; returns its titles."""
    titles = [f"Minister number {place} resigns over the harbour affair" for place, _ in enumerate(slugs)]
    told = zip(slugs, titles, strict=True)
    items = [f"<article><h2><a href='/2026/11/20/{slug}'>{title}</a></h2></article>" for slug, title in told]
    (folder.path / "page.html").write_text(f"<!doctype html><html><body>{''.join(items)}</body></html>", "utf-8")
    return titles


def test_a_piped_table_has_one_line_per_headline_with_full_title_and_link(folder: Folder) -> None:
    titles = write_list_page(folder, *(f"{'a-long-slug-' * 25}{place}" for place in range(3)))

    lines = folder.run("extract", "page.html").out.splitlines()[1:]

    assert [title in line and "a-long-slug-" * 25 in line for title, line in zip(titles, lines, strict=True)] == [
        True
    ] * 3


def test_a_pipe_is_no_terminal_whatever_force_color_says(folder: Folder) -> None:
    write_list_page(folder, "a-slug", "b-slug")
    plain = folder.run("extract", "page.html")

    for forced in ({"FORCE_COLOR": "1"}, {"TTY_COMPATIBLE": "1"}):
        ran = folder.run("extract", "page.html", **forced, TERM="xterm", COLUMNS="20")
        assert (ran.out, ran.err) == (plain.out, plain.err)


@pytest.mark.parametrize("columns", [40, 80])
def test_a_narrow_terminal_shows_titles_beside_long_links(folder: Folder, columns: int) -> None:
    titles = write_list_page(folder, *(f"{'a-long-slug-' * 9}{place}" for place in range(3)))

    narrow = {"NO_COLOR": "1", "TERM": "xterm", "COLUMNS": str(columns)}
    shown = folder.run_on_a_terminal("extract", "page.html", stream="stdout", **narrow).out
    headlines = " ".join(re.findall(r"[A-Za-z]+", shown))

    assert all(len(line) <= columns for line in re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines())
    assert all(word in headlines for title in titles for word in title.split() if word.isalpha())


def test_extract_accepts_a_url_in_capitals(folder: Folder) -> None:
    ran = folder.run("extract", "HTTP://127.0.0.1:1/")

    assert (ran.code, "forbidden_address" in ran.err or "bad_url" in ran.err) == (1, True)


def test_extract_reads_a_named_pipe(folder: Folder) -> None:
    pipe = folder.path / "pipe"
    os.mkfifo(pipe)
    threading.Thread(target=pipe.write_bytes, args=(rss("Herald", "", TANKER),), daemon=True).start()

    assert [headline["title"] for headline in folder.run("extract", "pipe", "--json").json["headlines"]] == [TANKER[0]]


@pytest.mark.parametrize(
    "wrong", [["--base-url", "nowhere"], ["--select", "item=li", "--select", "item=p"], ["--select", "li[["]]
)
def test_extract_refuses_an_invalid_base_url_and_a_repeated_or_invalid_selector(
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


def test_group_prints_half_a_surrogate_pair_in_an_id_unchanged(folder: Folder) -> None:
    row = '{"id": "\\ud83d", "title": "Mayor opens the bridge"}'

    assert folder.run("group", stdin=row).rows[0]["id"] == "\ud83d"


def test_import_skips_a_row_whose_id_cannot_be_encoded_as_utf_8(folder: Folder) -> None:
    folder.write("feeds: []\n")
    good, bad = ({"title": TANKER[0], "url": f"http://herald.example/{n}"} for n in range(2))

    ran = folder.run(
        "import", "/dev/stdin", "--json", stdin="\n".join(map(json.dumps, (good, {**bad, "id": "\ud83d"})))
    )

    assert (ran.code, ran.json["headlines_new"], ran.json["stories_new"]) == (0, 1, 1)
    assert ran.json["problems"][0].startswith("line 2: ")


@pytest.mark.parametrize(("lang", "kept"), [("pt-BR", "pt"), ("<b>\x01", None)])
def test_import_normalises_languages_and_strips_markup_from_publisher_names(
    folder: Folder, lang: str, kept: str | None
) -> None:
    folder.write("feeds: []\n")
    row = {"title": "Hormuz", "url": "http://herald.example/1", "lang": lang, "publisher": "The <b>\x00Herald</b>"}

    folder.run("import", "/dev/stdin", stdin=json.dumps(row))

    assert [(row["lang"], row["publisher"]) for row in folder.run("export").rows] == [(kept, "The Herald")]


@pytest.mark.parametrize("image", ["/pictures/1.jpg", {"url": "/pictures/1.jpg", "width": 0, "height": 0}])
def test_import_makes_the_url_of_an_image_absolute(folder: Folder, image: object) -> None:
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


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01"]
)  # Go's zero time, SQL's infinity
def test_a_row_with_an_implausible_date_is_imported_without_a_date(folder: Folder, at: str) -> None:
    folder.write("feeds: []\n")
    row = {"title": TANKER[0], "url": TANKER[1], "published_at": at}

    ran = folder.run("import", "/dev/stdin", "--json", stdin=json.dumps(row))

    assert (ran.code, ran.json["headlines_new"], ran.json["stories_new"]) == (0, 1, 1)
    assert [row["published_at"] for row in folder.run("export").rows] == [None]


def test_a_byte_order_mark_before_the_rows_does_not_matter(folder: Folder) -> None:
    folder.write("feeds: []\n")
    row = '{"title": "Tanker seized", "url": "http://herald.example/1"}'
    (folder.path / "rows.jsonl").write_text("\ufeff" + row + "\r\n", encoding="utf-8")

    assert folder.run("import", "rows.jsonl", "--json").json["headlines_new"] == 1
    assert len(folder.run("group", "rows.jsonl").rows) == 1


def test_an_export_can_be_imported_into_another_database(polled: Folder, tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_text(polled.run("export").out)

    ran = polled.run("--database", "other.db", "import", "out.jsonl", "--json")

    assert ran.json["headlines_new"] == 3
    assert sorted(s["headlines"] for s in polled.run("stories", "--json", "--database", "other.db").json["items"]) == [
        1,
        2,
    ]


def test_a_day_without_a_time_is_still_one_after_export_and_import(folder: Folder) -> None:
    """It was exported as midnight, so the story's first report was the one whose time nobody knows."""
    folder.write("feeds: []\n")
    title = "Iran holds crew of seized tanker in Strait of Hormuz"
    rows = [
        {"title": title, "url": "http://a.example/1", "published_at": "2026-11-20"},
        {"title": f"{title}, says navy", "url": "http://b.example/1", "published_at": "2026-11-20T09:00:00Z"},
    ]

    folder.run("import", "-", stdin="\n".join(map(json.dumps, rows)))
    exported = folder.run("export")
    folder.run("--database", "other.db", "import", "-", stdin=exported.out)
    story = folder.run("--database", "other.db", "story", "show", "http://b.example/1", "--json").json

    assert [row["published_at"] for row in exported.rows] == ["2026-11-20", "2026-11-20T09:00:00Z"]
    assert [member["lag_seconds"] for member in story["members"]] == [None, 0]


@pytest.mark.parametrize("command", [("export",), ("group", "out.jsonl")], ids=" ".join)
def test_export_and_group_print_one_list_with_json_and_lines_without_it(
    polled: Folder, command: tuple[str, ...]
) -> None:
    (polled.path / "out.jsonl").write_text(polled.run("export").out)

    plain = polled.run(*command)

    assert polled.run(*command, "--json").json == {"items": plain.rows, "next": None}
    assert len(plain.rows) == 3
    assert polled.run(*command, "--jsonl").out == plain.out


def test_an_export_of_nothing_is_an_empty_list_with_json(folder: Folder) -> None:
    folder.write("feeds: []\n")

    assert folder.run("export", "--json").json == {"items": [], "next": None}


def test_two_stories_keep_two_names_where_their_headlines_have_one_id(folder: Folder) -> None:
    titles = ["Iran holds crew of seized tanker in Hormuz", "Volcano erupts near Grindavik", "Tanker crew held by Iran"]
    rows = [{"id": "a", "title": ""}, *({"id": "a", "title": title} for title in titles)]

    ran = folder.run("group", stdin="\n".join(map(json.dumps, rows)))

    assert [(row["id"], row["story"]) for row in ran.rows] == [("a", "a"), ("a", "row-3"), ("a", "a")]


def test_group_names_each_bad_row_in_the_order_of_the_file(folder: Folder) -> None:
    rows = ['{"url": "http://a.example/1"}', "no json"] * 11

    ran = folder.run("group", "--json", stdin="\n".join([*rows, '{"title": "Ferry strike ends"}']))

    said = [line.split(":")[0] for line in ran.err.splitlines()]
    assert said == [f"skipped line {number}" for number in range(1, 23)]
    assert len(ran.json["items"]) == 1


def test_a_bad_row_is_reported_with_what_should_be_written_instead(folder: Folder) -> None:
    folder.write("feeds: []\n")
    times = ["yesterday", 1.5, True, [], {}, None, ""]
    rows = [
        json.dumps({"title": "Ferry strike ends", "url": f"http://ferry.example/{n}", "published_at": time})
        for n, time in enumerate(times, 1)
    ]

    done = folder.run(
        "import", "-", "--json", stdin="\n".join([*rows, "[" * 5_000, f'{{"n": {"9" * 5_000}}}', "{"])
    ).json

    when = "'published_at' must be like 2026-11-22T10:00:00Z"
    deep = "not JSON that can be read: nested too deeply, or a number too long"
    brace = "not JSON: Expecting property name enclosed in double quotes"
    said = [when] * 5 + [deep] * 2 + [brace]
    assert done["problems"] == [f"line {n}: {why}" for n, why in zip((1, 2, 3, 4, 5, 8, 9, 10), said, strict=True)]


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


@pytest.mark.parametrize(("story", "code"), [({}, 1), ({"story": "s"}, 0)])
def test_eval_says_that_labelled_topics_need_those_of_a_configuration(
    folder: Folder, story: dict[str, str], code: int
) -> None:
    rows = [{"id": f"{n}", "title": "Tanker seized", "topics": ["iran"], **story} for n in range(2)]
    (folder.path / "l.jsonl").write_text("\n".join(map(json.dumps, rows)))

    ran = folder.run("eval", "l.jsonl", "--resamples", "10")

    assert (ran.code, "topics are measured by those of feeds.yml" in ran.err) == (code, True)


def test_eval_says_when_no_query_is_about_the_rows(folder: Folder) -> None:
    (folder.path / "rows.jsonl").write_text(json.dumps({"id": "1", "title": "Tanker seized", "story": "a"}))
    (folder.path / "asked.jsonl").write_text(json.dumps({"title": "Tanker", "relevant": ["2"]}))

    (report,) = folder.run("eval", "rows.jsonl", "--queries", "asked.jsonl", "--resamples", "10", "--json").json

    assert report["problems"] == ["asked.jsonl: no query of it is about a headline of these rows"]


def test_eval_of_a_folder_without_labels_or_a_file_without_rows_fails_and_says_so(folder: Folder) -> None:
    (folder.path / "empty").mkdir()
    (folder.path / "broken.jsonl").write_text("no json\n")

    none, broken = folder.run("eval", "empty"), folder.run("eval", "broken.jsonl")

    assert (none.code, broken.code) == (1, 1)
    assert "no JSONL file" in none.err
    assert "line 1: not JSON" in broken.err
