"""The body of an answer: read raw, decoded within caps, and proved whole or not (requirement facts 1 and 3, A2, C1).

framing [chunked | Content-Length | until close] x coding [plain | gzip] -> Body(octets, whole)
httpx caps nothing and hides a gzip body cut short, so the raw octets are counted and decoded here.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterable, Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from wirekin.fetch._failure import TROUBLES, Failure
from wirekin.model import Reason

GZIP_MAGIC = b"\x1f\x8b\x08"  # RFC 1952 2.3.1, with the only compression method there is
# IANA HTTP Content Coding Registry (2026-11), without identity, which changes nothing.
_CODINGS = frozenset(
    {
        "aes128gcm",
        "br",
        "compress",
        "dcb",
        "dcz",
        "deflate",
        "exi",
        "gzip",
        "pack200-gzip",
        "x-compress",
        "x-gzip",
        "zstd",
    }
)
_GZIP = 16 + zlib.MAX_WBITS  # zlib's spelling of "a gzip header and trailer"
# A longer body is packed until it is read, for 64 may come at once: gzip bodies of 9 KB that become 9 MiB made a
# refresh peak at 689 MB, now 120 (2026-12). No feed of the corpus is as long. A megabyte is packed in 8 ms of CPU.
LARGE_BYTES = 512 * 1024


@dataclass(frozen=True, slots=True)
class Caps:
    """How much of a body we take, in octets."""

    wire_bytes: int = 2 * 1024 * 1024  # requirement C1
    decoded_bytes: int = 10 * 1024 * 1024  # requirement C1; for a gzip body
    cut: bool = False  # True: take the beginning of what is too large, as RFC 9309 2.5 wants for robots.txt


@dataclass(frozen=True, slots=True)
class Body:
    """A body that was decoded within the caps.

    octets: the decoded body, or what `unpack` makes it of.
    whole: True proved by framing and decoder, False cut short, None nothing proves it, or we cut it ourselves.
    sha256: of the decoded body, in hexadecimal.
    """

    octets: bytes
    whole: bool | None
    sha256: str
    unpack: Callable[[bytes], bytes] | None = None


class _Plain:
    """No content coding: the cap on the wire is enough."""

    at_end = True

    def decode(self, octets: bytes) -> Iterator[bytes]:
        yield octets


class _Gzip:
    """A gzip stream of one or more members, never decoded beyond the cap."""

    def __init__(self, cap: int) -> None:
        self._left = cap
        self._member = zlib.decompressobj(_GZIP)
        self._padded = False

    @property
    def at_end(self) -> bool:
        """Whether the last member's checksum and length have been met."""
        return self._member.eof

    def decode(self, octets: bytes) -> Iterator[bytes]:
        while octets and not self._padded:
            if self._member.eof:
                if not GZIP_MAGIC.startswith(octets[:3]):
                    self._padded = True  # some servers pad with zeros (RFC 1952 says nothing of what follows the end)
                    break
                self._member = zlib.decompressobj(_GZIP)
            part = self._inflate(octets)
            self._left -= len(part)
            yield part  # even of a body that is too large: its beginning counts where `Caps.cut`
            if self._left < 0 or self._member.unconsumed_tail:
                raise Failure(Reason.TOO_LARGE, "the decoded body is larger than the cap")
            octets = self._member.unused_data

    def _inflate(self, octets: bytes) -> bytes:
        try:
            return self._member.decompress(octets, self._left + 1)
        except zlib.error as error:
            raise Failure(Reason.BAD_ENCODING, f"not gzip: {error}") from error


