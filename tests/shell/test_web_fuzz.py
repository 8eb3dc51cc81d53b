"""Any search text, in any URL encoding, is answered, and never with a 5xx (D1)."""

from __future__ import annotations

import os
import random
import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_from_bytes

import pytest

import polls
from fakes_reader import context
from make import NOW
from mutants import WORDS, texts
from wirekin.store._sqlite import open_sqlite
from wirekin.web import create_app

QUESTIONS = 50_000 if os.environ.get("WIREKIN_PROOF") else 1_000  # requirement D1
TITLES = [
    "Ship seized in the strait",
    "Судно задержано в проливе",
    "کشتی در تنگه توقیف شد",
    "ספינה נתפסה",
    "NEAR AND OR",
]
ASKED = ("/search?q=", "/v1/headlines?search=", "/v1/related?title=", "/v1/related?text=", "/fragment/related?title=",
         "/search?q=ship&publisher=", "/search?lang=", "/search?from=", "/v1/headlines?search=ship&cursor=",
         "/v1/stories?lang=", "/search?q=ship&topic=", "/related.json?url=", "/embed?heading=", "/oembed?url=")  # fmt: skip


def addresses(count: int) -> Iterator[tuple[str, bytes]]:
    """(path, query) pairs: each text in one of the encodings that people and programs use."""
    drawn = random.Random(20261122)
    for written in texts(count, 5, *WORDS * 4):
        path, _, name = drawn.choice(ASKED).partition("?")
        raw = written.encode(drawn.choice(["utf-8", "utf-8", "utf-8", "utf-16", "cp1251", "latin-1"]), "replace")
        # The server accepts only visible ASCII, any of which may be unquoted.
        yield path, (name + quote_from_bytes(raw, safe=drawn.choice(["", "&=+;%", string.punctuation]))).encode()


@pytest.mark.slow
@pytest.mark.proof
async def test_no_search_text_over_http_causes_a_5xx(tmp_path: Path) -> None:
    backend = open_sqlite(str(tmp_path / "wirekin.db"))
    store = backend.store()
    headlines = [polls.headline(str(place), title) for place, title in enumerate(TITLES)]
    polls.record(store, *headlines)
    for headline in headlines:
        polls.group(store, headline)
    store.close()
    held, statuses, broken = context(), Counter[int](), list[tuple[str, bytes]]()
    app = create_app(backend, current=lambda: held, clock=lambda: NOW)

    async with app.router.lifespan_context(app):
        for path, query in addresses(QUESTIONS):
            status = await status_of(app, path, query)
            statuses[status] += 1
            broken += [(path, query)] * (status >= 500)

    assert broken == []
    assert statuses.keys() <= {200, 308, 400, 404}
    assert statuses[200] > QUESTIONS // 3
    assert statuses[400] > QUESTIONS // 50


async def status_of(app, path: str, query: bytes) -> int:
    """The status of one GET, passed to the application as the server passes it."""
    sent: list[dict] = []

    async def receive():
        return {"type": "http.request"}

    async def send(message) -> None:
        sent.append(message)

    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
             "path": path, "raw_path": path.encode(), "root_path": "", "query_string": query, "client": ("127.0.0.1", 1),
             "server": ("127.0.0.1", 80), "headers": [(b"host", b"wirekin.example"), (b"accept", b"text/html")]}  # fmt: skip
    await app(scope, receive, send)
    return sent[0]["status"]
