"""A repeated query about an article is answered from the cache, and never with another version's answer."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from fakes_reader import World, backend, context, headline_by, story_with
from make import NOW
from serving import ask, serving
from wirekin.model import Member
from wirekin.web._endpoints import Present
from wirekin.web._headers import etag_of
from wirekin.web._memory import Memory
from wirekin.web._readers import Readers

TOLD = [story_with(Member(headline_by("Tanker seized in the strait", "Harbor", 2)))]
PATHS = frozenset({"/v1/related", "/embed/related"})


class Counted:
    """An application that counts its requests."""

    def __init__(self, size: int = 10) -> None:
        self.asked, self.size, self.broken, self.status = 0, size, False, 200

    async def __call__(self, scope, receive, send) -> None:
        self.asked += 1
        if self.broken:
            raise RuntimeError("down")
        body = b"%d" % self.asked + b" " * self.size
        headers = [(b"content-length", b"%d" % len(body)), (b"etag", etag_of(body).encode()), (b"x-mine", b"1")]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


class Cache:
    """A cache over a world, called as the server calls it."""

    def __init__(self, world: World, app: Counted, **more) -> None:
        self.app, self.context, self.readers = app, context(), Readers(backend(world), threads=1)
        present = Present(lambda: self.context, lambda: NOW)
        self.memory = Memory(app, paths=PATHS, present=present, **more)

    async def reply(
        self, query: str, path: str = "/v1/related", host: str = "a.example", method: str = "GET", **headers: str
    ):
        pairs = {"host": host, **headers}.items()
        scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "scheme": "http",
                 "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in pairs],
                 "app": SimpleNamespace(state=SimpleNamespace(readers=self.readers))}  # fmt: skip
        sent: list[dict] = []

        async def send(message) -> None:
            sent.append(message)

        await self.memory(scope, None, send)  # type: ignore[arg-type]
        return sent

    async def ask(self, query: str, **more: str) -> int:
        _, body = await self.reply(query, **more)
        return int(body["body"])


async def test_a_repeated_request_is_answered_without_a_query():
    world = World(stories=TOLD)
    cache = Cache(world, Counted(), recheck=3_600)
    first = await cache.reply("title=a")
    world.broken = RuntimeError("no query may come here")

    assert [await cache.reply("title=a") for _ in range(3)] == [first] * 3
    assert await cache.reply("title=a", method="HEAD") == first
    world.broken = None
    await cache.readers.close()


async def test_another_path_host_or_parameter_is_another_entry_of_the_cache():
    cache = Cache(World(), Counted(), recheck=3_600)
    answers = [await cache.ask("title=a"), await cache.ask("title=b"), await cache.ask("title=a&limit=5"),
               await cache.ask("title=a", path="/embed/related"), await cache.ask("title=a", host="b.example")]  # fmt: skip

    assert answers == [1, 2, 3, 4, 5]
    await cache.readers.close()


async def test_a_request_with_the_etag_of_a_cached_answer_is_304():
    cache = Cache(World(), Counted(), recheck=3_600)
    start, _ = await cache.reply("title=a")
    etag = dict(start["headers"])[b"etag"].decode()
    unchanged, nothing = await cache.reply("title=a", if_none_match=f'"other", W/{etag}')

    assert (unchanged["status"], nothing["body"]) == (304, b"")
    assert dict(unchanged["headers"]) == {b"etag": etag.encode(), b"x-mine": b"1"}
    assert (await cache.reply("title=a", if_none_match='"other"'))[0]["status"] == 200
    await cache.readers.close()


@pytest.mark.parametrize(
    "more", [{"path": "/v1/stories"}, {"method": "OPTIONS"}, {"method": "HEAD"}, {"method": "POST"}]
)
async def test_other_paths_and_methods_are_not_cached(more: dict[str, str]):
    cache = Cache(World(), Counted(), recheck=3_600)

    assert [await cache.ask("title=a", **more) for _ in range(3)] == [1, 2, 3]
    await cache.readers.close()


async def test_a_new_version_of_the_content_empties_the_cache():
    world = World()
    cache = Cache(world, Counted(), recheck=-1)
    before = [await cache.ask("title=a"), await cache.ask("title=a")]
    world.stories = TOLD

    assert (before, await cache.ask("title=a")) == ([1, 1], 2)
    await cache.readers.close()


async def test_an_answer_made_while_the_content_changed_is_not_cached():
    world = World()
    cache = Cache(world, Counted(), recheck=-1)
    slow = cache.app

    async def changing(scope, receive, send) -> None:
        await slow(scope, receive, send)
        if slow.asked == 1:
            world.stories = TOLD
            await cache.reply("title=b")

    cache.memory._app = changing
    assert [await cache.ask("title=a"), await cache.ask("title=a"), await cache.ask("title=a")] == [1, 3, 3]
    await cache.readers.close()


async def test_a_reload_of_the_rules_empties_the_cache_at_once():
    cache = Cache(World(), Counted(), recheck=3_600)
    before = await cache.ask("title=a")
    cache.context = context()

    assert (before, await cache.ask("title=a")) == (1, 2)
    await cache.readers.close()


async def test_an_answer_that_a_reload_overtook_is_not_cached():
    cache = Cache(World(), Counted(), recheck=3_600)
    slow = cache.app

    async def reloading(scope, receive, send) -> None:
        await slow(scope, receive, send)
        if slow.asked == 1:
            cache.context = context()
            await cache.reply("title=b")

    cache.memory._app = reloading
    assert [await cache.ask("title=a"), await cache.ask("title=a"), await cache.ask("title=a")] == [1, 3, 3]
    await cache.readers.close()


async def test_a_failure_is_not_cached():
    cache = Cache(World(), Counted(), recheck=3_600)
    cache.app.broken = True
    with pytest.raises(RuntimeError):
        await cache.ask("title=a")
    cache.app.broken, cache.app.status = False, 400

    assert [await cache.ask("title=a"), await cache.ask("title=a")] == [2, 3]
    await cache.readers.close()


async def test_the_least_recently_used_answers_are_dropped_beyond_the_byte_limit():
    cache = Cache(World(), Counted(size=10_000), recheck=3_600, most=25_000)
    await cache.ask("title=a")
    await cache.ask("title=b")
    await cache.ask("title=a")
    await cache.ask("title=c")
    kept = (await cache.ask("title=a"), await cache.ask("title=b"))
    await cache.ask("title=" + "d" * 24_000)

    assert kept == (1, 4)
    assert cache.memory._bytes <= 25_000
    await cache.readers.close()


def test_a_cached_answer_equals_the_first_one_with_every_header_and_is_counted():
    held = context()
    with serving(World(stories=TOLD), current=lambda: held) as address:
        path = "/v1/related?title=tanker+strait"
        made, kept = ask(address, path), ask(address, path)
        head, unchanged = ask(address, path, "HEAD"), ask(address, path, if_none_match=made.headers["etag"])
        counted = ask(address, "/metrics").text

    without_date = [
        {name: value for name, value in one.headers.items() if name != "date"} for one in (made, kept, head)
    ]
    assert without_date[0] == without_date[1] == without_date[2]
    assert (kept.body, head.body) == (made.body, b"")
    assert (unchanged.status, unchanged.body) == (304, b"")
    assert (
        without_date[0].items() >= {name: value for name, value in unchanged.headers.items() if name != "date"}.items()
    )
    assert 'wirekin_http_requests_total{method="GET",route="/v1/related",status="304"}' in counted
