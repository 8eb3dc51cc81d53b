"""When two headlines are one article: URL variants, reprinted wire text, trimmed or cut-off titles.

A rewrite, a translation or an update with new figures is no copy. Equal titles alone are not enough, for round-ups and
live pages carry one title on two days: summaries must agree as well, if both have one, and the times must be close.

words of the titles in common, language, time -> one summary or title told again? -> the other one compatible?
"""

from __future__ import annotations

import re

from wirekin.stories._similarity import Document, across
from wirekin.text import fold

COPY_SPAN = 3 * 86_400  # seconds; reprints are minutes to a day apart, issues of a weekly column seven days
ROUND_UP_SPAN = 12 * 3_600  # seconds; less than the day between two issues of a daily round-up
SAME_TEXT = 0.8  # least Jaccard index of two texts' terms: a reprint changes a word or two, a rewrite most, 2026-11
SAME_SUMMARY_TITLE = 0.25  # share of the shorter title's terms that both must hold, even if the summaries are equal
LEAST_TITLE = 3  # terms: "Weather", "Live" and "In pictures" name no article
LEAST_SUMMARY = 4  # terms: a shorter summary is a section label
LEAST_SHORTENED = 6  # terms left of a shortened summary: fewer, in the same order, may be any report of the event
LEAST_PREFIX = 3  # terms that a cut-off title must still have

# Kinds of piece that are a story of their own, whatever they are about; folded, anywhere or at the start.
_ALONE = re.compile(
    r"\b(?:(?:morning|evening|daily|weekly|news|weekend) (?:briefing|round-?up|digest|bulletin|quiz)|"
    r"(?:day|week|weekend|month) (?:in (?:brief|pictures|photos|numbers|quotes|review)|ahead:)|in pictures:|"
    r"(?:news|world|business|sports?|politics) in brief\b|"
    r"things to know\b|what to watch (?:today|this week)|stories you (?:may|might) have missed|"
    r"(?:picture|photo|quote|word)s? of the (?:day|week)\b|(?:on this day|today) in history|what the papers say|"
    r"(?<!to )live:|(?:top|main) (?:stories|headlines)\b|quiz of the\b|quiz:|horoscope|"
    r"(?:live updates|liveblog|live blog|as it happened)\b|(?:conflict|war|crisis) latest$)|"
    r"коротко о главном|главн(?:ые новости|ое (?:за|к)\b)|итоги (?:дня|недели)|"
    r"(?:главные события|самое важное) (?:дня|недели|за|к)\b|(?:события|фото|цитата|цифра) (?:дня|недели)\b|"
    r"что (?:произошло|случилось) за (?:день|ночь|сутки|неделю|выходные)|обзор (?:прессы|новостей|дня|недели)|"
    r"(?:текстовая|прямая|онлайн-)\s?трансляция|день в истории|гороскоп|"
    r"مهمترین (?:خبرهای|اخبار|رویدادهای)|خبرهای مهم|سرخط خبرها|(?:خلاصه|گزیده|مرور) (?:اخبار|خبرها|روزنامه)|"
    r"(?:صفحه (?:نخست|اول)|پیشخوان) روزنامه|(?:امروز در|تقویم) تاریخ|"
    r"(?:اهم|ابرز) (?:الاخبار|الاحداث|العناوین|عناوین)|(?:نشره|موجز|ملخص) (?:الاخبار|الانباء)|عناوین الصحف|"
    r"جوله (?:الصحافه|فی الصحف)|فی مثل هذا الیوم|صوره الیوم|تغطیه (?:مباشره|مستمره)|"
    r"המהדורה המרכזית|מהדורת|סיכומ (?:היומ|השבוע)|תקציר (?:החדשות|היומ)|כותרות (?:היומ|העיתונימ)|"
    r"(?:תמונת|ציטוט) (?:היומ|השבוע)|השבוע בתמונות|היומ בהיסטוריה|הורוסקופ"
)
_ALONE_AT_START = re.compile(
    r"(?:latest|opinion|comment|column|editorial|op-ed|analysis|podcast|newsletter|letters?)\s*[:|-]|"
    r"(?:live|онлайн|тест|викторина)(?:\s*[:|.]|\s*-\s)|"  # not "live-streamed"
    r"(?:колонка|мнение|анализ|дайджест|подкаст)\s*[:|.-]|"
    r"(?:یادداشت|سرمقاله|دیدگاه|پادکست|تحلیل|زنده|راي)\s*[:|]|"
    r"(?:حصاد|رای|تحلیل|مقال|مباشر|بودکاست|افتتاحیه)\s?[^:]{0,12}:|"
    r"מבזק (?:בוקר|צהריימ|ערב)|(?:דעה|טור|פרשנות|פודקאסט)\s*[:|]"
)


