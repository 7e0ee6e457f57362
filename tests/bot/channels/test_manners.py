"""What each vendor does besides carrying words, and what comes of it."""

from typing import Any

import pytest
from redis.asyncio import Redis

from bot.sandbox.server import Sandbox
from state.conversation import Conversation
from state.events import Pressed, Said, SharedContact
from state.parts import BOT, SpeakerKind
from state.staff_actions import HandedBack, TakenOver
from tests.bot.channels.stages import (
    ANA,
    TelegramStage,
    VendorStage,
    WhatsApp,
    telegram_stage,
    whatsapp_stage,
)
from tests.clients import make_client
from tests.meta.shapes import Customer
from tests.telegram.api import Fate

pytestmark = pytest.mark.slow

_HOUR = 3600_000
_CLIENT = make_client(
    service_id=1001, name="Ana Gómez", phone="3001234567", plan="Plan 50MB", address="Calle 1"
)


async def _conversation(stage: VendorStage) -> Conversation:
    return await stage.store.conversations.find(stage.store.key(stage.chat))


async def _post(stage: TelegramStage, update: dict[str, Any]) -> None:
    stage.server.post(update)
    await stage.server.deliver()
    await stage._settle()


async def test_spinner_stops(redis: Redis, sandbox: Sandbox) -> None:
    """A pressed button is answered, also an old one, and also while a person holds the chat."""
    async with telegram_stage(redis, sandbox) as stage:
        await stage.happen(Said(text="hola"))
        await stage.happen(Pressed(button=stage.heard()[-1].buttons[0].id))
        await stage.happen(Pressed(button="0:start"))
        await stage.happen(TakenOver(agent="ana"))
        await stage.happen(Pressed(button="0:start"))

        assert len(stage.api.answered) == 3


async def test_old_spinner(redis: Redis, sandbox: Sandbox) -> None:
    """A press that is too old to be answered holds up nothing."""
    async with telegram_stage(redis, sandbox) as stage:
        await stage.happen(Said(text="hola"))
        stage.server.post(stage.phones.press(ANA, ANA, stage.heard()[-1].buttons[0].id, 1))
        stage.reach(stage.clock() + 60_000)
        await stage.server.deliver()
        await stage._settle()

        assert "Ley 1581" in stage.heard()[-1].text


async def _linked(stage: TelegramStage) -> None:
    await stage.place(_CLIENT)
    await _asked_to_save(stage)
    await stage.happen(Said(text="sí, guardar"))


async def _asked_to_save(stage: TelegramStage) -> None:
    for text in ("hola", "empezar", "sí, autorizo"):
        await stage.happen(Said(text=text))
    await stage.happen(SharedContact(phone="573001234567", own=True))
    await stage.happen(Said(text="1.098.765.432"))


async def test_result_takes_the_place_of_one_moment(redis: Redis, sandbox: Sandbox) -> None:
    """The operation's message is written over "Guardando…", and cannot be passed on."""
    async with telegram_stage(redis, sandbox) as stage:
        await _linked(stage)

        shown = stage.api.shown[ANA]
        assert shown[-1].text.startswith("Perfil del cliente actualizado exitosamente.\n")
        assert (shown[-1].edited, shown[-1].protected) == (1, True)
        assert not [one for one in shown if one.text.startswith("Guardando")]


async def test_result_where_one_moment_is_gone(redis: Redis, sandbox: Sandbox) -> None:
    """If "Guardando…" cannot be written over, the result is a message of its own."""
    async with telegram_stage(redis, sandbox) as stage:
        await stage.place(_CLIENT)
        await _asked_to_save(stage)
        key, number = stage.store.key(stage.chat), (await _conversation(stage)).shown.question + 1
        stage.api.forced = [Fate.WELL, Fate.BUSY]
        await stage.happen(Said(text="sí, guardar"))

        assert await stage.store.receipts.recall(key, number)
        assert await stage.store.receipts.recall(key, number + 1) == ""
        assert stage.api.shown[ANA][-1].text.startswith("Perfil del cliente actualizado")


