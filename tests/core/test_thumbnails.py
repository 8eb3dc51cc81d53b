"""Thumbnails of publishers' pictures: the output is encoded anew, and anything that is no picture is refused."""

from __future__ import annotations

import io

import pytest

from pictures import photograph, png_of
from wirekin.config import load
from wirekin.errors import ConfigError
from wirekin.thumbnails import CARD, LEAD, MOST_PIXELS, WIDTHS, Unfit, missing, thumbnails

Pillow = pytest.importorskip("PIL.Image", reason="Pillow is absent: pip install wirekin[images]")

SECRET = b"taken at 35.69 N 51.39 E"


def read(body: bytes):
    return Pillow.open(io.BytesIO(body))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_a_picture_becomes_a_webp_in_each_width(kind: str):
    Pillow.init()
    if kind not in Pillow.SAVE:
        pytest.skip(f"this Pillow writes no {kind}")
    made = thumbnails(photograph((1200, 800), kind=kind))

    assert [one.width for one in made] == list(WIDTHS)
    assert [(read(one.body).format, read(one.body).size) for one in made] == [
        ("WEBP", (CARD, round(CARD * 2 / 3))),
        ("WEBP", (LEAD, round(LEAD * 2 / 3))),
    ]


def test_a_small_picture_is_not_enlarged():
    assert [read(one.body).size for one in thumbnails(photograph((120, 90)))] == [(120, 90), (120, 90)]


def test_a_very_tall_picture_is_scaled_to_the_height_of_a_card():
    assert max(read(thumbnails(photograph((600, 9000)))[0].body).size) <= 2 * CARD


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_a_jpeg_of_every_colour_mode_is_read(mode: str):
    assert read(thumbnails(photograph(mode=mode))[0].body).mode == "RGB"


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "I;16"])
def test_a_png_of_every_colour_mode_is_read(mode: str):
    into = io.BytesIO()
    picture = Pillow.new(mode, (400, 300))
    picture.save(into, "PNG")
    see_through = mode in {"RGBA", "LA"}

    assert read(thumbnails(into.getvalue())[0].body).mode == ("RGBA" if see_through else "RGB")


def test_metadata_of_the_picture_is_removed():
    exif = Pillow.Exif()
    exif[0x010E] = SECRET.decode()
    original = photograph(exif=exif.tobytes(), comment=SECRET, icc_profile=b"profile " + SECRET)

    assert SECRET in original
    assert all(
        SECRET not in one.body and b"EXIF" not in one.body and b"ICCP" not in one.body for one in thumbnails(original)
    )


def test_a_picture_with_an_exif_rotation_is_turned_upright():
    exif = Pillow.Exif()
    exif[0x0112] = 6  # a quarter turn

    assert read(thumbnails(photograph((300, 200), exif=exif.tobytes()))[0].body).size == (200, 300)


def test_an_animation_is_reduced_to_its_first_frame():
    into = io.BytesIO()
    red, blue = (Pillow.new("RGB", (60, 60), colour) for colour in ("red", "blue"))
    red.save(into, "GIF", save_all=True, append_images=[blue] * 20, loop=0)
    shown = read(thumbnails(into.getvalue())[0].body)

    assert getattr(shown, "n_frames", 1) == 1
    assert shown.getpixel((30, 30))[0] > 200 > 60 > shown.getpixel((30, 30))[2]


@pytest.mark.parametrize("size", [(50_000, 50_000), (65_000, 100), (MOST_PIXELS // 5000 + 1, 5000)])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(size: tuple[int, int], monkeypatch):
    from PIL import ImageFile

    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda *_: pytest.fail("it was decoded"))
    with pytest.raises(Unfit, match="too many pixels"):
        thumbnails(png_of(*size))


def test_a_tracking_pixel_is_refused():
    with pytest.raises(Unfit, match="show nothing"):
        thumbnails(photograph((1, 1), kind="GIF"))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><title>404</title>",
        b"BM" + bytes(200),
        b"%PDF-1.7" + bytes(200),
        b"\xff\xd8\xff\xe0" + bytes(200),
        photograph()[: len(photograph()) // 2],
        photograph(kind="PNG")[:200],
        photograph(kind="BMP"),
        photograph(kind="TIFF"),
    ],
    ids=["nothing", "svg", "html", "bmp", "pdf", "jpeg-head", "half-jpeg", "half-png", "bitmap", "tiff"],
)
def test_a_file_that_is_no_picture_of_an_accepted_format_is_refused(body: bytes):
    with pytest.raises(Unfit):
        thumbnails(body)


def test_the_error_for_the_missing_extra_says_what_to_install(monkeypatch):
    assert missing() == ""
    monkeypatch.setattr("wirekin.thumbnails.find_spec", lambda _: None)
    assert "pip install wirekin[images]" in missing()


@pytest.mark.parametrize(
    ("value", "complaint"),
    [("proxy", r"1:20: settings\.images: needs an extra .*pip install wirekin\[images\]"),
     ("prox", r"1:20: settings\.images: expected link or proxy \(did you mean 'proxy'\?\)")],
)  # fmt: skip
def test_an_images_setting_that_cannot_work_is_refused_with_a_remedy(tmp_path, monkeypatch, value, complaint):
    monkeypatch.setattr("wirekin.thumbnails.find_spec", lambda _: None)
    file = tmp_path / "feeds.yml"
    file.write_text(f"settings: {{images: {value}}}\nfeeds:\n  - url: https://example.com/a\n", encoding="utf-8")

    with pytest.raises(ConfigError, match=complaint):
        load(file)
