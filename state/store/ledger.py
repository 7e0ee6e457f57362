"""The history of services: their chats, who tried them, and when they were changed through us.

The limits of `state.stays` are checked against it. Every entry is named by its cause, so that an
effect performed twice is recorded once.
"""

from dataclasses import dataclass, field

from state.client import Changes
from state.store import keys, wire
from state.store.encryption import Keyring
from state.store.rounds import Rounds

_LIFE = 400 * 24 * 3600  # seconds after the last entry

_CHAT, _TRIED, _DOCUMENT, _PHONE, _SERVICE = "c", "t", "d", "p", "s"


@dataclass(frozen=True, slots=True)
class History:
    """What happened to a service: names (of chats, of effects) and when (ms)."""

    chats: dict[str, int] = field(default_factory=dict)
    tried: dict[str, int] = field(default_factory=dict)
    documents: dict[str, int] = field(default_factory=dict)
    phones: dict[str, int] = field(default_factory=dict)


class Ledger:
    """The histories of all services."""

    def __init__(self, rounds: Rounds, keyring: Keyring) -> None:
        """Share these round trips."""
        self._rounds = rounds
        self._keyring = keyring

    async def history(self, service: int) -> History:
        """Read what happened to a service."""
        read = await self._read(self._service(service))
        of = {kind: _of(read, kind) for kind in (_CHAT, _TRIED, _DOCUMENT, _PHONE)}
        return History(of[_CHAT], of[_TRIED], of[_DOCUMENT], of[_PHONE])

    async def services(self, chat: str) -> int:
        """Count the services that a chat (its key) belongs to."""
        return len(_of(await self._read(chat), _SERVICE))

    async def linked(
        self,
        service: int,
        chat: str,
        changes: Changes,
        *,
        id: str,  # noqa: A002  # it is called so everywhere
        now: int,
    ) -> None:
        """Record that a chat belongs to a service, and what was changed under that id."""
        named = self._service(service)
        entries = {f"{_CHAT}:{chat}": now}
        if changes.document is not None:
            entries[f"{_DOCUMENT}:{chat}:{id}"] = now
        if changes.phone is not None:
            entries[f"{_PHONE}:{chat}:{id}"] = now
        await self._write(named, entries)
        await self._write(chat, {f"{_SERVICE}:{named}": now})

    async def tried(self, service: int, chat: str, *, now: int) -> None:
        """Record that a chat failed to prove that a service is its own."""
        await self._write(self._service(service), {f"{_TRIED}:{chat}": now})

    async def unlinked(self, service: int, chat: str) -> None:
        """Record that a chat no longer belongs to a service; its changes remain."""
        named = self._service(service)
        await self._rounds.ask(
            ("HDEL", keys.keyed("ledger", named), f"{_CHAT}:{chat}"),
            ("HDEL", keys.keyed("ledger", chat), f"{_SERVICE}:{named}"),
        )

    async def _read(self, named: str) -> dict[str, int]:
        (read,) = await self._rounds.ask(("HGETALL", keys.keyed("ledger", named)))
        return {name.decode(): int(at) for name, at in wire.pairs(read).items()}

    async def _write(self, named: str, entries: dict[str, int]) -> None:
        name = keys.keyed("ledger", named)
        flat = [part for entry in entries.items() for part in entry]
        await self._rounds.ask(("HSET", name, *flat), ("EXPIRE", name, _LIFE))

    def _service(self, service: int) -> str:
        return self._keyring.digest(f"ledger:service:{service}")


def _of(read: dict[str, int], kind: str) -> dict[str, int]:
    return {
        name.partition(":")[2]: at for name, at in read.items() if name.partition(":")[0] == kind
    }
