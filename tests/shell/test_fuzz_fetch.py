"""Randomly mutated headers, robots.txt and URLs never raise, and never delay us for ever (G3)."""

from __future__ import annotations

import os
import random
from datetime import timedelta

import pytest

from make import NOW
from mutants import texts
from wirekin.fetch._failure import Failure
from wirekin.fetch._guard import judge_url
from wirekin.fetch._hints import MAX_RETRY_AFTER, hints_of
from wirekin.fetch._robots import rules_of
from wirekin.urls import MAX_URL

CASES = 200_000 if os.environ.get("WIREKIN_PROOF") else 15_000
HEADER_VALUES = [
    "120", "0", "-1", "1e9", "9" * 5000, "٣", "max-age=60", "max-age", 'max-age="', "max-age=" + "9" * 5000, "no-store",
    "s-maxage=1", ", ", "=", ";", "Sun, 22 Nov 2026 11:00:00 GMT", "Sunday, 22-Nov-26 11:00:00 GMT", "0",
    "Sun Nov 22 11:00:00 2026", "Thu, 99 Foo 0000 99:99:99 +9999", "31 Dec 9999 23:59:59 -1400", "1 Jan 1", "GMT", "+0000",
]  # fmt: skip
ROBOTS = [
    "User-agent: *\n", "User-agent: wirekin\n", "Disallow: /\n", "Allow: /a\n", "Disallow: " + "*" * 60 + "a\n", "Disallow: $",
    "Crawl-delay: -1\n", "Crawl-delay: x\n", "Request-rate: 1/0\n", "Visit-time: 9999-x\n", "Sitemap: \n", "#", ":", "\r", "%",
    "Disallow: /%zz%\n", "Allow: /" + "a*" * 20 + "$\n",
]  # fmt: skip


@pytest.mark.proof
def test_hints_of_any_headers_are_within_their_bounds() -> None:
    drawn = random.Random(5)
    written = list(texts(CASES, 5, *HEADER_VALUES * 3))
    for value in written:
        names = drawn.sample(["retry-after", "cache-control", "expires", "date", "age"], k=drawn.randint(1, 5))
        hints = hints_of({name: drawn.choice(written) for name in names} | {names[0]: value}, NOW)

        assert hints.retry_after is None or timedelta() <= hints.retry_after <= MAX_RETRY_AFTER
        assert hints.max_age is None or hints.max_age >= timedelta()
        assert hints.expires_in is None or hints.expires_in > timedelta()


@pytest.mark.proof
def test_the_rules_of_any_robots_txt_answer_yes_or_no() -> None:
    drawn = random.Random(6)
    for written in texts(CASES // 10, 6, *ROBOTS * 4):
        octets = written.encode("utf-8", "surrogatepass") + drawn.randbytes(drawn.choice([0, 0, 5]))
        rules = rules_of(drawn.choice([200, 203, 404, 503]), octets)

        for url in (
            "https://a.example/",
            "https://a.example/aaaaaaaaaaaaaaaaaaaaaaaab?x=%zz",
            "https://a.example/%D9%86",
        ):
            assert rules.allow(url) in {True, False}


@pytest.mark.proof
def test_any_text_is_accepted_as_a_url_or_refused_as_a_bad_url() -> None:
    judged = 0
    for written in texts(CASES, 7, "http://a.example/", "https://b.example:8080", "http://127.0.0.1:22"):
        try:
            target = judge_url(written)
        except Failure:
            continue
        judged += 1
        assert target.url.startswith(("http://", "https://"))
        assert target.port in {80, 443, 8080, 8443}
        assert len(target.url) <= MAX_URL
    assert judged > CASES // 1000
