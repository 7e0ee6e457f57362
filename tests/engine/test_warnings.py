"""What a service's other chats hear of a change, and what they can do about it."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from bot.sandbox.server import Sandbox
from state.client import Client
from state.conversation import QUEUE, Conversation, State
from state.events import Invited, Said, TakenOver
from state.stays import WORDS, Stay
from tests.house_stage import HouseStage

pytestmark = pytest.mark.slow

_ANA = Client(service_id=1001, name="Ana Gómez", document="52123456", phone="3159741951")


@pytest.fixture
async def stage(redis: Redis, sandbox: Sandbox) -> AsyncIterator[HouseStage]:
    """A service that two chats belong to."""
    staged = HouseStage(redis, sandbox)
    await staged.place(_ANA)
    for chat, phone in (("a", "573001112233"), ("b", "573001112244")):
        await _change(staged, chat, phone)
    yield staged
    await staged.aclose()


async def _change(stage: HouseStage, chat: str, phone: str) -> Conversation:
    """Come with an invitation, and add the chat's own number."""
    stage.chat = replace(stage.chat, id=chat)
    await stage.known(phone)
    await stage.happen(Said(text="reiniciar"))
    await stage.happen(Said(text="empezar"))
    await stage.happen(Said(text="sí, autorizo"))
    await stage.happen(Invited(code=await stage.invite(1001)))
    for text in ("sí, es el mío", "sí, es correcto", phone[2:], "sí, guardar"):
        await stage.happen(Said(text=text))
    return await _found(stage, chat)


async def _found(stage: HouseStage, chat: str) -> Conversation:
    key = stage.store.key(replace(stage.chat, id=chat))
    return await stage.store.conversations.find(key)


async def _say(stage: HouseStage, chat: str, text: str) -> Conversation:
    stage.chat = replace(stage.chat, id=chat)
    await stage.happen(Said(text=text))
    return await _found(stage, chat)


async def test_other_chat_is_told(stage: HouseStage) -> None:
    """The chat that was there first hears of the change that the second one made, once."""
    warnings = [m.text for m in stage.heard() if m.text.startswith("Aviso de seguridad")]
    first, second = await _found(stage, "a"), await _found(stage, "b")

    assert len(warnings) == 1
    assert "se cambia el celular de su servicio" in warnings[0]
    assert (first.warned_of, first.asked, second.warned_of) == (1001, "aviso_titular", 0)


async def test_it_was_me(stage: HouseStage) -> None:
    """Whoever confirms goes on where the chat stood, and nothing is locked."""
    answered = await _say(stage, "a", "fui yo")

    assert (answered.state, answered.warned_of, answered.holder) == (State.DONE, 0, "bot")
    assert stage.heard()[-1].text.startswith("Gracias por confirmarlo.")
    assert not await stage.store.budgets.locked(1001, now=stage.clock())


async def test_it_was_not_me(stage: HouseStage) -> None:
    """Whoever objects brings a person, and locks the service against every chat."""
    objected = await _say(stage, "a", "no fui yo")
    await stage.known("573001112255")
    stage.chat = replace(stage.chat, id="b")
    for text in ("hola", "actualizar mis datos", "sí, es correcto", "3001112255", "sí, guardar"):
        await stage.happen(Said(text=text))
    request = (await _found(stage, "b")).request

    assert objected.holder == QUEUE
    assert request is not None
    assert request.reasons[-1] == WORDS[Stay.LOCKED]


async def test_held_by_a_person(stage: HouseStage) -> None:
    """A chat that a person holds is told nothing by the bot; the journal has it."""
    await _say(stage, "a", "fui yo")
    await stage.happen(TakenOver(agent="luis"))
    heard = len(stage.heard())
    stage.reach(stage.clock() + 4 * 24 * 3600_000)
    await stage.known("573001112266")
    stage.chat = replace(stage.chat, id="b")
    for text in ("hola", "actualizar mis datos", "sí, es correcto", "3001112266", "sí, guardar"):
        await stage.happen(Said(text=text))
    key = stage.store.key(replace(stage.chat, id="a"))
    journal = [entry.text for entry in await stage.store.journal.read(key)]

    assert "Se avisó de un cambio pedido desde otro chat" in journal
    assert not any("Aviso de seguridad" in m.text for m in stage.heard()[heard:])
