"""What Redis holds, in memory and on disk, tells nothing about anybody: all of it is searched."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from bot.redis import client as redis_client
from bot.sandbox.server import Sandbox
from state.audit import AuditEntry
from state.conversation import Chat
from state.effects import Button, Send
from state.events import Event, Said
from state.parts import Person
from state.staff_actions import HandedBack, Replied, TakenOver
from state.store.authentication import Browser
from state.store.encryption import Keyring
from state.store.simulator import Bubble, SimulatedPhone
from tests.embedded import running_redis
from tests.house_stage import HouseStage
from tests.members import join
from tests.transcripts import CONVERSATIONS, Performance

pytestmark = pytest.mark.slow

_AGENT, _WORD = "Marta Rojas", "correct horse"
_WHY, _FROM = "vino con su hermana", "2001:db8::17"
_PERSON = Person(user="CO.13491208655302741918", phone="573159741951")
_TALK: tuple[Event, ...] = (
    Said(text="Buenas tardes, necesito ayuda"),
    TakenOver(agent=_AGENT),
    Said(text="Me llamo Rosalba Muñoz, cédula 52.123.456, celular 320 555 66 77"),
    Replied(agent=_AGENT, text="Doña Rosalba, enviaremos al técnico a la Carrera 7 # 45-12"),
    HandedBack(agent=_AGENT),
)
_FACTS = (
    "1098765432", "52123456", "52.123.456",
    "3112223344", "3159741951", "3156911908", "320 555 66 77",
    "Gómez", "Calle 10 # 5-20", "Plan 50MB", "Rosalba", "Muñoz", "Carrera 7",
    _AGENT, _PERSON.user, _PERSON.phone, '"hola"',
)  # fmt: skip
"""Identity numbers, phones, names, addresses, plans, accounts: as they were written and kept."""

_SHORTEST = 6  # bytes of a word searched for: chance does not write it into what is sealed
_HOLDERS = ("values", "dumps", "file", "log")


class Glass(Keyring):
    """A keyring that hides nothing: what the search must find."""

    def seal(self, plain: bytes, *, place: str) -> bytes:
        """Leave it in clear."""
        assert place
        return plain

    def open(self, sealed: bytes, *, place: str) -> bytes:
        """Give it back."""
        assert place
        return sealed


@pytest.fixture
def own_url() -> Iterator[str]:
    """A Redis that writes an append-only file, of plain commands."""
    with running_redis("--appendonly", "yes", "--aof-use-rdb-preamble", "no") as url:
        yield url


@asynccontextmanager
async def _playing(
    url: str, sandbox: Sandbox, keyring: Keyring
) -> AsyncIterator[tuple[HouseStage, Redis]]:
    """Set up a stage on an empty Redis."""
    async with redis_client.connect(url) as redis:
        await redis.flushall()
        stage = HouseStage(redis, sandbox, keyring=keyring)
        yield stage, redis
        await stage.aclose()


async def _played(stage: HouseStage) -> set[str]:
    """Play two chats and all else that leaves something in Redis; tell the words that were used."""
    (path,) = (path for path in CONVERSATIONS if path.stem == "happy_with_invitation")
    await Performance(stage).perform(path)
    lines = path.read_text("utf-8").splitlines()
    said = [line.partition(": ")[2] for line in lines if not line.startswith("bot: ")]
    said += [message.text for message in stage.heard()]
    stage.chat = Chat(channel="test", account="1", id=_PERSON.phone)
    for event in _TALK:
        await stage.happen(event)
    said += [event.text for event in _TALK if isinstance(event, Said | Replied)]
    said += [message.text for message in stage.heard()]
    secrets = await _furnished(stage)
    return {word for text in said for word in re.findall(r"\w+", text)} | {*said} | secrets


async def _furnished(stage: HouseStage) -> set[str]:
    """Leave what a conversation alone does not, and give the secrets that were made."""
    chat, store = stage.chat, stage.store
    waiting = Send(text="Rosalba, mañana", buttons=(Button(choice="a", label="A"),))
    await store.contacts.find_or_begin([(chat, _PERSON)], now=1)
    await store.dead.keep("test", b"Rosalba {", reason="unreadable")
    await stage.turns.repeat(chat, waiting, name="again")
    await store.receipts.remember(store.key(chat), 1, "wamid.Rosalba")
    phone = SimulatedPhone(
        chat=chat, title="Rosalba", service_id=1, invitation="", before={"a": "52123456"}
    )
    await store.simulator.add(phone)
    await store.simulator.show(chat, Bubble(message=waiting, mine=True, at=1))
    await store.simulator.remember(chat, b"Rosalba")
    await join(store.staff, _AGENT, _WORD)
    browser = Browser(words="Rosalba's browser")
    signed_in = await store.staff.sign_in(_AGENT, _WORD, address=_FROM, now=1, browser=browser)
    link = await store.staff.invite_again(_AGENT, now=1)
    invitation = await store.invitations.issue(1001)
    for thing in (f"chat:{store.key(chat)}", "member:Rosalba"):
        entry = AuditEntry(at=1, act="take", actor=_AGENT, about=thing, reason=_WHY, address=_FROM)
        await store.audit.note(replace(entry, more=("service:9876543210",)))
    secrets = {signed_in.token, link, invitation.code, invitation.token}
    return secrets | {_FROM, _WHY, "9876543210"}


async def _held(redis: Redis) -> dict[str, bytes]:
    """Give everything that Redis holds: names and values, dumps, and its files."""
    names = [name async for name in redis.scan_iter()]
    await redis.config_set("rdbcompression", "no")
    await redis.save()
    directory = Path(str((await redis.config_get("dir"))["dir"]))
    logs = [path for path in directory.rglob("appendonly*") if path.is_file()]
    return {
        "values": b"\n".join([await _value(redis, name) for name in names]),
        "dumps": b"\n".join([await redis.dump(name) or b"" for name in names]),
        "file": (directory / "dump.rdb").read_bytes(),
        "log": b"\n".join(path.read_bytes() for path in logs),
    }


async def _value(redis: Redis, name: bytes) -> bytes:
    """Read a key's name and value as they stand there: a dump writes small numbers otherwise."""
    kind = bytes(await redis.type(name))  # type: ignore[arg-type]
    reader = {
        b"hash": redis.hgetall,
        b"list": lambda key: redis.lrange(key, 0, -1),
        b"stream": redis.xrange,
        b"zset": lambda key: redis.zrange(key, 0, -1),
        b"set": redis.smembers,
        b"string": redis.get,
    }[kind]
    return b"\n".join([name, *_flat(await reader(name))])  # type: ignore[operator]


