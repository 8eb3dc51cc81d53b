"""Faults of the content coding (RFC 9110 section 8.4)."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from faults._answers import GZIP, bomb, first_part, open_ended, packed, whole
from faults._fault import CUTS, DISTRUSTS, READS, Ask, Fault, fails
from faults._wire import Step
from wirekin.model import Reason

BOMB_MEBIBYTES = 64  # unpacked; 64 KiB on the wire. tests/shell/test_fetch_body.py uses a gibibyte


def _cut(ask: Ask) -> bytes:
    octets = packed(ask.document.octets())
    return octets[: len(octets) // 2]


def _cut_before_its_trailer(ask: Ask) -> Iterable[Step]:
    return whole(ask, packed(ask.document.octets())[:-8], GZIP)


def _bad_checksum(ask: Ask) -> Iterable[Step]:
    octets = packed(ask.document.octets())
    return whole(ask, octets[:-8] + bytes(b ^ 0xFF for b in octets[-8:-4]) + octets[-4:], GZIP)


def _flipped(ask: Ask) -> Iterable[Step]:
    octets = bytearray(packed(ask.document.octets()))
    octets[12] = 0xFF  # gives the first block a type that does not exist (RFC 1951 3.2.3)
    return whole(ask, bytes(octets), GZIP)


def _with_garbage(ask: Ask) -> Iterable[Step]:
    return whole(ask, packed(ask.document.octets()) + b"<!-- cached -->", GZIP)


def _in_members(ask: Ask) -> Iterable[Step]:
    octets = ask.document.octets()
    half = len(octets) // 2
    return whole(ask, packed(octets[:half]) + packed(octets[half:]) + bytes(64), GZIP)


def _member_missing(ask: Ask) -> Iterable[Step]:
    return whole(ask, packed(first_part(ask.document.octets())), GZIP)


def _twice(ask: Ask) -> Iterable[Step]:
    return whole(ask, packed(packed(ask.document.octets())), "Content-Encoding: gzip, gzip")


def _twice_announced_once(ask: Ask) -> Iterable[Step]:
    return whole(ask, packed(packed(ask.document.octets())), GZIP)


def _deflate(ask: Ask) -> Iterable[Step]:
    return whole(ask, zlib.compress(ask.document.octets()), "Content-Encoding: deflate")


def _unannounced(ask: Ask) -> Iterable[Step]:
    return whole(ask, packed(ask.document.octets()))


FAULTS = (
    Fault("gzip_cut", "The gzip stream breaks off, and Content-Length agrees.",
          lambda ask: whole(ask, _cut(ask), GZIP), CUTS),
    Fault("gzip_cut_by_close", "The gzip stream breaks off with the connection.",
          lambda ask: open_ended(ask, _cut(ask), GZIP), CUTS),
    Fault("gzip_without_trailer", "The gzip stream ends before its checksum.", _cut_before_its_trailer, DISTRUSTS),
    Fault("gzip_bad_checksum", "The gzip checksum does not fit.", _bad_checksum, fails(Reason.BAD_ENCODING)),
    Fault("gzip_flipped_bits", "The gzip stream is damaged near its beginning.", _flipped,
          fails(Reason.BAD_ENCODING)),
    Fault("gzip_trailing_garbage", "Behind the gzip stream come octets that are none of it.", _with_garbage, READS),
    Fault("gzip_members", "The gzip stream has several members, and zeros behind them.", _in_members, READS),
    Fault("gzip_member_missing", "The gzip stream is sound and holds half of the document.", _member_missing, CUTS),
    Fault("gzip_bomb", f"{BOMB_MEBIBYTES} KiB of gzip unpack to {BOMB_MEBIBYTES} MiB of zeros.",
          lambda ask: whole(ask, bomb(BOMB_MEBIBYTES), GZIP), fails(Reason.TOO_LARGE)),
    Fault("gzip_bomb_unannounced", "The same as a file that happens to be gzip.",
          lambda ask: whole(ask, bomb(BOMB_MEBIBYTES)), fails(Reason.TOO_LARGE)),
    Fault("gzip_bomb_in_bomb", "A bomb in gzip, announced as gzip once.",
          lambda ask: whole(ask, packed(bomb(BOMB_MEBIBYTES)), GZIP), fails(Reason.TOO_LARGE)),
    Fault("gzip_twice", "gzip in gzip, announced as such, though we asked for gzip alone.", _twice,
          fails(Reason.BAD_ENCODING)),
    Fault("gzip_twice_announced_once", "gzip in gzip, announced as gzip once.", _twice_announced_once, READS),
    Fault("gzip_unannounced", "gzip, and nothing says so.", _unannounced, READS),
    Fault("gzip_only_announced", "Content-Encoding says gzip of a document that is plain.",
          lambda ask: whole(ask, None, GZIP), fails(Reason.BAD_ENCODING)),
    Fault("brotli_unasked", "Content-Encoding says br, which nobody asked for.",
          lambda ask: whole(ask, b"\x8b\x02\x80hello\x03", "Content-Encoding: br"), fails(Reason.BAD_ENCODING)),
    Fault("deflate_unasked", "The document is deflated, which nobody asked for.", _deflate,
          fails(Reason.BAD_ENCODING)),
    Fault("identity_coding", "Content-Encoding says identity, and is right.",
          lambda ask: whole(ask, None, "Content-Encoding: identity"), READS),
)  # fmt: skip
