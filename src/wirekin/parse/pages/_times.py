"""Find the publication time that a card shows: attributes, dates in words, "3 hours ago". It is never invented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from itertools import islice

from wirekin.model import Precision
from wirekin.parse import _dates
from wirekin.parse.pages import _ago, _lines, _months, _zones
from wirekin.parse.pages._dom import Element, Page

MAX_BESIDE = 12  # children of a box that are searched for a bare date
MAX_DATE_WORDS = 4  # words of a date: "Friday", "de", "March", "uhr"
MAX_PARTS = 30  # elements of a card that are searched for a time of day
MAX_HOUR_CHARS = 12  # of a time of day
MAX_AGO_CHARS = 24  # of a relative time alone: "vor ungefähr 3 Stunden"
MAX_SMALL = 2  # descendants of a small element, which may hold a date and little else
MAX_ASKED = 40  # dates per page that dateparser is asked for; it takes 0.3 to 3 ms for each (2026-11)
MAX_CHARS = 60  # of a text that is a date and little else
MAX_DATED_CHARS = 40  # of a date in words
MAX_FACTS_CHARS = 160  # of a line of facts between bars, one of which is the date
MAX_AGO_WORDS = 3  # besides "ago": "Published about 3 hours ago"; a longer text is a headline that looks back

_DATE = re.compile(
    r"\b(?:date|time|timestamp|datetime|published|pubdate|posted|when|day|datum|fecha|tarih|ago|ts|dt)\b"
)
# Names of attributes that hold a date: data-published-at, d-time, datetime of a <relative-time>.
_DATED_NAME = re.compile(
    r"(?:^|[-_:])(?:date-?time|date|time-?stamp|time|published(?:-?(?:at|on|date))?|pub-?date|posted|created(?:-?at)?|"
    r"utime|epoch|unix)$"
)
_NUMBER = re.compile(r"\d\d")
_COUNT = re.compile(r"\d")  # "3 hours ago"
_DIGIT_FIRST = re.compile(r'="\d')  # any attribute whose value starts with a digit
_EXACT = re.compile(r"(?:19|20)\d\d-\d\d-\d\dT\d\d:\d\d")
_TIME_TAGS = frozenset({"time", "date"})  # <date> is not an HTML element, but pages use it
_DATED_TAGS = frozenset({"dt", "dd", "span", "div", "p", "abbr", "small", "li", "td", "em", "i", "font", "b", "a"})
_SMALL_TAGS = frozenset({"dt", "h5", "h6", "span", "div", "p", "small", "em", "i", "font", "td", "cite", "sub", "a"})
_BOX_TAGS = frozenset({"li", "td", "dd", "div", "p"})
_EPOCH = re.compile(r"1[0-9]{9}(?:[0-9]{3})?")  # seconds or milliseconds from 2001 to 2033
_YEAR = re.compile(r"(?:19|20)\d\d|(?:١٩|٢٠|۲۰)[٠-٩۰-۹]{2}|\d{1,2}\.\d{1,2}\.\d{2}\b")
_SOLAR_YEAR = re.compile(r"(?<!\d)(?:1[34]|۱[۳۴]|25)\d\d(?!\d)")  # years of Iran's calendar, and with 25 of Thailand's
# "Elections on 3 May 2027" is about a day; "Posted on 3 May 2027" and "By Jo Reed on 3 May 2027" are dates.
_TELLS_OF_DAY = re.compile(
    r"(?!by |von |par |por |di |от )(?:.* )?(?!posted|published|updated|modified|created|added|filed|last|first|"
    r"veröffentlicht|aktualisiert|publi|pubbl|modif|actuali[sz]|atuali[sz]|aggiorn|jour |опубликован|обновлен|добавлен)"
    r"[^\W\d_]{3,} (?:on|am|le|du|el|em|il|на) (?:[^\W\d_]+,? )?\d{1,2}\b"
)
_CLOCK = re.compile(
    r"\D{0,3}\d{1,2}[:.]\d{2}(?::\d{2})?(?:\s?(?:uhr|uur|hrs?|[ap]\.?m\.?|h|น\.?))?\W{0,3}", re.IGNORECASE
)
_AROUND_HOUR = r"[^\w$€£¥₽₺₹₪₩₴%]{0,2}"  # "12.50 €" is a price
_HOUR = re.compile(  # two digits, or a word after it: "7:15" alone may be the length of a film
    rf"{_AROUND_HOUR}(?:(?:[01]\d|2[0-3])[:.h時时시][0-5]\d(?:\s?(?:uhr|h|น\.?|分|分))?|"
    rf"\d{{1,2}}[:.][0-5]\d\s?(?:uhr|[ap]\.?m\.?)){_AROUND_HOUR}",
    re.IGNORECASE,
)
_DIGITS = {ord(digit): str(at % 10) for at, digit in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}
# Stems of units in the languages that we read. Source: CLDR 46 relative times, 2026-11.
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
# Words for "ago", matched whole: "the coming elections" in Arabic and "forecast" in Persian begin or end with one.
_AGO = re.compile(r"\b(?:ago|назад|پیش|قبل|منذ|לפני|hace|il y a|vor|há|önce)(?![\w\u200c])|\bfa$")
# "Died 2 days ago", "Commented 2 hours ago" and "3 Tage vor Wahl" are about other days than that of the news.
_ABOUT = (
    r"(?:about|approximately|around|over|almost|aproximadamente|casi|quase|quasi|"
    r"ungefähr|etwa|rund|circa|ca\.|environ|près de|plus de|unas|unos|"
    r"cerca de|más de|mais de|около|примерно|حوالي|نحو|حدود|yaklaşık)\s"
)
_PUBLISHED = (
    r"(?:posted|published|updated|modified|created|added|filed|veröffentlicht|aktualisiert|publi\w*|pubbl\w*|"
    r"a?ctuali[sz]\w*|atuali[sz]\w*|aggiorn\w*|опубликован\w*|обновлен\w*|добавлен\w*|نُ?شر|פורסם|עודכן)\W+"
)
_UNIT = rf"(?:{'|'.join(stem.pattern.partition(')(?:')[2][:-1] for _, stem in _UNITS)})[^\W\d]{{0,5}}\.?"
_COUNTED = rf"(?:(?:כ-)?\d{{1,3}}|an?|one|un['’]|une?|una|uma?|eine[rmn]?|bir|یک)\s?{_UNIT}"
_SINGLE = r"секунду|минуту|час|день|неделю|ثانية|دقيقة|ساعة|يوم|أسبوع|שעה|דקה|יום|שבוע"
_AMOUNT = (
    rf"(?:{_ABOUT})?(?:{_COUNTED}|{_SINGLE}|"
    r"ساعتين|يومين|دقيقتين|أسبوعين|ثانيتين|שעתיים|יומיים|שבועיים|דקותיים)"
)
_COUNTED_AGO = rf"(?:(?:منذ|قبل|לפני|hace|il y a|vor|há)\s{_AMOUNT}|{_AMOUNT}\s(?:ago|назад|پیش|قبل|önce|fa))"
# The first of two amounts counts: "1 hour, 30 minutes ago".
_AGO_IN_TEXT = re.compile(rf"(?<!\w)(?<!\d[.,-])(?<!half )(?:{_COUNTED},?\s(?:and\s)?)?{_COUNTED_AGO}(?!\w)")
_AGO_ALONE = re.compile(rf"\W*(?:{_PUBLISHED}|[^\W\d][^\d|•·,]*[|•·,]\s)?{_COUNTED_AGO}\W*")
_OF_READERS = re.compile(r"\b(?:comment(?:s|er)?|repl(?:y|ies)|replied)\b")
_OF_ARTICLE = re.compile(r"\b(?:date|time|meta|info|count|link|post|entry|article|card|item)s?\b")
_HAS_CLOCK = re.compile(r"\d[:h.時时시]\d\d")
_BARS = re.compile(r"[|•·]")
_TITLED = re.compile(r' title="[^"]*(?:19|20)\d\d')
_FULL_YEAR = re.compile(r"\d{4}")
# Searched for in every card, so without \d: digits of all scripts take three times as long per character.
_LIKE_YEAR = re.compile(r"[12٠-٩۰-۹][0-9٠-٩۰-۹]{3}")
_LIKE_HOUR = re.compile(r"[0-9][:.h時时시][0-5][0-9]")
_BAR = re.compile(r"\s[|•·]\s")
_DATELINE = re.compile(r"\s*(\d[^-–—]{5,30}|[^\W\d]{3,12}\.? \d{1,2},? \d{4})\s+[-–—]\s")
# "12 March 2026", "Friday, March 13, 2026"; not "Since 12 March 2026".
_BARE = re.compile(r"(?:[^\W\d]+[,،] )?(?:\d|[^\W\d]+\.? \d{1,2},? \d{4})")
_DAYS = re.compile(r"(?<!\d)\d{1,2}\.?\s*[-–—]\s*\d{1,2}[.\s]")  # a range of days, as of an event
_FACT_NAME = re.compile(r"^[^\W\d]{2,20}(?: [^\W\d]{1,20})?:\s*")  # "Date:", "Published on:"
_TWO_WORDS = re.compile(r"[^\W\d_][\W\d_]+[^\W\d_]")
_LETTERS = re.compile(r"[^\W\d_]+")
_DUAL = re.compile(r"ساعتين|يومين|دقيقتين|أسبوعين|ثانيتين|שעתיים|יומיים|שבועיים|דקותיים")


class Times:
    """Reads the times of one page's cards.

    `now` is the instant that "3 hours ago" counts from; None leaves relative times out. `lang` is the page's language,
    and `page` shows in which order it writes the numbers of a date.
    Dates in words that we do not list are left to dateparser in that language only, because trying all languages takes
    it a second.
    """

    def __init__(self, now: datetime | None, lang: str | None = None, page: Page | None = None) -> None:
        self._now = now
        self._lang = lang
        self._page = page
        self._asked = 0

    @cached_property
    def _day_first(self) -> bool:
        tag, markup = (self._page.root.attrs.get("lang", ""), self._page.markup) if self._page else ("", b"")
        return _months.writes_day_first(self._lang, tag, markup)

    def of(self, card: Element, title: str = "") -> _dates.Stamp:
        """Return the card's time; NO_DATE if it shows none. Absolute times win over relative ones.

        A text that contains the card's `title` is about another day: "Born on 4 July 1976".
        """
        told = title if _TWO_WORDS.search(title) else ""
        relative = _dates.NO_DATE
        numbered = _has_number(card)
        said = _said(card, numbered or card.shows(_COUNT, "0123456789"), told)
        for written in said:
            stamp = self.read(written)
            if stamp.at is not None:
                return self._with_clock(stamp, card, said)
            if relative.at is None and self._now is not None:
                relative = read_relative(written, self._now)
        barred = numbered and relative.at is None and card.shows(_BARS)
        if numbered and relative.at is None and card.shows(_FULL_YEAR if barred else _LIKE_YEAR):
            stated = card.shows(_lines.PUBLISHED)
            find = (*[_facts] * barred, *[_stated] * stated, _dateline, _bare_date)
            facts = (fact for one in card.walk() for tell in find for fact in tell(one) if not (told and told in fact))
            return next((stamp for stamp in map(self.read, facts) if self._is_past(stamp)), relative)
        return relative

    def _is_past(self, stamp: _dates.Stamp) -> bool:
        """True for a date that is not in the future in any zone; a future bare date belongs to an event."""
        return stamp.at is not None and (self._now is None or stamp.at < self._now + timedelta(days=1))

    def _with_clock(self, day: _dates.Stamp, card: Element, said: Iterator[str]) -> _dates.Stamp:
        """Add the time of day from another text of the card with the same day: "19.03.2018", "19.03.2018 | 17:19"."""
        if day.precision is not Precision.DAY or not card.shows(_HAS_CLOCK):
            return day
        exact = (stamp for stamp in map(self.read, said) if stamp.precision is not Precision.DAY)
        return next((stamp for stamp in exact if _local_day(stamp) == _local_day(day)), day)

    def read(self, written: str) -> _dates.Stamp:
        """Parse a date as written. Languages that we do not list are left to dateparser, MAX_ASKED times per page."""
        written = written.strip()
        if not written:
            return _dates.NO_DATE
        if _EPOCH.fullmatch(written):
            at = datetime.fromtimestamp(int(written[:10]), UTC)
            return _dates.Stamp(at)
        if _zones.names_no_season(written):
            return self._in_season(written)
        stamp = _dates.read_date(written)
        if stamp is None or stamp.at is None:  # "12 juin 2005" looks like a feed's date with an unknown month
            stamp = self._in_words_or_numbers(written) or stamp
        unread = (stamp is None or stamp.at is None) and len(written) <= MAX_CHARS and _is_foreign_date(written)
        if unread and self._lang and self._asked < MAX_ASKED:
            self._asked += 1
            stamp = _asked_dateparser(written, self._lang)
        return stamp or _dates.NO_DATE

    def _in_words_or_numbers(self, written: str) -> _dates.Stamp | None:
        stamp = _months.read_date(written, day_first=self._day_first)
        if stamp is None or self._is_past(stamp) or not _months.is_ambiguous(written):
            return stamp
        return _dates.NO_DATE  # a future day was probably written with its month first

    def _in_season(self, written: str) -> _dates.Stamp:
        winter = self.read(_zones.in_season(written, summer=False))
        summer = winter.at is not None and _zones.is_summer(winter.at + winter.offset)
        return self.read(_zones.in_season(written, summer=True)) if summer else winter


@lru_cache(maxsize=512)
def _is_dated_name(name: str) -> bool:
    return bool(_DATED_NAME.search(name))


def is_dated(one: Element) -> bool:
    """True for an element whose class or id says that it is a date."""
    return bool(one.marks) and _names_date(one.marks)


@lru_cache(maxsize=4096)
def _names_date(marks: str) -> bool:
    return bool(_DATE.search(marks))


def tells_date(card: Element) -> bool:
    """True for a card with a <time>, or with an element that is called a date or has a date as its text."""
    if card.counts("time"):
        return True
    parts = card.walk()
    for one in parts:
        if one.written and _names_date(one.marks):
            return True
    return _has_number(card) and any(map(shows_date, parts))


def _has_number(card: Element) -> bool:
    return card.shows(_NUMBER, "0123456789")  # without a number in the card no part of it shows a year


def shows_date(one: Element) -> bool:
    """True for a small element with a date, its year, and little else."""
    return bool(_small_date(one))


def is_clock(words: str) -> bool:
    """True for a time of day or a length and nothing else: "14:32", "1:02:33"."""
    return bool(_CLOCK.fullmatch(words))


def is_hour(words: str) -> bool:
    """True for a time of day and nothing else: "17:42", "(18h40)", "5.30 pm"; "0:48" may be the length of a film."""
    return bool(_HOUR.fullmatch(words))


def shows_hour(card: Element) -> bool:
    """True for a card with a time of day, as in a list of the day's news: "17:42 Fog closes the port"."""
    if not card.shows(_LIKE_HOUR, "0123456789"):
        return False
    parts = (one for one in islice(card.walk(), MAX_PARTS) if one.size < 3 and one.has_words)
    return any(not one.is_longer(MAX_HOUR_CHARS) and is_hour(one.text()) for one in parts)


