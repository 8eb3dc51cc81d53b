"""The content of the wheel, built from this checkout with the pinned build tool."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("hatchling", reason="the pinned builder is not installed: run `make test`")

ROOT = Path(__file__).parents[2]


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    package = ROOT / "src"
    ours = {
        str(path.relative_to(package))
        for path in (package / "wirekin").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert packed == ours | {"wirekin/demo/feeds.yml"}  # the shipped topics, for the demo
    assert {"wirekin/py.typed", "wirekin/config/template.yml"} <= packed
    assert (
        "wirekin = wirekin.cli:main"
        in zipfile.Path(wheel, f"{'-'.join(wheel.name.split('-')[:2])}.dist-info/entry_points.txt").read_text()
    )
