"""Read the title of one card of a page without its labels, and tell what its parts are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import islice, pairwise

from wirekin import text
from wirekin.parse.pages import _times
from wirekin.parse.pages._dom import HEADING, Element
from wirekin.parse.pages._lines import (
    MIN_SUMMARY,
    ORDINAL,
    are_parts,
    is_count,
    is_name,
    is_sentence,
    names_others_title,
)
from wirekin.parse.pages._paid import MAX_LABEL_CHARS
from wirekin.parse.pages._wording import MAX_SENTENCES, is_button, weight

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TITLE_TAGS = frozenset({"p", "div", "span", "strong", "b", "figcaption"})
MAX_LEAD_WORDS = 4  # of a link's name before its title: "Continue reading the article: ..."
MIN_STEM_WORDS = 3  # of a cut title that is looked for inside such a name; fewer may be found there by chance
MAX_LABEL_WORDS = 4
MAX_GLUED_WORDS = 8  # of a label before a title without even a blank between them
MAX_KEPT = 300  # longest title, in characters, that `bare` caches
MAX_PLACE = 99  # in a "most read" list

_IN_NUMBER = re.compile(r"\d|%|[–:,.]\d|[-'’]\w")  # after a number that is part of the title: "1-2", "2.5 million"

_HIDDEN = re.compile(r"\b(?:visually-?hidden|sr-only|screen-?reader|assistive|a11y|hidden-?text|offscreen|u-hidden)\b")
_PARAGRAPHS = frozenset({"p", "blockquote"})
_ASIDES = frozenset({"time", "small", "ul"})  # in a paragraph, but not part of a sentence
_BLOCKS_OF_TEXT = _PARAGRAPHS | {"li", "td", "dd", "div"}
_STRESSED = frozenset({"em", "strong", "b"})  # a title among labels needs no class
_LARGE = re.compile(r"\+?[4-9]|\+[23]")
_STYLED_AWAY = re.compile(r"display:none|visibility:hidden|clip:rect\(0|clip-path:inset\(|(?:^|;)width:1px")
_LABEL = re.compile(
    r"\b(?:kicker|overline|eyebrow|label|badge|rubric|rubrik|flag|pretitle|supertitle|surtitle|topline|dachzeile|spitzmarke|"
    r"roof-?line|occhiello|volanta|cintillo|chapeu|catchline|"
    r"category|section-?name|tag|tags|duration|counter|count|rank|number|num|index|icon|time|date|timestamp|byline|"
    r"author|writer|columnist-?name|comments?|meta|source|publisher)\b"
)
# An element with such a name is a label if it is short ("LIVE"); otherwise it is the title of such an article.
_STATE = re.compile(r"\b(?:live|breaking|exclusive)\b")
_KICKER = re.compile(
    r"\b(?:pre|over|super|sur|ante|sobre)-?tit(?:le|el|re|ulo|olo)\b"
)  # names with "title" in them that name no title
_TITLE = re.compile(
    r"\b(?:title(?:line|link|text)?|headline|heading|hed|(?:news|story|post|article|entry|item|card)-?(?:name|title|head)|"
    r"caption|titre|titulo|titular|titel|cap)\b"
)
# Names of the lines below a title, which tell more of the article.
_SUMMARY = re.compile(
    r"\b(?:sub-?(?:title|head|headline|heading)|dek|deck|excerpt|descr(?:iption)?|summary|teaser-?text|lede|intro|standfirst|"
    r"abstract|snippet|anons|preview-?text)\b"
)
_PERSON = re.compile(
    r"\b(?:author|byline|writer|reporter|portrait|bio)\b|(?:^|\s|author-|user-|profile-|comment-|editor-)avatar\b|"
    r"(?:^|[\s-])profile(?=\s|$|-(?:pic\w*|photo|image|img|link|name|card)\b)|(?:^|\s)profile\b"
)
# Labels before a headline that are not part of it, in the languages that we read.
_LABEL_WORDS = re.compile(
    r"(?:read more|read also|see also|related|"
    r"live(?: blog| updates?)?|breaking(?: news)?|exclusive|updated?|video|watch|gallery|photos?|pictures|in pictures|"
    r"opinion|analysis|comment|editorial|podcast|listen|new|sponsored|explainer|interview|feature|"
    r"срочно|молния|эксклюзив|видео|фото|онлайн|мнение|обновлено|عاجل|مباشر|بالصور|بالفيديو|فيديو|صور|حصري|"
    r"فوری|زنده|ویدئو|ویدیو|فیلم|عکس|اختصاصی|מבזק|דחוף|בלעדי|צפו|וידאו|en direct|en vivo|en directo|última hora|"
    r"exclusiva|vídeo|vidéo|exclusif|direct|eilmeldung|eil|exklusiv|liveticker|live-ticker|kommentar|meinung|"
    r"in diretta|відео|наживо|оновлено|терміново|aktualizace|élő|frissítve|βίντεο|"
    r"premium|subscribers? only|(?:réservé aux )?abonnés|solo (?:para )?suscriptores|per abbonati|nur für abonnenten|"
    r"na żywo|pilne|wideo|ao vivo|exclusivo|urgente|urgent|ao minuto|à minute|"
    r"diretta|esclusiva|ultim'ora|son dakika|canlı|özel|速報|独自|動画|写真)",
    re.IGNORECASE,
)
_MARK = re.compile(r"[:|•·/.–—-]\s")
_LABEL_BEFORE = re.compile(rf"(?P<label>{_LABEL_WORDS.pattern})\s*(?P<mark>[:|•·/.–—-])\s+(?=\S)", re.IGNORECASE)
# "[단독] ...", "【動画】...", "[WATCH] ...": a label in brackets.
_BRACKETED = re.compile(r"^[\[【［〔]\s*[^\]】］〕]{1,14}\s*[\]】］〕]\s*(?=\S)")
_LABEL_AFTER = re.compile(  # or brackets with nothing in them; "main()" is the title's
    rf"(?:\s*[(\[（]\s*\+?\s*(?:{_LABEL_WORDS.pattern})|(?:\s[(\[]|（)\s*\+?)\s*[)\]）]$", re.IGNORECASE
)
_LIST_MARKS = r"(?:[»›▸►▶•●■◆→]\s+)*+"
_RANK = re.compile(  # with the marks of its list, "» Title"; a second number is the title's: "1. 1. FC Köln"
    rf"^{_LIST_MARKS}(?:(?!{ORDINAL})(?:\d{{1,2}}[.)]|#\d{{1,2}})\s+)?{_LIST_MARKS}(?=\S)", re.IGNORECASE
)
_AFTER_LABEL = " |:•·–—-/"
_FIGURES = re.compile(r"\d+")


def is_titled(one: Element) -> bool:
    """True for an element that its class, its id or its data-testid calls a title."""
    return (bool(one.marks) and _names_title(one.marks)) or (
        ' data-testid="' in one.written and _names_title(one.attrs.get("data-testid", "").lower())
    )


@lru_cache(maxsize=4096)
def _names_title(marks: str) -> bool:
    return bool(_TITLE.search(marks)) and not _SUMMARY.search(marks)


def is_large(one: Element) -> bool:
    """True for large type without style sheets: <big>, <font size="+2">; the normal size is 3."""
    return one.tag == "big" or (one.tag == "font" and bool(_LARGE.fullmatch(one.attrs.get("size", ""))))


def is_summary(one: Element) -> bool:
    """True for an element that its class or id calls a summary or a subtitle."""
    return bool(one.marks) and _names_summary(one.marks)


@lru_cache(maxsize=4096)
def _names_summary(marks: str) -> bool:
    return bool(_SUMMARY.search(marks))


def looks_hidden(one: Element) -> bool:
    """True for an element that a browser does not show, by its hidden attribute, its class or its style."""
    written = one.written
    if not written:
        return False
    if (one.has("hidden") and "hidden" in one.attrs) or (one.marks and _names_hidden(one.marks)):
        return True
    style = one.attrs.get("style", "") if one.has("style") else ""
    return style != "" and bool(_STYLED_AWAY.search(style.replace(" ", "").lower()))


@lru_cache(maxsize=4096)
def _names_hidden(marks: str) -> bool:
    return bool(_HIDDEN.search(marks))


def _is_label(one: Element) -> bool:
    """True for a part of a title element that is not part of the title: kicker, badge, duration, hidden note."""
    if one.tag in {"time", "svg", "button", "img", "picture", "video", "sup", "noscript", "script"} or looks_hidden(
        one
    ):
        return True
    if not one.marks:
        return False
    return _names_label(one.marks) or (_names_state(one.marks) and weight(one.text()) <= MAX_LABEL_WORDS)


@lru_cache(maxsize=4096)
def _names_state(marks: str) -> bool:
    return bool(_STATE.search(marks)) and not _TITLE.search(marks)


@lru_cache(maxsize=4096)
def _names_label(marks: str) -> bool:
    return bool(_KICKER.search(marks)) or (bool(_LABEL.search(marks)) and not _TITLE.search(marks))


def unlabelled(one: Element) -> str:
    """Return the text of an element without the labels in it."""
    return one.text(_is_label)


def bare(words: str) -> str:
    """Remove the outlet after a title, and the rank and the label before it."""
    return (_bare if len(words) <= MAX_KEPT else _bare.__wrapped__)(words)


@lru_cache(maxsize=4096)  # a title is in the link, in the picture's alt text and often in a title attribute
def _bare(words: str) -> str:
    words = text.split_outlet(_RANK.sub("", text.clean(words.replace("\xad", ""))))[0]  # "\xad" is a soft hyphen
    for shape, at, marks in ((_BRACKETED, 0, "[【［〔"), (_LABEL_AFTER, -1, ")]）")):
        if words and words[at] in marks:
            plain = shape.sub("", words)
            words = plain if weight(plain) >= 3 else words
    found = _LABEL_BEFORE.match(words) if _MARK.search(words, 0, MAX_LABEL_CHARS) else None
    if not found or weight(words[found.end() :]) < 3:
        return words
    # "Podcast: the spy who ran a sweet shop" is a title; "LIVE: ..." and "Video | ..." are labels.
    foreign = not found["label"].isascii() and found["mark"] != "."
    labelled = found["label"].isupper() or found["mark"] in "|•" or foreign
    return words[found.end() :] if labelled else words


def title_of(one: Element) -> str:
    """Return the title in an element (a heading, a link, a whole card inside a link); "" if there is none.

    Labels before it are removed. Of several blocks the heading wins, then one that is called a title, then the first
    block that is long enough.
    """
    if _is_plain(one):
        return bare(one.text())
    part = _titled_part(one) or one
    if part is not one and (lines := _lines_around(part)):
        return bare(lines.text(_is_label))
    words = _told_apart(part) or part.text(_is_label)
    if not words and (part.tag in HEADINGS or weight(part.text()) > 2):
        words = part.text(lambda inner: inner.tag == "time" or looks_hidden(inner))  # all its parts look like labels
    return bare(_without_leading_label(part, words))


def _is_plain(one: Element) -> bool:
    """True for a single text, however deeply nested: <h3><a><span>Title</span></a></h3>."""
    words = one.index.words
    while (child := one.first) is not None:
        around = words[one.first_word : child.first_word] + words[child.last_word : one.last_word]
        if child.end < one.end or not all(map(str.isspace, around)) or _is_label(child):
            return False
        one = child
    return True


_KINDS_OF_TITLE: tuple[Callable[[Element], bool], ...] = (
    lambda part: (
        part.has("itemprop") and part.attrs.get("itemprop") in {"headline", "name"} and part.tag not in {"meta", "a"}
    ),
    lambda part: is_titled(part) and part.tag not in {"img", "figure"} and not is_person(part),
)


def _titled_part(one: Element) -> Element | None:
    inner = [part for part in one.walk() if part is not one]
    if (heading := _heading_of([part for part in inner if part.tag in HEADINGS and _is_told(part, one)])) is not None:
        return heading
    for is_it in _KINDS_OF_TITLE:
        found = next((part for part in inner if is_it(part) and _is_told(part, one)), None)
        if found is not None:
            return found
    blocks = [part for part in inner if part.tag in _TITLE_TAGS and _is_leaf(part) and not _is_label(part)]
    blocks = [part for part in blocks if not part.text().endswith(":")]  # "Best of the week:" is a label
    long = next((part for part in blocks if weight(part.text(_is_label)) > 3 and not _times.is_date(part.text())), None)
    if long is not None and is_sentence(long.text()):  # the summary of a short title
        before = blocks[: blocks.index(long)][-1:]
        before = before if weight(long.text()) >= MIN_SUMMARY else [one for one in before if not is_name(one.text())]
        long = next(
            (part for part in before if weight(part.text(_is_label)) > 1 and not _times.is_date(part.text())), long
        )
    # A block with nearly all of the words is no better than the whole element.
    return long if long is not None and weight(one.text(_is_label)) > weight(long.text(_is_label)) + 3 else None


def _heading_of(told: list[Element]) -> Element | None:
    """Return the first heading that is called the card's title, else the first heading."""
    own = [part for part in told if not (names_others_title(part.marks) or _is_kicker(part))] or told
    return next(filter(is_titled, own), next(iter(own), None))