async def test_lost_answer_of_an_edit(redis: Redis, sandbox: Sandbox) -> None:
    """An edit whose answer is lost is repeated, and the phone shows it once."""
    async with telegram_stage(redis, sandbox) as stage:
        await stage.place(_CLIENT)
        await _asked_to_save(stage)
        stage.api.forced = [Fate.WELL, Fate.CUT]
        await stage.happen(Said(text="sí, guardar"))

        results = [s for s in stage.api.shown[ANA] if s.text.startswith("Perfil del cliente")]
        assert len(results) == 1


async def test_strange_result_is_not_repeated(redis: Redis, sandbox: Sandbox) -> None:
    """An ok with a result that nobody understands is an ok."""
    async with telegram_stage(redis, sandbox) as stage:
        stage.api.forced = [Fate.STRANGE]
        await stage.happen(Said(text="hola"))

        assert len(stage.api.shown[ANA]) == 1


async def test_blocked(redis: Redis, sandbox: Sandbox) -> None:
    """A customer who blocks us is written to no more; who comes back is answered."""
    async with telegram_stage(redis, sandbox) as stage:
        await stage.happen(Said(text="hola"))
        await _post(stage, stage.phones.member(ANA, "kicked"))
        left = (await _conversation(stage)).account.left
        await _post(stage, stage.phones.member(ANA, "member"))
        await stage.happen(Said(text="ayuda"))

        assert (left, (await _conversation(stage)).account.left) == (True, False)
        assert "Puede escribir" in stage.heard()[-1].text


async def test_blocked_without_a_word(redis: Redis, sandbox: Sandbox) -> None:
    """A block that shows only when we write is noted, and the message is a dead letter."""
    async with telegram_stage(redis, sandbox) as stage:
        stage.server.post(stage.phones.text(ANA, "hola"))
        stage.api.blocked.add(ANA)
        await stage.server.deliver()
        await stage._settle()

        assert (await _conversation(stage)).account.left
        assert [letter.reason for letter in await stage.store.dead.list()] == ["Gone"]


async def test_group(redis: Redis, sandbox: Sandbox) -> None:
    """A group is told once that the bot works in private."""
    async with telegram_stage(redis, sandbox) as stage:
        for text in ("/start", "/ayuda", "hola bot"):
            await _post(stage, stage.phones.text(-100123, text))

        (shown,) = stage.api.shown[-100123]
        assert "solo atiendo en privado" in shown.text


async def test_edited(redis: Redis, sandbox: Sandbox) -> None:
    """A changed text is not taken by itself; a change that cannot be seen is not spoken of."""
    async with telegram_stage(redis, sandbox) as stage:
        await stage.happen(Said(text="hola"))
        number = stage.server.message_ids[ANA] - 1
        await _post(stage, stage.phones.edited(ANA, number, "hola"))
        silent = len(stage.heard())
        await _post(stage, stage.phones.edited(ANA, number, "hola, soy Ana"))
        await _post(stage, stage.phones.edited(ANA, number - 9, "otra cosa"))

        assert silent == 1
        assert [m.text[:23] for m in stage.heard()[1:]] == ["Vi que editó su mensaje"]


async def test_album(redis: Redis, sandbox: Sandbox) -> None:
    """Several pictures at once get one answer; one sent later gets its own."""
    async with telegram_stage(redis, sandbox) as stage:
        await stage.happen(Said(text="hola"))
        for _ in range(4):
            await _post(stage, stage.phones.photo(ANA))
        once = len(stage.heard())
        stage.reach(stage.clock() + 60_000)
        await _post(stage, stage.phones.photo(ANA))

        assert (once, len(stage.heard())) == (2, 3)


async def test_all_chats_are_slowed(redis: Redis, sandbox: Sandbox) -> None:
    """Two chats told to wait close the account's gate; everybody is written to in the end."""
    async with telegram_stage(redis, sandbox) as stage:
        stage.api.forced = [Fate.BUSY, Fate.BUSY]
        for chat in (ANA, 43):
            stage.server.post(stage.phones.text(chat, "hola"))
        await stage.server.deliver()
        await stage._settle()

        assert [len(stage.api.shown[chat]) for chat in (ANA, 43)] == [1, 1]


