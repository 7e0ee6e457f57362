"""The journal of each chat: what was said and what happened, encrypted, in order."""

from dataclasses import replace

import msgspec
from redis.asyncio import Redis, RedisCluster

from state.journal import Entry, Kind
from state.messages.staff import Note
from state.store import codec, keys, wire
from state.store.append_only_file import NOTE_ERASURE
from state.store.encryption import Keyring, Unsealable


class Journal:
    """The journals of all chats."""

    def __init__(self, redis: Redis | RedisCluster, keyring: Keyring) -> None:
        """Use this Redis, with these keys."""
        self._redis = redis
        self._keyring = keyring

    def seal(self, key: str, entry: Entry) -> bytes:
        """Encrypt an entry for a script to append."""
        return self._keyring.seal(codec.encode(entry), place=f"log:{key}")

    async def read(
        self, key: str, *, after: str = "", before: str = "", limit: int = 200
    ) -> list[Entry]:
        """Read entries, oldest first: those after an entry's id, or else the last `limit`.

        Those are the last of all, or the last before an entry's id.
        """
        name = keys.name_key("log", key)
        if after:
            lines = wire.lines(await self._redis.xrange(name, min=f"({after}", count=limit))
        else:
            end = f"({before}" if before else "+"
            lines = wire.lines(await self._redis.xrevrange(name, max=end, count=limit))[::-1]
        return [self._open(key, line) for line in lines]

    async def read_line(self, key: str, entry: str) -> list[Entry]:
        """Read the entry of that id; nothing if there is none."""
        name = keys.name_key("log", key)
        lines = wire.lines(await self._redis.xrange(name, min=entry, max=entry))
        return [self._open(key, line) for line in lines]

    async def follow(self, key: str, last: str, *, limit: int = 200) -> list[Entry] | None:
        """Read the entries after the last one that is known; None if that is not there any more.

        None too if there are more than `limit`: then what is known has to be read anew.
        """
        if not last:
            return await self.read(key, limit=limit)
        name = keys.name_key("log", key)
        lines = wire.lines(await self._redis.xrange(name, min=last, count=limit + 1))
        if not lines or lines[0][0].decode() != last or len(lines) > limit:
            return None
        return [self._open(key, line) for line in lines[1:]]

    async def erase(self, key: str) -> None:
        """Erase the entries so far, and what the audit says of the chat; numbering continues."""
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.xtrim(keys.name_key("log", key), maxlen=0, approximate=False)
            pipe.hdel(keys.name_key("chat", key), "said")
            pipe.delete(keys.name_key("reasons", key))
            pipe.execute_command(*NOTE_ERASURE)
            await pipe.execute()

    def _open(self, key: str, line: wire.Line) -> Entry:
        """Open an entry; one that does not open says so in its place."""
        id_ = line[0].decode()
        try:
            entry = codec.entry(self._keyring.open(line[1][b"e"], place=f"log:{key}"))
        except (Unsealable, msgspec.MsgspecError):
            at = int(id_.partition("-")[0])
            entry = Entry(kind=Kind.NOTE, at=at, text=Note.UNREADABLE)
        return replace(entry, id=id_)
