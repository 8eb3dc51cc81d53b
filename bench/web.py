"""The web under load: what a repeated question costs beside the same bytes from a bare app, and what a new one takes.

    python bench/web.py [--quick | --long]

wrk (of Debian) asks two servers in turn, each in a process of its own on one core: wirekin over 100,000 headlines, for
one `/v1/related` again and again; and a bare Starlette app with one route, which answers the very same bytes and
headers on the same uvicorn with the same settings. Compared are answers per second of the server's CPU, so that other
work on the machine does not count; the ratio is of medians. Then wirekin gets distinct questions one after another. The
wall time of each is what a reader waits; the CPU time is taken too, which other work does not disturb.

Datasette (by pip, in a venv of its own under .venv) answers the same question over the same database, read-only and
immutable, as one join of the full-text index, headlines and stories, six rows as JSON: a repeated question by wrk,
and the distinct ones. It keeps no answers, and does not rank, fold copies or hold publishers apart as wirekin does.

Last, 100 good clients ask four times a second each while 1,000 connections have sent half a request head and wait. All
good ones must be answered; the 99th percentile of their waits by the clock is taken, with and without the 1,000.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import io
import json
import os
import random
import re
import resource
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, unquote, urlencode

import store as filling
from _measure import Spread, apt, keep, options, skip, spread, table
from wirekin import text

TURNS = {"quick": 1, "usual": 3, "long": 5}  # of each server, interleaved
SECONDS = {"quick": 1, "usual": 3, "long": 4}  # of each turn
CONNECTIONS = 16
QUESTIONS = {"quick": 40, "usual": 400, "long": 400}  # distinct ones, at concurrency 1
HEADLINES = {"quick": 2_000, "usual": 100_000, "long": 100_000}
HALF_OPEN, GOOD = 1_000, 100  # connections, requirement D4
PAUSE = 0.25  # seconds between two questions of a good client: 400 a second in all, some 5 % of what the core can do
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
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s", self.address + path]
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
    """Make a database of so many headlines of bench/store.py: a copy of the one that it left, or a new one."""
    if (ready := filling.left(wanted)) is not None and ready.is_file():
        shutil.copyfile(ready, database)
        return
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


DATASETTE = Path(__file__).resolve().parents[1] / ".venv" / "peers" / "datasette"
JOIN = """
select h.id, h.url, h.title, h.summary, h.first_seen_at, h.published_at, s.id as story, s.headlines, s.publishers
from headline_terms as f join headlines as h on h.n = f.rowid join stories as s on s.id = h.story_id
where headline_terms match :words and h.happened_at >= :since order by bm25(headline_terms) limit 6
"""


def datasette(*, quick: bool) -> Path | None:
    """Its command; None, and the reason said, where pip cannot get it. A quick run fetches nothing."""
    command = DATASETTE / "bin" / "datasette"
    reason = "" if command.exists() else "datasette is not installed, and a quick run fetches nothing"
    if reason and not quick:
        reason = _installed()
    if not reason:
        return command
    skip("web, * question against datasette", reason)
    return None


def _installed() -> str:
    """Install it into a venv of its own; why that could not be done, "" where it could."""
    pip = [DATASETTE / "bin" / "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet", "datasette"]
    try:
        subprocess.run([sys.executable, "-m", "venv", DATASETTE], check=True, capture_output=True)
        subprocess.run(pip, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        return f"datasette cannot be had: {error}"
    return ""


@contextmanager
def served_by_datasette(command: Path, database: Path) -> Iterator[Served]:
    """Datasette over a copy of the database, on the same core as the others."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    core = str(max(os.sched_getaffinity(0)))
    settings = {"sql_time_limit_ms": "60000", "default_cache_ttl": "0", "suggest_facets": "off"}
    options = [part for name, value in settings.items() for part in ("--setting", name, value)]
    serving = ["taskset", "-c", core, command, "serve", "-i", database, "-p", str(port), *options]
    with subprocess.Popen(serving, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        found = Served("datasette", f"http://127.0.0.1:{port}", child.pid)
        try:
            for _ in range(300):
                with contextlib.suppress(OSError):
                    found.get("/-/versions.json").read()
                    break
                time.sleep(0.1)
            yield found
        finally:
            child.terminate()


def join_of(database: Path, title: str) -> str:
    """The address at which datasette answers what /v1/related?title= does: by the six rarest words, as wirekin asks."""
    rarest = "select term from term_frequencies where term in (select value from json_each(?)) order by doc limit 6"
    with contextlib.closing(sqlite3.connect(database)) as conn:
        known = conn.execute(rarest, (json.dumps(text.terms(title)),))
        words = " OR ".join(f'"{term}"' for (term,) in known)
    since = int((filling.NOW - timedelta(days=14)).timestamp() * 1e6)
    asked = {"sql": JOIN, "words": words, "since": since, "_shape": "array"}
    return f"/{database.stem}.json?{urlencode(asked)}"


def kept_answer(server: Served, path: str, to: Path) -> int:
    """Put wirekin's answer, with its headers, where the bare app finds it; its length."""
    answer = server.get(path)
    body = answer.read()
    skipped = {"content-length", "date", "server", "connection"}
    headers = {name: value for name, value in answer.getheaders() if name.lower() not in skipped}
    to.write_text(json.dumps({"body": body.decode(), "headers": headers}), encoding="utf-8")
    return len(body)


# --- measuring ---------------------------------------------------------------------------------------------------


def repeated(ours: Served, bare: Served, path: str, size: str) -> None:
    """The same question again and again, the two in turn."""
    rows: dict[str, list[tuple[float, float]]] = {ours.name: [], bare.name: []}
    for _ in range(TURNS[size]):
        for one in (ours, bare):
            rows[one.name].append(one.answers(path, SECONDS[size]))
    cpu = {name: spread(per_cpu for per_cpu, _ in found) for name, found in rows.items()}
    clock = {name: spread(a_second for _, a_second in found) for name, found in rows.items()}
    times = cpu[ours.name].times(cpu[bare.name])
    share = Spread(100 * times.median, 100 * times.least, 100 * times.most)
    table(
        ("server", "answers a CPU second: median (least-most)", "answers a second"),
        ((name, cpu[name], clock[name]) for name in rows),
    )
    print(f"\nwirekin answers {share.median:.0f}% of what a bare app does (at least 70%, aim 90%).\n")
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


def against_datasette(command: Path, ours: Served, path: str, database: str, folder: Path, size: str) -> None:
    """The same repeated question to both, in turn; then the same distinct ones."""
    copy = folder / "copy.db"
    with contextlib.closing(sqlite3.connect(database)) as conn:
        conn.execute("vacuum into ?", (str(copy),))
    title = unquote(path.partition("title=")[2])
    with served_by_datasette(command, copy) as theirs:
        join = join_of(copy, title)
        rows = json.load(theirs.get(join))
        if not rows:
            sys.exit(f"datasette found nothing: {rows}")
        seconds, count = SECONDS[size], QUESTIONS[size]
        found = [(ours.answers(path, seconds)[0], theirs.answers(join, seconds)[0]) for _ in range(TURNS[size])]
        repeated_times = spread(mine for mine, _ in found).times(spread(others for _, others in found))
        rng = random.Random(3)
        titles = [filling.words(rng, 10) for _ in range(count)]
        before = ours.cpu(), theirs.cpu()
        for one in titles:
            ours.get("/v1/related?title=" + quote(one)).read()
            theirs.get(join_of(copy, one)).read()
        mine, others = ours.cpu() - before[0], theirs.cpu() - before[1]
    print(
        f"\nAgainst datasette, {len(rows)} rows of a comparable join, by CPU: a repeated question"
        f" {repeated_times.median:.1f} times (at least 7, aim 10); distinct ones"
        f" {others / mine:.2f} times ({mine / count * 1e3:.1f} ms against {others / count * 1e3:.1f} ms each)."
    )
    keep("web, repeated question against datasette", repeated_times)
    keep("web, distinct question against datasette", others / mine)


def beside_half_open(ours: Served, path: str, size: str) -> None:
    """What good clients wait while others hold half-open connections, and while nobody does, in turn."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 4_096), hard), hard))
    beside, alone = list[float](), list[float]()
    for _ in range(TURNS[size]):
        with half_open(ours):
            beside.append(p99(ours, path, SECONDS[size]))
        alone.append(p99(ours, path, SECONDS[size]))
    print(
        f"\n{GOOD} good clients beside {HALF_OPEN:,} half-open connections, p99 by the clock: {spread(beside)} ms"
        f" (at most 500, aim 200), no errors; without those {spread(alone)} ms."
    )
    keep("web, p99 beside half-open, ms", spread(beside))


@contextmanager
def half_open(server: Served) -> Iterator[None]:
    """Hold HALF_OPEN connections that have sent half a request head; the server gives each ten seconds for the rest."""
    host, port = server.address.removeprefix("http://").split(":")
    with contextlib.ExitStack() as open_ones:
        for _ in range(HALF_OPEN):
            one = open_ones.enter_context(socket.create_connection((host, int(port)), timeout=10))
            one.sendall(b"GET /v1/related HTTP/1.1\r\nHost: a.example\r\nX-Slow: ")
        yield


def p99(server: Served, path: str, seconds: int) -> float:
    """Milliseconds within which 99 of 100 answers came to GOOD clients, each asking every PAUSE seconds."""
    server.get("/healthz").read()  # answered only after the server has seen to all connections opened or closed before
    waits = asyncio.run(good_clients(server, path, seconds))
    return sorted(waits)[len(waits) * 99 // 100] * 1e3


async def good_clients(server: Served, path: str, seconds: int) -> list[float]:
    """The seconds that each answer took; all of them, or an error."""
    host, port = server.address.removeprefix("http://").split(":")
    head = f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()

    async def client(number: int) -> list[float]:
        await asyncio.sleep(PAUSE * number / GOOD)
        reader, writer = await asyncio.open_connection(host, int(port))
        waits = []
        until = time.perf_counter() + seconds
        while (started := time.perf_counter()) < until:
            writer.write(head)
            answer = await reader.readuntil(b"\r\n\r\n")
            if not answer.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(answer)
            await reader.readexactly(int(answer.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]))
            waits.append(time.perf_counter() - started)
            await asyncio.sleep(max(0.0, PAUSE - waits[-1]))
        writer.close()
        return waits

    return [wait for waits in await asyncio.gather(*map(client, range(GOOD))) for wait in waits]


def main() -> None:
    """Fill a database, serve it, measure."""
    size = options(__doc__).parse_args().size
    if reason := apt("wrk", "wrk", fetch=size != "quick") or apt("taskset", "util-linux", fetch=size != "quick"):
        skip("web, *", reason)
        return
    with tempfile.TemporaryDirectory() as folder:
        database, kept = str(Path(folder) / "bench.db"), Path(folder) / "answer.json"
        fill(database, HEADLINES[size])
        with served("wirekin", database) as ours:
            path = question(ours)
            length = kept_answer(ours, path, kept)
            print(
                f"{HEADLINES[size]:,} headlines; an answer of {length:,} bytes; one core, {CONNECTIONS} connections.\n"
            )
            with served("bare Starlette", "", str(kept)) as bare:
                repeated(ours, bare, path, size)
            distinct(ours, QUESTIONS[size])
            if command := datasette(quick=size == "quick"):
                against_datasette(command, ours, path, database, Path(folder), size)
            beside_half_open(ours, path, size)


if __name__ == "__main__":
    if "--serve" in sys.argv:
        serve(*sys.argv[2:4])
    else:
        main()
