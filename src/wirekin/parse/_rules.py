"""The rule of each feed element: what feedparser's handler does to the open entry, limited to the values that we keep.

Each rule does what feedparser 6.0.14 does (namespaces/*.py), with its oddities: an Atom id replaces a missing link, a
second description is content, and after a picture in an item its next title counts as if it were the first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from feedparser.datetimes import _parse_date

from wirekin.parse import _dates, _xml
from wirekin.parse._mend import REFERABLE
from wirekin.parse._walk import (
    ATOM,
    Doubt,
    Reader,
    Rule,
    Unread,
    attributes,
    check_leaf,
    lang_in,
    lang_of,
    named,
    spelt,
    stored,
    text_in,
    text_of,
    unknown,
)

MOST_TAGS = 200  # per entry; each is compared with all the others, so 20,000 of them take 10 s (2026-11)
# Per document: feedparser takes 10 ms for so many, 0.15 ms each for the slowest shapes found, while polling (2026-11).
MOST_ODD_DATES = 500
_TEXT_TYPES = {"text", "plain", "html", "text/plain", "text/html"}  # of text constructs; xhtml and base64 raise Doubt
_HTML_TYPES = {"html", "xhtml", "text/html", "application/xhtml+xml"}  # of an alternate link that becomes the entry's
_BASES = {"xml:base", "base"}  # attributes that set a base address
_ATOM_CONTENT = f"{{{ATOM}}}content"
_UNENDED = re.compile("&([A-Za-z0-9_]+);")  # feedparser's repair of ?a=1&b;=2


def _nothing(_reader: Reader, one: Any, _depth: int, _lang: str | None) -> None:
    """Ignore a text that feedparser keeps and we do not; only check that it is a leaf."""
    if len(one) or one.keys():
        check_leaf(one)


def _item(reader: Reader, one: Any, depth: int, lang: str | None) -> None:
    if reader.in_entry or depth > 2:
        raise Doubt
    if len(reader.entries) == _xml.MAX_ENTRIES:
        raise Doubt
    reader.raw, reader.depths, reader.in_entry, reader.title_at = {}, {}, True, -1
    reader.entries.append(reader.raw)
    outer = reader.outer
    if one.keys():
        found = spelt(one)
        if "lastmod" in found or "href" in found or (depth > 1 and not found.keys().isdisjoint(_BASES)):
            raise Doubt
        if about := found.get("rdf:about"):
            if reader.is_mended and "rdf" not in {str(name).lower() for name in one.nsmap}:
                raise Doubt  # the lenient parser knows this attribute only by that name
            reader.raw["id"] = about
        reader.base, lang = reader.base_in(found), lang_in(found, lang)
    reader.outer = reader.base
    reader.walk(one, depth + 1, lang)
    reader.raw, reader.in_entry, reader.has_content = reader.feed, False, False
    reader.outer, reader.base = outer, outer or reader.base  # feedparser does not restore an empty base


def _picture(reader: Reader, one: Any, depth: int, lang: str | None) -> None:
    """Read an image or text input. Only the title of an item's image is kept; the next title counts as the first."""
    parts = {"title", "link", "description", "url", "width", "height"}
    if one.tag.rpartition("}")[2].lower() == "textinput":
        if reader.in_entry:
            raise Doubt  # feedparser looks for the feed's text input then, and fails on most elements if there is none
        parts = {"title", "link", "description", "name"}
    reader.title_at = -1
    for at, part in enumerate(one):
        name = reader.name_of(part.tag)
        if name not in parts:
            _check_rest(reader, one[at:])
            return
        if len(part) or part.keys() or (reader.in_entry and name == "description"):
            raise Doubt
        if reader.is_mended and part.prefix:
            raise Doubt  # the lenient parser compares names as written: to it an <atom:link> ends the picture
        if name == "title" and reader.in_entry:
            _title(reader, part, depth + 1, lang)
        elif name == "title" and text_of(part):
            reader.title_at = depth + 1


def _check_rest(reader: Reader, rest: list[Any]) -> None:
    """Raise Doubt unless only unknown elements follow: to feedparser an unknown one (a caption) ends the picture."""
    for part in rest:
        if reader.rule_of(part.tag) is not unknown:
            raise Doubt
        check_leaf(part)


