"""Faults of the framing: where the body begins and ends (RFC 9112 section 6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from faults._answers import (
    CHUNKED,
    PAUSE,
    chunked,
    chunks,
    first_part,
    head,
    healthy_head,
    length,
    open_ended,
    validators,
    whole,
)
from faults._fault import CUTS, DISTRUSTS, READS, Ask, Fault, fails
from faults._wire import HANG, Step
from wirekin.model import Reason


def _too_long(ask: Ask) -> Iterable[Step]:
    octets = ask.document.octets()
    return (healthy_head(ask.document, length(len(octets) + 500)) + octets,)


def _too_short(ask: Ask) -> Iterable[Step]:
    octets = ask.document.octets()
    part = first_part(octets)
    return healthy_head(ask.document, length(part)) + part, PAUSE, octets[len(part) :]


def _too_short_at_once(ask: Ask) -> Iterable[Step]:
    octets = ask.document.octets()
    return (healthy_head(ask.document, length(first_part(octets))) + octets,)


def _stated(ask: Ask, *values: str) -> Iterable[Step]:
    octets = ask.document.octets()
    return (healthy_head(ask.document, *(f"Content-Length: {value}" for value in values)) + octets,)


def _two_lengths(ask: Ask) -> Iterable[Step]:
    size = len(ask.document.octets())
    return _stated(ask, str(size), str(size - 9))


def _cut_to_length(ask: Ask) -> Iterable[Step]:
    return whole(ask, first_part(ask.document.octets()))


def _cut_to_last_chunk(ask: Ask) -> Iterable[Step]:
    return chunked(ask, first_part(ask.document.octets()))


def _cut_by_close(ask: Ask) -> Iterable[Step]:
    return open_ended(ask, first_part(ask.document.octets()))


def _chunk_sizes_garbage(ask: Ask) -> Iterable[Step]:
    sent = b"".join(chunks(first_part(ask.document.octets())))
    return healthy_head(ask.document, CHUNKED) + sent, PAUSE, b"zz\r\ngarbage\r\n0\r\n\r\n"


def _chunks_unended(ask: Ask) -> Iterable[Step]:
    return (healthy_head(ask.document, CHUNKED) + b"".join(chunks(ask.document.octets())),)


def _chunks_unended_open(ask: Ask) -> Iterable[Step]:
    return healthy_head(ask.document, CHUNKED) + b"".join(chunks(ask.document.octets())), HANG


def _chunk_extensions(ask: Ask) -> Iterable[Step]:
    octets = ask.document.octets()
    sent = b'%x;name=value;sig="ab"\r\n%b\r\n0;last\r\nX-Trailer: 1\r\n\r\n' % (len(octets), octets)
    return (healthy_head(ask.document, CHUNKED) + sent,)


def _both_framings(ask: Ask) -> Iterable[Step]:
    octets = ask.document.octets()
    sent = b"".join(chunks(octets)) + b"0\r\n\r\n"
    return (healthy_head(ask.document, length(octets), CHUNKED) + sent,)


def _unknown_transfer_coding(ask: Ask) -> Iterable[Step]:
    return (healthy_head(ask.document, "Transfer-Encoding: gzip") + ask.document.octets(),)


def _http_0_9(ask: Ask) -> Iterable[Step]:
    return (ask.document.octets(),)


def _http_1_0(ask: Ask) -> Iterable[Step]:
    octets = ask.document.octets()
    return (head(f"Content-Type: {ask.document.kind}", *validators(ask.document), version="HTTP/1.0") + octets,)


def _bare_line_feeds(ask: Ask) -> Iterable[Step]:
    octets = ask.document.octets()
    return (healthy_head(ask.document, length(octets)).replace(b"\r\n", b"\n") + octets,)


def _junk_behind(ask: Ask) -> Iterable[Step]:
    octets = ask.document.octets()
    said = head(f"Content-Type: {ask.document.kind}", length(octets), *validators(ask.document)) + octets
    return (said + b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nevil!",)


FAULTS = (
    Fault("length_too_long", "Content-Length announces more than comes.", _too_long, DISTRUSTS),
    Fault("length_too_short", "Content-Length announces less than comes, and cuts an item in two.", _too_short,
          replace(CUTS, or_fails=(Reason.PROTOCOL,))),
    Fault("length_too_short_at_once", "The same in one packet.", _too_short_at_once, CUTS),
    Fault("two_lengths", "Two Content-Lengths contradict each other.", _two_lengths, fails(Reason.PROTOCOL)),
    Fault("length_negative", "Content-Length is below nothing.", lambda ask: _stated(ask, "-1"),
          fails(Reason.PROTOCOL)),
    Fault("length_garbage", "Content-Length is no number.", lambda ask: _stated(ask, "many"), fails(Reason.PROTOCOL)),
    Fault("length_terabyte", "Content-Length announces a terabyte.", lambda ask: _stated(ask, str(2**40)),
          fails(Reason.TOO_LARGE)),
    Fault("cut_to_length", "The document breaks off, and Content-Length agrees.", _cut_to_length, CUTS),
    Fault("cut_to_last_chunk", "The document breaks off, and the last chunk follows as it should.",
          _cut_to_last_chunk, CUTS),
    Fault("cut_by_close", "The document breaks off, and nothing said how long it was.", _cut_by_close, CUTS),
    Fault("chunk_size_garbage", "The size of a later chunk is no number.", _chunk_sizes_garbage, CUTS),
    Fault("first_chunk_size_garbage", "The size of the first chunk is no number.",
          lambda ask: (healthy_head(ask.document, CHUNKED) + b"zz\r\ngarbage\r\n0\r\n\r\n",), fails(Reason.PROTOCOL)),
    Fault("last_chunk_missing", "The connection ends before the last chunk.", _chunks_unended, DISTRUSTS),
    Fault("last_chunk_never", "The document is there, and its last chunk never comes.", _chunks_unended_open,
          fails(Reason.TIMEOUT), slow=True),
    Fault("chunk_extensions", "The chunks have extensions and a trailer, which nobody needs.", _chunk_extensions,
          READS),
    Fault("both_framings", "The answer has a Content-Length and chunks (a smuggler's trick).", _both_framings,
          fails(Reason.PROTOCOL)),
    Fault("unknown_transfer_coding", "The body is sent in a transfer coding that nobody asked for.",
          _unknown_transfer_coding, fails(Reason.BAD_ENCODING)),
    Fault("http_0_9", "The document comes bare, as in 1991.", _http_0_9, fails(Reason.PROTOCOL)),
    Fault("http_1_0", "HTTP/1.0: the end of the connection is the end of the document.", _http_1_0, READS),
    Fault("bare_line_feeds", "The headers end their lines with a line feed alone.", _bare_line_feeds, READS),
    Fault("junk_behind", "Behind the body comes another answer, unasked.", _junk_behind, READS),
)  # fmt: skip
