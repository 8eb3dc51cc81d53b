"""Which texts name a country, by the names of the Unicode CLDR, which our rules do not use.

newsdesk's labels are those of the event. By the rules of its labels a text that names no country counts neither way,
since only an informed reader sees the topic. CLDR has the names of the territories; the
adjectives of most are its names of languages (Russian, русский). Endings are cut off, since "Iranian" and "Иране" name
a country too. No nickname, capital or ruler counts.
"""

from __future__ import annotations

import re
from functools import cache

from babel import Locale

ENDINGS = re.compile(r"[aeiouyаеёиоуыэюяйь]{1,2}$")
SHORTEST = 4  # letters: "Oman" is a country, "Ga" a language and the beginning of much else
ATTACHED = {"ar", "fa", "he"}  # languages that write "and" and "in" at the front of a name


@cache
def _names(lang: str) -> re.Pattern[str]:
    locale = Locale(lang)
    territories = (name for code, name in locale.territories.items() if code.isalpha())
    languages = (name for code, name in locale.languages.items() if len(code) == 2)
    names = {name.casefold() for name in (*territories, *languages) if len(name) >= SHORTEST}
    stems = {ENDINGS.sub("", name) if len(name) > SHORTEST + 1 else name for name in names}
    edge = "" if lang in ATTACHED else r"(?<!\w)"
    return re.compile(edge + "(?:" + "|".join(sorted(map(re.escape, stems))) + ")")


def names_a_country(text: str, lang: str) -> bool:
    """Whether a text in this language contains the stem of a country's name."""
    return bool(_names(lang).search(text.casefold()))
