"""Made-up news feeds whose shape is that of real ones, and real ones where they are at hand.

The shares below are averages of the 47 XML feeds of class "news" in the corpus of feeds (954 items, 50 kB a feed),
measured on 2026-11-25 by a throw-away script: facts about them, no text of theirs. A share is the part of the feeds
that have something at all; in those, nearly every item has it. The words are made up and follow Zipf's law, as words of
a language do; five items in a hundred are about what the shipped topics ask for.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from itertools import accumulate, cycle, islice
from pathlib import Path

from _measure import skip

OF_REAL = ", real feeds"  # ends the names of figures of the corpus' feeds
CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
FEEDS_MEASURED = 47
ENTRIES = (5, 5, 9, 10, 10, 10, 10, 10, 10, 15, 15, 15, 20, 20, 20, 25, 25, 30, 30, 35, 50, 50, 60)  # mean 20.3
RDF, ATOM = 5 / FEEDS_MEASURED, 4 / FEEDS_MEASURED  # the others are RSS 2.0
TOLERANT = 1 / FEEDS_MEASURED  # a feed that no strict parser may read, because of a bare ampersand
CYRILLIC = 6 / FEEDS_MEASURED  # of other scripts: Cyrillic, Greek, Arabic and Kannada, all written in Cyrillic here
WINDOWS_1251 = 2 / 6  # of those
LATIN_1 = 5 / 41  # of the Latin ones
DESCRIBED = 42 / FEEDS_MEASURED
IN_HTML = 21 / 42  # of the described
FULL_TEXT = 11 / FEEDS_MEASURED
PICTURED = 8 / FEEDS_MEASURED
ENCLOSED = 13 / FEEDS_MEASURED
CATEGORISED = 22 / FEEDS_MEASURED
SIGNED = 28 / FEEDS_MEASURED
IDENTIFIED = 35 / FEEDS_MEASURED
GUID_OF_ITS_OWN = 12 / 35  # isPermaLink="false"; the others repeat the link
IN_CDATA = 26 / FEEDS_MEASURED
COMMENTED = 27 / FEEDS_MEASURED  # and other elements that no reader of news wants, three an item
TRACKED = 7 / FEEDS_MEASURED  # links with a query
ON_TOPIC = 0.044  # of the entries
TITLE_WORDS, SUMMARY_WORDS, FULL_WORDS = 9, 54, 420
STANDFIRST_WORDS = 70  # of a publisher's own element, which gives an item the size of a real one
PICTURES, CATEGORIES = 7, 3  # elements an item that has them

SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in ("a", "e", "i", "o", "u", "an", "er", "in", "or")]
LETTERS = str.maketrans("abdefgiklmnoprstuvz", "абдефгиклмнопрстувз")
SOUGHT = {"latin": ("Iran", "Tehran", "Russia", "Kremlin"), "cyrillic": ("Иран", "Тегеран", "Россия", "Кремль")}
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/" '
    'xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:own="http://bench.example/own"'
)
RDF_ROOT = (
    f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" {NAMESPACES}>'
)
ATOM_ROOT = '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">'


def vocabulary(size: int = 8_000) -> tuple[list[str], list[float]]:
    """Made-up words, and how often the words up to each are used: a few often and most rarely."""
    rng = random.Random(1)
    words = list(dict.fromkeys("".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))) for _ in range(size)))
    return words, list(accumulate(1 / (rank + 10) for rank in range(len(words))))


WORDS, USED = vocabulary()


@dataclass(frozen=True)
class Style:
    """How one publisher writes all its items."""

    dialect: str  # rss, rdf or atom
    encoding: str
    script: str  # latin or cyrillic
    entries: int
    ill_formed: bool
    has: frozenset[str]


def style_of(rng: random.Random, *, tolerant: bool | None) -> Style:
    """Draw a publisher's habits; `tolerant` True or False settles whether a strict parser may read it."""
    draw = rng.random()
    dialect = "rdf" if draw < RDF else "atom" if draw < RDF + ATOM else "rss"
    script = "cyrillic" if rng.random() < CYRILLIC else "latin"
    old, its = ("windows-1251", WINDOWS_1251) if script == "cyrillic" else ("iso-8859-1", LATIN_1)
    shares = {
        "description": DESCRIBED, "html": IN_HTML, "full": FULL_TEXT, "pictures": PICTURED, "enclosure": ENCLOSED,
        "categories": CATEGORISED, "author": SIGNED, "guid": IDENTIFIED, "own guid": GUID_OF_ITS_OWN,
        "cdata": IN_CDATA, "comments": COMMENTED, "query": TRACKED,
    }  # fmt: skip
    return Style(
        dialect=dialect,
        encoding=old if rng.random() < its else "utf-8",
        script=script,
        entries=rng.choice(ENTRIES),
        ill_formed=rng.random() < TOLERANT if tolerant is None else tolerant,
        has=frozenset(name for name, share in shares.items() if rng.random() < share),
    )


