"""`headlines`, `stories`, `story`, `related` and `topics` as a person uses them."""

from __future__ import annotations

import time
from contextlib import closing

import pytest

from commands import CUP, TANKER_TOO, Folder
from wirekin.cli._app import App
from wirekin.store import _connection


def test_headlines_lists_every_headline_and_stories_each_event_once(polled: Folder) -> None:
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
    for key in (leaving, shown["members"][1]["url"]):
        assert polled.run("story", "show", key, "--json").json == shown

    assert polled.run("story", "split", leaving).code == 0
    assert sorted(s["headlines"] for s in polled.run("stories", "--json").json["items"]) == [1, 1, 1]
    assert polled.run("story", "merge", story["id"], other["id"]).code == 0
    assert sorted(s["headlines"] for s in polled.run("stories", "--json").json["items"]) == [1, 2]
    assert polled.run("story", "show", "nonsense").code == 1
    assert polled.run("story", "show", "https://nobody.example/1").code == 1


def test_a_headline_can_be_pinned_and_unpinned_once(polled: Folder) -> None:
    story = next(s for s in polled.run("stories", "--json").json["items"] if s["headlines"] == 2)
    pinned = polled.run("story", "show", story["id"], "--json").json["members"][1]["id"]

    assert polled.run("story", "pin", pinned).code == 0
    assert polled.run("story", "unpin", pinned).code == 0
    nothing_left = polled.run("story", "unpin", pinned)

    assert (nothing_left.code, "nothing was said of that headline" in nothing_left.err) == (1, True)


def test_related_finds_headlines_by_url_and_by_title_alone(polled: Folder) -> None:
    by_url = polled.run("related", "http://herald.example/1", "--json").json
    by_title = polled.run("related", "--title", "Hormuz tanker crew held", "--json").json

    assert [item["title"] for item in by_url["items"]] == [TANKER_TOO[0]]
    assert by_url["items"][0]["reason"]["kind"] == "same_story"
    assert by_title["items"][0]["story"]["headlines"] == 2
    assert polled.run("related").code == 2
    assert 'href="http://courier.example/2"' in polled.run("related", "http://herald.example/1", "--html").out


@pytest.mark.parametrize("url", ["not a url", "ftp://herald.example/1"])
def test_related_refuses_an_invalid_url(polled: Folder, url: str) -> None:
    ran = polled.run("related", url)

    assert ran.code == 2
    assert "http or https" in ran.err


@pytest.mark.parametrize("words", [("--title", " "), (" ",), ("--text-file", "-")])
def test_related_to_nothing_but_white_space_is_a_usage_error_as_over_http(
    polled: Folder, words: tuple[str, ...]
) -> None:
    ran = polled.run("related", *words, stdin=" \n")

    assert (ran.code, "name an article" in ran.err) == (2, True)


def test_white_space_as_search_or_publisher_filters_nothing_as_over_http(polled: Folder) -> None:
    assert len(polled.run("headlines", "--search", " ", "--publisher", " ", "--json").json["items"]) == 3


def test_topics_test_says_why_a_text_matches(folder: Folder) -> None:
    folder.write("topics:\n  iran: {name: Iran, rule: [iran*, tehran]}\nfeeds:\n  - url: https://example.org/rss\n")

    assert folder.run("topics", "test", "Talks in Tehran", "--json").json == {
        "topics": [{"slug": "iran", "matched": ["Tehran"]}]
    }
    assert "Tehran [tehran] is 'tehran' of its rule" in folder.run("topics", "test", "Talks in Tehran", "--why").out
    assert folder.run("topics", "list", "--json").json["items"][0]["slug"] == "iran"


def test_a_list_continues_at_its_cursor_and_an_empty_list_says_so(polled: Folder) -> None:
    first = polled.run("headlines", "--limit", "2", "--json").json
    rest = polled.run("headlines", "--cursor", first["next"], "--json").json
    nothing = polled.run("headlines", "--search", "zeppelin")

    assert len({headline["id"] for headline in (*first["items"], *rest["items"])}) == 3
    assert rest["next"] is None
    assert "No headlines match." in nothing.err


def test_related_refuses_to_look_further_back_than_headlines_are_kept(polled: Folder) -> None:
    ran = polled.run("related", "--title", "Tanker seized", "--since", "91d")

    assert ran.code == 2
    assert "`keep`" in ran.err


def test_a_command_has_a_longer_query_limit_than_the_web(polled: Folder) -> None:
    """With 20,000 headlines, `--limit 1000` takes nearly all of the web's query limit."""
    app = App(database=str(polled.path / "data" / "wirekin.db"))

    with closing(app), app.reader._connection.question() as asked:  # type: ignore[attr-defined]
        worked = time.thread_time() + 1.25 * _connection.QUERY_LIMIT.total_seconds()
        while time.thread_time() < worked:
            pass
        many = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000) select count(*) from n"
        assert asked.execute(many).fetchone() == (20_000,)


