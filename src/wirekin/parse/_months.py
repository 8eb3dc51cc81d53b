"""Dates in words, as pages show them: "24 марта 2026, 08:22", "le 3 mars 2026 à 7h05", "16 de marzo de 2026"."""

from __future__ import annotations

import re

from wirekin.parse import _dates

# Stems are enough: "март", "марта"; one entry per month and language. Source: CLDR 46 month names, 2026-11.
_STEMS = (
    "jan ene gen янв oca يناير كانون-الثاني ינואר ژانویه",
    "feb fév fev фев şub فبراير شباط פברואר فوریه",
    "mar mär mars maa мар مارس آذار מרץ",
    "apr avr abr апр nis أبريل ابريل نيسان אפריל آوریل",
    "may mai mag mei май мая مايو أيار מאי مه",
    "jun juin giu июн haz يونيو حزيران יוני ژوئن",
    "jul juil lug июл tem يوليو تموز יולי ژوئیه",
    "aug aoû aou ago авг ağu أغسطس آب אוגוסט اوت",
    "sep set сен eyl سبتمبر أيلول ספטמבר سپتامبر",
    "oct okt ott out окт eki أكتوبر تشرين-الأول אוקטובר اکتبر",
    "nov ноя kas نوفمبر تشرين-الثاني נובמבר نوامبر",
    "dec dez dic déc дек ara ديسمبر كانون-الأول דצמבר دسامبر",
)
_MONTHS = {stem.replace("-", " "): at for at, stems in enumerate(_STEMS, 1) for stem in stems.split()}
_NAMES = "|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))
_CLOCK = r"(?:\D{0,12}?(?P<hour>\d{1,2})[:h.](?P<minute>\d{2}))?"
_DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})[.ºer]{{0,2}}\s+(?:de\s+|ב)?(?P<month>{_NAMES})[^\W\d]*\.?,?\s+(?:de\s+)?(?P<year>\d{{4}}){_CLOCK}"
)
_MONTH_FIRST = re.compile(rf"\b(?P<month>{_NAMES})[^\W\d]*\.?\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}}){_CLOCK}")
_CJK = re.compile(r"(?P<year>\d{4})\s*[年년]\s*(?P<month>\d{1,2})\s*[月월]\s*(?P<day>\d{1,2})\s*[日일]" + _CLOCK)
_NUMBERS = re.compile(r"(?<!\d)(?P<day>\d{1,2})([./-])(?P<month>\d{1,2})\2(?P<year>\d{4})" + _CLOCK)
_MONTH_AND_DAY = re.compile(r"(?<!\d)(?P<month>\d{1,2})/(?P<day>1[3-9]|2\d|3[01])/(?P<year>\d{4})" + _CLOCK)
_SHORT_YEAR = re.compile(r"(?<![\d.])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{2})(?![\d.])" + _CLOCK)
_ISO = re.compile(r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})" + _CLOCK)
_DIGITS = {ord(digit): str(at % 10) for at, digit in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}


def read_date(words: str) -> _dates.Stamp | None:
    """The date that a few words hold; None where they hold none.

    Numbers alone are read only where the month cannot be the day: 22/11 and 11/22 are, 05/03 stays unread.
    """
    words = " ".join(words[:120].lower().translate(_DIGITS).split())
    for shape in (_DAY_FIRST, _MONTH_FIRST, _CJK, _ISO, _MONTH_AND_DAY, _NUMBERS, _SHORT_YEAR):
        if found := shape.search(words):
            if shape is _NUMBERS and int(found["day"]) <= 12 and "." not in found[0]:
                return None
            return _dates.read_date(_plain(found))
    return None


def _plain(found: re.Match[str]) -> str:
    month = _MONTHS.get(found["month"]) or int(found["month"])
    year = found["year"] if len(found["year"]) == 4 else f"20{found['year']}"
    day = f"{year}-{month:02d}-{int(found['day']):02d}"
    return f"{day} {int(found['hour']):02d}:{found['minute']}" if found["hour"] else day
