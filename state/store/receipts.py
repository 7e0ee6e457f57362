"""Receipts: how far each message of ours got, as its vendor reports, in any order and repeatedly.

A message in doubt is settled by a receipt with our own id of it.
"""

import re
from enum import IntEnum

import structlog
from redis.asyncio import Redis, RedisCluster

from state.store import keys, wire
from state.store.encryption import Keyring, Unsealable
from state.store.pipeline import Pipeline

_log = structlog.get_logger("enlace.store")

_TRACKING = re.compile(r"([a-z2-7]{26})\.(\d{1,15})")
KEPT_FOR = 8 * 24 * 3600_000
"""Milliseconds for which receipts are kept (`scripts/note.lua`)."""

_PLACED = 24 * 3600  # seconds for which the id of "one moment" is remembered


class Reach(IntEnum):
    """How far a message got; a later receipt of a lesser reach changes nothing."""

    SENT = 1
    FAILED = 2
    DELIVERED = 3
    READ = 4


class UnknownTracking(Exception):
    """A receipt that names no message of ours."""


class Receipts:
    """The receipts of all chats."""

    def __init__(self, redis: Redis | RedisCluster, pipeline: Pipeline, keyring: Keyring) -> None:
        """Use this Redis, with these keys."""
        self._redis = redis
        self._pipeline = pipeline
        self._keyring = keyring
        self._note = pipeline.script("note")

    async def note(
        self, tracking: str, reach: Reach, *, billed: str, now: int, cause: str = ""
    ) -> bool:
        """Record a receipt; true if it adds to those before it. `cause` is the vendor's code.

        Raises:
            Stray: it names no message of ours.
        """
        key, seq = parse_tracking(tracking)
        shard = keys.shard_of(key)
        (answer,) = await self._pipeline.ask(self._note.call(
            keys=[
                shard.key(f"receipts:{key}"), shard.key(f"out:{key}"), shard.key("odue"),
                shard.key("oown"), shard.key("stats"), shard.key("bell"), shard.key("feed"),
            ],
            args=[key, seq, int(reach), billed, now, cause],
        ))  # fmt: skip
        return bool(answer == b"NEW")

    async def reach(self, key: str, seq: int) -> Reach | None:
        """Return how far an effect's message got; None if no receipt came."""
        (noted,) = await self._pipeline.ask(("HGET", keys.name_key("receipts", key), seq))
        return None if noted is None else Reach(int(noted.split(b"|")[0]))

    async def remember(self, key: str, number: int, message: str) -> None:
        """Remember the vendor's id of a message that another one will replace."""
        plain = f"{number}|{message}".encode()
        sealed = self._keyring.seal(plain, place=f"progress:{key}")
        await self._redis.set(keys.name_key("progress", key), sealed, ex=_PLACED)

    async def recall(self, key: str, number: int) -> str:
        """Return the vendor's id of that message; empty if unknown, or it does not open."""
        sealed = wire.blob(await self._redis.get(keys.name_key("progress", key)))
        if sealed is None:
            return ""
        try:
            plain = self._keyring.open(sealed, place=f"progress:{key}").decode()
        except Unsealable:  # a new message is sent instead
            _log.error("progress.unreadable", chat=key)
            return ""
        kept, _, message = plain.partition("|")
        return message if kept == str(number) else ""


def tracking(key: str, seq: int) -> str:
    """Name an effect of a chat for its vendor, who may return the name."""
    return f"{key}.{seq}"


def parse_tracking(name: str) -> tuple[str, int]:
    """Parse such a name: the chat's key and the effect's number.

    Raises:
        Stray: it is not one.
    """
    match = _TRACKING.fullmatch(name)
    if match is None:
        raise UnknownTracking
    return match[1], int(match[2])
