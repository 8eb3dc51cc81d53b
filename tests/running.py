"""Long-running `wirekin` processes: start one, query it, wait for its effects, and end it in any case."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from commands import Folder

PATIENCE = 30.0  # seconds until a test gives up; no test claims a speed


@contextmanager
def running(folder: Folder, *words: str) -> Iterator[subprocess.Popen[str]]:
    process = folder.start(*words)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def until(true: Callable[[], object]) -> object:
    """Wait until `true()` is truthy; returns its value."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        found = true()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it never came")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def get(port: int, path: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()
    except OSError:
        return 0, b""
