"""docs/configuration.md names every key, and its YAML examples are valid."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from wirekin import config
from wirekin.config._build import FEED, PUBLISHER, SECTIONS, SELECT, SETTINGS
from wirekin.config._check import brief, duration
from wirekin.config._tokens import TOKEN
from wirekin.config._topics import TOPIC

DOC = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
KEYS = {
    "settings": SETTINGS,
    "publishers": PUBLISHER,
    "feeds": FEED,
    "select": SELECT,
    "topics": TOPIC,
    "admin_tokens": TOKEN,
}


def section(name: str) -> str:
    found = re.search(rf"^##+ {name}\n(.*?)(?=^##+ |\Z)", DOC, re.DOTALL | re.MULTILINE)
    return found[1] if found else ""


@pytest.mark.parametrize("name", SECTIONS)
def test_every_section_is_documented(name):
    assert section(name)


@pytest.mark.parametrize(("name", "key"), [(name, key) for name, keys in KEYS.items() for key in keys])
def test_exactly_the_existing_keys_are_documented(name, key):
    documented = re.findall(r"^\| `(\w+)` \|", section(name), re.MULTILINE)

    assert key in documented
    assert len(documented) == len(KEYS[name])


@pytest.mark.parametrize("field", [field for field in fields(config.Settings) if field.name != "allow_private"])
def test_the_default_of_every_setting_is_the_documented_one(field):
    row = re.search(rf"^\| `{field.name}` \| (.+?) \|", DOC, re.MULTILINE)
    assert row is not None
    text = row[1].strip("`")

    default = {"none": None, "[]": (), "true": True, "false": False, '["127.0.0.1:8000"]': ("127.0.0.1:8000",)}.get(
        text, text
    )
    assert field.default in {default, duration(text), int(text) if text.isdecimal() else default}


@pytest.mark.parametrize("example", re.findall(r"```yaml\n(.*?)```", DOC, re.DOTALL))
def test_every_example_is_a_valid_configuration(example):
    config.parse_config(example, Path("feeds.yml"))


@pytest.mark.parametrize("text", ["90s", "30m", "6h", "14d", "5d", "1h30m"])
def test_a_formatted_duration_reads_back_as_the_same_duration(text):
    length = duration(text)

    assert length is not None
    assert duration(brief(length)) == length
