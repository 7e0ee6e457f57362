"""Simulated phones: whose they are, what their channel tells, what they show and bring."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from bot.channels.simulator import present
from bot.sandbox.server import Sandbox
from handlers.simulator.screen import lay_out
from state.effects import Button, Send
from state.store.simulator import Shape
from tests.handlers.simulator.phone_house import PhoneHouse, phone_house


@pytest.fixture
async def house(redis: Redis, sandbox: Sandbox) -> AsyncIterator[PhoneHouse]:
    """A house with phones."""
    async with phone_house(redis, sandbox) as furnished:
        yield furnished


async def _consent(house: PhoneHouse) -> None:
    await house.say("hola")
    await house.press("Empezar")
    await house.press("Sí, autorizo")


async def test_more_than_twenty(house: PhoneHouse) -> None:
    """Each new phone is another customer's, with a number of its own; all can be used and found."""
    people = set()
    for _ in range(30):
        await house.buy("whatsapp")
        people.add((house.phone.service_id, house.phone.number))
    first, _ = (await house.store.simulator.list())[-1]
    page = await house.http.get(f"/simulador/c/{first}")

    assert len({service for service, _ in people}) == 30
    assert len({number for _, number in people}) == 30
    assert page.text.count('href="/simulador/c/') == 30
    assert (await house.http.post(f"/simulador/c/{first}/say", data={"value": "hola"})).is_success


async def test_whatsapp_shows_the_number(house: PhoneHouse) -> None:
    """WhatsApp shows the number with every message: the service is found by it."""
    await house.buy("whatsapp")
    await _consent(house)

    found = await house.store.conversations.find(house.key)
    assert found.account.person.phone == house.phone.number
    assert found.identity.client is not None
    assert found.identity.client.service_id == house.phone.service_id


@pytest.mark.parametrize(("look", "shape"), [("hidden", "request"), ("telegram", "keyboard")])
async def test_number_is_shared(house: PhoneHouse, look: str, shape: str) -> None:
    """A phone whose number is not shown shares it by its vendor's own button."""
    await house.buy(look)
    await _consent(house)
    before = await house.store.conversations.find(house.key)
    asked = (await house.screen())[-1]
    await house.do("contact", "own")

    after = await house.store.conversations.find(house.key)
    assert (before.account.person.phone, after.account.person.phone) == ("", house.phone.number)
    assert asked.shape.value == shape
    assert after.identity.client is not None


async def test_own_card_by_hand(house: PhoneHouse) -> None:
    """WhatsApp vouches for no card that was sent by hand; Telegram knows whose it is."""
    await house.buy("hidden")
    await _consent(house)
    await house.do("contact", "mine")
    by_hand = await house.store.conversations.find(house.key)
    await house.buy("telegram")
    await _consent(house)
    await house.do("contact", "mine")
    known = await house.store.conversations.find(house.key)

    assert by_hand.identity.client is None
    assert known.identity.client is not None


async def test_captions(house: PhoneHouse) -> None:
    """A photo, a video and a file bring what is written beneath them; a place does not."""
    await house.buy("whatsapp")
    await _consent(house)
    await house.do("media", "place", caption="mi cédula es 1.098.765.432")
    await house.do("media", "video", caption="mi cédula es 1.098.765.432")

    place, video = [bubble.message.text for bubble in await house.screen() if bubble.mine][-2:]
    found = await house.store.conversations.find(house.key)
    assert (place, video) == ("Ubicación", "Video\nmi cédula es 1.098.765.432")
    assert "1098765432" in found.draft.answers.values()


async def test_edit_and_reaction(house: PhoneHouse) -> None:
    """An edited text stands in its place, marked; a sign on a message brings nothing."""
    await house.buy("whatsapp")
    await _consent(house)
    await house.say("1098765432")
    *_, written, asked = before = await house.screen()
    await house.do("edit", "1098765423", about=written.id)
    answered = len(await house.screen()) - len(before)
    turns = (await house.store.conversations.find(house.key)).turns
    await house.do("react", "on", about=asked.id)
    shown = {one.bubble.id: one for one in lay_out(await house.screen())}

    assert (shown[written.id].text, shown[written.id].edited) == ("1098765423", True)
    assert [one.bubble.id for one in shown.values() if one.editable] == [written.id]
    assert shown[asked.id].signs == ("👍",)
    assert (await house.store.conversations.find(house.key)).turns == turns
    assert answered == 2  # the edit, and the answer to it


async def test_refused_gestures(house: PhoneHouse) -> None:
    """What a phone cannot do is refused, and shows nothing."""
    await house.buy("whatsapp")
    refused = [
        await house.do("edit", "x", about="1-0"),
        await house.do("react", "on"),
        await house.do("contact", "nobody"),
        await house.do("media", "hologram"),
    ]

    assert refused == [422] * 4
    assert await house.screen() == []


async def test_telegram_edits_its_progress(house: PhoneHouse) -> None:
    """On Telegram the outcome takes the place of "one moment"; on WhatsApp it comes below."""
    shown = {}
    for look in ("telegram", "whatsapp"):
        await house.buy(look)
        await _consent(house)
        if look == "telegram":
            await house.do("contact", "own")
        await house.say("1098765432" if look == "telegram" else "1098765433")
        await house.press("Sí, guardar")
        shown[look] = [one.text for one in lay_out(await house.screen())]

    assert not any(text.startswith("Guardando") for text in shown["telegram"])
    assert any(text.startswith("Guardando") for text in shown["whatsapp"])


def _message(*labels: str, contact: bool = False) -> Send:
    buttons = tuple(Button(choice=label, label=label, id=f"1:{label}") for label in labels)
    return Send(text="¿Cuál?", buttons=buttons, contact=contact)


@pytest.mark.parametrize(
    ("message", "look", "asks", "shape", "text"),
    [
        (_message("a", "b"), "whatsapp", False, Shape.BUTTONS, ""),
        (_message("a", "b", "c", "d"), "whatsapp", False, Shape.LIST, ""),
        (_message("a", "b", "c", "d"), "telegram", False, Shape.BUTTONS, ""),
        (_message("a", contact=True), "whatsapp", False, Shape.BUTTONS, ""),
        (_message("a", contact=True), "whatsapp", True, Shape.REQUEST, "¿Cuál?\n\n1. a"),
        (_message("a", contact=True), "telegram", True, Shape.KEYBOARD, ""),
        (_message(), "whatsapp", True, Shape.WORDS, ""),
    ],
)
def test_shapes(message: Send, look: str, asks: bool, shape: Shape, text: str) -> None:  # noqa: FBT001
    """Choices stand below a message as its vendor shows them."""
    bubble = present(message, look=look, asks_number=asks)

    assert (bubble.shape, bubble.text) == (shape, text)
