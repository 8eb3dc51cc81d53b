"""`wirekin doctor`: the versions and state of this machine, compared with what wirekin needs (requirement D8)."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version

import click

from wirekin import moves
from wirekin.cli._app import App, clock
from wirekin.cli._mends import told
from wirekin.cli._options import app_of, command
from wirekin.errors import WirekinError
from wirekin.model import FeedReport
from wirekin.render import move_note

FLOORS = {
    "starlette": ("1.3.1", "pip install -U starlette"),
    "h11": ("0.16", "pip install -U h11"),
    "httpx": ("0.28.1", "pip install -U httpx"),
    "feedparser": ("6.0.14", "pip install -U feedparser"),
    "selectolax": ("1.0", "pip install -U selectolax"),
    "sqlite-utils": ("4.0", "pip install -U sqlite-utils"),
    "apscheduler": ("3.11", "pip install -U apscheduler"),
}
EXPAT = ("2.7", "an update of Python or of the system's libexpat; until then documents that could crash it are refused")
SQLITE = ("3.51.3", "an update of Python or of the system's libsqlite3; until then let one process write at a time")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report."""

    what: str
    found: str
    floor: str
    ok: bool
    mend: str = ""


@command("doctor", shows=True)
@click.pass_context
def doctor_command(ctx: click.Context) -> None:
    """Compare versions with their floors, look at the configuration, the database and moved feeds, and say what to do.

    Warns about floors that this machine misses, and exits 0.
    """
    app = app_of(ctx)
    findings = [*_versions(), _configuration(app), _database(app), *_moves(app)]
    data = {
        "ok": all(f.ok for f in findings),
        "findings": [asdict(f) for f in findings],
    }
    rows = [("ok" if f.ok else "!!", f.what, f.found, f.floor, "" if f.ok else f.mend) for f in findings]
    app.show(data, lambda: app.table("", "What", "Found", "Wanted", "What to do", rows=rows, grow=4))


def _versions() -> list[Finding]:
    from pyexpat import EXPAT_VERSION

    from wirekin.store import sqlite_version

    found = [_against("python", platform.python_version(), "3.11", "install Python 3.11 or newer")]
    found += [_against(name, _installed(name), floor, mend) for name, (floor, mend) in FLOORS.items()]
    found.append(_against("expat", EXPAT_VERSION.removeprefix("expat_"), *EXPAT))
    found.append(_against("sqlite", sqlite_version(), *SQLITE))
    return found


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def _against(what: str, found: str, floor: str, mend: str) -> Finding:
    return Finding(what, found, f">= {floor}", _numbers(found) >= _numbers(floor), mend)


def _numbers(version_text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version_text)[:3])


def _configuration(app: App) -> Finding:
    try:
        feeds = len(app.config.feeds)
    except WirekinError as error:
        return Finding("configuration", "wrong", "sound", ok=False, mend=str(error).splitlines()[0])
    contact = app.config.settings.contact
    if not contact:
        mend = "set settings.contact: publishers can then write to you before they block you"
        return Finding("configuration", f"{feeds} feeds, no contact", "a contact", ok=False, mend=mend)
    return Finding("configuration", f"{feeds} feeds", "sound", ok=True)


def _database(app: App) -> Finding:
    try:
        if app.missing_file:
            return Finding("database", "none yet", "sound", ok=True)
        complaints = app.looking().check()
    except (WirekinError, OSError) as error:
        mend = told(error) if isinstance(error, OSError) else str(error)
        return Finding("database", "unusable", "sound", ok=False, mend=mend)
    if complaints:
        mend = "restore a backup: `wirekin db check` says all that is wrong"
        return Finding("database", complaints[0], "sound", ok=False, mend=mend)
    return Finding("database", "sound", "sound", ok=True)


def _moves(app: App) -> Iterator[Finding]:
    """The feeds that moved for good away from their address in feeds.yml, with the line to correct."""
    try:
        rows = () if app.missing_file else app.reader.feeds()
        file = app.path.read_text(encoding="utf-8").splitlines()
    except (WirekinError, OSError, ValueError):
        return  # already a finding of _configuration or _database
    for report in moves.reports(rows, {}, clock()):
        if found := move_note(report):
            yield Finding(f"feed {report.feed.name}", found, report.feed.url, ok=False, mend=_correction(report, file))


def _correction(report: FeedReport, file: Sequence[str]) -> str:
    """Which line of feeds.yml to change, and into what; without a number where the URL is not found as written."""
    state = report.state
    written = re.compile(rf"""(?<![^\s"'[]){re.escape(report.feed.url)}(?=["'\s,}}\]]|$)""")
    number = next((f" line {n}" for n, line in enumerate(file, 1) if written.search(line)), "")
    if state.merged_into:
        return f"feeds.yml{number}: remove this feed, the other one is polled for both"
    if state.address:
        return f"feeds.yml{number}: url: {state.address}"
    return f"nothing yet; where you know it for certain, feeds.yml{number}: url: {state.moved_to}"