class Writer:
    """Writes the feed of one publisher, the same for the same number."""

    def __init__(self, number: int, home: str, now: datetime, *, tolerant: bool | None = None) -> None:
        self._rng = random.Random(number)
        self._style = style_of(self._rng, tolerant=tolerant)
        self._number, self._home, self._now = number, home, now

    def document(self) -> bytes:
        """The whole feed in its encoding."""
        style = self._style
        items = [self._item(place) for place in range(style.entries)]
        title = f"{self._words(2)}{' & co' if style.ill_formed else ''}"
        head = f"<title>{title}</title><description>{self._words(6)}</description><link>{self._home}/</link>"
        if style.dialect == "atom":
            feed = f"{ATOM_ROOT}<title>{title}</title><id>{self._home}/</id>{''.join(items)}</feed>"
        elif style.dialect == "rdf":
            feed = f'{RDF_ROOT}<channel rdf:about="{self._home}/">{head}</channel>{"".join(items)}</rdf:RDF>'
        else:
            feed = f'<rss version="2.0" {NAMESPACES}><channel>{head}{"".join(items)}</channel></rss>'
        return f'<?xml version="1.0" encoding="{style.encoding}"?>\n{feed}'.encode(style.encoding, "replace")

    def _item(self, place: int) -> str:
        title = self._words(TITLE_WORDS)
        if self._rng.random() < ON_TOPIC:
            title = f"{self._rng.choice(SOUGHT[self._style.script])} {title.lower()}"
        slug = f"{place}-{'-'.join(self._words(8, 'latin').lower().split())}"
        link = f"{self._home}/news/{self._number}/{slug}" + ("?utm_source=rss" if "query" in self._style.has else "")
        at = self._now - timedelta(minutes=37 * place + self._number % 37)
        fields = self._atom(title, link, at) if self._style.dialect == "atom" else self._rss(title, link, at)
        if "pictures" in self._style.has:
            address = f"{self._home}/pictures/{self._number}/{place}"
            fields += "".join(
                f'<media:content url="{address}-{width}.jpg?quality=85&amp;auto=format&amp;fit=max" medium="image" '
                f'type="image/jpeg" width="{width}" height="{width * 3 // 5}"/>'
                for width in range(140, 140 + PICTURES)
            )
        if self._style.dialect == "rdf":
            return f'<item rdf:about="{escape(link)}">{fields}</item>'
        return f"<entry>{fields}</entry>" if self._style.dialect == "atom" else f"<item>{fields}</item>"

    def _rss(self, title: str, link: str, at: datetime) -> str:
        has, rdf = self._style.has, self._style.dialect == "rdf"
        fields = f"<title>{self._text(title)}</title><link>{escape(link)}</link>"
        fields += f"<dc:date>{at.isoformat()}</dc:date>" if rdf else f"<pubDate>{format_datetime(at)}</pubDate>"
        if "description" in has:
            fields += f"<description>{self._text(self._summary())}</description>"
        if "full" in has:
            fields += f"<content:encoded>{self._text(self._full())}</content:encoded>"
        if "author" in has:
            fields += f"<dc:creator>{self._text(self._words(2))}</dc:creator>"
        if "comments" in has:
            fields += f"<slash:comments>0</slash:comments><wfw:commentRss>{escape(link)}/feed</wfw:commentRss>"
            fields += f"<own:standfirst>{self._text(self._words(STANDFIRST_WORDS))}</own:standfirst>"
        if rdf:
            return fields
        if "guid" in has:
            own = f'<guid isPermaLink="false">{self._home}/?p={link.rsplit("/", 1)[1][:6]}</guid>'
            fields += own if "own guid" in has else f"<guid>{escape(link)}</guid>"
        if "categories" in has:
            fields += "".join(f"<category>{self._text(self._words(1))}</category>" for _ in range(CATEGORIES))
        if "enclosure" in has:
            fields += f'<enclosure url="{self._home}/e.jpg" type="image/jpeg" length="21000"/>'
        return fields

    def _atom(self, title: str, link: str, at: datetime) -> str:
        fields = f'<title>{self._text(title)}</title><link rel="alternate" type="text/html" href="{escape(link)}"/>'
        fields += f"<id>{escape(link)}</id><published>{at.isoformat()}</published><updated>{at.isoformat()}</updated>"
        if "description" in self._style.has:
            fields += f'<summary type="html">{self._text(self._summary())}</summary>'
        if "full" in self._style.has:
            fields += f'<content type="html">{self._text(self._full())}</content>'
        if "author" in self._style.has:
            fields += f"<author><name>{self._words(2)}</name></author>"
        return fields

    def _words(self, count: int, script: str | None = None) -> str:
        chosen = " ".join(self._rng.choices(WORDS, cum_weights=USED, k=count)).capitalize()
        return chosen.translate(LETTERS).capitalize() if (script or self._style.script) == "cyrillic" else chosen

    def _summary(self) -> str:
        words = self._words(SUMMARY_WORDS)
        if "html" not in self._style.has:
            return f"{words}."
        picture = (
            f'<img src="{self._home}/pictures/{self._number}/240/135/crop.jpg?quality=85&amp;auto=format" alt="" '
            'width="240" height="135" class="attachment-thumbnail size-thumbnail wp-post-image" style="float: left" />'
        )
        more = f'<p><a href="{self._home}/news/{self._number}/more" rel="nofollow">{self._words(2)}</a></p>'
        return f'<div class="summary">{picture}<p>{words}.</p>{more}</div>'

    def _full(self) -> str:
        return "".join(f'<p class="body">{self._words(60)}.</p>\n' for _ in range(FULL_WORDS // 60))

    def _text(self, words: str) -> str:
        return f"<![CDATA[{words}]]>" if "cdata" in self._style.has else escape(words, quote=False)


def made_up(homes: list[str]) -> Iterator[bytes]:
    """A feed for each publisher's address, drawn as the averages say."""
    now = datetime.now(UTC).replace(microsecond=0)
    return (Writer(number, home, now).document() for number, home in enumerate(homes))


def warming_up(home: str, *, tolerant: bool) -> bytes:
    """A feed that is polled before anything is measured, so that late imports are done by then."""
    return Writer(0, home, datetime.now(UTC).replace(microsecond=0), tolerant=tolerant).document()


# --- real ones -----------------------------------------------------------------------------------------------------

_ADDRESS = re.compile(rb"https?://(?=[\w-])")
_NAMESPACE = re.compile(rb"""xmlns(?::[\w.-]+)?\s*=\s*["']([^"']*)""")


def corpus(*classes: str) -> list[bytes]:
    """The feeds of the shared corpus that feedparser reads too (all but JSON); empty where there is no corpus."""
    if not CORPUS.is_dir():
        return []
    rows = (line.split("\t") for line in (CORPUS / "MANIFEST.tsv").read_text(encoding="utf-8").splitlines()[1:])
    paths = [row[0] for row in rows if row[1] in classes and row[0].startswith("feeds/") and row[3] != "json"]
    return [(CORPUS / path).read_bytes() for path in paths]


def kinds(*, corpus: bool) -> tuple[bool, ...]:
    """For each round of polls, whether its feeds are real: first made up, then real; with `corpus` only real.

    Without a corpus the figures of real feeds are reported as skipped; if it was asked for, the script ends.
    """
    if CORPUS.is_dir():
        return (True,) if corpus else (False, True)
    if corpus:
        sys.exit(f"no corpus at {CORPUS}")
    skip(f"*{OF_REAL}", f"no corpus at {CORPUS}")
    return (False,)


def real(homes: list[str], *classes: str) -> Iterator[bytes]:
    """A document of the corpus for each publisher, in turn; every publisher's articles at hosts of its own."""
    for number, body in enumerate(islice(cycle(corpus(*classes)), len(homes))):
        yield _moved(body, b"f%d." % number)


def _moved(body: bytes, label: bytes) -> bytes:
    """The document with a label before every host in it, except in namespaces."""
    names = tuple(set(_NAMESPACE.findall(body)) - {b""}) or (b"\0",)
    return _ADDRESS.sub(lambda found: found[0] if body.startswith(names, found.start()) else found[0] + label, body)