def test_each_headline_names_a_story_of_the_list_of_stories(polled: Folder) -> None:
    listed, stories = polled.run("headlines", "--json").json["items"], polled.run("stories", "--json").json["items"]

    assert {headline["story"]["id"] for headline in listed} == {story["id"] for story in stories}


@pytest.mark.parametrize("what", ["headlines", "stories"])
def test_an_unknown_publisher_is_an_error_and_one_without_headlines_is_not(polled: Folder, what: str) -> None:
    unknown, silent = (
        polled.run(what, "--publisher", "Heralt"),
        polled.run(what, "--publisher", "HERALD.example", "--lang", "fa"),
    )

    assert (unknown.code, "no publisher is called 'Heralt'" in unknown.err) == (1, True)
    assert (silent.code, silent.out) == (0, "")
    assert polled.run(what, "--lang", "klingon tongue").code == 2


READING = [
    ("headlines",),
    ("stories",),
    ("related", "--title", "Tanker seized"),
    ("story", "show", "1"),
    ("topics", "list"),
    ("feeds", "list"),
    ("export",),
    ("db", "check"),
    ("db", "stats"),
    ("db", "prune"),
]


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_a_command_on_a_missing_database_names_it_and_does_not_create_it(
    polled: Folder, words: tuple[str, ...]
) -> None:
    mistyped = polled.path / "wirekni.db"

    ran = polled.run(*words, "--database", str(mistyped))

    assert (ran.code, ran.out, mistyped.exists()) == (1, "", False)
    assert f"{mistyped}: there is no such database" in ran.err
    assert f"`wirekin --database {mistyped} refresh` makes it" in ran.err


@pytest.mark.parametrize("slash", ["", "/"])
def test_our_urls_begin_with_public_url_and_one_slash_as_over_http(polled: Folder, slash: str) -> None:
    polled.write(
        f"settings: {{public_url: 'https://news.example/wire{slash}'}}\n"
        "topics: {iran: {rule: [iran*]}}\n"
        "feeds: []\n"
    )

    (story, *_) = polled.run("stories", "--json").json["items"]
    shown = polled.run("story", "show", story["id"], "--json").json
    (topic,) = polled.run("topics", "list", "--json").json["items"]
    (item, *_) = polled.run("related", "--title", "Hormuz tanker crew held", "--json").json["items"]

    assert story["url"] == shown["url"] == f"https://news.example/wire/stories/{story['id']}"
    assert topic["url"] == "https://news.example/wire/topics/iran"
    assert item["story"]["url"] == f"https://news.example/wire/stories/{item['story']['id']}"


@pytest.mark.parametrize("command", ["headlines", "stories"])
def test_lists_refuse_to_reach_further_back_than_headlines_are_kept_as_over_http(polled: Folder, command: str) -> None:
    kept, beyond = (polled.run(command, "--since", since, "--json") for since in ("90d", "91d"))

    assert (kept.code, len(kept.json["items"]) > 0) == (0, True)
    assert (beyond.code, beyond.out) == (2, "")
    assert "see `keep` in feeds.yml" in beyond.err


@pytest.mark.parametrize(("command", "since"), [("headlines", ()), ("stories", ("--since", "1d"))])
def test_lists_of_a_named_database_need_no_configuration(polled: Folder, command: str, since: tuple[str, ...]) -> None:
    polled.config.rename(polled.path / "other.yml")

    ran = polled.run(command, *since, "--database", "data/wirekin.db", "--json")

    assert ran.json["items"]


def test_story_show_and_related_need_no_configuration_but_story_split_does(
    polled: Folder,
) -> None:
    story = next(s for s in polled.run("stories", "--json").json["items"] if s["headlines"] == 2)
    polled.config.rename(polled.path / "other.yml")
    named = ("--database", "data/wirekin.db")

    related = polled.run("related", "--title", "Hormuz tanker crew held", "--json", *named).json
    shown = polled.run("story", "show", story["id"], "--json", *named).json
    split = polled.run("story", "split", shown["members"][1]["id"], *named)

    assert ([item["story"]["id"] for item in related["items"]], shown["headlines"]) == ([story["id"]], 2)
    assert polled.run("related", "--title", "Hormuz tanker crew held", "--html", *named).code == 0
    assert (split.code, polled.run("db", "stats", "--json", *named).json["corrections"]) == (78, 0)


def test_without_a_configuration_an_unknown_publisher_is_an_error_too(polled: Folder) -> None:
    polled.config.rename(polled.path / "other.yml")

    ran = polled.run("headlines", "--publisher", "Nobody", "--database", "data/wirekin.db")

    assert (ran.code, ran.out) == (1, "")
    assert "no publisher is called 'Nobody'" in ran.err


@pytest.mark.parametrize("command", ["headlines", "stories"])
def test_lists_report_an_invalid_configuration(polled: Folder, command: str) -> None:
    polled.write("feedz: []\n")

    ran = polled.run(command)

    assert (ran.code, ran.out) == (78, "")
    assert "feedz" in ran.err
