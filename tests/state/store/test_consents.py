"""The proof of a consent: what is kept of it, apart from the chat, and for how long."""

from collections.abc import AsyncIterator
from dataclasses import replace
from hashlib import sha256

import pytest
from redis.asyncio import Redis

from bot.sandbox.server import Sandbox
from handlers.texts import Company, Texts
from handlers.turns import Turns
from state.effects import ConsentDecision, RecordConsent
from state.events import Pressed, Said
from state.messages import CONSENT_VERSION
from state.states import State
from state.store import keys
from tests.house_stage import HouseStage
from tests.inboxes import list_all
from tests.machine_stage import COMPANY

_DAY = 24 * 3600_000
_YEAR = 365 * 24 * 3600


@pytest.fixture
async def stage(redis: Redis, sandbox: Sandbox) -> AsyncIterator[HouseStage]:
    """A house in which nobody agreed to anything yet."""
    staged = HouseStage(redis, sandbox)
    yield staged
    await staged.aclose()


async def _say(stage: HouseStage, *texts: str) -> None:
    for text in texts:
        await stage.happen(Said(text=text))


def _hash(*texts: str) -> str:
    return sha256("\n\n".join(texts).encode()).hexdigest()


async def _records(stage: HouseStage) -> list[RecordConsent]:
    return await stage.store.consents.read(stage.store.key(stage.chat))


async def test_given(stage: HouseStage, redis: Redis) -> None:
    """Kept are the exact text by its hash, our question, the answer's id, its words, the time."""
    await stage.known("573159741951")
    await _say(stage, "hola", "empezar")
    await _say(stage, "ver más")
    first, shown = stage.heard()[-2:]
    await stage.happen(Pressed(button=shown.buttons[0].id))

    (record,) = await _records(stage)
    consent = record.consent
    assert (record.decision, record.hint) == (ConsentDecision.GIVEN, "51")
    assert consent.terms == _hash(first.text, shown.text)
    assert (consent.version, consent.words, consent.answer) == (
        CONSENT_VERSION,
        "Sí, autorizo",
        "d3",
    )
    assert shown.buttons[0].id.endswith(f".{consent.question}:agree")
    assert (record.at, record.code) == (consent.at, consent.code)
    name = keys.name_key("consent", stage.store.key(stage.chat))
    assert 9 * _YEAR < await redis.ttl(name) <= 10 * _YEAR


@pytest.mark.parametrize("words", ["no autorizo", "No", "no gracias", "2"])
async def test_refused(stage: HouseStage, words: str) -> None:
    """A no is kept too, in the customer's words."""
    await _say(stage, "hola", "empezar", words)

    (record,) = await _records(stage)
    assert (record.decision, record.consent.words) == (ConsentDecision.REFUSED, words)


@pytest.mark.parametrize("words", ["cómo así", "explíqueme bien", "tal vez", "no sé", "¿no?"])
async def test_only_a_no_is_a_no(stage: HouseStage, words: str) -> None:
    """What is neither yes nor no, however often, is explained; a person is offered."""
    await _say(stage, "hola", "empezar", words, f"le digo que {words}", words)

    said = stage.heard()[-1]
    labels = [button.label for button in said.buttons]
    assert await _records(stage) == []
    assert await _state(stage) is State.CONSENT
    assert "Le explico corto" in said.text
    assert labels == ["Sí, autorizo", "No autorizo", "Hablar con asesor"]


async def test_yes_with_another_first_letter(stage: HouseStage) -> None:
    """«Yo autorizo» is no mistyped «no autorizo»."""
    await _say(stage, "hola", "empezar", "yo autorizo")

    (record,) = await _records(stage)
    assert (record.decision, record.consent.words) == (ConsentDecision.GIVEN, "yo autorizo")


async def test_outlives_the_chat(stage: HouseStage) -> None:
    """A revocation erases the chat; given and revoked stand in the record all the same."""
    await _say(stage, "hola", "empezar", "sí, autorizo", "revocar", "sí, revocar")
    await stage.pass_time(11 * 60_000)

    given, revoked = await _records(stage)
    assert (given.decision, revoked.decision) == (ConsentDecision.GIVEN, ConsentDecision.REVOKED)
    assert revoked.consent == given.consent.without_proof()
    assert (await stage.store.conversations.load(stage.chat, ["x"])).version > 0
    assert not await list_all(stage.store)


async def test_nothing_to_revoke(stage: HouseStage) -> None:
    """Who never agreed and revokes leaves no record."""
    await _say(stage, "hola", "revocar", "sí, revocar")

    assert await _records(stage) == []


async def test_recorded_once(stage: HouseStage) -> None:
    """What is performed twice stands there once, as it was first."""
    await _say(stage, "hola", "empezar", "sí, autorizo")
    (record,) = await _records(stage)
    again = replace(record, at=record.at + 1)
    await stage.store.consents.record(stage.store.key(stage.chat), again, years=10)

    assert await _records(stage) == [record]


async def test_renewed(stage: HouseStage) -> None:
    """After two years the consent is asked again before anything is read or written."""
    await _say(stage, "hola", "empezar", "sí, autorizo", "cancelar", "sí, dejarlo")
    await stage.pass_time(729 * _DAY)
    await _say(stage, "hola", "empezar")
    held = stage.heard()[-1].text
    await _say(stage, "cancelar", "sí, dejarlo")
    await stage.pass_time(2 * _DAY)
    await _say(stage, "hola", "empezar")

    assert "(Ley 1581)" not in held
    assert "(Ley 1581)" in stage.heard()[-1].text


async def test_text_changed_meanwhile(stage: HouseStage) -> None:
    """A yes to a text that reads otherwise by now is no yes: the new one is shown."""
    await _say(stage, "hola", "empezar")
    moved = Company(**{**_fields(COMPANY), "name": "FibraNet del Centro"})
    turns = Turns(stage.store, Texts(moved), stage.clock)
    stage.turns, stage.sender = turns, replace(stage.sender, turns=turns)
    await _say(stage, "sí, autorizo")
    again, state = stage.heard()[-1].text, await _state(stage)
    await _say(stage, "sí, autorizo")

    assert "FibraNet del Centro" in again
    assert state is State.CONSENT
    (record,) = await _records(stage)
    assert record.consent.terms == Texts(moved).terms != Texts(COMPANY).terms


def _fields(company: Company) -> dict[str, str]:
    return {name: getattr(company, name) for name in Company.__slots__}


async def _state(stage: HouseStage) -> State:
    return (await stage.store.conversations.find(stage.store.key(stage.chat))).state
