"""Fixtures of the core tests: the shipped configuration, and the benchmark whose comparison of parsers they use."""

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
    """The shipped feeds.yml."""
    return config.load(ROOT / "feeds.yml")


@pytest.fixture(scope="session")
def bench() -> ModuleType:
    """bench/parse.py as a module."""
    spec = importlib.util.spec_from_file_location("bench_parse", ROOT / "bench/parse.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench_parse"] = module
    spec.loader.exec_module(module)
    return module
