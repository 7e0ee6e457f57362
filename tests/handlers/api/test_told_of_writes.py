"""Who hears of what a program writes, and what they can do about it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace

import pytest
from redis.asyncio import Redis

from bot.sandbox.faults import Fault
from bot.sandbox.server import Sandbox
from handlers.api.updates import Updates
from handlers.auditing import Auditor
from handlers.errors import Disowned, UpdateFailed
from handlers.ports import Clients, Clock
from state.client import Client, OnFile
from state.conversation import Conversation
from state.events import Invited, Said
from state.fields.table import Field
from state.journal import Kind
from state.parts import BOT, QUEUE
from state.states import State
from state.store.attempts import Attempts
from state.store.conversations import NoSuchConversation
from tests.clients import make_client, phone_text
from tests.house_stage import HouseStage

pytestmark = pytest.mark.slow

_PROGRAM = "api:a1b2c3"
_OLD, _NEW = "573159741951", "3201234567"
_ANA = make_client(1001, name="Ana Gómez", document="52123456", phone=_OLD[2:])
_DAY = 24 * 3600_000


@pytest.fixture
async def stage(redis: Redis, sandbox: Sandbox) -> AsyncIterator[HouseStage]:
    """A service that a chat possesses."""
    staged = HouseStage(redis, sandbox)
    await staged.place(_ANA)
    staged.chat = replace(staged.chat, id="a")
    for text in ("hola", "empezar", "sí, autorizo"):
        await staged.happen(Said(text=text))
    await staged.happen(Invited(code=await staged.invite(1001)))
    for text in ("sí, es el mío", "sí, es correcto", "dejar el actual", "sí, guardar"):
        await staged.happen(Said(text=text))
    assert (await _found(staged, "a")).state is State.DONE
    yield staged
    await staged.aclose()


async def _write(
    stage: HouseStage, given: Mapping[Field, str], *, clients: Clients | None = None
) -> None:
    """Have a program write, and every message that follows from it be sent."""
    updates = Updates(
        clients=clients or stage.outside.clients,
        leases=stage.outside.leases,
        quotas=stage.store.quotas,
        notifier=stage.sender.actions.notifier,
        auditor=Auditor(audit=stage.store.audit, clock=stage.clock),
        clock=stage.clock,
        writes_per_day=20,
    )
    try:
        await updates.update(_PROGRAM, 1001, given)
    finally:
        await stage._settle()


async def _found(stage: HouseStage, chat: str) -> Conversation:
    key = stage.store.key(replace(stage.chat, id=chat))
    return await stage.store.conversations.find(key)


async def _said_to(stage: HouseStage, chat: str) -> list[str]:
    entries = await stage.store.journal.read(stage.store.key(replace(stage.chat, id=chat)))
    return [entry.text for entry in entries if entry.kind is Kind.BOT]


async def _warnings(stage: HouseStage, chat: str) -> list[str]:
    return [text for text in await _said_to(stage, chat) if text.startswith("Aviso de seguridad")]


async def _say(stage: HouseStage, chat: str, text: str) -> Conversation:
    stage.chat = replace(stage.chat, id=chat)
    await stage.happen(Said(text=text))
    return await _found(stage, chat)


async def test_chat_with_possession_is_told(stage: HouseStage) -> None:
    """The chat that possesses the service hears of what a program writes; staff read by which."""
    await _write(stage, {Field.PHONE: _NEW, Field.DOCUMENT: "79111888"})
    (told,) = await _warnings(stage, "a")
    journal = [entry.text for entry in await stage.store.journal.read(stage.store.key(stage.chat))]

    assert "desde un sistema de la empresa se pidió cambiar el celular y el documento de" in told
    assert "Se avisó de un cambio escrito por un programa (api:a1b2c3)" in journal
    assert phone_text(await stage.client(1001)) == _NEW


async def test_old_number_is_told(stage: HouseStage) -> None:
    """The number on file is told, where we may write first; the new one is not."""
    stage.tell_numbers()
    await _write(stage, {Field.PHONE: f"+57{_NEW}"})

    assert len(await _warnings(stage, _OLD)) == 1
    with pytest.raises(NoSuchConversation):
        await _found(stage, f"57{_NEW}")


async def test_stranger_is_not_told(stage: HouseStage) -> None:
    """A chat that is linked because it knows facts of the service hears nothing of it."""
    await _say(stage, "b", "hola")
    await stage.store.service_history.note_link(
        1001, stage.store.key(stage.chat), (), id="1", now=stage.clock()
    )
    heard = len(await _said_to(stage, "b"))
    await _write(stage, {Field.PHONE: _NEW})

    assert len(await _said_to(stage, "b")) == heard
    assert len(await _warnings(stage, "a")) == 1


@pytest.mark.parametrize(
    "given",
    [
        {Field.PHONE: _OLD[2:]},
        {Field.PHONE: "+57 315 974 1951"},
        {Field.PHONE: f"57{_OLD[2:]}", Field.DOCUMENT: "52.123.456"},
    ],
)
async def test_nothing_changes(stage: HouseStage, given: Mapping[Field, str]) -> None:
    """What only spells otherwise what stands there is no change to be told."""
    await _write(stage, given)

    assert await _warnings(stage, "a") == []


async def test_unreadable_value_is_told(stage: HouseStage) -> None:
    """What cannot be read is a change too, also where nothing stood before."""
    await stage.place(make_client(1001, name="Ana Gómez", phone=_OLD[2:]))
    await _write(stage, {Field.DOCUMENT: "borrado"})

    assert len(await _warnings(stage, "a")) == 1


@dataclass(frozen=True)
class _Dying:
    """A directory at whose write our process is killed."""

    clients: Clients

    async def find(self, service_id: int) -> Client:
        return await self.clients.find(service_id)

    async def search(self, clue: str) -> tuple[Client, ...]:
        raise AssertionError(clue)

    async def write(self, client: Client, contents: Mapping[Field, OnFile]) -> None:
        assert (client.service_id, *contents) == (1001, Field.PHONE)
        raise asyncio.CancelledError


async def test_killed_before_the_write(stage: HouseStage) -> None:
    """A process that is killed at the write has told already; the repeated call tells no more."""
    with pytest.raises(asyncio.CancelledError):
        await _write(stage, {Field.PHONE: _NEW}, clients=_Dying(stage.outside.clients))
    before = await _warnings(stage, "a")
    await _write(stage, {Field.PHONE: _NEW})

    assert len(before) == len(await _warnings(stage, "a")) == 1
    assert phone_text(await stage.client(1001)) == _NEW


async def test_failing_write_is_told_once_an_hour(stage: HouseStage) -> None:
    """A program that tries again and again while WispHub refuses is told of once an hour."""
    stage.sandbox.fault = Fault.ECHO
    for _ in range(3):
        with pytest.raises(UpdateFailed):
            await _write(stage, {Field.PHONE: _NEW})
        stage.reach(stage.clock() + 60_000)
    within = len(await _warnings(stage, "a"))
    stage.reach(stage.clock() + 3600_000)
    with pytest.raises(UpdateFailed):
        await _write(stage, {Field.PHONE: _NEW})

    assert (within, len(await _warnings(stage, "a"))) == (1, 2)


async def test_it_was_not_me(stage: HouseStage) -> None:
    """Whoever objects brings a person, and locks the service against programs and chats."""
    await _write(stage, {Field.PHONE: _NEW})
    objected = await _say(stage, "a", "no fui yo")
    with pytest.raises(Disowned):
        await _write(stage, {Field.PHONE: "3209999999"})

    assert (objected.speaker, objected.notice) == (QUEUE, None)
    assert await stage.store.attempts.is_locked(1001, now=stage.clock())
    assert phone_text(await stage.client(1001)) == _NEW


@dataclass(frozen=True)
class _Slow:
    """A directory that is so slow that somebody disowns the service meanwhile."""

    clients: Clients
    attempts: Attempts
    clock: Clock

    async def find(self, service_id: int) -> Client:
        await self.attempts.lock(service_id, now=self.clock())
        return await self.clients.find(service_id)

    async def search(self, clue: str) -> tuple[Client, ...]:
        raise AssertionError(clue)

    async def write(self, client: Client, contents: Mapping[Field, OnFile]) -> None:
        raise AssertionError(client.service_id, contents)


async def test_disowned_meanwhile(stage: HouseStage) -> None:
    """What somebody disowns while WispHub is read is neither written nor told any more."""
    slow = _Slow(stage.outside.clients, stage.store.attempts, stage.clock)
    with pytest.raises(Disowned):
        await _write(stage, {Field.PHONE: _NEW}, clients=slow)

    assert await _warnings(stage, "a") == []


async def test_it_was_me(stage: HouseStage) -> None:
    """Whoever confirms goes on where the chat stood, and nothing is locked."""
    await _write(stage, {Field.PHONE: _NEW})
    confirmed = await _say(stage, "a", "fui yo")
    await _write(stage, {Field.DOCUMENT: "79111888"})

    assert (confirmed.speaker, confirmed.notice, confirmed.state) == (BOT, None, State.DONE)
    assert (await stage.client(1001)).document == "79111888"


async def test_notices_to_strangers_are_few(stage: HouseStage) -> None:
    """A leaked key has a number that never wrote to us written to six times a day at most."""
    guard = stage.sender.actions.guard
    barred = [await guard.blocks_program_notice(str(number), 1001) for number in range(8)]
    other = await guard.blocks_program_notice("x", 1002)

    assert (barred, other) == ([False] * 6 + [True] * 2, False)


async def test_replaced_phone_proves_nothing_yet(stage: HouseStage) -> None:
    """A number by which a program replaced another proves nothing by itself for 72 hours."""
    await _write(stage, {Field.PHONE: _NEW})
    recent = await stage.sender.actions.guard.phone_recent(1001)
    stage.reach(stage.clock() + 3 * _DAY)

    assert (recent, await stage.sender.actions.guard.phone_recent(1001)) == (True, False)


async def test_first_phone_proves_at_once(stage: HouseStage) -> None:
    """A number that a program fills in where none stood is as good as any other."""
    await stage.place(replace(_ANA, on_file={Field.DOCUMENT: OnFile(values=("52123456",))}))
    await _write(stage, {Field.PHONE: _NEW})

    assert not await stage.sender.actions.guard.phone_recent(1001)
