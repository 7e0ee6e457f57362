"""The audit of the installation: one stream, every entry sealed, kept for two years.

The log names each entry by digests only. What is said of a chat (a reason, a service's number)
lies beside the chat, under the entry's token, and goes when the chat or its journal is erased; the
entry itself names the chat by its digest. Ids and the two years are of Redis's clock.
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace

import msgspec
import structlog
from redis.asyncio import Redis, RedisCluster
from redis.exceptions import RedisError

from state.audit import UNREADABLE, AuditEntry, AuditFilter, Result
from state.store import keys, wire
from state.store.encryption import Keyring, Unsealable
from state.store.pipeline import Pipeline

PLACE = "audit"
"""The place of every entry."""

_log = structlog.get_logger("enlace.audit")

_KEPT = 2 * 366 * 24 * 3600  # seconds
_TOKEN = 12  # bytes
_SLICE, _SLICES = 250, 20  # entries read at a time, and how often for one search


class _Stored(msgspec.Struct, frozen=True, array_like=True):
    """An entry as it is sealed; of one about a chat, `more` and `reason` lie with the chat."""

    at: int
    act: str
    actor: str
    result: Result
    about: str
    more: tuple[str, ...]
    reason: str
    address: str
    count: int
    token: str


class _Beside(msgspec.Struct, frozen=True, array_like=True):
    """What lies with a chat."""

    more: tuple[str, ...]
    reason: str


class Audit:
    """Who did what."""

    def __init__(self, redis: Redis | RedisCluster, pipeline: Pipeline, keyring: Keyring) -> None:
        """Use this Redis, with these keys."""
        self._redis = redis
        self._pipeline = pipeline
        self._keyring = keyring
        self._keep_reason = pipeline.script("keep_reason")

    async def note(self, entry: AuditEntry) -> None:
        """Append an entry and log it; those older than two years are dropped.

        Raises:
            RedisError: it is not kept, so what it tells of must not be done.
        """
        try:
            await self._append(entry)
        except RedisError:
            _log.error("audit.not_written", **self._describe(entry))
            raise
        if entry.result is Result.DONE:
            _log.info("audit.noted", **self._describe(entry))
        else:
            _log.warning("audit.refused", **self._describe(entry))

    async def attempt(self, entry: AuditEntry) -> bool:
        """Append an entry of something that is refused anyhow; tell whether it is kept."""
        try:
            await self.note(entry)
        except RedisError:
            return False
        return True

    async def read(self, *, before: str = "", limit: int = 100) -> list[AuditEntry]:
        """Read entries, newest first: those before an entry's id, or else the newest."""
        newest = f"({before}" if before else "+"
        lines = wire.lines(await self._redis.xrevrange(keys.audit(), max=newest, count=limit))
        found = [self._open(line) for line in lines]
        wanted = [(entry.chat, token) for entry, token in found if token]
        beside = dict(zip(wanted, await self._read_beside(wanted), strict=True))
        return [
            _complete(entry, beside[entry.chat, token]) if token else entry
            for entry, token in found
        ]

    async def find(
        self, wanted: AuditFilter, *, before: str = "", limit: int = 50
    ) -> tuple[list[AuditEntry], str]:
        """Find entries, newest first, and where to go on: an id, or "" at the end.

        A call looks through so many entries at most: it may find fewer than there are.
        """
        found: list[AuditEntry] = []
        for _ in range(_SLICES):
            entries = await self.read(before=before, limit=_SLICE)
            for entry in entries:
                if len(found) == limit:
                    return found, before
                before = entry.id
                found += [entry] if wanted.matches(entry) else []
            if len(entries) < _SLICE:
                return found, ""
        return found, before

    async def _append(self, entry: AuditEntry) -> None:
        token = await self._put_beside(entry)
        beside = bool(entry.chat)
        stored = _Stored(
            at=entry.at, act=entry.act, actor=entry.actor, result=entry.result, about=entry.about,
            more=() if beside else entry.more, reason="" if beside else entry.reason,
            address=entry.address, count=entry.count, token=token,
        )  # fmt: skip
        sealed = self._keyring.seal(msgspec.msgpack.encode(stored), place=PLACE)
        id_ = wire.blob(await self._redis.xadd(keys.audit(), {"e": sealed})) or b"0"
        oldest = max(0, int(id_.partition(b"-")[0]) - _KEPT * 1000)
        await self._redis.xtrim(keys.audit(), minid=f"{oldest}", approximate=False)

    async def _put_beside(self, entry: AuditEntry) -> str:
        """Keep what is said of a chat with it; return the token under which it lies, or ""."""
        if not entry.chat or not (entry.more or entry.reason):
            return ""
        token = secrets.token_urlsafe(_TOKEN)
        said = _Beside(more=entry.more, reason=entry.reason)
        sealed = self._keyring.seal(
            msgspec.msgpack.encode(said), place=place_of_reason(entry.chat, token)
        )
        names = [keys.name_key("chat", entry.chat), keys.name_key("reasons", entry.chat)]
        await self._pipeline.ask(self._keep_reason.call(names, [token, sealed, _KEPT]))
        return token

    async def _read_beside(self, wanted: Sequence[tuple[str, str]]) -> list[_Beside | None]:
        """Read what lies with chats, by chat and token; None where it was erased."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for chat, token in wanted:
                pipe.hget(keys.name_key("reasons", chat), token)
            answers = await pipe.execute() if wanted else []
        return [
            self._open_beside(chat, token, sealed)
            for (chat, token), sealed in zip(wanted, answers, strict=True)
        ]

    def _open(self, line: wire.Line) -> tuple[AuditEntry, str]:
        """Open an entry, with its token; one that does not open says so in its place."""
        id_ = line[0].decode()
        try:
            raw = self._keyring.open(line[1][b"e"], place=PLACE)
            stored = msgspec.msgpack.decode(raw, type=_Stored)
        except (Unsealable, msgspec.MsgspecError):
            at = int(id_.partition("-")[0])
            return AuditEntry(at=at, act=UNREADABLE, actor="", id=id_), ""
        told = msgspec.structs.asdict(stored)
        token = told.pop("token")
        return AuditEntry(**told, id=id_), token

    def _open_beside(self, chat: str, token: str, sealed: bytes | None) -> _Beside | None:
        if sealed is None:
            return None
        try:
            raw = self._keyring.open(sealed, place=place_of_reason(chat, token))
            return msgspec.msgpack.decode(raw, type=_Beside)
        except (Unsealable, msgspec.MsgspecError):
            return None

    def _describe(self, entry: AuditEntry) -> dict[str, str | int]:
        """Describe an entry for the log: no name, no address, no reason."""
        kind, _, about = entry.about.partition(":")
        program = entry.actor.startswith("api:")
        told = {
            "program": entry.actor if program else "",
            "member": "" if program else self._shorten(entry.actor),
            "source": self._shorten(entry.address),
            "chat": entry.chat,
            "service_id": about if kind == "service" else "",
            "whom": self._shorten(about) if kind == "member" else "",
        }
        named = {name: value for name, value in told.items() if value}
        return {"act": entry.act, "result": entry.result.value, "count": entry.count, **named}

    def _shorten(self, value: str) -> str:
        """Name a member or an address where neither may stand; the same one each time."""
        return self._keyring.reference(f"log:{value.casefold()}") if value else ""


def place_of_reason(chat: str, token: str) -> str:
    """Return the place of what lies with a chat."""
    return f"reasons:{chat}:{token}"


def _complete(entry: AuditEntry, beside: _Beside | None) -> AuditEntry:
    return replace(entry, more=beside.more, reason=beside.reason) if beside else entry
