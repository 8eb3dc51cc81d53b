"""When a card says that its article was published: attributes, dates in words, "3 hours ago". Never invented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import islice

from wirekin.model import Precision
from wirekin.parse import _ago, _dates, _months, _zones
from wirekin.parse._dom import Element

MAX_BESIDE = 12  # texts and elements of a box, among which a date stands
MAX_DATE_WORDS = 4  # of a date: "Friday", "de", "March", "uhr"
MAX_PARTS = 30  # of a card, among which a time of day is looked for
MAX_HOUR_CHARS = 12  # of a time of day
MAX_SMALL = 2  # elements in one that says a date and little else
MAX_ASKED = 40  # dates of a page in a language that we do not list; dateparser takes 0.3 to 3 ms for each, 2026-11
MAX_CHARS = 60  # of a text that is a date and little else
MAX_DATED_CHARS = 40  # of a date in words
MAX_FACTS_CHARS = 160  # of a line of facts, in which a date is one
MAX_AGO_WORDS = 3  # without "ago": "Published about 3 hours ago"; what says more is a headline that looks back

_DATE = re.compile(
    r"\b(?:date|time|timestamp|datetime|published|pubdate|posted|when|day|datum|fecha|tarih|ago|ts|dt)\b"
)
# Attributes that hold a date, however they are called: data-published-at, d-time, datetime of a <relative-time>.
_DATED_NAME = re.compile(
    r"(?:^|[-_:])(?:date-?time|date|time-?stamp|time|published(?:-?(?:at|on|date))?|pub-?date|posted|created(?:-?at)?|"
    r"utime|epoch|unix)$"
)
_NUMBER = re.compile(r"\d\d")
_DIGIT_FIRST = re.compile(r'="\d')  # whatever the attribute
_EXACT = re.compile(r"(?:19|20)\d\d-\d\d-\d\dT\d\d:\d\d")
_TIME_TAGS = frozenset({"time", "date"})  # <date> is no element, and says what it is
_DATED_TAGS = frozenset({"dt", "span", "div", "p", "abbr", "small", "li", "td", "em", "i", "font", "b", "a"})
_SMALL_TAGS = frozenset({"dt", "h5", "h6", "span", "div", "p", "small", "em", "i", "font", "td", "cite", "sub", "a"})
_BOX_TAGS = frozenset({"li", "td", "dd", "div", "p"})
_EPOCH = re.compile(r"1[0-9]{9}(?:[0-9]{3})?")  # seconds or milliseconds from 2001 to 2033
_YEAR = re.compile(r"(?:19|20)\d\d|(?:١٩|٢٠|۲۰)[٠-٩۰-۹]{2}|\d{1,2}\.\d{1,2}\.\d{2}\b")
_SOLAR_YEAR = re.compile(r"(?<!\d)(?:1[34]|۱[۳۴]|25)\d\d(?!\d)")  # of Iran's calendar and, with 25, of Thailand's
# "Elections on 3 May 2027" tells of a day; "Posted on 3 May 2027" and "By Jo Reed on 3 May 2027" are dates.
_TELLS_OF_DAY = re.compile(
    r"(?!by |von |par |por |di |от )(?:.* )?(?!posted|published|updated|modified|created|added|filed|last|first|"
    r"veröffentlicht|aktualisiert|publi|pubbl|modif|actuali[sz]|atuali[sz]|aggiorn|jour |опубликован|обновлен|добавлен)"
    r"[^\W\d_]{3,} (?:on|am|le|du|el|em|il|на) (?:[^\W\d_]+,? )?\d{1,2}\b"
)
_CLOCK = re.compile(
    r"\D{0,3}\d{1,2}[:.]\d{2}(?::\d{2})?(?:\s?(?:uhr|uur|hrs?|[ap]\.?m\.?|h|น\.?))?\W{0,3}", re.IGNORECASE
)
_AROUND_HOUR = r"[^\w$€£¥₽₺₹₪₩₴%]{0,2}"  # "12.50 €" is a price
_HOUR = re.compile(  # of two figures, or with a word: "7:15" alone may be how long a film is
    rf"{_AROUND_HOUR}(?:(?:[01]\d|2[0-3])[:.h時时시][0-5]\d(?:\s?(?:uhr|h|น\.?|分|分))?|"
    rf"\d{{1,2}}[:.][0-5]\d\s?(?:uhr|[ap]\.?m\.?)){_AROUND_HOUR}",
    re.IGNORECASE,
)
_DIGITS = {ord(digit): str(at % 10) for at, digit in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}
# Stems of units and the words that say "ago" in the languages that we read. Source: CLDR 46 relative times, 2026-11.
_UNITS = tuple(
    (unit, re.compile(rf"(?:^|[\W\d])(?:{stems})"))
    for unit, stems in (
        (timedelta(seconds=1), r"sec|сек|ثاني|ثوان|שני|seg|sek|san"),
        (timedelta(minutes=1), r"min|мин|دقيق|دقائق|دقیقه|דק|dak"),
        (timedelta(hours=1), r"hour|hr|h\b|час|ساع|שע|hora|heure|stunde|std|\bore\b|\bora\b|saat"),
        (timedelta(days=1), r"day|d\b|дн|день|сут|يوم|أيام|ايام|روز|ימ|יום|יומי|d[ií]a|jour|tag|giorn|gün"),
        (timedelta(weeks=1), r"week|wk|недел|أسبوع|اسبوع|أسابيع|هفته|שבוע|semana|semaine|woche|settiman|hafta"),
    )
)
_LONG_UNIT = re.compile(
    r"month|year|мес|год|лет|شهر|أشهر|سن[ةو]|ماه|سال|חודש|שנ|mes|mois|monat|año|ano|anno|anni|ans?\b|jahr|\bay\b|yıl"
)
# Whole words: "the coming elections" in Arabic and "forecast" in Persian begin or end with one of them.
_AGO = re.compile(r"\b(?:ago|назад|پیش|قبل|منذ|לפני|hace|il y a|vor|há|önce)(?![\w\u200c])|\bfa$")
_HAS_CLOCK = re.compile(r"\d[:h.時时시]\d\d")
_BARS = re.compile(r"[|•·]")
_TITLED = re.compile(r' title="[^"]*(?:19|20)\d\d')
_FULL_YEAR = re.compile(r"\d{4}")
# What each card is asked for: digits of all scripts (\d) take three times as long for each character.
_LIKE_YEAR = re.compile(r"[12٠-٩۰-۹][0-9٠-٩۰-۹]{3}")
_LIKE_HOUR = re.compile(r"[0-9][:.h時时시][0-5][0-9]")
_BAR = re.compile(r"\s[|•·]\s")
_DATELINE = re.compile(r"\s*(\d[^-–—]{5,30}|[^\W\d]{3,12}\.? \d{1,2},? \d{4})\s+[-–—]\s")
# "12 March 2026", "Friday, March 13, 2026"; not "Since 12 March 2026".
_BARE = re.compile(r"(?:[^\W\d]+[,،] )?(?:\d|[^\W\d]+\.? \d{1,2},? \d{4})")
_DAYS = re.compile(r"(?<!\d)\d{1,2}\.?\s*[-–—]\s*\d{1,2}[.\s]")  # from the one to the other: an event's
_FACT_NAME = re.compile(r"^[^\W\d]{2,20}(?: [^\W\d]{1,20})?:\s*")  # "Date:", "Published on:"
_TWO_WORDS = re.compile(r"[^\W\d_][\W\d_]+[^\W\d_]")
_LETTERS = re.compile(r"[^\W\d_]+")
_DUAL = re.compile(r"ساعتين|يومين|دقيقتين|أسبوعين|ثانيتين|שעתיים|יומיים|שבועיים|דקותיים")
_YESTERDAY = re.compile(
    r"^\W*(?:yesterday|вчера|دیروز|أمس|امس|אתמול|ayer|hier|gestern|ontem|ieri|dün|昨日|昨天|어제|gisteren|i ?går|"
    r"wczoraj|včera|вчора|χθες|ahir|eilen|tegnap|hôm qua|kemarin)\W*$",
    re.IGNORECASE,
)
_BEFORE_IT = re.compile(r"^\W*(?:day before yesterday|позавчера|پریروز|אתמול שלשום|שלשום|vorgestern|anteayer)\W*$")


class Times:
    """Reads the times of one page's cards.

    `now` is what "3 hours ago" counts from (None: it is no time); `lang` is the page's language: dates in words that
    we do not list are asked of dateparser in that one alone, because trying all of them takes it a second.
    """

    def __init__(self, now: datetime | None, lang: str | None = None) -> None:
        self._now = now
        self._lang = lang
        self._asked = 0

    def of(self, card: Element, title: str = "") -> _dates.Stamp:
        """The card's time; NO_DATE where it shows none. Absolute ones win over relative ones.

        What holds the card's `title` tells of a day, and not of its own: "Born on 4 July 1976".
        """
        told = title if _TWO_WORDS.search(title) else ""
        relative = _dates.NO_DATE
        numbered = _has_number(card)
        said = _said(card, numbered, told)
        for written in said:
            stamp = self.read(written)
            if stamp.at is not None:
                return self._with_clock(stamp, card, said)
            if relative.at is None and self._now is not None:
                relative = read_relative(written, self._now)
        barred = numbered and relative.at is None and card.shows(_BARS)
        if numbered and relative.at is None and card.shows(_FULL_YEAR if barred else _LIKE_YEAR):
            find = (_facts, _dateline, _bare_date) if barred else (_dateline, _bare_date)
            facts = (fact for one in card.walk() for tell in find for fact in tell(one) if not (told and told in fact))
            return next((stamp for stamp in map(self.read, facts) if self._is_past(stamp)), relative)
        return relative

    def _is_past(self, stamp: _dates.Stamp) -> bool:
        """True for a date that is not ahead, in any zone: a bare one that is tells of an event."""
        return stamp.at is not None and (self._now is None or stamp.at < self._now + timedelta(days=1))

    def _with_clock(self, day: _dates.Stamp, card: Element, said: Iterator[str]) -> _dates.Stamp:
        """A bare day with the time of that day which the card says once more: "19.03.2018", "19.03.2018 | 17:19"."""
        if day.precision is not Precision.DAY or not card.shows(_HAS_CLOCK):
            return day
        exact = (stamp for stamp in map(self.read, said) if stamp.precision is not Precision.DAY)
        return next((stamp for stamp in exact if _local_day(stamp) == _local_day(day)), day)

    def read(self, written: str) -> _dates.Stamp:
        """A date as written; one in a language that we do not list by dateparser, a few of a page."""
        written = written.strip()
        if not written:
            return _dates.NO_DATE
        if _EPOCH.fullmatch(written):
            at = datetime.fromtimestamp(int(written[:10]), UTC)
            return _dates.Stamp(at)
        if _zones.names_no_season(written):
            return self._in_season(written)
        stamp = _dates.read_date(written)
        if stamp is None or stamp.at is None:  # "12 juin 2005" has the shape of a feed's date, and another month's name
            stamp = _months.read_date(written) or stamp
        unread = (stamp is None or stamp.at is None) and len(written) <= MAX_CHARS and _is_foreign_date(written)
        if unread and self._lang and self._asked < MAX_ASKED:
            self._asked += 1
            stamp = _asked_dateparser(written, self._lang)
        return stamp or _dates.NO_DATE

    def _in_season(self, written: str) -> _dates.Stamp:
        winter = self.read(_zones.in_season(written, summer=False))
        summer = winter.at is not None and _zones.is_summer(winter.at + winter.offset)
        return self.read(_zones.in_season(written, summer=True)) if summer else winter


@lru_cache(maxsize=512)
def _is_dated_name(name: str) -> bool:
    return bool(_DATED_NAME.search(name))


def is_dated(one: Element) -> bool:
    """True for an element that its author calls a date."""
    return bool(one.marks) and _names_date(one.marks)


@lru_cache(maxsize=4096)
def _names_date(marks: str) -> bool:
    return bool(_DATE.search(marks))


def tells_date(card: Element) -> bool:
    """True for a card with a <time>, or with an element that is called a date or shows one."""
    if card.counts("time"):
        return True
    parts = card.walk()
    for one in parts:
        if one.written and _names_date(one.marks):
            return True
    return _has_number(card) and any(map(shows_date, parts))


def _has_number(card: Element) -> bool:
    return card.shows(_NUMBER, "0123456789")  # no part of it shows a year where it shows none


def shows_date(one: Element) -> bool:
    """True for a small element that says a date with its year, and little else."""
    return bool(_small_date(one))


def is_clock(words: str) -> bool:
    """True for words that are a time of day or a length, and no more: "14:32", "1:02:33"."""
    return bool(_CLOCK.fullmatch(words))


def is_hour(words: str) -> bool:
    """True for a time of day, and no more: "17:42", "(18h40)", "5.30 pm"; "0:48" may be how long a film is."""
    return bool(_HOUR.fullmatch(words))


def shows_hour(card: Element) -> bool:
    """True for a time of day in a card, as in a list of the day's news: "17:42 Fog closes the port"."""
    if not card.shows(_LIKE_HOUR, "0123456789"):
        return False
    parts = (one for one in islice(card.walk(), MAX_PARTS) if one.size < 3 and one.has_words)
    return any(not one.is_longer(MAX_HOUR_CHARS) and is_hour(one.text()) for one in parts)


