"""`wirekin refresh` as a person uses it: what it polls, its messages and its exit codes."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from commands import TANKER, Folder, rss
from origin import Answer, Origin
from wirekin.cli._app import App
from wirekin.cli._refresh import progress_bar
from wirekin.refresh import TurnReport


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
    assert sorted(str(request.header("if-none-match")) for request in origin.requests) == ['"c1"', '"h1"']


def test_force_never_breaks_a_hold(folder: Folder, origin: Origin) -> None:
    origin.serve("/busy", status=429, headers={"Retry-After": "3600"})
    folder.feeds(origin, "/busy")

    first = folder.run("refresh", "--json").json
    forced = folder.run("refresh", "--force", "--json").json

    assert first["failures"][0]["reason"] == "rate_limited"
    assert forced["polled"] == 0
    assert len(origin.requests) == 1


def test_a_feed_that_leads_to_a_host_at_rest_is_left_to_the_next_turn(folder: Folder, origin: Origin) -> None:
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
def test_nor_does_a_command_that_stores_nothing(folder: Folder, origin: Origin, words: list[str]) -> None:
    url = origin.serve("/busy", status=429, headers={"Retry-After": "3600"})
    folder.feeds(origin, "/busy", more=f"settings: {{allow_private: ['{origin.netloc}']}}")
    folder.run("refresh")

    ran = folder.run(*words, *([] if words[-1] == "busy" else [url.replace("busy", "else")]))

    assert "is not to be asked before 20" in ran.out + ran.err
    assert len(origin.requests) == 1


@pytest.mark.parametrize("database", ["~nobody-of-that-name/w.db", "feeds.yml", "."])
def test_which_asks_though_no_database_can_be_read(folder: Folder, origin: Origin, database: str) -> None:
    url = origin.serve("/feed", rss("Herald", "http://herald.example", TANKER))
    folder.feeds(origin, "/feed", more=f"settings: {{allow_private: ['{origin.netloc}']}}")

    assert folder.run("--database", database, "extract", url).code == 0


def test_a_turn_says_that_the_feeds_of_a_host_which_asked_for_rest_are_left(folder: Folder, origin: Origin) -> None:
    origin.serve("/busy", status=429, headers={"Retry-After": "7200"})
    folder.feeds(origin, "/busy")
    folder.run("refresh")
    folder.feeds(origin, "/busy", "/courier", "/herald")  # the first and the third share a host

    ran = folder.run("refresh")

    assert "1 of 3 feeds polled" in ran.out
    assert "1 feed is left to the next turn" in ran.err


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


def test_a_poll_that_shares_no_entry_with_the_one_before_is_counted_and_shown(polled: Folder, origin: Origin) -> None:
    new = ("Ferry runs aground", "http://herald.example/9", "")
    origin.serve("/herald", rss("Herald", "http://herald.example", new), etag='"h2"')
    polled.run("refresh", "--force")

    assert [feed["missed_polls"] for feed in polled.run("feeds", "list", "--json").json["items"]] == [1, 0]
    shown = polled.run("feeds", "list", COLUMNS="200").out.splitlines()
    assert [line.split()[:4] for line in shown if "herald" in line] == [["herald", "ok", "3", "1"]]
    assert "Missed" in shown[0] + shown[1]


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


class _Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_of_a_turn_follows_polling_and_then_grouping(monkeypatch: pytest.MonkeyPatch) -> None:
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
