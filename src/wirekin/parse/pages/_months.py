"""Parse dates in words, as pages show them: "24 марта 2026, 08:22", "le 3 mars 2026 à 7h05", "16 de marzo de 2026"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

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
# Month stems of further languages, accepted only after a day or a year. A trailing "." means the whole word, because
# "17 Pro 2026" is no day of December. Source: CLDR 46, 2026-11.
_MORE_STEMS = """
ian tammi styczn sty. ledna ledn. leden siječ січ студз яну јан қаңтар saus yan ιαν जनवरी जानेवारी
জানুয়ারি জানুয়ারী జనవరి ஜனவரி جنوری มกราคม ม.ค հունվ იან jaan ဇန်နဝါရီ

helmi luty. lutego lut. únor velja лют фебр ақпан vasar shkurt φεβ φλεβ फरवरी फ़रवरी फेब्रुवारी
ফেব্রুয়ারি ফেব্রুয়ারী ఫిబ్రవరి பிப்ரவரி فروری กุมภาพันธ์ ก.พ փետր თებ veeb ဖေဖော်ဝါရီ

márc maalis mrt. březn ožuj бере сакав наурыз kovo. machi μαρ μάρ मार्च মার্চ మార్చి மார்ச் مارچ
มีนาคม มี.ค մարտ მარ မတ်

ápr huhti kwie kwi. dubna duben travanj travnj квіт красав сәуір baland prill απρ अप्रैल एप्रिल
এপ্রিল ఏప్రిల్ ஏப்ரல் اپریل เมษายน เม.ย ապր აპრ ဧပြီ

maj. maja. máj maí. touko květ kvě. svib трав мај. мамыр geguž μαΐ μαϊ μάι मई मे. মে మే மே مئی
พฤษภาคม พ.ค մայ მაი မေ

iun jún júní. juun jūn kesä czerw cze. červen června. červn lipanj lipnj черв чэрв юни јун маусым
birž iyun qershor ιουν ιούν जून জুন జూన్ ஜூன் جون มิถุนายน มิ.ย հունի ივნ ဇွန်

iul júl juul jūl heinä lipiec lipca lip. červenec července. červenc srpanj srpnj лип ліп юли јул
шілде liepos iyul korrik ιουλ ιούλ जुलाई जुलै জুলাই జులై జూలై ஜூலை جولائی กรกฎาคม ก.ค հուլ ივლ ဇူလိုင်

elo. elok avg avq agu. agust ágúst sierp sie. srpen srpna srpnu kolovoz серп жні тамыз rugpj gusht
αυγ αύγ अगस्त ऑगस्ट আগস্ট ఆగస్టు ఆగస్ట్ ஆகஸ்ட் اگست สิงหาคม ส.ค օգոս აგვ ဩဂုတ်

szept syys wrześ wrz. září rujan rujn верес верас септ қыркүйек rugsėj sentyabr sentabr shtator σεπ
सितंबर सितम्बर सप्टेंबर সেপ্টেম্বর సెప్టెంబర్ செப்டம்பர் ستمبر กันยายน ก.ย սեպ სექ စက်တင်ဘာ

loka paźdz paź. říj жовт кастр қазан spal tetor οκτ अक्टूबर अक्तूबर ऑक्टोबर অক্টোবর అక్టోబర్
அக்டோபர் اکتوبر ตุลาคม ต.ค հոկ ოქტ အောက်တိုဘာ

noi. noiem nóv marras listopad lis. studen листоп лістап ноем новем қараша lapkri noy nëntor νοε νοέ
नवंबर नवम्बर नोव्हेंबर নভেম্বর నవంబర్ నవంబరు நவம்பர் نومبر พฤศจิกายน พ.ย նոյ ნოე နိုဝင်ဘာ

