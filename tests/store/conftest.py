"""Runs the contract tests of the store for every backend, on real files in a temporary folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from wirekin.store import Admin, Backend, Reader, Store, Subscriptions, open_store


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    assert request.param == "sqlite"
    return open_store(str(tmp_path / "wirekin.db"))


@pytest.fixture
def store(backend: Backend) -> Iterator[Store]:
    with closing(backend.store()) as opened:
        yield opened


@pytest.fixture
def reader(backend: Backend) -> Iterator[Reader]:
    with closing(backend.reader()) as opened:
        yield opened


@pytest.fixture
def admin(backend: Backend) -> Iterator[Admin]:
    with closing(backend.admin()) as opened:
        yield opened


@pytest.fixture
def subscriptions(backend: Backend) -> Iterator[Subscriptions]:
    with closing(backend.subscriptions()) as opened:
        yield opened
