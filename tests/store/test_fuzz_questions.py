"""Any text as a search or as a cursor gets an answer or a BadRequest (D1, G3)."""

from __future__ import annotations

import base64
import json
import os
import random

import pytest

import make
import polls
from mutants import WORDS, texts
from wirekin.errors import BadRequest
from wirekin.model import Question
from wirekin.store import Backend
from wirekin.store._cursor import cursor_of, key_after
from wirekin.text import search_terms, terms

QUESTIONS = 50_000 if os.environ.get("WIREKIN_PROOF") else 2_000  # requirement D1
CURSORS = 200_000 if os.environ.get("WIREKIN_PROOF") else 10_000
TITLES = [
    "Ship seized in the strait",
    "Судно задержано в проливе",
    "کشتی در تنگه توقیف شد",
    "اسپانيا",
    "ספינה נתפסה",
    "NEAR AND OR",
]


@pytest.fixture
def filled(backend: Backend) -> Backend:
    store = backend.store()
    headlines = [polls.headline(str(place), title) for place, title in enumerate(TITLES)]
    polls.record(store, *headlines)
    for headline in headlines:
        polls.group(store, headline)
    store.close()
    return backend


@pytest.mark.slow
@pytest.mark.proof
def test_any_search_is_answered(filled: Backend) -> None:
    reader = filled.reader()
    answered = 0
    for written in texts(QUESTIONS, 1, *WORDS * 4):
        question = Question(search=written)
        answered += len(reader.headlines(question).items) + len(reader.stories(question).items)
        reader.neighbours(terms(written), since=make.NOW)

        assert len(search_terms(written)) <= 16
    reader.close()

    assert answered > QUESTIONS // 20


@pytest.mark.proof
def test_any_cursor_is_accepted_or_refused_as_a_bad_request(filled: Backend) -> None:
    drawn, reader = random.Random(2), filled.reader()
    accepted = 0
    for turn, written in enumerate(cursors(drawn)):
        try:
            key = key_after(written, "newest", int, int)
        except BadRequest:
            continue
        accepted += 1
        assert key is not None
        assert [type(part) for part in key] == [int, int]
        if turn % 10 == 0:
            reader.headlines(Question(cursor=written))  # SQLite can bind every value that is accepted
    reader.close()

    assert accepted > CURSORS // 50


def cursors(drawn: random.Random):  # type: ignore[no-untyped-def]
    """Valid and mutated cursors, and values that never were cursors."""
    values = [0, 1, -1, 2**63 - 1, 2**63, -(2**63), 10**400, 1.5, 1e308, True, None, "x", [], {}, [[]] * 9]
    for written in texts(CURSORS, 3):
        shape = drawn.randrange(4)
        if shape == 0:
            yield written
        elif shape == 1:
            yield cursor_of("newest", (drawn.randrange(-(2**63), 2**63), drawn.randrange(2**63)))
        elif shape == 2:
            sent = json.dumps([drawn.choice(["newest", "match", 1]), *drawn.choices(values, k=drawn.randint(0, 3))])
            yield base64.urlsafe_b64encode(sent.encode()).decode().rstrip("=")
        else:
            ours = list(cursor_of("newest", (drawn.randrange(2**40), drawn.randrange(2**20))))
            ours[drawn.randrange(len(ours))] = drawn.choice("Aa0-_=+/\n é")
            yield "".join(ours)
