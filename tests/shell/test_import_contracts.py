"""Each import contract fails when it is broken: a contract that cannot fail proves nothing."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")

# contract -> (a module, an import that the contract forbids it)
BREACHES = {
    "layers": ("urls/__init__.py", "wirekin.parse"),
    "httpx": ("refresh.py", "httpx"),
    "feedparser": ("digest.py", "feedparser"),
    "nh3": ("parse/__init__.py", "nh3"),
    "numpy": ("related.py", "numpy"),
    "pillow": ("images.py", "PIL"),
    "sqlite3": ("cli/_db.py", "sqlite3"),
    "jinja2": ("web/__init__.py", "jinja2"),
    "starlette": ("cli/_run.py", "starlette"),
    "apscheduler": ("cli/_run.py", "apscheduler"),
    "prometheus_client": ("web/__init__.py", "prometheus_client"),
    "click": ("demo/__init__.py", "click"),
    "ruamel": ("cli/_setup.py", "ruamel.yaml"),
    "publicsuffixlist": ("fetch/__init__.py", "publicsuffixlist"),
    "pydantic": ("web/__init__.py", "pydantic"),
    "backends": ("refresh.py", "wirekin.store._claims"),
    "parse": ("parse/_dates.py", "wirekin.parse.pages._dom"),
    "pages": ("parse/pages/_cards.py", "wirekin.parse.pages._score"),
    "pure": ("schedule.py", "logging"),
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not LINTER.exists(), reason="import-linter is not installed beside this Python (make check does it)"
    ),
]


def contracts() -> list[str]:
    settings = configparser.ConfigParser()
    settings.read(ROOT / ".importlinter")
    return [section.rpartition(":")[2] for section in settings.sections() if ":contract:" in section]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINTER, "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{folder / 'src'}{os.pathsep}{os.environ['PYTHONPATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_contract_has_a_breach_that_tests_it() -> None:
    assert sorted(contracts()) == sorted(BREACHES)


@pytest.mark.parametrize("contract", sorted(BREACHES))
def test_a_breach_of_a_contract_is_reported(contract: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "src", tmp_path / "src")
    shutil.copy(ROOT / ".importlinter", tmp_path)
    module, forbidden = BREACHES[contract]
    broken = tmp_path / "src" / "wirekin" / module
    broken.write_text(f"{broken.read_text()}\nimport {forbidden}\n")

    told = lint(tmp_path)

    assert told.returncode == 1, told.stdout + told.stderr
    assert "1 broken" in told.stdout or "BROKEN" in told.stdout
