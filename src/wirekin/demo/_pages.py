"""The pages of a sample publisher: its front page, an article, and the page that feeds.yml reads with `select:`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from html import escape
from importlib.resources import files
from string import Template

from wirekin.demo._documents import Channel, Item
from wirekin.demo._pictures import HEIGHT, WIDTH
from wirekin.demo._sample import Outlet, Report

RTL = frozenset({"ar", "fa", "he"})
SELECT: Mapping[str, str] = {
    "item": "div.kite",
    "link": "a.string",
    "title": ".sail",
    "image": "img",
    "time": "time",
}
"""The CSS selectors of the style `cards`, as feeds.yml gives them."""

NOTES = {
    "en": "Invented for the wirekin demo: this publisher does not exist, and nothing in it happened.",
    "ru": "Придумано для демонстрации wirekin: такого издания нет, и ничего из этого не происходило.",
    "fa": "ساخته‌شده برای نمایش wirekin: این رسانه وجود ندارد و هیچ‌یک از این رویدادها رخ نداده است.",
    "ar": "مادة متخيلة لعرض wirekin: هذه الوسيلة غير موجودة ولم يحدث شيء مما فيها.",
    "he": "הומצא לצורך הדגמת wirekin: כלי התקשורת הזה אינו קיים, ודבר מהכתוב בו לא קרה.",
}
_SECTION_NAMES = {
    "en": ("World", "Business", "Science", "Culture", "Sport"),
    "ru": ("В мире", "Экономика", "Наука", "Культура", "Спорт"),
    "fa": ("جهان", "اقتصاد", "دانش", "فرهنگ", "ورزش"),
    "ar": ("العالم", "اقتصاد", "علوم", "ثقافة", "رياضة"),
    "he": ("עולם", "כלכלה", "מדע", "תרבות", "ספורט"),
}
_MORE = {"en": "More from", "ru": "Ещё:", "fa": "بیشتر از", "ar": "المزيد من", "he": "עוד מאת"}
SECTIONS = ("world", "business", "science", "culture", "sport")
"""What an event may be about, as the front pages' navigation names it."""


@cache
def template(name: str) -> Template:
    """A page of the sample folder with $names to fill."""
    return Template(text_of(name))


def text_of(name: str) -> str:
    """A file of the sample folder."""
    return (files(__package__) / "sample" / name).read_text("utf-8")


def _frame(outlet: Outlet) -> dict[str, str]:
    alternates = [
        f'<link rel="alternate" type="{_feed_type(feed.style)}" title="{escape(feed.name)}" href="{feed.path}">'
        for feed in outlet.feeds
        if _feed_type(feed.style)
    ]
    return {
        "lang": outlet.lang,
        "dir": "rtl" if outlet.lang in RTL else "ltr",
        "outlet": escape(outlet.name),
        "tagline": escape(outlet.tagline),
        "country": escape(outlet.country),
        "note": NOTES[outlet.lang],
        "alternates": "\n".join(alternates),
    }


def _feed_type(style: str) -> str:
    if style in {"front", "cards", "sitemap"}:
        return ""
    if style == "json":
        return "application/feed+json"
    return "application/atom+xml" if style.startswith("atom") else "application/rss+xml"


def _time(at: datetime) -> str:
    return f'<time datetime="{at.isoformat()}">{at:%Y-%m-%d %H:%M}</time>'


def _image(picture: str) -> str:
    return f'<img src="{escape(picture)}" width="{WIDTH}" height="{HEIGHT}" alt="" loading="lazy">' if picture else ""


def article(item: Item, at: datetime, earlier: Sequence[Report]) -> bytes:
    """The page behind a link; `earlier` are more of the outlet's reports."""
    outlet = item.report.outlet
    links = "".join(f'<li><a href="{escape(report.path)}">{escape(report.title)}</a></li>' for report in earlier)
    more = f'<aside class="more"><h2>{_MORE[outlet.lang]} {escape(outlet.name)}</h2><ul>{links}</ul></aside>'
    fields = _frame(outlet) | {
        "title": escape(item.report.title),
        "summary": escape(item.report.summary),
        "link": escape(item.link),
        "by": f"{escape(item.report.event.place)} · {_time(at)}" if outlet.lang == "en" else _time(at),
        "figure": f"<figure>{_image(item.picture)}</figure>" if item.picture else "",
        "more": more if links else "",
    }
    return template("article.html").substitute(fields).encode()


def _nav(outlet: Outlet) -> str:
    named = zip(SECTIONS, _SECTION_NAMES[outlet.lang], strict=True)
    return " ".join(f'<a href="/section/{section}">{name}</a>' for section, name in named)


def front(channel: Channel, items: Sequence[Item]) -> bytes:
    """A front page of cards: what automatic extraction reads."""
    cards = "\n".join(_card(item) for item in items)
    return template("front.html").substitute(_frame(channel.outlet), cards=cards, nav=_nav(channel.outlet)).encode()


def _card(item: Item) -> str:
    stamp = _time(item.at) if item.at else ""
    return (
        f'<article class="card"><a href="{escape(item.link)}">{_image(item.picture)}</a>'
        f'<h2><a href="{escape(item.link)}">{escape(item.report.title)}</a></h2>'
        f"<p>{escape(item.report.summary)}</p>{stamp}</article>"
    )


def cards(channel: Channel, items: Sequence[Item]) -> bytes:
    """A page whose headlines are no headings: only `select:` tells them from the rest."""
    rows = "\n".join(_kite(item) for item in items)
    return template("front.html").substitute(_frame(channel.outlet), cards=rows, nav=_nav(channel.outlet)).encode()


def _kite(item: Item) -> str:
    stamp = _time(item.at) if item.at else ""
    return (
        f'<div class="card kite">{_image(item.picture)}<div class="kicker">{item.report.event.section.title()}</div>'
        f'<a class="string" href="{escape(item.link)}"><div class="sail">{escape(item.report.title)}</div>'
        f"<div>{escape(item.report.summary)}</div></a>{stamp}</div>"
    )
