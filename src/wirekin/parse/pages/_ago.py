"""Parse relative times such as "3時間前", "3 uur geleden", "gestern, 14:30 Uhr".

A phrase must match as a whole: a number, a unit, and a word before or after them that means "ago". Source: CLDR 46
relative times, 2026-11. The older rules in `_times` cover a dozen other languages.
"""

from __future__ import annotations

import re
from datetime import timedelta

_BEFORE = (  # "for 3 timer" and "noin 2 tuntia" are durations, unless "siden" or "sitten" follows
    r"för|for|om lag|před|pred|преди|пре|prije|pre|πριν(?: από)?|acum|fa|cách đây|há|kb\.|noin|pirms|prieš|vor|il y a"
)
_BEHIND = (
    r"geleden|sedan|siden|síðan|temu|тому|पहले|पूर्वी|আগে|முன்|(?:yang )?lalu|trước|în urmă|ezelőtt|sitten|tagasi|"
    r"ที่แล้ว|ที่ผ่านมา|atrás|enrere|назад|前|전|önce|əvvəl|бұрын"
)
_UNITS = tuple(
    (unit, stems.split())
    for unit, stems in (
        (timedelta(seconds=1), "sec sek seg сек soft δευτ सेकंड detik giây วินาที 秒 초"),
        (timedelta(minutes=1), "min мин хв λεπτ मिनट মিনিট நிமிட menit phút perc นาที dak dəq 分钟 分鐘 分 분"),
        (
            timedelta(hours=1),
            (
                "uur uren tim hodin godz годин час ч sat or ór uair hor ώρ घंट ঘণ্টা மணி jam giờ tunti tund ชั่วโมง hora "
                "saat stund 時間 小时 小時 시간"
            ),
        ),
        (
            timedelta(days=1),
            (
                "dag dni dzień dn den день дн ден дан dan ημέρ μέρ दिन দিন நாட்கள் hari ngày zil zi nap päiv päev วัน dia "
                "dí día gün күн 日 天 일"
            ),
        ),
        (
            timedelta(weeks=1),
            (
                "week weken weke veck uge uke tyg týd týž тиж седм nedel εβδομ हफ्त सप्ताह সপ্তাহ வார minggu tuần săpt hét "
                "viikko nädal สัปดาห์ setman hafta həftə 週間 週 周 주"
            ),
        ),
    )
)
_STEMS = {stem: unit for unit, stems in _UNITS for stem in stems}
_PHRASE = re.compile(
    rf"(?:(?P<before>{_BEFORE})\s+)?(?P<count>\d{{1,3}})\s?(?P<unit>{'|'.join(sorted(_STEMS, key=len, reverse=True))})"
    rf"(?P<rest>[^\W\d]*[\u0900-\u0dff]*)\.?(?:\s?(?P<behind>{_BEHIND}))?"
)
_HOW_LONG = frozenset({"for", "för", "om lag", "noin", "kb."})
_JOINED = frozenset({"前", "전"})  # "3日前"; "3日午前" is the morning of the third
_SINCE = frozenset({"ja", "e", "jä"})  # Hungary: "3 órája", "5 perce", "2 napja"

_YESTERDAY = re.compile(
    r"^\W*(?:yesterday|вчера|دیروز|أمس|امس|אתמול|ayer|hier|gestern|ontem|ieri|dün|昨日|昨天|어제|gisteren|i ?går|"
    r"wczoraj|včera|вчора|χθες|ahir|eilen|tegnap|hôm qua|kemarin)\W*$",
    re.IGNORECASE,
)
_AT_CLOCK = re.compile(  # "yesterday at 14:30", "gestern, 14.30 Uhr"; the zone is not told, so only the day is kept
    r"(?:\s*,)?\s*(?:at|um|à|a las?|às|alle|в|о|om|kl\.?|o|ve|saat|klo)?\s*\d{1,2}[:.h時时시][0-5]\d"
    r"(?:\s?(?:uhr|uur|[ap]\.?m\.?|分|분))?\W*$"
)
_TODAY = re.compile(
    r"\W*(?:today|сегодня|сьогодні|امروز|اليوم|היום|hoy|aujourd['’]hui|heute|hoje|oggi|bugün|今日|今天|오늘|vandaag|idag|"
    r"i ?dag|dzisiaj|dziś|dnes|σήμερα|avui|tänään|ma|hôm nay|hari ini)$"
)
_BEFORE_IT = re.compile(r"^\W*(?:day before yesterday|позавчера|پریروز|אתמול שלשום|שלשום|vorgestern|anteayer)\W*$")


def read_phrase(words: str) -> tuple[int, timedelta] | None:
    """Return the number and the unit of a lower-case phrase; None if it is not a relative time."""
    found = _PHRASE.fullmatch(words.strip(" \t\n·•|,()（）"))
    if found is None:
        return None
    told = found["behind"] or found["before"] not in {None, *_HOW_LONG} or found["rest"] in _JOINED
    return (int(found["count"]), _STEMS[found["unit"]]) if told or _is_since(found) else None


def days_ago(words: str) -> int | None:
    """Return how many days ago "yesterday" and "today, 14:30" are; None for other words, and for "today" alone."""
    day = _AT_CLOCK.sub("", words)
    if day != words and _TODAY.fullmatch(day):
        return 0
    return 1 if _YESTERDAY.match(day) else 2 if _BEFORE_IT.match(day) else None


def _is_since(found: re.Match[str]) -> bool:
    return found["unit"] in {"ór", "perc", "nap"} and found["rest"].removeprefix("á") in _SINCE