def _is_kicker(heading: Element) -> bool:
    """True for a heading of a few words that is called a label."""
    return _names_label(heading.marks) and weight(heading.text()) <= MAX_LABEL_WORDS


def _lines_around(part: Element) -> Element | None:
    """Return the parent of a title's line if a sibling is named like it except for a number: "hed-1", "hed-2"."""
    if part.parent is None or not is_titled(part):
        return None
    beside = [one for one in (part.next, part.previous) if one is not None and one.tag == part.tag]
    other = any(
        one.marks != part.marks and _FIGURES.sub("", one.marks) == _FIGURES.sub("", part.marks) for one in beside
    )
    return part.parent if other else None


def _is_told(part: Element, around: Element) -> bool:
    """True for at least two words, or one in a heading that is called a title or before a sentence; else a label."""
    words = weight(part.text(_is_label))
    return words > 1 or (words == 1 and part.tag in HEADINGS and (is_titled(part) or is_sentence(around.text())))


def _told_apart(one: Element) -> str:
    """Return the title of a card whose parts are all elements with classes of their own; "" for any other card.

    "Society" + "River back in its bed" + "20/11/2026": the title is the first part that is long enough and no date.
    """
    inner = _shown(one)
    while len(inner) == 1 and isinstance(inner[0], Element):
        inner = _shown(inner[0])
    parts = [part for part in inner if isinstance(part, Element) and (part.marks or part.tag in _STRESSED)]
    if len(parts) < 2 or len(parts) < len(inner) or len({part.marks for part in parts}) < len(parts):
        return ""
    if any(are_parts(part.marks, other.marks) for part, other in pairwise(parts)):
        return ""
    told = [words for words in (part.text(_is_label) for part in parts) if not _times.is_date(words)]
    long = next((words for words in told if weight(words) > 3), "")
    return "" if long[:2].islower() and long != told[0] else long  # "Snow" + "closes the pass" is one title


