"""The widget in a real browser, on a page of another origin."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from fakes_reader import World, said, told
from serving import serving
from wirekin.model import Member

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLE = "Tanker seized in the strait as talks stall"
STRICT = "default-src 'none'; script-src {wirekin}; connect-src {wirekin}"  # as a careful paper would have it


@contextmanager
def paper(body: str, policy: str) -> Iterator[str]:
    """Somebody else's page: another port, so another origin."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-security-policy", policy)
            self.end_headers()
            self.wfile.write(f"<!doctype html><title>{TITLE}</title><article><p>Text.</p>{body}</article>".encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/article"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Stand:
    """A page of the paper with the widget on it, and the world that wirekin answers from."""

    def __init__(self, page, world: World, address: str) -> None:
        self.page, self.world, self._address = page, world, address
        self._papers = ExitStack()
        world.broken = None
        world.stories = [
            told(Member(said("Crew of seized tanker is safe, owner of tanker says", "Harbor", 2))),
            told(Member(said("توقیف نفتکش در تنگه strait tanker seized", "روزنامه بندر", 1, "fa"))),
        ]

    def show(self, body: str):
        article = paper(body.replace("WIREKIN", self._address), STRICT.format(wirekin=self._address))
        self.page.goto(self._papers.enter_context(article))
        self.page.wait_for_selector("related-stories[data-state]", state="attached")
        return self.page

    def close(self) -> None:
        self._papers.close()


@pytest.fixture(scope="module")
def wirekin() -> Iterator[tuple[World, str]]:
    world = World()
    with serving(world) as address:
        yield world, address


@pytest.fixture
def stand(wirekin, page) -> Iterator[Stand]:
    opened = Stand(page, *wirekin)
    yield opened
    opened.close()


SCRIPT = '<script async src="WIREKIN/widget.js" data-url="https://me.example/a" data-limit="4" data-heading="More & <b>more</b>"></script>'
ELEMENT = '<related-stories url="https://me.example/a"><a href="https://me.example/b">Our own link</a></related-stories><script async src="WIREKIN/widget.js"></script>'


def test_a_script_tag_alone_shows_what_is_related(stand: Stand):
    page = stand.show(SCRIPT)

    links = page.locator("related-stories a").all()
    assert {link.get_attribute("href") for link in links} == {detail.story.lead.url for detail in stand.world.stories}
    assert page.locator("related-stories h2").inner_text() == "More & <b>more</b>"


def test_each_title_says_its_language_and_direction(stand: Stand):
    page = stand.show(SCRIPT)

    persian = page.locator("related-stories a[lang=fa]")
    assert persian.get_attribute("dir") == "rtl"
    assert persian.evaluate("a => getComputedStyle(a.parentElement).direction") == "rtl"


def test_links_of_the_page_itself_are_replaced_by_an_answer(stand: Stand):
    page = stand.show(ELEMENT)

    assert page.locator("related-stories").get_attribute("data-state") == "shown"
    assert not page.get_by_text("Our own link").is_visible()


@pytest.mark.parametrize("trouble", ["down", "nothing related"])
def test_links_of_the_page_itself_stay_where_no_answer_comes(stand: Stand, trouble: str):
    stand.world.broken = RuntimeError("down") if trouble == "down" else None
    stand.world.stories = []

    page = stand.show(ELEMENT)

    assert page.locator("related-stories").get_attribute("data-state") == "kept"
    assert page.get_by_text("Our own link").is_visible()


def test_an_element_without_links_gives_its_room_back(stand: Stand):
    stand.world.stories = []

    page = stand.show(SCRIPT)

    assert page.locator("related-stories").evaluate("element => element.offsetHeight") == 0


def test_a_script_beside_an_element_fills_that_one(stand: Stand):
    page = stand.show('<related-stories><a href="https://me.example/b">Own</a></related-stories>' + SCRIPT)

    assert page.locator("related-stories").count() == 1
    assert page.locator("related-stories").get_attribute("data-heading") == "More & <b>more</b>"


def test_the_page_gives_the_colours_unless_a_theme_is_asked_for(stand: Stand):
    page = stand.show(SCRIPT.replace("data-limit", 'data-theme="dark" data-limit'))

    assert page.locator("related-stories").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(20, 21, 23)"


def test_hostile_titles_are_text(stand: Stand):
    words = "tanker seized strait talks <img src=x onerror=document.title=1><script>document.title=2</script>"
    stand.world.stories = [told(Member(said(words, "<b>Evil</b>", 1)))]

    page = stand.show(SCRIPT)

    assert page.locator("related-stories a").inner_text() == words
    assert page.locator("related-stories img, related-stories b, related-stories script").count() == 0
    assert page.title() == TITLE
