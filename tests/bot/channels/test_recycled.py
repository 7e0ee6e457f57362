"""A number that a second account shows: it writes nothing, shows nothing, and is told of."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from bot.sandbox.server import Sandbox
from handlers.ports import Account
from state.client import Client
from state.conversation import Chat, Conversation
from state.events import NumberPassed, Said, SharedContact
from state.journal import Kind
from state.messages.staff import NOTES, Note, Reason
from state.parts import QUEUE, Person
from state.states import State
from tests.bot.channels.stages import WhatsAppStage, telegram_stage, whatsapp_stage
from tests.clients import make_client, on_file
from tests.meta.shapes import Customer

pytestmark = [pytest.mark.slow, pytest.mark.vendors]

_NUMBER = "573159741951"
_FIRST = Customer(phone=_NUMBER, user_id="CO.111", name="Ana")
_SECOND = Customer(phone=_NUMBER, user_id="CO.999", name="Beto")
_BLANK = make_client(
    1001, name="Ana Gómez", phone="3159741951", address="Calle 10 # 5-20", plan="Plan 50MB",
    price="60000.00",
)  # fmt: skip
_ANA = replace(_BLANK, on_file=on_file("52123456", "3159741951"))
_HELLO = ("hola", "empezar", "sí, autorizo")
_FACTS = ("Datos de mi factura", "Ana Gómez", "Calle 10 # 5-20", "no sé", "60000")
_DAYS = 4 * 24 * 3600_000


@pytest.fixture
async def stage(redis: Redis, sandbox: Sandbox) -> AsyncIterator[WhatsAppStage]:
    """A house with a number, Meta around it, and a service whose holder has that phone."""
    async with whatsapp_stage(redis, sandbox) as staged:
        await staged.place(_BLANK)
        yield staged


def _be(stage: WhatsAppStage, customer: Customer) -> None:
    stage.customer = customer
    stage.api.know(customer)
    if customer.user_id == _SECOND.user_id:  # whose number it is now
        stage.api.know(replace(_FIRST, phone=None))
    stage.chat = replace(stage.chat, id=customer.user_id)


async def _say(stage: WhatsAppStage, customer: Customer, *texts: str) -> list[str]:
    """Write these texts; tell what is said to anybody meanwhile."""
    _be(stage, customer)
    before = len(stage.heard())
    for text in texts:
        await stage.happen(Said(text=text))
    return [message.text for message in stage.heard()[before:]]


async def _found(stage: WhatsAppStage, customer: Customer) -> Conversation:
    key = stage.store.key(replace(stage.chat, id=customer.user_id))
    return await stage.store.conversations.find(key)


async def _notes(stage: WhatsAppStage, customer: Customer) -> list[str]:
    key = stage.store.key(replace(stage.chat, id=customer.user_id))
    return [e.text for e in await stage.store.journal.read(key) if e.kind is Kind.NOTE]


async def _link_the_first(stage: WhatsAppStage) -> None:
    """Let the first account write by its number, which is on file."""
    await _say(stage, _FIRST, *_HELLO, "52123456", "dejar el actual", "sí, guardar")
    assert (await _found(stage, _FIRST)).link is not None
    stage.reach(stage.clock() + 40 * _DAYS)


async def test_recycled_number_proves_nothing(stage: WhatsAppStage) -> None:
    """The second account is not looked up by the number; with facts too, people decide."""
    await _link_the_first(stage)
    said = await _say(stage, _SECOND, *_HELLO)
    met = await _found(stage, _SECOND)
    asked = await _say(stage, _SECOND, *_FACTS, "1098765432", "3159741951", "sí, guardar")
    saved = await _found(stage, _SECOND)

    assert "no basta para ubicar su servicio" in said[-1]
    assert (met.state, met.identity.proofs) == (State.METHOD, ())
    assert not any("termina en" in text for text in asked)
    assert saved.state is State.REVIEW
    assert saved.change.request is not None
    assert Reason.RECYCLED in saved.change.request.reasons
    assert (await stage.client(1001)).document == "52123456"


async def test_time_makes_no_proof(stage: WhatsAppStage) -> None:
    """Days later the number of a second account still proves nothing."""
    await _link_the_first(stage)
    await _say(stage, _SECOND, "hola")
    stage.reach(stage.clock() + _DAYS)
    await _say(stage, _SECOND, *_HELLO)

    assert (await _found(stage, _SECOND)).state is State.METHOD


@pytest.mark.parametrize("client", [_ANA, _BLANK, None])
async def test_nothing_is_compared(stage: WhatsAppStage, client: Client | None) -> None:
    """Whatever stands on file of the number, or nothing, the second account hears the same."""
    stage.sandbox.rows.clear()
    if client is not None:
        await stage.place(client)
    await _say(stage, _FIRST, "hola")

    assert await _say(stage, _SECOND, *_HELLO[:2]) != []
    (answer,) = await _say(stage, _SECOND, _HELLO[2])
    assert answer.partition("\n\n")[2].startswith("Este número no basta")


async def test_first_chat_is_told_and_objects(stage: WhatsAppStage) -> None:
    """The chat that possesses the service is told once, by its account, and may stop changes."""
    await _link_the_first(stage)
    told = [
        text
        for text in await _say(stage, _SECOND, *_HELLO)
        if text.startswith("Aviso de seguridad")
    ]
    template = stage.api.shown[_FIRST.user_id][-1].template
    await _say(stage, replace(_FIRST, phone=None), "no fui yo")
    first = await _found(stage, _FIRST)

    assert len(told) == 1
    assert "otra cuenta usa ahora el número" in told[0]
    assert template is not None  # of the closed window, addressed by the account
    assert (first.speaker, first.link is not None) == (QUEUE, True)
    assert await stage.store.attempts.is_locked(1001, now=stage.clock())
    assert (await _notes(stage, _SECOND)).count(Note.RECYCLED) == 1


async def test_first_chat_that_only_knows_is_not_told(stage: WhatsAppStage) -> None:
    """Where the first chat possesses nothing, staff see a note, and nobody is written to."""
    await _say(stage, _FIRST, "hola")
    said = await _say(stage, _SECOND, "hola")
    notes = await _notes(stage, _FIRST)

    assert len(said) == 1
    assert [note for note in notes if "Otra cuenta" in note] == [NOTES[NumberPassed]]


async def test_invitation_lets_the_second_in(stage: WhatsAppStage) -> None:
    """With an invitation the second account possesses the service, whose number it now has."""
    await _link_the_first(stage)
    code = await stage.invite(1001)
    await _say(stage, _SECOND, *_HELLO, f"Vincular {code}", "sí, es el mío", "sí, es correcto")
    await _say(stage, _SECOND, "dejar el actual", "sí, guardar")
    second = await _found(stage, _SECOND)

    assert (second.state, second.possessed_services) == (State.DONE, (1001,))


async def test_number_shared_on_request(stage: WhatsAppStage) -> None:
    """A recycled number that comes as a contact of the account's own proves as little."""
    await _link_the_first(stage)
    await _say(stage, replace(_SECOND, shows_phone=False), *_HELLO)
    await stage.happen(SharedContact(phone=_NUMBER, own=True))
    second = await _found(stage, _SECOND)

    assert (second.state, second.identity.proofs) == (State.METHOD, ())
    assert second.account.person.recycled_at > 0
    assert (await _found(stage, _FIRST)).notice is not None