def is_date(words: str) -> bool:
    """True for a date, a time of day or a length and little else: "20/11/2026", "14:32", "3 hours ago"."""
    if not words or len(words) > MAX_CHARS or not any(char.isdigit() for char in words):
        return _ago.days_ago(words.lower()) is not None and len(words) < MAX_CHARS
    if (
        _CLOCK.fullmatch(words)
        or _is_relative(words.lower())
        or _ago.read_phrase(words.lower())
        or _ago.days_ago(words.lower()) is not None
    ):
        return True
    return _dates.is_read(words) or (_dated_words(words) and not _TELLS_OF_DAY.match(words.lower()))


def _is_relative(words: str) -> bool:
    """True for "3 hours ago" with at most two more words, and for "3 months ago" alone."""
    rest, found = _AGO.subn("", words)
    beside = len(_LETTERS.findall(rest)) if found else MAX_CHARS
    return (beside <= MAX_AGO_WORDS and _unit_in(rest) is not None) or (beside == 1 and bool(_LONG_UNIT.search(rest)))


def _unit_in(words: str) -> timedelta | None:
    """Return the longest unit that a lower-case text names; None if there is none."""
    return next((unit for unit, stem in reversed(_UNITS) if stem.search(words)), None)


def _dated_words(words: str) -> bool:
    return len(words) <= MAX_DATED_CHARS and _says_date(words)


