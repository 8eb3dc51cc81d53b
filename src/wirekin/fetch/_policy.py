"""The figures of politeness and patience."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from wirekin import __version__
from wirekin.fetch._body import Caps


def user_agent(contact: str = "") -> str:
    """The one User-Agent of this program, `wirekin/0.1.0 (+contact)`; what no header may hold is left out."""
    plain = "".join(char for char in contact.strip() if char.isascii() and char.isprintable() and char not in "()")
    return f"wirekin/{__version__} (+{plain})" if plain else f"wirekin/{__version__}"


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """What a fetch may take and must wait for; the defaults are the requirements'."""

    user_agent: str = field(default_factory=user_agent)
    deadline: timedelta = timedelta(seconds=30)  # C3: network time of one fetch, over all of its hops
    spacing: timedelta = timedelta(seconds=1)  # A11: between two requests to one host
    patience: timedelta = timedelta(seconds=60)  # how long a hop waits for another poll of the host it leads to
    at_once: int = 64  # A11: exchanges in all
    max_hops: int = 5  # RFC 9309 2.3.1.2 names five; browsers allow 20, feeds need one or two
    caps: Caps = field(default_factory=Caps)
