"""What several tests of the core ask: the topics that are shipped, and the bench whose comparison they assert."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from wirekin import config

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def shipped() -> config.Config:
    """feeds.yml as it stands at the top level."""
    return config.load(ROOT / "feeds.yml")


@pytest.fixture(scope="session")
def bench() -> ModuleType:
    """bench/parse.py."""
    spec = importlib.util.spec_from_file_location("bench_parse", ROOT / "bench/parse.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench_parse"] = module
    spec.loader.exec_module(module)
    return module
