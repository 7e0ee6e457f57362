"""What becomes of an effect when the channel, a person or Redis comes in its way."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from structlog.testing import capture_logs

from bot.sandbox.server import Sandbox
from bot.worker import CHATS, Worker
from handlers.errors import (
    Busy,
    ChannelDown,
    EnlaceError,
    InDoubt,
    StoreUnavailable,
    Undeliverable,
)
from handlers.ports import Delivery, OutgoingMessage, SendingRate
from state.conversation import Conversation
from state.effects import Send
from state.events import Event, Said
from state.machine.moment import Moment, Step
from state.parts import QUEUE
from state.staff_actions import TakenOver
from state.store import keys, stats
from state.store.conversations import Change, Verdict
from state.store.outbox import MESSAGE, Head, Lease, Next
from state.store.rate_limits import Rate
from tests.house_stage import Courteous, HouseStage
from tests.inboxes import list_all
from tests.waiting import until


class Moody(Courteous):
    """A channel that fails as it is told, and works afterwards."""

    def __init__(self, stage: HouseStage, *moods: EnlaceError) -> None:
        self.moods = list(moods)
        self._inbox = stage.inbox

    async def send(self, outgoing: OutgoingMessage) -> str:
        """Fail, or send."""
        if self.moods:
            raise self.moods.pop(0)
        return await self._inbox.send(outgoing)


@pytest.fixture
async def stage(redis: Redis, sandbox: Sandbox) -> AsyncIterator[HouseStage]:
    """A house whose clock stands still."""
    staged = HouseStage(redis, sandbox)
    yield staged
    await staged.aclose()


def _with(stage: HouseStage, *moods: EnlaceError) -> None:
    stage.sender = replace(stage.sender, messages=stage.postman(Moody(stage, *moods)))


async def _notes(stage: HouseStage) -> list[str]:
    return [entry.text for entry in await stage.store.journal.read(stage.store.key(stage.chat))]


async def test_busy_channel(stage: HouseStage, redis: Redis) -> None:
    """A channel that asks for patience gets it, and then the message."""
    _with(stage, Busy(retry_after=30))

    await stage.happen(Said(text="hola"))
    assert stage.heard() == []
    await stage.pass_time(30_000)

    assert len(stage.heard()) == 1
    assert (await stats.read(redis))["retry"] == 1


async def test_message_in_doubt(stage: HouseStage, redis: Redis) -> None:
    """A message whose outcome is unknown is marked, repeated, and told as repeated."""
    _with(stage, InDoubt())

    await stage.happen(Said(text="hola"))
    await stage.pass_time(MESSAGE)

    assert len(stage.heard()) == 1
    assert (await stats.read(redis))["doubt"] == 1
    assert (await _notes(stage))[-2:] == [
        "Envío en duda: se repetirá",
        "Envío repetido: el anterior quedó en duda",
    ]


async def test_undeliverable_message(stage: HouseStage, redis: Redis) -> None:
    """A message that the channel will never take is put aside; the next ones go on."""
    _with(stage, Undeliverable())

    await stage.happen(Said(text="hola"))
    await stage.happen(Said(text="ayuda"))

    assert [message.text[:10] for message in stage.heard()] == ["Registro s"]
    assert (await stats.read(redis))["dead"] == 1


async def test_person_and_bot_never_both_talk(stage: HouseStage) -> None:
    """What the bot had queued is dropped once a person holds the chat."""
    await stage.turns.take(stage.chat, Delivery(id="1", event=Said(text="hola"), at=0))

    await stage.happen(TakenOver(agent="ana"))

    assert [message.member for message in stage.heard()] == ["ana"]
    assert "No se envió: una persona tomó la conversación" in await _notes(stage)


async def test_lost_lease(stage: HouseStage) -> None:
    """A sender that was paused beyond its lease does nothing any more."""
    await stage.turns.take(stage.chat, Delivery(id="1", event=Said(text="hola"), at=0))
    key = stage.store.key(stage.chat)

    await stage.sender.perform_all(Lease(key, "somebody else's"))

    assert stage.heard() == []


async def test_conflicts_without_end(stage: HouseStage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chat that others change without end is given back to the vendor, not lost."""

    async def moved(change: Change) -> Verdict:
        assert change.deliveries == ["1"]
        return Verdict.CONFLICT

    monkeypatch.setattr(stage.store.conversations, "commit", moved)
    monkeypatch.setattr("handlers.turns._PAUSE", 0)

    with pytest.raises(StoreUnavailable):
        await stage.turns.take(stage.chat, Delivery(id="1", event=Said(text="hola"), at=0))


