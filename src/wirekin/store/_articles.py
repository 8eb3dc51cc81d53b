"""Complete headlines from their articles' own pages, inside an open transaction; each page is fetched once."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime
from typing import Final

from wirekin.model import FeedId, Headline, HeadlineId
from wirekin.store._headlines import Changes, HeadlineWriter
from wirekin.store._rows import HEADLINE_COLUMNS, headline_from, micros, storable

# So many headlines of one publisher whose pages give the same picture make it a logo, as on a page (parse/_page.py).
LOGO_SEEN: Final = 3

_INCOMPLETE = f"""
select {HEADLINE_COLUMNS}
from headlines as h
where h.asked_at is null and h.url <> '' and (
    h.image_url is null or h.published_at is null or h.title like '%…' or h.title like '%...'
) and h.n in (
    select g.headline_n
    from feeds as f
    join feed_states as s on s.feed_n = f.n
    join sightings as g on g.feed_n = f.n and g.last_seen_at = s.document_at
    where f.id = ?)
order by h.happened_at desc, h.n desc
limit ?
"""

_IS_LOGO = "select count(*) >= ? from headlines where article_image = ? and publisher_domain = ?"
_WITHOUT_LOGO = """
update headlines set sequence = ?, image_url = null, image_width = 0, image_height = 0
where article_image = ? and publisher_domain = ? and image_url = article_image
"""


def incomplete(conn: sqlite3.Connection, feed_id: FeedId, limit: int) -> tuple[Headline, ...]:
    """Return headlines in the feed's current document that lack an image, a time or a title's end, newest first."""
    return tuple(map(headline_from, conn.execute(_INCOMPLETE, (feed_id, limit))))


def claim(conn: sqlite3.Connection, key: HeadlineId, now: datetime) -> bool:
    """Record that the article's page is fetched now; False if it was fetched before or the headline is gone."""
    asked = conn.execute("update headlines set asked_at = ? where id = ? and asked_at is null", (micros(now), key))
    return asked.rowcount == 1


def complete(conn: sqlite3.Connection, listed: Headline, found: Headline, now: datetime) -> bool:
    """Fill a headline's empty fields and complete its title from its article's page; return whether it changed."""
    changes = Changes(conn, micros(now))
    headlines = HeadlineWriter(conn, changes)
    if found.image and not listed.image and _is_logo(conn, listed, found.image.url, changes):
        found = replace(found, image=None)
    changed = headlines.complete(listed, found)
    headlines.finish()
    return changed


def _is_logo(conn: sqlite3.Connection, listed: Headline, picture: str, changes: Changes) -> bool:
    """Return whether so many pages of the publisher give this picture that it is a logo; then remove it everywhere.

    The picture of each page is stored even if it is dropped. Otherwise the count would start again at the next page.
    """
    picture, domain = storable(picture), storable(listed.publisher.domain)
    conn.execute("update headlines set article_image = ? where id = ?", (picture, listed.id))
    (is_logo,) = conn.execute(_IS_LOGO, (LOGO_SEEN, picture, domain)).fetchone()
    if is_logo:
        conn.execute(_WITHOUT_LOGO, (changes.sequence(), picture, domain))
    return bool(is_logo)
