"""A notice to a number that never wrote to us, through WhatsApp: a template, and its answer."""

from dataclasses import replace

import pytest
from redis.asyncio import Redis

from bot.sandbox.server import Sandbox
from handlers.effects.performer import build_performer
from handlers.ports import Account
from state.conversation import Conversation
from state.events import Invited, Said
from state.parts import QUEUE
from tests.bot.channels.stages import WhatsAppStage, whatsapp_stage
from tests.clients import make_client
from tests.meta.shapes import Customer

pytestmark = [pytest.mark.slow, pytest.mark.vendors]

_ANA = make_client(1001, name="Ana Gómez", document="52123456", phone="3159741951")
_NUMBER = "573159741951"
_HOLDER = Customer(phone=_NUMBER, user_id="CO.99", name="Ana")


def _writes_first(stage: WhatsAppStage) -> None:
    """Let the house write to strangers, by its template."""
    number = stage.meta.phone_number_id
    outside = replace(
        stage.outside,
        messages=stage.postman(stage.channel, name="whatsapp"),
        accounts=[Account(channel="whatsapp", id=number, cold=True)],
    )
    stage.sender = build_performer(stage.store, stage.turns, outside, stage.clock)


async def _ask(stage: WhatsAppStage) -> Conversation:
    """As a stranger who has an invitation, ask to put one's own number in the old one's place."""
    for text in ("hola", "empezar", "sí, autorizo"):
        await stage.happen(Said(text=text))
    await stage.happen(Invited(code=await stage.invite(1001)))
    for text in ("sí, es el mío", "sí, es correcto", "quitar el anterior", "3201234567"):
        await stage.happen(Said(text=text))
    await stage.happen(Said(text="sí, guardar"))
    return await stage.store.conversations.find(stage.store.key(stage.chat))


async def test_template_and_answer(redis: Redis, sandbox: Sandbox) -> None:
    """The old number reads a template, answers from its phone, and the request is stopped."""
    async with whatsapp_stage(redis, sandbox) as stage:
        await stage.place(_ANA)
        stage.api.know(_HOLDER)
        _writes_first(stage)
        asker, chat = stage.customer, stage.chat
        await _ask(stage)
        (notice,) = stage.api.shown[_HOLDER.user_id]
        stage.customer = _HOLDER
        await stage.happen(Said(text="No fui yo"))
        answer = stage.api.shown[_HOLDER.user_id][-1]
        holder = replace(chat, id=_NUMBER)
        objected = await stage.store.conversations.find(stage.store.key(holder))
        stopped = (await stage.store.conversations.find(stage.store.key(chat))).change.request

        assert asker.user_id != _HOLDER.user_id
        assert notice.template
        assert "no fui yo" in notice.text
        assert answer.text.startswith("Gracias por avisar.")
        assert objected.speaker == QUEUE
        assert stopped is not None
        assert stopped.contested


async def test_silence_without_a_template(redis: Redis, sandbox: Sandbox) -> None:
    """Where no template is approved the stranger is not written to."""
    async with whatsapp_stage(redis, sandbox) as stage:
        await stage.place(_ANA)
        stage.api.know(_HOLDER)
        asked = await _ask(stage)

        assert asked.change.request is not None
        assert stage.api.shown[_HOLDER.user_id] == []
