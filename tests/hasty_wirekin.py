"""`wirekin` as it is, but with three seconds for each exchange instead of thirty: for feeds that hang."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from wirekin.cli import _compose, main

DEADLINE = timedelta(seconds=3)  # with one, a busy machine let slow but sound answers go

if __name__ == "__main__":
    _compose.FetchPolicy = partial(_compose.FetchPolicy, deadline=DEADLINE)  # type: ignore[misc, assignment]
    main()
