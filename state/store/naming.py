"""Whether the secret keys belong to the data: the key that names chats and members does.

With another one every chat would be a stranger's, beside the data of before. So the installation's
own key keeps a fingerprint of it, written at the first start. Where there are data but no
fingerprint, as of earlier versions, one chat or member must be named by our key.
"""

from collections.abc import AsyncIterator
from typing import Any

from redis.asyncio import Redis, RedisCluster

from state.store import keys, wire
from state.store.encryption import Keyring, Unsealable
from state.store.records import Records

_FIELD = "naming"
_TRIED = 4  # chats of each shard, and members: some may be damaged


class OtherKey(Exception):
    """ENLACE_SECRET_KEYS: this is not the key of these data.

    The last key must be the one with which they began; newer ones stand before it. Set it again, or
    use an empty Redis or another ENLACE_DATA_DIR.
    """


class Naming:
    """The fingerprint of the key that names."""

    def __init__(self, redis: Redis | RedisCluster, keyring: Keyring, records: Records) -> None:
        """Use this Redis, with these keys."""
        self._redis = redis
        self._keyring = keyring
        self._records = records

    async def require(self) -> None:
        """Compare with the fingerprint; write it where there is none and nothing contradicts.

        Raises:
            OtherKey: the data were named by another key; nothing is written.
        """
        ours = self._keyring.digest("fingerprint").encode()
        theirs = await self._read()
        if theirs is None:
            named = {found async for found in self._try_data()} - {None}
            if named == {False}:
                raise OtherKey(_sentence())
            await self._redis.hsetnx(keys.meta(), _FIELD, ours)
            theirs = await self._read()
        if theirs != ours:
            raise OtherKey(_sentence())

    async def _read(self) -> bytes | None:
        return wire.blob(await self._redis.hget(keys.meta(), _FIELD))

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


def _sentence() -> str:
    return " ".join((OtherKey.__doc__ or "").split())
