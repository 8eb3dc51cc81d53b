"""Whatever the quick reader of feeds.yml accepts, the careful one reads in the same way (ADR 11)."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from wirekin import config
from wirekin.config import _quick, _yaml
from wirekin.config._nodes import Mapping, Node, Scalar, Sequence, YamlError
from wirekin.config._quick import Unsure, read_quickly
from wirekin.config._yaml import read

PROOF = bool(os.environ.get("WIREKIN_PROOF"))
MUTANTS = 20_000 if PROOF else 400
SHIPPED = (Path(__file__).resolve().parents[2] / "feeds.yml").read_text(encoding="utf-8")
SMALL = """\
feeds:
  - {url: "http://a.example/rss", name: x, allow_private: [1.2.3.4:80]}
  - url: http://b.example/
    every: 30m
    lang: no
topics:
  a:
    rule: |
      one OR
      two
    name: >-
      A b
terms:
  l: [a, b c, 'd', "e\\n"]
"""
PIECES = [
    *[":", ": ", " :", "-", "- ", ",", "[", "]", "{", "}", "#", " #", '"', "'", "|", ">", "|-", ">+", "\n", "\n  "],
    *[
        "  ",
        "?",
        "? ",
        "@",
        "`",
        "\\",
        "\\/",
        "\\x",
        "no",
        "0o17",
        "~",
        "null",
        "::",
        "é",
        "ی",
        "&",
        "*",
        "!",
        "=",
        "%",
    ],
    *["<<: ", "---", "...", "\0", "\a", "1:2", "a:b", "{a: b}", "[a:b]", '"a":1', "'a':1", "!a", "- - ", "\n\n", "\t"],
    *["\r", "\x85", "\u2028", "\xa0", "😀"],
]


def shape(node: Node | None) -> object:
    """A node without its line and column numbers."""
    if isinstance(node, Scalar):
        return node.text, node.plain
    if isinstance(node, Sequence):
        return [shape(item) for item in node.items]
    return node and (Mapping, [(shape(key), shape(value)) for key, value in node.pairs])


def spoiled(text: str, dice: random.Random) -> str:
    """The text with up to four random typing errors."""
    for _ in range(dice.randint(1, 4)):
        at, slip = dice.randrange(len(text) + 1), dice.random()
        if slip < 0.5:
            text = text[:at] + dice.choice(PIECES) + text[at:]
        elif slip < 0.8:
            text = text[:at] + text[at + dice.randint(1, 4) :]
        else:
            other = dice.randrange(len(text) + 1)
            text = text[:at] + text[other : other + dice.randint(1, 30)] + text[at:]
    return text


def test_both_readers_read_the_shipped_file_alike():
    expected = shape(read(SHIPPED))

    assert expected == shape(read_quickly(SHIPPED))


@pytest.mark.proof
def test_whatever_the_quick_reader_accepts_the_careful_one_reads_alike():
    dice = random.Random(11)
    lines = SHIPPED.split("\n")
    seeds = [SMALL, *("\n".join(lines[at : at + 25]) for at in range(0, len(lines), 20))]
    accepted = 0
    for number in range(MUTANTS):
        text = spoiled(SMALL if number % 2 else dice.choice(seeds), dice)
        try:
            quick = shape(read_quickly(text))
        except Unsure:
            continue
        accepted += 1
        try:
            careful = shape(read(text))
        except YamlError as error:
            careful = error.message

        assert careful == quick, text
    assert accepted > MUTANTS // 20


@pytest.mark.parametrize(
    "text",
    [
        "a:\tb",
        "a: b\r\n",
        "a: b\x85c: d",
        "a: b\u2028c",
        "\ufeffa: b",
        "%YAML 1.1\n---\na: yes",
        "---\na: b",
        "a: b\n...\n",
        "? a\n: b",
        "[? a : b]",
        'a: ["b":1]',
        "a: ['b' :]",
        "a: |\n        \n  b\n",
        "a: >#-\n  b\n",
        "a: &b c",
        "a: *b",
        "a: !!str b",
        "a: [b",
        "a: b\n--- c",
        "[a, b]: c",
        "[" * 20 + "]" * 20,
        "",
    ],
)
def test_the_quick_reader_declines_where_the_readers_might_differ(text: str):
    with pytest.raises(Unsure):
        read_quickly(text)


def test_words_that_are_not_text_in_yaml_1_1_stay_text():
    text = "[no, on, 010, 0x1f, 1_000, 12:30:45, 2026-11-25, 1e3, =, <<, y]"

    assert shape(read(text)) == shape(read_quickly(text))


def test_a_valid_file_needs_only_the_quick_reader(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(_yaml, "read")

    assert len(config.parse_config(SMALL, Path("feeds.yml")).feeds) == 2


def test_without_libyaml_the_careful_reader_reads_every_file(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(_quick.yaml, "CSafeLoader")

    with pytest.raises(Unsure):
        read_quickly(SMALL)
    assert len(config.parse_config(SMALL, Path("feeds.yml")).feeds) == 2
