"""A parser that fails as a hostile document makes a real one fail; a module, so that a worker can import it."""

from __future__ import annotations

import ctypes
import gc
import os
import socket
import time
import weakref
from typing import Any, ClassVar

from wirekin.model import Parsed, ParseResult
from wirekin.parse import parse_document


class Unpicklable(Exception):
    def __init__(self, one: str, other: str) -> None:
        super().__init__(one)  # `args` lacks `other`, so unpickling it in the parent process fails


class Ring:
    """An object that only the cyclic garbage collector can free."""

    living: ClassVar[weakref.WeakSet[Ring]] = weakref.WeakSet()

    def __init__(self) -> None:
        self.itself = self
        self.living.add(self)


def read(body: bytes, **about: Any) -> ParseResult:
    """Do what the body says (trailing spaces make it distinct); parse any other document."""
    said = body.rstrip(b" ")
    if said == b"segfault":
        ctypes.string_at(0)
    elif said == b"exit":
        os._exit(3)
    elif said == b"hang":
        time.sleep(60)
    elif said == b"memory":
        return Parsed(kind="rss", entries=(), title="x" * 4 * 1024**3)
    elif said == b"raise":
        raise Unpicklable("one", "other")
    elif said == b"dial":
        socket.create_connection(("93.184.216.34", 80))
    elif said == b"pid":
        return Parsed(kind="rss", entries=(), title=str(os.getpid()))
    elif said == b"rings":
        left = len(Ring.living)
        for _ in range(5_000):
            Ring()
        return Parsed(kind="rss", entries=(), title=f"collecting: {gc.isenabled()}, left from before: {left}")
    return parse_document(body, **about)