@lru_cache(maxsize=4096)  # called three times per card, and a page shows few days
def _says_date(words: str) -> bool:
    told = _YEAR.search(words) or _SOLAR_YEAR.search(words)
    return bool(told) and _months.read_date(words, day_first=True) is not None


def _tells_day(words: str) -> bool:
    """True for a date with its year and little else; not for a range of days: "17.-20.06.2024"."""
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


def _small_ago(one: Element) -> str:
    """Return the relative time that is all a small element says: <p>Posted 3 hours ago</p>."""
    if not one.has_words or one.end - one.order > MAX_SMALL or one.is_longer(MAX_AGO_CHARS):
        return ""
    words = one.text()
    return words if _is_ago_alone(words) else ""


@lru_cache(maxsize=4096)  # called for each small element, and a list's cards share most of their short texts
def _is_ago_alone(words: str) -> bool:
    """True for a text that says only "3 hours ago", when it was published, or a name before a bar or comma."""
    words = words.lower()
    return bool(_AGO_ALONE.fullmatch(words) or _ago.read_phrase(words))


def _titled_date(one: Element) -> str:
    """Return the full date in the title of a short text: <span title="Mar 12, 2026">Mar 12</span>."""
    if one.tag == "a" or not _TITLED.search(one.written):
        return ""
    words = one.attrs.get("title", "")
    return words if _tells_day(words) and not one.is_longer(MAX_CHARS) else ""


