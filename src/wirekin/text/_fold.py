"""Folding: one spelling for all spellings of a word, in every script, and the tokens of a text.

NFKC -> casefold -> letter tables (Arabic and Persian variants, harakat, niqqud, Hebrew finals, ё, digits, quotes).
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["fold", "tokens"]

# Letters that are one letter to a reader (requirement facts 16 and "FTS5"; Unicode 15 charts 0600, 0590, 0400).
_LETTERS = {
    "ي": "ی", "ى": "ی", "ې": "ی", "ئ": "ی", "ك": "ک", "ڪ": "ک", "ګ": "گ",
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ة": "ه", "ۀ": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه",
    "ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ", "ץ": "צ", "ё": "е",
    "‘": "'", "’": "'", "‛": "'", "ʼ": "'", "′": "'", "`": "'", "´": "'", "׳": "'", "＇": "'",
    "“": '"', "”": '"', "„": '"', "״": '"',
    "٫": ".", "٬": ",", "،": ",", "‐": "-", "‑": "-",
}  # fmt: skip
# Marks that a writer may leave out: harakat, tatweel, Koranic signs, niqqud, zero-width and direction marks.
_DROPPED = (
    (0x064B, 0x065F), (0x0670, 0x0670), (0x0640, 0x0640), (0x0610, 0x061A), (0x06D6, 0x06ED), (0x0621, 0x0621),
    (0x0591, 0x05BD), (0x05BF, 0x05BF), (0x05C1, 0x05C2), (0x05C4, 0x05C5), (0x05C7, 0x05C7),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x2069), (0x061C, 0x061C), (0xFEFF, 0xFEFF), (0x00AD, 0x00AD),
    (0xFE0E, 0xFE0F),
)  # fmt: skip
_DIGITS_END = 0x20000  # no plane above has a decimal digit (Unicode 16)


def _table() -> dict[int, str | None]:
    table: dict[int, str | None] = {ord(old): new for old, new in _LETTERS.items()}
    for first, last in _DROPPED:
        table.update(dict.fromkeys(range(first, last + 1)))
    for code in range(0x80, _DIGITS_END, 10):  # digits come in runs from 0 to 9, so this meets one of each run
        digit = unicodedata.decimal(chr(code), None)
        if digit is not None:
            table.update({code - digit + value: str(value) for value in range(10)})
    return table


# Letters with the accents that people leave out when they type Latin script.
_ACCENTS = re.compile("[\u0300-\u036f]")
_ACCENTED = (range(0xC0, 0x250), range(0x1E00, 0x1F00))


def _without_accents() -> dict[str, str]:
    letters = (chr(code) for part in _ACCENTED for code in part)
    return {letter: _ACCENTS.sub("", unicodedata.normalize("NFD", letter)) for letter in letters}


_SPELLINGS = {
    **{old: new for old, new in _without_accents().items() if old != new},
    **{chr(code): spelling or "" for code, spelling in _table().items()},
}

# `re` keeps the first plane in a bitmap and tries further ranges in turn, so all other planes are one range.
_FIRST_PLANE = "".join(re.escape(char) for char in _SPELLINGS if char < "\U00010000")
_RESPELT = re.compile(f"[{_FIRST_PLANE}\U00010000-\U0010ffff]")


def fold(s: str) -> str:
    """One spelling for all spellings: case, letter variants, vowel marks, digits, quotes and accents.

    Idempotent. Word boundaries stay, but ZWNJ is dropped ("می‌شود" is "میشود").
    """
    if s.isascii():
        return s.lower()
    # NFKC would do the same to "…", but go over all other characters once more for its sake.
    folded = unicodedata.normalize("NFKC", s.replace("…", "...")).casefold()
    # Few different characters of a text need it, and replacing each takes a fifth of str.translate's time.
    for char in set(_RESPELT.findall(folded)):
        folded = folded.replace(char, _SPELLINGS.get(char, char))
    return folded if folded.isascii() else unicodedata.normalize("NFKC", folded)


# Letters, digits and the vowel signs of scripts whose marks Python's \w leaves out (Indic, Thai, Burmese, Khmer).
_LETTER = "[\\w\u0900-\u0dff\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff]"  # and "_", by then a space
_TOKEN = re.compile(rf"\d++(?:[.,]\d++)++|{_LETTER}++(?:['\"]{_LETTER}++)*+")
_ASCII_TOKEN = re.compile(r"\d++(?:[.,]\d++)++|\w++(?:['\"]\w++)*+", re.ASCII)  # for ASCII, in half the time
_ACRONYM = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")  # u.s. -> us
_IN_ACRONYM = re.compile(r"\.[^\W\d_]\.")  # a test for _ACRONYM in a seventh of its time: `re` goes from dot to dot
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)")
_ELISION = re.compile(r"^(?:l|d|j|n|qu)'(?=\w)")  # French and Italian articles
_HEBREW = re.compile('[\u05d0-\u05ea]"[\u05d0-\u05ea]')
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # no spaces between words: bigrams


def tokens(s: str) -> tuple[str, ...]:
    """The folded words of a text in order: possessives off, acronyms joined, numbers in one notation.

    "U.S.-Iran talks: 45,000 in צה״ל" -> us iran talks 45000 in צהל. Scripts without spaces give letter bigrams.
    """
    folded = fold(s)
    if _IN_ACRONYM.search(folded):
        folded = _ACRONYM.sub(lambda m: m[0].replace(".", ""), folded)
    is_ascii = folded.isascii()
    found = (_ASCII_TOKEN if is_ascii else _TOKEN).findall(folded.replace("_", " "))
    if not is_ascii and _UNSPACED.search(folded):
        return tuple([part for token in found for part in _mend(token)])
    if not ("'" in folded or '"' in folded or "," in folded) or "".join(found).isalnum():
        return tuple(found)
    # Few tokens hold a mark, and calling `_mend` for each took a third of a summary's time (2026-11-30).
    return tuple([part for token in found for part in ((token,) if token.isalnum() else _mend(token))])


def _mend(token: str) -> tuple[str, ...]:
    if token[0].isdigit() and "," in token:
        return (token.replace(",", "") if _THOUSANDS.fullmatch(token) else token.replace(",", "."),)
    if '"' in token and not _HEBREW.search(token):  # 5"disk: a quotation mark, not gershayim
        return tuple(part for half in token.split('"') for part in _mend(half))
    if "'" in token:
        token = _ELISION.sub("", token)
        token = token.removesuffix("'s")
    token = token.replace("'", "").replace('"', "")
    if _UNSPACED.search(token) and len(token) > 2:
        return tuple(token[i : i + 2] for i in range(len(token) - 1))
    return (token,)
