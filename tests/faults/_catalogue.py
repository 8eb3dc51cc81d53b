"""Every fault by its name, family by family."""

from __future__ import annotations

from faults import _bodies, _coding, _connection, _framing, _headers, _items, _redirects, _slow, _status
from faults._fault import Fault

FAMILIES: dict[str, tuple[Fault, ...]] = {
    "connection": _connection.FAULTS,
    "framing": _framing.FAULTS,
    "coding": _coding.FAULTS,
    "status": _status.FAULTS,
    "redirects": _redirects.FAULTS,
    "time": _slow.FAULTS,
    "bodies": _bodies.FAULTS,
    "items": _items.FAULTS,
    "headers": _headers.FAULTS,
}
CATALOGUE: dict[str, Fault] = {fault.name: fault for family in FAMILIES.values() for fault in family}