def stands_alone(title: str) -> bool:
    """Whether a title names a round-up, a live page or an opinion piece, by its form and not by its subject."""
    folded = fold(title)
    return bool(_ALONE_AT_START.match(folded) or _ALONE.search(folded))


def is_copy(a: Document, b: Document, said: frozenset[str]) -> bool:
    """Whether two headlines are the same article.

    `a` must have its sets (`Rarity.norms`); `said` are the words of `a` that the title of `b` holds.
    """
    if not said and a.title:  # every rule below needs a word of the other's title
        return False
    least = max(1.0, SAME_SUMMARY_TITLE * min(len(a.said), len(b.said)))
    alike = len(said) >= least and len(a.title_set & said) >= least
    if not alike and a.title != b.title:  # most pairs end here; cut-off and reworded titles share more
        return False
    if across(a, b) or abs(a.at - b.at) > (ROUND_UP_SPAN if a.alone or b.alone else COPY_SPAN):
        return False
    return _told_again(a, b) and _compatible(a.summary, b.summary)


def _told_again(a: Document, b: Document) -> bool:
    """Whether the summaries or the titles are equal, nearly so, or one is cut from the other."""
    if a.summary == b.summary and len(a.summary) >= LEAST_SUMMARY:
        return True
    if a.title and _shortened(a, b):
        return True
    if a.title == b.title:
        return len(a.title) >= LEAST_TITLE
    return _cut_off(a, b) or _reworded(a, b)


def _compatible(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether two summaries can be of one article: one is missing, or shortened from the other, or nearly the same."""
    if not a or not b:
        return True
    short, long = sorted((a, b), key=len)
    if long[: max(1, len(short) - 1)] == short[: max(1, len(short) - 1)] or _same_text(a, b):
        return True
    return len(short) >= LEAST_SHORTENED and _holds(long, short)


def _shortened(a: Document, b: Document) -> bool:
    """Whether one is cut wire text: its summary is the other's with words left out, its title has no other figures."""
    short, long = sorted((a.summary, b.summary), key=len)
    if len(short) < LEAST_SHORTENED or not _holds(long, short):
        return False
    return not (_numbers(a) and _numbers(b)) or _numbers(a) == _numbers(b)


def _holds(long: tuple[str, ...], short: tuple[str, ...]) -> bool:
    """Whether all terms of `short` stand in `long`, in their order."""
    rest = iter(long)
    return all(term in rest for term in short)


def _cut_off(a: Document, b: Document) -> bool:
    """Whether one title is a prefix of the other; its last term may be cut as well."""
    short, long = (a, b) if len(a.title) <= len(b.title) else (b, a)
    whole = len(short.title) - 1
    if whole < LEAST_PREFIX - 1 or short.title[:whole] != long.title[:whole]:
        return False
    if short.title[whole] == long.title[whole]:
        return whole + 1 >= LEAST_PREFIX
    return short.cut and long.title[whole].startswith(short.title[whole][:2])


def _reworded(a: Document, b: Document) -> bool:
    """Whether the titles' terms are nearly the same, in one order; a rewrite changes it, an update the figures."""
    if not _same_text(a.title, b.title) or _numbers(a) != _numbers(b):
        return False
    return [term for term in a.title if term in b.title] == [term for term in b.title if term in a.title]


def _same_text(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether the Jaccard index of two texts' terms is that of a reprint."""
    terms = set(a)
    shared = len(terms.intersection(b))
    return bool(shared) and shared / len(terms) >= SAME_TEXT and shared / len(terms.union(b)) >= SAME_TEXT


def _numbers(document: Document) -> set[str]:
    return {term for term in document.title if term[0].isdigit()}
