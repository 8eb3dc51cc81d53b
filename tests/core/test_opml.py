"""Lists of feeds: OPML as feed readers write it, and plain text with one address per line."""

from __future__ import annotations

import pytest

from wirekin.model import FeedKind, ParseFailed, Reason
from wirekin.parse import parse_lines, parse_opml
from wirekin.parse._xml import MAX_BODY_BYTES


def test_opml_accepts_feed_schemes_and_lists_outlines_without_a_usable_address() -> None:
    written = [
        "feed://a.example/rss",
        "feed:https://b.example/rss",
        "FEED:http://c.example/",
        "https://e.example/?of=feed://x",
        "d.example/rss",
        "exec:~/x",
    ]
    outlines = "".join(f'<outline text="{at[0]}"><outline xmlUrl="{at}" title=""/></outline>' for at in written)

    assert parse_opml(f"<opml><body>{outlines}</body></opml>".encode()) == (
        ("", "http://a.example/rss", FeedKind.FEED),
        ("", "https://b.example/rss", FeedKind.FEED),
        ("", "http://c.example/", FeedKind.FEED),
        ("", "https://e.example/?of=feed://x", FeedKind.FEED),
        ("d.example/rss", "", FeedKind.FEED),
        ("exec:~/x", "", FeedKind.FEED),
    )


def test_an_address_keeps_its_unescaped_ampersands() -> None:
    body = b'<opml><body><outline text="A &eacute; & B" xmlUrl="https://a.example/rss?a=1&b=2&amp;c=3"/></body></opml>'

    assert parse_opml(body) == (("A é & B", "https://a.example/rss?a=1&b=2&c=3", FeedKind.FEED),)


def test_names_are_unescaped_twice_except_in_our_own_export_and_are_one_line() -> None:
    outline = (
        '<body><outline title="A &amp;amp; &lt;b&gt;B&lt;/b&gt;&#10;C" xmlUrl="https://a.example/"/></body></opml>'
    )

    ours = parse_opml(f'<opml xmlns:w="urn:wirekin:opml" w:names="plain">{outline}'.encode())
    theirs = parse_opml(f"<opml>{outline}".encode())

    assert ours == (("A &amp; <b>B</b> C", "https://a.example/", FeedKind.FEED),)
    assert theirs == (("A & B C", "https://a.example/", FeedKind.FEED),)


def test_folders_may_be_nested_500_deep() -> None:
    body = '<outline text="f">' * 500 + '<outline xmlUrl="https://a.example/"/>' + "</outline>" * 500

    assert parse_opml(f"<opml><body>{body}</body></opml>".encode()) == (("", "https://a.example/", FeedKind.FEED),)


def test_a_name_is_cut_before_feeds_yml_cuts_it() -> None:
    outline = f'<body><outline title="{"name " * 99}" xmlUrl="https://a.example/"/></body></opml>'
    for root in ("<opml>", '<opml xmlns:w="urn:wirekin:opml" w:names="plain">'):
        ((name, _, _),) = parse_opml(f"{root}{outline}".encode())

        assert 190 < len(name) <= 200


def test_only_so_many_feeds_of_a_list_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wirekin.parse._opml.MAX_FEEDS", 2)
    addresses = [f"https://{name}.example/" for name in "aabbcc"]
    wrong = "".join(f'<outline xmlUrl="exec:{n}"/>' for n in range(4))
    outlines = "".join(f'<outline xmlUrl="{address}"/>' for address in addresses)
    taken = tuple(("", address, FeedKind.FEED) for address in ("https://a.example/", "https://b.example/"))

    assert parse_opml(f"<opml><body>{wrong}{outlines}</body></opml>".encode()) == (
        *taken,
        ("exec:0", "", FeedKind.FEED),
        ("exec:1", "", FeedKind.FEED),
    )
    assert parse_lines("\n".join([*addresses, "a", "b", "c"]).encode()) == (
        *taken,
        ("a", "", FeedKind.FEED),
        ("b", "", FeedKind.FEED),
    )


def test_what_is_too_large_for_a_list_of_feeds_is_refused() -> None:
    found = parse_opml(b"<opml><body>" + b" " * MAX_BODY_BYTES + b"</body></opml>")

    assert isinstance(found, ParseFailed)
    assert found.reason is Reason.TOO_LARGE


def test_what_nests_too_deep_for_a_list_of_feeds_is_refused() -> None:
    found = parse_opml(b"<opml><body>" + b"<outline>" * 5_000)

    assert isinstance(found, ParseFailed)
    assert found.reason is Reason.TOO_LARGE


def test_a_list_of_feeds_may_be_plain_text_with_one_address_per_line() -> None:
    written = b"""\xef\xbb\xbf# mine
https://a.example/rss news "~The A"

https://b.example/rss
https://b.example/rss again
"query:Unread:unread = \\"yes\\""
"""
    assert parse_lines(written) == (
        ("The A", "https://a.example/rss", FeedKind.FEED),
        ("", "https://b.example/rss", FeedKind.FEED),
        ('"query:Unread:unread = \\"yes\\""', "", FeedKind.FEED),
    )


@pytest.mark.parametrize("body", [b"", b"# nothing", b"no list\nat all\nhttps://a.example/", b"\xff\xfe\x00", b"{}"])
def test_text_that_is_mostly_not_addresses_is_not_a_list_of_feeds(body: bytes) -> None:
    assert parse_lines(body) == ()
