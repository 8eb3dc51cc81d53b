"""Features that survive translation: news concepts by a small dictionary, names by their consonants, and figures.

Headlines of one event in two languages share no word. They share concepts ("землетрясение", "زلزله", "quake"), names
("Керман", "کرمان", "Kerman" are all KRMN) and figures ("7.1"). The dictionary is general news vocabulary in English,
Russian, Persian, Arabic and Hebrew, compiled by hand (2026-11); the first word of a line names its concept. Within a
language the words of a concept are synonyms: "dockers" are "longshoremen", and "Esfahan" is "Isfahan".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache, lru_cache
from itertools import product

from wirekin.stories import _cities, _dictionary, _life, _society
from wirekin.stories._places import PLACES, REGIONS, WITHIN
from wirekin.text import readable_of, terms, tokens

_PLACES = [*PLACES.strip().splitlines(), *_cities.PLACES.strip().splitlines()]
_WITHIN = [*WITHIN.strip().splitlines(), *_cities.WITHIN.strip().splitlines()]
_LINES = [
    *_PLACES,
    *_dictionary.WORDS.strip().splitlines(),
    *_society.WORDS.strip().splitlines(),
    *_life.WORDS.strip().splitlines(),
]
_SCRIPTS = {  # first and last letter
    "latin": "az",
    "cyrillic": "\u0400\u052f",
    "hebrew": "\u05d0\u05ea",
    "arabic": "\u0600\u06ff",
}


@lru_cache(maxsize=1)
def _concepts() -> dict[str, str]:
    """Index term -> concept: the first word of its line."""
    found: dict[str, str] = {}
    for line in _LINES:
        name = line.split(maxsplit=1)[0]
        for term in terms(line.replace("_", "")):
            found.setdefault(term, name)
    return found


def concept(term: str) -> str | None:
    """The concept of an index term of any language; None if the dictionary does not hold it."""
    return _concepts().get(term)


def unknown(index_terms: Iterable[str]) -> frozenset[str]:
    """The index terms that are not in the dictionary."""
    return frozenset(index_terms).difference(_concepts())


# Each line: a kind of news, then its concepts. Reports of one thread seldom share words, but often the kind.
_FIELDS = """
war strike attack drone missile retaliate explosion intercept defence fighter idf hezbollah hamas hostage terror
war commander injure
diplomacy talk ceasefire peace treaty sign embassy summit visit
atom nuclear reactor
disaster earthquake tsunami flood hurricane snow heatwave rescue rubble fire
energy oil petrol gas tanker refinery
trade port export corridor sanction ban
economy price dollar rial rouble bank rate inflation budget tax market low rise cut
labour union
politics parliament election resign protest government
justice police arrest court prison
sport match goal penalty champion football team chess
culture film prize festival auction nobel festivity concert singer painting statue museum theatre opera ballet actor
health hospital virus
learning school teacher
transport flight train road car truck
technology space internet cloud electricity hacker
movement refugee evacuate border
"""


@lru_cache(maxsize=1)
def _field_of() -> dict[str, str]:
    lines = [line.split() for line in _FIELDS.strip().splitlines()]
    return {f"={name}": f"@{field}" for field, *names in lines for name in names}


def fields(found: frozenset[str]) -> frozenset[str]:
    """The kinds of news (@kind) that the concepts among these features belong to."""
    kinds = _field_of()
    return frozenset([kinds[feature] for feature in found if feature in kinds])


# Teams attack, strikers and lightning strike, and so does heat: weather, and games besides the kind "sport". Without
# this rule the mean F1 of nine sets is .002 less together, and the same within a language, 2026-12-01.
_STRIKING = """
league referee striker hattrick stadium fan semifinal basketball volleyball handball hockey rugby tennis coach
goalkeeper heatwave lightning
"""
_WAR_OR_GAME = frozenset(["=strike", "=attack"])


@lru_cache(maxsize=1)
def _of_war() -> frozenset[str]:
    """Concepts that are told of war or violence alone."""
    return frozenset({name for name, field in _field_of().items() if field == "@war"} | {"=kill"}) - _WAR_OR_GAME


@lru_cache(maxsize=1)
def _of_games() -> frozenset[str]:
    named = {name for name, field in _field_of().items() if field == "@sport"}
    return frozenset(named.union([f"={name}" for name in _STRIKING.split()]))


def no_war(found: Collection[str]) -> frozenset[str]:
    """Those of these features that mean war as a rule, but here a game or the weather; mostly none."""
    if _WAR_OR_GAME.isdisjoint(found) or _of_games().isdisjoint(found) or not _of_war().isdisjoint(found):
        return frozenset()
    return _WAR_OR_GAME


@lru_cache(maxsize=1)
def _kind_of_term() -> dict[str, str]:
    fields_ = _field_of()
    return {term: fields_[f"={name}"] for term, name in _concepts().items() if f"={name}" in fields_}


def kinds(title: Iterable[str]) -> frozenset[str]:
    """The kinds of news that the terms of a title belong to; equal sets are one object, to save memory."""
    known = _kind_of_term()
    return _together(frozenset([known[term] for term in title if term in known]))


# What markets quote, and what a quotation does.
_MARKET = """
stock bond dollar rial rouble euro shekel lira yuan currency market oil petrol gas gold bitcoin
low rise record rebound
"""
_QUOTED, _MOVES = (frozenset(line.split()) for line in _MARKET.strip().splitlines())
QUOTED, MOVED = 1, 2


def quoted(title: Iterable[str]) -> int:
    """QUOTED if a title's terms name what markets quote, MOVED if they tell how its price moved too; else 0."""
    known = _concepts()
    named = {known[term] for term in title if term in known}
    if named.isdisjoint(_QUOTED):
        return 0
    return QUOTED if named.isdisjoint(_MOVES) else MOVED


