"""`wirekin refresh` as a person uses it: what it polls, its messages and its exit codes."""

from __future__ import annotations

import sqlite3
from io import StringIO

import pytest
from rich.console import Console

from commands import TANKER, Folder, rss
from origin import Answer, Origin
from wirekin.cli._app import App
from wirekin.cli._refresh import progress_bar
from wirekin.refresh import TurnReport


def test_refresh_polls_due_feeds_and_reports_in_the_fields_of_the_contract(folder: Folder, origin: Origin) -> None:
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
    assert sorted(str(request.header("if-none-match")) for request in origin.requests) == ['"c1"', '"h1"']


def test_force_never_breaks_a_hold(folder: Folder, origin: Origin) -> None:
    origin.serve("/busy", status=429, headers={"Retry-After": "3600"})
    folder.feeds(origin, "/busy")

    first = folder.run("refresh", "--json").json
    forced = folder.run("refresh", "--force", "--json").json

    assert first["failures"][0]["reason"] == "rate_limited"
    assert forced["polled"] == 0
    assert len(origin.requests) == 1


def test_a_feed_that_redirects_to_a_host_on_hold_is_left_to_the_next_turn(folder: Folder, origin: Origin) -> None:
    rests, leads = origin.hosts[:2]
    opened = [f"{host}:{origin.port}" for host in (rests, leads)]
    origin.serve("/busy", status=429, headers={"Retry-After": "3600"})
    origin.serve("/moved", status=302, headers={"Location": origin.url("/else", host=rests)})
    lines = (f"  - {{url: 'http://{at}/{name}', name: {name}, allow_private: {opened}}}"
             for at, name in zip(opened, ("busy", "moved"), strict=True))  # fmt: skip
    folder.write("\n".join(("feeds:", *lines)))

    folder.run("refresh", "busy")
    ran = folder.run("refresh", "--strict")
    listed = {feed["name"]: feed for feed in folder.run("feeds", "list", "--json").json["items"]}

    assert (ran.code, origin.paths) == (0, ["/busy", "/moved"]), ran.out
    assert "1 feed is left to the next turn: their hosts asked for rest" in ran.err
    assert listed["moved"]["reason"] == "resting"


@pytest.mark.parametrize("words", [["feeds", "check", "busy"], ["feeds", "discover"], ["feeds", "add"], ["extract"]])
def test_a_command_that_stores_nothing_respects_holds_too(folder: Folder, origin: Origin, words: list[str]) -> None:
    url = origin.serve("/busy", status=429, headers={"Retry-After": "3600"})
    folder.feeds(origin, "/busy", more=f"settings: {{allow_private: ['{origin.netloc}']}}")
    folder.run("refresh")

    ran = folder.run(*words, *([] if words[-1] == "busy" else [url.replace("busy", "else")]))

    assert "is not to be asked before 20" in ran.out + ran.err
    assert len(origin.requests) == 1


@pytest.mark.parametrize("database", ["~nobody-of-that-name/w.db", "feeds.yml", "."])
def test_extract_fetches_a_url_even_when_no_database_can_be_read(folder: Folder, origin: Origin, database: str) -> None:
    url = origin.serve("/feed", rss("Herald", "http://herald.example", TANKER))
    folder.feeds(origin, "/feed", more=f"settings: {{allow_private: ['{origin.netloc}']}}")

    assert folder.run("--database", database, "extract", url).code == 0


def test_refresh_says_how_many_feeds_are_left_because_their_host_is_on_hold(folder: Folder, origin: Origin) -> None:
    origin.serve("/busy", status=429, headers={"Retry-After": "7200"})
    folder.feeds(origin, "/busy")
    folder.run("refresh")
    folder.feeds(origin, "/busy", "/courier", "/herald")  # the first and the third share a host

    ran = folder.run("refresh")

    assert "1 of 3 feeds polled" in ran.out
    assert "1 feed is left to the next turn" in ran.err


def test_refresh_without_feeds_or_with_held_ones_does_not_suggest_force(folder: Folder, origin: Origin) -> None:
    folder.write("feeds: []\n")
    assert "feeds add" in folder.run("refresh").err

    origin.serve("/busy", status=429, headers={"Retry-After": "7200"})
    folder.feeds(origin, "/busy")
    folder.run("refresh")
    assert "Retry-After" in folder.run("refresh", "--force").err


def test_verbose_refresh_logs_polls_without_secrets_and_forced_ones_as_manual(folder: Folder, origin: Origin) -> None:
    folder.write(f"feeds:\n  - url: {origin.url('/herald?token=hush')}\n    allow_private: ['{origin.netloc}']\n")

    quiet = folder.run("refresh")
    logged = folder.run("refresh", "--force", "-v")

    assert "feed polled" not in quiet.err
    assert "feed polled" in logged.err
    assert "manual=true" in logged.err.lower()
    assert "hush" not in logged.err


