"""A plain GET is made without httpx's own making of it: the same request goes out."""

from __future__ import annotations

import os
import random

import httpx
import pytest
from yarl import URL

from wirekin.fetch._client import _request

SAMPLE = 20_000 if os.environ.get("WIREKIN_PROOF") else 2_000
HOSTS = (
    "a.example",
    "a-1.b.example:8080",
    "1.2.3.4",
    "[2001:db8::1]",
    "xn--e1afmkfd.example",
    "пример.example",
    "b_c.x",
)
PARTS = ("a", "Z", "0", "-", ".", "_", "~", "!", "$", "&", "'", "(", "*", "+", ",", ";", "=", ":", "@", "/", "?", "|", "^",
         "%2F", "%2B", "%20", "%zz", "%e9", "%", "[", "{", "é", "..", "/.", "/..", "//", "&amp;", " ")  # fmt: skip
DOUBTED = ("https://a.example/rss?x=1", "https://a.example/a/../rss", "https://пример.example/rss")  # but the first
HEADERS = [(b"user-agent", b"wirekin"), (b"if-none-match", b'W/"1"')]


@pytest.mark.proof
def test_the_url_that_goes_out_is_the_one_that_httpx_would_have_sent() -> None:
    rng = random.Random(20261125)
    for _ in range(SAMPLE):
        path = "".join(rng.choices(PARTS, k=rng.randint(0, 8)))
        url = f"http{rng.choice(('', 's'))}://{rng.choice(HOSTS)}/{path}"

        assert URL(str(httpx.URL(url))) == URL(str(_request(url, HEADERS, None).url)), url


def test_a_plain_get_is_not_made_by_httpx_and_a_doubtful_one_is() -> None:
    plain = [type(_request(url, HEADERS, None)) is not httpx.Request for url in DOUBTED]

    assert plain == [True, False, False]


def test_the_url_of_a_plain_get_can_be_taken_to_pieces() -> None:
    url = _request(DOUBTED[0], HEADERS, None).url

    assert (
        url.host,
        url.path,
        str(url.copy_add_param("y", "2")),
    ) == ("a.example", "/rss", "https://a.example/rss?x=1&y=2")
