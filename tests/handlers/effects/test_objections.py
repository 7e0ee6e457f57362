"""What only the store knows: caps, phones that changed lately, other chats that tried."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from bot.sandbox.server import Sandbox
from state.conversation import Conversation
from state.effects import UpdateClient
from state.events import (
    Invited,
    Outcome,
    Renumbered,
    Said,
    Updated,
)
from state.messages.staff import OBJECTIONS
from state.objections import Objection
from state.parts import QUEUE
from state.staff_actions import Decided
from state.states import State
from state.store.outbox import Head
from tests.clients import make_changes, make_client, on_file
from tests.house_stage import HouseStage

pytestmark = pytest.mark.slow

_DAY = 24 * 3600_000
_ANA = make_client(
    service_id=1001, name="Ana Gómez", address="Calle 10 # 5-20", plan="Plan 50MB",
    price="60000.00",
)  # fmt: skip
_DOCUMENTS = ("1098765432", "1098765433", "1098765434")


@pytest.fixture
async def stage(redis: Redis, sandbox: Sandbox) -> AsyncIterator[HouseStage]:
    """A house with services on whose file nothing stands."""
    staged = HouseStage(redis, sandbox)
    for number in range(1001, 1006):
        await staged.place(replace(_ANA, service_id=number))
    yield staged
    await staged.aclose()


async def _found(stage: HouseStage) -> Conversation:
    return await stage.store.conversations.find(stage.store.key(stage.chat))


async def _save(
    stage: HouseStage, chat: str, *, service: int = 1001, document: str = _DOCUMENTS[0],
    phone: str = "dejar el actual",
) -> Conversation:  # fmt: skip
    """Come with an invitation, vouched for by staff, and save; gives where that leads."""
    stage.chat = replace(stage.chat, id=chat)
    await stage.happen(Said(text="reiniciar"))
    await stage.happen(Said(text="empezar"))
    if (await _found(stage)).state is State.CONSENT:
        await stage.happen(Said(text="sí, autorizo"))
    await stage.happen(Invited(code=await stage.invite(service)))
    await stage.happen(Said(text="sí, es el mío"))
    await stage.vouch()
    for text in ("continuar", document, phone, "sí, guardar"):
        await stage.happen(Said(text=text))
    return await _found(stage)


def _stayed(conversation: Conversation, objection: Objection) -> bool:
    request = conversation.change.request
    return request is not None and request.reasons[-1] == OBJECTIONS[objection]


async def test_document_once_a_month(stage: HouseStage) -> None:
    """A document that was changed by chat is changed again by people, for thirty days."""
    first = await _save(stage, "a", phone="3001112233")
    await stage.pass_time(10 * 60_000)  # until it was read again
    await stage.place(replace(_ANA, on_file=on_file(phone="3001112233")))
    again = await _save(stage, "a", document=_DOCUMENTS[1])
    stage.reach(stage.clock() + 31 * _DAY)
    await stage.happen(Said(text="cancelar"))
    await stage.happen(Said(text="sí, retirarla"))
    later = await _save(stage, "a", document=_DOCUMENTS[2])

    assert first.state is State.DONE
    assert _stayed(again, Objection.DOCUMENT_OFTEN)
    assert later.state is State.DONE


async def test_phone_twice_a_month(stage: HouseStage) -> None:
    """The third phone within thirty days is for people."""
    ended = [
        await _save(stage, "a", phone=phone) for phone in ("3001112233", "3001112244", "3001112255")
    ]

    assert [one.state for one in ended] == [State.DONE, State.DONE, State.REVIEW]
    assert _stayed(ended[2], Objection.PHONE_OFTEN)


async def test_third_chat_of_a_service(stage: HouseStage) -> None:
    """Two chats may belong to a service; the third is for people, until one has left."""
    for chat in ("a", "b"):
        assert (await _save(stage, chat, phone="3001112233")).link
    third = await _save(stage, "c", phone="3001112244")
    stage.chat = replace(stage.chat, id="b")
    for text in ("hola", "desvincular"):
        await stage.happen(Said(text=text))
    fourth = await _save(stage, "d", phone="3001112244")

    assert _stayed(third, Objection.CHATS)
    assert fourth.state is State.DONE


async def test_fourth_service_of_a_chat(stage: HouseStage) -> None:
    """A chat may belong to three services; the fourth is for people."""
    ended = [
        await _save(stage, "a", service=number, phone="3001112233") for number in range(1001, 1005)
    ]

    assert [one.state for one in ended] == [State.DONE] * 3 + [State.REVIEW]
    assert _stayed(ended[3], Objection.SERVICES)


async def test_locked_service(stage: HouseStage) -> None:
    """Whoever says that it was somebody else stops what the policy would allow to any chat."""
    await _save(stage, "a", phone="3001112233")
    await stage.happen(Said(text="no fui yo"))
    stage.chat = replace(stage.chat, id="b")
    await stage.known("573001112244")
    for text in ("hola", "empezar", "sí, autorizo"):
        await stage.happen(Said(text=text))
    await stage.happen(Invited(code=await stage.invite(1001)))
    for text in ("sí, es el mío", "sí, es correcto", "3001112244", "sí, guardar"):
        await stage.happen(Said(text=text))

    assert _stayed(await _found(stage), Objection.LOCKED)


async def test_phone_that_changed_proves_nothing(stage: HouseStage) -> None:
    """For 72 hours a phone that was put on file by chat proves no further change."""
    await _save(stage, "a", phone="3159741951")

    async def by_phone(chat: str) -> Conversation:
        stage.chat = replace(stage.chat, id=chat)
        await stage.known("573159741951")
        for text in ("hola", "empezar", "el celular nuevo es 3001112244", "sí, autorizo"):
            await stage.happen(Said(text=text))
        await stage.known("573001112244")
        await stage.happen(Said(text="sí, guardar"))
        return await _found(stage)

    early = await by_phone("b")
    stage.reach(stage.clock() + 4 * _DAY)
    late = await by_phone("c")

    assert _stayed(early, Objection.PHONE_RECENT)
    assert late.state is State.DONE


async def test_link_without_a_change(stage: HouseStage) -> None:
    """A third chat is not linked even where nothing is changed, until staff make sure who it is."""
    await stage.place(replace(_ANA, on_file=on_file(_DOCUMENTS[0], "3001112233")))
    for chat in ("a", "b"):
        assert (await _look(stage, chat)).link
    third = await _look(stage, "c")
    chats = (await stage.store.service_history.history(1001)).chats
    await stage.vouch()
    for text in ("continuar", "sí, guardar"):
        await stage.happen(Said(text=text))

    assert (third.link, third.speaker, third.state) == (None, QUEUE, State.SUMMARY)
    assert len(chats) == 2
    assert (await _found(stage)).link
    assert len((await stage.store.service_history.history(1001)).chats) == 3


async def _look(stage: HouseStage, chat: str) -> Conversation:
    """Come with an invitation, and leave everything as it is on file."""
    stage.chat = replace(stage.chat, id=chat)
    for text in ("hola", "empezar", "sí, autorizo"):
        await stage.happen(Said(text=text))
    await stage.happen(Invited(code=await stage.invite(1001)))
    for text in ("sí, es el mío", "sí, es correcto", "dejar el actual", "sí, guardar"):
        await stage.happen(Said(text=text))
    return await _found(stage)


async def test_another_phone_proves_nothing(stage: HouseStage) -> None:
    """For 72 hours after the account came to another phone, its number decides nothing."""
    await stage.place(replace(_ANA, on_file=on_file(phone="3159741951")))
    await stage.known("573159741951")
    for text in ("hola", "empezar", "sí, autorizo"):
        await stage.happen(Said(text=text))
    await stage.happen(Renumbered())

    async def save() -> Conversation:
        for text in ("reiniciar", "empezar", _DOCUMENTS[0], "dejar el actual", "sí, guardar"):
            await stage.happen(Said(text=text))
        return await _found(stage)

    early = await save()
    stage.reach(stage.clock() + 4 * _DAY)
    await stage.happen(Said(text="volver al asistente"))
    late = await save()

    assert (early.state, early.speaker) == (State.SUMMARY, QUEUE)
    assert late.state is State.DONE


async def test_documents_of_others_are_not_learnt(stage: HouseStage) -> None:
    """A document is compared once a month: after an occupied one, a free one sounds alike."""
    await stage.place(make_client(1001, name="Ana Gómez", phone="3159741951"))
    await stage.place(make_client(2001, name="Luis Rueda", document="79111888"))
    heard = []
    for document in ("79111888", "1098765432"):
        stage.chat = replace(stage.chat, id="a")
        await _come(stage)
        for text in (document, "dejar el actual", "sí, guardar"):
            await stage.happen(Said(text=text))
        heard.append((await _found(stage)).shown.asked)
        for text in ("cancelar", "sí, retirarla"):
            await stage.happen(Said(text=text))

    assert heard == ["en_aprobacion", "en_aprobacion"]
    assert (await stage.client(1001)).document == ""


async def _come(stage: HouseStage) -> None:
    """Come with an invitation."""
    for text in ("reiniciar", "empezar", "sí, autorizo"):
        await stage.happen(Said(text=text))
    await stage.happen(Invited(code=await stage.invite(1001)))
    await stage.happen(Said(text="sí, es el mío"))


async def _link_on_facts(stage: HouseStage, chat: str) -> None:
    """Come with the facts alone, and be let in by staff."""
    stage.chat = replace(stage.chat, id=chat)
    way = ("hola", "empezar", "sí, autorizo", "prefiero no hacerlo", "número de servicio", "1001")
    facts = ("Ana Gómez", "Calle 10 # 5-20", "Plan 50MB", "60000", "52123456", "3159741951")
    for text in (*way, *facts, "sí, guardar"):
        await stage.happen(Said(text=text))
    request = (await _found(stage)).change.request
    assert request is not None
    await stage.happen(Decided(agent="luis", code=request.code, approved=True))
    assert (await _found(stage)).link is not None


async def test_holder_displaces_who_only_knows(stage: HouseStage) -> None:
    """The holder takes the place of the oldest chat that only knows, which begins anew."""
    for chat in ("x", "y"):
        await _link_on_facts(stage, chat)
        stage.reach(stage.clock() + 60_000)
    holder = await _save(stage, "ana", document="sí, es correcto")
    chats = (await stage.store.service_history.history(1001)).chats
    stage.chat = replace(stage.chat, id="x")
    displaced = await _found(stage)
    await stage.happen(Said(text="qué pasó"))

    assert (holder.state, holder.link is not None) == (State.DONE, True)
    assert (displaced.state, displaced.link) == (State.START, None)
    assert (await _found(stage)).shown.asked == "hola"
    named = {stage.store.key(replace(stage.chat, id=one)) for one in ("y", "ana")}
    assert chats.keys() == named


async def test_who_only_knows_hears_and_stops_nothing(stage: HouseStage) -> None:
    """A chat that staff linked on facts is not told of the holder's change, nor may it stop it."""
    await _link_on_facts(stage, "x")
    holder = await _save(stage, "ana", document="cambiarlo")
    for text in ("79111888", "dejar el actual", "sí, guardar"):
        await stage.happen(Said(text=text))
    holder = await _found(stage)
    stage.chat = replace(stage.chat, id="x")
    told = (await _found(stage)).notice
    await stage.happen(Said(text="no fui yo"))
    stage.chat = replace(stage.chat, id="ana")

    assert holder.state in (State.DONE, State.REVIEW)
    assert told is None
    assert (await _found(stage)).change.request == holder.change.request
    assert not await stage.store.attempts.is_locked(1001, now=stage.clock())