async def test_answer_from_the_business_phone(redis: Redis, sandbox: Sandbox) -> None:
    """Who answers from the business phone holds the chat for four hours."""
    async with whatsapp_stage(redis, sandbox) as stage:
        await stage.happen(Said(text="hola"))
        echo: dict[str, Any] = {
            "from": "573000000000",
            "to": WhatsApp.phone,
            "to_user_id": WhatsApp.user_id,
        }
        echo |= {"id": "wamid.E1", "type": "text", "text": {"body": "Ya le ayudo"}}
        await _change(stage, "smb_message_echoes", {"message_echoes": [echo]})
        held = (await _conversation(stage)).speaker
        await stage.happen(Said(text="gracias"))
        silent = len(stage.heard())
        stage.reach(stage.clock() + 5 * _HOUR)
        await stage.happen(Said(text="hola"))

        assert (held.kind, silent) == (SpeakerKind.BUSINESS_PHONE, 1)
        assert (await _conversation(stage)).speaker == BOT
        assert len(stage.heard()) == 2


async def _change(stage: Any, field: str, value: dict[str, Any]) -> None:
    """Bring one change of another field than messages, as the house's intake takes it."""
    import msgspec  # noqa: PLC0415  # the simulator knows messages and statuses only

    value |= {"metadata": {"phone_number_id": stage.meta.phone_number_id}}
    body = {"entry": [{"id": "1", "changes": [{"field": field, "value": value}]}]}
    receiver = stage.inlet
    await stage.intake().take("whatsapp", receiver, msgspec.json.encode(body))
    await stage._settle()


async def test_new_number_proves_nothing(redis: Redis, sandbox: Sandbox) -> None:
    """Who changes the number keeps the chat, but what was proven is proven no more."""
    async with whatsapp_stage(redis, sandbox) as stage:
        await stage.place(_CLIENT)
        await stage.known("573001234567")
        await stage.happen(Said(text="hola"))
        await stage.happen(Said(text="sí"))
        await stage.happen(Said(text="sí, autorizo"))
        proven = (await _conversation(stage)).possesses
        change = stage.meta.shapes.number_change(WhatsApp, "573009998877")
        stage.meta.add(change, WhatsApp)
        await stage.meta.deliver()
        after = await _conversation(stage)
        moved = Customer(phone="573009998877", user_id=WhatsApp.user_id)
        stage.meta.add(stage.meta.shapes.text(moved, "hola"), moved)
        await stage.meta.deliver()

        assert (proven, after.possesses, after.account.person.phone) == (
            True,
            False,
            "573009998877",
        )


async def test_outside_the_window(redis: Redis, sandbox: Sandbox) -> None:
    """A day after the customer's last message a template carries what is said."""
    async with whatsapp_stage(redis, sandbox) as stage:
        await stage.happen(Said(text="hola"))
        await stage.happen(TakenOver(agent="ana"))
        stage.reach(stage.clock() + 25 * _HOUR)
        await stage.happen(HandedBack(agent="ana"))

        shown = stage.api.shown[WhatsApp.user_id][-1]
        assert shown.template == "enlace_aviso"


async def test_read_and_typing(redis: Redis, sandbox: Sandbox) -> None:
    """Each message is marked as read, and an answer is announced."""
    async with whatsapp_stage(redis, sandbox) as stage:
        await stage.happen(Said(text="hola"))
        await stage.happen(Said(text="ayuda"))

        assert len(stage.api.read) == len(stage.api.typing) == 2


async def test_read_while_a_person_holds(redis: Redis, sandbox: Sandbox) -> None:
    """While a person holds the chat, no answer is announced that would not come."""
    async with whatsapp_stage(redis, sandbox) as stage:
        await stage.happen(Said(text="hola"))
        await stage.happen(TakenOver(agent="ana"))
        await stage.happen(Said(text="¿está ahí?"))

        assert (len(stage.api.read), len(stage.api.typing)) == (2, 1)


async def test_number_is_asked_for(redis: Redis, sandbox: Sandbox) -> None:
    """Where WhatsApp does not show the number, it is asked for with WhatsApp's own button."""
    async with whatsapp_stage(redis, sandbox) as stage:
        hidden = Customer(phone=None, user_id="CO.222", shows_phone=False)
        stage.api.know(hidden)
        await stage.place(_CLIENT)
        for text in ("hola", "sí", "sí, autorizo"):
            stage.meta.add(stage.meta.shapes.text(hidden, text), hidden)
            await stage.meta.deliver()
            await stage._settle()

        assert stage.api.shown["CO.222"][-1].kind == "request_contact_info"
