"""The forms of a rule's terms in running text: clitics before a word, endings after it, by language.

term -> words -> the shapes of each (opening, stem, ending), with which the folded words of a text are compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product

from wirekin import text
from wirekin.errors import RuleError

_WORD = re.compile(r"\w+")
_MARK = re.compile(r"[^\w ]")
# Tables for bytes.translate, in a fifth of the time of str.translate: they put spaces between the words of an ASCII
# text, SPELT as they are and FOLDED in lower case.
SPELT = bytes(code if code < 0x80 and _WORD.fullmatch(chr(code)) else 0x20 for code in range(0x100))
FOLDED = SPELT.lower()
# All but word characters and what text.fold drops inside a word: niqqud (but for the maqaf, a hyphen), harakat,
# zero-width and direction marks.
_NOT_SPELT = re.compile(
    "[^\\w\u00ad\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200f\u202a-\u202e\u2060-\u2069]+"
)
# Gershayim and geresh inside a Hebrew word make it an acronym or a foreign sound: צה"ל is one word.
_HEBREW_QUOTE = re.compile("(?<=[\u05d0-\u05ea])[\"'\u05f3\u05f4\u2019\u201d](?=[\u05d0-\u05ea])")

# These separate words as a space does. Of 662 texts of news feeds that are not ASCII, 215 hold no other characters that
# are not, 2026-11.
_DRESS = "’‘“”–—…«»"

MOST_WORDS = 12  # a longer term is a sentence, which no second headline would hold

# Letters that folding keeps, each as one letter; nine in ten of the shipped terms have no others (2026-11).
_KEPT = "[0-9A-Za-z\u0401\u0410-\u044f\u0451\u05d0-\u05ea\u0622-\u063a\u0641-\u064a\u0671-\u0673\u0679-\u06d3]"
_SOUND = re.compile(rf"-?(?:=|(?:{_KEPT}(?:{_KEPT}+\*?)? ){{0,{MOST_WORDS - 1}}}){_KEPT}{{2,}}\*?")


Openings = frozenset[str]
Endings = frozenset[str] | None  # None: anything may follow
Shape = tuple[Openings, str, Endings]
"""One way in which a word may be written: any of the openings, the stem, any of the endings."""

WordForms = tuple[Shape, ...]
"""All shapes of one word of a term; none for a lone `*`, which is any word."""


def unquote(words: str) -> str:
    """Drop the quotation marks inside Hebrew words, so that an acronym is one word."""
    if words.isascii():
        return words
    if '"' in words or "'" in words or "״" in words or "׳" in words or "”" in words or "’" in words:
        return _HEBREW_QUOTE.sub("", words)
    return words


def undressed(words: str) -> str:
    """Replace the quotation marks and dashes of a text by spaces if that makes it ASCII; else return it unchanged."""
    if words.isascii():
        return words
    bare = words
    for mark in _DRESS:
        bare = bare.replace(mark, " ")
    return bare if bare.isascii() else words


def parted(words: str) -> str:
    """The folded words of a text, with spaces between: what `normal` gives for each token, for all at once."""
    if not words.isascii():
        words = undressed(words)
    if not words.isascii():
        words = unquote(text.fold(words))
    return words.encode().translate(FOLDED).decode() if words.isascii() else _MARK.sub(" ", words)


def normal(token: str) -> tuple[str, ...]:
    """The folded words of a token, the text between two white spaces: "U.S.-Iran:" gives u, s, iran."""
    folded = token.lower() if token.isascii() else unquote(text.fold(token))
    return (folded,) if folded.isalnum() else tuple(_WORD.findall(folded))


def shown(token: str) -> tuple[str, ...]:
    """The words of `normal` as the text spells them; folded if folding changes their number."""
    folded = normal(token)
    spelt = (token,) if token.isalnum() else tuple(_NOT_SPELT.sub(" ", unquote(token)).split())
    return spelt if len(spelt) == len(folded) else folded


def is_sound(term: str) -> bool:
    """Whether `words_of` certainly accepts a term as written, in a seventh of its time."""
    return _SOUND.fullmatch(term) is not None


def words_of(term: str, folded: str) -> list[str]:
    """The words of a term as written in feeds.yml, folded and marked: `word`, `wor*`, `=word`, `=wor*`, `*`.

    `*` lets anything follow a word, and alone is any one word; `=` before a term means exactly these letters. `folded`
    is the term as `folded_terms` folds it. Raises: RuleError.
    """
    words = [folded] if folded.isalnum() else _WORD.findall(folded)
    if "*" in term or term[:1] == "=":
        if term.find("*") == len(term) - 1 and folded[-2:-1].isalnum() and term[0] != "=":  # as nearly all of them are
            words[-1] += "*"
        else:
            words = _split(term)
        if any(word[-1] == "*" and len(word.strip("=*")) == 1 for word in words):
            raise RuleError(f"'*' needs at least two letters before it: {term!r}")
    if not words or words[-1] == "*":
        raise RuleError(f"a term begins and ends with letters or digits: {term!r}")
    if len(words) > MOST_WORDS:
        raise RuleError(f"a term has at most {MOST_WORDS} words: {term[:40]!r}...")
    return words


def _split(term: str) -> list[str]:
    exact = "=" if term.startswith("=") else ""
    words: list[str] = []
    for piece in term.removeprefix("=").split():
        at = piece.find("*")
        if 0 <= at < len(piece) - 1:
            raise RuleError(f"'*' may only end a word, as in strike*: {piece!r}", at)
        if piece == "*" and words:
            words.append("*")
            continue
        parts = [f"{exact}{part}" for part in normal(piece)]
        if not parts and at >= 0:
            raise RuleError(f"'*' needs letters before it, or a word before it to mean any one word: {term!r}", at)
        if at >= 0:
            parts[-1] += "*"
        words += parts
    return words


def folded_terms(terms: Sequence[str]) -> Sequence[str]:
    """Fold each term as `normal` folds its pieces; all at once, since one by one takes four times as long."""
    folded = unquote(text.fold("\n".join(terms))).split("\n")
    return folded if len(folded) == len(terms) else [unquote(text.fold(term)) for term in terms]


def forms(marked: str, lang: str | None = None) -> WordForms:
    """The shapes of a word of `words_of` in a text.

    `lang` is the language of the list that has its term; it decides between Persian and Arabic endings.
    """
    if marked == "*":
        return ()
    word = marked.strip("=*")
    langs = _langs(word, lang)
    exact = marked[0] == "="
    stem, endings = (word, None) if marked[-1] == "*" else _ending(word, langs, exact=exact)
    if exact or langs in (_EN, _RU):
        return ((PLAIN, stem, endings),)
    return tuple([(openings, bare, endings) for openings, bare in _openings(stem, langs)])


# --- which language's shapes a word takes: its script decides, the list's language only where two share a script ---


_EN, _RU = ("en",), ("ru",)
_OWN = {  # by a list's language: its range of letters, and the languages of a word that begins in it, as nearly all do
    "en": ("a", "z", _EN),
    "ru": ("а", "я", _RU),
    "he": ("א", "ת", ("he",)),
    "ar": ("ا", "ی", ("ar",)),
    "fa": ("ا", "ی", ("fa",)),
}
_NONE = ("", "", ())


def _langs(word: str, lang: str | None) -> tuple[str, ...]:
    first, last, langs = _OWN.get(lang or "", _NONE)
    if first <= word[0] <= last and word[0].isalpha():
        return langs
    letter = word[0] if word[0].isalpha() else next((char for char in word if char.isalpha()), "")
    if "\u0590" <= letter <= "\u05ff":
        return ("he",)
    if "\u0600" <= letter <= "\u06ff" or "\ufb50" <= letter <= "\ufeff":
        return (lang,) if lang in {"ar", "fa"} else ("ar", "fa")
    script = "ru" if "\u0400" <= letter <= "\u04ff" else "en" if letter and letter < "\u0250" else ""
    return (script,) if script and lang in {None, script} else ()


# --- before the word -----------------------------------------------------------------------------------------------

_AL, _LIL, _TA = text.fold("ال"), text.fold("لل"), text.fold("ة")
PLAIN = frozenset({""})
_HEBREW = frozenset(
    f"{a}{b}{c}" for a, b, c in product(("", "ו"), ("", "ש", "כש", "מש", "לכש"), ("", "ה", "ב", "ל", "מ", "כ", "מה"))
)
_AND_IN = [f"{a}{b}" for a, b in product(("", "و", "ف"), ("", "ب", "ك"))]  # and, so; in, like
_TO = [f"{a}ل" for a in ("", "و", "ف")]  # to: melts with the article into لل
_ARABIC_PLAIN = frozenset(map(text.fold, (*_AND_IN, *_TO)))
_ARABIC_WITH_AL = frozenset(
    {text.fold(before) + _AL for before in _AND_IN} | {text.fold(before)[:-1] + _LIL for before in _TO}
)
_ARABIC = _ARABIC_PLAIN | _ARABIC_WITH_AL


def _openings(stem: str, langs: tuple[str, ...]) -> list[tuple[frozenset[str], str]]:
    """What may stand before a stem, and the stem without an article of its own."""
    if "he" in langs:
        return [(_HEBREW, stem)]
    if "ar" not in langs:
        return [(PLAIN, stem)]
    if stem.startswith(_AL) and len(stem) > len(_AL) + 1:
        return [(PLAIN, stem), (_ARABIC_WITH_AL, stem.removeprefix(_AL))]
    return [(_ARABIC, stem)]


# --- after the word ------------------------------------------------------------------------------------------------


def _any_of(endings: str) -> frozenset[str]:
    return frozenset(map(text.fold, endings.split()))


# Not grammars but the endings that a name, a demonym or a plain noun takes in headlines.
_ENGLISH = frozenset({"", "s", "es"})
_RUSSIAN = PLAIN | _any_of(
    "а я у ю е и ы о ь й ой ей ем ом ам ям ам ами ями ах ях ов ев ий ый ая яя ое ее ые ие ого его ому ему ых их"
    " ым им ыми ими ую юю ью ою ею ьев ья ьям ёй ём"
)
_RUSSIAN_LAST = re.compile("(?:[иыо]й|[ая]я|[ое]е|[иы]е|[аеёиоуыэюяйь])$")
_ARABIC_AFTER = _any_of("ي ية يين يون يات يان يا يتان يتين ان ين ون ات ا ه ها هم ة تان تين ته تها نا هما")
_ARABIC_AFTER_T = _any_of("ة ه ت ات تان تين تا تي ته تها تهم اته اتها اتهم")
_PERSIAN_AFTER = _any_of("ها های هایی هایش هایشان ی ای ان یان یانی یها یهای یی ش شان مان ات")
# One set for all words that take it: a set for each word took 2.5 MB for the shipped topics, 2026-11.
_AFTER = {
    ("ar",): PLAIN | _ARABIC_AFTER,
    ("fa",): PLAIN | _PERSIAN_AFTER,
    ("ar", "fa"): PLAIN | _ARABIC_AFTER | _PERSIAN_AFTER,
}
_AFTER_T = {("ar",): _ARABIC_AFTER_T, ("ar", "fa"): _ARABIC_AFTER_T | {_TA + ending for ending in _PERSIAN_AFTER}}
_HEBREW_AFTER = PLAIN | _any_of("ים ות י ית יים יות ה ו ם ת תו נו")
_HEBREW_AFTER_H = _any_of("ה ת ות תו תה תם תנו תי ותיו ותיה ותיהם")


def _ending(word: str, langs: tuple[str, ...], *, exact: bool) -> tuple[str, frozenset[str]]:
    """The part of a word that never changes, and what may follow it."""
    if exact or len(word) < 3:
        return word, PLAIN
    if langs == _EN:
        return word, _ENGLISH
    if langs == _RU:
        stem = _RUSSIAN_LAST.sub("", word)
        return (stem, _RUSSIAN) if len(stem) > 2 else (word, PLAIN)
    if langs == ("he",):
        return (word[:-1], _HEBREW_AFTER_H) if word.endswith("ה") else (word, _HEBREW_AFTER)
    return _arabic_ending(word, langs)


def _arabic_ending(word: str, langs: tuple[str, ...]) -> tuple[str, frozenset[str]]:
    if "ar" in langs and word.endswith(_TA):
        return word[:-1], _AFTER_T[langs]
    return word, _AFTER.get(langs, PLAIN)
