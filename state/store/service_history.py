"""The history of services: their chats, who tried them, and when they were changed through us.

The limits of `state.objections` are checked against it. Every entry is named by its cause, so that
an effect performed twice is recorded once.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from state.fields.table import Field
from state.store import keys, wire
from state.store.encryption import Keyring
from state.store.pipeline import Pipeline

_LIFE = 400 * 24 * 3600  # seconds after the last entry

_CHAT, _HOLDER, _TRIED, _SERVICE, _WRITTEN = "c", "h", "t", "s", "w"
_CHANGED = {field: field.value for field in Field} | {Field.DOCUMENT: "d", Field.PHONE: "p"}
"""The kinds of the entries: one for each field that was changed."""


@dataclass(frozen=True, slots=True)
class History:
    """What happened to a service: names (of chats, of effects) and when (ms).

    Attributes:
        holders: those of the chats that possessed the service when they were linked.
        written: the programs that wrote it, and by when (ms) the last write of each was done.
    """

    chats: dict[str, int] = field(default_factory=dict)
    holders: dict[str, int] = field(default_factory=dict)
    tried: dict[str, int] = field(default_factory=dict)
    changed: dict[Field, dict[str, int]] = field(default_factory=dict)
    written: dict[str, int] = field(default_factory=dict)

    def of(self, field: Field) -> dict[str, int]:
        """Tell what changed a field, and when."""
        return self.changed.get(field, {})


class ServiceHistory:
    """The histories of all services."""

    def __init__(self, pipeline: Pipeline, keyring: Keyring) -> None:
        """Share these round trips."""
        self._pipeline = pipeline
        self._keyring = keyring

    async def history(self, service: int) -> History:
        """Read what happened to a service."""
        read = await self._read(self._service(service))
        changed = {field: _of(read, kind) for field, kind in _CHANGED.items()}
        return History(
            chats=_of(read, _CHAT),
            holders=_of(read, _HOLDER),
            tried=_of(read, _TRIED),
            changed=changed,
            written=_of(read, _WRITTEN),
        )

    async def services(self, chat: str) -> int:
        """Count the services that a chat (its key) belongs to."""
        return len(_of(await self._read(chat), _SERVICE))

    async def note_link(
        self,
        service: int,
        chat: str,
        changed: Collection[Field],
        *,
        possesses: bool = False,
        id: str,  # noqa: A002  # it is called so everywhere
        now: int,
    ) -> None:
        """Record that a chat belongs to a service, and what was changed under that id."""
        digest = self._service(service)
        entries = [f"{_CHAT}:{chat}", *_name_changes(chat, changed, id=id)]
        entries += [f"{_HOLDER}:{chat}"] if possesses else []
        await self._write(digest, dict.fromkeys(entries, now))
        await self._write(chat, {f"{_SERVICE}:{digest}": now})

    async def note_change(
        self,
        service: int,
        chat: str,
        changed: Collection[Field],
        *,
        id: str,  # noqa: A002
        now: int,
    ) -> None:
        """Record what a chat changed, or tried to, without linking it."""
        changes = _name_changes(chat, changed, id=id)
        await self._write(self._service(service), dict.fromkeys(changes, now))

    async def note_attempt(self, service: int, chat: str, *, now: int) -> None:
        """Record that a chat failed to prove that a service is its own."""
        await self._write(self._service(service), {f"{_TRIED}:{chat}": now})

    async def note_write(self, service: int, program: str, *, by: int) -> None:
        """Record that a program writes a service, and by when (ms) that is done."""
        await self._write(self._service(service), {f"{_WRITTEN}:{program}": by})

    async def note_unlink(self, service: int, chat: str) -> None:
        """Record that a chat no longer belongs to a service; its changes remain."""
        digest = self._service(service)
        await self._pipeline.ask(
            ("HDEL", keys.name_key("ledger", digest), f"{_CHAT}:{chat}", f"{_HOLDER}:{chat}"),
            ("HDEL", keys.name_key("ledger", chat), f"{_SERVICE}:{digest}"),
        )

    async def _read(self, digest: str) -> dict[str, int]:
        (read,) = await self._pipeline.ask(("HGETALL", keys.name_key("ledger", digest)))
        return {name.decode(): int(at) for name, at in wire.pairs(read).items()}

    async def _write(self, digest: str, entries: dict[str, int]) -> None:
        name = keys.name_key("ledger", digest)
        flat = [part for entry in entries.items() for part in entry]
        await self._pipeline.ask(("HSET", name, *flat), ("EXPIRE", name, _LIFE))

    def _service(self, service: int) -> str:
        return self._keyring.digest(f"ledger:service:{service}")


def _name_changes(chat: str, changed: Collection[Field], *, id: str) -> list[str]:  # noqa: A002
    return [f"{_CHANGED[field]}:{chat}:{id}" for field in changed]


def _of(read: dict[str, int], kind: str) -> dict[str, int]:
    return {
        name.partition(":")[2]: at for name, at in read.items() if name.partition(":")[0] == kind
    }