async def test_rivals(stage: HouseStage, redis: Redis, sandbox: Sandbox) -> None:
    """Many messages of one chat over two processes are all taken, each once."""
    rival = HouseStage(redis, sandbox)
    calls = [
        process.turns.take(stage.chat, Delivery(id=str(number), event=Said(text="hola"), at=0))
        for number in range(20)
        for process in (stage, rival)
    ]

    await asyncio.gather(*calls)

    (seen,) = await list_all(stage.store)
    assert (await stage.store.conversations.find(seen.key)).turns == 20
    await rival.aclose()


async def _worked(worker: Worker, stage: HouseStage, *, messages: int) -> None:
    """Let the worker work until so many messages have arrived."""
    running = asyncio.create_task(worker.run())
    while len(stage.heard()) < messages:
        await asyncio.sleep(0)
    worker.stop()
    await running


async def test_worker(stage: HouseStage) -> None:
    """The worker performs effects and fires timers, and ends when it is told to."""
    await stage.turns.take(stage.chat, Delivery(id="1", event=Said(text="hola"), at=0))

    await _worked(Worker(stage.store, stage.turns, stage.sender, stage.clock), stage, messages=1)


class Narrow(Courteous):
    """A channel that counts how many messages are on their way at once."""

    def __init__(self) -> None:
        self.under_way, self.most = 0, 0
        self.sent = Counter[str]()

    async def send(self, outgoing: OutgoingMessage) -> str:
        """Take a few turns of the loop."""
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        for _ in range(20):
            await asyncio.sleep(0)
        self.under_way -= 1
        self.sent[outgoing.chat.id] += 1
        return ""


async def test_many_turns_at_once(stage: HouseStage) -> None:
    """However many chats write at once, a process takes no more than it can serve in time."""
    channel = Narrow()
    stage.sender = replace(stage.sender, messages=stage.postman(channel))
    worker = Worker(stage.store, stage.turns, stage.sender, stage.clock)
    running = asyncio.create_task(worker.run())
    await asyncio.sleep(0)
    chats = [replace(stage.chat, id=str(number)) for number in range(500)]
    said = Delivery(id="1", event=Said(text="hola"), at=0)

    await asyncio.gather(*(stage.turns.take(chat, said) for chat in chats))
    await until(lambda: len(channel.sent) == len(chats))
    worker.stop()
    await running

    assert set(channel.sent.values()) == {1}
    assert channel.most <= CHATS + keys.SHARDS


