"""What several tests of the core ask: the topics that are shipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from wirekin import config

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def shipped() -> config.Config:
    """feeds.yml as it stands at the top level."""
    return config.load(ROOT / "feeds.yml")
