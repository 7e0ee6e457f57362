"""A walk over all chats: one process at a time, slice by slice, while all of them go on serving.

How far it came is written down, so whoever is killed is followed by another. Chats are walked in
the order of their last activity: whoever is active meanwhile is met at the end. Two walkers at
once, because a lease ended, must do no harm.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from state.store import keys, wire
from state.store.pipeline import Pipeline

_SLICE = 64  # chats; some milliseconds in which nothing else of this process happens
_LIFE = 20_000  # ms for which a walker is waited for


@dataclass(frozen=True, slots=True)
class _Place:
    """How far the walk came: a shard, and the time (ms) of the last activity in it."""

    shard: int = 0
    after: str = "-inf"


class Walk:
    """One walk, and the lease under which a process walks it."""

    def __init__(self, pipeline: Pipeline, *, field: str, number: int, token: str) -> None:
        """Write down how far it came in this field of the installation's key.

        What an earlier walk of another number wrote there is the beginning. `token` names this
        process's lease; there is one lease for all walks.
        """
        self._pipeline = pipeline
        self._field = field
        self._number = number
        self._token = token

    async def slice(self, carry: Callable[[list[str]], Awaitable[None]]) -> bool:
        """Carry the next chats forward; False if none are left."""
        (written,) = await self._pipeline.ask(("HGET", keys.meta(), self._field))
        place = self._read(written)
        if place.shard >= len(keys.ALL):
            return False
        chats, last = await self._next(place)
        await carry(chats)
        onwards = _Place(place.shard, last) if last else _Place(place.shard + 1)
        come = f"{self._number}|{onwards.shard}|{onwards.after}"
        await self._pipeline.ask(("HSET", keys.meta(), self._field, come))
        return True

    async def forget(self) -> None:
        """Forget how far it came."""
        await self._pipeline.ask(("HDEL", keys.meta(), self._field))

    async def leads(self) -> bool:
        """Take the lease, or keep it."""
        name = keys.name_key("lease", "walk")
        taken, holder = await self._pipeline.ask(
            ("SET", name, self._token, "NX", "PX", _LIFE), ("GET", name)
        )
        mine = bool(holder == self._token.encode())
        if mine and not taken:
            await self._pipeline.ask(("PEXPIRE", name, _LIFE))
        return mine

    async def step_down(self) -> None:
        """Give the lease up, if it is ours."""
        name = keys.name_key("lease", "walk")
        (holder,) = await self._pipeline.ask(("GET", name))
        if holder == self._token.encode():
            await self._pipeline.ask(("DEL", name))

    def _read(self, written: bytes | None) -> _Place:
        number, shard, after = (written or b"0|0|-inf").decode().split("|")
        return _Place(int(shard), after) if int(number) == self._number else _Place()

    async def _next(self, place: _Place) -> tuple[list[str], str]:
        """Give the next chats of a shard, and the time of the last; all of that time are given."""
        idle = keys.ALL[place.shard].key("idle")
        least = place.after if place == _Place(place.shard) else f"({place.after}"
        by = ("BYSCORE", "LIMIT", 0, _SLICE, "WITHSCORES")
        (answer,) = await self._pipeline.ask(("ZRANGE", idle, least, "+inf", *by))
        page = wire.parse_scores(answer)
        if not page:
            return [], ""
        last = f"{page[-1][1]:.0f}"
        (same,) = await self._pipeline.ask(("ZRANGE", idle, last, last, "BYSCORE"))
        chats = dict.fromkeys([*(chat for chat, _ in page), *same])
        return [chat.decode() for chat in chats], last