def is_date(words: str) -> bool:
    """True for words that are a date, a time of day or a length: "20/11/2026", "14:32", "3 hours ago"."""
    if not words or len(words) > MAX_CHARS or not any(char.isdigit() for char in words):
        return bool(_YESTERDAY.match(words)) and len(words) < MAX_CHARS
    if _CLOCK.fullmatch(words) or _is_relative(words.lower()) or _ago.read_phrase(words.lower()):
        return True
    return _dates.is_read(words) or (_dated_words(words) and not _TELLS_OF_DAY.match(words.lower()))


def _is_relative(words: str) -> bool:
    """True for "3 hours ago" and a few words more; for "3 months ago" alone."""
    rest, found = _AGO.subn("", words)
    beside = len(_LETTERS.findall(rest)) if found else MAX_CHARS
    return (beside <= MAX_AGO_WORDS and _unit_in(rest) is not None) or (beside == 1 and bool(_LONG_UNIT.search(rest)))


def _unit_in(words: str) -> timedelta | None:
    """The longest unit that words in small letters name."""
    return next((unit for unit, stem in reversed(_UNITS) if stem.search(words)), None)


def _dated_words(words: str) -> bool:
    return len(words) <= MAX_DATED_CHARS and _says_date(words)


@lru_cache(maxsize=4096)  # a card is asked three times, and a page shows few days
def _says_date(words: str) -> bool:
    told = _YEAR.search(words) or _SOLAR_YEAR.search(words)
    return bool(told) and _months.read_date(words) is not None


