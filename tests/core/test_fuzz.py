"""Randomly mutated documents and text: nothing raises, and the results keep their guarantees (C4, C8, C9, G3)."""

from __future__ import annotations

import os
import random
import re
import unicodedata
from hashlib import blake2b

import pytest

import make
from mutants import KINDS, mutants, texts
from wirekin import text, urls
from wirekin._worker import guarded, read_document
from wirekin.digest import Rules, digest
from wirekin.model import Claim, Fetched, Parsed, ParseFailed, PollStatus, Reason
from wirekin.parse import parse_document, parse_opml
from wirekin.publishers import Directory
from wirekin.topics import compile_rules

PROOF = bool(os.environ.get("WIREKIN_PROOF"))
FEEDS = 20_000 if PROOF else 2_500  # requirement C4
TEXTS = 200_000 if PROOF else 15_000
RULES = Rules(compile_rules([]), Directory())
URL = "https://feeds.example.com/dir/feed.xml"


@pytest.mark.slow
@pytest.mark.proof
def test_no_mutated_document_raises_and_each_poll_keeps_the_guarantees() -> None:
    drawn, results = random.Random(3), []
    for body in mutants(FEEDS, seed=20261122):
        kind, content_type = drawn.choice(KINDS), drawn.choice(["", "text/xml; charset=utf-7", "text/html; charset=x"])
        about = {"url": URL, "content_type": content_type, "kind": kind, "select": None, "lang": None, "now": make.NOW}
        result = parse_document(body, **about)  # type: ignore[arg-type]
        read = guarded(read_document, body, about)
        parse_opml(body)

        assert isinstance(result, Parsed | ParseFailed)
        assert read == result, "the same in a worker, where an exception would have become a reason"
        assert not (isinstance(read, ParseFailed) and read.reason is Reason.PARSE_CRASHED)
        results.append((body, result))

    assert all(_keeps_guarantees(body, result) for body, result in results)
    assert sum(isinstance(result, Parsed) for _, result in results) > FEEDS // 5


def _keeps_guarantees(body: bytes, result: Parsed | ParseFailed) -> bool:
    """Whether the headlines of a poll with this document keep all guarantees."""
    feed = make.feed(URL)
    fetched = Fetched(feed.id, URL, body, blake2b(body).hexdigest())
    outcome = digest(Claim(feed, make.state(feed)), fetched, result, (), RULES, make.NOW, 0.5)
    if isinstance(result, ParseFailed):
        return outcome.status is PollStatus.FAILED and outcome.headlines == ()
    for headline in outcome.headlines:
        assert is_plain(headline.title, 500), headline
        assert is_plain(headline.summary, 1_000), headline
        assert headline.published_at is None or headline.published_at <= make.NOW
        for link in filter(None, [headline.url, headline.link, headline.image.url if headline.image else ""]):
            assert is_web_link(link), link
    return True


# --- cleaning ---------------------------------------------------------------------------------------------------

FORBIDDEN = {"Cc", "Cs"}  # controls, surrogates
DIRECTION = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def is_plain(cleaned: str, limit: int) -> bool:
    """Requirement C8, checked independently of the cleaner."""
    return (
        len(cleaned) <= limit
        and not any(unicodedata.category(char) in FORBIDDEN or char in DIRECTION for char in cleaned)
        and not re.search(r"<[a-zA-Z/!?]", cleaned)
        and unicodedata.is_normalized("NFC", cleaned)
        and cleaned == " ".join(cleaned.split())
    )


@pytest.mark.slow
@pytest.mark.proof
def test_cleaned_text_is_plain_and_cleaning_it_again_changes_nothing() -> None:
    for turn, markup in enumerate(texts(TEXTS, seed=8)):
        limit = (500, 40, 5)[turn % 3]
        cleaned = text.clean(markup, limit)

        assert is_plain(cleaned, limit), (markup, cleaned)
        assert text.clean(cleaned, limit) == cleaned, (markup, cleaned)


# --- addresses --------------------------------------------------------------------------------------------------

WEB_LINK = re.compile(
    r"https?://(?:\[[0-9a-fA-F:.]+\]|[^\s/?#@\\\[\]\"<>`]+)(?::\d*)?(?:[/?#][^\s\"<>`\x00-\x20\x7f]*)?"
)


def is_web_link(link: str) -> bool:
    """Requirement C9, checked independently of the filter."""
    return len(link) <= 2048 and WEB_LINK.fullmatch(link) is not None and "\\" not in re.split(r"[?#]", link)[0]


@pytest.mark.slow
@pytest.mark.proof
def test_any_text_gives_no_link_or_a_valid_web_link_with_one_canonical_url() -> None:
    for written in texts(
        TEXTS, 9, "http://a.example/", "https://b.example", "http://a.example:80", "HTTPS://C.example/"
    ):
        link, canonical = urls.resolve("https://a.example/dir/page", written), urls.canonicalise(written)

        assert link is None or is_web_link(link), (written, link)
        assert canonical is None or is_web_link(canonical), (written, canonical)
        assert canonical is None or urls.canonicalise(canonical) == canonical, (written, canonical)
        assert isinstance(urls.host_key(written) + urls.hostname(written) + urls.slug_words(written), str)
        assert isinstance(urls.clean_link(written), str)
