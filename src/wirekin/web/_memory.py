"""Answers kept as bytes for one version of the content, so that a repeated question costs no query."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Final

from wirekin.web._context import Answer, Ask, Show, WebContext
from wirekin.web._readers import Readers

MAX_BYTES: Final = 32 * 1024 * 1024  # of bodies: some 6,000 footers of six items
RECHECK_SECONDS: Final = 1.0  # how long the version is believed; caches outside may keep an answer for a minute anyway

_Key = tuple[str, str, tuple[tuple[str, str], ...]]


class Memory:
    """The answers of one version and one configuration; the longest unused go first. Lives in the event loop."""

    def __init__(self, *, recheck: float = RECHECK_SECONDS, most: int = MAX_BYTES) -> None:
        self._recheck, self._most = recheck, most
        self._answers: OrderedDict[_Key, Answer] = OrderedDict()
        self._bytes = 0
        self._version: int | None = None
        self._asked_at = float("-inf")
        self._rules: tuple[object, ...] = ()

    async def answer(self, show: Show, readers: Readers, ask: Ask) -> Answer:
        """What `show` answers, from memory where it has answered this already.

        Raises: whatever `show` raises; a failure is not kept.
        """
        version = await self._current(readers, ask.context)
        key = (ask.path, ask.base_url, tuple(sorted(ask.params.items())))
        kept = self._answers.get(key)
        if kept is not None:
            self._answers.move_to_end(key)
            return kept
        made = await readers.run(lambda reader: show(reader, ask))
        # Where the content changed meanwhile, this may be of either version: it is given, and not kept.
        if version == self._version:
            self._keep(key, made)
        return made

    async def _current(self, readers: Readers, context: WebContext) -> int | None:
        now = asyncio.get_running_loop().time()
        if now - self._asked_at > self._recheck:
            version = await readers.run(lambda reader: reader.version())
            self._asked_at = now
            if version != self._version:
                self._forget()
                self._version = version
        rules = (context.rules.topics, context.rules.directory, context.topics, context.keep, context.version)
        if len(rules) != len(self._rules) or any(one is not kept for one, kept in zip(rules, self._rules, strict=True)):
            self._forget()
            self._rules = rules
        return self._version

    def _forget(self) -> None:
        self._answers.clear()
        self._bytes = 0

    def _keep(self, key: _Key, answer: Answer) -> None:
        old = self._answers.pop(key, None)
        self._bytes += len(answer.body) - (len(old.body) if old else 0)
        self._answers[key] = answer
        while self._bytes > self._most:
            _, dropped = self._answers.popitem(last=False)
            self._bytes -= len(dropped.body)
