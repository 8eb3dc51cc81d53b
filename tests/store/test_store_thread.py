"""A face of the database on a thread of its own."""

from __future__ import annotations

from pathlib import Path

import make
import polls
from wirekin.store import Store, open_store
from wirekin.store._thread import StoreThread


async def test_after_a_rest_the_next_call_opens_another_connection_on_the_same_database(tmp_path: Path) -> None:
    thread = StoreThread(open_store(str(tmp_path / "w.db")))
    met: list[Store] = []
    await thread.call(met.append)
    await thread.call(lambda store: polls.record(store, make.headline("A headline", "https://example.com/a")))

    await thread.rest()
    kept = await thread.call(lambda store: met.append(store) or store.ungrouped(9))
    await thread.rest()
    await thread.close()

    assert [headline.title for headline in kept] == ["A headline"]
    assert met[0] is not met[1]
