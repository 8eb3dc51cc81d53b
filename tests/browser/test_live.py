"""A page that is left open offers new headlines, and changes nothing until the reader asks for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from fakes_reader import World, context, headline_by, story_with
from make import NOW
from serving import ask, serving
from wirekin.model import Member

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OLD = story_with(
    Member(headline_by("Tanker seized in the strait", "Harbor", 5)),
    Member(headline_by("Crew safe, says owner", "North", 4)),
)
NEW = story_with(
    Member(headline_by("<b>Second</b> tanker turned back", "Lakeside", 1)),
    Member(headline_by("Oil climbs", "Market", 0.5)),
)
HIDE = """hidden => {
    Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
    document.dispatchEvent(new Event("visibilitychange"));
}"""


class Front:
    """A page of ours in a browser, the world behind it, and the status codes of its polls."""

    def __init__(self, page, world: World, address: str) -> None:
        self.page, self.world, self.address = page, world, address
        self.statuses: list[int] = []
        page.on(
            "response",
            lambda response: (
                self.statuses.append(response.status) if response.request.resource_type == "fetch" else None
            ),
        )
        page.clock.install(time=NOW)

    def open(self, path: str = "/"):
        self.page.goto(self.address + path)
        return self.page

    def add_story(self) -> None:
        self.world.stories = [NEW, OLD]
        self.world.changed_at = NOW + timedelta(minutes=1)

    def wait(self, seconds: int) -> None:
        """Let time pass in the browser, and its requests be answered."""
        self.page.clock.run_for(seconds * 1000)
        self.page.wait_for_timeout(150)

    @property
    def button(self):
        return self.page.get_by_role("status").get_by_role("button")


@pytest.fixture
def front(page) -> Iterator[Front]:
    world = World(stories=[OLD])
    held = context()
    with serving(world, current=lambda: held) as address:
        yield Front(page, world, address)


def count_of_304(front: Front) -> int:
    """How many 304s the server has sent for the front page."""
    counted = ask(front.address, "/metrics").text
    return sum(
        int(float(n)) for n in re.findall(r'http_requests_total{method="GET",route="/",status="304"} (\S+)', counted)
    )


def test_new_headlines_wait_behind_a_button_and_the_page_stays_unchanged_until_it_is_clicked(front: Front):
    page = front.open()
    front.add_story()
    before = page.locator("main").inner_html()
    front.wait(61)

    assert front.button.inner_text() == "2 new headlines"
    assert page.locator("main").inner_html() == before

    front.button.click()
    assert page.get_by_role("link", name="<b>Second</b> tanker turned back").is_visible()
    assert page.get_by_role("link", name="Tanker seized in the strait").is_visible()
    assert front.button.count() == 0
    assert page.evaluate("[document.activeElement.id, scrollY]") == ["content", 0]
    assert page.locator("main .new").count() == 2
    assert "ago" in page.locator("main time").first.inner_text()


def test_a_page_without_new_headlines_is_polled_with_its_etag_and_shows_no_button(front: Front):
    before = count_of_304(front)
    front.open()
    front.wait(61)
    front.wait(61)

    assert len(front.statuses) == 2
    assert count_of_304(front) - before == 2  # the script sees 200 from the cache instead of a 304
    assert front.button.count() == 0


def test_a_hidden_page_does_not_poll_and_polls_at_once_when_it_is_shown(front: Front):
    page = front.open()
    page.evaluate(HIDE, True)
    front.add_story()
    front.wait(600)
    while_hidden = list(front.statuses)
    page.evaluate(HIDE, False)
    front.wait(1)

    assert while_hidden == []
    assert front.button.inner_text() == "2 new headlines"


def test_a_failing_server_is_polled_less_and_less_often(front: Front):
    front.open()
    front.world.broken = RuntimeError("down")
    for _ in range(16):
        front.wait(60)
    front.world.broken = None

    assert front.statuses == [500] * 4  # after 1, 3, 7 and 15 minutes


def test_story_and_topic_pages_poll_but_further_pages_of_lists_search_and_feeds_do_not(front: Front):
    front.world.stories = [OLD]
    for path, live in (
        (f"/stories/{OLD.story.id}", True),
        ("/topics/iran", True),
        ("/topics/iran?limit=1&cursor=0", False),
        ("/search?q=tanker", False),
        ("/feeds", False),
    ):
        front.statuses.clear()
        front.open(path)
        front.wait(61)
        assert (path, bool(front.statuses)) == (path, live)


def test_the_button_is_not_animated_for_readers_who_prefer_reduced_motion(front: Front):
    front.page.emulate_media(reduced_motion="reduce")
    front.open()
    front.add_story()
    front.wait(61)

    assert front.button.evaluate("button => getComputedStyle(button).animationName") == "none"
