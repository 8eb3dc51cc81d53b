"""`wirekin` with a fetch deadline of three seconds instead of thirty, for tests with feeds that hang."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from wirekin.cli import _compose, main

DEADLINE = timedelta(seconds=3)  # with one second, slow but good answers timed out on a busy machine

if __name__ == "__main__":
    _compose.FetchPolicy = partial(_compose.FetchPolicy, deadline=DEADLINE)  # type: ignore[misc, assignment]
    main()