def _is_leaf(part: Element) -> bool:
    return not any(child.tag in {"p", "div", "ul", "h2", "h3", "h4"} for child in part.walk() if child is not part)


def is_person(part: Element) -> bool:
    return bool(part.marks) and names_person(part.marks)


@lru_cache(maxsize=4096)
def names_person(marks: str) -> bool:
    """True for class names of what shows a person: "author-photo"."""
    return bool(_PERSON.search(marks))


def _without_leading_label(part: Element, words: str) -> str:
    """Remove a first child that is a label by its words or its shape: LIVE, "Politics |", "Exclusive:"."""
    inner = _shown(part)
    while len(inner) == 1 and isinstance(inner[0], Element):  # <h2><a><span>LIVE</span> Title</a></h2>
        part = inner[0]
        inner = _shown(part)
    words = _without_trailing_label(inner, _without_date(inner, words))
    first, second = (*inner[:2], "", "")[:2]
    if isinstance(first, Element) and isinstance(second, Element) and are_parts(first.marks, second.marks):
        return words
    if not isinstance(first, Element) or first.tag not in {"span", "b", "strong", "em", "i", "small", "div"}:
        return words
    label = first.text(_is_label)
    if _says_labels(first) and weight(words.removeprefix(label)) > 2:
        return words.removeprefix(label).lstrip(_AFTER_LABEL)
    placed = label.isdigit() and len(label) < 3 and words.startswith(label)
    if placed and not _IN_NUMBER.match(words, len(label)) and _is_place(part, int(label)):
        return words[len(label) :].lstrip(" .)")
    after = words.removeprefix(label)
    rest = after.lstrip(_AFTER_LABEL)
    if (
        not label
        or not words.startswith(label)
        or (f" {rest}" == after and _is_first_word(label, rest))
        or weight(label) > (MAX_LABEL_WORDS if rest != after else MAX_GLUED_WORDS)
    ):
        return words
    if weight(rest) < (2 if first.marks and label.isupper() and not rest.isupper() else 3):
        return words
    if first.marks and len(label) > 2 and rest == after and (rest[0].isupper() or rest[0].lower() == rest[0].upper()):
        return rest  # the label is set apart by style alone, without a blank: "After accident" + "Bridge stays closed"
    apart = len(inner) == 2 and isinstance(second, Element) and (second.tag, second.marks) != (first.tag, first.marks)
    # A kicker and a title, each with a class of its own. If the second starts in lower case, both are one title.
    if apart and weight(rest) > weight(label) and not rest[:2].islower():
        return rest
    shaped = label.endswith((":", "|", "•", "·", "/")) or label.isupper() or words[len(label) :].lstrip()[:1] in "|•·/"
    return rest if shaped or _LABEL_WORDS.fullmatch(label.strip(" :|")) else words


