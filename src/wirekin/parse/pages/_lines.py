"""Tell what a short line of a card is by its words alone: a count behind a title, or a name before a quotation."""

from __future__ import annotations

import re
from functools import lru_cache

from wirekin.parse.pages._dom import Element

MIN_SUMMARY = 8  # words; a shorter sentence below a name is a title: "They came for us. We said no."
MAX_ENUMERATED = 60  # children (links and commas) of an enumeration's element

# "(10,872)" and "42 comments"; a year belongs to its title: "The best films (2026)".
_COUNT = re.compile(r"\((?!(?:19|20)\d\d\))\d[\d.,]*\)|\d+ \w*(?:[ck]om+ent|ком+ент|yorum)\w*", re.IGNORECASE)
_OTHERS = re.compile(  # "list-title" and "box-title" are a card's own
    r"\b(?:section|category|author|related|series|source|tag)-?"
    r"(?:title|head|heading|headline|name)\b"
)
# Numbers that are no ranks, in languages that write ordinals with a dot: "11. September", "2. Bundesliga".
ORDINAL = (
    r"\d\d?\. (?:januar|jänner|februar|märz|marts|april|mai|maj|juni|juli|august|september|oktober|november|"
    r"de[czs]ember|ledna|února|března|dubna|května|června|července|srpna|září|října|listopadu|prosince|"
    r"advent|weltkrieg|bundesliga|liga|fc)\b"
)
_ORDER = re.compile(r"\b(?:first|second|third)\b")
PUBLISHED = re.compile(
    r"\b(?:published|posted|veröffentlicht|publiée?|pubblicat[oa]|publicad[oa]|опубликован[оа]?|yayınlan\w+)\b",
    re.IGNORECASE,
)
# The study "wurde veröffentlicht am 12.03.2019" is no article: the words begin a line or a phrase, or have a capital.
_SAID = re.compile(rf"(?:(?:^|[,;:|•·)]|\s[-–—])\W*|\s(?=[^\W\d_a-zà-ÿа-яё]))(?i:{PUBLISHED.pattern})")
# What may follow, up to the end or a dash: "le 14/03/2026 à 08:15". "Published on 14 March, it ..." is a sentence.
_ON_DAY = re.compile(
    r"[\s:]*(?:[^\W\d]{2,3}\s)?((?:[^,]|,(?=\s?\d)){5,40}?\d(?:\s?(?:[Uu]hr|h|[ap]\.?m\.?|[A-Z]{2,4}))?)"
    r"(?:\s[-–—|•·]\s|\W*$)"
)
# "The report, published on 12.03.2019" tells of the report; before the words stands who published, or nothing.
_JOINING = frozenset([
    "and", "und", "et", "e", "y", "и", "ve", "by", "von", "par", "por", "de", "des", "du", "da", "di", "of", "for",
    "für", "pour", "la", "le", "les", "the", "&",
])  # fmt: skip
_ARTICLE = re.compile(r"(?:the|an?|der|die|das|eine?|les?|la|un[ae]?|el|il)\b", re.IGNORECASE)
_WEEKDAY = re.compile(  # before a date; "Born 3 May 1998" is another thing's
    r"^(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|"
    r"(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo|"
    r"(?:lune|marte|mercole|giove|vener)dì|sabato|domenica|понедельник|вторник|сред[ау]|четверг|пятниц[ау]|"
    r"суббот[ау]|воскресенье|(?:[^\W\d]+[ \u200c])?شنبه|جمعه|"
    r"(?:يوم )?ال(?:اثنين|إثنين|ثلاثاء|أربعاء|خميس|جمعة|سبت|أحد)|"
    r"(?:יום )?(?:ראשון|שני|שלישי|רביעי|חמישי|שישי|שבת))[,،]? (?:ה-)?",
    re.IGNORECASE,
)
_STRESSED = frozenset({"b", "strong", "em", "i", "mark"})


def is_count(last: Element, label: str, title: str) -> bool:
    """True for an element with a count behind a title: of comments or of readers.

    A number that is stressed belongs to the title: "many dead <b>(17)</b>". So does one that completes a name.
    """
    if label.isdigit():
        names = title[-1:] in "-–" or (title[-1:].isupper() and not title.isupper())  # "COVID-19", "U21"
        return last.tag == "span" and bool(last.marks) and not title.endswith(" ") and not names
    return bool(_COUNT.fullmatch(label)) and (bool(last.marks) or last.tag not in _STRESSED)


@lru_cache(maxsize=4096)
def names_others_title(marks: str) -> bool:
    """True for names of titles in a card that are not the card's: "section-title", "author-title"."""
    return bool(_OTHERS.search(marks))


@lru_cache(maxsize=4096)
def are_parts(marks: str, others: str) -> bool:
    """True for names of two parts of a title: "title-first", "title-second". In "dh1", "dh2" one may be a kicker."""
    (begin, *rest), (other, *last) = _ORDER.split(marks, 1), _ORDER.split(others, 1)
    return bool(rest and last and begin == other and marks != others)


def published_on(words: str) -> str:
    """Return what follows "Published on" at the start or behind a name, if the line ends there or at a dash, or ""."""
    said = _SAID.search(words)
    found = _ON_DAY.match(words, said.end()) if said else None
    if not (said and found) or not _is_source(words[: said.start()], said[0]) or words[found.end() :][:1].islower():
        return ""
    return found[1]


def _is_source(before: str, said: str) -> bool:
    """True for nothing, or a name before a dash: "Far Ledger - ". A comma follows persons: not "The report, "."""
    if said[:1].isspace() and said[1:2].isalpha():
        return True  # a word with a capital in the line, behind whatever else the page says of an author
    parts = [one for one in before.replace(",", " ").split() if one.lower() not in _JOINING]
    named = all(not one[0].isalpha() or one[0].isupper() for one in parts)
    return named and (not parts or said[0] not in ",;:)" or (len(parts) > 1 and not _ARTICLE.match(before)))


def without_weekday(words: str) -> str:
    """Return a date without the weekday before it."""
    return _WEEKDAY.sub("", words)


def is_name(words: str) -> bool:
    """True if every word begins with a capital letter: "Stephen Ledger"."""
    return all(one[0].isupper() for one in words.split())


def is_sentence(words: str) -> bool:
    """True for words that end like a sentence, and are not truncated."""
    return words.endswith((".", "。", "।", "۔")) and not words.endswith("...")


def in_enumeration(link: Element) -> bool:
    """True for a link between commas: "More: Chip Ledger, The Electron"."""
    beside = link.parent.children if link.parent is not None and len(link.parent.children) <= MAX_ENUMERATED else []
    at = beside.index(link) if link in beside else 0
    around = beside[max(at - 1, 0) : at], beside[at + 1 : at + 2]
    before, after = ("".join(one for one in side if isinstance(one, str)).strip() for side in around)
    return before.endswith((",", "،", "、")) or after.startswith((",", "،", "、"))
