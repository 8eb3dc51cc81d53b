"""The picture proxy: fetched once, from public hosts only, scaled down in a process that may die, kept on disk."""

from __future__ import annotations

import asyncio
import errno
import io
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from unittest.mock import AsyncMock

import pytest

import make
from fakes_reader import World, context, headline_by, story_with
from fetching import Names, Slots, fetcher
from origin import Origin
from pictures import photograph, png_of
from serving import ask, serving
from wirekin import images
from wirekin.cli._app import App
from wirekin.cli._compose import images_of
from wirekin.errors import StoreBusy, WirekinError
from wirekin.fetch import Caps
from wirekin.images import Busy, Images, mark_of
from wirekin.model import Image, Member
from wirekin.store._sqlite import open_sqlite
from wirekin.store.threads import StoreThread
from wirekin.thumbnails import CARD, LEAD
from wirekin.web import _images
from wirekin.workers import Parsers

Pillow = pytest.importorskip("PIL.Image", reason="Pillow is absent: pip install wirekin[images]")
pytestmark = pytest.mark.slow  # each test starts a worker


PHOTO = photograph()


def killing(_: bytes):
    import os

    os.abort()


@asynccontextmanager
async def open_images(
    folder: Path, *hosts: str, names: dict[str, list[str]] | None = None, **more
) -> AsyncIterator[Images]:
    """Images with a real fetcher, worker and database; `hosts` (host:port) may be private."""
    slots, store = Slots(), StoreThread(open_sqlite(str(folder / "wirekin.db")))
    more.setdefault("allow_private", frozenset(hosts))
    caps = Caps(images.WIRE_BYTES, images.WIRE_BYTES)
    resolver = Names(names) if names else None
    try:
        async with (
            fetcher(slots=slots, resolver=resolver, caps=caps) as out,
            Parsers(imports="PIL.Image") as workers,
            Images(folder / "images", out.fetch, workers.thumbnails, store, clock_of(), **more) as found,
        ):
            yield found
    finally:
        await store.close()


def clock_of():
    """A clock that advances a second at each reading, so that a host's slot is always free again."""
    ticks = iter(range(10_000_000))
    return lambda: make.at(next(ticks) / 3600)


def size_of(body: bytes | None) -> tuple[int, int]:
    return Pillow.open(io.BytesIO(body or b"")).size


async def test_a_picture_is_fetched_once_and_kept_in_each_width(tmp_path: Path):
    with Origin() as origin:
        url = origin.serve("/a.jpg", PHOTO, content_type="image/jpeg")
        async with open_images(tmp_path, origin.netloc) as found:
            first = [size_of(await found.picture(url, width)) for width in (CARD, LEAD, CARD)]
        async with open_images(tmp_path, origin.netloc) as found:  # after a restart
            again = size_of(await found.picture(url, LEAD))

    assert first == [(352, 198), (640, 360), (352, 198)]
    assert again == (640, 360)
    assert origin.paths == ["/a.jpg"]


async def test_many_simultaneous_readers_of_one_picture_cause_one_request(tmp_path: Path):
    with Origin() as origin:
        url = origin.serve("/a.jpg", PHOTO, delay=0.1)
        async with open_images(tmp_path, origin.netloc) as found:
            bodies = await asyncio.gather(*(found.picture(url, CARD) for _ in range(20)))

    assert len(set(bodies)) == 1
    assert bodies[0] is not None
    assert origin.paths == ["/a.jpg"]


async def test_a_picture_at_a_private_address_is_never_requested(tmp_path: Path):
    with Origin() as origin:
        served = origin.serve("/a.jpg", PHOTO)
        inside = [served, f"http://localhost:{origin.port}/a.jpg", "http://10.0.0.7/a.jpg", "http://[::1]/a.jpg",
                  "http://pictures.example/a.jpg", "ftp://pictures.example/a.jpg", "file:///etc/passwd"]  # fmt: skip
        async with open_images(
            tmp_path, names={"pictures.example": ["127.0.0.1"], "localhost": ["127.0.0.1"]}
        ) as found:
            assert [await found.picture(url, CARD) for url in inside] == [None] * len(inside)

    assert origin.connections == 0


async def test_a_picture_may_not_redirect_to_a_private_address_that_is_not_allowed(tmp_path: Path):
    with Origin("127.0.0.1", "127.0.0.2") as origin:
        origin.serve("/secret.jpg", PHOTO)
        target = origin.url("/secret.jpg", host="127.0.0.2")
        url = origin.serve("/a.jpg", status=302, headers={"Location": target})
        async with open_images(tmp_path, origin.netloc) as found:  # only the first address is allowed
            assert await found.picture(url, CARD) is None

    assert origin.paths == ["/a.jpg"]


