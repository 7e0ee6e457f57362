"""The guard at every search: strangers who try, services that are locked, alarms."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest
import structlog
from redis.asyncio import Redis

from bot.sandbox.faults import Fault
from bot.sandbox.server import Sandbox
from state.conversation import Conversation
from state.events import Said, SharedContact
from state.parts import QUEUE
from state.states import State
from state.store.outbox import Head
from tests.clients import make_client, on_file
from tests.house_stage import HouseStage

_ANA = make_client(
    service_id=1001, name="Ana Gómez", phone="3159741951", address="Calle 10 # 5-20",
    plan="Plan 50MB", price="60000.00",
)  # fmt: skip
_RIGHT = ("Ana Gómez", "Calle 10 # 5-20", "Plan 50MB", "60000")
_WRONG = ("Luis Pérez", "Calle 11 # 1-2", "Plan 10MB", "20000")
_HOUR = 3600_000


@pytest.fixture
async def stage(redis: Redis, sandbox: Sandbox) -> AsyncIterator[HouseStage]:
    """A house with one service."""
    staged = HouseStage(redis, sandbox)
    await staged.place(_ANA)
    yield staged
    await staged.aclose()


async def _begin(stage: HouseStage, chat: str) -> None:
    stage.chat = replace(stage.chat, id=chat)
    for text in ("hola", "empezar", "sí, autorizo"):
        await stage.happen(Said(text=text))


async def _try(stage: HouseStage, facts: tuple[str, ...], *, service: str = "1001") -> Conversation:
    """Say which service it is, and four facts; gives where that leads."""
    key = stage.store.key(stage.chat)
    sharing = (await stage.store.conversations.find(key)).state is State.SHARING
    way = "prefiero no hacerlo" if sharing else "probar otro dato"
    for text in (way, "número de servicio", service, *facts):
        await stage.happen(Said(text=text))
    return await stage.store.conversations.find(key)


async def test_three_failures_lock_a_service(stage: HouseStage) -> None:
    """After three failed proofs by several chats the right facts prove nothing for a day."""
    for chat in ("a", "b", "c"):
        await _begin(stage, chat)
        await _try(stage, _WRONG)
    await _begin(stage, "ana")
    locked = await _try(stage, _RIGHT)
    stage.reach(stage.clock() + 25 * _HOUR)
    await _begin(stage, "ana2")
    free = await _try(stage, _RIGHT)

    assert (locked.state, locked.lookup.failures) == (State.METHOD, 1)
    assert free.state is State.DOCUMENT


async def test_all_services_of_a_holder_are_locked(stage: HouseStage) -> None:
    """Failures by a document count against one service of its holder after the other."""
    ana = replace(_ANA, on_file=on_file("52123456", "3159741951"))
    for number, address in ((1001, "Calle 10 # 5-20"), (1002, "Calle 20 # 6-30")):
        await stage.place(replace(ana, service_id=number, address=address))
    locked = []
    for chat in "abcdef":
        await _begin(stage, chat)
        for text in ("prefiero no hacerlo", "mi cédula", "52123456", *_WRONG):
            await stage.happen(Said(text=text))
        is_locked = stage.store.attempts.is_locked
        locked.append(sum([await is_locked(n, now=stage.clock()) for n in (1001, 1002)]))

    assert locked == [0, 0, 1, 1, 1, 2]


async def test_a_lock_hides_a_second_service(stage: HouseStage) -> None:
    """While one service is locked, its facts find no other one of the same holder either."""
    await stage.place(replace(_ANA, service_id=1003))
    for chat in ("a", "b", "c"):
        await _begin(stage, chat)
        await _try(stage, _WRONG)
    await _begin(stage, "d")
    for text in ("prefiero no hacerlo", "datos de mi factura", *_RIGHT):
        await stage.happen(Said(text=text))
    told = await stage.store.conversations.find(stage.store.key(stage.chat))

    assert (told.state, told.shown.asked) == (State.METHOD, "id_no")


async def test_strangers_lock_no_holder_out(stage: HouseStage) -> None:
    """Whatever strangers did to the service, who has the phone on file goes on, to people."""
    for chat in ("a", "b", "c"):
        await _begin(stage, chat)
        await _try(stage, _WRONG)
    await _begin(stage, "ana")
    await stage.happen(SharedContact(phone="573159741951", own=True))
    goes_on = await stage.store.conversations.find(stage.store.key(stage.chat))
    for text in ("1098765432", "dejar el actual", "sí, guardar"):
        await stage.happen(Said(text=text))
    asked = await stage.store.conversations.find(stage.store.key(stage.chat))

    assert (goes_on.state, goes_on.possesses) == (State.DOCUMENT, True)
    assert asked.state is State.REVIEW
    assert (await stage.client(1001)).document == ""


async def test_knowledge_disowns_nothing(stage: HouseStage) -> None:
    """Who only knows and says "no fui yo" waits for a person, and locks nobody's service."""
    await _begin(stage, "a")
    await _try(stage, _RIGHT)
    await stage.happen(Said(text="no fui yo"))
    waiting = await stage.store.conversations.find(stage.store.key(stage.chat))

    assert (waiting.speaker, waiting.shown.asked) == (QUEUE, "no_fui_yo")
    assert not await stage.store.attempts.is_locked(1001, now=stage.clock())


