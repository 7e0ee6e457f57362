"""What is remembered, for how long, and that it is gone afterwards."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from bot.sandbox.server import Sandbox
from bot.worker import Worker
from handlers.console.export import copy
from handlers.ports import Delivery
from state.conversation import Chat
from state.events import Event, Said, SharedContact, Warned
from state.parts import Person
from state.store import keys
from state.store.conversations import NoSuchConversation
from state.store.encryption import Keyring
from state.store.outbox import UNREADABLE, Next
from tests.clients import make_client
from tests.house_stage import HouseStage
from tests.waiting import until

_DAY = 24 * 3600_000
_ANA = make_client(1001, name="Ana Gómez", phone="3159741951")


@pytest.fixture
async def stage(redis: Redis, sandbox: Sandbox) -> AsyncIterator[HouseStage]:
    """A house with one service."""
    staged = HouseStage(redis, sandbox)
    await staged.place(_ANA)
    yield staged
    await staged.aclose()


async def _say(stage: HouseStage, *texts: str) -> None:
    for text in texts:
        await stage.happen(Said(text=text))


async def _remembered(stage: HouseStage) -> bool:
    key = stage.store.key(stage.chat)
    try:
        await stage.store.conversations.find(key)
    except NoSuchConversation:
        assert await stage.store.journal.read(key) == []
        return False
    return True


async def test_unlinked_chats(stage: HouseStage) -> None:
    """A chat that is linked to nothing is erased after thirty days, its journal too."""
    await _say(stage, "hola", "empezar", "sí, autorizo")
    early = await stage.turns.retention.round(now=stage.clock() + 29 * _DAY)
    kept = await _remembered(stage)
    late = await stage.turns.retention.round(now=stage.clock() + 31 * _DAY)

    assert (early, kept, late, await _remembered(stage)) == (0, True, 1, False)


async def test_chats_without_consent(stage: HouseStage) -> None:
    """Of who never consented nothing is kept longer than a day."""
    await _say(stage, "hola, mi cédula es 1098765432", "empezar", "más información")
    early = await stage.turns.retention.round(now=stage.clock() + _DAY - 1)
    late = await stage.turns.retention.round(now=stage.clock() + _DAY + 1)

    assert (early, late, await _remembered(stage)) == (0, 1, False)


@pytest.mark.parametrize("event", [Said(text="asesor"), Warned(service_id=1001, action="cambiar")])
async def test_chats_that_wait(stage: HouseStage, event: Event) -> None:
    """Who waits for a person, or was warned of a change, is kept for thirty days all the same."""
    await _say(stage, "hola")
    await stage.happen(event)
    early = await stage.turns.retention.round(now=stage.clock() + 29 * _DAY)
    late = await stage.turns.retention.round(now=stage.clock() + 31 * _DAY)

    assert (early, late) == (0, 1)


async def test_erased_on_request(stage: HouseStage) -> None:
    """Who wants the conversation erased leaves no line of it; the consent and its proof stay."""
    await _say(stage, "hola", "empezar", "sí, autorizo", "borrar conversación", "sí, borrar")
    key = stage.store.key(stage.chat)
    (line,) = await stage.store.journal.read(key)
    consent = (await stage.store.conversations.find(key)).consent
    (proof,) = await stage.store.consents.read(key)
    await _say(stage, "hola")
    later = await stage.store.journal.read(key)

    assert line.text == "El cliente pidió borrar la conversación: lo anterior se borró"
    assert consent == proof.consent.without_proof()
    assert [entry.text for entry in later[1:2]] == ["hola"]


async def test_erased_with_a_refusal(stage: HouseStage, redis: Redis) -> None:
    """Of who refuses the consent nothing is left that was written before it, only the proof."""
    await _say(stage, "hola, mi cédula es 1098765432", "empezar", "1098765432", "no autorizo")
    key = stage.store.key(stage.chat)
    conversation = await stage.store.conversations.find(key)
    copied = await copy(stage.store, key, conversation)

    assert "1098765432" not in json.dumps(copied)
    assert [line["texto"] for line in copied["conversacion"]] == [
        "El cliente no autorizó el tratamiento de sus datos: lo anterior se borró"
    ]
    assert [record["respuesta"] for record in copied["autorizaciones"]] == ["no autorizo"]
    assert await redis.llen(_name(stage, "out")) == 0


async def test_linked_chats(stage: HouseStage) -> None:
    """A linked chat is remembered for a year."""
    await _say(stage, "hola", "empezar", "sí, autorizo")
    await stage.happen(SharedContact(phone="573159741951", own=True))
    await _say(stage, "1098765432", "dejar el actual", "sí, guardar")

    assert await stage.turns.retention.round(now=stage.clock() + 360 * _DAY) == 0
    assert await stage.turns.retention.round(now=stage.clock() + 366 * _DAY) == 1


async def test_revoked(stage: HouseStage, redis: Redis) -> None:
    """Ten minutes after the permission was revoked nothing of the chat is left but its proof."""
    await _say(stage, "hola", "empezar", "sí, autorizo", "revocar", "sí, revocar")
    before = await _remembered(stage)
    await stage.pass_time(11 * 60_000)

    key = stage.store.key(stage.chat)
    left = [name.decode().split("}:")[1] async for name in redis.scan_iter(f"*{key}*")]
    assert (before, await _remembered(stage)) == (True, False)
    assert sorted(left) == [f"chat:{key}", f"consent:{key}", f"seen:{key}"]
    assert set(await redis.hkeys(_name(stage, "chat"))) == {b"v", b"oseq"}


async def test_unreadable_records(stage: HouseStage, redis: Redis) -> None:
    """A record that cannot be read keeps nobody else's from being erased, nor a worker busy."""
    await _say(stage, "hola", "empezar")
    unread = stage.chat
    await redis.hset(_name(stage, "chat"), "st", b"garbage")
    timers = keys.shard_of(stage.store.key(unread)).key("timers")
    await redis.zadd(timers, {stage.store.key(unread): stage.clock()})
    stage.chat = replace(unread, id="otra")
    await _say(stage, "hola")
    with capture_logs() as logs:
        erased = await stage.turns.retention.round(now=stage.clock() + 31 * _DAY)
        await stage.turns.fire(stage.store.key(unread))
    now = stage.clock() + _DAY // 24
    due = await stage.store.schedule.timers(now=now - 1, most=9)

    assert (erased, await _remembered(stage)) == (1, False)
    assert stage.store.key(unread) not in due
    assert stage.store.key(unread) in await stage.store.schedule.timers(now=now, most=9)
    assert [log["event"] for log in logs] == ["record.unreadable", "retention.erased"]


