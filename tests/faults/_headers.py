"""Faults of the headers: validators that change, lie or are malformed, and other broken fields."""

from __future__ import annotations

from collections.abc import Iterable

from faults._answers import head, length, validators
from faults._fault import READS, Ask, Fault, Says, fails
from faults._wire import Step
from wirekin.model import Reason


def _with(*fields: str) -> Says:
    """The healthy answer with more headers."""
    return lambda ask: _answer(ask, *validators(ask.document), *fields)


def _marked(*fields: str) -> Says:
    """The healthy answer with these validators instead of its own."""
    return lambda ask: _answer(ask, *fields)


def _answer(ask: Ask, *fields: str, kind: str | None = None) -> Iterable[Step]:
    octets = ask.document.octets()
    said = ask.document.kind if kind is None else kind
    return (head(*([f"Content-Type: {said}"] if said else ()), length(octets), "Connection: close", *fields) + octets,)


def _of_kind(kind: str) -> Says:
    return lambda ask: _answer(ask, *validators(ask.document), kind=kind)


def _raw(lines: bytes) -> Says:
    """The healthy answer with these octets among its headers."""

    def answer(ask: Ask) -> Iterable[Step]:
        (said,) = _answer(ask, *validators(ask.document))
        assert isinstance(said, bytes)
        return (said.replace(b"\r\nConnection: close\r\n", b"\r\nConnection: close\r\n" + lines, 1),)

    return answer


VALIDATORS = (
    Fault("etag_of_all", "One ETag for all documents.", _marked('ETag: "feed"'), READS),
    Fault("etag_weak", "A weak ETag.", lambda ask: _answer(ask, f"ETag: W/{ask.document.etag}"), READS),
    Fault("etag_unquoted", "An ETag without quotes.",
          lambda ask: _answer(ask, f"ETag: {ask.document.etag.strip(chr(34))}"), READS),
    Fault("etag_half_quoted", "An ETag with one quote.",
          lambda ask: _answer(ask, f"ETag: {ask.document.etag[:-1]}"), READS),
    Fault("etag_new_each_time", "Another ETag at each answer.",
          lambda ask: _answer(ask, f'ETag: "{ask.number}-{ask.document.etag[1:]}'), READS),
    Fault("etag_not_ascii", "An ETag of octets that no client can send back.", _marked('ETag: "\xe9\xff"'), READS),
    Fault("etag_long", "An ETag of 8,000 octets.", _marked(f'ETag: "{"e" * 8_000}"'), READS),
    Fault("etag_twice", "Two ETags.", lambda ask: _answer(ask, f"ETag: {ask.document.etag}", 'ETag: "other"'), READS),
    Fault("last_modified_garbage", "A Last-Modified that is no date.", _marked("Last-Modified: last Tuesday"), READS),
    Fault("last_modified_future", "A Last-Modified of the next century.",
          _marked("Last-Modified: Fri, 01 Jan 2100 00:00:00 GMT"), READS),
    Fault("no_validators", "Neither ETag nor Last-Modified.", _marked(), READS),
)  # fmt: skip

OTHERS = (
    Fault("cookies", "Twenty cookies, which are not to come back.",
          _with(*(f"Set-Cookie: id{n}=abc; Path=/; Max-Age=999999" for n in range(20))), READS),
    Fault("one_huge_header", "One header of 70,000 octets.", _with("X-Huge: " + "h" * 70_000), fails(Reason.PROTOCOL)),
    Fault("a_thousand_headers", "1,000 headers.", _with(*(f"X-Many-{n}: {n}" for n in range(1_000))), fails(Reason.PROTOCOL)),
    Fault("folded_header", "A header goes on in the next line, as it could until 2014.", _raw(b"X-Folded: a\r\n b\r\n"),
          READS),
    Fault("header_without_a_name", "A header line without a colon.", _raw(b"what is this\r\n"),
          fails(Reason.PROTOCOL)),
    Fault("nul_in_a_header", "A header holds a NUL.", _raw(b"X-Nul: a\0b\r\n"), fails(Reason.PROTOCOL)),
    Fault("says_html", "The Content-Type says HTML.", _of_kind("text/html; charset=utf-8"), READS),
    Fault("says_picture", "The Content-Type says PNG.", _of_kind("image/png"), READS),
    Fault("says_nothing", "There is no Content-Type.", _of_kind(""), READS),
    Fault("says_garbage", "The Content-Type is octets of no language.", _of_kind("\xff\xfe; charset=\x80"), READS),
    Fault("refresh_header", "A Refresh header leads elsewhere, as browsers would follow it.",
          _with("Refresh: 0; url=http://127.0.0.1/elsewhere"), READS),
    Fault("upgrade", "101: the server changes to another protocol, unasked.",
          (head("Connection: Upgrade", "Upgrade: websocket", status="101 Switching Protocols"),),
          fails(Reason.UNEXPECTED_STATUS, Reason.PROTOCOL, Reason.CONNECT)),
    Fault("cached_for_ages", "Cache-Control asks to wait for a century.",
          _with("Cache-Control: public, max-age=3155760000"), READS),
)  # fmt: skip

FAULTS = VALIDATORS + OTHERS