des. desember desembre desemba joulu grudzie grudnia gru. prosin груд снеж дец желтоқсан gruod dek
dhjetor dets δεκ दिसंबर दिसम्बर डिसेंबर ডিসেম্বর డిసెంబర్ டிசம்பர் دسمبر ธันวาคม ธ.ค դեկ დეკ ဒီဇင်ဘာ
"""
# Languages that write dates of numbers alone with the day first. Source: CLDR 46 short dates, 2026-11. Not English,
# whose order depends on the country.
DAY_FIRST = frozenset([
    "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "da", "de", "el", "es", "et", "fi", "fr", "gl", "he", "hi",
    "hr", "id", "it", "ka", "kk", "lv", "mk", "ms", "nb", "nl", "nn", "no", "pl", "pt", "ro", "ru", "sk", "sl",
    "sq", "sr", "ta", "th", "tr", "uk", "ur", "vi",
])  # fmt: skip
_SOLAR = (  # Iran's months, from 20 or 21 March
    "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
)  # fmt: skip
_MONTHS = {stem.replace("-", " "): at for at, stems in enumerate(_STEMS, 1) for stem in stems.split()}
_MORE_MONTHS = {
    stem: at
    for at, stems in enumerate(_MORE_STEMS.split("\n\n"), 1)
    for stem in unicodedata.normalize("NFC", stems).split()
}
_SOLAR_MONTHS = {name: at for at, name in enumerate(_SOLAR, 1)}


def _any_of(*stems: Iterable[str]) -> str:
    """Join stems to an alternation, the longest first: "marras" is Finnish for November, and "mar" is March."""
    named = sorted((stem for some in stems for stem in some), key=len, reverse=True)
    return "|".join(re.escape(one.rstrip(".")) + (r"(?![^\W\d])" if one.endswith(".") else "") for one in named)


_NAMES = _any_of(_MONTHS, _SOLAR_MONTHS)
_ALL_NAMES = _any_of(_MONTHS, _SOLAR_MONTHS, _MORE_MONTHS)
_ZONE = r"(?:(?::\d{2})?\s+\(?(?P<zone>мск|msk|utc|gmt|ces?t|ees?t|bst|[ecmp][sd]t|trt)\b)?"
# Words for a.m. and p.m., after the time or before it. Source: CLDR 46 day periods, 2026-11.
# Only whole words are accepted before the time: in "20 نوفمبر 2026 م 10:30" the "م" marks the era of the year.
_EARLY, _LATE = (
    r"صباح\w*|ق\.ظ|صبح|π\.?μ\.?|öö|午前|上午|凌晨|早上|오전",
    r"مساء\w*|ب\.ظ|بعدازظهر|عصر|μ\.?μ\.?|ös|午後|下午|晚上|오후",
)
_FIRST_HALF, _SECOND_HALF = rf"a\.?\s?m\.?|ص|{_EARLY}", rf"p\.?\s?m\.?|م|{_LATE}"
_HALF_BEFORE = rf"(?:(?P<early>{_EARLY})|(?P<late>{_LATE}))\s?"
_HALF_BEHIND = rf"(?:\s?(?:(?P<before_noon>{_FIRST_HALF})|(?P<after_noon>{_SECOND_HALF}))(?!\w))?"
_CLOCK = (
    rf"(?:\D{{0,12}}?(?:{_HALF_BEFORE})?(?P<hour>\d{{1,2}})[:h.](?P<minute>\d{{2}})(?:分|분)?{_HALF_BEHIND}{_ZONE})?"
)
# The clock before its day: "15:42, 12 марта 2026", "10:15 AM Thu, March 12, 2026".
_CLOCK_BEFORE = re.compile(
    rf"(?<![\d:])(?:{_HALF_BEFORE})?(?P<hour>\d{{1,2}}):(?P<minute>[0-5]\d){_HALF_BEHIND}{_ZONE}\)?"
    r"[\s,|•·–—-]{1,3}(?:[^\W\d]{2,10}[,.]?\s)?$"
)
_DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})[.ºer]{{0,2}}\s+(?:de\s+|ב)?(?P<month>{_ALL_NAMES})[^\W\d]*\.?,?\s+(?:de\s+)?(?P<year>\d{{4}}){_CLOCK}"
)
_MONTH_FIRST = re.compile(rf"\b(?P<month>{_NAMES})[^\W\d]*\.?\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}}){_CLOCK}")
_YEAR_FIRST = re.compile(  # Hungary, Lithuania: "2026. november 20.", "2026 m. lapkričio 20 d."
    rf"(?<!\d)(?P<year>\d{{4}})\.?\s+(?:m\.\s+)?(?P<month>{_ALL_NAMES})[^\W\d]*\.?\s+(?P<day>\d{{1,2}})(?!\d){_CLOCK}"
)
_NUMBERED = re.compile(  # Vietnam: "20 tháng 11, 2026"
    r"(?<!\d)(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2})(?:,|\s+năm)?\s+(?P<year>\d{4})" + _CLOCK
)
_CJK = re.compile(  # "2026年11月20日　12時20分"
    r"(?P<year>\d{4})\s*[年년]\s*(?P<month>\d{1,2})\s*[月월]\s*(?P<day>\d{1,2})\s*[日일]"
    + _CLOCK.replace("[:h.]", r"(?:[:h.]|\s*[時时點点시]\s*)")
)
_NO_MORE = r"(?!\d|-\d{1,4}(?![\d:h]))"  # as of "2024-10-12-5", a file's number, and of a range of days
_NUMBERS = re.compile(
    r"(?<!\d)(?<!\d-)(?P<day>\d{1,2})([./-])\s?(?P<month>\d{1,2})\2\s?(?P<year>\d{4})" + _NO_MORE + _CLOCK
)
_MONTH_AND_DAY = re.compile(r"(?<!\d)(?P<month>\d{1,2})/(?P<day>1[3-9]|2\d|3[01])/(?P<year>\d{4})" + _CLOCK)
_SHORT_YEAR = re.compile(  # at the start, after a mark or a preposition: "Kernel 6.1.12" is a version
    r"(?:^|[^\w\s]\s?|\b(?:am|vom|den|le|du|il|el|del|em|od|dne|dnia|от)\s)(?<![\d.])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{2})(?![\d.])"
    + _CLOCK
)
_ISO = re.compile(
    r"(?<!\d)(?<!\d-)(?P<year>\d{4})([-/.])\s?(?P<month>\d{1,2})\2\s?(?P<day>\d{1,2})" + _NO_MORE + _CLOCK
)
_NAMED = {stem.rstrip("."): at for stem, at in _MORE_MONTHS.items()} | _MONTHS
# Countries where such a language's dates of numbers are written in more than one order.
_MIXED_REGIONS = ("-us", "-pr", "-pa", "-ca", "-ph")
_MONTH_IS_FIRST = re.compile(rb"(?<![\d/])(?:0?\d|1[0-2])/(?:1[3-9]|2\d|3[01])/20\d\d(?![\d/])")
_BUDDHIST = 543  # years by which Thailand's calendar is ahead
_BUDDHIST_YEARS = range(1970, 2100)
_SOLAR_YEARS = range(1349, 1499)  # 1970 to 2120
_SOLAR_EPOCH = -356_033  # so that 1 Farvardin 1405 is 21 March 2026
_DIGITS = {ord(digit): str(at % 10) for at, digit in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}


def writes_day_first(lang: str | None, tag: str, markup: bytes) -> bool:
    """True for a page in a language whose short dates begin with the day, unless its country or a date says otherwise.

    Spanish pages from the United States may show "05/13/2026", and then 05/03 is the third of May.
    """
    region = tag.lower().replace("_", "-")
    return lang in DAY_FIRST and not region.endswith(_MIXED_REGIONS) and not _MONTH_IS_FIRST.search(markup)


def read_date(words: str, *, day_first: bool = False) -> _dates.Stamp | None:
    """Parse the date in a few words; None if there is none.

    A date of numbers alone is read only if it cannot be confused: 22/11/2026 and 11/22/2026 are read; 05/03/2026, and
    3.5.26, which begins with the year in Korea, only if the page is known to write the day first.
    """
    words = " ".join(unicodedata.normalize("NFC", words[:120].lower()).translate(_DIGITS).split())
    for shape in (_DAY_FIRST, _MONTH_FIRST, _YEAR_FIRST, _NUMBERED, _CJK, _ISO, _MONTH_AND_DAY, _NUMBERS, _SHORT_YEAR):
        if found := shape.search(words):
            if _is_ambiguous(found) and not day_first:
                return None
            clock = found if found["hour"] else _CLOCK_BEFORE.search(words, 0, found.start())
            return _dates.read_date(_plain(found, clock))
    return None


def is_ambiguous(words: str) -> bool:
    """True for a date of numbers that another country reads as another day: "05/03/2026"."""
    found = _NUMBERS.search(words.translate(_DIGITS))
    return found is not None and _is_ambiguous(found)


def _is_ambiguous(found: re.Match[str]) -> bool:
    if found.re is _NUMBERS:
        return int(found["day"]) <= 12 and "." not in found[0]
    return found.re is _SHORT_YEAR


def _plain(found: re.Match[str], clock: re.Match[str] | None) -> str:
    year = int(found["year"]) if len(found["year"]) == 4 else 2000 + int(found["year"])
    is_solar = year in _SOLAR_YEARS
    named = _SOLAR_MONTHS if is_solar else _NAMED
    month = int(found["month"]) if found["month"].isdigit() else named.get(found["month"], 0)
    if found["month"] == "listopad" and found["day"] + "." in found[0] and "listopadu" not in found[0]:
        month = 10  # Croatian, which writes a point after the day; in Polish and Czech "listopad" is November
    if year - _BUDDHIST in _BUDDHIST_YEARS:
        year -= _BUDDHIST
    day = int(found["day"])
    at = _of_solar(year, month, day) if is_solar else f"{year:04d}-{month:02d}-{day:02d}"
    return f"{at} {_hour_of(clock):02d}:{clock['minute']} {clock['zone'] or ''}" if clock else at


def _hour_of(found: re.Match[str]) -> int:
    """Return the hour of the day: 14 for "2:35 م", and 14 for "14:35 PM" as well."""
    hour, late, early = int(found["hour"]), found["late"] or found["after_noon"], found["early"] or found["before_noon"]
    return hour % 12 + 12 * bool(late) if hour <= 12 and (late or early) else hour


def _of_solar(year: int, month: int, day: int) -> str:
    """Convert a day of Iran's calendar to an ISO date; an impossible day becomes an impossible date."""
    at, after = _ordinal(year, month, day), _ordinal(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(at).isoformat() if 1 <= month <= 12 and day >= 1 and at < after else "0000-00-00"


def _ordinal(year: int, month: int, day: int) -> int:
    """Return the proleptic ordinal of a day of Iran's calendar, by 33-year leap cycles: right from 1206 to 1498."""
    cycle = year + 1595
    days = 365 * cycle + cycle // 33 * 8 + (cycle % 33 + 3) // 4
    return _SOLAR_EPOCH + days + 31 * min(month - 1, 6) + 30 * max(month - 7, 0) + day