async def test_unreadable_effects(stage: HouseStage, redis: Redis) -> None:
    """What waits in a chat whose record cannot be read waits on, without an error."""
    key = stage.store.key(stage.chat)
    await stage.turns.take(stage.chat, Delivery(id="1", event=Said(text="hola"), at=stage.clock()))
    await redis.hset(_name(stage, "chat"), "st", b"garbage")
    (lease,) = await stage.store.outbox.take(
        keys.ALL, now=stage.clock(), until=stage.clock() + 5000, most=9
    )

    assert lease.key == key
    assert await stage.store.outbox.begin(lease, now=stage.clock()) is Next.LATER
    assert await stage.store.outbox.waiting_by_channel(most=9) == {"test": 1}
    due = stage.clock() + UNREADABLE
    assert not await stage.store.outbox.take(keys.ALL, now=due - 1, until=due, most=9)
    assert await stage.store.outbox.take(keys.ALL, now=due, until=due + 1, most=9)


@pytest.mark.parametrize("plain", [b"[", b'[{"channel":"a","account":"1","id":"2"},"New",{}]'])
async def test_effects_of_nobody_knows_what(stage: HouseStage, redis: Redis, plain: bytes) -> None:
    """An effect that is none of ours waits, with one line in the log, and breaks nothing."""
    key = stage.store.key(stage.chat)
    await stage.turns.take(stage.chat, Delivery(id="1", event=Said(text="hola"), at=stage.clock()))
    sealed = Keyring((bytes(32),)).seal(plain, place=f"out:{key}")
    await redis.lset(_name(stage, "out"), 0, b"1|5000|" + sealed)  # type: ignore[arg-type]
    with capture_logs() as logs:
        for _ in range(2):
            await stage._settle()
            stage.reach(stage.clock() + UNREADABLE)

    assert [log["event"] for log in logs] == ["effect.unreadable"]


def _name(stage: HouseStage, kind: str) -> str:
    return keys.name_key(kind, stage.store.key(stage.chat))


async def test_revoked_and_given_anew(stage: HouseStage) -> None:
    """Who gives the permission again within the ten minutes is not forgotten."""
    await _say(stage, "hola", "empezar", "sí, autorizo", "revocar", "sí, revocar")
    await _say(stage, "hola", "empezar", "sí, autorizo")
    await stage.pass_time(11 * 60_000)

    assert await _remembered(stage)


async def test_names_are_forgotten(stage: HouseStage) -> None:
    """The names that led to an erased chat lead there no more."""
    person = Person(user="CO.1", phone="573159741951")
    chat = await _meet(stage, person)
    await stage.store.contacts.forget(chat, person)
    anew = await _meet(stage, Person(phone="573159741951"))

    assert (chat.id, anew.id) == ("CO.1", "573159741951")


async def test_names_of_others_are_not_forgotten(stage: HouseStage) -> None:
    """A number that passed to another account leads there still once the first chat is erased."""
    number = "573159741951"
    first = await _meet(stage, Person(user="CO.1", phone=number))
    await _meet(stage, Person(user="CO.2", phone=number))
    await stage.store.contacts.forget(first, Person(user="CO.1", phone=number))

    assert (await _meet(stage, Person(phone=number))).id == "CO.2"


async def _meet(stage: HouseStage, person: Person) -> Chat:
    people = [(replace(stage.chat, id=""), person)]
    (contact,) = await stage.store.contacts.find_or_begin(people, now=stage.clock())
    return contact.chat


async def test_once_a_day(stage: HouseStage, redis: Redis) -> None:
    """However many workers there are, and however often they start, one looks once a day."""
    await _say(stage, "hola")
    other = HouseStage(redis, stage.sandbox)
    await stage.turns.retention.round_daily(now=stage.clock())
    await other.turns.retention.round_daily(now=stage.clock() + 2 * _DAY)
    early = await _remembered(stage)
    await redis.delete(keys.name_key("lease", "retention"))
    await other.turns.retention.round_daily(now=stage.clock() + 2 * _DAY)
    await other.aclose()

    assert (early, await _remembered(stage)) == (True, False)


async def test_worker_looks_every_hour(stage: HouseStage) -> None:
    """A worker erases what is old by itself, an hour after its start."""
    await _say(stage, "hola")
    stage.reach(stage.clock() + 40 * _DAY)
    worker = Worker(stage.store, stage.turns, stage.sender, stage.clock)
    stage.reach(stage.clock() + _DAY // 24)
    running = asyncio.create_task(worker.run())

    async def forgotten() -> bool:
        return not await _remembered(stage)

    await until(forgotten)
    worker.stop()
    await running