def _tells_day(words: str) -> bool:
    """True for a date with its year and little else; not for days from one to another: "17.-20.06.2024"."""
    if not (6 <= len(words) <= MAX_DATED_CHARS and _says_date(words)):
        return False
    return not (_TELLS_OF_DAY.match(words.lower()) or _DAYS.search(words))


def _small_date(one: Element) -> str:
    if one.tag not in _SMALL_TAGS or one.end - one.order > MAX_SMALL or one.is_longer(MAX_CHARS):
        return ""
    words = one.text()
    if len(words) < 6 or not _dated_words(words) or one.counts("time") or _holds_exact(one):
        return ""
    return words if not _TELLS_OF_DAY.match(words.lower()) else ""


def _titled_date(one: Element) -> str:
    """The date that a few words tell when they are pointed at: <span title="Mar 12, 2026">Mar 12</span>."""
    if one.tag == "a" or not _TITLED.search(one.written):
        return ""
    words = one.attrs.get("title", "")
    return words if _tells_day(words) and not one.is_longer(MAX_CHARS) else ""


def _holds_exact(one: Element) -> bool:
    """True for what holds the date of a microformat, which is exact: <abbr title="2026-11-22T06:30:00Z">."""
    return any(_EXACT.match(part.attrs.get("title", "")) for part in one.inside("abbr") if part is not one)