def _holds_exact(one: Element) -> bool:
    """True if the element holds a microformat's exact date: <abbr title="2026-11-22T06:30:00Z">."""
    return any(_EXACT.match(part.attrs.get("title", "")) for part in one.inside("abbr") if part is not one)


def _is_told(one: Element) -> bool:
    """True for an element whose tag or attributes suggest a date; small elements are checked by their text."""
    written = one.written
    if not written or one.tag in _TIME_TAGS:
        return one.tag in _TIME_TAGS
    if ' itemprop="' in written or (one.tag in _DATED_TAGS and _names_date(one.marks)):
        return True
    return _DIGIT_FIRST.search(written) is not None


def _local_day(stamp: _dates.Stamp) -> date | None:
    return (stamp.at + stamp.offset).date() if stamp.at is not None else None


def _said(card: Element, numbered: bool, told: str) -> Iterator[str]:
    """Yield the texts of a card that may be a date, in document order, except those that contain its title."""
    for one in card.walk():
        if (
            _is_told(one)
            or (' title="' in one.written and _TITLED.search(one.written))
            or (numbered and one.tag in _SMALL_TAGS and one.end - one.order <= MAX_SMALL)
        ):
            shown = [written for written in _written(one) if written and not (told and told in written)]
            yield from () if shown and _is_of_reader(one, card) else shown