def _is_first_word(label: str, rest: str) -> bool:
    """True for "AT&T" before "opens its fibre", but not for "LIVE"."""
    called = label.isupper() and _LABEL_WORDS.fullmatch(label)
    return label[-1].isalnum() and rest[:1].islower() and not called


def _says_labels(one: Element) -> bool:
    """True for at least two labels and nothing else, as for the eye and a screen reader: "LIVE" + "Live. "."""
    said = [part.text().strip(" :|.") for part in one.elements()]
    return len(said) > 1 and all(_LABEL_WORDS.fullmatch(words) for words in said)


def _without_date(inner: list[Element | str], words: str) -> str:
    """Remove a first or last child that is a date or a time of day."""
    for one in (inner[0], inner[-1]) if len(inner) > 1 else ():
        if isinstance(one, Element) and _times.is_date(said := one.text()):
            rest = words.removeprefix(said) if one is inner[0] else words.removesuffix(said)
            words = rest.strip(" |:•·–—-/") if weight(rest) > 1 else words
    return words


def _without_trailing_label(inner: list[Element | str], words: str) -> str:
    """Remove a last child that is a label, and has a class or no blank before it: "Frost in the hillsvideo"."""
    last = inner[-1] if len(inner) > 1 else ""
    label = "" if isinstance(last, str) else last.text()
    rest = words.removesuffix(label)
    if isinstance(last, str) or rest == words:
        return words
    if is_count(last, label, rest) and weight(rest) > 2:
        return rest.rstrip()
    if rest.endswith(" ") and (not last.marks or last.tag in _STRESSED or last.tag in {"i", "mark"}):
        return words  # a word of the title that is stressed, or a search term
    return rest.rstrip() if _LABEL_WORDS.fullmatch(label.strip("()[] ")) and weight(rest) > 2 else words


