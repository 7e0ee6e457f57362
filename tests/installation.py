"""A whole installation of 0.1, put into a Redis as that version left it there."""

import json
from pathlib import Path
from typing import Any

import msgspec
from redis.asyncio import Redis, RedisCluster

from state.store.encryption import Keyring

KEYRING = Keyring((bytes(32),))
_FILE = Path(__file__).parent / "golden" / "0.1" / "installation.json"


def rows() -> list[dict[str, Any]]:
    """Read every key: its name, type, value, and the seconds that it lives."""
    read: list[dict[str, Any]] = json.loads(_FILE.read_text("utf-8"))
    return read


async def put_back(redis: Redis | RedisCluster) -> None:
    """Put every key where 0.1 had it, with what was sealed sealed for the place of that time."""
    async with redis.pipeline(transaction=False) as pipe:
        for row in rows():
            for command in _commands(row["key"], row["type"], row["value"]):
                pipe.execute_command(*command)
            if "seconds" in row:
                pipe.expire(row["key"], row["seconds"])
        await pipe.execute()


def _commands(name: str, form: str, value: Any) -> list[tuple[Any, ...]]:
    match form:
        case "hash":
            return [("HSET", name, _stored(field), _stored(held)) for field, held in value]
        case "list":
            return [("RPUSH", name, _stored(held)) for held in value]
        case "set":
            return [("SADD", name, _stored(held)) for held in value]
        case "zset":
            return [("ZADD", name, score, _stored(member)) for member, score in value]
        case "stream":
            lines = [
                (id_, [_stored(part) for pair in pairs for part in pair]) for id_, pairs in value
            ]
            return [("XADD", name, id_, *parts) for id_, parts in lines]
        case _:
            return [("SET", name, _stored(value))]


def _stored(told: Any) -> bytes:
    """Make the bytes that stood there: of a text, of hex digits, or of what was sealed."""
    if isinstance(told, str):
        return told.encode()
    if "sealed for" not in told:
        return bytes.fromhex(told["hex"])
    behind: str = told.get("behind", "")
    return behind.encode() + KEYRING.seal(plain(told), place=told["sealed for"])


def plain(told: dict[str, Any]) -> bytes:
    """Give what was sealed."""
    if "json" in told:
        return msgspec.json.encode(told["json"])
    return bytes.fromhex(told["hex"]) if "hex" in told else str(told["text"]).encode()