def _is_of_reader(one: Element, card: Element) -> bool:
    """True for a part of what a reader wrote inside a card; "date-comments" names a line about the article."""
    if _OF_READERS.search(one.marks):
        return True
    boxes = (up.marks for up in islice(one.ancestors(), 2) if up.order > card.order)
    return any(_OF_READERS.search(marks) and not _OF_ARTICLE.search(marks) for marks in boxes)


def _written(one: Element) -> Iterator[str]:
    """Yield the texts of one element that may be a date, the most exact first."""
    if one.tag in _TIME_TAGS:
        yield one.attrs.get("datetime", "")
        yield one.text()
    if one.has("itemprop") and one.attrs.get("itemprop") in {"datePublished", "dateCreated"}:
        yield one.attrs.get("content", "") or one.attrs.get("datetime", "")
    if one.has("property") and one.attrs.get("property", "").endswith("datePublished"):  # RDFa Lite
        yield one.attrs.get("content", "")
    if one.tag != "time" and _DIGIT_FIRST.search(one.written):
        exact = is_dated(one)  # "2026-11-22T06:30:00Z" in an attribute of any name: data-wcm, data-tip
        yield from (
            value
            for name, value in one.attrs.items()
            if value[:1].isdigit() and (_is_dated_name(name) or (exact and _EXACT.match(value)))
        )
    if one.tag in _DATED_TAGS and is_dated(one):
        yield one.attrs.get("title", "")
        within = one.counts("time")  # a <time> inside comes later in the walk, and is exact
        if not within and len(words := one.text()) < 80:
            yield words
    elif one.tag in _SMALL_TAGS:
        if ' title="' in one.written:
            yield _titled_date(one)
        yield _small_date(one) or _small_ago(one)


