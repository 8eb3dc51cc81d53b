"""Faults of the status (RFC 9110 section 15)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

from faults._answers import head, healthy, healthy_head, length, status, validators, whole
from faults._fault import READS, Ask, Fault, Shown, Truth, fails
from faults._wire import Forever, Step
from wirekin.model import PollStatus, Reason

HOUR = timedelta(hours=1)


def _partial(ask: Ask) -> Iterable[Step]:
    octets = ask.document.octets()
    span = f"Content-Range: bytes 0-{len(octets) // 2 - 1}/{len(octets)}"
    return whole(ask, octets[: len(octets) // 2], span, status="206 Partial Content")


def _lies_not_modified(ask: Ask) -> Iterable[Step]:
    """304 with the new document's validators, although the document has changed."""
    return (head(*validators(ask.document), "Connection: close", status="304 Not Modified"),)


def _unavailable_until_a_date(ask: Ask) -> Iterable[Step]:
    until = ask.document.items[0].at.replace(year=2020)
    return status("503 Service Unavailable", f"Retry-After: {format_datetime(until, usegmt=True)}")


def _early_hints_first(ask: Ask) -> Iterable[Step]:
    return (b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n" * 3, *healthy(replace(ask, etag=None)))


def _plain(name: str, line: str, reason: Reason) -> Fault:
    return Fault(name, f"The status is {line}.", status(line), fails(reason))


FAULTS = (
    Fault("no_content", "204: there is nothing.",
          lambda ask: (head(*validators(ask.document), "Connection: close", status="204 No Content"),),
          fails(Reason.UNEXPECTED_STATUS)),
    Fault("partial_content", "206: half of the document, though nobody asked for a part.", _partial,
          fails(Reason.UNEXPECTED_STATUS)),
    Fault("not_modified_lie", "304 with the new document's validators, though the document has changed.",
          _lies_not_modified, Truth(PollStatus.NOT_MODIFIED, Shown.NONE, keeps=False),
          first=fails(Reason.UNEXPECTED_STATUS)),
    _plain("bad_request", "400 Bad Request", Reason.CLIENT_ERROR),
    _plain("unauthorised", "401 Unauthorized", Reason.DENIED),
    _plain("forbidden", "403 Forbidden", Reason.DENIED),
    _plain("not_found", "404 Not Found", Reason.NOT_FOUND),
    _plain("gone", "410 Gone", Reason.GONE),
    _plain("teapot", "418 I'm a teapot", Reason.CLIENT_ERROR),
    Fault("too_many_for_two_hours", "429 with a Retry-After of two hours.",
          status("429 Too Many Requests", "Retry-After: 7200"), fails(Reason.RATE_LIMITED, held=2 * HOUR)),
    Fault("too_many", "429 without a Retry-After.", status("429 Too Many Requests"),
          fails(Reason.RATE_LIMITED, held=4 * HOUR)),
    Fault("too_many_garbage", "429 with a Retry-After that says nothing.",
          status("429 Too Many Requests", "Retry-After: soon"), fails(Reason.RATE_LIMITED, held=4 * HOUR)),
    Fault("too_many_for_ages", "429 with a Retry-After of a century, which is obeyed for a week.",
          status("429 Too Many Requests", "Retry-After: 3155760000"),
          fails(Reason.RATE_LIMITED, held=timedelta(days=7))),
    _plain("server_error", "500 Internal Server Error", Reason.SERVER_ERROR),
    _plain("bad_gateway", "502 Bad Gateway", Reason.SERVER_ERROR),
    Fault("unavailable", "503 without a Retry-After.", status("503 Service Unavailable"),
          fails(Reason.UNAVAILABLE, held=HOUR)),
    Fault("unavailable_until_long_ago", "503 with a Retry-After of a date gone by.", _unavailable_until_a_date,
          fails(Reason.UNAVAILABLE, held=HOUR)),
    Fault("busy_but_well", "200 with a Retry-After, which is obeyed.",
          lambda ask: whole(ask, None, "Retry-After: 3600"), replace(READS, held=HOUR)),
    _plain("status_of_its_own", "999 Request denied", Reason.UNEXPECTED_STATUS),
    Fault("status_of_two_digits", "The status has two digits.", (b"HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n",),
          fails(Reason.PROTOCOL)),
    Fault("status_below_all", "The status is 099, and the whole document its body.",
          lambda ask: whole(ask, status="099 Whatever"), fails(Reason.PROTOCOL)),
    Fault("status_of_nothing", "The status is 000, and the whole document its body.",
          lambda ask: whole(ask, status="000 Nothing"), fails(Reason.PROTOCOL)),
    Fault("odd_reason_phrase", "The reason phrase is octets of no language.",
          lambda ask: (healthy_head(ask.document, length(ask.document.octets()), status="200 \xff\xfe \x80ok")
                       + ask.document.octets(),), READS),
    Fault("early_hints", "Three answers of 103 come before the document.", _early_hints_first, READS),
    Fault("endless_early_hints", "Answers of 103 come, and no other.",
          (Forever(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n", every=0.01),),
          fails(Reason.TIMEOUT, Reason.PROTOCOL), slow=True),
    Fault("error_page_with_news", "500 with the whole document as its body.",
          lambda ask: whole(ask, status="500 Internal Server Error"), fails(Reason.SERVER_ERROR)),
)  # fmt: skip
