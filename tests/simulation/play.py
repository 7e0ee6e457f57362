"""One seed played: customers write, the weather does its worst, it clears, all is counted."""

import asyncio
import random
from dataclasses import dataclass, field

from redis.exceptions import RedisError

from handlers.errors import EnlaceError
from handlers.ports import Delivery, SendingRate
from state.conversation import Chat
from state.events import Said
from state.store import keys
from state.store.conversations import Erasure
from state.store.rate_limits import Rate
from tests.simulation import checks, gates, upgrade, wire
from tests.simulation.process import Process
from tests.simulation.virtual import run
from tests.simulation.world import CHATS, EPOCH, KEYRING, Weather, World, calmed

_STORM = 20.0  # seconds for which customers write and things go wrong
_PATIENCE = 300.0  # seconds of good weather in which everything must be done
_ROUNDS = 5_000  # a seed takes 600 to 1,500; who goes in circles is not watched for long
_KINDS = "ssssmmupptx"


@dataclass
class Customer:
    """Somebody who writes; what was answered 200 is on the list."""

    chat: Chat
    texts: list[str]
    written: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)


def weather_of(seed: int) -> Weather:
    """Draw the weather of a seed; every fourth is calm."""
    chance = random.Random(f"weather {seed}")
    pace = chance.choice(
        (None, None, SendingRate(account=Rate(3, burst=2)), SendingRate(chat=Rate(2)))
    )
    if upgrade.comes(seed):
        return Weather(crash=0.004, pause=0.03, lost=0.02)
    if seed % 4 == 0:
        return Weather(pace=pace)
    return Weather(
        crash=chance.choice((0, 0.003, 0.01)),
        pause=chance.choice((0, 0.002, 0.006)),
        lost=chance.choice((0, 0.02, 0.08)),
        refused=chance.choice((0, 0.1, 0.3)),
        pace=pace,
    )


def play(seed: int, server: wire.Server) -> None:
    """Play one seed on an empty Redis.

    Raises:
        AssertionError: something that must hold does not.
    """
    random.seed(seed)  # the pauses after conflicts
    for scene in (_played, gates.play):
        server.clear()
        run(scene(seed, server))


async def _played(seed: int, server: wire.Server) -> None:
    world = World(seed, server, weather_of(seed))
    if upgrade.comes(seed):
        upgrade.put_old(world)
    world.processes = [Process(world, f"p{number}") for number in range(2 + seed % 2)]
    customers = [_customer(world, chat) for chat in CHATS]
    if seed % 16 in (3, 12):
        _long_ago(world, CHATS[0], count=3 if seed % 16 == 3 else checks.MOST_SEEN + 50)
    try:
        if world.happens(0.3):
            start = world.chance.uniform(0, 10)
            world.down_until = start + world.chance.uniform(5, 20)
        if world.happens(0.4):
            _deployments(world)
        await asyncio.gather(*(_writes(world, customer) for customer in customers))
        await asyncio.sleep(max(0.0, _STORM - world.loop.time()))
        world.weather = calmed(world.weather)
        await _settled(world)
        checks.everything(world, customers, weather_of(seed))
        if world.upgraded:
            upgrade.carried(world)
        await _erased(world, customers)
    finally:
        world.closed = True


def _customer(world: World, chat: Chat) -> Customer:
    count = world.chance.randint(2, 7)
    return Customer(chat, [f"{n}{world.chance.choice(_KINDS)}" for n in range(count)])


def _long_ago(world: World, chat: Chat, *, count: int) -> None:
    """Let a chat have been seen before: some of it too long ago, or too much of it."""
    seen = keys.name_key("seen", KEYRING.digest(str(chat)))
    for number in range(count):
        age = checks.OLDEST + 5 if number < 3 else 50_000 - number
        world.server.one("ZADD", seen, EPOCH - age, f"before{number}")


def _deployments(world: World) -> None:
    """Let processes be replaced, one after the other."""
    for _ in range(12):
        world.loop.call_later(world.chance.uniform(0.1, _STORM), _replace_gently, world)


