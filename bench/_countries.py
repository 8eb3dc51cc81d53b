"""Which texts name a country, by the names of the Unicode CLDR, with which our rules have nothing to do.

The labels of newsdesk are those of the event, and ../shared/stories/README.md says of topics that texts which name no
country, "where only an informed reader sees the topic", count neither way. CLDR has the names of the territories; the
adjectives of most are those of its languages (Russian, русский). What ends a name is cut off, for "Iranian" and "Иране"
name one too. No nickname, capital or ruler counts.
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
    """Whether a text of the language has the beginning of the name of a country in it."""
    return bool(_names(lang).search(text.casefold()))