def _flat(value: Any) -> Iterator[bytes]:
    match value:
        case bytes():
            yield value
        case dict():
            yield from _flat([*value.items()])
        case _:
            for part in value:
                yield from _flat(part)


def _found(words: set[str], held: bytes) -> set[str]:
    """Tell which words stand there, in any case of letters."""
    return {
        word
        for word in words
        for spelt in {word, word.lower(), word.upper(), word.title(), word.swapcase()}
        if len(spelt.encode()) >= _SHORTEST and spelt.encode() in held
    }


async def test_nothing_stands_in_clear(own_url: str, sandbox: Sandbox) -> None:
    """No number, name, address, plan or word said stands in a key, a dump or a file of Redis."""
    async with _playing(own_url, sandbox, Keyring((bytes(32),))) as (stage, redis):
        words = await _played(stage) | {*_FACTS, _WORD}
        held = await _held(redis)

    assert len([word for word in words if len(word.encode()) >= _SHORTEST]) > 100
    assert [holder for holder in _HOLDERS if len(held[holder]) < 10_000] == []
    assert b":find:" in held["values"]  # by which numbers a chat is found
    assert {holder: _found(words, held[holder]) for holder in _HOLDERS} == {
        holder: set() for holder in _HOLDERS
    }


async def test_search_would_find_it(own_url: str, sandbox: Sandbox) -> None:
    """The same search finds the facts and the words where nothing is sealed."""
    async with _playing(own_url, sandbox, Glass((bytes(32),))) as (stage, redis):
        words = await _played(stage)
        held = await _held(redis)

    kept = {*_FACTS}
    for holder in _HOLDERS:
        assert len(_found(words, held[holder])) > 80, holder
        assert kept - _found(kept, held[holder]) == set(), holder
