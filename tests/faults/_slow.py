"""Faults of time: answers that come too slowly, or never end."""

from __future__ import annotations

from collections.abc import Iterable

from faults._answers import CHUNKED, GZIP, chunks, first_part, healthy_head, length, packed, whole
from faults._fault import READS, Ask, Fault, fails
from faults._wire import HANG, Forever, Step
from wirekin.model import Reason

DRIP = 0.02  # seconds between two drops, far below any timeout of a single read


def _stops_after_headers(ask: Ask) -> Iterable[Step]:
    return healthy_head(ask.document, length(ask.document.octets())), HANG


def _stops_mid_body(ask: Ask) -> Iterable[Step]:
    octets = ask.document.octets()
    return healthy_head(ask.document, length(octets)) + first_part(octets), HANG


def _stops_before_the_last_octet(ask: Ask) -> Iterable[Step]:
    octets = ask.document.octets()
    return healthy_head(ask.document, length(octets)) + octets[:-1], HANG


def _drips_body(ask: Ask) -> Iterable[Step]:
    return healthy_head(ask.document, length(1_000_000)), Forever(b" ", every=DRIP)


def _drips_chunks(ask: Ask) -> Iterable[Step]:
    sent = b"".join(chunks(first_part(ask.document.octets())))
    return healthy_head(ask.document, CHUNKED) + sent, Forever(b"1\r\n \r\n", every=DRIP)


def _drips_gzip(ask: Ask) -> Iterable[Step]:
    """A valid gzip stream, followed by endless empty members."""
    return healthy_head(ask.document, GZIP, CHUNKED) + next(
        iter(chunks(packed(ask.document.octets()), 10**6))
    ), Forever(next(iter(chunks(packed(b"")))), every=DRIP)


def _halting(ask: Ask) -> Iterable[Step]:
    (said,) = whole(ask)
    assert isinstance(said, bytes)
    size = len(said) // 8 + 1
    for start in range(0, len(said), size):
        yield said[start : start + size]
        yield 0.005


FAULTS = (
    Fault("drips_headers", "One header after the other, without end.",
          (b"HTTP/1.1 200 OK\r\n", Forever(b"X-More: y\r\n", every=DRIP)), fails(Reason.TIMEOUT, Reason.PROTOCOL),
          slow=True),
    Fault("drips_one_header", "A header whose value never ends, an octet at a time.",
          (b"HTTP/1.1 200 OK\r\nX-More: ", Forever(b"y", every=DRIP)), fails(Reason.TIMEOUT), slow=True),
    Fault("stops_after_headers", "The headers come, and the body never.", _stops_after_headers, fails(Reason.TIMEOUT),
          slow=True),
    Fault("stops_mid_body", "Half of the body comes, and then nothing more.", _stops_mid_body, fails(Reason.TIMEOUT),
          slow=True),
    Fault("stops_before_the_last_octet", "All but the last octet comes.", _stops_before_the_last_octet,
          fails(Reason.TIMEOUT), slow=True),
    Fault("drips_body", "A body an octet at a time.", _drips_body, fails(Reason.TIMEOUT), slow=True),
    Fault("drips_chunks", "Half of the document, and then chunks of one octet for ever.", _drips_chunks,
          fails(Reason.TIMEOUT), slow=True),
    Fault("drips_gzip", "The whole document, and then empty gzip members for ever.", _drips_gzip,
          fails(Reason.TIMEOUT), slow=True),
    Fault("halting", "The document comes in eight parts, with pauses between.", _halting, READS),
)  # fmt: skip
