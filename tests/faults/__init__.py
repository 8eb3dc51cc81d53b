"""A fault-injecting origin on loopback: named faults with their ground truth, beside healthy feeds.

For a test of one exchange, steps by path::

    async with FaultOrigin() as faulty:
        faulty.serve("/cut", OK + b"Content-Length: 10\\r\\n\\r\\n1234")          # sends this and closes
        faulty.serve("/slow", OK + b"\\r\\n", Forever(b"x", every=0.01))      # an endless trickle
        faulty.serve("/reset", OK + b"Content-Length: 10\\r\\n\\r\\n1", RESET)
        faulty.serve("/silent", HANG)

For whole polls, growing feeds on hosts of their own (from 127.20.0.1 on), each healthy or with a fault::

    async with FeedOrigin() as origin:
        feed = await origin.add(NOW)
        await origin.inject(feed, CATALOGUE["gzip_bomb"])

For any other poller, from the checkout (Python 3.11+)::

    PYTHONPATH=src:tests .venv/bin/python -m faults --list
    PYTHONPATH=src:tests .venv/bin/python -m faults serve --feeds 20 --write feeds.yml
    PYTHONPATH=src:tests .venv/bin/python -m faults serve --faults silent,gzip_bomb --port 8123

A `Fault` has a sentence that says what is wrong, a function that answers given the healthy document, and a `Truth`:
what a poller must make of it (the outcome, whether the answer's validators may be kept, which headlines may be seen).
Most faults send the healthy document's ETag: a poller that keeps it gets a 304 later, and misses what was left out.
"""

from __future__ import annotations

from faults._catalogue import CATALOGUE, FAMILIES
from faults._documents import Document, document
from faults._fault import CUTS, Ask, Fault, Shown, Truth
from faults._origin import FIRST_HOST, ITEMS, FeedOrigin, ServedFeed
from faults._wire import HANG, OK, RESET, End, FaultOrigin, Forever, Step

__all__ = [
    "CATALOGUE", "CUTS", "FAMILIES", "FIRST_HOST", "HANG", "ITEMS", "OK", "RESET", "Ask", "Document", "End", "Fault", "FaultOrigin", "FeedOrigin",
    "Forever", "ServedFeed", "Shown", "Step", "Truth", "document",
]  # fmt: skip
