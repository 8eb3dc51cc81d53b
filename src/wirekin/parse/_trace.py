"""Why each link of a page is a headline or is none: what `extract --why` shows. Made only where it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wirekin.parse._dom import Element

MAX_PATH = 6  # elements of a path that are named: those nearest to the link


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was decided about one link of a page.

    `reason` is a few plain words ("navigation: inside <nav>"); `container` is the path of the link's card, or of the
    link where it never got one, as CSS that a person can read ("main > div.list > article.card"); "" for data.
    """

    accepted: bool
    url: str
    title: str
    reason: str
    container: str = ""


Trace = list[Judgement]  # what the extraction writes down; None stands for "nobody asked"


def path_of(one: Element) -> str:
    """Where an element stands: the tags and first classes of it and of what is around it, the outermost first."""
    around = [up for up in one.ancestors() if up.tag not in {"html", "body"}][: MAX_PATH - 1]
    return " > ".join(_named(part) for part in reversed([one, *around]))


def _named(one: Element) -> str:
    first = one.attrs.get("class", "").split()[:1]
    return f"{one.tag}.{first[0][:40]}" if first else one.tag