def test_one_feed_can_be_refreshed_by_name_and_a_wrong_name_suggests_the_nearest(polled: Folder) -> None:
    named = polled.run("refresh", "herald", "--force", "--json")
    wrong = polled.run("refresh", "heralt")

    assert named.json["polled"] == 1
    assert wrong.code == 1
    assert "did you mean 'herald'?" in wrong.err


def test_strict_exits_1_for_a_failed_feed_and_refresh_exits_69_when_none_is_reachable(
    folder: Folder, origin: Origin
) -> None:
    folder.feeds(origin, "/herald", "/missing")
    assert folder.run("refresh", "--strict").code == 1

    folder.write("feeds:\n  - url: http://127.0.0.1:1/rss\n    allow_private: ['127.0.0.1:1']\n")
    assert folder.run("refresh").code == 69

    folder.write("feeds:\n  - url: http://127.0.0.1:9/never-dialled\n")
    assert folder.run("refresh").code == 69


def test_a_poll_that_shares_no_entry_with_the_previous_one_is_shown_as_missed(polled: Folder, origin: Origin) -> None:
    new = ("Ferry runs aground", "http://herald.example/9", "")
    origin.serve("/herald", rss("Herald", "http://herald.example", new), etag='"h2"')
    polled.run("refresh", "--force")

    assert [feed["missed_polls"] for feed in polled.run("feeds", "list", "--json").json["items"]] == [1, 0]
    shown = polled.run("feeds", "list", COLUMNS="200").out.splitlines()
    assert [line.split()[:4] for line in shown if "herald" in line] == [["herald", "ok", "3", "1"]]
    assert "Missed" in shown[0] + shown[1]


def test_a_feed_that_is_gone_is_never_tried_again_until_a_person_forces_it(folder: Folder, origin: Origin) -> None:
    origin.serve("/gone", status=410)
    folder.feeds(origin, "/gone")
    folder.run("refresh")
    with sqlite3.connect(folder.path / "data" / "wirekin.db") as database:  # as though on the third day of it
        database.execute(
            "update feed_states set gone_days = 2, last_polled_at = last_polled_at - :day, claimed_at = claimed_at - :day",
            {"day": 86_400_000_000},
        )
    last = folder.run("refresh", "--force").out
    listed = folder.run("feeds", "list", COLUMNS="200").out
    origin.serve("/gone", rss("Herald", "http://herald.example", TANKER))

    assert [line.split()[:3] for line in listed.splitlines() if line.startswith("gone")] == [["gone", "gone", "0"]]
    assert [" never" in said for said in (last, listed)] == [True, True]
    assert folder.run("refresh", "--json").json["polled"] == 0
    assert folder.run("refresh", "gone", "--force", "--json").json["headlines_new"] == 1
    assert folder.run("feeds", "list", "--json").json["items"][0]["health"] == "ok"


def test_control_characters_and_markup_in_titles_do_not_reach_the_terminal(folder: Folder, origin: Origin) -> None:
    origin.serve(
        "/evil", rss("E", "http://e.example", ("\u202eevil [bold]x[/bold] &#27;[31m", "http://e.example/1", ""))
    )
    folder.feeds(origin, "/evil")
    folder.run("refresh")

    shown = folder.run("headlines").out

    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "[bold]x[/bold]" in shown


def test_an_html_page_in_place_of_a_feed_fails_as_not_a_feed(folder: Folder, origin: Origin) -> None:
    origin.answer("/html", lambda _: Answer(b"<!doctype html><title>Hi</title>", content_type="text/html"))
    folder.feeds(origin, "/html")

    assert folder.run("refresh", "--json").json["failures"][0]["reason"] == "not_a_feed"


class _Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_the_progress_bar_shows_polling_and_then_grouping(monkeypatch: pytest.MonkeyPatch) -> None:
    app, terminal = App(), _Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    app.err = Console(file=terminal, force_terminal=True, width=100)

    with progress_bar(app) as advance:
        advance(TurnReport(due=40, polled=10, headlines_new=90))
    polled = terminal.getvalue()
    terminal.truncate(0)
    with progress_bar(app) as advance:
        advance(TurnReport(due=40, polled=40, headlines_new=360, grouped=200))

    assert "10/40" in polled
    assert "Grouping" not in polled
    assert all(told in terminal.getvalue() for told in ("Grouping", "200/?", "360 new headlines"))
