"""Recognise rails, the lists of further stories (related, latest, most read), by their class or their heading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import islice

from selectolax.lexbor import LexborNode

from wirekin.parse.pages._attributes import MAX_KEPT, marks_of

MAX_HEADING_CHARS = 60
MOST_NAVS = 1_000  # <nav> elements checked per page: 20,000 took 1.3 s; the most on 51 real pages is 9 (2026-11)

# What rails are called: first the names in their classes, then the beginnings of their headings.
MAX_HEADING = 300  # characters of a heading that are looked at, and kept in a cache
_RAIL = re.compile(  # Drupal glues a block's name to its kind: "block-views-blockmost-read"
    r"(?:\b|views-block)(?:related|recommend(?:ed|ations)?|read-?(?:more|next|also)|more-(?:stories|news|on|from)|see-?also|"
    r"items-?more|also-?(?:like|read)|rel-?(?:news|posts?|articles?|stories)|"
    r"you-?may|you-?might|similar|latest|top-?(?:stories|news)|headlines|most-?(?:read|popular|viewed)|trending|"
    r"news-?list|recirc(?:ulation)?|cok-?okunan\w*|mas-?leid[oa]s?|mais-?lid[oa]s|piu-?lett[ie]|"
    r"plus-?lus|meist-?gelesen|mest-?l[ae]st|ter-?populer|najcze?sciej-?czytane)\b"
)
_RAIL_HEADING = re.compile(
    r"^(?:related(?! (?:links|pages|topics|tags|searches|services|documents)\b)|"
    r"recommended|read (?:more|next|also)|more (?:stories|news|on|from|about|in)|see also|also (?:read|in)|"
    r"you (?:may|might)|similar|latest|top (?:stories|news)|headlines|most (?:read|popular)|in other news|"
    r"further reading|"
    r"читайте|похожие|ещ[её]|материалы по теме|по теме|другие новости|главное|последние|лента|اقرأ|مواضيع|أخبار|"
    r"ذات صلة|"
    r"المزيد|مطالب|اخبار|بیشتر|مرتبط|עוד|קראו|כתבות|mehr|weitere|lesen sie|à lire|lire aussi|sur le même|plus d|"
    r"lea tamb|"
    r"opini(?:on|ón|ão|oni)|мнени|колонк|senaste|seneste|siste|laatste|meest gelezen|mest l[aæe]s|últim|ultim|"
    r"derni[eè]r|neueste|najnowsze|son dakika|속보|최신|"
    r"ähnliche|verwandte (?:artikel|beiträge)|das könnte|auch (?:interessant|auf )|dans la même|veja também|czytaj|"
    r"articole similare|mohlo by|"
    r"relacionad|más|te puede|leggi|altre|articoli|ilgili|diğer|benzer|関連|最新|おすすめ|"
    r"(?:en )?çok oku|lo más|(?:as |os )?mais l|(?:i |le )?più lett|(?:les |articles )?plus l|meistgel|самое|популярн|"
    r"terpopuler|najcz|najpopul|پربازدید|پربیننده|الأكثر|הנקראות|הנצפות|"
    r"ランキング|人気|热门|排行|인기|많이 본|관련|相关|相關|推荐|"
    r"powiązane|související|kapcsolódó|ajánljuk|σχετικά|διαβάστε|пов'язан|liên quan|baca juga|terkait|เกี่ยวข้อง|"
    r"najnov\w* v[ie]|najčit|povezan|pročitajte|súvisiac|najčít|nejčten|legolvas|saistīt|jaunāk|populār|susij|"
    r"skaitomiaus|seotud|loe ka|lue myös|luetuim|læs også|les også|läs också|lees ook|citește și|още от|"
    r"berita (?:terkait|lain)|(?:เรื่อง|ข่าว)(?:ที่)?เกี่ยวข้อง|"
    r"আরও পড়ুন|(?:주요|추천) ?(?:기사|뉴스)|あわせて読みたい|你可能|猜你喜欢|热点|精彩推荐|"
    r"அதிகம்|लोकप्रिय|सबसे|और (?:लेख|ख़?बरें|पढ़ें)|यह भी पढ़ें|ये भी पढ़ें|संबंधित|ताज़?ा)",
    re.IGNORECASE,
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_NAV = re.compile(rb"<(/?)(?:nav|NAV)\b([^<>]{0,2000})>")  # excludes "<" too: otherwise 200,000 "<nav " took 2.4 s
_NAMED = re.compile(r"""\b(class|id|aria-label)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_ROLE = re.compile(rb"""\srole\s*=\s*["']?navigation["']?""", re.IGNORECASE)
_HEADED = re.compile(  # a heading right after the tag, or first in a <div> after it
    rb"\s*(?:<div[^>]{0,200}>\s*)?<h[1-6][^>]{0,200}>\s*(?:<[^>]{1,200}>\s*)?([^<]{3,60})", re.IGNORECASE
)
_OTHERS = re.compile(r"\b(?:links|pages|topics?|tags?|searches|sites|services|categories|sections|themes)\b")