def _is_place(part: Element, place: int) -> bool:
    """True if a number is the position of the part's item in its list."""
    item = next((up for up in (part, *part.ancestors()) if up.tag in {"li", "tr"}), None)
    beside = item.parent.children[: 4 * MAX_PLACE] if item is not None and item.parent is not None else []
    items = [one for one in beside if isinstance(one, Element) and item is not None and one.tag == item.tag]
    return 0 < place <= len(items) and items[place - 1] is item


def _shown(part: Element) -> list[Element | str]:
    """Return the children with visible text that are no labels."""
    return [
        one for one in part.children if (one.strip() if isinstance(one, str) else not _is_label(one) and one.text())
    ]


def full_of(short: str, others: Iterable[str]) -> str:
    """Return the longest of `others` that a truncated `short` ("Exports climb to…") is cut from, else `short`."""
    if not short.rstrip("\n").endswith(("…", "...")):
        return short
    stem = re.sub(r"\s*(?:…|\.\.\.)$", "", short)
    longer = (_from_stem(bare(one), stem) for one in others if one)
    return max((one for one in longer if len(one) > len(stem)), key=len, default=short)


def _from_stem(said: str, stem: str) -> str:
    """Return what is said from the stem on; "" without it. Few words may be before it: "Read more: Exports climb"."""
    at = said.casefold().find(stem.casefold())
    lead, whole = said[: max(at, 0)], said[max(at, 0) :]
    if not whole.casefold().startswith(stem.casefold()):
        return ""
    if not lead:
        return whole
    if weight(lead) > MAX_LEAD_WORDS or weight(stem) < MIN_STEM_WORDS or lead[-1].isalnum():
        return ""
    return whole.rstrip('"”»“') if lead[-1] in '"“«„' else whole


