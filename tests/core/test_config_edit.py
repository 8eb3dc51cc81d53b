"""Adding, removing and importing feeds in feeds.yml without changing the rest of the file."""

from __future__ import annotations

import errno
import os
import threading

import pytest

from wirekin import config
from wirekin.config import _edit
from wirekin.errors import ConfigError, UnknownId
from wirekin.model import FeedKind

COMMENTED = """\
# ours
feeds:
  # the first
  - url: https://a.example/rss   # daily
    name: A

  - {url: https://b.example/rss, name: B}
  # trailing words

topics:
  x: {rule: x}   # why
"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "feeds.yml"
    path.write_text(COMMENTED)
    return path


def test_an_added_feed_follows_the_last_one_and_nothing_else_changes(path):
    config.add_feed(path, "https://c.example/rss?a=1&b=2", name="C: news")

    added = """\
  - url: https://c.example/rss?a=1&b=2
    name: "C: news"
"""
    before, after = COMMENTED.split("name: B}\n")
    assert f"{before}name: B}}\n{added}{after}" == path.read_text()


@pytest.mark.parametrize(
    "text",
    [
        "topics: {x: {rule: x}}\n",
        "feeds:\n",
        "feeds: []\n",
        "feeds: null\ntopics: {x: {rule: x}}\n",
        "feeds: [{url: https://a.example/}]\n",
        "feeds:\n- url: https://a.example/",
        "feeds:\n    - url: https://a.example/\n      name: |\n        A\n",
        "feeds:\n  - url: https://a.example/\n    name:\n# end\n",
        "feeds:\n  - # of a - b\n    url: https://a.example/\n  -\n    url: https://b.example/\n",
    ],
)
def test_a_feed_can_be_added_and_removed_however_the_file_is_written(path, text):
    path.write_text(text)
    before = [feed.url for feed in config.load(path).feeds] if text != "feeds:\n" else []

    config.add_feed(path, "https://z.example/", kind=FeedKind.PAGE, name="true")
    feeds = config.load(path).feeds
    assert [*before, "https://z.example/"] == [feed.url for feed in feeds]
    assert (feeds[-1].name, feeds[-1].kind) == ("true", FeedKind.PAGE)

    config.remove_feed(path, "https://z.example/")
    assert before == [feed.url for feed in config.load(path).feeds]


def test_the_only_feed_of_a_list_with_a_trailing_comma_can_be_removed(path):
    path.write_text("feeds: [\n  {url: https://a.example/},\n] # all\n")

    config.remove_feed(path, "https://a.example/")

    assert path.read_text() == "feeds: [] # all\n"


def test_removing_the_first_of_a_flow_list_keeps_the_others(path):
    path.write_text("feeds: [{url: https://a.example/}, {url: https://b.example/}]\n")

    config.remove_feed(path, "https://a.example/")

    assert path.read_text() == "feeds: [{url: https://b.example/}]\n"


def test_removing_a_feed_removes_only_its_own_lines(path):
    config.remove_feed(path, "https://a.example/rss")

    assert path.read_text() == COMMENTED.replace("  - url: https://a.example/rss   # daily\n    name: A\n", "")


def test_a_duplicate_feed_is_refused_and_the_file_stays_unchanged(path):
    with pytest.raises(ConfigError, match="the same address as"):
        config.add_feed(path, "http://A.example/rss/")

    assert path.read_text() == COMMENTED
    assert [file.name for file in path.parent.iterdir()] == ["feeds.yml"]


def test_a_broken_file_is_never_edited(path):
    path.write_text(COMMENTED + "sttings: {}\n")

    with pytest.raises(ConfigError, match="unknown key 'sttings'"):
        config.add_feed(path, "https://c.example/")


def test_removing_an_unknown_feed_is_an_error(path):
    with pytest.raises(UnknownId, match="there is no feed"):
        config.remove_feed(path, "https://z.example/")


def test_an_import_adds_each_new_feed_once(path):
    listed = [
        ("A again", "https://a.example/rss/", FeedKind.FEED),
        ("C", "https://c.example/", FeedKind.PAGE),
        ("C2", "http://c.example", FeedKind.FEED),
        ("", "https://d.example/", FeedKind.FEED),
    ]

    assert config.import_feeds(path, listed) == 2
    assert config.import_feeds(path, listed) == 0
    assert [feed.name for feed in config.load(path).feeds] == ["A", "B", "C", "d.example"]
    assert config.load(path).feeds[2].kind is FeedKind.PAGE


def test_an_edited_file_keeps_its_line_ends_and_its_byte_order_mark(path):
    path.write_bytes(b"\xef\xbb\xbffeeds:\r\n  - url: https://a.example/\r\n# end\r\n")

    config.add_feed(path, "https://c.example/")
    config.remove_feed(path, "https://a.example/")

    assert path.read_bytes() == b"\xef\xbb\xbffeeds:\r\n  - url: https://c.example/\r\n# end\r\n"


def test_editing_keeps_a_symbolic_link_and_the_file_mode(path, tmp_path):
    path.chmod(0o600)
    link = tmp_path / "link.yml"
    link.symlink_to(path)

    config.add_feed(link, "https://c.example/")

    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(config.load(path).feeds) == 3


def test_editing_keeps_the_owner_and_mode_whatever_the_umask(path, monkeypatch):
    owners = []
    monkeypatch.setattr(os, "fchown", lambda _, *owner: owners.append(owner))
    path.chmod(0o664)
    before = os.umask(0o077)
    try:
        config.add_feed(path, "https://c.example/")
    finally:
        os.umask(before)

    assert path.stat().st_mode & 0o777 == 0o664
    assert owners == [(path.stat().st_uid, path.stat().st_gid)]


def test_a_write_error_names_the_file_and_not_its_temporary_copy(path, monkeypatch):
    def refused(*_, **__):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(_edit.os, "open", refused)
    monkeypatch.setattr(_edit.Path, "unlink", refused)

    with pytest.raises(OSError, match="Read-only") as raised:
        _edit.replace_file(path, "feeds: []")

    assert raised.value.filename == str(path)


def test_neither_of_two_concurrent_edits_is_lost(path, monkeypatch):
    write, others = _edit.replace_file, []

    def write_late(*arguments):
        if not others:
            others.append(threading.Thread(target=config.add_feed, args=(path, "https://d.example/")))
            others[0].start()
            others[0].join(0.5)  # time enough to finish if nothing blocked it
        write(*arguments)

    monkeypatch.setattr(_edit, "replace_file", write_late)
    config.add_feed(path, "https://c.example/")
    others[0].join()

    assert [feed.name for feed in config.load(path).feeds] == ["A", "B", "c.example", "d.example"]


def test_an_import_cuts_long_names_and_skips_empty_addresses(path):
    long = "The Whole Title Of A Feed That Says Everything " * 5

    assert config.import_feeds(path, [(long, "https://c.example/", FeedKind.FEED), ("x", "", FeedKind.FEED)]) == 1
    config.add_feed(path, "https://d.example/", name=long)

    names = [feed.name for feed in config.load(path).feeds]
    assert names == ["A", "B", names[2], names[2]]
    assert long.startswith(names[2].rstrip("…"))


@pytest.mark.parametrize(
    "name",
    ["A & <B>", 'a "b": #c', "- x", "{a: b}", "!x", "*", "no", "1", "\u200c\u202e\u2026\ufeff", "\U0001f4f0", "a\\n"],
)
def test_an_imported_feed_keeps_the_name_it_was_exported_with(path, name):
    config.import_feeds(path, [(name, "https://c.example/rss", FeedKind.FEED)])

    assert config.load(path).feeds[-1].name == name