def _is_told(one: Element) -> bool:
    """True for an element that may tell a date by its tag or its attributes; small ones tell one by their words."""
    written = one.written
    if not written or one.tag in _TIME_TAGS:
        return one.tag in _TIME_TAGS
    if ' itemprop="' in written or (one.tag in _DATED_TAGS and _names_date(one.marks)):
        return True
    return _DIGIT_FIRST.search(written) is not None


def _local_day(stamp: _dates.Stamp) -> date | None:
    return (stamp.at + stamp.offset).date() if stamp.at is not None else None


def _said(card: Element, numbered: bool, told: str) -> Iterator[str]:
    """What may be a date in a card, in its order; what holds its title is none."""
    for one in card.walk():
        if (
            _is_told(one)
            or (' title="' in one.written and _TITLED.search(one.written))
            or (numbered and one.tag in _SMALL_TAGS and one.end - one.order <= MAX_SMALL)
        ):
            yield from (written for written in _written(one) if written and not (told and told in written))


def _written(one: Element) -> Iterator[str]:
    """What may be a date in one element, the most exact first."""
    if one.tag in _TIME_TAGS:
        yield one.attrs.get("datetime", "")
        yield one.text()
    if one.has("itemprop") and one.attrs.get("itemprop") in {"datePublished", "dateCreated"}:
        yield one.attrs.get("content", "") or one.attrs.get("datetime", "")
    if one.tag != "time" and _DIGIT_FIRST.search(one.written):
        exact = is_dated(one)  # "2026-11-22T06:30:00Z" in an attribute of any name: data-wcm, data-tip
        yield from (
            value
            for name, value in one.attrs.items()
            if value[:1].isdigit() and (_is_dated_name(name) or (exact and _EXACT.match(value)))
        )
    if one.tag in _DATED_TAGS and is_dated(one):
        yield one.attrs.get("title", "")
        within = one.counts("time")  # it comes next, and is exact
        if not within and len(words := one.text()) < 80:
            yield words
    elif one.tag in _SMALL_TAGS:
        if ' title="' in one.written:
            yield _titled_date(one)
        yield _small_date(one)


