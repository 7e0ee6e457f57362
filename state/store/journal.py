"""The journal of each chat: what was said and what happened, encrypted, in order."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec
from redis.asyncio import Redis, RedisCluster

from state.journal import Entry, Kind
from state.messages.staff import Note
from state.store import codec, keys, wire
from state.store.append_only_file import NOTE_ERASURE
from state.store.encryption import Keyring, Unsealable

_RECENT = 8  # entries to search for the last one that somebody said


class Journal:
    """The journals of all chats."""

    def __init__(self, redis: Redis | RedisCluster, keyring: Keyring) -> None:
        """Use this Redis, with these keys."""
        self._redis = redis
        self._keyring = keyring

    def seal(self, key: str, entry: Entry) -> bytes:
        """Encrypt an entry for a script to append."""
        return self._keyring.seal(codec.encode(entry), place=f"log:{key}")

    async def read(self, key: str, *, after: str = "", limit: int = 200) -> list[Entry]:
        """Read entries, oldest first: those after an entry's id, or else the last `limit`."""
        name = keys.name_key("log", key)
        if after:
            lines = wire.lines(await self._redis.xrange(name, min=f"({after}", count=limit))
        else:
            lines = wire.lines(await self._redis.xrevrange(name, count=limit))[::-1]
        return [self._open(key, line) for line in lines]

    async def erase(self, key: str) -> None:
        """Erase the entries so far, and what the audit says of the chat; numbering continues."""
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.xtrim(keys.name_key("log", key), maxlen=0, approximate=False)
            pipe.hdel(keys.name_key("chat", key), "said")
            pipe.delete(keys.name_key("reasons", key))
            pipe.execute_command(*NOTE_ERASURE)
            await pipe.execute()

    async def last(self, chats: Sequence[str]) -> list[Entry | None]:
        """Return, for each chat, the last entry that somebody said."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for key in chats:
                pipe.xrevrange(keys.name_key("log", key), count=_RECENT)
            answers = await pipe.execute()
        return [
            next((e for e in (self._open(key, x) for x in lines) if e.kind is not Kind.NOTE), None)
            for key, lines in zip(chats, answers, strict=True)
        ]

    def _open(self, key: str, line: wire.Line) -> Entry:
        """Open an entry; one that does not open says so in its place."""
        id_ = line[0].decode()
        try:
            entry = codec.entry(self._keyring.open(line[1][b"e"], place=f"log:{key}"))
        except (Unsealable, msgspec.MsgspecError):
            at = int(id_.partition("-")[0])
            entry = Entry(kind=Kind.NOTE, at=at, text=Note.UNREADABLE)
        return replace(entry, id=id_)