async def test_a_redirect_to_an_allowed_address_is_followed(tmp_path: Path):
    with Origin() as origin:
        origin.serve("/b.jpg", PHOTO)
        url = origin.serve("/a.jpg", status=302, headers={"Location": "/b.jpg"})
        async with open_images(tmp_path, origin.netloc) as found:
            assert size_of(await found.picture(url, CARD)) == (352, 198)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "image/jpeg"),
        (b"<!doctype html><script>alert(1)</script>", "image/png"),
        (PHOTO[: len(PHOTO) // 2], "image/jpeg"),
        (photograph(kind="BMP"), "image/bmp"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "image/gif"),
        (b"", "image/jpeg"),
    ],
    ids=["svg", "html", "cut", "bmp", "counter", "empty"],
)
async def test_a_body_that_is_no_supported_picture_is_refused_whatever_its_content_type(
    tmp_path: Path, body: bytes, content_type: str
):
    with Origin() as origin:
        url = origin.serve("/a", body, content_type=content_type)
        async with open_images(tmp_path, origin.netloc) as found:
            assert [await found.picture(url, CARD) for _ in range(3)] == [None] * 3

    assert origin.paths == ["/a"]  # the failure is remembered: no second request
    assert list((tmp_path / "images").iterdir()) == []


async def test_a_picture_with_a_wrong_content_type_is_accepted(tmp_path: Path):
    with Origin() as origin:
        url = origin.serve("/a", PHOTO, content_type="text/html")
        async with open_images(tmp_path, origin.netloc) as found:
            assert (await found.picture(url, CARD) or b"")[8:12] == b"WEBP"


async def test_a_picture_larger_than_the_cap_is_refused(tmp_path: Path):
    with Origin() as origin:
        chunked = origin.serve("/a", PHOTO + bytes(images.WIRE_BYTES), framing="chunked")
        packed = origin.serve("/b", PHOTO + bytes(images.WIRE_BYTES), gzip=True)
        async with open_images(tmp_path, origin.netloc) as found:
            assert [await found.picture(url, CARD) for url in (chunked, packed)] == [None, None]


async def test_a_picture_that_kills_its_worker_does_not_affect_other_pictures(tmp_path: Path, monkeypatch):
    with Origin() as origin:
        bomb, good = origin.serve("/bomb", b"bomb"), origin.serve("/a.jpg", PHOTO)
        async with open_images(tmp_path, origin.netloc) as found:
            shrink = found._shrink
            pool: Parsers = shrink.__self__  # type: ignore[attr-defined]

            async def deadly(body: bytes):
                return await (pool._survived(body, {}, killing) if body == b"bomb" else shrink(body))

            found._shrink = deadly
            assert await found.picture(bomb, CARD) is None
            assert size_of(await found.picture(good, CARD)) == (352, 198)


async def test_a_decompression_bomb_is_refused(tmp_path: Path):
    with Origin() as origin:
        url = origin.serve("/bomb.png", png_of(50_000, 50_000))
        async with open_images(tmp_path, origin.netloc) as found:
            assert await found.picture(url, CARD) is None


async def test_the_folder_stays_within_its_byte_limit_and_the_least_recently_used_go_first(tmp_path: Path):
    with Origin() as origin:
        urls = [origin.serve(f"/{n}.jpg", photograph((400, 300 + n))) for n in range(6)]
        async with open_images(tmp_path, origin.netloc) as found:
            size = sum([len(await found.picture(urls[0], width) or b"") for width in (CARD, LEAD)])
            found._disk._most_bytes = 3 * size + size // 2  # room for three pictures
            for url in urls[1:]:
                await found.picture(url, CARD)
                await found.picture(urls[0], CARD)
                await found.picture(urls[0], LEAD)
            on_disk = sum(file.stat().st_size for file in (tmp_path / "images").iterdir())
            kept = [(tmp_path / "images" / f"{mark_of(url)}-{CARD}.webp").exists() for url in urls]
        async with open_images(tmp_path, origin.netloc, most_bytes=size):  # a smaller cap applies at once
            left = list((tmp_path / "images").iterdir())

    assert on_disk <= 3 * size + size // 2
    assert kept == [True, False, False, False, True, True]
    assert sum(file.stat().st_size for file in left) <= size


async def test_a_429_for_a_picture_holds_its_host_and_the_picture_is_not_requested_again(tmp_path: Path):
    with Origin() as origin:
        url = origin.serve("/a.jpg", status=429, headers={"Retry-After": "3600"})
        other = origin.serve("/b.jpg", PHOTO)
        async with open_images(tmp_path, origin.netloc) as found:
            answers = [await found.picture(url, CARD), await found.picture(url, CARD), await found.picture(other, CARD)]

    assert answers == [None, None, None]
    assert origin.paths == ["/a.jpg"]