def _facts(one: Element) -> Iterator[str]:
    """The dates among facts that bars set apart: "By Jo Reed | Date: 20.11.2026 10:01 | 12 comments"."""
    if one.tag not in _SMALL_TAGS or not one.has_words or one.is_longer(MAX_FACTS_CHARS):
        return
    facts = _BAR.split(one.text())
    for fact in facts if len(facts) > 1 else ():
        words = _FACT_NAME.sub("", fact)
        is_short = len(words) <= MAX_CHARS and bool(_YEAR.search(words) or _SOLAR_YEAR.search(words))
        if is_short and (_dates.is_read(words) or _dated_words(words)):
            yield words


def _dateline(one: Element) -> Iterator[str]:
    """The date that a summary begins with, before a dash: "14 June 2005 - The council met last night"."""
    begin = next(iter(one.children), "") if one.tag in _SMALL_TAGS and one.has_words else ""
    found = _DATELINE.match(begin) if isinstance(begin, str) else None
    if found and _tells_day(found[1]):
        yield found[1]


def _bare_date(one: Element) -> Iterator[str]:
    """A date that stands in a box beside elements, as it is: <li><a>Title</a> (28-02-2026)</li>."""
    if one.tag not in _BOX_TAGS or not one.has_words:
        return
    for part in one.children[:MAX_BESIDE]:
        words = part.strip(" \t\n\xa0()[]|,;-–—•·") if isinstance(part, str) else ""
        if _BARE.match(words) and len(_LETTERS.findall(words)) <= MAX_DATE_WORDS and _tells_day(words):
            yield words


def read_relative(words: str, now: datetime) -> _dates.Stamp:
    """The time of "3 hours ago", as exact as its unit: a minute, an hour, or a bare date for days and weeks."""
    words = words.translate(_DIGITS).strip().lower()
    if len(words) > MAX_CHARS:
        return _dates.NO_DATE
    if _YESTERDAY.match(words) or _BEFORE_IT.match(words):
        return _day(now - timedelta(days=1 if _YESTERDAY.match(words) else 2))
    told = _ago.read_phrase(words) or _counted_ago(words)
    if told is None:
        return _dates.NO_DATE
    count, unit = told
    at = now - count * unit
    if unit >= timedelta(days=1):
        return _day(at)
    at = at.replace(second=0, microsecond=0, minute=at.minute if unit < timedelta(hours=1) else 0)
    return _dates.Stamp(at)


def _counted_ago(words: str) -> tuple[int, timedelta] | None:
    """The number and the unit of words among which one says "ago"; without a number it is one, or a dual."""
    unit = _unit_in(words) if _AGO.search(words) else None
    if unit is None:
        return None
    found = re.search(r"\d{1,3}", words)
    return (int(found[0]) if found else 2 if _DUAL.search(words) else 1), unit


def _day(at: datetime) -> _dates.Stamp:
    return _dates.Stamp(at.replace(hour=0, minute=0, second=0, microsecond=0), Precision.DAY)


def _is_foreign_date(words: str) -> bool:
    """True for words with a year, a day and a month's name in letters that we could not read."""
    return bool(_YEAR.search(words)) and len(re.findall(r"\d+", words)) <= 4 and bool(re.search(r"[^\W\d_]{2}", words))


@lru_cache(maxsize=256)
def _asked_dateparser(words: str, lang: str) -> _dates.Stamp | None:
    import dateparser  # 0.3 s; only for pages in other languages

    # A base and a zone of our own: nothing is taken from this machine's clock, and no part is made up.
    settings = {
        "RELATIVE_BASE": datetime(2000, 1, 1, tzinfo=UTC), "REQUIRE_PARTS": ["day", "month", "year"],
        "STRICT_PARSING": True, "PARSERS": ["absolute-time"], "TIMEZONE": "UTC",
    }  # fmt: skip
    try:
        wall = dateparser.parse(words, languages=[lang], settings=settings)
    except (ValueError, OverflowError, RecursionError):  # a language that it does not know is a ValueError
        return None
    if wall is None:
        return None
    at = wall.replace(tzinfo=UTC) if wall.tzinfo is None else wall.astimezone(UTC)
    if not _dates.EARLIEST <= at < _dates.LATEST:
        return None
    if not re.search(r"\d[:h.]\d\d", words):
        return _day(at)
    precision = Precision.LOCAL if wall.tzinfo is None else Precision.INSTANT
    return _dates.Stamp(at, precision, wall.utcoffset() or timedelta(0))
