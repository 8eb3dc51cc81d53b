"""A folder to run `wirekin` in, as a person would: a feeds.yml, an origin on loopback, and the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import forking
from origin import Origin

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>{name}</title><link>{home}</link>{items}</channel></rss>"""
ITEM = "<item><title>{title}</title><link>{link}</link><description>{summary}</description></item>"

TANKER = ("Tanker seized in Hormuz strait, 23 crew held", "http://herald.example/1?utm_source=x", "Boarded near Qeshm.")
TANKER_TOO = ("Crew of 23 held after tanker seized in Hormuz", "http://courier.example/2", "The Aldgate is off Qeshm.")
CUP = ("Swimming club wins the county cup", "http://herald.example/3", "A first in forty years.")


def rss(name: str, home: str, *items: tuple[str, str, str]) -> bytes:
    """An RSS feed of (title, link, summary)."""
    told = "".join(ITEM.format(title=title, link=link, summary=summary) for title, link, summary in items)
    return RSS.format(name=name, home=home, items=told).encode()


@dataclass(frozen=True)
class Ran:
    """Exit code and output of a command that ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.out, self.err
        return json.loads(self.out)

    @property
    def rows(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


class Folder:
    """A folder to run `wirekin` in, with a feeds.yml once `write` or `feeds` made one."""

    forks = True  # run in a fork of a process that has wirekin loaded; a subclass with its own command sets False

    def __init__(self, path: Path) -> None:
        self.path = path
        self.config = path / "feeds.yml"

    def write(self, text: str) -> None:
        self.config.write_text(text, encoding="utf-8")

    def feeds(self, origin: Origin, *paths: str, more: str = "settings: {unmatched: keep}") -> None:
        """Write a feeds.yml that polls these paths of an origin, spread over its hosts."""
        lines = [more, "feeds:"]
        for place, path in enumerate(paths):
            host = origin.hosts[place % len(origin.hosts)]
            url = f"http://{host}:{origin.port}{path}"
            lines.append(f"  - url: {url}\n    name: {path.strip('/')}\n    allow_private: ['{host}:{origin.port}']")
        self.write("\n".join(lines) + "\n")

    def environment(self, **more: str) -> dict[str, str]:
        plain = {key: value for key, value in os.environ.items() if not key.startswith("WIREKIN_")}
        return {**plain, "HOME": str(self.path), "XDG_CONFIG_HOME": str(self.path / "xdg"), **more}

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-W", "error::ResourceWarning", "-m", "wirekin", *words]

    def run(self, *words: str, stdin: str = "", timeout: int = 120, **environment: str) -> Ran:
        """Run `wirekin WORDS` in the folder and wait for its end; `timeout` in seconds."""
        with tempfile.TemporaryDirectory() as streams:
            files = [Path(streams, name) for name in ("in", "out", "err")]
            for file, text in zip(files, (stdin, "", ""), strict=True):
                file.write_text(text, encoding="utf-8")
            request: forking.Request = {
                "words": [*words],
                "folder": str(self.path),
                "environment": self.environment(**environment),
                "streams": [str(file) for file in files],
                "seconds": timeout,
            }
            code = forking.run(request) if self.forks else forking.run_in_new_process(self.command(*words), request)
            return Ran(code, *(file.read_text(encoding="utf-8") for file in files[1:]))

    def run_on_a_terminal(self, *words: str, stream: str, **environment: str) -> Ran:
        """Run `wirekin WORDS` with a terminal as its "stdout" or "stderr"; the other stream is dropped."""
        near, far = os.openpty()
        streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, stream: far}
        with subprocess.Popen(
            self.command(*words), cwd=self.path, stdout=streams["stdout"], stderr=streams["stderr"],
            env=self.environment(**environment),
        ) as command:  # fmt: skip
            os.close(far)
            shown = b""
            with suppress(OSError):  # EIO when the other end is closed
                while more := os.read(near, 65_536):
                    shown += more
        os.close(near)
        text = shown.decode()
        return Ran(command.returncode, *((text, "") if stream == "stdout" else ("", text)))

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start `wirekin WORDS` in the folder and leave it running."""
        return subprocess.Popen(
            self.command(*words),
            cwd=self.path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment(),
        )