def _replace_gently(world: World) -> None:
    """Stop a process as a deployment does; another takes its place."""
    process = world.chance.choice(world.processes)
    if not process.dead and process.stalled_until <= world.loop.time():
        process.stop()
        place = world.processes.index(process)
        world.counts["stop"] += 1
        world.processes[place] = Process(world, f"g{world.counts['stop']}")


async def _writes(world: World, customer: Customer) -> None:
    """Write one message after the other, or some at once; the vendor repeats what it must."""
    waiting = list(customer.texts)
    while waiting:
        await asyncio.sleep(world.chance.choice((0.01, 0.3, 2.5)))
        together = [
            waiting.pop(0) for _ in range(min(len(waiting), world.chance.choice((1, 2, 2))))
        ]
        if world.happens(0.5):
            await _delivered(world, customer, together)
        else:
            await asyncio.gather(*(_delivered(world, customer, [text]) for text in together))


async def _delivered(world: World, customer: Customer, texts: list[str]) -> None:
    """Deliver until it is answered 200; sometimes once more, alone or with what came before."""
    customer.written += texts
    taken = False
    if world.happens(0.3):  # the vendor sends part of it twice at once
        part = [world.chance.choice(texts)]
        _, taken = await asyncio.gather(
            _offered(world, customer, part), _offered(world, customer, texts)
        )
    while not taken and not await _offered(world, customer, texts):
        await asyncio.sleep(world.chance.uniform(0.01, 2))
    if world.happens(0.3):
        again = world.chance.choice(customer.acknowledged)
        await asyncio.sleep(world.chance.uniform(0.01, 2))
        await _offered(world, customer, world.chance.choice((texts, [again])))


async def _offered(world: World, customer: Customer, texts: list[str]) -> bool:
    process = world.chance.choice(world.processes)
    deliveries = [Delivery(id=text, event=Said(text=text), at=0) for text in texts]
    if customer.acknowledged and world.happens(0.2):
        again = world.chance.choice(customer.acknowledged)
        deliveries.insert(0, Delivery(id=again, event=Said(text=again), at=0))
    work = asyncio.ensure_future(process.turns.take(customer.chat, *deliveries))
    try:
        async with asyncio.timeout(10):
            await asyncio.shield(work)
    except (RedisError, EnlaceError, TimeoutError):
        work.add_done_callback(lambda task: task.cancelled() or task.exception())
        return False
    customer.acknowledged += [text for text in texts if text not in customer.acknowledged]
    if world.counts["stop"] and world.happens(0.3):
        world.loop.call_later(world.chance.uniform(0, 0.03), _replace_gently, world)
    return True


async def _settled(world: World) -> None:
    """Wait until nothing is left to be done, and not for ever."""
    deadline = world.loop.time() + _PATIENCE
    while checks.pending(world) or not upgrade.walked(world):
        assert world.loop.time() < deadline, f"stuck: {checks.pending(world)}"
        assert world.server.rounds < _ROUNDS, f"goes in circles: {checks.pending(world)}"
        await asyncio.sleep(0.5)
    await asyncio.sleep(1)


async def _erased(world: World, customers: list[Customer]) -> None:
    """Erase every chat: not while an answer waits, then all of it."""
    while all(process.dead for process in world.processes):
        await asyncio.sleep(1)
    store = next(process for process in world.processes if not process.dead).store
    for customer in customers:
        key = store.key(customer.chat)
        before, out = checks.version(world, key), keys.name_key("out", key)
        assert await store.conversations.erase(key, version=before + 1) is Erasure.CONFLICT
        world.server.one("RPUSH", out, "something")
        assert await store.conversations.erase(key, version=before) is Erasure.BUSY
        world.server.one("DEL", out)
        checks.not_erased(world, key)
        assert await store.conversations.erase(key, version=before) is Erasure.OK
        checks.erased(world, key)
    while not await _offered(world, customers[0], ["7s"]):
        await asyncio.sleep(1)
    checks.begun_anew(world, customers[0])
