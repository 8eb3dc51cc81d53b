"""A process that has wirekin loaded and forks for each command, which saves 0.3 s of CPU to start Python and import.

The command still runs in its own process, with its own folder, environment, streams and exit code. Processes that stay,
or that a test kills, are started as a new Python (`Folder.start`).

    python forking.py        # one request per line on stdin, one exit code per line on stdout
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, TypedDict

_one = Lock()  # the server takes one request at a time


class Request(TypedDict):
    """One command; the streams are files."""

    words: list[str]
    folder: str
    environment: dict[str, str]
    streams: list[str]  # stdin, stdout, stderr
    seconds: int  # after which SIGALRM ends it


def run(request: Request) -> int:
    """Run a command to its end; returns its exit code, negative where a signal ended it."""
    with _one:
        server = _server()
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(json.dumps(request) + "\n")
        server.stdin.flush()
        return int(server.stdout.readline())


def run_in_new_process(command: list[str], request: Request) -> int:
    """Run another command in a new process to its end; returns its exit code."""
    stdin, stdout, stderr = map(Path, request["streams"])
    with stdin.open() as given, stdout.open("w") as out, stderr.open("w") as err:
        done = subprocess.run(
            command,
            cwd=request["folder"],
            env=request["environment"],
            stdin=given,
            stdout=out,
            stderr=err,
            timeout=request["seconds"],
        )
    return done.returncode


@cache
def _server() -> subprocess.Popen[str]:
    server = subprocess.Popen(
        [sys.executable, "-W", "error::ResourceWarning", __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(server.communicate)
    return server


def serve() -> None:
    """Fork for each request on stdin until it ends."""
    _load()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _become(json.loads(line))
            from wirekin.cli import main

            main()
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _load() -> None:
    """Import beforehand what commands import when they are called."""
    from importlib import import_module

    from wirekin.cli import COMMANDS

    for module in sorted(set(COMMANDS.values())):
        import_module(f"wirekin.cli.{module}")
    for module in ("httpx", "lxml.etree", "rich.table", "rich.progress", "selectolax.lexbor", "wirekin.cli._compose",
                   "wirekin.grouping", "wirekin.store._sqlite", "wirekin.store.threads", "wirekin.workers"):  # fmt: skip
        import_module(module)


def _become(request: Any) -> None:
    """Take over the folder, environment, streams and arguments of a command."""
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    for number, path in enumerate(request["streams"]):
        opened = os.open(path, os.O_RDONLY if number == 0 else os.O_WRONLY)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  # the old stdin may hold requests that it read ahead
    sys.argv = ["wirekin", *request["words"]]
    signal.alarm(request["seconds"])


if __name__ == "__main__":
    sys.path.pop(0)  # this folder: commands must not import modules of the tests
    serve()