def _facts(one: Element) -> Iterator[str]:
    """Yield the dates in a line of facts between bars: "By Jo Reed | Date: 20.11.2026 10:01 | 12 comments"."""
    if one.tag not in _SMALL_TAGS or not one.has_words or one.is_longer(MAX_FACTS_CHARS):
        return
    facts = _BAR.split(one.text())
    for fact in facts if len(facts) > 1 else ():
        words = _FACT_NAME.sub("", fact)
        is_short = len(words) <= MAX_CHARS and bool(_YEAR.search(words) or _SOLAR_YEAR.search(words))
        if is_short and (_dates.is_read(words) or _dated_words(words)):
            yield words


def _stated(one: Element) -> Iterator[str]:
    """Yield the date after "published on" behind a name: "Far Ledger - published on 14.03.2026 at 08:15"."""
    if one.tag in _SMALL_TAGS and one.has_words and not one.is_longer(MAX_FACTS_CHARS):
        yield from filter(_tells_day, [_lines.published_on(one.text())])


def _dateline(one: Element) -> Iterator[str]:
    """Yield the date before a dash at the start of a summary: "14 June 2005 - The council met last night"."""
    begin = next(iter(one.children), "") if one.tag in _SMALL_TAGS and one.has_words else ""
    found = _DATELINE.match(begin) if isinstance(begin, str) else None
    if found and _tells_day(found[1]):
        yield found[1]


def _bare_date(one: Element) -> Iterator[str]:
    """Yield a date that is a bare text beside elements: <li><a>Title</a> (28-02-2026)</li>."""
    if one.tag not in _BOX_TAGS or not one.has_words:
        return
    for part in one.children[:MAX_BESIDE]:
        words = part.strip(" \t\n\xa0()[]|,;-–—•·") if isinstance(part, str) else ""
        if is_bare(words):
            yield words


def is_bare(words: str) -> bool:
    """True for a date alone, or behind its weekday and a comma: "Friday, 20 November 2026"."""
    return bool(_BARE.match(words)) and len(_LETTERS.findall(words)) <= MAX_DATE_WORDS and _tells_day(words)


def read_relative(words: str, now: datetime) -> _dates.Stamp:
    """Parse "3 hours ago" to the precision of its unit: the minute, the hour, or a bare date for days and weeks."""
    words = words.translate(_DIGITS).strip().lower()
    if len(words) > MAX_CHARS:
        return _dates.NO_DATE
    ago = _ago.days_ago(words)
    if ago is not None:
        return _day(now - timedelta(days=ago))
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
    """Return number and unit of "3 hours ago" in a text; without a number it is 1, or 2 for a dual."""
    found = _AGO_IN_TEXT.search(words) if _AGO.search(words) else None  # most texts lack such a word
    unit = _unit_in(found[0]) if found else None
    if found is None or unit is None:
        return None
    number = re.search(r"\d{1,3}", found[0])
    return (int(number[0]) if number else 2 if _DUAL.search(found[0]) else 1), unit


def _day(at: datetime) -> _dates.Stamp:
    return _dates.Stamp(at.replace(hour=0, minute=0, second=0, microsecond=0), Precision.DAY)


def _is_foreign_date(words: str) -> bool:
    """True for a text that may be a date in an unlisted language: a year, few numbers, and a word."""
    return bool(_YEAR.search(words)) and len(re.findall(r"\d+", words)) <= 4 and bool(re.search(r"[^\W\d_]{2}", words))


@lru_cache(maxsize=256)
def _asked_dateparser(words: str, lang: str) -> _dates.Stamp | None:
    import dateparser  # takes 0.3 s to import; only for pages in other languages

    # A fixed base and zone, so that nothing depends on this machine's clock and no part of a date is made up.
    settings = {
        "RELATIVE_BASE": datetime(2000, 1, 1, tzinfo=UTC), "REQUIRE_PARTS": ["day", "month", "year"],
        "STRICT_PARSING": True, "PARSERS": ["absolute-time"], "TIMEZONE": "UTC",
    }  # fmt: skip
    try:
        wall = dateparser.parse(words, languages=[lang], settings=settings)
    except (ValueError, OverflowError, RecursionError):  # an unknown language raises ValueError
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
