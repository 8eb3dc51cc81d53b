"""Make entries from feedparser's dicts, or from those of `_walk`, which have the same keys: plain text, resolved links.

There are two ways, with equal values: `made` computes an entry at once; `Lazily` computes most values on demand. Most
entries of a document are already known, and most of the others match no topic, so their dates, pictures and categories
are never read (a first poll with the shipped topics keeps one entry in twenty, 2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from wirekin import text, urls
from wirekin.model import Entry, Precision, Source, key_of
from wirekin.parse import _dates, _images

_LANG = re.compile(r"([A-Za-z]{2,3})(?:[-_]|$)")
# Other names of languages that have a two-letter code: three letters (ISO 639-2, which news sitemaps may use), the two
# letters of before 1989, English words.
_OTHERWISE: dict[str, str | None] = {
    "eng": "en", "english": "en", "rus": "ru", "russian": "ru", "fas": "fa", "per": "fa", "persian": "fa",
    "farsi": "fa", "ara": "ar", "arabic": "ar", "heb": "he", "iw": "he", "hebrew": "he", "deu": "de", "ger": "de",
    "german": "de", "fra": "fr", "fre": "fr", "french": "fr", "spa": "es", "spanish": "es", "tur": "tr",
    "turkish": "tr", "in": "id", "und": None, "mul": None, "zxx": None,
}  # fmt: skip
MAX_TITLE_CHARS = 500
MAX_SUMMARY_CHARS = 1_000
MAX_CATEGORIES = 20
MAX_GUID_CHARS = 2_048
MAX_LANG_CHARS = 20

Raw = Mapping[str, Any]
"""The values of an entry under feedparser's keys."""


def made(raw: Raw, base: str) -> Entry:
    """Make an entry with all its values; relative links are resolved against `base`."""
    link, title, guid, mark = _early(raw, base)
    late: dict[str, Any] = dict(zip(_LATE, _late(raw, base), strict=True))
    return Entry(link, title, guid, _summary(raw), mark=mark, **late)


class Lazily(Entry):
    """An entry whose values are computed on first access; equal to the entry that `made` returns.

    The constructor computes only what tells whether the entry is known. The summary is computed on its own, and the
    other values all at once: the fields of Entry are slots, Python calls `__getattr__` for an empty slot, and such a
    call costs about as much as one value. Pickling makes a plain Entry with all values.
    """

    __slots__ = ("_base", "_raw")

    def __init__(self, raw: Raw, base: str) -> None:
        link, title, guid, mark = _early(raw, base)
        _put_link(self, link)
        _put_title(self, title)
        _put_guid(self, guid)
        _put_mark(self, mark)
        _put_raw(self, raw)
        _put_base(self, base)

    def __getattr__(self, name: str) -> Any:
        if name == "summary":
            _put_summary(self, _summary(self._raw))
        elif name in _LATE:
            for put, value in zip(_PUT_LATE, _late(self._raw, self._base), strict=True):
                put(self, value)
        else:
            raise AttributeError(name)
        return getattr(self, name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Entry) and all(
            getattr(self, field.name) == getattr(other, field.name) for field in fields(Entry) if field.compare
        )

    __hash__ = Entry.__hash__

    def __reduce__(self) -> tuple[type[Entry], tuple[Any, ...]]:
        return Entry, tuple(getattr(self, field.name) for field in fields(Entry))


_LATE = ("published_at", "precision", "offset", "updated_at", "categories", "image", "source", "lang")
# Setters for the slots of a frozen class: half the time of object.__setattr__.
_put_link, _put_title, _put_guid, _put_mark, _put_summary = (
    getattr(Entry, name).__set__ for name in ("link", "title", "guid", "mark", "summary")
)
_PUT_LATE = [getattr(Entry, name).__set__ for name in _LATE]
_put_raw, _put_base = (getattr(Lazily, name).__set__ for name in ("_raw", "_base"))


def _early(raw: Raw, base: str) -> tuple[str, str, str, int]:
    """Link, title, guid and mark: what tells whether an entry is known."""
    link = urls.resolve(base, _text(raw, "link")) or ""
    title = text.clean(_text(raw, "title"), MAX_TITLE_CHARS)
    return link, title, text.clean(_text(raw, "id"), MAX_GUID_CHARS), _mark(raw)


def _late(raw: Raw, base: str) -> tuple[object, ...]:
    """The values of _LATE."""
    detail = raw.get("title_detail")
    lang = primary_lang(detail.get("language")) if detail else None
    return *_dates_of(raw), _categories(raw), _images.of_entry(raw, base), _source(raw, base), lang


def _summary(raw: Raw) -> str:
    return text.clean(_summary_as_written(raw), MAX_SUMMARY_CHARS)


def _summary_as_written(raw: Raw) -> str:
    if raw.get("summary"):
        return str(raw["summary"])
    return next((str(one.get("value") or "") for one in raw.get("content") or ()), "")


def _dates_of(raw: Raw) -> tuple[datetime | None, Precision, timedelta, datetime | None]:
    """Return when the entry was published, the precision and UTC offset of that date, and when it was updated.

    Many Atom feeds and all RDF feeds state only `updated` (dc:date); it is then used as the publication date.
    """
    updated = _stamp(raw, "updated")
    first = _stamp(raw, "published") or _stamp(raw, "created") or updated
    if first is None:
        return *_dates.NO_DATE, None
    return *first, updated.at if updated else None


def _stamp(raw: Raw, key: str) -> _dates.Stamp | None:
    written = raw.get(key)
    stamp = _dates.read_date(str(written)) if written else None
    if stamp is None:  # a format that only feedparser reads: Korean, Greek, Hungarian ...
        at = _dates.read_parts(raw.get(f"{key}_parsed"))
        return _dates.Stamp(at) if at else None
    return stamp if stamp.at else None


def _categories(raw: Raw) -> tuple[str, ...]:
    tags = raw.get("tags")
    if not tags:
        return ()
    names = [text.clean(str(tag.get("label") or tag.get("term") or ""), 80) for tag in tags[:MAX_CATEGORIES]]
    return tuple(dict.fromkeys(filter(None, names)))


def _source(raw: Raw, base: str) -> Source | None:
    found = raw.get("source")
    if found is None or not isinstance(found, Mapping):
        return None
    name = text.clean(str(found.get("title") or ""), 200)
    url = urls.resolve(base, str(found.get("href") or found.get("link") or "")) or ""
    return Source(name, url) if name or url else None


def primary_lang(tag: object) -> str | None:
    """Return the primary subtag of a language tag (`en-US` -> `en`); None if it names no language."""
    if not tag:
        return None
    written = str(tag).strip()
    found = _LANG.match(written)
    name = (found[1] if found else written[:MAX_LANG_CHARS]).lower()
    return _OTHERWISE.get(name, name if found else None)


def _mark(raw: Raw) -> int:
    """Hash title, text, dates and pictures as written: if a known entry has the same mark, it is not read again."""
    get = raw.get
    written = [str(get("title") or ""), str(get("summary") or "") or _summary_as_written(raw)]
    for key in ("published", "updated", "created"):
        if value := get(key):
            written.append(str(value))  # noqa: PERF401 - a comprehension costs one more call per entry
    for key in ("media_content", "media_thumbnail"):
        if found := get(key):
            written += [str(one.get("url") or "") for one in found]
    if links := get("links"):
        written += [str(one.get("href") or "") for one in links if one.get("rel") == "enclosure"]
    return key_of(*written)


def _text(raw: Raw, key: str) -> str:
    return str(raw.get(key) or "")