async def _perform(stage: HouseStage, action: UpdateClient, *, seq: int) -> Updated:
    """Perform an update as the effect of that number, whose report may be lost."""
    head = Head(
        chat=stage.chat, key=stage.store.key(stage.chat), seq=seq, effect=action, attempt=1,
        doubt=False, kept="", until=0, conversation=await _found(stage),
    )  # fmt: skip
    result = await stage.sender.actions.perform(head, action)
    assert isinstance(result, Updated)
    return result


async def test_own_write_is_no_earlier_change(stage: HouseStage) -> None:
    """A change whose report was lost is reported when it is tried again, not sent to people."""
    await stage.happen(Said(text="hola"))
    known = await stage.client(1001)
    action = UpdateClient(
        service_id=1001, known=known,
        changes=make_changes(known, document=_DOCUMENTS[0], phone="+573001112233"),
    )  # fmt: skip
    other = replace(action, changes=make_changes(known, document=_DOCUMENTS[1]))

    lost = await _perform(stage, action, seq=7)
    await stage.behave("caído")
    away = await _perform(stage, action, seq=8)
    await stage.behave("responde")
    again = [await _perform(stage, action, seq=seq) for seq in (9, 10, 11)]
    another = await _perform(stage, other, seq=12)
    stage.chat = replace(stage.chat, id="b")
    await stage.happen(Said(text="hola"))
    stranger = await _perform(stage, action, seq=1)

    assert (lost.outcome, away.outcome) == (Outcome.UPDATED, Outcome.FAILED)
    assert [updated.outcome for updated in again] == [Outcome.UPDATED] * 3
    assert (another.outcome, another.stay) == (Outcome.STAYED, Objection.DOCUMENT_OFTEN)
    assert (stranger.outcome, stranger.stay) == (Outcome.STAYED, Objection.DOCUMENT_OFTEN)