async def test_a_chat_tries_three_times(stage: HouseStage) -> None:
    """A fourth attempt of a chat in a day is not made: a person takes over."""
    await _begin(stage, "a")
    for service in ("5000", "7100", "9300"):
        await _try(stage, _RIGHT, service=service)
    for text in ("volver al asistente", "reiniciar", "empezar"):
        await stage.happen(Said(text=text))
    barred = await _try(stage, _RIGHT)

    assert (barred.speaker, barred.identity.client) == (QUEUE, None)


async def test_unanswered_searches_are_no_attempts(stage: HouseStage) -> None:
    """While WispHub is down a chat may try again; afterwards it still has its three attempts."""
    await _begin(stage, "a")
    stage.sandbox.fault = Fault.ERROR
    await _try(stage, _WRONG)
    for _ in range(4):
        await stage.happen(Said(text="intentar otra vez"))
    stage.sandbox.fault = Fault.NONE
    await stage.happen(Said(text="intentar otra vez"))
    for service in ("5000", "7100"):
        answered = await _try(stage, _WRONG, service=service)
        assert answered.lookup.failures or answered.shown.asked == "id_fin"
    for text in ("volver al asistente", "reiniciar", "empezar"):
        await stage.happen(Said(text=text))
    with structlog.testing.capture_logs() as logs:
        await _try(stage, _RIGHT, service="9300")

    assert [log["event"] for log in logs] == ["search.barred"]


async def test_codes_of_strangers_are_counted_apart(stage: HouseStage) -> None:
    """However many codes strangers had sent to the phone on file, the holder's new one gets its."""
    await stage.codes("salen")
    for chat in ("a", "b", "c"):
        await _begin(stage, chat)
        await _try(stage, _RIGHT)
        for _ in range(2):
            await stage.happen(Said(text="reenviar código"))
    sent = len(stage.pigeons.sent)
    await _begin(stage, "ana")
    await stage.happen(SharedContact(phone="573159741951", own=True))
    for text in ("1098765432", "3112223344"):
        await stage.happen(Said(text=text))

    assert sent == 6, "of nine that were asked for"
    assert stage.pigeons.sent[-1][0] == "+573112223344"


async def test_searches_at_the_same_time(stage: HouseStage) -> None:
    """Each search is counted before it is made: no more than three are, however many are sent."""
    head = cast("Head", SimpleNamespace(key=stage.store.key(stage.chat), seq=0))
    heads = [SimpleNamespace(key=head.key, seq=number) for number in range(9)]
    blocks = stage.sender.actions.guard.blocks_search
    blocked = await asyncio.gather(*(blocks(cast("Head", one), "name:Ana") for one in heads))

    assert blocked.count(False) == 3


async def test_a_walk_is_noticed(stage: HouseStage) -> None:
    """Who enumeration is stopped at the third."""
    await _begin(stage, "a")
    for service in ("4001", "4002"):
        await _try(stage, _WRONG, service=service)
    walked = await _try(stage, _WRONG, service="4003")

    assert walked.speaker == QUEUE


async def test_disowned_service(stage: HouseStage) -> None:
    """Who has the phone and says "no fui yo" locks the service: people decide, until they vouch."""
    await _begin(stage, "a")
    await stage.happen(SharedContact(phone="573159741951", own=True))
    await stage.happen(Said(text="no fui yo"))
    disowned = stage.chat
    await _begin(stage, "b")
    await stage.happen(SharedContact(phone="573159741951", own=True))
    locked = await stage.store.conversations.find(stage.store.key(stage.chat))
    stage.chat = disowned
    await stage.vouch()
    await _begin(stage, "c")
    await stage.happen(SharedContact(phone="573159741951", own=True))
    free = await stage.store.conversations.find(stage.store.key(stage.chat))

    assert (locked.state, locked.lookup.alarmed) == (State.DOCUMENT, True)
    assert (free.state, free.lookup.alarmed) == (State.DOCUMENT, False)


async def test_attack(stage: HouseStage) -> None:
    """While proofs fail everywhere nothing is changed without people, whatever is proven."""
    for number in range(21):
        await stage.store.attempts.count_failure(id=f"x{number}", service=None, now=stage.clock())
    await _begin(stage, "a")
    await stage.happen(SharedContact(phone="573159741951", own=True))
    for text in ("1098765432", "dejar el actual", "sí, guardar"):
        await stage.happen(Said(text=text))
    asked = await stage.store.conversations.find(stage.store.key(stage.chat))

    assert asked.state is State.REVIEW
    assert (await stage.client(1001)).document == ""


async def test_document_named_by_many(stage: HouseStage) -> None:
    """Three chats that name one document within a day are told to whoever watches the log."""
    with structlog.testing.capture_logs() as logs:
        for chat in ("a", "b", "c"):
            await _begin(stage, chat)
            for text in ("prefiero no hacerlo", "mi cédula", "52123456", *_WRONG):
                await stage.happen(Said(text=text))

    told = [line for line in logs if line["event"] == "document.named_by_many"]
    assert [line["chat"] for line in told] == [stage.store.key(stage.chat)]
    assert "52123456" not in str(logs)
