"""An upgrade in bad weather: chats of 0.1 are carried forward while their customers write."""

import msgspec

from state.conversation import Chat
from state.store import keys
from tests.simulation import checks
from tests.simulation.world import CHATS, EPOCH, KEYRING, World

_ASLEEP = [Chat(channel="test", account="1", id=f"asleep{number}") for number in range(3)]
_MARK = "before"
_LEASE = 20.0  # seconds after which a walker that died is followed by another


def comes(seed: int) -> bool:
    """Tell whether a seed begins with an upgrade."""
    return seed % 16 == 11


def put_old(world: World) -> None:
    """Let 0.1 have known all customers, and some who do not write any more."""
    world.upgraded = True
    for number, chat in enumerate([*CHATS, *_ASLEEP]):
        key = KEYRING.digest(str(chat))
        told = {"chat": msgspec.to_builtins(chat), "clue": _MARK}
        sealed = KEYRING.seal(msgspec.json.encode(told), place=f"record:{key}")
        world.server.one("HSET", keys.name_key("chat", key), "v", 0, "st", sealed)
        world.server.one("ZADD", keys.shard_of(key).key("idle"), EPOCH - 1000 + number // 2, key)
    world.loop.call_later(_LEASE, _let_another_walk, world)


def _let_another_walk(world: World) -> None:
    """End the walker's lease, as Redis would by its own clock, which is not the seed's."""
    if not world.closed:
        world.server.one("DEL", keys.name_key("lease", "walk"))
        world.loop.call_later(_LEASE, _let_another_walk, world)


def walked(world: World) -> bool:
    """Tell whether the walk has ended, if there is one."""
    told = world.server.one("HMGET", keys.meta(), "resealed", "filed")
    return not world.upgraded or None not in told


def carried(world: World) -> None:
    """Every chat is sealed as it is today, and is who it was."""
    for chat in [*CHATS, *_ASLEEP]:
        found = checks.record(world, KEYRING.digest(str(chat)))
        assert (found.chat, found.lookup.clue) == (chat, _MARK), "not carried forward"
