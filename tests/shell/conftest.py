"""Fixtures of the command tests: a folder, an origin of two feeds with three headlines, and a folder that polled it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands import CUP, TANKER, TANKER_TOO, Folder, rss
from origin import Origin


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture(scope="module")
def module_origin() -> Iterator[Origin]:
    """The origin of a module's tests; each test uses it as `origin`, which is reset before."""
    with Origin("127.0.0.21", "127.0.0.22") as serving:
        yield serving


@pytest.fixture
def origin(module_origin: Origin) -> Origin:
    return _reset(module_origin)


@pytest.fixture(scope="module")
def polled_once(module_origin: Origin, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder after its first turn, made once: polling anew for each test took a third of their time."""
    folder = Folder(tmp_path_factory.mktemp("polled"))
    folder.feeds(_reset(module_origin), "/herald", "/courier")
    assert folder.run("refresh").code == 0
    return folder.path


@pytest.fixture
def polled(polled_once: Path, folder: Folder, origin: Origin) -> Folder:
    """A copy of that folder; `origin` had no requests since."""
    shutil.copytree(polled_once, folder.path, dirs_exist_ok=True)
    return folder


def _reset(module_origin: Origin) -> Origin:
    module_origin.forget()
    module_origin.serve("/herald", rss("Herald", "http://herald.example", TANKER, CUP), etag='"h1"')
    module_origin.serve("/courier", rss("Courier", "http://courier.example", TANKER_TOO), etag='"c1"')
    return module_origin
