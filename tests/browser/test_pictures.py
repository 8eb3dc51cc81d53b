"""With the picture proxy, our pages, the widget and the iframe make no reader's browser contact a publisher."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator

import pytest

from fakes_reader import World, context, headline_by, picture, story_with
from papers import paper
from serving import serving
from wirekin.images import Busy
from wirekin.model import Member

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WEBP = b64decode("UklGRj4AAABXRUJQVlA4IDIAAADQAgCdASogABIAP3Gy0GA0rimlqAgCkC4JZQAAPaOgAP7aJvnY9K3/XrS3N1CokAAAAA==")
STORY = story_with(Member(headline_by("Tanker seized in the strait", "Harbor", 2, image=picture("strait"))))
ASKED = "url=https://me.example/a&title=Tanker+seized+in+the+strait"
WIDGET = '<script async src="WIREKIN/widget.js" data-url="https://me.example/a" data-title="Tanker seized in the strait"></script>'
STRICT = "default-src 'none'; script-src WIREKIN; connect-src WIREKIN; img-src WIREKIN"  # allows no publisher


async def pictures(_url: str, _width: int) -> bytes:
    return WEBP


@pytest.fixture
def address() -> Iterator[str]:
    held = context(images=True)
    with serving(World(stories=[STORY]), current=lambda: held, pictures=pictures) as at:
        yield at


@pytest.mark.parametrize("path", ["/", "/topics/iran", f"/stories/{STORY.story.id}", f"/embed/related?{ASKED}"])
def test_every_image_on_our_pages_comes_from_our_server_and_loads(page, address: str, path: str):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address + path)
    image = page.locator("img.picture").first
    image.scroll_into_view_if_needed()
    page.wait_for_timeout(200)

    assert image.evaluate("image => image.naturalWidth") == 32
    assert [url for url in asked if not url.startswith(address)] == []


def test_an_image_that_was_not_ready_is_requested_once_more(page):
    asked: list[str] = []

    async def slow(url: str, _width: int) -> bytes:
        asked.append(url)
        if len(asked) == 1:
            raise Busy
        return WEBP

    held = context(images=True)
    page.clock.install()
    with serving(World(stories=[STORY]), current=lambda: held, pictures=slow) as at:
        page.goto(at + "/topics/iran")
        page.wait_for_selector("img[data-again]", state="attached")
        page.clock.fast_forward(20_000)
        image = page.locator("img.picture").first
        for _ in range(500):  # not by wait_for_function, whose eval in the page the policy forbids
            if image.evaluate("image => image.naturalWidth") == 32:
                break
            page.wait_for_timeout(20)

        assert image.evaluate("image => image.naturalWidth") == 32

    assert len(asked) == 2


def test_the_content_security_policy_causes_no_console_message(page, address: str):
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)

    assert said == []


def test_widget_images_load_under_a_policy_that_allows_only_our_server(page, address: str):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with paper(WIDGET.replace("WIREKIN", address), STRICT.replace("WIREKIN", address)) as article:
        page.goto(article)
        page.wait_for_selector("related-stories[data-state=shown]", state="attached")
        image = page.locator("related-stories img")
        image.scroll_into_view_if_needed()
        page.wait_for_timeout(200)

        assert image.evaluate("image => image.naturalWidth") == 32
        assert [url for url in asked if not url.startswith(address) and url != article and "favicon" not in url] == []