@lru_cache(maxsize=1 << 12)
def _together(found: frozenset[str]) -> frozenset[str]:
    return found


@lru_cache(maxsize=1)
def _states() -> dict[str, frozenset[str]]:
    """Place -> the countries that it lies in; a country lies in itself."""
    lying: dict[str, set[str]] = {}
    for state, *places in map(str.split, _WITHIN):
        for place in places:
            lying.setdefault(f"={place}", set()).add(state)
    named = dict.fromkeys(line.split()[0] for line in _PLACES)
    alone = {f"={name}": {name} for name in named if name not in REGIONS.split() and f"={name}" not in lying}
    return {place: frozenset(found) for place, found in {**alone, **lying}.items()}


def states(found: Iterable[str]) -> frozenset[str]:
    """The countries that the places among these features lie in; equal sets are one object, to save memory."""
    lying = _states()
    return _lying(frozenset([feature for feature in found if feature in lying]))


def towns(index_terms: Iterable[str]) -> frozenset[str]:
    """The places (=word) that these terms name, without countries and regions; equal sets are one object."""
    known, lying = _concepts(), _states()
    found = {f"={known[term]}" for term in index_terms if term in known}
    return _together(frozenset([place for place in found if lying.get(place, {place[1:]}) != {place[1:]}]))


def countries(found: frozenset[str]) -> frozenset[str]:
    """The `states` as features (+country): what a report of a town and one of its country have in common.

    The towns of `_cities` do not count. Two headlines that share such a town would share its country as well, and two
    things in common pass for more than a coincidence.
    """
    return frozenset([f"+{state}" for state in states(found - _towns())])


@lru_cache(maxsize=1)
def _towns() -> frozenset[str]:
    return frozenset(f"={line.split()[0]}" for line in _cities.PLACES.strip().splitlines())


@lru_cache(maxsize=1 << 12)
def _lying(places: frozenset[str]) -> frozenset[str]:
    return frozenset().union(*[_states()[place] for place in places])


