"""Outlet suffixes, wire credits and urgency prefixes of headlines, taken off and named.

Outlets sign their titles (" | The Daily Caller", " - BBC News", " — РИА Новости"). A dash inside a headline looks the
same, so a tail is taken off only if it is a known name or plainly an outlet.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from wirekin.text._fold import fold
from wirekin.text._words import OUTLET_WORDS

__all__ = ["is_cut_from", "repeated_suffix", "split_outlet", "split_wire"]

_CUT_LENGTH = 12  # characters that a cut title must still have: two words, by judgement, 2026-11
_SEPARATOR = re.compile(r"\s+[|｜¦·•»]+\s+|\s+[-–—―]+\s+|\s+::\s+|\s*\|\s*")
_MARK = re.compile("[|｜¦·•»–—―]|[-:][\\s:-]")  # one of these is in every separator
_TAIL_WORDS = 5  # most words of an outlet name that is not known; by judgement, 2026-11
_TAIL_CHARACTERS = 40
_HEAD_WORDS = 3  # words that must be left: "Live - Iran strikes" keeps its tail
_SHARED = 0.6  # of a document's titles that must have the same tail for it to be the outlet's name

_DOMAIN = re.compile(r"^(?:www\.)?[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|ru|ir|il|uk|info|tv|news|me|io|co)$")
_LOWERCASE_OK = {"of", "the", "and", "for", "de", "la", "le", "el", "du", "des", "di", "y", "e", "&", "и", "der", "die"}


def is_cut_from(short: str, whole: str) -> bool:
    """Whether `short` is the beginning of `whole`, cut with an ellipsis; one word or two prove nothing."""
    stem = short.removesuffix("…").removesuffix("...").rstrip()
    if stem == short or len(stem) < _CUT_LENGTH or len(whole) <= len(stem) or whole.endswith(("…", "...")):
        return False
    return whole.casefold().startswith(stem.casefold())


def split_outlet(title: str, names: Iterable[str] = ()) -> tuple[str, str | None]:
    """The title without the outlet that signs it, and that outlet's name; (title, None) where none does.

    `names` are known outlets, which are taken off after any separator, whatever their article and case. They are read
    only if the title has a separator.
    """
    known: frozenset[str] | None = None
    outlet: str | None = None
    for _ in range(3):  # "Title | World | The Daily Caller": a section may stand before the outlet
        parts = _last_separator(title)
        if parts is None:
            break
        head, mark, tail = parts
        known = _known(tuple(names)) if known is None else known
        if not _is_outlet(head, mark, tail, known):
            break
        title, outlet = head, outlet or tail
    return title, outlet


@lru_cache(maxsize=16)  # the names are the same for all entries of a document, and documents come one by one
def _known(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(_plain, names))


def _last_separator(title: str) -> tuple[str, str, str] | None:
    if not _MARK.search(title):
        return None  # most titles, in a sixth of the time
    last = None
    for last in _SEPARATOR.finditer(title):  # noqa: B007 - the last one is what we want
        pass
    if last is None:
        return None
    head, tail = title[: last.start()].strip(), title[last.end() :].strip()
    return (head, last[0].strip(), tail) if head and tail else None


def _is_outlet(head: str, mark: str, tail: str, known: frozenset[str]) -> bool:
    if _plain(tail) in known:
        return True
    words = tail.split()
    if len(words) > _TAIL_WORDS or len(tail) > _TAIL_CHARACTERS or len(head.split()) < _HEAD_WORDS:
        return False
    if _DOMAIN.match(tail.lower()):
        return True
    if not _looks_like_a_name(words):
        return False
    folded = {fold(word.strip("«»\"'.,")) for word in words}
    return mark in "|｜¦" or bool(folded & OUTLET_WORDS)


def _looks_like_a_name(words: Sequence[str]) -> bool:
    """Every cased word begins with a capital, and nothing ends a sentence: "match report" is no name."""
    if words[-1].endswith(("?", "!", "…", ":")) or any(word.endswith((",", ":")) for word in words):
        return False
    return all(w.lower() in _LOWERCASE_OK or not w[0].islower() for w in words) and not words[0].isdigit()


@lru_cache(maxsize=1024)  # the configured names are the same for all documents
def _plain(name: str) -> str:
    return fold(name).removeprefix("the ").strip(" .«»\"'")


def repeated_suffix(titles: Sequence[str]) -> str | None:
    """The outlet suffix that most titles of one document share, without its separator; None where there is none."""
    least = max(3, _SHARED * len(titles))
    parted = [parts for parts in map(_last_separator, titles) if parts]
    if len(parted) < least:
        return None
    tail, count = Counter(parts[2] for parts in parted).most_common(1)[0]
    return tail if count >= least else None


# --- wires and urgency ------------------------------------------------------------------------------------------

# Names that wires sign with -> the wire's one name.
_WIRES = {
    "reuters": "Reuters", "ap": "AP", "associated press": "AP", "the associated press": "AP", "afp": "AFP",
    "upi": "UPI", "dpa": "dpa", "efe": "EFE", "ansa": "ANSA", "pti": "PTI", "xinhua": "Xinhua", "kyodo": "Kyodo",
    "interfax": "Interfax", "tass": "TASS", "irna": "IRNA", "isna": "ISNA", "bloomberg": "Bloomberg",
    "тасс": "ТАСС", "риа новости": "РИА Новости", "риа": "РИА Новости", "интерфакс": "Интерфакс",
    "رویترز": "رويترز", "واس": "واس", "وام": "وام", "ایرنا": "ایرنا", "ایسنا": "ایسنا",
}  # fmt: skip
_NAME = "|".join(map(re.escape, _WIRES))
# "LONDON, Oct 6 (Reuters) - ", "(AP) — ", "WASHINGTON (AP) -": a place, a date, the wire in brackets.
_DATELINE = re.compile(rf"^(?:[^\W\d_][^()|:]{{0,48}}\s)?\((?P<wire>{_NAME})\)\s*[-–—:.]*\s*(?=\w)", re.IGNORECASE)
# A bare credit before a colon, a slash or a dash, as "Reuters: Oil falls".
_CREDIT = re.compile(rf"^(?P<wire>{_NAME})\s*(?:[:/|]|\s[-–—])\s*", re.IGNORECASE)
# "МОСКВА, 6 окт — РИА Новости. ", "САРАТОВ, 6 октября. /ТАСС/. ", with wires that we do not know by name too
_RUSSIAN_DATELINE = re.compile(
    r"^[А-ЯЁ][А-ЯЁ\s.-]{2,30},\s*\d{1,2}\s+[а-я]{3,9}\.?\s*(?:[-–—]\s*(?P<wire>[А-ЯЁ][\w«»-]+(?:\s[А-ЯЁ][\w«»-]+)?)\s*\.|"
    r"/(?P<slashed>[^/]{2,20})/\.?)\s*"
)
# A dateline has one of these early on, and most texts do not: testing for it first saves a quarter of the time.
_OPENING, _OPENED_BEFORE = re.compile("[(/]"), 51  # at most a letter, 48 characters and a space come before it
_TRAILING = re.compile(rf"\s*(?:\((?P<wire>{_NAME})\)|\s[-–—]\s(?P<dashed>{_NAME}))\s*$", re.IGNORECASE)
_TRAILING_CHARACTERS = max(map(len, _WIRES)) + 8  # with brackets or a dash, and a space or two before them
_URGENCY = re.compile(
    r"^(?:[⚡️🔴🚨❗‼\ufe0f\s]+|"
    r"(?:UPDATE|WRAPUP|RPT|REFILE|FACTBOX|ADVISER|CORRECTED)(?:\s?\d+)?\s*-\s*(?=\S)|"
    r"(?:EXCLUSIVE|URGENT|FLASH|BREAKING)-(?=\S)|"
    r"(?:BREAKING(?:\sNEWS)?|JUST IN|LIVE(?:\sUPDATES)?|UPDATED?|URGENT|ALERT|EXCLUSIVE|DEVELOPING|WATCH|VIDEO)"
    r"\s*[:|]\s*|"
    r"(?:МОЛНИЯ|СРОЧНО|ОБНОВЛЕНО|ОБНОВЛЯЕТСЯ|ЭКСКЛЮЗИВ|ВИДЕО|ФОТО)\s*[:|.!/]\s*|"
    r"(?:عاجل|خبر عاجل|فوری|فوري|اختصاصی|ویدئو|فیلم|بالفيديو)\s*[:|/.-]\s*|"
    r"(?:מבזק|דחוף|בלעדי|צפו|עדכון)\s*[:|/-]\s*)",
    re.IGNORECASE,
)


def split_wire(title: str, summary: str = "", names: Iterable[str] = ()) -> tuple[str, str, str | None]:
    """Title and summary without datelines, credits and urgency prefixes, and the wire that they credit, or None.

    `names` are wires besides the well-known ones. A title or summary of which nothing would remain is left as it is.
    """
    others = _named_credit(tuple(names)) if names else None
    bare, wire = _without_credit(_without_urgency(title), others)
    bare = _without_urgency(bare)
    said, summary_wire = _without_credit(summary, others)
    return (bare or title), (said or summary), (wire or summary_wire)


def _without_urgency(title: str) -> str:
    for _ in range(2):
        shorter = _URGENCY.sub("", title, count=1)
        if shorter == title or not shorter:
            break
        title = shorter
    return title


@lru_cache(maxsize=16)  # one configuration has one set of names
def _named_credit(names: tuple[str, ...]) -> re.Pattern[str]:
    """A dateline of one of these names, in brackets or between slashes: "(Meridian Wire) - ", "/Name/ "."""
    name = "|".join(sorted(map(re.escape, names), key=len, reverse=True))  # "Delta/North" before "Delta"
    return re.compile(
        rf"^(?:[^\W\d_][^()|:]{{0,48}}\s)?(?:\((?P<wire>{name})\)|/(?P<slashed>{name})/)\s*[-–—:.]*\s*(?=\S)",
        re.IGNORECASE,
    )


def _without_credit(text: str, others: re.Pattern[str] | None) -> tuple[str, str | None]:
    opened = _OPENING.search(text, 0, _OPENED_BEFORE)
    for pattern in (_DATELINE, _CREDIT, _RUSSIAN_DATELINE, others) if opened else (_CREDIT, _RUSSIAN_DATELINE):
        found = pattern.match(text) if pattern else None
        if found:
            return text[found.end() :], _wire_name(found)
    found = _TRAILING.search(text, max(0, len(text.rstrip()) - _TRAILING_CHARACTERS))
    if found and found.start() > 0:
        return text[: found.start()].rstrip(), _wire_name(found)
    return text, None


def _wire_name(found: re.Match[str]) -> str | None:
    named = next((name for name in found.groups() if name), None)
    return _WIRES.get(fold(named), named) if named else None
