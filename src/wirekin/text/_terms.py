"""Index terms: what the full-text index and the grouping window hold of a text.

tokens -> without stop words -> demonyms as their country -> a light stem by script. The stems are conflation classes,
not linguistic roots: it only matters that both sides follow the same rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from wirekin.text._fold import tokens
from wirekin.text._words import DEMONYMS, STOP_WORDS

__all__ = ["readable", "readable_of", "search_terms", "terms", "terms_of"]

SEARCH_TERMS = 16  # most terms of a person's query (requirement D1)
_LONGEST = 40  # characters of a term; a longer "word" is a URL or a hash

_RUSSIAN_ENDINGS = re.compile(
    "(?:иями|ями|ами|ыми|ими|ого|его|ому|ему|ости|остью|ость|иях|иям|ием|ией|ию|ия|ии|ие|ий|ый|ой|ая|яя|ое|ее|ые|"
    "ую|юю|ых|их|ым|им|ом|ем|ам|ям|ах|ях|ов|ев|ей|ою|ью|ья|ье|ьи|ал|ала|али|ило|ила|или|ил|ать|ить|еть|ует|ют|ут|ет|"
    "ит|ат|ят|ся|сь|а|е|и|о|у|ы|ь|э|ю|я|й)$"
)
_RUSSIAN_REFLEXIVE = re.compile("(?:ся|сь)$")
_ARABIC_PREFIX = re.compile("^(?:وبال|وال|فال|بال|کال|ولل|لل|ال|نمی|می)")
_ARABIC_SUFFIX = re.compile("(?:هایی|های|ها|اتی|تان|شان|یان|یه|تر|ترین|هم|ه|ی|(?<=.{4})(?:ات|ان|ون|ین))$")
_HEBREW_SUFFIX = re.compile("(?:יימ|ימ|ות|ית|י|ה|ת)$")


def terms(title: str, summary: str = "") -> tuple[str, ...]:
    """The index terms of a headline in order, duplicates kept: folded, without stop words, lightly stemmed.

    The script of each word decides, not the language of the text, since titles mix languages.
    """
    words = tokens(f"{title}\n{summary}") if summary else tokens(title)
    return terms_of(words)


def terms_of(words: Iterable[str]) -> tuple[str, ...]:
    """The index terms of words that `tokens` gave."""
    return tuple(filter(None, map(_term, words)))


def search_terms(query: str) -> tuple[str, ...]:
    """At most 16 different terms of a person's query, in the same space as `terms`; any string is safe."""
    return tuple(dict.fromkeys(terms(query)))[:SEARCH_TERMS]


def readable(title: str, summary: str = "") -> dict[str, str]:
    """Term -> the first folded word of this text that became it: how a shared term is shown to people."""
    return readable_of(tokens(f"{title}\n{summary}"))


def readable_of(words: Iterable[str]) -> dict[str, str]:
    """`readable` for words that `tokens` gave."""
    found: dict[str, str] = {}
    for word in words:
        if term := _term(word):
            found.setdefault(term, word)
    return found


@lru_cache(maxsize=1 << 16)  # 10 MB; as many different words as 100,000 headlines of bench/group.py have, 2026-11
def _term(word: str) -> str:
    """The term of one folded word; "" for a stop word or a single letter."""
    if word in STOP_WORDS or (len(word) == 1 and not word.isdigit()):
        return ""
    first = word[0]
    if first.isdigit():
        return word[:_LONGEST]
    if "a" <= first <= "z":
        return _english(word)[:_LONGEST]
    if "\u0400" <= first <= "\u052f":
        return _russian(word)[:_LONGEST]
    if "\u0600" <= first <= "\u06ff":
        return _arabic(word)[:_LONGEST]
    if "\u05d0" <= first <= "\u05ea":
        return _hebrew(word)[:_LONGEST]
    return word[:_LONGEST]


def _english(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]
        if word.endswith(("she", "che", "sse", "xe", "zze")) and len(word) > 4:
            word = word[:-1]
    word = DEMONYMS.get(word, word)
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 3 and not word.endswith("eed"):
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def _russian(word: str) -> str:
    if len(word) <= 3:
        return word
    stem = _RUSSIAN_REFLEXIVE.sub("", word) if len(word) > 5 else word
    cut = _RUSSIAN_ENDINGS.search(stem)
    if cut and cut.start() >= 3:
        stem = stem[: cut.start()]
    stem = stem.rstrip("ьй") if len(stem) > 4 else stem
    for ending in ("ск", "цк"):  # иранский -> иран, израильский -> израил, российский -> росс
        if stem.endswith(ending) and len(stem) > 5:
            stem = stem[:-2].rstrip("ь")
            stem = stem[:-2] if stem.endswith("ий") and len(stem) > 4 else stem
    return stem[:-1] if stem.endswith("нн") else stem


def _arabic(word: str) -> str:
    """One rule for Arabic and Persian, so that a name has the same term in both."""
    if len(word) > 5 and word[0] in "وف" and word[1:3] != "ال" and word[1] in "الب":
        word = word[1:]
    cut = _ARABIC_PREFIX.match(word)
    if cut and len(word) - cut.end() >= 3:
        word = word[cut.end() :]
    elif len(word) > 4 and word[0] in "بل" and word[1] in "اتی":
        word = word[1:]
    for _ in range(3):  # one suffix after another: للايرانيين -> ایرانی -> ایران
        tail = _ARABIC_SUFFIX.search(word)
        if tail and tail.start() >= 3:
            word = word[: tail.start()]
    return word


def _hebrew(word: str) -> str:
    """Take off all clitics ו ש ה ב ל מ כ, so that a word has the same term with and without them."""
    while len(word) > 3 and word[0] in "ושהבלמכ":
        word = word[1:]
    tail = _HEBREW_SUFFIX.search(word)
    return word[: tail.start()] if tail and tail.start() >= 3 else word
