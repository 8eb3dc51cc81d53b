"""The web under load: what a repeated question costs beside the same bytes from nothing, and what a new one takes.

    python bench/web.py [--quick]

wrk (of Debian) asks two servers in turn, each in a process of its own on one core: wirekin over 100,000 headlines, for
one `/v1/related` again and again; and a bare Starlette app with one route, which answers the very same bytes and
headers on the same uvicorn with the same settings. Answers a second of the server's CPU count, so that other work on
the machine does not; the ratio is of medians. Then wirekin gets distinct questions one after another, and the wall
milliseconds of each are taken: that is what a reader waits; of its CPU too, which other work leaves alone.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import store as filling
from _measure import keep, spread, table

TURNS = 5  # of each server, interleaved
SECONDS = 4  # of each turn
CONNECTIONS = 16
QUESTIONS = 400  # distinct ones, at concurrency 1
HEADLINES = 100_000
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Served:
    """One server in a process of its own."""

    name: str
    address: str
    pid: int

    def get(self, path: str) -> http.client.HTTPResponse:
        """One answer, on a connection of its own; not yet read."""
        connection = http.client.HTTPConnection(self.address.removeprefix("http://"), timeout=60)
        connection.request("GET", path)
        return connection.getresponse()

    def cpu(self) -> float:
        """Seconds that it used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def answers(self, path: str, seconds: int) -> tuple[float, float]:
        """Load it for so long: (answers a second of its CPU, answers a second of the clock)."""
        before = self.cpu()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", self.address + path]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        if "Non-2xx" in said or "Socket errors" in said:
            sys.exit(f"{self.name} did not answer all:\n{said}")
        found = re.search(r"(\d+) requests in ([\d.]+)(m?s)", said)
        if found is None:
            sys.exit(f"wrk said something new:\n{said}")
        count = int(found[1])
        return count / (self.cpu() - before), count / (float(found[2]) / (1000 if found[3] == "ms" else 1))


# --- the servers -------------------------------------------------------------------------------------------------


def serve(database: str, body_file: str) -> None:
    """In the child: wirekin over the database, or the bare app where there is a body; prints the address."""
    from starlette.applications import Starlette
    from starlette.responses import Response
    from starlette.routing import Route

    from wirekin.store._sqlite import open_sqlite
    from wirekin.web import WebContext, create_app, make_server

    if body_file:
        kept = json.loads(Path(body_file).read_text(encoding="utf-8"))
        body, headers = kept["body"].encode(), kept["headers"]

        async def answer(_: object) -> Response:
            return Response(body, 200, headers)

        app = Starlette(routes=[Route("/v1/related", answer)])
    else:
        backend = open_sqlite(database, query_limit=timedelta(seconds=60))
        context = WebContext(filling.RULES, {}, keep=filling.KEPT)
        app = create_app(backend, current=lambda: context, clock=lambda: filling.NOW)
    server = make_server(app, "127.0.0.1", 0)
    print(server.address, flush=True)
    server.run()


@contextmanager
def served(name: str, database: str, body_file: str = "") -> Iterator[Served]:
    """A server in a child on the last core, wrk being left the others."""
    core = str(max(os.sched_getaffinity(0)))
    command = ["taskset", "-c", core, sys.executable, __file__, "--serve", database, body_file]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        try:
            yield Served(name, child.stdout.readline().strip() if child.stdout else "", child.pid)
        finally:
            child.terminate()


def fill(database: str, wanted: int) -> None:
    """So many headlines of bench/store.py in a database; without its own table."""
    from wirekin.store._sqlite import open_sqlite

    backend = open_sqlite(database, query_limit=timedelta(seconds=60))
    with contextlib.closing(backend.store()) as store, contextlib.redirect_stdout(io.StringIO()):
        feeds = [filling.feed_of(n) for n in range(filling.FEEDS)]
        store.sync_feeds(feeds, filling.NOW)
        filling.fill(store, feeds, wanted, random.Random(20261122))


def question(server: Served) -> str:
    """The address of what is related to the newest headline's title."""
    newest = json.load(server.get("/v1/headlines?limit=1"))["items"][0]
    return "/v1/related?title=" + quote(newest["title"])


def kept_answer(server: Served, path: str, to: Path) -> int:
    """Put wirekin's answer, with its headers, where the bare app finds it; its length."""
    answer = server.get(path)
    body = answer.read()
    skipped = {"content-length", "date", "server", "connection"}
    headers = {name: value for name, value in answer.getheaders() if name.lower() not in skipped}
    to.write_text(json.dumps({"body": body.decode(), "headers": headers}), encoding="utf-8")
    return len(body)


# --- measuring ---------------------------------------------------------------------------------------------------


def repeated(ours: Served, bare: Served, path: str, seconds: int) -> None:
    """The same question again and again, the two in turn."""
    rows: dict[str, list[tuple[float, float]]] = {ours.name: [], bare.name: []}
    for _ in range(TURNS):
        for one in (ours, bare):
            rows[one.name].append(one.answers(path, seconds))
    cpu = {name: spread(per_cpu for per_cpu, _ in found) for name, found in rows.items()}
    clock = {name: spread(a_second for _, a_second in found) for name, found in rows.items()}
    share = 100 * cpu[ours.name].median / cpu[bare.name].median
    table(
        ("server", "answers a CPU second: median (least-most)", "answers a second"),
        ((name, cpu[name], clock[name]) for name in rows),
    )
    print(f"\nwirekin answers {share:.0f}% of what a bare app does (at least 70%, aim 90%).\n")
    keep("web, cached related, share", share)


def distinct(ours: Served, count: int) -> None:
    """Questions that were never asked, one at a time."""
    rng, times, before = random.Random(2), list[float](), ours.cpu()
    for _ in range(count):
        path = "/v1/related?title=" + quote(filling.words(rng, 10))
        started = time.perf_counter()
        ours.get(path).read()
        times.append((time.perf_counter() - started) * 1e3)
    times.sort()
    p50, p95 = times[count // 2], times[count * 95 // 100]
    mean = (ours.cpu() - before) / count * 1e3
    print(
        f"{count} distinct questions, one at a time, wall: p50 {p50:.1f} ms, p95 {p95:.1f} ms; CPU {mean:.1f} ms each"
    )
    print("(p95 at most 8 ms, aim 4 ms; the client's connection and this machine's other work are in it).")
    keep("web, distinct related, p95 ms", p95)


def main() -> None:
    """Fill a database, serve it, measure."""
    quick = "--quick" in sys.argv
    wanted, seconds, count = (2_000, 1, 40) if quick else (HEADLINES, SECONDS, QUESTIONS)
    if not (shutil.which("wrk") and shutil.which("taskset")):
        reason = "wrk or taskset is not installed (apt install wrk util-linux)"
        print(f"Skipped: {reason}")
        for name in ("web, cached related, share", "web, distinct related, p95 ms"):
            keep(name, None, reason)
        return
    with tempfile.TemporaryDirectory() as folder:
        database, kept = str(Path(folder) / "bench.db"), Path(folder) / "answer.json"
        fill(database, wanted)
        with served("wirekin", database) as ours:
            path = question(ours)
            size = kept_answer(ours, path, kept)
            print(f"{wanted:,} headlines; an answer of {size:,} bytes; one core, {CONNECTIONS} connections.\n")
            with served("bare Starlette", "", str(kept)) as bare:
                repeated(ours, bare, path, seconds)
            distinct(ours, count)


if __name__ == "__main__":
    if "--serve" in sys.argv:
        serve(*sys.argv[2:4])
    else:
        main()
