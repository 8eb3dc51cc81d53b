"""Any robots.txt is read without an error, demands no long wait, and still gives answers (G3, A12)."""

from __future__ import annotations

import os
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wirekin.fetch._robots import LONGEST_DELAY, PARSED_BYTES, Rules, rules_of

MUTANTS = 50_000 if os.environ.get("WIREKIN_PROOF") else 1_500
PAGES = (
    "https://news.example/",
    "https://news.example/a/b?c=d&e",
    "https://news.example/%D1%8F*$?#",
    "https://x.example/%ED%A0%80\u06f1\xff",
)
SAMPLE = b"""\xef\xbb\xbfUser-agent: wirekin/0.1.0
User-agent: other
Disallow: /private/*.html$
Allow: /private/open%20door
Crawl-delay: 1.5
Request-rate: 1/10s 0600-0845
Visit-time: 0600-0845

User-agent: *
Disallow: /*?session=
Disallow: /\xd8\xa7\xdb\x8c\xd8\xb1\xd8\xa7\xd9\x86
Sitemap: https://news.example/sitemap.xml
Host: news.example
"""
PIECES = (
    b"", b"\n", b"\r", b"\x00", b"*", b"$", b"%", b"%zz", b"/", b"/../", b":", b"#", b"\xff", b"\xed\xa0\x80", b"1/0s", b"9" * 400,
    b"-1", b"nan", b"inf", b"1e999", b"user-agent:", b"user-agent: *\ndisallow:", b"disallow: /", b"crawl-delay: ", b"request-rate:",
    b"visit-time: 9999-", b"http://[", b"//[::1", b"\xe2\x80\xa8", b"\x1c", "١٢".encode(),
)  # fmt: skip


def mutated(rng: random.Random) -> bytes:
    """The sample with a few pieces cut, doubled, moved or inserted."""
    text = SAMPLE
    for _ in range(rng.randint(1, 8)):
        start, end = sorted(rng.randrange(len(text) + 1) for _ in range(2))
        end = min(end, start + rng.choice((0, 1, 4, 30)))
        text = text[:start] + rng.choice((rng.choice(PIECES), text[start:end] * 2, rng.randbytes(3))) + text[end:]
    return text


def check_rules(rules: Rules) -> None:
    """Use rules as a poll does."""
    for url in PAGES:
        assert rules.allow(url) in (True, False)
    assert 0 <= rules.delay.total_seconds() <= LONGEST_DELAY.total_seconds()


@pytest.mark.proof
def test_no_mutated_robots_txt_raises() -> None:
    rng = random.Random(20261122)
    for _ in range(MUTANTS):
        check_rules(rules_of(200, mutated(rng)))


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_bytes_given_as_robots_txt_raise(octets: bytes) -> None:
    check_rules(rules_of(200, b"User-agent: *\nDisallow: " + octets))
    check_rules(rules_of(200, octets))


@pytest.mark.parametrize("agent", ["User-agent: a{}", "useragent a{}", "User\xa0Agent\t:a{}", "User-agent: wire{}kin"])
@pytest.mark.parametrize("end", ["\n", "\r", "\x85", "\u2028"])
def test_a_rule_shared_by_many_agents_is_compiled_once(agent: str, end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr("protego._ruleset._RuleSet.disallow", lambda _, pattern: made.append(pattern))
    agents = [agent.format("*" * n if "kin" in agent else n) for n in range(100)]

    rules_of(200, end.join([*agents, "Disallow: /x"]).encode())

    assert made == ["/x"]


@pytest.mark.parametrize("filler", [b"/", b"User-agent: a\n", b"Disallow: /*a*a*a*a*a*b\n", b"\n", b"*", b"%"])
def test_a_huge_robots_txt_is_read_up_to_its_cap(filler: bytes) -> None:
    check_rules(rules_of(200, b"User-agent: *\nDisallow: /\n" + filler * (PARSED_BYTES // len(filler))))
