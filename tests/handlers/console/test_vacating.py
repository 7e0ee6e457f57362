"""The chats of a member who was disabled."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from bot.sandbox.server import Sandbox
from handlers.console.vacating import release_chats
from handlers.ports import Delivery
from state.conversation import Chat, Conversation
from state.events import Said
from state.parts import QUEUE, SpeakerKind, member
from state.staff_actions import TakenOver
from tests.house_stage import HouseStage


@pytest.fixture
async def stage(redis: Redis, sandbox: Sandbox) -> AsyncIterator[HouseStage]:
    """A house in which members hold chats."""
    staged = HouseStage(redis, sandbox)
    yield staged
    await staged.aclose()


async def _hold(stage: HouseStage, agent: str, *, chats: int) -> list[Chat]:
    """Have a member hold so many chats."""
    held = [Chat(channel="test", account="1", id=uuid4().hex) for _ in range(chats)]
    for chat in held:
        for event in (Said(text="hola"), TakenOver(agent=agent)):
            delivery = Delivery(id=uuid4().hex, event=event, at=stage.clock())
            await stage.turns.take(chat, delivery)
    return held


async def _find(stage: HouseStage, chat: Chat) -> Conversation:
    return await stage.store.conversations.find(stage.store.key(chat))


async def test_chats_wait_for_another(stage: HouseStage) -> None:
    """Every chat of the member waits, with a note; nothing is sent, and others keep theirs."""
    held, other = await _hold(stage, "eva", chats=5), await _hold(stage, "luis", chats=2)
    released = await release_chats(stage.store, stage.turns, stage.clock, "eva")
    again = await release_chats(stage.store, stage.turns, stage.clock, "eva")
    noted = [
        entry.text
        for chat in held
        for entry in await stage.store.journal.read(stage.store.key(chat))
        if "ya no es del personal" in entry.text
    ]

    assert (released, again) == (5, 0)
    assert {(await _find(stage, chat)).speaker for chat in held} == {QUEUE}
    assert {(await _find(stage, chat)).speaker for chat in other} == {member("luis")}
    assert noted == ["eva ya no es del personal: espera a otra persona"] * 5


async def test_customer_waits_as_any_other(stage: HouseStage) -> None:
    """The customer hears nothing new at first, also out of hours; then what all hear who wait."""
    stage.hours("lun-vie 20:00-21:00")
    await stage.happen(Said(text="hola"))
    await stage.happen(TakenOver(agent="eva"))
    before, asked = len(stage.heard()), (await _find(stage, stage.chat)).shown.asked
    await release_chats(stage.store, stage.turns, stage.clock, "eva")
    silent = len(stage.heard()) - before
    after = (await _find(stage, stage.chat)).shown.asked
    await stage.happen(Said(text="¿sigue ahí?"))

    assert (silent, after) == (0, asked)
    assert "Sigue en la fila" in stage.heard()[-1].text
    assert (await _find(stage, stage.chat)).speaker == QUEUE


async def test_taken_meanwhile(stage: HouseStage) -> None:
    """A chat that another member takes at the same time stays that member's."""
    held = await _hold(stage, "eva", chats=12)

    async def take(chat: Chat) -> None:
        event = TakenOver(agent="luis", over="eva")
        await stage.turns.take(chat, Delivery(id=uuid4().hex, event=event, at=stage.clock()))

    await asyncio.gather(
        release_chats(stage.store, stage.turns, stage.clock, "eva"),
        *(take(chat) for chat in held),
    )

    assert {(await _find(stage, chat)).speaker for chat in held} == {member("luis")}


async def test_active_chats_are_not_skipped(stage: HouseStage) -> None:
    """Chats whose customers write while they are walked through are released too."""
    held = await _hold(stage, "eva", chats=40)

    async def stir() -> None:
        for chat in held:
            stage.reach(stage.clock() + 1000)
            said = Delivery(id=uuid4().hex, event=Said(text="¿hola?"), at=stage.clock())
            await stage.turns.take(chat, said)

    await asyncio.gather(release_chats(stage.store, stage.turns, stage.clock, "eva"), stir())

    assert {(await _find(stage, chat)).speaker.kind for chat in held} == {SpeakerKind.QUEUE}