def _title(reader: Reader, one: Any, depth: int, lang: str | None) -> None:
    if one.keys():
        found = attributes(one)
        _check_type(found)
        lang = lang_in(found, lang)
    value = text_in(one)
    if not -1 < reader.title_at <= depth:
        reader.keep("title", value, depth)
        if lang is not None or "title_detail" in reader.raw:
            reader.raw["title_detail"] = {"language": lang}
    if value:
        reader.title_at = depth


def _media_title(reader: Reader, one: Any, depth: int, lang: str | None) -> None:
    before = reader.title_at
    _title(reader, one, depth, lang)
    reader.title_at = before


def _link(reader: Reader, one: Any, depth: int, lang: str | None) -> None:
    if not one.keys():
        _plain_link(reader, one)
        return
    found = attributes(one)
    rel = found.setdefault("rel", "alternate")
    kind = found.setdefault("type", "application/atom+xml" if rel == "self" else "text/html")
    _with_href(found)
    raw = reader.raw
    if "href" in found:
        found["href"] = reader.address(found["href"])
        if rel == "alternate" and kind in _HTML_TYPES:
            raw["link"] = found["href"]
    else:
        _plain_link(reader, one)
        if raw["link"] or not reader.in_entry:
            found["href"] = raw["link"]
    raw.setdefault("links", []).append(found)
    if len(one):  # a news agency describes related stories in it; feedparser takes them for the entry's own (2026-11)
        reader.walk(one, depth + 1, lang_of(one, lang))


def _plain_link(reader: Reader, one: Any) -> None:
    """Read a link that is its element's text."""
    value = _address_in(reader, one)
    if "&" in value:
        if reader.is_mended and ("&amp;" in value or "&#" in value):
            raise Doubt  # the document may have &amp;amp; here, and feedparser resolves &#39; in sections
        value = _UNENDED.sub(r"&\g<1>", value.replace("&amp;", "&") if reader.in_entry else value)
    reader.raw["link"] = value


def _address_in(reader: Reader, one: Any) -> str:
    if len(one):
        raise Doubt
    value = (one.text or "").strip()
    if not value or (value.isascii() and not reader.base and ":///" not in value):
        return value  # the common case: nothing to resolve or repair
    return stored(reader.address(value))


def _with_href(found: dict[str, str]) -> None:
    href = found.get("url", found.get("uri", found.get("href")))
    if href:
        found.pop("url", None)
        found.pop("uri", None)
        found["href"] = href


def _guid(reader: Reader, one: Any, depth: int, _lang: str | None) -> None:
    if len(one):
        raise Doubt
    is_link = not one.keys() or attributes(one).get("ispermalink", "true") == "true"
    value = _address_in(reader, one) if is_link else stored(one.text or "")
    reader.keep("id", value, depth)
    if is_link and "link" not in reader.raw:
        if reader.is_mended and "&" in value:
            raise Doubt  # feedparser may keep it as &amp;
        reader.raw["link"] = value


def _check_type(found: Mapping[str, str]) -> None:
    if found.get("type", "text") not in _TEXT_TYPES or "mode" in found:
        raise Doubt


def _description(reader: Reader, one: Any, depth: int, lang: str | None) -> None:
    if "summary" in reader.raw and not reader.has_content:
        _content(reader, one, depth, lang)
        return
    if one.keys():
        _check_type(attributes(one))
    value = text_in(one)
    if reader.in_entry:
        reader.keep("summary", value, depth)


def _summary(reader: Reader, one: Any, depth: int, lang: str | None) -> None:
    if "summary" in reader.raw and not reader.has_content:
        _content(reader, one, depth, lang)
        return
    if one.keys():
        _check_type(attributes(one))
    reader.keep("summary", text_in(one), depth)


def _content(reader: Reader, one: Any, _depth: int, _lang: str | None) -> None:
    if len(one):
        raise Doubt
    if one.keys():
        # The only element in an entry that may set a base address. feedparser restores the outer base after it, but
        # not an empty one: then this base stays in force.
        found = spelt(one) if one.tag == _ATOM_CONTENT else attributes(one)
        _check_type(found)
        if not reader.outer and not found.keys().isdisjoint(_BASES):
            if reader.base:
                raise Doubt
            reader.base = reader.base_in(found)
    reader.has_content = True
    if reader.in_entry:
        reader.raw.setdefault("content", []).append(Unread(one))
    if "summary" not in reader.raw:
        reader.raw["summary"] = stored(one.text or "")


