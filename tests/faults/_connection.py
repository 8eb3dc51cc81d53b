"""Faults of the connection itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from faults._answers import PAUSE, chunks, first_part, healthy_head, length
from faults._fault import CUTS, Ask, Fault, fails
from faults._wire import HALF, HANG, RESET, Step
from wirekin.model import Reason


def _reset_mid_body(ask: Ask) -> Iterable[Step]:
    octets = ask.document.octets()
    return healthy_head(ask.document, length(octets)), first_part(octets), PAUSE, RESET


def _reset_mid_chunks(ask: Ask) -> Iterable[Step]:
    sent = b"".join(chunks(first_part(ask.document.octets())))
    return healthy_head(ask.document, "Transfer-Encoding: chunked"), sent, PAUSE, RESET


def _half_open(ask: Ask) -> Iterable[Step]:
    octets = ask.document.octets()
    return healthy_head(ask.document, length(octets)) + first_part(octets), HALF


FAULTS = (
    Fault("refused", "Nobody listens at the port.", (), fails(Reason.CONNECT), refuses=True),
    Fault("reset_at_once", "The connection is reset before the request is read.", (RESET,), fails(Reason.CONNECT),
          unasked=True),
    Fault("closes_at_once", "The connection is closed before the request is read.", (), fails(Reason.CONNECT),
          unasked=True),
    Fault("closes_unanswered", "The request is read and the connection closed.", (), fails(Reason.CONNECT)),
    Fault("reset_unanswered", "The request is read and the connection reset.", (RESET,), fails(Reason.CONNECT)),
    Fault("reset_in_headers", "The connection is reset in the middle of a header.",
          (b"HTTP/1.1 200 OK\r\nContent-Ty", PAUSE, RESET), fails(Reason.CONNECT, Reason.PROTOCOL)),
    Fault("closes_in_headers", "The connection ends in the middle of a header.",
          (b"HTTP/1.1 200 OK\r\nContent-Ty",), fails(Reason.CONNECT, Reason.PROTOCOL)),
    Fault("reset_after_headers", "The connection is reset where the body should begin.",
          lambda ask: (healthy_head(ask.document, length(ask.document.octets())), PAUSE, RESET),
          fails(Reason.TRUNCATED, Reason.CONNECT)),
    Fault("reset_mid_body", "The connection is reset in the middle of a body of stated length.", _reset_mid_body,
          replace(CUTS, or_fails=(Reason.TRUNCATED, Reason.CONNECT))),
    Fault("reset_mid_chunks", "The connection is reset in the middle of a chunked body.", _reset_mid_chunks,
          replace(CUTS, or_fails=(Reason.TRUNCATED, Reason.CONNECT))),
    Fault("half_open", "The server closes its half in the middle of the body and waits for ours.", _half_open, CUTS),
    Fault("silent", "The connection is taken, the request read, and nothing is ever said.", (HANG,),
          fails(Reason.TIMEOUT), slow=True),
    Fault("ssh", "Another protocol answers.", (b"SSH-2.0-OpenSSH_9.6\r\n",), fails(Reason.PROTOCOL), unasked=True),
    Fault("tls", "The port speaks TLS and answers plain HTTP with an alert.", (b"\x15\x03\x01\x00\x02\x02\x46",),
          fails(Reason.PROTOCOL)),
)  # fmt: skip