@lru_cache(maxsize=1)
def _first_of_kind() -> dict[str, str]:
    """Index term -> the first term of its concept in the same script."""
    first: dict[tuple[str, str], str] = {}
    return {term: first.setdefault((name, _script(term[0])), term) for term, name in _concepts().items()}


@cache
def _script(letter: str) -> str:
    """The name of a letter's script; "" if it is none of these."""
    return next((name for name, letters in _SCRIPTS.items() if letters[0] <= letter <= letters[1]), "")


def synonyms(index_terms: tuple[str, ...]) -> tuple[str, ...]:
    """Replace each term that the dictionary holds by the first of its concept in the same script."""
    first = _first_of_kind()
    if first.keys().isdisjoint(index_terms):
        return index_terms  # the same object, to save memory: the window holds a hundred thousand of them
    return tuple([first.get(term, term) for term in index_terms])


@lru_cache(maxsize=1)
def usual() -> frozenset[str]:
    """Features that are usual in any news: the dictionary's concepts without places, and the words that name them."""
    places = {line.split()[0] for line in _PLACES}
    named = _concepts()
    words = {first for term, first in _first_of_kind().items() if named[term] not in places}
    return frozenset(words.union([f"={name}" for name in set(named.values()) - places]))


# The letters of a dictionary word in each language. Persian and Arabic share most letters, and most words.
_WRITTEN = {
    "en": "[a-z-]+", "ru": "[а-яё-]+", "he": "[א-ת\u200c]+", "ar": "[ء-ي]+",
    "fa": "[ء-بت-قل-وپچژکگی\u200c]+",
}  # fmt: skip


def vocabulary(lang: str | None) -> list[str]:
    """The dictionary's words in a language; all of its words if it does not know the language."""
    words = " ".join(_LINES).split()
    written = _WRITTEN.get(lang or "")
    return [word for word in words if re.fullmatch(written, word)] if written else words


FRAMES = frozenset(f"={name}" for name in _dictionary.FRAMES.split())
COMMON = FRAMES.union(f"={name}" for name in _dictionary.COMMON.split())


@lru_cache(maxsize=1)
def commonplaces() -> frozenset[str]:
    """The index terms of all languages that name a commonplace: a country, a night, a government."""
    return frozenset(term for term, name in _concepts().items() if f"={name}" in COMMON)


@lru_cache(maxsize=1)
def _spellings() -> dict[str, tuple[str, ...]]:
    """Concept -> its index terms in all languages."""
    found: dict[str, list[str]] = {}
    for term, name in _concepts().items():
        found.setdefault(name, []).append(term)
    return {name: tuple(terms_) for name, terms_ in found.items()}


