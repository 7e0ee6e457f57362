"""*Copiar como prueba*: what was said on a simulated phone is a transcript that plays again."""

import html
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.sandbox.faults import Fault
from bot.sandbox.server import Sandbox
from state.staff_actions import (
    Decided,
    HandedBack,
    Replied,
    TakenOver,
)
from tests.handlers.simulator.phone_house import PhoneHouse, phone_house
from tests.machine_stage import MachineStage
from tests.transcripts import Performance

_MINUTE = 60_000
_ANA = "Ana Gómez"


@pytest.fixture
async def house(redis: Redis, sandbox: Sandbox) -> AsyncIterator[PhoneHouse]:
    """A house with phones."""
    async with phone_house(redis, sandbox) as furnished:
        yield furnished


async def _copy(house: PhoneHouse) -> str:
    answer = await house.http.get(f"/simulador/c/{house.key}/transcript")
    found = re.search(r"<textarea[^>]*>(.*)</textarea>", answer.text, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


async def _with_known_number(house: PhoneHouse) -> None:
    """WhatsApp shows the number; a caption tells the document, and a code comes."""
    await house.buy("whatsapp")
    await house.say("hola")
    await house.press("Empezar")
    await house.press("Sí, autorizo")
    await house.do("media", "voice")
    await house.do("media", "photo", caption="mi cédula es\n1.098.765.432")
    await house.say("311 222 3344")
    code = re.findall(r"\d{6}", await house.last())[-1]
    await house.say(code)
    await house.press("Sí, guardar")


async def _with_shared_contact(house: PhoneHouse) -> None:
    """Telegram: cards, an edit, a reaction, an old button, WispHub away for a while."""
    await house.buy("telegram")
    await house.say("hola")
    old = (await house.screen())[-1]
    await house.press("Empezar")
    await house.press("Sí, autorizo")
    await house.do("contact", "other")
    house.sandbox.fault = Fault.ERROR
    await house.do("contact", "mine")
    house.sandbox.fault = Fault.NONE
    await house.press("Intentar otra vez")
    await house.say("1098765432")
    written = next(bubble for bubble in reversed(await house.screen()) if bubble.name)
    await house.do("edit", "1098765423", about=written.id)
    await house.do("react", "on", about=old.id)
    await house.do("press", old.message.buttons[0].id, label="Empezar")


async def _with_invitation(house: PhoneHouse) -> None:
    """A number that is not shown; the code is typed; time passes, and a reminder comes."""
    await house.buy("hidden")
    await house.say(f"Vincular {house.phone.invitation}")
    await house.press("Sí, autorizo")
    await house.press("Sí, es el mío")
    await house.pass_time(31 * _MINUTE)
    await house.press("Continuar")
    await house.do("contact", "several")
    await house.do("say", f"/start {house.phone.invitation}")


async def _with_staff(house: PhoneHouse) -> None:
    """A member of staff takes the chat, writes, and gives it back; a request is rejected."""
    await house.buy("hidden")
    await house.say("hola")
    await house.say("asesor")
    await house.act(TakenOver(agent=_ANA))
    await house.say("¿hay alguien?")
    await house.act(Replied(agent=_ANA, text="Sí, dígame."))
    await house.act(HandedBack(agent=_ANA))
    await house.press("Continuar")
    await house.press("Empezar")
    await house.press("Sí, autorizo")
    await house.say(f"Vincular {house.phone.invitation}")
    await house.press("Sí, es el mío")
    await house.say("1098765432")
    await house.say("320 123 4567")
    await house.press("Seguir sin código")
    await house.press("Sí, guardar")
    code = await house.request()
    assert code
    await house.act(Decided(agent=_ANA, code=code, approved=False, reason="No coincide"))


@pytest.mark.parametrize(
    "talk", [_with_known_number, _with_shared_contact, _with_invitation, _with_staff]
)
async def test_plays_again(
    house: PhoneHouse, talk: Callable[[PhoneHouse], Awaitable[None]], tmp_path: Path
) -> None:
    """A copied conversation plays on the machine as it was, line by line."""
    await talk(house)
    path = tmp_path / "copied.txt"
    path.write_text(await _copy(house), "utf-8")

    await Performance(MachineStage()).perform(path)

    told = sum(line.startswith("customer:") for line in path.read_text("utf-8").splitlines())
    assert told == sum(bubble.mine and not bubble.about for bubble in await house.screen())
