"""`wirekin doctor`: what this machine has against what wirekin wants (requirement D8)."""

from __future__ import annotations

import platform
import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from wirekin.cli._app import App
from wirekin.cli._options import app_of, command
from wirekin.errors import WirekinError

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
    """One line of the doctor's."""

    what: str
    found: str
    floor: str
    ok: bool
    mend: str = ""


@command("doctor", shows=True)
@click.pass_context
def doctor_command(ctx: click.Context) -> None:
    """Compare versions with their floors, look at the configuration and the database, and say what to do.

    Warns about floors that this machine misses, and exits 0.
    """
    app = app_of(ctx)
    findings = [*_versions(), _configuration(app), _database(app)]
    data = {
        "ok": all(f.ok for f in findings),
        "findings": [
            {"what": f.what, "found": f.found, "floor": f.floor, "ok": f.ok, "mend": f.mend} for f in findings
        ],
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
    url = app.database_url
    if "://" not in url.removeprefix("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        return Finding("database", "none yet", "sound", ok=True)
    try:
        complaints = app.admin.check()
    except WirekinError as error:
        return Finding("database", "unusable", "sound", ok=False, mend=str(error))
    return Finding("database", complaints[0] if complaints else "sound", "sound", ok=not complaints, mend="db check")
