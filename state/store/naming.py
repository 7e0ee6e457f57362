"""Whether the secret keys belong to the data: the key that names chats and members does.

With another one every chat would be a stranger's, beside the data of before. So the installation's
own key keeps a fingerprint of it, written at the first start. Where there are data but no
fingerprint, as of earlier versions, one chat or member must be named by our key.
"""

from collections.abc import AsyncIterator
from typing import Any

from redis.asyncio import Redis, RedisCluster

from state.store import keys, wire
from state.store.connection import NAMING, OtherKey, connect_anew
from state.store.encryption import Keyring, Unsealable
from state.store.pipeline import Pipeline
from state.store.records import Records

_TRIED = 4  # chats of each shard, and members: some may be damaged


class Naming:
    """The fingerprint of the key that names."""

    def __init__(
        self, redis: Redis | RedisCluster, pipeline: Pipeline, keyring: Keyring, records: Records
    ) -> None:
        """Use this Redis, with these keys; with others' data the pipeline is barred."""
        self._redis = redis
        self._pipeline = pipeline
        self._keyring = keyring
        self._records = records

    @property
    def ours(self) -> bytes:
        """The fingerprint of our key."""
        return self._keyring.digest("fingerprint").encode()

    async def require(self) -> bool:
        """Compare with the fingerprint; true if there was none, nothing contradicts, and it stands.

        Raises:
            OtherKey: the data were named by another key; nothing is written, now or later, until
                this is asked again and they are ours.
        """
        theirs = await self._read()
        absent = theirs is None
        if absent and {found async for found in self._try_data()} - {None} != {False}:
            await self._redis.hsetnx(keys.meta(), NAMING, self.ours)
            theirs = await self._read()
        if theirs != self.ours:
            self._pipeline.barred = True
            if isinstance(self._redis, Redis):
                await connect_anew(self._redis.connection_pool)  # each is greeted anew
            raise OtherKey
        self._pipeline.barred = False
        return absent

    async def _read(self) -> bytes | None:
        return wire.blob(await self._redis.hget(keys.meta(), NAMING))

    async def _try_data(self) -> AsyncIterator[bool | None]:
        """Tell of some chats and members whether our key named them."""
        for shard in keys.ALL:
            chats: Any = await self._redis.zrevrange(shard.key("idle"), 0, _TRIED - 1)
            for chat in chats:
                yield await self._names_chat(chat.decode())
        members: Any = await self._redis.smembers(keys.users())
        for member in sorted(members)[:_TRIED]:
            yield await self._names_member(member.decode())

    async def _names_chat(self, key: str) -> bool | None:
        found = await self._redis.hmget(keys.name_key("chat", key), "v", "st")
        version, sealed = wire.blobs(found)
        if sealed is None:
            return None  # erased
        try:
            conversation = self._records.open(key, sealed, version=wire.number(version))
        except Unsealable:
            return False
        return self._keyring.digest(str(conversation.chat)) == key

    async def _names_member(self, digest: str) -> bool | None:
        sealed = wire.blob(await self._redis.hget(keys.name_key("user", digest), "name"))
        if sealed is None:
            return None
        try:
            name = self._keyring.open(sealed, place=f"user:{digest}").decode()
        except Unsealable:
            return False
        return self._keyring.digest(f"staff:{name.strip().casefold()}") == digest
