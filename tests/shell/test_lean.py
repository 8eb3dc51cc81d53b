"""Packages that a process must not load: each costs some megabytes of memory in every poll (docs/adr/0012)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from wirekin._absent import absent
from wirekin.store import open_store

POLLER = """
import wirekin.cli._refresh, wirekin.cli._compose, wirekin.parse
from wirekin.store import open_store
open_store({database!r}).store().sync_feeds((), {now})
"""
NOW = "__import__('datetime').datetime.now(__import__('datetime').UTC)"
WORKER = "import wirekin._worker as worker, wirekin._absent\nwith wirekin._absent.absent('ssl'): import wirekin.parse"


def loaded(program: str, *names: str) -> list[str]:
    """Which of these modules a program has loaded when it ends."""
    tell = f"\nimport sys\nprint(*[name for name in {names!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program + tell], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_a_poller_loads_no_numpy_no_terminal_library_and_no_html_parser(tmp_path: Path) -> None:
    program = POLLER.format(database=str(tmp_path / "w.db"), now=NOW)

    unwanted = ("numpy", "pandas", "httpx._main", "rich", "pygments", "selectolax", "multiprocessing.pool", "ruamel")
    unwanted += ("prometheus_client", "publicsuffixlist")
    assert loaded(program, "sqlite_utils", "httpx", "feedparser", *unwanted) == ["sqlite_utils", "httpx", "feedparser"]


LISTING = """
import sys
from wirekin.cli import main
sys.argv = ["wirekin", "--config", {config!r}, *{words!r}]
try:
    main()
except SystemExit:
    sys.stdout = sys.__stdout__
"""


@pytest.mark.parametrize(
    ("words", "wanted"), [(["headlines"], []), (["headlines", "--json"], ["pydantic"]), (["db", "stats"], [])]
)
def test_a_list_command_loads_no_templates_or_parsers_and_pydantic_only_for_json(
    tmp_path: Path, words: list[str], wanted: list[str]
) -> None:
    config = tmp_path / "feeds.yml"
    config.write_text("feeds: []\n", encoding="utf-8")
    open_store(str(tmp_path / "data" / "wirekin.db")).store().close()

    names = loaded(LISTING.format(config=str(config), words=words), "pydantic", "jinja2", "feedparser", "lxml", "httpx")

    assert [name for name in names if name in {"pydantic", "jinja2", "feedparser", "lxml", "httpx"}] == wanted


def test_the_web_loads_its_renderers_before_the_first_request() -> None:
    program = "import wirekin.web as web; web.create_app(None, current=lambda: None, clock=lambda: None)"

    assert loaded(program, "wirekin.render._html", "wirekin.render._elsewhere") == [
        "wirekin.render._html",
        "wirekin.render._elsewhere",
    ]


def test_a_parser_process_loads_neither_an_event_loop_nor_tls() -> None:
    assert loaded(WORKER, "lxml", "feedparser", "asyncio", "ssl", "sqlite3", "click") == ["lxml", "feedparser"]


def test_absent_hides_a_module_only_within_its_block_and_keeps_loaded_ones() -> None:
    sys.modules.pop("this", None)
    with absent("json", "this"), pytest.raises(ImportError):
        __import__("this")

    assert "this" not in sys.modules
    assert sys.modules["json"].loads("1") == 1
