"""A member of staff may have any name: none of them makes a person the bot, or the queue."""

import pytest
from redis.asyncio import Redis

from bot.sandbox.server import Sandbox
from handlers.pages import words
from state.events import Said
from state.parts import BOT, member
from state.staff_actions import HandedBack, Replied, TakenOver
from tests.house_stage import HouseStage


@pytest.mark.parametrize("name", ["bot", "fila", "celular", "asistente", "queue"])
async def test_any_name(redis: Redis, sandbox: Sandbox, name: str) -> None:
    """Whoever takes the chat speaks in it, and the bot does not, whatever the member is called."""
    stage = HouseStage(redis, sandbox)
    for event in (
        Said(text="hola"),
        TakenOver(agent=name),
        Said(text="¿hola?"),
        Replied(agent=name, text="Ya le ayudo"),
    ):
        await stage.happen(event)
    held = await stage.store.conversations.find(stage.store.key(stage.chat))
    await stage.happen(HandedBack(agent=name))

    said = [message.member for message in stage.heard()]
    assert said == ["", name, name, ""]  # between the bot's greeting and its return, the member
    assert stage.heard()[2].text == "Ya le ayudo"
    assert held.speaker == member(name)
    assert words.name_speaker(held) == name
    assert await stage.speaker() == BOT
