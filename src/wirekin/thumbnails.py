"""A publisher's picture -> small ones that are safe to hand on: the extra `images`.

judge the head [format, pixels] -> decode, reduced where the format can -> turn upright -> shrink -> encode anew
What comes out was encoded here: no metadata, no second frame, no byte of the stranger's file. Call it in a process that
may die (`workers`): decoders are C, and what they read is hostile.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Final

CARD: Final = 352  # px: our widest small picture, 11rem, at two device pixels per CSS pixel
LEAD: Final = 800  # px: a column of the front page on such a screen
WIDTHS: Final = (CARD, LEAD)
MEDIA_TYPE: Final = "image/webp"  # transparent where it must be, and read by every browser since 2020

FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")  # never SVG, which is a document and may hold scripts
MOST_PIXELS: Final = 40_000_000  # a camera's; as RGBA 160 MB, of which a worker of 1 GiB holds two at most
MOST_SIDE: Final = 20_000  # px
LEAST_SIDE: Final = 16  # px: what is smaller is a tracking pixel
TALLEST: Final = 2  # times its width; infographics of ten screens are scaled down to it
QUALITY: Final = 80  # of WebP: Pillow's default


class Unfit(Exception):
    """Not a picture that we serve; the text says why."""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """One of the small pictures, as WebP."""

    width: int  # one of WIDTHS: the picture is at most so wide, and never wider than its original
    body: bytes


def missing() -> str:
    """What to do where the extra is not installed; "" where it is."""
    return "" if find_spec("PIL") else "needs an extra that is not installed: pip install wirekin[images]"


def thumbnails(body: bytes, widths: Sequence[int] = WIDTHS) -> tuple[Thumbnail, ...]:
    """The picture in each width.

    Raises: Unfit for what is no picture, none of FORMATS, too large or too small; MemoryError; and nothing is promised
    about a file that breaks a decoder.
    """
    picture = _decoded(body, max(widths))
    return tuple(Thumbnail(width, _encoded(picture, width)) for width in widths)


def _decoded(body: bytes, widest: int) -> Any:
    """The first frame, upright, in RGB or RGBA."""
    from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

    ImageFile.LOAD_TRUNCATED_IMAGES = False  # half a picture is none
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)  # Pillow raises only at twice as many
            picture = Image.open(io.BytesIO(body), formats=[one for one in FORMATS if one in _readable()])
            _judge(*picture.size)
            picture.draft("RGB", (widest, widest))  # a JPEG is decoded at 1/2, 1/4 or 1/8 of its size
            picture.load()
            ImageOps.exif_transpose(picture, in_place=True)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unfit("too many pixels") from error
    except UnidentifiedImageError as error:
        raise Unfit("none of the formats that are handed on") from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise Unfit(f"cannot be decoded: {error}"[:200]) from error
    has_alpha = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
    mode = "RGBA" if has_alpha else "RGB"
    return _within(picture if picture.mode == mode else picture.convert(mode), widest)


def _readable() -> frozenset[str]:
    """The formats that this Pillow was built with."""
    from PIL import Image

    Image.init()
    return frozenset(Image.OPEN)


def _judge(width: int, height: int) -> None:
    if max(width, height) > MOST_SIDE:
        raise Unfit(f"{width} x {height}: too many pixels")
    if min(width, height) < LEAST_SIDE:
        raise Unfit(f"{width} x {height} pixels show nothing")


def _within(picture: Any, width: int) -> Any:
    """The picture, shrunk in place to `width` at most, and never enlarged."""
    from PIL import Image

    picture.thumbnail((width, TALLEST * width), Image.Resampling.LANCZOS)
    return picture


def _encoded(picture: Any, width: int) -> bytes:
    into = io.BytesIO()
    # Pillow writes a colour profile and EXIF into WebP only when they are given here.
    _within(picture.copy(), width).save(into, "WEBP", quality=QUALITY, method=4)
    return into.getvalue()