@lru_cache(maxsize=4096)
def names_rail(marks: str) -> bool:
    """True for marks (class and id as words) that name a rail."""
    return bool(_RAIL.search(marks))


def heads_rail(words: str) -> bool:
    """True for the text of a heading that heads a rail; its first words tell."""
    return _begins_rail(words[:MAX_HEADING])


@lru_cache(maxsize=1024)
def _begins_rail(words: str) -> bool:
    return bool(_RAIL_HEADING.match(words))


def with_rails(markup: bytes) -> bytes:
    """Rewrite the rails that are marked up as navigation: <nav class="related"> becomes a <div>."""
    looked = iter(range(MOST_NAVS))
    opened: list[bool] = []  # for each open <nav>, whether it is a rail

    def told(found: re.Match[bytes]) -> bytes:
        if not found[1]:
            opened.append(next(looked, None) is not None and _opens_rail(found))
            return b"<div" + _ROLE.sub(b"", found[2]) + b">" if opened[-1] else found[0]
        return b"</div>" if opened and opened.pop() else found[0]

    return _NAV.sub(told, markup)


def may_hold_rail(nodes: Iterable[LexborNode]) -> bool:
    """True if a <nav> among lexbor's nodes is a rail by its name or by its first heading."""
    return any(map(_may_be_rail, islice((node for node in nodes if node.tag == "nav"), MOST_NAVS)))


def _may_be_rail(node: LexborNode) -> bool:
    first = next(node.iter(), None)
    if first is not None and first.tag == "div":
        first = next(first.iter(), None)
    heading = first.text()[:MAX_HEADING_CHARS] if first is not None and first.tag in _HEADINGS else ""
    return _says_rail(node.attributes, heading)


def _opens_rail(found: re.Match[bytes]) -> bool:
    heading = _HEADED.match(found.string, found.end())
    is_rail = _is_rail if len(found[2]) <= MAX_KEPT else _is_rail.__wrapped__
    return is_rail(found[2], heading[1] if heading else b"")


@lru_cache(maxsize=1024)
def _is_rail(written: bytes, heading: bytes) -> bool:
    said = {name.lower(): "".join(values) for name, *values in _NAMED.findall(written.decode("utf-8", "replace"))}
    return _says_rail(said, heading.decode("utf-8", "replace"))


def _says_rail(said: Mapping[str, str | None], heading: str) -> bool:
    named = f"{said.get('class') or ''} {said.get('id') or ''}"
    marks = marks_of.__wrapped__(f' class="{named}"')  # not cached: it may be long
    told = names_rail(marks) or heads_rail(said.get("aria-label") or "") or heads_rail(heading.strip())
    return told and not _OTHERS.search(marks)
