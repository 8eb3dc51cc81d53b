"""Fails every test that tries to leave loopback (requirement B4), in this process or in a child.

The hook of tripwire/loopback.py watches this process and, through PYTHONPATH, every Python started from it: commands,
daemons, parser workers. It cannot watch Chromium; the browser tests serve it loopback pages.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tripwire import loopback

_notes = Path(tempfile.mkstemp(prefix="loopback-")[1])  # attempts of child processes, one per line
# Absolute, for commands start in other folders: with a relative `src` they would test an installed wirekin.
_given = map(os.path.abspath, filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep)))
_paths = [str(Path(loopback.__file__).parent), *_given]
os.environ |= {"PYTHONPATH": os.pathsep.join(_paths), "LOOPBACK_NOTES": str(_notes)}

# No deadline: Hypothesis' default is 200 ms of wall clock per example, and no test asserts a wall-clock time. Examples
# are the same in each run, so that a failure is found again; `make proof` draws others.
settings.register_profile("wirekin", deadline=None, derandomize=not os.environ.get("WIREKIN_PROOF"))
settings.load_profile("wirekin")

_left = loopback.Tripwire(_notes)
loopback.watch(_left.append)


def pytest_unconfigure() -> None:
    _notes.unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def tripwire() -> Iterator[loopback.Tripwire]:
    """Fails the test if anything tried to leave loopback."""
    _left.clear()
    yield _left
    if _left.look():
        pytest.fail(f"the test left loopback: {_left}")


@pytest.fixture
def tell(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Prints a line to the terminal despite pytest's capture, so that `make proof` shows what was measured."""
    plugins = pytestconfig.pluginmanager
    terminal, capture = plugins.getplugin("terminalreporter"), plugins.getplugin("capturemanager")

    def line(text: str) -> None:
        with capture.global_and_fixture_disabled():
            terminal.ensure_newline()
            terminal.write_line(text)

    return line
