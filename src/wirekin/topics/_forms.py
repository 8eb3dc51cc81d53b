"""How a term of a rule may stand in running text: clitics before it, endings after it, per language.

term -> words -> (literals, tail): the literals go into the one automaton, the tail is a pattern that must follow.
Text is matched in its normal form: folded, words parted by one space, a space at either end; so every literal
begins with a space and word boundaries cost nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from wirekin import text
from wirekin.errors import RuleError

_NOT_WORD = re.compile(r"\W+")
_ASCII_SPACES = {code: " " for code in range(0x80) if _NOT_WORD.fullmatch(chr(code))}  # at a third of its time
# what text.fold drops inside a word: niqqud (but for the maqaf, a hyphen), harakat, zero-width and direction marks
_NOT_SPELT = re.compile(
    "[^\\w\u00ad\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200f\u202a-\u202e\u2060-\u2069]+"
)
# gershayim and geresh inside a Hebrew word make it an acronym or a foreign sound: צה"ל is one word
_HEBREW_QUOTE = re.compile("(?<=[\u05d0-\u05ea])[\"'\u05f3\u05f4\u2019\u201d](?=[\u05d0-\u05ea])")

ANY_ENDING = "[^ ]*(?= )"  # the tail of a word written strike*
MOST_WORDS = 12  # a term of more is a sentence, and would never match a headline twice


@dataclass(frozen=True, slots=True)
class Forms:
    """Where a term begins and what must follow it."""

    literals: tuple[str, ...]  # each opens with the space before the term
    tail: str  # a pattern for the rest, up to the space after the term; "" where the literal says it all


def unquote(words: str) -> str:
    """The text with Hebrew acronyms made one word, letters as they were."""
    if words.isascii():
        return words
    if '"' in words or "'" in words or "״" in words or "׳" in words or "”" in words or "’" in words:
        return _HEBREW_QUOTE.sub("", words)
    return words


def normal(words: str) -> str:
    """The form in which texts and terms meet: folded words, a space before and after each."""
    if words.isascii():
        spaced = " ".join(words.lower().translate(_ASCII_SPACES).split())
    else:  # word by word, for few are new: white space parts whatever folding could join
        spaced = " ".join([plain for word in words.split() if (plain := _normal_word(word))])
    return f" {spaced} " if spaced else " "


@lru_cache(maxsize=1 << 14)  # words of headlines in four scripts, 3 MB; a twelfth of a text's words were new to it
def _normal_word(word: str) -> str:
    return " ".join(_NOT_WORD.sub(" ", unquote(text.fold(word))).split())


def shown(words: str) -> list[str]:
    """The words of `normal`, spelt as in the text."""
    if words.isascii():
        return words.translate(_ASCII_SPACES).split()
    return [spelt for word in words.split() for spelt in _shown_word(word)]


@lru_cache(maxsize=1 << 14)
def _shown_word(word: str) -> tuple[str, ...]:
    return (word,) if word.isalnum() else tuple(_NOT_SPELT.sub(" ", unquote(word)).split())


@dataclass(frozen=True, slots=True)
class _Word:
    folded: str
    prefix: bool  # written strike*: anything may follow
    exact: bool  # written =word: no clitics, no endings


def forms(term: str, lang: str | None = None) -> Forms:
    """Every shape of a word or phrase as written in feeds.yml.

    `*` ends a word that may go on, and alone is any one word; `=` before a term means exactly these letters. `lang`
    is that of the list that the term stands in; it decides between Persian and Arabic endings. Raises: RuleError.
    """
    first, *others = _split(term)
    stem, ending = _ending(first, lang)
    fixed = ""  # what certainly follows the first word: " в" stands in every other text, " в газе" does not
    while others and not ending and others[0].folded and len(list(_openings(others[0], "", lang))) == 1:
        then, ending = _ending(others.pop(0), lang)
        fixed += f" {then}"
    tail = ending + "".join(f" {_later(word, lang)}" for word in others)
    literals = tuple(dict.fromkeys(f" {before}{bare}{fixed}" for before, bare in _openings(first, stem, lang)))
    if not tail:
        return Forms(tuple(f"{literal} " for literal in literals), "")
    return Forms(literals, f"{tail}(?= )")


def _split(term: str) -> list[_Word]:
    exact = term.startswith("=")
    raw = term.removeprefix("=").split()
    words: list[_Word] = []
    for piece in raw:
        at = piece.find("*")
        if 0 <= at < len(piece) - 1:
            raise RuleError(f"'*' may only end a word, as in strike*: {piece!r}", at)
        parts = normal(piece).split()
        if piece == "*" and words:
            words.append(_Word("", prefix=False, exact=False))
            continue
        if not parts and at >= 0:
            raise RuleError(f"'*' needs letters before it, or a word before it to mean any one word: {term!r}", at)
        words += [_Word(part, at >= 0 and part is parts[-1], exact) for part in parts]
    if not words or not words[-1].folded:
        raise RuleError(f"a term begins and ends with letters or digits: {term!r}")
    if len(words) > MOST_WORDS:
        raise RuleError(f"a term has at most {MOST_WORDS} words: {term[:40]!r}...")
    if any(word.prefix and len(word.folded) < 2 for word in words):
        raise RuleError(f"'*' needs at least two letters before it: {term!r}")
    return words


def _later(word: _Word, lang: str | None) -> str:
    if not word.folded:
        return "[^ ]+"
    stem, ending = _ending(word, lang)
    before = sorted({opening for opening, _ in _openings(word, stem, lang)}, key=len, reverse=True)
    return f"(?:{'|'.join(before)}){re.escape(stem)}{ending}" if len(before) > 1 else re.escape(stem) + ending


# --- which language's shapes a word takes: its script decides, the list's language only where two share a script ---


def _langs(word: str, lang: str | None) -> tuple[str, ...]:
    letter = next((char for char in word if char.isalpha()), "")
    if "\u0590" <= letter <= "\u05ff":
        return ("he",)
    if "\u0600" <= letter <= "\u06ff" or "\ufb50" <= letter <= "\ufeff":
        return (lang,) if lang in {"ar", "fa"} else ("ar", "fa")
    script = "ru" if "\u0400" <= letter <= "\u04ff" else "en" if letter and letter < "\u0250" else ""
    return (script,) if lang in {None, script} else ()


# --- before the word -----------------------------------------------------------------------------------------------

_AL, _LIL, _TA = text.fold("ال"), text.fold("لل"), text.fold("ة")
_ARABIC = tuple(f"{a}{b}" for a, b in product(("", "و", "ف"), ("", "ب", "ك")))  # and, so; in, like
_ARABIC_TO = tuple(f"{a}ل" for a in ("", "و", "ف"))  # to: melts with the article into لل
_HEBREW = tuple(
    f"{a}{b}{c}" for a, b, c in product(("", "ו"), ("", "ש", "כש", "מש", "לכש"), ("", "ה", "ב", "ל", "מ", "כ", "מה"))
)


def _openings(word: _Word, stem: str, lang: str | None) -> Iterable[tuple[str, str]]:
    yield "", stem
    if word.exact:
        return
    langs = _langs(word.folded, lang)
    if "he" in langs:
        yield from ((before, stem) for before in _HEBREW)
    if "ar" in langs:
        yield from _arabic_openings(stem)


@lru_cache(maxsize=1)
def _arabic_clitics() -> tuple[tuple[str, ...], tuple[str, ...]]:
    plain = tuple(text.fold(before) for before in (*_ARABIC, *_ARABIC_TO) if before)
    with_article = tuple(text.fold(before) + _AL for before in _ARABIC)
    return plain, with_article + tuple(text.fold(before)[:-1] + _LIL for before in _ARABIC_TO)


def _arabic_openings(stem: str) -> Iterable[tuple[str, str]]:
    plain, with_article = _arabic_clitics()
    if stem.startswith(_AL) and len(stem) > len(_AL) + 1:
        yield from ((before, stem.removeprefix(_AL)) for before in with_article)
    else:
        yield from ((before, stem) for before in plain + with_article)


# --- after the word ------------------------------------------------------------------------------------------------


def _any_of(endings: str) -> str:
    words = {text.fold(ending) for ending in endings.split()}
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


# Not grammars but the endings that a name, a demonym or a plain noun takes in headlines.
_RUSSIAN = _any_of(
    "а я у ю е и ы о ь й ой ей ем ом ам ям ам ами ями ах ях ов ев ий ый ая яя ое ее ые ие ого его ому ему ых их"
    " ым им ыми ими ую юю ью ою ею ьев ья ьям ёй ём"
)
_RUSSIAN_LAST = re.compile("(?:[иыо]й|[ая]я|[ое]е|[иы]е|[аеёиоуыэюяйь])$")
_ARABIC_AFTER = _any_of("ي ية يين يون يات يان يا يتان يتين ان ين ون ات ا ه ها هم ة تان تين ته تها نا هما")
_ARABIC_AFTER_T = _any_of("ة ه ت ات تان تين تا تي ته تها تهم اته اتها اتهم")
_PERSIAN_AFTER = _any_of("ها های هایی هایش هایشان ی ای ان یان یانی یها یهای یی ش شان مان ات")
_HEBREW_AFTER = _any_of("ים ות י ית יים יות ה ו ם ת תו נו")
_HEBREW_AFTER_H = _any_of("ה ת ות תו תה תם תנו תי ותיו ותיה ותיהם")


def _ending(word: _Word, lang: str | None) -> tuple[str, str]:
    """The part of a word that never changes, and a pattern for what may follow it."""
    langs = _langs(word.folded, lang)
    if word.prefix:
        return word.folded, "[^ ]*"
    if word.exact or len(word.folded) < 3:
        return word.folded, ""
    if langs == ("en",):
        return word.folded, "(?:e?s)?"
    if langs == ("ru",):
        stem = _RUSSIAN_LAST.sub("", word.folded)
        return (stem, f"(?:{_RUSSIAN})?") if len(stem) > 2 else (word.folded, "")
    if langs == ("he",):
        last_h = word.folded.endswith("ה")
        return (word.folded[:-1], f"(?:{_HEBREW_AFTER_H})") if last_h else (word.folded, f"(?:{_HEBREW_AFTER})?")
    return _arabic_ending(word.folded, langs)


def _arabic_ending(word: str, langs: tuple[str, ...]) -> tuple[str, str]:
    if not langs:
        return word, ""
    if "ar" in langs and word.endswith(_TA):
        persian = f"|{_TA}(?:{_PERSIAN_AFTER})" if "fa" in langs else ""
        return word[:-1], f"(?:{_ARABIC_AFTER_T}{persian})"
    tables = {"ar": _ARABIC_AFTER, "fa": _PERSIAN_AFTER}
    return word, f"(?:{'|'.join(tables[lang] for lang in langs)})?"
