"""Grouping of new headlines into stories: one process at a time, in slices, with the open window in memory.

::

    slices                 ungrouped -> stories.assign -> save_assignments, under the lock "group"
    from time to time      stories.Regrouping, in steps without a lock -> what has to move -> save_assignments
    many at once           ungrouped -> the regrouping that would follow -> save_assignments

This is only when and in what portions: `stories` decides which headlines are one event. The window is the headlines
young enough to share a story with a new one. Regrouping clusters all of it again, and corrects what the joins, which
know only earlier headlines, have missed.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from functools import cached_property, partial

from wirekin import stories
from wirekin._log import fields, logger
from wirekin.model import Assignment, Headline, HeadlineId, Semantic, StoryId
from wirekin.store import Correction, Grouped, Store
from wirekin.store.threads import StoreThread

log = logger(__name__)

GROUP_SLICE = 200  # headlines assigned per transaction: 0.1 s of CPU, so that the web can answer in between
LATE = timedelta(days=1)  # headlines that happened longer ago are grouped among those of their own time
SPARED_FROM = 1_000  # headlines in the window from which it is kept out of the cycle collector
REGROUP_AFTER = timedelta(hours=1)  # between two regroupings, if any headline came
REGROUP_SHARE = 20  # or sooner, once one in this many headlines of the window is new: a busy hour, an import
REGROUP_LEAST = 200  # the fewest new headlines for an early regrouping
REGROUP_AT_ONCE = 20_000  # headlines compared in one turn of a daemon, about 7 s of CPU; more take several turns
# Moves per transaction where no web server waits: 0.1 s each, and two commits instead of six for 1,130 moves.
MOVED_ALONE = 5 * GROUP_SLICE
# Headlines in the window up to which a regrouping takes in new ones and saves them only at its end. A kill costs that
# work, though no headline.
TAKEN_IN = 50_000


def spare_the_living() -> None:
    """Free the cycles that are garbage now, and keep all other objects out of Python's cycle collector for good."""
    gc.collect()
    gc.freeze()


class _Stretch:
    """The stories of a stretch of time in memory; `reach` brings them up to date from the store."""

    def __init__(self, span: timedelta, *, semantic: Semantic) -> None:
        self.saved = -1  # the change sequence of our own last slice: the window has it already
        self._span, self._semantic = span, semantic
        self.since: datetime | None = None
        self._until: datetime | None = None
        self._sequence = 0

    @cached_property
    def window(self) -> stories.Window:
        """The stories, made on first use: a process's first window takes 54 ms, to load the dictionary of news."""
        return stories.Window(self._span, semantic=self._semantic)

    def reach(self, store: Store, since: datetime, until: datetime | None = None) -> None:
        """Load what others assigned since the last call; all the first time, and if `since` is earlier than before."""
        if self.since is None or since < self.since:
            self.window, self._sequence, self.saved = stories.Window(self._span, semantic=self._semantic), 0, -1
            self._load(store.window(since, until=until))
        else:
            self._load(store.window(since, until=self._until, after=self._sequence, but=self.saved))
            self._sequence = max(self._sequence, self.saved)  # what others saved before our slice is loaded by now
            if self._until and until and until > self._until:
                self._load(store.window(max(self._until, since), until=until, but=self.saved))
        self.since, self._until = since, until
        self.window.forget(since)

    def _load(self, rows: Iterable[Grouped]) -> None:
        for row in rows:
            if row.assignment:
                self.window.add(row.headline, row.assignment)
            self._sequence = max(self._sequence, row.sequence)


