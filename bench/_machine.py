"""What the figures of a run were measured on: machine, time and code, and two speeds by which machines compare.

python bench/_machine.py      prints them
"""

from __future__ import annotations

import os
import platform
import subprocess
import time
from datetime import datetime
from pathlib import Path

import lxml.html

ROUNDS = 5  # the best counts
STEPS = 300_000  # of the loop: 20 to 60 ms
LINKS = 1_000  # of the page, with as much text between two as on a real one: half a megabyte


def about() -> dict[str, str]:
    """Date, commit, Python, processor and load."""
    return {
        "date": datetime.now().astimezone().isoformat(timespec="minutes"),
        "commit": commit(),
        "python": platform.python_version(),
        "processor": f"{processor()}, {len(os.sched_getaffinity(0))} cores",
        "load": f"{os.getloadavg()[0]:.1f} when it began",
    }


def commit() -> str:
    """The commit of the checkout, and whether there are uncommitted changes."""
    asked = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty", "--exclude=*"]
    try:
        return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "no checkout"


def processor() -> str:
    """The name of the processor, from Linux's /proc/cpuinfo where there is one."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def loop() -> float:
    """Milliseconds of CPU of a loop of Python that is the same everywhere."""
    best = float("inf")
    for _ in range(ROUNDS):
        seen: dict[int, int] = {}
        began = time.process_time()
        for step in range(STEPS):
            seen[step * 7 % 1009] = seen.get(step % 1009, 0) + 1
        best = min(best, time.process_time() - began)
    return best * 1e3


def lxml_speed() -> float:
    """MB/s at which lxml lists the links of a made-up page: how quick C and memory are."""
    words = " ".join(["and what it says"] * 20)
    item = f'<li class="card"><a href="/2026/11/{{0}}.html"><h3>Headline number {{0}}</h3></a><p>{words}</p></li>'
    page = f"<html><body><ul>{''.join(item.format(number) for number in range(LINKS))}</ul></body></html>".encode()
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        document = lxml.html.document_fromstring(page)
        document.make_links_absolute("https://news.example/")
        _ = [(link.get("href"), link.text_content()) for link in document.iter("a")]
        best = min(best, time.process_time() - began)
    return len(page) / best / 1e6


if __name__ == "__main__":
    print(about(), f"loop {loop():.1f} ms, lxml {lxml_speed():.1f} MB/s")
