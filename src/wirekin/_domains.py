"""Registrable domains, by the public suffix list, which is read on first use; and how a domain is shown to people."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_DEEPEST = 8  # labels of a name that are looked at; no rule of the list has more than 5 (2026-11)

_OF_ANY_SCRIPT = frozenset("-0123456789")
# Scripts, by the first words of their letters' Unicode names, that one language writes together; Latin stands beside
# Han and kana as it does in print (UTS 39, "Highly Restrictive").
_MIXED = (
    {"LATIN", "CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA"},
    {"LATIN", "CJK", "BOPOMOFO"},
    {"LATIN", "CJK", "HANGUL"},
)
# Cyrillic letters that Latin ones look like (by judgement, 2026-11): of nothing else are labels that stand for others
# (аррӏе.com), and browsers show those as they are spelt.
_LIKE_LATIN = re.compile("[асԁеһіјӏорԛѕԝхуъьпгѵѡ0-9-]+")


def registrable(host: str) -> str | None:
    """The registrable domain of a name; None for a public suffix and for a single label.

    As `publicsuffixlist.PublicSuffixList.privatesuffix`, by the list in its package. Importing the class and parsing
    the list with it take 35 ms, this set 5 (2026-11), and every command that reads feeds.yml needs it.
    """
    labels = host.lower().removesuffix(".").split(".")
    public = _public([_spelt(label) for label in labels[-_DEEPEST:]])
    return ".".join(labels[-public - 1 :]) if public < len(labels) and "" not in labels else None


def _public(labels: list[str]) -> int:
    """How many of the last labels are the public suffix (publicsuffix.org, "Algorithm")."""
    rules = _rules()
    for at in range(len(labels) if len(labels) > 1 else 0):
        name, count = ".".join(labels[at:]), len(labels) - at
        if f"!{name}" in rules:
            return count - 1
        if f"*.{name}" in rules:  # a wildcard makes the name itself a public suffix, too
            return count + 1 if at else count
        if name in rules:
            return count
    return 1


def readable(domain: str) -> str:
    """A domain as people read it: "пример.рф" for "xn--e1afmkfd.xn--p1ai"; a label that could deceive stays as it is.

    As browsers do, and rather less: a label is shown in letters of one script, or of those that one language mixes, and
    one of Cyrillic letters that are Latin's to the eye only below a domain that is not ASCII.
    """
    if "xn--" not in domain:
        return domain
    labels = domain.split(".")
    shown = list(map(_shown, labels))
    if shown[-1].isascii():
        shown = [label if _LIKE_LATIN.fullmatch(seen) else seen for label, seen in zip(labels, shown, strict=True)]
    return ".".join(shown)


def _shown(label: str) -> str:
    seen = _spelt(label)
    try:
        spelt_so = seen.encode("idna").decode("ascii") == label
    except UnicodeError:  # no name at all, or letters younger than Unicode 3.2
        return label
    letters = [char for char in seen if char not in _OF_ANY_SCRIPT]
    scripts = {unicodedata.name(char, "?").split(" ")[0].split("-")[0] for char in letters}
    sound = all(unicodedata.category(char)[0] in "LM" for char in letters)
    alone = len(scripts) == 1 or any(scripts <= mixed for mixed in _MIXED)
    return seen if spelt_so and sound and alone else label


def _spelt(label: str) -> str:
    """A label as the list spells it: its rules are not in punycode."""
    if label.startswith("xn--"):
        try:
            return label[4:].encode().decode("punycode")
        except UnicodeError:
            pass
    return label


@cache
def _rules() -> frozenset[str]:
    spec = find_spec("publicsuffixlist")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("publicsuffixlist")
    lines = Path(spec.origin).with_name("public_suffix_list.dat").read_text(encoding="utf-8").splitlines()
    return frozenset([line for line in lines if line and not line.startswith("//")])
