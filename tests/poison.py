"""Parsers that do what a poisonous document does to a real one; module-level, so that a worker can import them."""

from __future__ import annotations

import ctypes
import os
import socket
import time
from typing import Any

from wirekin.model import Parsed, ParseResult
from wirekin.parse import parse_document


class Unpicklable(Exception):
    def __init__(self, one: str, other: str) -> None:
        super().__init__(one)  # cannot be rebuilt from its args on the other side


def read(body: bytes, **about: Any) -> ParseResult:
    """Does what the body says; an ordinary document is parsed."""
    if body == b"segfault":
        ctypes.string_at(0)
    elif body == b"exit":
        os._exit(3)
    elif body == b"hang":
        time.sleep(60)
    elif body == b"memory":
        return Parsed(kind="rss", entries=(), title="x" * 4 * 1024**3)
    elif body == b"raise":
        raise Unpicklable("one", "other")
    elif body == b"dial":
        socket.create_connection(("93.184.216.34", 80))
    elif body == b"pid":
        return Parsed(kind="rss", entries=(), title=str(os.getpid()))
    return parse_document(body, **about)
