"""What a service's other chats hear of a change, and what they can do about it."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from bot.sandbox.server import Sandbox
from state.conversation import Chat, Conversation
from state.effects import Warn
from state.events import Invited, Said
from state.journal import Kind
from state.messages.staff import OBJECTIONS
from state.objections import Objection
from state.parts import BOT, NOBODY, QUEUE, Person
from state.staff_actions import Decided, TakenOver
from state.states import State
from state.store.conversations import NoSuchConversation
from state.store.outbox import Head
from tests.clients import make_client, phone_text
from tests.house_stage import HouseStage

pytestmark = pytest.mark.slow

_ANA = make_client(1001, name="Ana Gómez", document="52123456", phone="3159741951")


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
    assert "se pidió cambiar el celular de su servicio" in warnings[0]
    assert first.notice is not None
    assert (first.notice.service_id, first.shown.asked, second.notice) == (
        1001,
        "aviso_titular",
        None,
    )


async def test_it_was_me(stage: HouseStage) -> None:
    """Whoever confirms goes on where the chat stood, and nothing is locked."""
    answered = await _say(stage, "a", "fui yo")

    assert (answered.state, answered.notice, answered.speaker) == (State.DONE, None, BOT)
    assert stage.heard()[-1].text.startswith("Gracias por confirmarlo.")
    assert not await stage.store.attempts.is_locked(1001, now=stage.clock())


async def test_it_was_not_me(stage: HouseStage) -> None:
    """Whoever objects brings a person, and locks the service against every chat."""
    objected = await _say(stage, "a", "no fui yo")
    await stage.known("573001112255")
    stage.chat = replace(stage.chat, id="b")
    for text in ("hola", "actualizar mis datos", "sí, es correcto", "3001112255", "sí, guardar"):
        await stage.happen(Said(text=text))
    request = (await _found(stage, "b")).change.request

    assert objected.speaker == QUEUE
    assert request is not None
    assert request.reasons[-1] == OBJECTIONS[Objection.LOCKED]


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


_OLD = "573159741951"


async def _replace(stage: HouseStage, *, days: int = 4) -> Conversation:
    """From a third chat, days after its others came, ask to put a number in the old one's place."""
    stage.reach(stage.clock() + days * 24 * 3600_000)
    stage.chat, stage.person = replace(stage.chat, id="c"), NOBODY
    for text in ("hola", "empezar", "sí, autorizo", "el celular nuevo es 3201234567"):
        await stage.happen(Said(text=text))
    await stage.happen(Invited(code=await stage.invite(1001)))
    for text in ("sí, es el mío", "corregir", "el celular", "quitar el anterior", "3201234567"):
        await stage.happen(Said(text=text))
    return await _say(stage, "c", "sí, guardar")


async def _said_to(stage: HouseStage, chat: Chat) -> list[str]:
    entries = await stage.store.journal.read(stage.store.key(chat))
    return [entry.text for entry in entries if entry.kind is Kind.BOT]


async def test_old_number_is_told(stage: HouseStage) -> None:
    """A number on file that never wrote to us is told, in a chat of its own, once."""
    stage.tell_numbers()
    asked = await _replace(stage)
    old = replace(stage.chat, id=_OLD)

    (told,) = await _said_to(stage, old)
    assert asked.state is State.REVIEW
    assert "quitar el celular anterior" in told
    assert (await _found(stage, _OLD)).account.person.phone == _OLD


async def test_old_number_says_yes(stage: HouseStage) -> None:
    """A yes from the old number itself lets an approved request be written before its day."""
    stage.tell_numbers()
    asked = await _replace(stage)
    assert asked.change.request is not None
    await stage.happen(Decided(agent="eva", code=asked.change.request.code, approved=True))
    before = await stage.client(1001)
    await stage.known(_OLD)
    await _say(stage, _OLD, "fui yo")

    assert _OLD[2:] in phone_text(before)
    assert phone_text(await stage.client(1001)) == "+573201234567"


async def test_old_number_says_no(stage: HouseStage) -> None:
    """A no from the old number voids the approval, locks the service, and brings a person."""
    stage.tell_numbers()
    asked = await _replace(stage)
    assert asked.change.request is not None
    await stage.happen(Decided(agent="eva", code=asked.change.request.code, approved=True))
    await stage.known(_OLD)
    objected = await _say(stage, _OLD, "no fui yo")
    await stage.pass_time(2 * 24 * 3600_000)
    stopped = (await _found(stage, "c")).change.request

    assert objected.speaker == QUEUE
    assert stopped is not None
    assert (stopped.contested, stopped.approved_by) == (True, ())
    assert await stage.store.attempts.is_locked(1001, now=stage.clock())
    assert _OLD[2:] in phone_text(await stage.client(1001))


async def test_yes_of_a_new_number_is_not_enough(stage: HouseStage) -> None:
    """A number that was added a short while ago may stop a change, not hasten it."""
    stage.tell_numbers()
    asked = await _replace(stage, days=1)
    assert asked.change.request is not None
    await stage.happen(Decided(agent="eva", code=asked.change.request.code, approved=True))
    await stage.known("573001112233")
    await _say(stage, "a", "fui yo")

    assert (await _found(stage, "c")).change.request is not None
    assert _OLD[2:] in phone_text(await stage.client(1001))


async def test_notices_are_few(stage: HouseStage) -> None:
    """Nobody can have strangers written to without end."""
    guard = stage.sender.actions.guard
    heads = [
        Head(
            chat=stage.chat, key="c", seq=number, effect=Warn(service_id=1001, action=""),
            attempt=1, doubt=False, kept="", until=0,
            conversation=Conversation(chat=stage.chat),
        )
        for number in range(8)
    ]  # fmt: skip
    barred = [await guard.blocks_notice(head, 1001) for head in heads]

    assert barred == [False] * 6 + [True] * 2


async def test_no_template_no_notice(stage: HouseStage) -> None:
    """Where we may not write to strangers no chat is begun for an old number."""
    await _replace(stage)

    with pytest.raises(NoSuchConversation):
        await _found(stage, _OLD)


async def test_chat_that_is_not_linked_is_told(stage: HouseStage) -> None:
    """Who wrote to us once from an old number is told there, linked or not."""
    stage.tell_numbers()
    person = Person(phone=_OLD)
    people = [(replace(stage.chat, id=""), person)]
    (contact,) = await stage.store.contacts.find_or_begin(people, now=stage.clock())
    stage.chat, stage.person = contact.chat, person
    await stage.happen(Said(text="hola"))
    await _replace(stage)

    told = await _said_to(stage, contact.chat)
    assert [text.split(".")[0] for text in told][-1].startswith("Aviso de seguridad")
