"""Record why each link of a page is a headline or not, for `extract --why`. Made only on request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wirekin.parse.pages._dom import Element

MAX_PATH = 6  # elements named in a path: those nearest to the link


@dataclass(frozen=True, slots=True)
class Judgement:
    """The decision about one link of a page.

    `reason` is a few plain words ("navigation: inside <nav>"). `container` is the path of the link's card, or of the
    link itself if it has no card, as readable CSS ("main > div.list > article.card"); "" for an entry from the page's
    data.
    """

    accepted: bool
    url: str
    title: str
    reason: str
    container: str = ""


Trace = list[Judgement]  # filled by the extraction; callers pass None if they need no trace


def path_of(one: Element) -> str:
    """Return the path of an element: tag and first class of its nearest ancestors and of itself, outermost first."""
    around = [up for up in one.ancestors() if up.tag not in {"html", "body"}][: MAX_PATH - 1]
    return " > ".join(_named(part) for part in reversed([one, *around]))


def _named(one: Element) -> str:
    first = one.attrs.get("class", "").split()[:1]
    return f"{one.tag}.{first[0][:40]}" if first else one.tag
