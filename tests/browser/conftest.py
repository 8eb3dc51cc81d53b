"""Headless Chromium for the tests of this folder: one browser per module, one page per test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fakes_reader import World
from papers import ArticlePage
from serving import CHROMIUM, CHROMIUM_ARGS, serving


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM:
        pytest.skip("chromium is not installed")
    with sync_api.sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser) -> Iterator[object]:
    """A page that fails the test if a dialog opens or a script of ours throws."""
    opened = browser.new_page()
    errors: list[str] = []
    opened.on("dialog", lambda dialog: (errors.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    opened.on("pageerror", lambda error: errors.append(f"error: {error}"))
    yield opened
    opened.close()
    assert errors == []


@pytest.fixture(scope="module")
def wirekin() -> Iterator[tuple[World, str]]:
    world = World()
    with serving(world) as address:
        yield world, address


@pytest.fixture
def article(wirekin, page) -> Iterator[ArticlePage]:
    opened = ArticlePage(page, *wirekin)
    yield opened
    opened.close()
