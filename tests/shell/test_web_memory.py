"""A repeated question about an article is answered from memory, and never with an answer of another version."""

from __future__ import annotations

import pytest

from fakes_reader import World, backend, context, said, told
from wirekin.model import Member
from wirekin.web._context import Answer, Ask
from wirekin.web._memory import Memory
from wirekin.web._readers import Readers

TOLD = [told(Member(said("Tanker seized in the strait", "Harbor", 2)))]


class Counted:
    """A `Show` that counts how often it is asked."""

    def __init__(self, size: int = 10) -> None:
        self.asked, self.size, self.broken = 0, size, False

    def __call__(self, reader, ask: Ask) -> Answer:
        self.asked += 1
        if self.broken:
            raise RuntimeError("down")
        return Answer(b"%d" % self.asked + b" " * self.size)


class Desk:
    """A memory over a world, asked as the web asks it."""

    def __init__(self, world: World, show: Counted, **more) -> None:
        self.show, self.context = show, context()
        self.readers, self.memory = Readers(backend(world), threads=1), Memory(**more)

    async def ask(self, path: str = "/v1/related", base: str = "http://a.example", **params: str) -> int:
        ask = Ask(self.context, base, path, params, {}, None)  # type: ignore[arg-type]
        return int((await self.memory.answer(self.show, self.readers, ask)).body)


async def test_a_repeated_question_costs_no_query():
    world = World(stories=TOLD)
    desk = Desk(world, Counted(), recheck=3_600)
    first = await desk.ask(title="a", limit="5")
    world.broken = RuntimeError("no query may come here")

    assert [await desk.ask(limit="5", title="a") for _ in range(3)] == [first] * 3
    world.broken = None
    await desk.readers.close()


async def test_another_path_address_or_parameter_is_another_question():
    desk = Desk(World(), Counted(), recheck=3_600)
    answers = [await desk.ask(title="a"), await desk.ask(title="b"), await desk.ask(title="a", limit="5"),
               await desk.ask("/embed/related", title="a"), await desk.ask(base="http://b.example", title="a")]  # fmt: skip

    assert answers == [1, 2, 3, 4, 5]
    await desk.readers.close()


async def test_a_new_version_of_the_content_is_seen_and_every_old_answer_forgotten():
    world = World()
    desk = Desk(world, Counted(), recheck=-1)
    before = [await desk.ask(title="a"), await desk.ask(title="a")]
    world.stories = TOLD

    assert (before, await desk.ask(title="a")) == ([1, 1], 2)
    await desk.readers.close()


async def test_a_reload_of_the_rules_is_seen_at_once():
    desk = Desk(World(), Counted(), recheck=3_600)
    before = await desk.ask(title="a")
    desk.context = context()

    assert (before, await desk.ask(title="a")) == (1, 2)
    await desk.readers.close()


async def test_a_failure_is_not_kept():
    desk = Desk(World(), Counted(), recheck=3_600)
    desk.show.broken = True
    with pytest.raises(RuntimeError):
        await desk.ask(title="a")
    desk.show.broken = False

    assert await desk.ask(title="a") == 2
    await desk.readers.close()


async def test_the_longest_unused_answers_go_where_there_are_too_many_bytes():
    desk = Desk(World(), Counted(size=100), recheck=3_600, most=250)
    await desk.ask(title="a")
    await desk.ask(title="b")
    await desk.ask(title="a")
    await desk.ask(title="c")

    assert (await desk.ask(title="a"), await desk.ask(title="b")) == (1, 4)
    await desk.readers.close()
