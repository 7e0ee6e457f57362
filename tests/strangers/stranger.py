"""A stranger: what is named and said, and what the phone shows after each message."""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from tests.waiting import HUNG


class Way(StrEnum):
    """By what a service is looked for, as the button says it."""

    SERVICE = "número de servicio"
    DOCUMENT = "mi cédula"
    NAME = "datos de mi factura"


class Kind(StrEnum):
    """What a phone shows."""

    TYPING = "typing"
    MESSAGE = "message"
    EDIT = "edit"


class Sign(NamedTuple):
    """Something that a phone showed; `after` seconds after the stranger's last message."""

    after: float
    kind: Kind
    words: str


_HELLO = ("hola", "empezar", "sí, autorizo", "prefiero no hacerlo")
_WRONG = ("Carrera 1 # 2-3", "Plan 50MB", "61000")
_NOBODY = "Zacarías Zubiría"
_PAUSE = (0.3, 1.6)  # seconds in which a message is written: some are faster than a chat's gate


@dataclass(kw_only=True)
class Stranger:
    """One chat of somebody who guesses.

    Attributes:
        named: what is named; `exists` tells whether it is there.
        shown: what the phone showed after each message, beginning with the one that names.
    """

    channel: str
    way: Way
    named: str
    exists: bool
    chat: str = ""
    shown: list[list[Sign]] = field(default_factory=list)
    _since: float = 0.0
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def notice(self, kind: Kind, words: str = "") -> None:
        """Note what the phone shows now."""
        self.shown[-1].append(Sign(time.perf_counter() - self._since, kind, words))
        self._news.set()

    async def guess(self, write: Callable[[str], None], chance: random.Random) -> None:
        """Name something, say facts that are wrong, and read the answer."""
        for text in (*_HELLO, self.way):
            await self._say(write, text, chance)
        facts = (self.named, *_WRONG) if self.way is Way.NAME else (self.named, _NOBODY, *_WRONG)
        for text in facts[:-1]:
            await self._say(write, text, chance)
        await self._say(write, facts[-1], chance, answers=2)
        del self.shown[: len(_HELLO) + 1]  # what came before is the same for everybody

    async def _say(
        self,
        write: Callable[[str], None],
        text: str,
        chance: random.Random,
        *,
        answers: int = 1,
    ) -> None:
        """Write a message, and wait until it is answered."""
        await asyncio.sleep(chance.uniform(*_PAUSE))
        self.shown.append([])
        self._since = time.perf_counter()
        write(text)
        async with asyncio.timeout(HUNG):
            while sum(sign.kind is not Kind.TYPING for sign in self.shown[-1]) < answers:
                self._news.clear()
                await self._news.wait()
