"""Registrable domains, by the public suffix list, which is read on first use."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

_DEEPEST = 8  # labels of a name that are looked at; no rule of the list has more than 5 (2026-11)


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