async def test_of_the_pictures_that_failed_a_number_is_remembered(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(images, "MOST_FAILED", 2)
    with Origin() as origin:
        one, two, three = (origin.serve(f"/{name}.jpg", status=404) for name in ("one", "two", "three"))
        async with open_images(tmp_path, origin.netloc) as found:
            answers = [await found.picture(url, CARD) for url in (one, two, three, three, two, one)]

    assert answers == [None] * 6
    assert origin.paths == ["/one.jpg", "/two.jpg", "/three.jpg", "/one.jpg"]


async def test_a_busy_database_does_not_count_as_a_failure_of_the_picture(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(images, "FAILED_FOR", timedelta())
    with Origin() as origin:
        url = origin.serve("/a.jpg", PHOTO)
        async with open_images(tmp_path, origin.netloc) as found:
            with monkeypatch.context() as busy:
                busy.setattr(StoreThread, "call", AsyncMock(side_effect=StoreBusy("locked")))
                assert await found.picture(url, CARD) is None

            assert size_of(await found.picture(url, CARD)) == (352, 198)


async def test_a_slow_picture_is_reported_as_busy_and_is_there_for_the_next_reader(tmp_path: Path):
    with Origin() as origin:
        url = origin.serve("/a.jpg", PHOTO, delay=0.5)
        async with open_images(tmp_path, origin.netloc, patience=0.01) as found:
            with pytest.raises(Busy):
                await found.picture(url, CARD)
            await asyncio.wait(found._under_way.values())
            assert size_of(await found.picture(url, CARD)) == (352, 198)


async def test_too_many_simultaneous_pictures_are_reported_as_busy(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(images, "AT_ONCE", 2)
    with Origin() as origin:
        urls = [origin.serve(f"/{n}.jpg", PHOTO, delay=0.3) for n in range(3)]
        async with open_images(tmp_path, origin.netloc) as found:
            ends = await asyncio.gather(*(found.picture(url, CARD) for url in urls), return_exceptions=True)

    assert sorted(type(end).__name__ for end in ends) == ["Busy", "bytes", "bytes"]


async def test_a_picture_that_cannot_be_kept_is_shown_and_leaves_no_half_file(tmp_path: Path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(Path, "replace", full)
    with Origin() as origin:
        url = origin.serve("/a.jpg", PHOTO)
        async with open_images(tmp_path, origin.netloc) as found:
            assert size_of(await found.picture(url, CARD)) == (352, 198)

    assert list((tmp_path / "images").iterdir()) == []


async def test_a_folder_that_cannot_be_created_is_an_error_with_advice(tmp_path: Path):
    (tmp_path / "images").write_text("in the way")
    with pytest.raises(WirekinError, match=r"settings\.images: link"):
        async with open_images(tmp_path):
            pass


async def test_a_picture_that_another_process_deletes_meanwhile_does_not_prevent_starting(tmp_path: Path, monkeypatch):
    with Origin() as origin:
        url = origin.serve("/a.jpg", PHOTO)
        async with open_images(tmp_path, origin.netloc) as found:
            await found.picture(url, CARD)

    def listed(folder: Path, real=os.scandir):
        entries = list(real(folder))
        Path(entries[0]).unlink()
        return entries

    monkeypatch.setattr(os, "scandir", listed)
    async with open_images(tmp_path):
        assert len(os.listdir(tmp_path / "images")) == 1  # noqa: PTH208 - pathlib's way is monkeypatched here


async def test_a_partial_file_is_deleted_at_the_next_start(tmp_path: Path):
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / f"{images._PART}1").write_bytes(b"half")
    async with open_images(tmp_path):
        assert list((tmp_path / "images").iterdir()) == []


async def test_allow_private_of_feeds_does_not_let_pictures_come_from_private_addresses(tmp_path: Path):
    with Origin() as origin:
        url = origin.serve("/a.jpg", PHOTO)
        feeds_yml = tmp_path / "feeds.yml"
        settings = f'settings: {{images: proxy, allow_private: ["{origin.netloc}"]}}'
        feeds_yml.write_text(f"{settings}\nfeeds:\n  - url: {origin.url('/rss')}\n", encoding="utf-8")
        async with images_of(App(config_path=feeds_yml)) as found:
            assert await found.picture(url, CARD) is None

    assert origin.connections == 0
    assert (tmp_path / "data" / "images").is_dir()


# --- over HTTP -------------------------------------------------------------------------------------------------------

STORED = "https://pictures.example/strait.jpg"
TOLD = [story_with(Member(headline_by("Tanker seized in the strait", "Harbor", 2, image=Image(STORED, 1200, 800)))),
        story_with(Member(headline_by("Second tanker turned back in the strait", "Post", 3)))]  # fmt: skip
LEADS = TOLD[0].story.lead.id
PATH = f"/img/{LEADS}/{mark_of(STORED)}/{CARD}"


class RecordedPictures(list):
    async def picture(self, url: str, width: int) -> bytes | None:
        self.append((url, width))
        return b"RIFF....WEBP"


@pytest.fixture
def asked() -> RecordedPictures:
    return RecordedPictures()


@pytest.fixture
def proxied(asked: RecordedPictures):
    with serving(World(stories=TOLD), current=lambda: context(images=True), pictures=asked.picture) as address:
        yield address


def test_a_picture_is_served_by_us_as_immutable(proxied: str, asked: RecordedPictures):
    reply = ask(proxied, PATH)

    assert (reply.status, reply.body, asked) == (200, b"RIFF....WEBP", [(STORED, CARD)])
    assert reply.headers["content-type"] == "image/webp"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["content-security-policy"].startswith("default-src 'none'")
    assert "immutable" in reply.headers["cache-control"]
    assert ask(proxied, PATH, if_none_match=reply.headers["etag"]).status == 304


@pytest.mark.parametrize(
    "path",
    [
        f"/img/{LEADS}/{mark_of('https://elsewhere.example/a.jpg')}/{CARD}",
        f"/img/{LEADS}/{mark_of(STORED)}/353",
        f"/img/{LEADS}/{mark_of(STORED)}/0352",
        f"/img/nobody/{mark_of(STORED)}/{CARD}",
        f"/img/{TOLD[1].story.lead.id}/{mark_of(STORED)}/{CARD}",
        f"/img/{LEADS}/https:%2F%2Felsewhere.example%2Fa.jpg/{CARD}",
        f"/img?url={STORED}",
    ],
)
def test_a_url_that_no_headline_has_as_its_picture_is_404_and_not_requested(
    proxied: str, asked: RecordedPictures, path: str
):
    assert (ask(proxied, path).status, asked) == (404, [])


def test_the_path_of_a_picture_is_404_while_the_proxy_is_off(asked: RecordedPictures):
    with serving(World(stories=TOLD), pictures=asked.picture) as address:
        assert ask(address, PATH).status == 404
    with serving(World(stories=TOLD), current=lambda: context(images=True)) as address:
        assert ask(address, PATH).status == 404
    assert asked == []


def test_pages_fragment_embed_and_api_use_the_proxied_picture_and_allow_no_other(proxied: str):
    related = "?title=tanker+strait&exclude_publisher=Post"
    pages = [ask(proxied, path) for path in ("/", "/topics/iran", f"/stories/{LEADS}", "/fragment/related" + related,
                                             "/embed/related" + related)]  # fmt: skip
    data = ask(proxied, "/v1/related" + related).text

    assert [f"{proxied}/img/{LEADS}/{mark_of(STORED)}/" in page.text for page in pages] == [True] * 5
    assert [STORED in page.text for page in pages] + [STORED in data] == [False] * 6
    assert f'"url":"{proxied}{PATH}","width":352,"height":235' in data
    policies = [page.headers["content-security-policy"].split("; ") for page in pages]
    assert [[one for one in policy if "img-src" in one] for policy in policies] == [[f"img-src 'self' {proxied}"]] * 5


def test_a_picture_that_is_not_ready_is_503_with_retry_after():
    async def busy(_url: str, _width: int) -> bytes | None:
        raise Busy

    with serving(World(stories=TOLD), current=lambda: context(images=True), pictures=busy) as address:
        reply = ask(address, PATH)
    assert (reply.status, reply.headers["retry-after"], reply.headers["cache-control"]) == (503, "2", "no-store")


@pytest.mark.parametrize(
    ("width", "height", "shown"), [(640, 360, (352, 198)), (640, 0, (0, 0)), (0, 360, (0, 0)), (100, 50, (100, 50))]
)
def test_a_picture_has_a_size_where_its_publisher_gives_both_sides(width: int, height: int, shown: tuple[int, int]):
    assert _images._size(Image("https://a.example/1.jpg", width, height), CARD) == shown


async def test_foreign_files_in_the_folder_are_left_alone(tmp_path: Path):
    folder = tmp_path / "images"
    folder.mkdir()
    theirs = {folder / "wedding.jpg", folder / "wedding.webp", folder / "tmpabc"}
    for path in theirs:
        path.write_bytes(b"theirs")
    old = folder / f"{mark_of('https://example.org/a.jpg')}-352.webp"
    old.write_bytes(b"x" * 100)
    async with open_images(tmp_path, most_bytes=50):
        assert set(folder.iterdir()) == theirs
