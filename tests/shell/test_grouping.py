"""The grouper over many turns: regrouping in slices, with concurrent corrections, other processes and kills."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import make
import polls
from wirekin import corrections, grouping
from wirekin.errors import StoreFull
from wirekin.grouping import Grouper
from wirekin.model import Assignment, Headline, StoryDetail, StoryId
from wirekin.store import Backend, Correction, Store, open_store
from wirekin.store._sqlite import SqliteStore
from wirekin.store.threads import StoreThread

WINDOW = timedelta(days=4)
HOUR = timedelta(hours=1)


def dated_headline(title: str, path: str, minutes: float) -> Headline:
    return polls.headline(
        path, title=title, domain=f"{path}.example", first_seen_at=make.at(minutes=minutes), lang="en"
    )


FIRE = dated_headline("Drones set fuel tank ablaze at Novorossiysk port", "a", 0)
SHUT = dated_headline("Black Sea crude exporter suspends loading until Friday", "b", 400)
BOTH = dated_headline(
    "Novorossiysk crude exporter suspends loading after drones set fuel tank ablaze at port", "c", 410
)


EVENTS = (
    ("Quake near Ravar kills five in Kerman", "Kerman quake near Ravar: toll now five"),
    ("Leeds nurses walk out over pay", "Walk out over pay by nurses in Leeds begins"),
    ("Hurricane Odell makes landfall near Savannah", "Savannah floods as hurricane Odell makes landfall"),
    ("Bank of Russia cuts key rate to 12.5 percent", "Key rate cut to 12.5 percent by Bank of Russia"),
)


@pytest.fixture
def backend(tmp_path: Path) -> Backend:
    return open_store(str(tmp_path / "w.db"))


@asynccontextmanager
async def process(backend: Backend, *, lone: bool = False) -> AsyncIterator[Grouper]:
    """A grouper with a store thread of its own, as each process has it."""
    store = StoreThread(backend)
    try:
        yield Grouper(store, WINDOW, lone=lone)
    finally:
        await store.close()


async def record_and_group(
    backend: Backend, grouper: Grouper, *headlines: Headline, now: datetime | None = None
) -> None:
    """Record headlines as a turn does, and group them."""
    store = backend.store()
    polls.record(store, *headlines)
    store.close()
    await grouper.group(now or headlines[-1].first_seen_at)


def stories_of(backend: Backend, *headlines: Headline) -> list[StoryId | None]:
    reader = backend.reader()
    found = [reader.story_of(headline.id) for headline in headlines]
    reader.close()
    return found


async def two_stories(backend: Backend, grouper: Grouper) -> None:
    """Make FIRE and SHUT stories of their own, already regrouped; then let BOTH join one of them."""
    await record_and_group(backend, grouper, FIRE)
    await record_and_group(backend, grouper, SHUT, now=make.at(minutes=405))
    assert len(set(stories_of(backend, FIRE, SHUT))) == 2


async def test_regrouping_merges_stories_that_a_later_headline_connects_and_keeps_the_old_ids(
    backend: Backend, caplog: pytest.LogCaptureFixture
) -> None:
    async with process(backend) as grouper:
        await two_stories(backend, grouper)
        with caplog.at_level(logging.INFO):
            await record_and_group(backend, grouper, BOTH, now=make.at(minutes=405) + HOUR)

    reader = backend.reader()
    [story] = set(stories_of(backend, FIRE, SHUT, BOTH))
    for headline in (FIRE, SHUT):
        found = reader.story(StoryId(headline.id))
        assert found == story or isinstance(found, StoryDetail)
    reader.close()
    assert "regrouped" in caplog.messages


async def test_a_turn_counts_new_stories_after_its_regrouping(backend: Backend) -> None:
    store = backend.store()
    polls.record(store, FIRE, SHUT, BOTH)
    store.close()
    async with process(backend) as grouper:
        opened = await grouper.group(make.at(minutes=415))  # FIRE and SHUT stay apart until the regrouping

    assert opened == len(set(stories_of(backend, FIRE, SHUT, BOTH))) == 1


async def test_a_headline_dated_in_the_year_1_does_not_stop_a_turn(backend: Backend) -> None:
    """An earlier import accepted such rows, so databases have them."""
    old = replace(FIRE, published_at=datetime.min.replace(tzinfo=UTC))
    async with process(backend) as grouper:
        await record_and_group(backend, grouper, old, SHUT)

    assert None not in stories_of(backend, old, SHUT)


async def test_a_turn_without_new_headlines_loads_no_window(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    async with process(backend) as grouper:
        await record_and_group(backend, grouper, FIRE)

    monkeypatch.setattr(grouping.stories, "Window", None)  # cannot be called
    async with process(backend) as grouper:
        assert await grouper.group(make.at(hours=2)) == 0


async def test_a_regrouping_waits_until_it_is_due(backend: Backend) -> None:
    async with process(backend) as grouper:
        await two_stories(backend, grouper)
        await record_and_group(backend, grouper, BOTH)  # five minutes after the last
        early = len(set(stories_of(backend, FIRE, SHUT, BOTH)))
        await grouper.group(make.at(minutes=405) + HOUR)

    assert early == 2
    assert len(set(stories_of(backend, FIRE, SHUT, BOTH))) == 1


async def test_many_new_headlines_are_regrouped_before_the_hour_is_over(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouping, "REGROUP_LEAST", 1)
    async with process(backend) as grouper:
        await two_stories(backend, grouper)
        await record_and_group(backend, grouper, BOTH)

    assert len(set(stories_of(backend, FIRE, SHUT, BOTH))) == 1


async def test_a_large_window_is_regrouped_over_several_turns(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouping, "GROUP_SLICE", 1)
    async with process(backend) as grouper:
        await two_stories(backend, grouper)
    monkeypatch.setattr(grouping, "REGROUP_AT_ONCE", 2)
    async with process(backend) as grouper:
        await record_and_group(backend, grouper, BOTH, now=make.at(minutes=405) + HOUR)
        before = len(set(stories_of(backend, FIRE, SHUT, BOTH)))
        await grouper.group(make.at(minutes=406) + HOUR)
        await grouper.group(make.at(minutes=407) + HOUR)

    assert before == 2
    assert len(set(stories_of(backend, FIRE, SHUT, BOTH))) == 1


async def test_a_process_of_one_turn_finishes_the_regrouping_of_a_large_window(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouping, "GROUP_SLICE", 1)
    monkeypatch.setattr(grouping, "REGROUP_AT_ONCE", 2)
    async with process(backend, lone=True) as grouper:
        await two_stories(backend, grouper)
    async with process(backend, lone=True) as grouper:
        await record_and_group(backend, grouper, BOTH, now=make.at(minutes=405) + HOUR)

    assert len(set(stories_of(backend, FIRE, SHUT, BOTH))) == 1


async def test_a_correction_survives_regroupings_and_restarts(backend: Backend) -> None:
    async with process(backend) as grouper:
        await two_stories(backend, grouper)
    admin = backend.admin()
    admin.correct(Correction(SHUT.id, FIRE.id, must=False), make.at(minutes=406))
    for turn in range(3):
        async with process(backend) as grouper:
            extra = [] if turn else [BOTH]
            other = dated_headline(f"Nurses walk out over pay number {turn}", f"n{turn}", 500 + turn)
            await record_and_group(backend, grouper, *extra, other, now=make.at(minutes=500) + turn * HOUR)

        assert len(set(stories_of(backend, FIRE, SHUT))) == 2

    admin.withdraw(SHUT.id)
    admin.correct(Correction(FIRE.id, SHUT.id, must=True), make.at(minutes=600))
    async with process(backend) as grouper:
        await record_and_group(
            backend, grouper, dated_headline("Envoys meet again in Oman", "o", 620), now=make.at(minutes=400) + 5 * HOUR
        )
    assert len(set(stories_of(backend, FIRE, SHUT))) == 1
    assert admin.check() == ()
    admin.close()


async def test_a_correction_names_a_headline_that_the_story_still_has(backend: Backend) -> None:
    store = backend.store()
    polls.record(store, FIRE, SHUT, BOTH)
    name = polls.group(store, FIRE, SHUT, BOTH)
    store.save_assignments([Assignment(FIRE.id, StoryId("elsewhere"))], make.NOW)  # as after a regrouping
    store.close()
    reader = backend.reader()

    taken_out = corrections.splitting(reader, BOTH.id)
    merged = corrections.merging(reader, name, "elsewhere")

    assert taken_out == Correction(SHUT.id, BOTH.id, must=False)
    assert merged == Correction(SHUT.id, FIRE.id, must=True)
    reader.close()


async def test_a_crash_between_two_slices_leaves_a_sound_database_and_the_next_process_finishes(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouping, "GROUP_SLICE", 1)
    store = backend.store()
    polls.record(
        store,
        *(
            dated_headline(title, f"{'ab'[side]}{n}", 20 * n + side)
            for n, both in enumerate(EVENTS)
            for side, title in enumerate(both)
        ),
    )
    rows = store.ungrouped(100)
    store.save_assignments([Assignment(row.id, StoryId(row.id)) for row in rows], make.at(minutes=80))
    store.close()
    save, saved = SqliteStore.save_assignments, 0

    def dies(self: Store, assignments: list[Assignment], now: datetime) -> int:
        nonlocal saved
        saved += 1
        if saved == 3:  # after the new headline and one move
            raise KeyboardInterrupt
        return save(self, assignments, now)  # type: ignore[arg-type]

    monkeypatch.setattr(SqliteStore, "save_assignments", dies)
    with pytest.raises(KeyboardInterrupt):
        async with process(backend) as grouper:
            await record_and_group(backend, grouper, dated_headline("Envoys meet again in Oman", "o", 90))
    admin = backend.admin()
    half = len(set(stories_of(backend, *rows)))

    assert admin.check() == ()
    assert half == 7

    async with process(backend) as grouper:
        await record_and_group(backend, grouper, dated_headline("Chess final is drawn", "p", 95))
    assert len(set(stories_of(backend, *rows))) == 4
    assert admin.check() == ()
    admin.close()


# --- many at once --------------------------------------------------------------------------------------------------


def pairs(hours: float = 0) -> list[Headline]:
    """Two headlines per event."""
    return [
        dated_headline(title, f"{'ab'[side]}{n}x{hours:g}", 60 * hours + 20 * n + side)
        for n, both in enumerate(EVENTS)
        for side, title in enumerate(both)
    ]


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "REGROUP_LEAST", 8)
    monkeypatch.setattr(grouping, "GROUP_SLICE", 10)


@pytest.fixture
def saved(monkeypatch: pytest.MonkeyPatch) -> list[list[Assignment]]:
    """A list of all batches of assignments saved from now on."""
    save, found = SqliteStore.save_assignments, []

    def noting(self: SqliteStore, assignments: list[Assignment], now: datetime) -> int:
        found.append(list(assignments))
        return save(self, assignments, now)

    monkeypatch.setattr(SqliteStore, "save_assignments", noting)
    return found


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize("lone", [False, True])
async def test_many_headlines_at_once_are_saved_in_one_batch_with_their_final_stories(
    backend: Backend, saved: list[list[Assignment]], lone: bool
) -> None:
    many, progress = pairs(), []
    store = backend.store()
    polls.record(store, *many)
    store.close()

    async with process(backend, lone=lone) as grouper:
        opened = await grouper.group(make.at(minutes=90), progress.append)

    assert opened == 4
    assert [len(part) for part in saved] == [8]
    assert sum(progress) == 8
    names = stories_of(backend, *many)
    assert names[::2] == names[1::2] == [h.id for h in many[::2]]


@pytest.mark.usefixtures("small_limits")
async def test_many_headlines_at_once_join_a_story_that_is_already_in_the_window(
    backend: Backend, saved: list[list[Assignment]]
) -> None:
    before = dated_headline("Kerman quake near Ravar: five killed in the night", "before", -60)
    async with process(backend) as grouper:
        await record_and_group(backend, grouper, before)
    saved.clear()

    async with process(backend) as grouper:
        await record_and_group(backend, grouper, *pairs(), now=make.at(hours=90))

    assert [len(part) for part in saved] == [8]
    assert stories_of(backend, *pairs()[:2]) == [before.id, before.id]


@pytest.mark.usefixtures("small_limits")
async def test_more_headlines_than_are_compared_at_once_are_grouped_slice_by_slice(
    backend: Backend, saved: list[list[Assignment]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouping, "TAKEN_IN", 15)
    ungrouped, limits = SqliteStore.ungrouped, list[int]()

    def noting(self: SqliteStore, limit: int) -> tuple[Headline, ...]:
        limits.append(limit)
        return ungrouped(self, limit)

    monkeypatch.setattr(SqliteStore, "ungrouped", noting)
    async with process(backend) as grouper:
        await record_and_group(backend, grouper, *pairs(), *pairs(hours=2))  # sixteen

    assert limits == [10, 16, 10, 10]  # all that wait are listed only once, as the cost grows with them
    assert [len(part) for part in saved[:2]] == [10, 6]
    assert len(set(stories_of(backend, *pairs()))) == 4


@pytest.mark.usefixtures("small_limits")
async def test_after_a_crash_amid_many_headlines_the_next_process_finishes_the_grouping(
    backend: Backend, saved: list[list[Assignment]], monkeypatch: pytest.MonkeyPatch
) -> None:
    many = pairs()
    monkeypatch.setattr(grouping, "GROUP_SLICE", 3)
    monkeypatch.setattr(grouping, "REGROUP_LEAST", 3)
    noting = SqliteStore.save_assignments

    def dies(self: SqliteStore, assignments: list[Assignment], now: datetime) -> int:
        if saved:
            raise KeyboardInterrupt
        return noting(self, assignments, now)

    monkeypatch.setattr(SqliteStore, "save_assignments", dies)
    with pytest.raises(KeyboardInterrupt):
        async with process(backend) as grouper:
            await record_and_group(backend, grouper, *many)
    half = stories_of(backend, *many)
    monkeypatch.setattr(SqliteStore, "save_assignments", noting)
    async with process(backend) as grouper:
        await grouper.group(make.at(minutes=95))

    assert half.count(None) == 5
    assert len(set(stories_of(backend, *many))) == 4
    admin = backend.admin()
    assert admin.check() == ()
    admin.close()


@pytest.mark.usefixtures("small_limits")
async def test_headlines_that_could_not_be_saved_on_a_full_disk_are_grouped_in_the_next_turn(
    backend: Backend, saved: list[list[Assignment]], monkeypatch: pytest.MonkeyPatch
) -> None:
    noting = SqliteStore.save_assignments

    def full(*_: object) -> int:
        raise StoreFull("no room")

    async with process(backend) as grouper:
        monkeypatch.setattr(SqliteStore, "save_assignments", full)
        with pytest.raises(StoreFull):
            await record_and_group(backend, grouper, *pairs())
        monkeypatch.setattr(SqliteStore, "save_assignments", noting)
        await grouper.group(make.at(minutes=91))

    assert [len(part) for part in saved] == [8]
    assert len(set(stories_of(backend, *pairs()))) == 4


async def test_a_window_that_is_extended_further_back_includes_the_headlines_saved_last(backend: Backend) -> None:
    store = backend.store()
    polls.record(store, FIRE, SHUT)
    stretch = grouping._Stretch(WINDOW, semantic=False)
    stretch.reach(store, make.at(minutes=-60))
    opened = [Assignment(each.id, StoryId(each.id), None, 1.0) for each in (FIRE, SHUT)]
    stretch.saved = store.save_assignments(opened, make.at(minutes=420))

    stretch.reach(store, make.at(minutes=-60))
    beside = len(stretch.window)  # a slice adds them itself
    stretch.reach(store, make.at(minutes=-120))

    assert (beside, len(stretch.window)) == (0, 2)
    store.close()
