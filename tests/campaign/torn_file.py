"""Cuts of the append-only file: `make torn` makes 300.

A power cut tears the file anywhere, also inside a script, and a disk may fill the rest with zeros.
Each cut is started twice, with a turn in between: a file torn inside a script is read right at the
first start and wrong at the second, if nobody mends it.
"""

import random
import shutil
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from redis.asyncio import Redis

from bot.redis import client as redis_client
from bot.redis.server import running
from state.conversation import Chat
from state.effects import Send
from state.journal import Entry, Kind
from state.store import keys
from state.store.conversations import Change, Verdict
from state.store.encryption import Keyring
from state.store.store import Store
from tests.campaign.fleet import directory

_KEYRING = Keyring((bytes(32),))
_CHATS = [Chat(channel="test", account="1", id=str(number)) for number in range(4)]
_TURNS = 12  # of each chat


@dataclass(frozen=True)
class Written:
    """A data directory, and how long its file was after each turn."""

    place: Path
    sizes: tuple[int, ...]


def _file(place: Path) -> Path:
    """Find the file that grows: one file before 7.0, the last increment since."""
    parts = sorted((place / "appendonlydir").glob("*.incr.aof"))
    return parts[-1] if parts else place / "appendonly.aof"


async def _turn(store: Store, chat: Chat, name: str) -> None:
    loaded = await store.conversations.load(chat, [name])
    turns = loaded.conversation.turns + 1
    verdict = await store.conversations.commit(
        Change(
            conversation=replace(loaded.conversation, turns=turns),
            version=loaded.version,
            deliveries=[name],
            effects=[Send(text=f"a{turns}"), Send(text=f"b{turns}")],
            entries=[Entry(kind=Kind.CUSTOMER, at=turns, text=name)],
            now=turns,
        )
    )
    assert verdict is Verdict.OK


async def write(place: Path, binary: Path) -> Written:
    """Write many turns, noting the file's length after each."""
    sizes = []
    async with running(place, binary=binary) as server, redis_client.connect(server.url) as redis:
        store = Store(redis, _KEYRING, token="write")
        for number in range(_TURNS):
            for chat in _CHATS:
                await _turn(store, chat, f"d{number}")
                sizes.append(_file(place).stat().st_size)
    return Written(place, tuple(sizes))


async def cut(written: Written, chance: random.Random, binary: Path) -> Counter[str]:
    """Cut a copy somewhere, start it twice, and look at every chat."""
    with directory() as place:
        shutil.copytree(written.place, place, dirs_exist_ok=True)
        at = chance.randrange(written.sizes[0] // 2, written.sizes[-1])
        _tear(_file(place), at, zeros=chance.randrange(4096) if chance.random() < 0.3 else 0)
        kept = sum(size <= at for size in written.sizes)
        first = await _looked_at(place, binary, kept, again="between")
        second = await _looked_at(place, binary, kept + len(_CHATS), again="after")
        mended = (place / "torn.aof").exists()
        return first + second + Counter(cuts=1, mended=int(mended))


def _tear(file: Path, at: int, *, zeros: int) -> None:
    with file.open("r+b") as opened:
        opened.truncate(at)
        opened.seek(at)
        opened.write(bytes(zeros))


async def _looked_at(place: Path, binary: Path, kept: int, *, again: str) -> Counter[str]:
    """Start, check that each chat is whole and nothing is missing, and take one more turn each."""
    async with running(place, binary=binary) as server, redis_client.connect(server.url) as redis:
        store = Store(redis, _KEYRING, token=again)
        states = [await _whole(store, redis, chat) for chat in _CHATS]
        torn = sum(turns is None for turns in states)
        missing = kept - sum(turns or 0 for turns in states)
        for chat in _CHATS:
            await _turn(store, chat, again)
    return Counter({"torn chats": torn, "turns missing": max(0, missing), "starts": 1})


async def _whole(store: Store, redis: Redis, chat: Chat) -> int | None:
    """Count a chat's turns; none if its parts do not fit together."""
    key = store.key(chat)
    if not await redis.exists(keys.name_key("chat", key)):
        parts = [keys.name_key(kind, key) for kind in ("out", "seen", "log")]
        return None if await redis.exists(*parts) else 0
    version, sequence = await redis.hmget(keys.name_key("chat", key), "v", "oseq")
    turns = (await store.conversations.find(key)).turns
    counts = {
        int(version or 0),
        int(sequence or 0) // 2,
        await redis.llen(keys.name_key("out", key)) // 2,
        await redis.zcard(keys.name_key("seen", key)),
        await redis.xlen(keys.name_key("log", key)),
    }
    listed = await redis.zscore(keys.shard_of(key).key("idle"), key) is not None
    return turns if counts == {turns} and listed else None


async def campaign(cuts: int, seed: int, binary: Path) -> Counter[str]:
    """Make so many cuts."""
    chance, total = random.Random(seed), Counter[str]()
    with directory() as place:
        written = await write(place, binary)
        for _ in range(cuts):
            total += await cut(written, chance, binary)
    return total
