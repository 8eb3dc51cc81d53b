"""A parser's process: documents come in by stdin and what they say goes out by stdout, one at a time.

The module that it is told is imported before the first document, whose time it shall not take; then the memory limit
holds. Each message is its length in 8 bytes and a pickle: (read, body, about) in, what `read(body, **about)` gives out.
The first one out says that it is ready. It ends with its stdin. Nothing is imported here that reading does not need.
"""

from __future__ import annotations

import gc
import os
import pickle
import resource
import signal
from collections.abc import Callable
from importlib import import_module
from typing import Any, BinaryIO, TypeVar

from wirekin._absent import absent
from wirekin.model import ParseFailed, ParseResult, Reason
from wirekin.thumbnails import Thumbnail

LENGTH_BYTES = 8  # of a message's length, big-endian

T = TypeVar("T")


def read_document(body: bytes, **about: Any) -> ParseResult:  # the arguments of parse.parse_document
    from wirekin.parse import parse_document

    return parse_document(body, **about)


def read_explained(body: bytes, **about: Any) -> ParseResult:  # the arguments of parse.explain_document
    from wirekin.parse import explain_document

    return explain_document(body, **about)


def read_article(body: bytes, **about: Any) -> ParseResult:  # the arguments of parse.parse_article
    from wirekin.parse import parse_article

    return parse_article(body, **about)


def read_picture(body: bytes) -> tuple[Thumbnail, ...] | ParseFailed:
    from wirekin.thumbnails import Unfit, thumbnails

    try:
        return thumbnails(body)
    except Unfit as error:
        return ParseFailed(Reason.NOT_A_FEED, str(error))


def guarded(read: Callable[..., T], body: bytes, about: dict[str, Any]) -> T | ParseFailed:
    """Whatever `read` does short of dying comes back as a value."""
    gc.disable()  # a tree lives until its end: looking it through again and again takes 12 % of a page (2026-11)
    try:
        return read(body, **about)
    except MemoryError:
        return ParseFailed(Reason.PARSE_CRASHED, "out of memory")
    except Exception as error:  # noqa: BLE001  # nothing that a document provokes may cross as an exception
        return ParseFailed(Reason.PARSE_CRASHED, f"{type(error).__name__}: {error}"[:200])
    finally:
        gc.enable()  # and the tree goes with the first objects of the next document


def main(memory_bytes: int, seconds: int, imports: str) -> None:
    """Read until there is nothing more to read; die where one document takes longer, for nobody else may be left to."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one
    asked, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    with absent("ssl"):  # nothing is fetched here, but feedparser loads what could: 1 MB
        import_module(imports)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _answer(answers, b"")
    while head := asked.read(LENGTH_BYTES):
        signal.alarm(seconds)
        answer = _pickled(asked.read(int.from_bytes(head)))
        signal.alarm(0)
        _answer(answers, answer)


def _pickled(message: bytes) -> bytes:
    read, body, about = pickle.loads(message)  # noqa: S301 - of the process that started this one
    del message
    answer = guarded(read, body, about)
    try:
        return pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return pickle.dumps(ParseFailed(Reason.PARSE_CRASHED, "out of memory"))


def _answer(answers: BinaryIO, message: bytes) -> None:
    answers.write(len(message).to_bytes(LENGTH_BYTES))
    answers.write(message)
    answers.flush()