async def test_lost_turn(stage: WhatsAppStage) -> None:
    """If the process dies before the turn is kept, the next message tells that it passed."""
    await _link_the_first(stage)
    people = [(replace(stage.chat, id=""), Person(user=_SECOND.user_id, phone=_NUMBER))]
    await stage.store.contacts.find_or_begin(people, now=stage.clock())
    await _say(stage, _SECOND, *_HELLO)

    assert (await _found(stage, _SECOND)).state is State.METHOD
    assert (await _found(stage, _FIRST)).notice is not None


async def test_own_changes_of_number_are_not_recycling(stage: WhatsAppStage) -> None:
    """Who moves to another number and back, as Meta tells, writes by it again three days later."""
    moved = replace(_FIRST, phone="573009998877", user_id="CO.112")
    back = replace(_FIRST, user_id="CO.113")
    await _say(stage, _FIRST, *_HELLO)
    for old, new in ((_FIRST, moved), (moved, back)):
        item = stage.meta.shapes.number_change(old, str(new.phone))
        item["system"]["user_id"] = new.user_id
        stage.meta.add(item, old)
        await stage.meta.deliver()
    stage.reach(stage.clock() + _DAYS)
    _be(stage, back)
    stage.chat = replace(stage.chat, id=_FIRST.user_id)
    for text in ("reiniciar", "empezar", "52123456", "dejar el actual", "sí, guardar"):
        await stage.happen(Said(text=text))
    saved = await _found(stage, _FIRST)

    assert (saved.state, saved.account.person.recycled_at) == (State.DONE, 0)
    assert (await stage.client(1001)).document == "52123456"


async def test_warnings_do_not_go_to_a_recycled_number(stage: WhatsAppStage) -> None:
    """Of a change to the service the number's new account is not told, and has no say in it."""
    await _say(stage, _FIRST, "hola")
    await _say(stage, _SECOND, "hola")
    account = Account(channel="whatsapp", id=stage.chat.account, cold=True)
    notifier = replace(stage.sender.actions.notifier, accounts=[account])
    actions = replace(stage.sender.actions, notifier=notifier)
    stage.sender = replace(stage.sender, actions=actions)
    third = Customer(phone="573001112233", user_id="CO.333", name="Ana")
    code = await stage.invite(1001)
    await _say(stage, third, *_HELLO, f"Vincular {code}", "sí, es el mío", "52123456")
    said = await _say(stage, third, "quitar el anterior", "3001112233", "sí, guardar")
    second = await _found(stage, _SECOND)

    assert second.notice is None
    assert not any(text.startswith("Aviso") for text in said)


async def test_second_account_of_telegram(redis: Redis, sandbox: Sandbox) -> None:
    """The own contact of a second account at Telegram is a recycled number too."""
    async with telegram_stage(redis, sandbox) as stage:
        await stage.place(_ANA)
        chat = Chat(channel="telegram", account="4242", id="")
        people = [(chat, Person(user="41", phone=_NUMBER))]
        await stage.store.contacts.find_or_begin(people, now=stage.clock())
        for text in _HELLO:
            await stage.happen(Said(text=text))
        await stage.happen(SharedContact(phone=_NUMBER, own=True))
        met = await stage.store.conversations.find(stage.store.key(stage.chat))

    assert (met.state, met.identity.proofs) == (State.METHOD, ())