def _date(key: str) -> Rule:
    parts = f"{key}_parsed"

    def read(reader: Reader, one: Any, depth: int, _lang: str | None) -> None:
        if not reader.in_entry:
            _unused_date(reader, one, depth, _lang)
            return
        value = text_of(one)
        odd = _is_odd(value)
        # feedparser parses a second, deeper date without storing its text.
        if not reader.keep(key, value, depth) or (odd and reader.is_mended):
            raise Doubt
        if odd or parts in reader.raw:
            reader.raw[parts] = _by_feedparser(reader, value)

    return read


def _unused_date(reader: Reader, one: Any, _depth: int, _lang: str | None) -> None:
    """Check a date that we do not keep: feedparser fails on "Fri, 2006/13/15 08:19:53 EDT", wherever it is."""
    value = text_of(one)
    if _is_odd(value):
        _by_feedparser(reader, value)


def _is_odd(value: str) -> bool:
    return bool(value) and not _dates.is_read(value)


def _plain_date(reader: Reader, one: Any, depth: int, _lang: str | None) -> None:
    """Read a <date>: feedparser stores its text as `updated` and does not parse it."""
    value = text_of(one)
    if one.keys() or reader.is_mended or "updated" in reader.raw:
        raise Doubt
    if reader.in_entry:
        reader.depths["date"] = depth
        reader.raw["updated"] = value


def _by_feedparser(reader: Reader, value: str) -> tuple[int, ...] | None:
    """Parse a date of a shape that only feedparser may know; feeds invent many, so they are no reason for a doubt."""
    reader.odd_dates += 1
    if reader.odd_dates > MOST_ODD_DATES or len(value) > _dates.MAX_CHARS:
        raise Doubt
    try:
        found: tuple[int, ...] | None = _parse_date(value)
    except Exception as error:  # feedparser lets any error through, and fails on the whole document
        raise Doubt from error
    return found


def _publisher(_reader: Reader, one: Any, _depth: int, _lang: str | None) -> None:
    """Ignore a <publisher>, which feedparser stores with dc:publisher; its attributes would change that one's."""
    if len(one) or one.keys():
        raise Doubt


def _language(reader: Reader, one: Any, _depth: int, _lang: str | None) -> None:
    reader.raw["language"] = text_of(one)


def _tag(reader: Reader, term: str | None, scheme: str | None, label: str | None) -> None:
    tags: list[dict[str, str | None]] = reader.raw.setdefault("tags", [])
    if len(tags) >= MOST_TAGS:
        raise Doubt
    tag = {"term": term, "scheme": scheme, "label": label}
    if (term or scheme or label) and tag not in tags:
        tags.append(tag)


def _category(reader: Reader, one: Any, _depth: int, _lang: str | None, usual_scheme: str | None = None) -> None:
    if not reader.in_entry:
        _unknown_text(one)
        return
    if one.keys() or usual_scheme:
        found = attributes(one)
        scheme = found.get("scheme", usual_scheme or found.get("domain"))
        _tag(reader, found.get("term"), scheme, found.get("label"))
    value = text_in(one)
    if not value:
        return
    tags = reader.raw.get("tags")
    if tags and not tags[-1]["term"]:
        tags[-1]["term"] = value
    else:
        _tag(reader, value, None, None)


def _unknown_text(one: Any) -> None:
    for part in one:
        if part.tag != one.tag:
            raise Doubt
        check_leaf(part)


def _media_category(reader: Reader, one: Any, depth: int, lang: str | None) -> None:
    _category(reader, one, depth, lang, "http://search.yahoo.com/mrss/category_schema")


def _itunes_category(reader: Reader, one: Any, depth: int, lang: str | None) -> None:
    if not reader.in_entry:
        _unknown_text(one)
        return
    if (one.text or "").strip():
        raise Doubt
    _tag(reader, attributes(one).get("text"), "http://www.itunes.com/", None)
    for part in one:
        if part.tag != one.tag or (part.tail or "").strip():
            raise Doubt
        _itunes_category(reader, part, depth + 1, lang)


