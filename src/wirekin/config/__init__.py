"""feeds.yml: its syntax and defaults, its errors with file, line, column and the nearest known key, and its editing.

find -> load: bytes -> YAML nodes with places -> checked values, every complaint collected -> Config.
"""

from __future__ import annotations

from importlib.resources import files

from wirekin.config._build import sameness
from wirekin.config._check import LEAST_KEEP, LONGEST, duration, nearest
from wirekin.config._edit import add_feed, import_feeds, remove_feed, replace_file
from wirekin.config._model import Config, Images, Settings, Unmatched
from wirekin.config._read import find, is_there, load, parse_config, shown

__all__ = [
    "LEAST_KEEP",
    "LONGEST",
    "Config",
    "Images",
    "Settings",
    "Unmatched",
    "add_feed",
    "duration",
    "find",
    "import_feeds",
    "is_there",
    "load",
    "nearest",
    "parse_config",
    "remove_feed",
    "replace_file",
    "sameness",
    "shown",
    "template",
]


def template() -> str:
    """A short commented feeds.yml to start from, as `wirekin init` writes it."""
    return files(__name__).joinpath("template.yml").read_text(encoding="utf-8")
