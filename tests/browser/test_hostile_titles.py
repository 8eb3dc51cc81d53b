"""Three hundred hostile titles in a real browser with our Content-Security-Policy off: only escaping stops them.

A title breaks out of its context (text, an attribute, a comment, a style, a script), then tries to run. Each does run
on a control page that escapes nothing, so that a title that does not run on our pages proves something.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from html import escape
from itertools import product
from urllib.parse import quote

import pytest

from fakes_reader import World, headline_by, story_with
from papers import paper
from serving import serving
from wirekin.model import Member

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.proof]

PROOF = bool(os.environ.get("WIREKIN_PROOF"))
RUN = "document.documentElement.dataset.ran=1"
BREAKS = (
    "",
    '">',
    "'>",
    "</a>",
    "</title></textarea></style>",
    "</script>",
    "-->",
    "]]>",
    "&quot;&gt;",
    '"/>\u2028',
    "\\\"'`>",
    "</h1></p></li>",
    "{{7*7}}${7*7}",
    "\u202e\u2066<b>",
    "<!--><!-- -->",
)
PAYLOADS = (
    f"<script>{RUN}</script>",
    f"<ScRiPt >{RUN}</sCrIpT >",
    f"<script/x>{RUN}</script>",
    f"<script\n>{RUN}</script\t>",
    f"<img src=x onerror={RUN}>",
    f"<img/src/onerror={RUN}>",
    f"<IMG SRC=x OnErRoR='{RUN}'>",
    "<img src=x onerror=&#100;ocument.documentElement.dataset.ran=1>",
    f"<svg onload={RUN}>",
    f"<svg/onload={RUN}//",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<details open ontoggle={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f'<iframe src="javascript:parent.{RUN}"></iframe>',
    f"<video><source onerror={RUN}></video>",
    f"<audio src=x onerror={RUN}></audio>",
    f"<object data=x onerror={RUN}></object>",
    f"<link rel=stylesheet href=x onerror={RUN}>",
)
TITLES = tuple(f"{number}: {broken}{payload}" for number, (broken, payload) in enumerate(product(BREAKS, PAYLOADS)))
SAMPLE = TITLES if PROOF else tuple(random.Random(6).sample(TITLES, 12))


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, World]]:
    world = World()
    for title in TITLES:
        first = Member(headline_by(title, title, 2, summary=title))
        world.stories.append(story_with(first, Member(headline_by(f"{title} again", "North", 1))))
    with serving(world) as address:
        yield address, world


@pytest.fixture
def open_page(browser) -> Iterator[object]:
    """A page that ignores our Content-Security-Policy."""
    context = browser.new_context(bypass_csp=True)
    yield context.new_page()
    context.close()


def has_run(page) -> bool:
    page.wait_for_timeout(20)  # error handlers run after the load
    return page.evaluate("document.documentElement.dataset.ran") is not None


def test_there_are_300_hostile_titles_and_each_payload_runs_when_it_is_not_escaped(open_page, served):
    never_ran = []
    for payload in PAYLOADS:
        open_page.goto(f"{served[0]}/healthz")
        open_page.set_content(f"<!doctype html><p>{payload}</p>")
        if not has_run(open_page):
            open_page.wait_for_timeout(300)
            never_ran += [] if has_run(open_page) else [payload]

    assert (len(set(TITLES)), never_ran) == (300, [])


def test_no_hostile_title_runs_in_the_list_of_all_of_them(open_page, served):
    address, _ = served
    open_page.goto(f"{address}/topics/iran?limit=50")
    seen = 0
    while True:
        assert not has_run(open_page)
        seen += open_page.locator("main .lead").count() or open_page.locator("main article").count()
        onward = open_page.locator("a[rel=next]")
        if not onward.count():
            break
        open_page.goto(address + onward.first.get_attribute("href").removeprefix(address))

    assert seen >= len(TITLES)


@pytest.mark.parametrize("path", ["/", "/topics", "/feeds", "/search?q=again"])
def test_no_hostile_title_runs_on_the_front_topics_feeds_and_search_pages(open_page, served, path: str):
    open_page.goto(served[0] + path)

    assert not has_run(open_page)


def test_no_hostile_title_runs_on_a_page_about_it(open_page, served):
    address, world = served
    ids = {detail.story.lead.title: detail.story.id for detail in world.stories}
    ran = []
    for title in SAMPLE:
        asked = quote(title)
        for path in (
            f"/stories/{ids[title]}",
            f"/search?q={asked[:150]}",
            f"/embed/related?title={asked}&heading={asked[:90]}",
            f"/embed?url=https://x.example/&heading={asked[:90]}",
            f"/fragment/related?title={asked}&heading={asked[:90]}",
        ):
            open_page.goto(address + path)
            ran += [path] if has_run(open_page) else []

    assert ran == []


def test_no_hostile_title_runs_in_the_widget(open_page, served):
    address, _ = served
    ran = []
    for title in SAMPLE[:40]:
        script = f'<script async src="{address}/widget.js" data-title="{escape(title)}" data-heading="{escape(title)}">'
        with paper(f"{script}</script>", "default-src *") as at:
            open_page.goto(at)
            open_page.wait_for_selector("related-stories[data-state]", state="attached")
            ran += [title] if has_run(open_page) else []

    assert ran == []
