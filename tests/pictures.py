"""Pictures for tests: a photograph and a decompression bomb."""

from __future__ import annotations

import io
import struct
import zlib


def photograph(size: tuple[int, int] = (640, 360), mode: str = "RGB", kind: str = "JPEG", **more) -> bytes:
    """A picture as Pillow writes it."""
    from PIL import Image

    into = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(into, kind, **more)
    return into.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A PNG that claims this size in pixels, but holds little data: a decompression bomb."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