def kin(index_terms: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """For each concept that these terms name, every index term of any language that names it."""
    known = _concepts()
    names = dict.fromkeys(known[term] for term in index_terms if term in known)
    return tuple(_spellings()[name] for name in names)


_OUTCOMES = "win lose draw record first second third medal prize festivity qualify overnight"


@lru_cache(maxsize=1)
def _of_any_game() -> frozenset[str]:
    return _of_games().union([f"={name}" for name in _OUTCOMES.split()])


def telling(shared: frozenset[str]) -> int:
    """How many of the features say what happened, and not merely where or who governs there.

    None if they would fit any game: two finals of a weekend were one story, and nine sets have .0006 more F1 together,
    2026-12-01.
    """
    return len(shared - FRAMES) if shared - _of_any_game() else 0


# Consonants by the class that transliterations agree on. What is missing here (vowels, h, y, w, 'ayn) is dropped.
# Letters in _EITHER are a consonant in one script and left out in another: both spellings are kept.
_CLASSES = {
    "B": "bpfбпфبپفבפ", "T": "tdтдتطدثתטד", "S": "szjсшщжзцчسصزژشجچذظضסזשצ", "K": "kcqgкكکقخغگקכגח", "L": "lлلל",
    "R": "rрرר", "M": "mмمמ", "N": "nнنנ",
}  # fmt: skip
_EITHER = {"v": "B", "в": "B", "х": "K", "г": "K"}


class _Classes(dict[int, str]):
    """For str.translate: the class of each letter; letters without one disappear."""

    def __missing__(self, letter: int) -> None:
        return None


_CLASS_OF = _Classes({ord(letter): name for name, letters in _CLASSES.items() for letter in letters})
_WITH_EITHER = _Classes({**{ord(letter): name for letter, name in _EITHER.items()}, **_CLASS_OF})
_DIGRAPHS = re.compile("tch|sch|ch|sh|zh|ts|tz|дж|тс|тш")
_ASPIRATED = re.compile("(?<=[kgdtp])h")
_CASED = re.compile("[a-z\u0400-\u052f]")
_DOUBLED = re.compile(r"(.)(?=\1)")
LEAST_CONSONANTS = 3  # of a name: two consonants fit too many words
# How many of a thousand headlines are taken to hold a given name of three consonants before any was counted. Ten
# unknown words a headline and 392 such names make 25. At 0, 5, 20 and 60 the mean F1 of events across languages is
# .914, .915, .917 and .916, 2026-11-29.
COINCIDENCES = 20


def _skeletons(word: str) -> tuple[str, ...]:
    """The consonant classes of a name, with and without the letters that scripts disagree on."""
    plain = _ASPIRATED.sub("", _DIGRAPHS.sub("s", word))
    shapes = {_DOUBLED.sub("", plain.translate(classes)) for classes in (_CLASS_OF, _WITH_EITHER)}
    return tuple(sorted([f"~{shape}" for shape in shapes if len(shape) >= LEAST_CONSONANTS]))


@lru_cache(maxsize=1)
def coincidences() -> dict[str, int]:
    """Each possible name of LEAST_CONSONANTS -> how many of a thousand headlines hold it by coincidence."""
    shapes = ("".join(shape) for shape in product(_CLASSES, repeat=LEAST_CONSONANTS))
    return {f"~{shape}": COINCIDENCES for shape in shapes if not _DOUBLED.search(shape)}


def concepts(index_terms: Collection[str]) -> frozenset[str]:
    """Concepts (=word) and figures among the terms of a headline."""
    known = _concepts()
    found = {f"={known[term]}" for term in known.keys() & index_terms}
    found.update([term for term in index_terms if term < ":"])  # ":" comes right after ASCII's digits
    return frozenset(found)


def features(title: str, summary: str, index_terms: Collection[str]) -> frozenset[str]:
    """Concepts (=word), names (~CONSONANTS) and figures of a headline: what survives translation."""
    maybe = [word for word in f"{title} {summary}".split() if not "a" <= word[0] <= "z"]  # spares most words a look-up
    told = concepts(index_terms)
    return (told - no_war(told)).union(*map(_named, maybe))


def names(written: str, words: Iterable[str]) -> frozenset[str]:
    """The consonant classes (~CONSONANTS) of a word that may be a name: capitalised if it has case, and no concept.

    `words` are the tokens of `written`.
    """
    first = written[0]
    if first.isalpha() and not first.isupper() and first.lower() != first.upper():
        return frozenset()
    known, found = _concepts(), set[str]()
    for term, word in readable_of(words).items():
        if term in known or term[0].isdigit():
            continue
        found.update(_skeletons(term))  # without clitics and case endings
        if word != term and _CASED.match(word):
            found.update(_skeletons(word))  # what looks like a case ending may be part of the name: Новороссийск
    return frozenset(found)


@lru_cache(maxsize=1 << 16)  # for queries; the words of a window are cached in `_written`
def _named(written: str) -> frozenset[str]:
    return names(written, tokens(written))
