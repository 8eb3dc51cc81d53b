"""Read the articles that a page lists as data: JSON-LD, microdata, and the embedded state of script-built pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from wirekin import urls
from wirekin.model import Entry, Image, Source
from wirekin.parse.pages import _cards, _literals, _microdata, _wording
from wirekin.parse.pages._dom import Page
from wirekin.parse.pages._hidden import loaded, rows_of
from wirekin.parse.pages._paid import is_paid_label
from wirekin.parse.pages._shapes import address_score, is_picture
from wirekin.parse.pages._times import Times

MAX_JSON_CHARS = 4_000_000  # per script
MAX_OBJECTS = 50_000  # read per page
MAX_VALUE_CHARS = 10_000  # of a title or an address: 20,000 objects that referred to one of 1 MB took 13 s (2026-11)

_SCRIPTS = ("", "text/javascript", "application/javascript")
# Assignments in a script: window.__STATE__ = {"...; Fusion.contentCache = {"...; x = JSON.parse("...; y = "{\\"...
_SET = re.compile(r"""[\w$\]]\s*=\s*(?:(?=\{"|\[[\[{"])|JSON\.parse\(\s*(?=["'])|(?="[\[{]\\"))""")
_TEXT = re.compile(r"'((?:[^'\\\n]|\\.){2,})'")  # a string in single quotes, which JSON does not have
_CODE = re.compile(r"\\x([0-9a-fA-F]{2})")
_UNDEFINED = re.compile(r'(?<="):undefined(?=[,}])')  # a value that JSON does not have
MAX_SETS = 200  # assignments per script
MAX_PICTURE_VALUES = 12  # of a picture: its sizes, its caption
MAX_LEVELS = 3  # of nested values that are followed: image > sizes > url
# Some sites name the keys in their own language.
_TITLES = ("headline", "title", "name", "headlines", "shortTitle", "titre", "titulo", "titel", "titolo")
_LINKS = (
    "url",
    "link",
    "href",
    "canonicalUrl",
    "canonical_url",
    "webUrl",
    "permalink",
    "path",
    "website_url",
    "uri",
    "articleUrl",
    "relativeUrl",
    "lien",
    "enlace",
)
_NAMES = ("mainEntityOfPage", "@id")  # of an object of schema.org without an address of its own
_TIMES = (
    "datePublished",
    "publishedAt",
    "published_at",
    "publishDate",
    "firstPublished",
    "published",
    "date",
    "display_date",
    "uploadDate",
    "pubDate",
    "publicationDate",
    "datePublication",
    "fecha",
    "publication",
)
_PICTURES = (
    "image",
    "thumbnail",
    "thumbnailUrl",
    "lead_image",
    "leadImage",
    "promo_image",
    "img",
    "photo",
    "picture",
    "mainImage",
    "featuredImage",
    "heroImage",
    "coverImage",
    "teaserImage",
    "imageUrl",
    "image_url",
    "visuel",
    "imagen",
    "bild",
    "immagine",
)
_SOURCES = ("source", "publisher", "sourceName")
_INNER = (
    "url",
    "src",
    "href",
    "basic",
    "name",
    "text",
    "@id",
    "sourceUrl",
    "node",
    "path",
)  # keys of an object in the place of a string
_PAID_KEY = re.compile(r"(?:is_?)?(?:sponsored|advertorial|paid_?content|promoted|branded)", re.IGNORECASE)
_READ = frozenset([*_TITLES, *_LINKS, *_TIMES, *_PICTURES, *_SOURCES, *_INNER, "@type"])
_OTHER_TYPES = (
    "organization",
    "person",
    "webpage",
    "website",
    "breadcrumb",
    "imageobject",
    "collectionpage",
    "sitenavigationelement",
    "product",
    "offer",
    "event",
    "jobposting",
    "question",
    "comment",
    "advertisercontentarticle",  # paid for
)
# Where programs read what people read elsewhere: https://api.a.example/7, /wp-json/wp/v2/posts/7.
_OF_PROGRAMS = re.compile(r"https?://(?:[^/]*\.)?api\.|https?://[^/]+/(?:api|wp-json)/", re.IGNORECASE)


def listed(page: Page, base: str) -> dict[str, Entry]:
    """Return the articles of the page's JSON-LD by canonical URL: they have times that cards do not show."""
    found: dict[str, Entry] = {}
    for one in objects(page, ("application/ld+json",)):
        entry = _entry(one, base)
        canonical = urls.canonicalise(entry.link) if entry else None
        if entry and canonical:
            found.setdefault(canonical, entry)
    return found


def entries(page: Page, base: str, *, stated: bool = True) -> tuple[Entry, ...]:
    """Return the articles in the data of a page without links to them, in order; only from JSON-LD if not `stated`."""
    found: dict[str, Entry] = {}
    kinds = ("application/ld+json", *(("application/json", *_SCRIPTS) if stated else ()))
    for one in chain(objects(page, kinds), islice(_microdata.objects(page), MAX_OBJECTS)):
        entry = _entry(one, base)
        if entry and _is_told(entry) and (key := urls.canonicalise(entry.link)):
            found.setdefault(key, entry)
    own = urls.canonicalise(base)
    return tuple(entry for key, entry in found.items() if key != own and address_score(entry.link) >= 0)


def _is_told(entry: Entry) -> bool:
    """True for a title of more than three words, or of two or three with an article's address and a time."""
    words = _wording.weight(entry.title)
    return words > 3 or (words > 1 and entry.published_at is not None and address_score(entry.link) >= 1)


def objects(page: Page, kinds: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Yield the JSON objects in the page's scripts of these types in page order, at most MAX_OBJECTS."""
    return islice((one for value in _values(page, kinds) for one in _walk(value)), MAX_OBJECTS)


def _values(page: Page, kinds: tuple[str, ...]) -> Iterator[object]:
    for kind, written in page.scripts(kinds):
        if kind and "javascript" not in kind:
            yield loaded(written)
        elif len(written) <= MAX_JSON_CHARS and ".__next_f.push(" not in written[:60]:
            yield from _set_in(written)
            yield from _literals.states(written)
    if kinds[-1] in _SCRIPTS:
        yield from rows_of(page).values()


def _set_in(written: str) -> Iterator[object]:
    """Yield the values that a script assigns, if they are JSON or a string with JSON."""
    if "undefined" in written:
        written = _UNDEFINED.sub(":null", written)
    decoder, at = json.JSONDecoder(), 0
    for _ in range(MAX_SETS):
        found = _SET.search(written, at)
        if found is None:
            return
        at = found.end()
        try:
            value, at = _text_at(written, at) if written[at] == "'" else decoder.raw_decode(written, at)
        except json.JSONDecodeError as error:
            at = max(at, error.pos)  # all before the error belongs to a value that is not JSON
        except RecursionError:
            return
        else:
            yield loaded(value) if isinstance(value, str) else value


def _text_at(written: str, at: int) -> tuple[object, int]:
    """Parse a string in single quotes; return its value, None if it is invalid, and where it ends."""
    found = _TEXT.match(written, at)
    if found is None:
        return None, at
    text = _CODE.sub(r"\\u00\1", found[1].replace("\\'", "'"))
    text = re.sub(r'(?<!\\)"', r"\\\"", text)
    try:
        return json.loads(f'"{text}"', strict=False), found.end()
    except ValueError:
        return None, found.end()


def _walk(value: object) -> Iterator[dict[str, Any]]:
    known: dict[str, Any] = {}
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, dict):
            if one.get("@type") == "BreadcrumbList":  # its items have names and addresses too
                continue
            known = one if "ROOT_QUERY" in one else known
            yield _referred(one, known) if known else one
            todo.extend(reversed(list(one.values())))
        elif isinstance(one, list):
            if _tells_places(one):
                yield from (_placed(one, item, MAX_LEVELS) for item in one if isinstance(item, dict))
            else:
                todo.extend(reversed(_in_order(one)))


def _in_order(values: list[Any]) -> list[Any]:
    """Return a list by the "position" of its objects, which counts in an ItemList, not the order of writing."""
    places = [str(one.get("position")) for one in values if isinstance(one, dict)]
    if len(places) < len(values) or not all(place.isdecimal() and len(place) < 9 for place in places):
        return values
    return sorted(values, key=lambda one: int(one["position"]))


def _referred(one: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """Resolve the references in an object of Apollo's cache: {"__ref": "Image:7"}."""
    return {name: _meant(value, known) if name in _READ else value for name, value in one.items()}


def _meant(value: Any, known: dict[str, Any]) -> Any:
    first = value[0] if isinstance(value, list) and value else value
    refers = isinstance(first, dict) and isinstance(first.get("__ref"), str)
    return known.get(first["__ref"], first) if refers else value


def _tells_places(values: list[Any]) -> bool:
    """True for a list whose objects hold indexes into it: in {"title": 7} the title is the list's eighth element.

    Nuxt 3, SvelteKit and Remix serialise their state this way (the library devalue).
    """
    found = [one for one in values if isinstance(one, dict) and one]
    return len(values) > 5 and bool(found) and all(type(at) is int and at < len(values) for at in _all_of(found))


def _all_of(found: list[dict[str, Any]]) -> Iterator[Any]:
    return (value for one in found for value in one.values())


def _placed(values: list[Any], one: Any, levels: int) -> Any:
    """Replace the indexes in a value by the values of the list: `levels` deep, and only for the keys in _READ."""
    if isinstance(one, list):
        if len(one) == 2 and isinstance(one[0], str) and _is_place(one[1], values):
            return _placed(values, values[one[1]], levels - 1) if levels else None  # ["Reactive", 7]
        return [_placed(values, values[at], levels - 1) for at in one[:1] if _is_place(at, values)] if levels else None
    if isinstance(one, dict):
        known = ((name, at) for name, at in one.items() if name in _READ and _is_place(at, values))
        return {name: _placed(values, values[at], levels - 1) for name, at in known} if levels else None
    return one


def _is_place(at: Any, values: list[Any]) -> bool:
    return type(at) is int and 0 <= at < len(values)


def _entry(one: dict[str, Any], base: str) -> Entry | None:
    kinds = one.get("@type")
    named = kinds if isinstance(kinds, list) else [kinds]
    if any(str(kind).rpartition("/")[2].lower() in _OTHER_TYPES for kind in named):
        return None
    title = _cards.bare(_string(one, _TITLES))
    address = (_string(one, _LINKS) or (_string(one, _NAMES) if kinds or "@id" in one else "")) if title else ""
    link = urls.resolve(base, address) if address else None
    if not link or _is_paid(one) or _OF_PROGRAMS.match(link):
        return None
    stamp = Times(None).read(_string(one, _TIMES) or _epoch(one))
    image = urls.resolve(base, _string(one, _PICTURES) or _file_in(one))
    source = _string(one, _SOURCES)
    return Entry(
        link=link,
        title=title,
        published_at=stamp.at,
        precision=stamp.precision,
        offset=stamp.offset,
        image=Image(image) if image else None,
        source=Source(source) if source and "@type" not in one else None,
    )


def _is_paid(one: dict[str, Any]) -> bool:
    """True for an object that says it is paid for: {"sponsored": true}, {"kicker": "Sponsored"}."""
    return any(
        bool(_PAID_KEY.fullmatch(name))
        if value is True
        else isinstance(value, str) and len(value) > 2 and is_paid_label(value)
        for name, value in one.items()
    )


def _file_in(one: dict[str, Any]) -> str:
    """Return the first picture's file in the values of a picture: {"image": {"formats": {"wide": "/a.jpg"}}}."""
    level = [one[name] for name in _PICTURES if isinstance(one.get(name), dict)]
    for _ in range(MAX_LEVELS):
        inner = (islice(value.values(), MAX_PICTURE_VALUES) for value in level if isinstance(value, dict))
        level = list(islice(chain.from_iterable(inner), MAX_PICTURE_VALUES))
        if found := next((value for value in level if isinstance(value, str) and is_picture(value)), ""):
            return found
    return ""


def _epoch(one: dict[str, Any]) -> str:
    """Return a time that is a number, in seconds or milliseconds since 1970, as a string; "" if there is none."""
    return next((str(value) for key in _TIMES if type(value := one.get(key)) is int), "")


def _string(one: dict[str, Any], keys: tuple[str, ...]) -> str:
    for key in keys:
        value = one.get(key)
        for _ in range(MAX_LEVELS if isinstance(value, dict | list) else 0):
            if isinstance(value, list) and value:
                value = value[0]
            if isinstance(value, dict):
                value = next((value[name] for name in _INNER if name in value), "")
        if isinstance(value, str) and len(value) <= MAX_VALUE_CHARS and (told := value.strip()):
            return told
    return ""
