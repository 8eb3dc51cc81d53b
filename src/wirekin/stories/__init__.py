"""Stories: when two headlines are one article, one event, or merely worth reading together.

Three relations, three thresholds (docs/adr/0006): copy (`_copies`), story (`_assign` over a `Window`, and from time to
time `Regrouping`), related (`rank`). Measured by bench/quality.py.
"""

from wirekin.stories._assign import assign, assign_in_order
from wirekin.stories._concepts import kin
from wirekin.stories._pairs import alike
from wirekin.stories._rank import Asked, eligible, neighbours_for, rank, spread
from wirekin.stories._regroup import Regrouping
from wirekin.stories._vectors import missing as semantic_missing
from wirekin.stories._window import SPAN, Window

__all__ = [
    "SPAN",
    "Asked",
    "Regrouping",
    "Window",
    "alike",
    "assign",
    "assign_in_order",
    "eligible",
    "kin",
    "neighbours_for",
    "rank",
    "semantic_missing",
    "spread",
]
