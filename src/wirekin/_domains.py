"""Registrable domains, by the public suffix list, which is read on first use; and how a domain is shown to people."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_DEEPEST = 8  # labels of a name that are looked at; no rule of the list has more than 5 (2026-11)

_LONGEST_LABEL = 63  # characters (RFC 1035, 2.3.4); punycode of 20,000 took 0.2 s (2026-11-30)

# --- letters that may be shown, all by their Unicode names and by judgement, 2026-11 ---
_OF_ANY_SCRIPT = frozenset("-0123456789")
# Scripts in daily use (UAX 31, table 5): letters of others (Cherokee, Canadian syllabics) are drawn like Latin ones.
_SCRIPTS = frozenset(
    re.findall(
        "[A-Z]+",
        "ARABIC ARMENIAN BENGALI BOPOMOFO CJK CYRILLIC DEVANAGARI ETHIOPIC GEORGIAN GREEK GUJARATI GURMUKHI HANGUL "
        "HEBREW HIRAGANA IDEOGRAPHIC KANNADA KATAKANA KHMER LAO LATIN MALAYALAM MYANMAR ORIYA SINHALA TAMIL TELUGU "
        "THAANA THAI TIBETAN",
    )
)
# Scripts that one language writes together; Latin stands beside Han and kana as it does in print (UTS 39, "Highly
# Restrictive").
_MIXED = (
    {"LATIN", "CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA"},
    {"LATIN", "CJK", "BOPOMOFO"},
    {"LATIN", "CJK", "HANGUL"},
)
# Latin letters that are no ASCII ones with marks: those that whole languages write. Not U+0131, U+0251, U+0261, U+01C0:
# they pass for i, a, g and l.
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyzæœøłđħŋðþə")
# No letter to be seen: the fillers that stand for a missing part of a Hangul syllable, and two Khmer vowels.
_UNSEEN = re.compile("HANGUL (?!SYLLABLE )|KHMER VOWEL INHERENT")
# Letters that Latin ones look like: of nothing else are labels that stand for others (аррӏе.com).
_LIKE_LATIN = re.compile(
    "[0-9-"
    "асԁеһіјӏорԛѕԝхуъьҽпгѵѡ"  # Cyrillic
    "αγηικνορτυχω"  # Greek
    "ագզլհյոռսւօցք"  # Armenian
    "იოყძხჽჿ"  # Georgian
    "דוחטיןס"  # Hebrew
    "ሀሠሰበተከዐዕዘጠ"  # Ethiopic
    "ดทนบปพฟมรลเแดທນບປພຟມຣລເແ"  # Thai, Lao
    "ဂငဝ"  # Myanmar
    "பഠଠ"  # Tamil, Malayalam, Oriya
    "]+"
)
# Han and kana that pass for signs or Latin letters where only such stand beside them: a stroke for "/", "-", "l".
_LIKE_SIGN = re.compile("(?<![^!-~])[一丨丶丿乀乁丁七乂口工卜〆ノンソゾロエトーヽヾ](?![^!-~])")
_HEAP_OF_MARKS = re.compile("^M|MMMM")  # in Unicode's categories of a label: a letter carries at most three


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
    one of letters that are Latin's to the eye only below a top level of its own script. A mark makes a letter another.
    """
    if "xn--" not in domain:
        return domain
    labels = domain.split(".")
    shown = list(map(_shown, labels))
    home = _scripts(shown[-1])
    return ".".join(
        label if _LIKE_LATIN.fullmatch(seen) and not home & _scripts(seen) else seen
        for label, seen in zip(labels, shown, strict=True)
    )


def _shown(label: str) -> str:
    seen = _spelt(label)
    try:
        spelt_so = seen.encode("idna").decode("ascii") == label
    except UnicodeError:  # no name at all, or letters younger than Unicode 3.2
        return label
    scripts = _scripts(seen)
    alone = len(scripts) == 1 or any(scripts <= mixed for mixed in _MIXED)
    return seen if spelt_so and alone and scripts <= _SCRIPTS and _is_plain(seen) else label


def _scripts(label: str) -> set[str]:
    """The scripts of its letters: the first words of their names."""
    return {unicodedata.name(char, "?").split(" ")[0].split("-")[0] for char in label if char not in _OF_ANY_SCRIPT}


def _is_plain(label: str) -> bool:
    """Whether it is letters with marks, all of them to be seen and none drawn like another letter or a sign."""
    letters = [char for char in label if char not in _OF_ANY_SCRIPT]
    kinds = "".join(unicodedata.category(char)[0] for char in letters)
    twice = any(kind == "M" and char == after for char, after, kind in zip(letters, letters[1:], kinds, strict=False))
    heaped = twice or _HEAP_OF_MARKS.search(kinds)
    return set(kinds) <= {"L", "M"} and not heaped and not _LIKE_SIGN.search(label) and all(map(_is_known, letters))


def _is_known(char: str) -> bool:
    name = unicodedata.name(char, "?")
    if name.startswith("LATIN "):
        return unicodedata.normalize("NFD", char)[0] in _LATIN
    return not _UNSEEN.match(name)


def _spelt(label: str) -> str:
    """A label as the list spells it: its rules are not in punycode."""
    if label.startswith("xn--") and len(label) <= _LONGEST_LABEL:
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