class _Intake:
    """The part of a body that has arrived: counted on the wire, decoded within the caps, packed where it is large."""

    def __init__(self, headers: Mapping[str, str], caps: Caps) -> None:
        self._caps = caps
        self._decoder = _decoder_of(headers, caps)
        self._parts: list[bytes] = []
        self._packer: zlib._Compress | None = None
        self._hash = sha256()
        self._decoded_bytes = self.wire_bytes = 0

    def body(self, whole: bool | None) -> Body:
        """What has arrived."""
        rest, unpack = (self._packer.flush(), zlib.decompress) if self._packer else (b"", None)
        return Body(b"".join([*self._parts, rest]), whole, self._hash.hexdigest(), unpack)

    @property
    def coding_ended(self) -> bool:
        return self._decoder is None or self._decoder.at_end

    def add(self, chunk: bytes) -> None:
        room = self._caps.wire_bytes - self.wire_bytes
        self.wire_bytes += len(chunk)
        if self._decoder is None:
            self._decoder = _Gzip(self._caps.decoded_bytes) if chunk.startswith(GZIP_MAGIC) else _Plain()
        if len(chunk) <= room or self._caps.cut:
            for part in self._decoder.decode(chunk[:room]):
                self._keep(part)  # one by one: the decoder may refuse the next
        if len(chunk) > room:
            raise Failure(Reason.TOO_LARGE, f"more than {self._caps.wire_bytes} octets on the wire")

    def _keep(self, part: bytes) -> None:
        self._hash.update(part)
        self._decoded_bytes += len(part)
        if self._packer is None and self._decoded_bytes > LARGE_BYTES:
            self._packer = zlib.compressobj(1, wbits=12, memLevel=5)  # 32 KB of its own, where the defaults take 256
            self._parts = [self._packer.compress(b"".join(self._parts))]
        self._parts.append(self._packer.compress(part) if self._packer else part)


async def read_body(chunks: AsyncIterable[bytes], headers: Mapping[str, str], caps: Caps) -> Body:
    """Read and decode a body whose headers (names in lower case) have come.

    A body cut short comes back with what there was and `whole=False`.
    Raises: Failure(TOO_LARGE, BAD_ENCODING, or TRUNCATED where nothing arrived of a body that was announced).
    """
    _refuse_what_is_announced(headers, caps)
    intake = _Intake(headers, caps)
    try:
        async for chunk in chunks:
            intake.add(chunk)
    except Failure as failure:
        if failure.reason is Reason.TOO_LARGE and caps.cut:
            return intake.body(None)  # cut by us
        raise
    except TROUBLES as error:
        return _cut_short(intake, str(error))
    whole = _proof(headers, intake.wire_bytes)
    if whole is False or (intake.wire_bytes and not intake.coding_ended):
        return _cut_short(intake, "the body ends early")
    return intake.body(whole)


def _decoder_of(headers: Mapping[str, str], caps: Caps) -> _Plain | _Gzip | None:
    """None: no coding is announced, and the first octets decide (sitemap.xml.gz is itself a gzip file)."""
    said = headers.get("content-encoding", "")
    codings = [coding for word in said.lower().split(",") if (coding := word.strip()) in _CODINGS]
    if not codings:  # none, or no real one: servers send "utf-8", "none" or "binary", which browsers ignore
        return None
    if codings in (["gzip"], ["x-gzip"]):
        return _Gzip(caps.decoded_bytes)
    raise Failure(Reason.BAD_ENCODING, f"Content-Encoding {said[:40]!r}, which we did not ask for")


def _refuse_what_is_announced(headers: Mapping[str, str], caps: Caps) -> None:
    length = headers.get("content-length", "")
    if length.isdigit() and not caps.cut and (len(length) > 12 or int(length) > caps.wire_bytes):
        raise Failure(Reason.TOO_LARGE, f"Content-Length {length[:20]}")
    transfer = headers.get("transfer-encoding", "chunked").strip().lower()
    if transfer != "chunked":
        raise Failure(Reason.BAD_ENCODING, f"Transfer-Encoding {transfer[:40]!r}")


def _proof(headers: Mapping[str, str], wire_bytes: int) -> bool | None:
    if "transfer-encoding" in headers:
        return True  # the transport raises unless the last chunk came
    length = headers.get("content-length", "")
    if not length.isdigit():
        return None  # until close (RFC 9112 6.3): a cut looks like an end
    return wire_bytes == int(length)


def _cut_short(intake: _Intake, why: str) -> Body:
    body = intake.body(False)
    if not body.octets:
        raise Failure(Reason.TRUNCATED, why)
    return body