@pytest.mark.slow
async def test_worker_survives_redis(stage: HouseStage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Redis that is away for a moment is waited for."""
    await stage.turns.take(stage.chat, Delivery(id="1", event=Said(text="hola"), at=0))
    take, failures = stage.store.outbox.take, [RedisConnectionError()]

    async def failing(
        shards: tuple[keys.Shard, ...], *, now: int, until: int, most: int
    ) -> list[Lease]:
        if failures:
            raise failures.pop()
        return await take(shards, now=now, until=until, most=most)

    monkeypatch.setattr(stage.store.outbox, "take", failing)
    with capture_logs() as logs:
        await _worked(
            Worker(stage.store, stage.turns, stage.sender, stage.clock), stage, messages=1
        )

    told = [(log["event"], log.get("reason"), log.get("error")) for log in logs]
    assert told[:2] == [
        ("redis.away", "not reachable", "ConnectionError"),
        ("redis.back", None, None),
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("error", "event"),
    [(ValueError("52123456"), "work.broken"), (StoreUnavailable(), "work.failed")],
)
async def test_worker_survives_errors(stage: HouseStage, error: Exception, event: str) -> None:
    """What fails is told by its kind and place, never by its words, and comes due again."""
    await stage.turns.take(stage.chat, Delivery(id="1", event=Said(text="hola"), at=0))

    class Broken(Courteous):
        failed = False

        async def send(self, outgoing: OutgoingMessage) -> str:
            """Break once."""
            if not self.failed:
                self.failed = True
                raise error
            return await stage.inbox.send(outgoing)

    stage.sender = replace(stage.sender, messages=stage.postman(Broken()), clock=stage.ticking)
    with capture_logs() as logs:
        worker = Worker(stage.store, stage.turns, stage.sender, stage.ticking)
        await _worked(worker, stage, messages=1)

    assert event in [log["event"] for log in logs]
    assert "52123456" not in str(logs)


async def test_timer_that_is_gone(stage: HouseStage) -> None:
    """A timer that somebody else let happen does not happen again."""
    await stage.happen(Said(text="hola"))
    before = await _notes(stage)

    await stage.turns.fire(stage.store.key(stage.chat))

    assert await _notes(stage) == before


async def test_broken_machine(redis: Redis, sandbox: Sandbox) -> None:
    """A message that breaks the machine is kept, told in the log, and brings a person."""

    def broken(conversation: Conversation, event: Event, moment: Moment) -> Step:
        raise ZeroDivisionError(conversation, event, moment)

    stage = HouseStage(redis, sandbox, machine=broken)
    with capture_logs() as logs:
        await stage.happen(Said(text="hola"))
        await stage.happen(Said(text="¿hola?"))

    assert await stage.speaker() == QUEUE
    assert [message.text[:21] for message in stage.heard()] == ["Lo paso con un asesor"]
    assert [note for note in await _notes(stage) if "hola" in note] == ["hola", "¿hola?"]
    assert [log["event"] for log in logs] == ["turn.broken"] * 2
    assert all(log["where"].startswith("handlers/turns.py:") for log in logs)
    letters = await stage.store.dead.list()
    assert [stage.store.dead.event(letter)[1] for letter in letters] == [
        Said(text="hola", message="1"),
        Said(text="¿hola?", message="2"),
    ]
    await stage.aclose()


async def test_overtaken_question(stage: HouseStage) -> None:
    """A question that is unsent when the next one is asked is not sent any more."""
    for number, text in enumerate(("hola", "empezar")):
        delivery = Delivery(id=str(number), event=Said(text=text), at=0)
        await stage.turns.take(stage.chat, delivery)

    await stage.happen(Said(text="ayuda"))

    assert [message.text[:12] for message in stage.heard()] == ["FibraNet (NI", "Registro su "]
    assert "No se envió: la reemplazó una pregunta más nueva" in await _notes(stage)


async def test_full_outbox(
    stage: HouseStage, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While too many answers wait, messages are kept in the journal and told to staff."""
    monkeypatch.setattr("handlers.turns.BACKLOG", 2)
    for number in range(4):
        delivery = Delivery(id=str(number), event=Said(text="ayuda"), at=0)
        await stage.turns.take(stage.chat, delivery)

    notes = await _notes(stage)
    await stage.pass_time(1000)

    assert notes.count("ayuda") == 4
    assert notes.count("Demasiados mensajes: no se respondió") == 2
    assert (await stats.read(redis))["flood"] == 2
    assert len(stage.heard()) == 2


async def test_late_message(stage: HouseStage, redis: Redis) -> None:
    """A message that comes late is kept in the journal, with a note, and counted."""
    await stage.happen(Said(text="hola"))
    late = Delivery(id="late", event=Said(text="empezar"), at=stage.clock() - 1)

    await stage.turns.take(stage.chat, late)

    assert (await _notes(stage))[-2:] == ["empezar", "Llegó tarde: no se tomó como respuesta"]
    assert (await stats.read(redis))["late"] == 1


async def test_channel_with_a_rate(stage: HouseStage, redis: Redis) -> None:
    """A channel's rates are kept, and nobody asks again before the place that was kept."""
    slow = Moody(stage)
    slow.pace = SendingRate(account=Rate(2), chat=Rate(1))
    stage.sender = stage.sending_by(slow)
    for number in range(3):
        await stage.happen(Said(text=f"ayuda{number}"[:5]))

    heard = [len(stage.heard())]
    for _ in range(3):
        await stage.pass_time(1000)
        heard.append(len(stage.heard()))

    assert heard == [1, 2, 3, 3]
    assert (await stats.read(redis))["wait"] >= 2


async def test_account_that_fails(stage: HouseStage) -> None:
    """An account that is refused closes its gate: nothing is lost, nothing is hammered."""
    channel = Moody(stage, *[ChannelDown() for _ in range(6)])
    channel.pace = SendingRate()
    stage.sender = stage.sending_by(channel)
    await stage.happen(Said(text="ayuda"))

    await stage.pass_time(4_999)
    tried = 6 - len(channel.moods)
    await stage.pass_time(60_000)

    assert tried == 5
    assert [message.text[:8] for message in stage.heard()] == ["Registro"]


async def test_given_up(stage: HouseStage, redis: Redis) -> None:
    """A message that is refused for six hours becomes a dead letter, and the chat goes on."""
    _with(stage, *[Busy(retry_after=1) for _ in range(90)])
    await stage.happen(Said(text="ayuda"))

    await stage.pass_time(8 * 3_600_000)

    assert stage.heard() == []
    assert (await stats.read(redis))["dead"] == 1
    assert "No se pudo enviar en seis horas" in await _notes(stage)


async def test_stalled_sender(stage: HouseStage) -> None:
    """A sender that stalled beyond its lease tries nothing any more."""
    await stage.turns.take(stage.chat, Delivery(id="1", event=Said(text="hola"), at=0))
    (lease,) = await stage.store.outbox.take(keys.ALL, now=stage.clock(), until=2**42, most=1)
    head = await stage.store.outbox.begin(lease, now=stage.clock() - MESSAGE)
    assert isinstance(head, Head)

    assert await stage.sender._perform(lease, head) is Next.LATER
    await stage.pass_time(10)

    assert len(stage.heard()) == 1


async def test_told_to_stop(stage: HouseStage) -> None:
    """Who is told to stop gives its chat back; others go on at once."""
    await stage.turns.take(stage.chat, Delivery(id="1", event=Said(text="hola"), at=0))
    (lease,) = await stage.store.outbox.take(keys.ALL, now=stage.clock(), until=2**42, most=1)

    await stage.sender.perform_all(lease, enough=lambda: True)
    assert stage.heard() == []
    await stage.pass_time(1)

    assert len(stage.heard()) == 1


class Leaving:
    """A process that claims a chat and is told to stop before it may begin."""

    def __init__(self, stage: HouseStage) -> None:
        self._stage = stage

    def claim(self) -> str:
        """Claim, and be told to stop."""
        self._stage.turns.performer = None
        return "leaving"

    def waive(self, token: str) -> None:
        """Never: nobody asks who has left."""
        raise AssertionError(token)

    def perform(self, lease: Lease) -> None:
        """Never."""
        raise AssertionError(lease)


async def test_claimed_by_a_leaving_process(stage: HouseStage) -> None:
    """A chat that was claimed by a process on its way out is due at once for others."""
    stage.turns.performer = Leaving(stage)

    await stage.happen(Said(text="hola"))

    assert len(stage.heard()) == 1


async def test_repeat_conflicts(stage: HouseStage, monkeypatch: pytest.MonkeyPatch) -> None:
    """An effect that cannot be queued again because others change the chat is told."""

    async def moved(change: Change) -> Verdict:
        assert change.effects
        return Verdict.CONFLICT

    monkeypatch.setattr(stage.store.conversations, "commit", moved)
    with pytest.raises(StoreUnavailable):
        await stage.turns.repeat(stage.chat, Send(text="a", member="bot"), name="again")
