"""For every test: nothing may leave loopback (requirement B4), neither from here nor from a child process.

The hook of tripwire/loopback.py watches this process, and by PYTHONPATH every Python that is started from it:
commands, daemons, the parser workers. (Chromium is no Python: its tests serve it loopback pages.)
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tripwire import loopback

_notes = Path(tempfile.mkstemp(prefix="loopback-")[1])  # what children tried, a line each
# Commands start in other folders, where a relative `src` is none and another installed wirekin would be tested.
_given = map(os.path.abspath, filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep)))
_paths = [str(Path(loopback.__file__).parent), *_given]
os.environ |= {"PYTHONPATH": os.pathsep.join(_paths), "LOOPBACK_NOTES": str(_notes)}

# Hypothesis' own deadline is 200 ms of wall clock an example, and no test asserts a wall-clock time. A run of the tests
# draws the same examples each time, so that what one finds another finds too; a proof draws others.
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
    """Writes a figure to the terminal whatever is captured, so that `make proof` shows what was measured."""
    plugins = pytestconfig.pluginmanager
    terminal, capture = plugins.getplugin("terminalreporter"), plugins.getplugin("capturemanager")

    def line(text: str) -> None:
        with capture.global_and_fixture_disabled():
            terminal.ensure_newline()
            terminal.write_line(text)

    return line
