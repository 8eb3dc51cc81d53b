"""A parser's process: documents come in on stdin and results go out on stdout, one at a time.

The parser's module is imported at the start, so that the first document's time does not pay for it; then the memory
limit is set. A message is a length in 8 bytes and as many octets: in, the pickle of (read, about) and then the body;
out, the pickle of `read(body, **about)`. An empty message first says that the worker is ready. The process ends with
its stdin. Import nothing here that reading can do without.
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
    """The result of `read`; whatever it raises comes back as a value, too."""
    gc.disable()  # the tree lives to the end: scanning it again and again takes 12 % of a page's time (2026-11)
    try:
        return read(body, **about)
    except MemoryError:
        return ParseFailed(Reason.PARSE_CRASHED, "out of memory")
    except Exception as error:  # noqa: BLE001  # nothing that a document provokes may cross as an exception
        return ParseFailed(Reason.PARSE_CRASHED, f"{type(error).__name__}: {error}"[:200])
    finally:
        gc.enable()  # the first allocations of the next document then free the tree


def main(memory_bytes: int, seconds: int, imports: str) -> None:
    """Serve until stdin ends; die by SIGALRM if a document takes longer than `seconds`, as the parent may be dead."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one
    asked, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not mix with the answers
    with absent("ssl"):  # nothing is fetched here, but feedparser imports it: 1 MB
        import_module(imports)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _answer(answers, b"")
    while head := asked.read(LENGTH_BYTES):
        signal.alarm(seconds)
        read, about = pickle.loads(asked.read(int.from_bytes(head)))  # noqa: S301 - of the process that started this one
        answer = _pickled(guarded(read, asked.read(int.from_bytes(asked.read(LENGTH_BYTES))), about))
        signal.alarm(0)
        _answer(answers, answer)


def _pickled(answer: object) -> bytes:
    try:
        return pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return pickle.dumps(ParseFailed(Reason.PARSE_CRASHED, "out of memory"))


def _answer(answers: BinaryIO, message: bytes) -> None:
    answers.write(len(message).to_bytes(LENGTH_BYTES))
    answers.write(message)
    answers.flush()