def in_running_text(link: Element) -> bool:
    """True for a link inside a sentence: its paragraph has more words around the link than in it."""
    block = next((up for up in link.ancestors() if up.tag in _BLOCKS_OF_TEXT), None)
    if block is None or block.tag not in _PARAGRAPHS or _is_line(link):
        return False
    href, own = link.href, weight(link.text())
    if block.is_longer(MAX_SENTENCES):
        around = _weight_of(block) - own
    else:
        around = weight(block.text(lambda part: part.tag in _ASIDES or (part.tag == "a" and part.href == href)))
    return around > max(own, 8)


def _weight_of(block: Element) -> int:
    """Count the words of a long block, once: counting for each of 2,000 links in 170 kB took 13 s (2026-11)."""
    weights = block.index.weights
    if block.order not in weights:
        weights[block.order] = weight(block.text(lambda part: part.tag in _ASIDES))
    return weights[block.order]


def is_half_sentence(link: Element) -> bool:
    """True for a link that starts in lower case and continues the text before it: "... who said they would go"."""
    if link.parent is None or not link.text()[:2].islower():
        return False
    return any(isinstance(one, str) and weight(one) > 1 for one in link.parent.children[:20])


def _is_line(link: Element) -> bool:
    """True for a bold link before a <br>: the title above a paragraph without a heading."""
    after = link.next
    if after is None or after.tag != "br":
        return False
    return any(one.tag in {"b", "strong"} and one.text() == link.text() for one in islice(link.walk(), 4))


def is_strong(link: Element) -> bool:
    """True for a link that may be a headline of its own, unlike a category, an author or a comment count."""
    if any(weight(part.alt) > 3 for part in link.inside("img")):
        return True
    words = link.text() or link.attrs.get("aria-label", "")  # an empty link that covers its card
    if not words and not link.size:
        return False  # what <a><h3><a>Title</a></h3></a> leaves of the outer link
    above = (link.parent, link.parent and link.parent.parent)
    told = link.counts(HEADING) or any(up.tag in HEADINGS or is_large(up) for up in above if up)
    told = told or (weight(words) > 4 and not in_running_text(link))
    return bool(told) and not is_button(words, link.href)