def _keywords(scheme: str | None) -> Rule:
    def read(reader: Reader, one: Any, _depth: int, _lang: str | None) -> None:
        if one.keys():
            raise Doubt
        for term in text_in(one).split(","):
            if term.strip():
                _tag(reader, term.strip(), scheme, None)

    return read


def _source(reader: Reader, one: Any, _depth: int, _lang: str | None) -> None:
    if not reader.in_entry:
        raise Doubt
    value = text_of(one)
    found = attributes(one)
    reader.title_at = -1
    source = {"href": found["url"]} if "url" in found else {}
    if value:
        source["title"] = value
    reader.raw["source"] = source


def _enclosure(reader: Reader, one: Any, depth: int, lang: str | None) -> None:
    found = attributes(one)
    _with_href(found)
    reader.raw.setdefault("links", []).append(found | {"rel": "enclosure"})
    if len(one):
        reader.walk(one, depth + 1, lang_of(one, lang))


def _media_content(reader: Reader, one: Any, depth: int, lang: str | None) -> None:
    reader.raw.setdefault("media_content", []).append(named(one))
    if len(one):
        reader.walk(one, depth + 1, lang_of(one, lang))


def _thumbnail(reader: Reader, one: Any, depth: int, lang: str | None) -> None:
    found = named(one)
    if len(one):  # a broadcaster's Atom feeds have an <img> here (2026-11)
        _without_text(one, found)
    elif address := _address_in(reader, one):
        if reader.is_mended and not REFERABLE.isdisjoint(address):
            raise Doubt  # feedparser may keep it as &amp; or &lt;
        found = attributes(one)
        found.setdefault("url", address)
    reader.raw.setdefault("media_thumbnail", []).append(found)
    if len(one):
        reader.walk(one, depth + 1, lang_of(one, lang))


def _without_text(one: Any, found: Any) -> None:
    """Raise Doubt if text in a picture could become its address, or if it is nested: each level would search again."""
    if "url" not in found.keys() or any(map(len, one)) or "".join(one.itertext()).strip():  # noqa: SIM118 - an element
        raise Doubt


def _itunes_image(reader: Reader, one: Any, _depth: int, _lang: str | None) -> None:
    found = attributes(one)
    href = found.get("href") or found.get("url")
    if len(one):
        raise Doubt
    if href:
        reader.raw["image"] = {"href": href}


RULES: dict[str, Rule] = {
    "item": _item, "entry": _item, "image": _picture, "textinput": _picture,
    "title": _title, "dc_title": _title, "media_title": _media_title,
    "link": _link, "guid": _guid, "id": _guid, "enclosure": _enclosure, "source": _source,
    "description": _description, "dc_description": _description, "media_description": _description,
    "summary": _summary, "itunes_summary": _summary, "content": _content, "content_encoded": _content,
    **dict.fromkeys(("published", "issued", "pubdate", "dcterms_issued"), _date("published")),
    **dict.fromkeys(("updated", "modified", "lastbuilddate", "dc_date", "dcterms_modified"), _date("updated")),
    **dict.fromkeys(("created", "dcterms_created"), _date("created")),
    "expirationdate": _unused_date, "date": _plain_date, "publisher": _publisher,
    "language": _language, "dc_language": _language,
    "category": _category, "keywords": _category, "dc_subject": _category, "media_category": _media_category,
    "itunes_category": _itunes_category, "media_keywords": _keywords(None),
    "itunes_keywords": _keywords("http://www.itunes.com/"),
    "media_content": _media_content, "media_thumbnail": _thumbnail, "itunes_image": _itunes_image,
    "itunes_link": _itunes_image,
    **dict.fromkeys(("author", "managingeditor", "contributor", "media_group", "itunes_owner", "items"), unknown),
    **dict.fromkeys(
        "dc_author "  # noqa: SIM905  # quotes and commas would hide the names
        "dc_creator dc_publisher dc_rights dc_contributor webmaster name email url uri homepage width height "
        "subtitle tagline rights copyright generator cloud info feedburner_browserfriendly media_credit media_rating "
        "media_restriction media_license media_player itunes_author itunes_name itunes_email itunes_subtitle "
        "itunes_explicit itunes_block creativecommons_license cc_license georss_point georss_line georss_polygon "
        "georss_box".split(),
        _nothing,
    ),
}  # fmt: skip
