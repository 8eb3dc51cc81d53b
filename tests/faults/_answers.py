"""The pieces that faults are made of: heads, framings, codings."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable
from functools import cache

from faults._documents import Document
from faults._fault import Ask
from faults._wire import Step

CHUNK = 700  # octets: the smallest document has several chunks
PAUSE = 0.1  # seconds: lets sent data arrive before a reset overtakes it


def head(*fields: str, status: str = "200 OK", version: str = "HTTP/1.1") -> bytes:
    """A status line and header fields."""
    return ("\r\n".join((f"{version} {status}", *fields)) + "\r\n\r\n").encode("latin-1")


def validators(document: Document) -> tuple[str, str]:
    """The healthy document's validators. In a fault they are the bait: a poller that keeps them misses the rest."""
    return f"ETag: {document.etag}", f"Last-Modified: {document.last_modified}"


def healthy_head(document: Document, *fields: str, status: str = "200 OK") -> bytes:
    """The head of a healthy answer, without the framing fields, which `fields` give."""
    return head(f"Content-Type: {document.kind}", *validators(document), "Connection: close", *fields, status=status)


def length(octets: bytes | int) -> str:
    """A Content-Length."""
    return f"Content-Length: {octets if isinstance(octets, int) else len(octets)}"


CHUNKED = "Transfer-Encoding: chunked"
GZIP = "Content-Encoding: gzip"


def whole(ask: Ask, body: bytes | None = None, *fields: str, status: str = "200 OK") -> list[Step]:
    """A correctly framed answer with this body, or with the healthy document."""
    octets = ask.document.octets() if body is None else body
    return [healthy_head(ask.document, length(octets), *fields, status=status) + octets]


def open_ended(ask: Ask, body: bytes, *fields: str) -> list[Step]:
    """An answer without length, which ends with the connection."""
    return [healthy_head(ask.document, *fields) + body]


def chunks(octets: bytes, size: int = CHUNK) -> Iterable[bytes]:
    """Chunks of these octets, without the final empty chunk."""
    for start in range(0, len(octets), size):
        part = octets[start : start + size]
        yield b"%x\r\n%b\r\n" % (len(part), part)


def chunked(ask: Ask, body: bytes | None = None, *fields: str) -> list[Step]:
    """A complete chunked answer."""
    octets = ask.document.octets() if body is None else body
    return [healthy_head(ask.document, CHUNKED, *fields) + b"".join(chunks(octets)) + b"0\r\n\r\n"]


def healthy(ask: Ask) -> list[Step]:
    """The answer of a healthy feed: 304 to its ETag, else the document; the framing differs by feed."""
    if ask.etag == ask.document.etag:
        return [head(*validators(ask.document), "Connection: close", status="304 Not Modified")]
    match ask.document.number % 4:
        case 0:
            return whole(ask)
        case 1:
            return chunked(ask)
        case 2:
            return open_ended(ask, ask.document.octets())
        case _:
            return whole(ask, packed(ask.document.octets()), GZIP)


def first_part(octets: bytes, share: float = 0.35) -> bytes:
    """The beginning of a document, cut inside an item's title where possible."""
    about = int(len(octets) * share)
    inside = max(octets.rfind(b"<title>", 0, about), octets.rfind(b'"title":', 0, about))
    return octets[: inside + 20 if inside > 0 else about]


def packed(octets: bytes) -> bytes:
    """The octets, gzipped."""
    return gzip.compress(octets, mtime=0)


@cache
def bomb(mebibytes: int) -> bytes:
    """A gzip stream of this many MiB of zeros, made without holding them in memory."""
    packer = zlib.compressobj(9, wbits=31)
    block = bytes(1024 * 1024)
    return b"".join(packer.compress(block) for _ in range(mebibytes)) + packer.flush()


def status(line: str, *fields: str, body: bytes = b"<html><body>no</body></html>") -> tuple[Step, ...]:
    """An answer that matters only for its status."""
    return (head("Content-Type: text/html", length(body), "Connection: close", *fields, status=line) + body,)