class Grouper:
    """Assigns headlines to stories: one process at a time, with the open window in memory.

    Late headlines (an import of last month's news, a feed that backdates its items) are grouped apart, among those of
    their own time. Otherwise one old date would load the whole past into memory, turn after turn.
    """

    def __init__(self, store: StoreThread, span: timedelta, *, semantic: Semantic = False, lone: bool = False) -> None:
        """Begin with nothing in memory.

        Args:
            store: where headlines and their stories are.
            span: how long a story may last.
            semantic: which vectors are compared too, if any.
            lone: no turn follows in this process, so a regrouping must end in the turn that begins it.

        """
        self._store = store
        self._lone = lone
        self._most_steps = sys.maxsize if lone else REGROUP_AT_ONCE // GROUP_SLICE
        self._saved_at_once = MOVED_ALONE if lone else GROUP_SLICE
        self._span = span
        self._semantic = semantic
        self._at_once = GROUP_SLICE // 8 if semantic == "multilingual" else GROUP_SLICE  # it encodes 70 a second
        self._open = _Stretch(span, semantic=semantic)
        self._past: _Stretch | None = None  # kept from one late slice to the next
        self._spared = SPARED_FROM // 2  # headlines in the window when it was last kept out of the collector
        self._said: tuple[Correction, ...] = ()  # corrections applied so far; a new one is work even without headlines
        self._fresh = 0  # headlines that joined the open window since the last regrouping began
        self._regrouped_at: datetime | None = None  # when that was; None: not in this process
        self._regrouping: stories.Regrouping | None = None  # under way, over several turns where the window is large
        self._waiting: tuple[Headline, ...] = ()  # a large batch that the regrouping takes in
        self._counted = False  # whether this turn has counted the headlines that wait
        self._opened: set[StoryId] = set()  # stories opened in this turn that still exist

    async def group(self, now: datetime, progress: Callable[[int], None] = lambda _: None) -> int:
        """Assign every headline without a story, and regroup where that is due; returns how many stories were opened.

        `progress` is told how many more headlines were assigned, or compared by the regrouping.
        """
        self._opened.clear()
        self._counted = False
        while (assigned := await self._store.call(lambda store: self._slice(store, now))) is not None:
            progress(assigned)
        self._past = None
        self._spare_the_collector()
        await self._regroup(now, progress)
        return len(self._opened)

    def _spare_the_collector(self) -> None:
        """Keep the window out of Python's cycle collector: it holds no cycles, and a pass over it stops everything.

        With 9,000 headlines in the window a full pass takes 0.3 s (bench/poll.py, 2026-11), during which neither the
        web answers nor a feed is polled. Repeated when the window has doubled. A lone turn only freezes: its process
        ends before garbage matters.
        """
        if self._open.since is not None and len(self._open.window) >= 2 * self._spared:
            gc.freeze() if self._lone else spare_the_living()
            self._spared = max(len(self._open.window), SPARED_FROM)

    def _slice(self, store: Store, now: datetime) -> int | None:
        """Assign one slice, on the store's thread: how many headlines; None when there is nothing to do."""
        with store.exclusively("group") as mine:
            if not mine:
                return None
            fresh, said = store.ungrouped(self._at_once), store.corrections()
            if not fresh and said == self._said:
                return None
            if len(fresh) >= REGROUP_LEAST and not self._counted:
                self._waiting = self._many(store, fresh[0].happened_at, now - LATE)
                if self._waiting:
                    return None
            fresh, stretch = self._placed(store, fresh, now - LATE)
            must, cannot = _links(said)
            assignments = stories.assign(stretch.window, fresh, must=must, cannot=cannot)
            stretch.saved = store.save_assignments(assignments, now)
            if stretch is self._open:
                self._said = said
                self._fresh += len(fresh)
        new = {headline.id for headline in fresh}
        self._opened |= {
            a.story_id for a in assignments if a.headline_id in new and a.story_id == StoryId(a.headline_id)
        }
        return len(fresh)

    def _placed(
        self, store: Store, fresh: tuple[Headline, ...], late: datetime
    ) -> tuple[tuple[Headline, ...], _Stretch]:
        """The headlines of this slice, and the stretch of time that they belong to: the late ones come first."""
        if not fresh or fresh[0].happened_at >= late:
            self._open.reach(store, late - self._span)
            return fresh, self._open
        first = fresh[0].happened_at
        last = min(first + self._span, late)
        self._past = self._past or _Stretch(self._span, semantic=self._semantic)
        self._past.reach(store, _before(first, self._span), last + self._span)
        return tuple(headline for headline in fresh if headline.happened_at <= last), self._past

    def _many(self, store: Store, first: datetime, late: datetime) -> tuple[Headline, ...]:
        """All headlines that wait, if they make a regrouping due that this turn can finish; else none.

        Late ones may be among them, if none is late by more than a span: the window is loaded back that far. Not for
        `multilingual`: its encoder is so slow that its work is better saved slice by slice.
        """
        most = min(TAKEN_IN, self._most_steps * GROUP_SLICE)
        if first < late - self._span or self._semantic == "multilingual":
            return ()
        self._counted = True
        found = store.ungrouped(most + 1)
        if len(found) > most or not self._enough(len(found)):
            return ()
        self._open.reach(store, min(first, late) - self._span)
        return found if self._enough(len(found)) and len(self._open.window) + len(found) < most else ()

    # --- regrouping --------------------------------------------------------------------------------------------

    async def _regroup(self, now: datetime, progress: Callable[[int], None]) -> None:
        """Cluster the open window again where that is due, or go on with it; a daemon may take several turns.

        It computes without a lock or an open transaction. The moves are saved in slices. Each slice is consistent by
        itself, and what a kill leaves out, the next regrouping finds again.
        """
        fresh, self._waiting = self._waiting, ()
        self._fresh += len(fresh)
        regrouping = self._regrouping = self._under_way(now)
        if regrouping is None:
            return
        for start in range(0, len(fresh), GROUP_SLICE):
            part = fresh[start : start + GROUP_SLICE]
            await self._store.call(partial(_take_in, regrouping, part))
        self._spare_the_collector()
        for _ in range(self._most_steps):
            compared = await self._store.call(lambda _: regrouping.step(GROUP_SLICE))
            progress(compared)
            if not compared:
                break
        else:
            return
        self._regrouping = None
        said = await self._store.call(lambda store: store.corrections())
        # Takes seconds for a large window, so not on the store's thread. Nothing else touches the window meanwhile.
        new = {headline.id for headline in fresh}
        moves, before, opened = await asyncio.to_thread(self._thought_over, regrouping, said, new)
        for start in range(0, len(moves), self._saved_at_once):
            await self._store.call(partial(self._move, moves[start : start + self._saved_at_once], before, now))
        self._opened |= opened
        self._opened -= {story for story in before.values() if not self._open.window.members(story)}
        self._tell([move for move in moves if move.headline_id not in new], before)

    def _under_way(self, now: datetime) -> stories.Regrouping | None:
        """The regrouping that goes on, or one that begins now; None where none is due."""
        if self._open.since is None:
            return None
        window = self._open.window
        if self._regrouping is not None and self._regrouping.window is window:
            return self._regrouping
        waited = self._regrouped_at is None or now - self._regrouped_at >= REGROUP_AFTER
        if not self._fresh or not (waited or self._enough(self._fresh)):
            return None
        self._fresh, self._regrouped_at = 0, now
        return stories.Regrouping(window, settled_before=now - self._span)

    def _enough(self, fresh: int) -> bool:
        """Whether so many new headlines are worth a regrouping before its time."""
        return fresh >= max(REGROUP_LEAST, len(self._open.window) // REGROUP_SHARE)

    def _thought_over(
        self, regrouping: stories.Regrouping, said: Iterable[Correction], new: AbstractSet[HeadlineId]
    ) -> tuple[tuple[Assignment, ...], dict[HeadlineId, StoryId], set[StoryId]]:
        """The moves, the present story of each headline that moves, and the stories of new headlines only."""
        must, cannot = _links(said)
        moves = regrouping.moves(must=must, cannot=cannot)
        held = ((move.headline_id, self._open.window.get(move.headline_id)) for move in moves)
        before = {key: document.story for key, document in held if document}
        names = {move.story_id for move in moves}
        opened = {name for name in names if all(member.id in new for member in self._open.window.members(name))}
        return moves, before, opened

    def _move(
        self, moves: Sequence[Assignment], before: dict[HeadlineId, StoryId], now: datetime, store: Store
    ) -> None:
        """Save a slice of moves, except of headlines that another process has moved meanwhile."""
        with store.exclusively("group") as mine:
            if not mine or self._open.since is None:
                return
            self._open.reach(store, self._open.since)
            window = self._open.window
            held = ((move, window.get(move.headline_id)) for move in moves)
            still = [
                (move, document) for move, document in held if document and document.story == before.get(document.id)
            ]
            self._open.saved = store.save_assignments([move for move, _ in still], now)
            for move, document in still:
                document.score = move.score
                window.move(document, move.story_id)

    def _tell(self, moves: Sequence[Assignment], before: dict[HeadlineId, StoryId]) -> None:
        """Log the regrouping, and each story that it took apart: where its headlines went, and how many."""
        if not moves:
            return
        went = Counter((before[move.headline_id], move.story_id) for move in moves)
        split = [key for key in went if self._open.window.members(key[0])]
        for story, into in sorted(split):
            log.info("story_split", extra=fields(story=story, into=into, headlines=went[story, into]))
        merged = {story for story, _ in went} - {story for story, _ in split}
        log.info("regrouped", extra=fields(headlines=len(moves), stories_merged=len(merged), stories_split=len(split)))


def _take_in(regrouping: stories.Regrouping, headlines: Sequence[Headline], _: Store) -> None:
    regrouping.take_in(headlines)


def _before(at: datetime, span: timedelta) -> datetime:
    """`at` minus `span`, at least the first datetime there is: imported rows may say the year 1."""
    first = datetime.min.replace(tzinfo=at.tzinfo)
    return at - span if at - first > span else first


def _links(
    said: Iterable[Correction],
) -> tuple[list[tuple[HeadlineId, HeadlineId]], list[tuple[HeadlineId, HeadlineId]]]:
    """The must-links and the cannot-links of corrections."""
    said = tuple(said)
    return [(c.a, c.b) for c in said if c.must], [(c.a, c.b) for c in said if not c.must]
