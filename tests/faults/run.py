"""One update in bad weather, from the confirmed summary to the end of everything that follows."""

import random
from collections import Counter
from dataclasses import dataclass
from uuid import uuid4

from redis.asyncio import Redis

from state.conversation import Conversation
from state.effects import Send
from state.events import Said
from state.fields.table import Field
from state.parts import QUEUE, Account, Draft, Identity, Person, Shown
from state.proof import Proof
from state.records import Consent, Standing
from state.states import State
from state.store import keys
from state.store.conversations import Change, Verdict
from tests.clients import make_client, phone_text
from tests.faults.weather import THEIRS, Weather
from tests.house_stage import HouseStage

SERVICE = 1001
_DOCUMENT, _PHONE, _OLD = "52123456", "+573159741951", "+573112223344"
_BEFORE = make_client(
    service_id=SERVICE, name="Ana Gómez", phone="3112223344",
    address="Calle 10 # 5-20", plan="Plan 50MB", price="60000.00",
)  # fmt: skip
_HOUR = 3600_000  # ms
_CLEARS = (0, 2 * 60_000, _HOUR, 4 * _HOUR, 30 * _HOUR)  # ms until the weather clears
_PATIENCE = 0.05  # seconds instead of five, after which a call that hangs is given up

TOLD = {
    "Quedó así": "ok",
    "al revisar no quedó guardado": "lost",
    "Lo intenté varias veces": "unknown",
    "pudo haber cambiado de número": "missing",
    "Recibí su solicitud": "review",
}
"""What the customer is told, by words of the text."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended.

    Attributes:
        told: what the customer was told last.
        stands: whether the values asked for stand at WispHub.
        wrote: whether anything of ours was ever stored there.
        queued: a person was called.
        asked: people have a request to decide.
        met: the troubles that came.
    """

    told: str
    stands: bool
    wrote: bool
    queued: bool
    asked: bool
    standing: Standing | None
    met: Counter[str]


async def play(redis: Redis, weather: Weather, seed: int) -> Ended:
    """Play the run of that seed, and check what must hold of any."""
    chance = random.Random(seed)
    stage = HouseStage(redis, weather, patience=_PATIENCE)
    await stage.place(_BEFORE)
    bad, clears = chance.choice((0.1, 0.3, 0.6, 1.0)), stage.clock() + chance.choice(_CLEARS)
    weather.chance, weather.met, weather.wrote = chance, Counter(), False
    weather.rate = lambda: bad if stage.clock() < clears else 0.0
    await _confirming(stage, chance.choice((Proof.STAFF, Proof.INVITATION)))

    await stage.happen(Said(text="sí, guardar"))
    if chance.random() < 0.2:
        await stage.pass_time(chance.choice((60_000, 4 * 60_000)))
        _forget(weather)
    await stage.pass_time(48 * _HOUR)

    ended = await _ended(stage, weather)
    await _check(stage, ended)
    await stage.aclose()
    return ended


async def _confirming(stage: HouseStage, proof: Proof) -> None:
    """Put the chat where it is asked whether to save, as `Said` answers."""
    store = stage.store
    asked = Conversation(
        chat=stage.chat,
        state=State.SUMMARY,
        shown=Shown(asked="resumen", question=1, flow=uuid4().hex[:6]),
        turns=5,
        consent=Consent(at=stage.clock(), code="ABCD2345", version="2026-11"),
        identity=Identity(client=_BEFORE, proofs=(proof,)),
        draft=Draft(answers={Field.DOCUMENT: _DOCUMENT, Field.PHONE: _PHONE}),
        account=Account(person=Person(phone=_PHONE.removeprefix("+"))),
    )
    change = Change(
        conversation=asked, version=0, deliveries=["begun"], effects=[], entries=[],
        now=stage.clock(), counters=(),
    )  # fmt: skip
    assert await store.conversations.commit(change) is Verdict.OK


def _forget(weather: Weather) -> None:
    """WispHub forgets what it had stored (seen in production, facts/wisphub.md)."""
    weather.met["forgets"] += 1
    weather.rows[SERVICE] |= {"cedula": _BEFORE.document, "telefono": phone_text(_BEFORE)}


async def _ended(stage: HouseStage, weather: Weather) -> Ended:
    found = await stage.store.conversations.find(stage.store.key(stage.chat))
    now = await stage.client(SERVICE)
    return Ended(
        told=_last_told(list(stage.heard())),
        stands=now.document == _DOCUMENT and _PHONE in now.phones,
        wrote=weather.wrote,
        queued=await stage.speaker() == QUEUE,
        asked=found.change.request is not None and found.state is State.REVIEW,
        standing=found.last_change.standing if found.last_change else None,
        met=weather.met,
    )


def _last_told(heard: list[Send]) -> str:
    told = [name for message in heard for words, name in TOLD.items() if words in message.text]
    return told[-1] if told else ""


async def _check(stage: HouseStage, ended: Ended) -> None:
    """The record is whole, the customer knows how it ended, and nothing goes on."""
    now = await stage.client(SERVICE)
    assert now.document in ("", _DOCUMENT, THEIRS["cedula"])
    assert {*now.phones} <= {_PHONE, _OLD, f"+57{THEIRS['telefono']}"}
    assert (now.name, now.address, now.plan) == (_BEFORE.name, _BEFORE.address, _BEFORE.plan)
    match ended.told:
        case "ok":
            assert ended.stands
            assert ended.standing is Standing.VERIFIED
        case "lost":
            assert ended.queued
            assert ended.standing is Standing.LOST
        case "unknown":
            assert ended.queued
            assert ended.standing is Standing.UNKNOWN
        case "missing":
            assert not ended.wrote
        case "review":
            assert ended.asked
        case other:
            raise AssertionError(f"the customer does not know how it ended: {other!r}")
    assert await stage.store.schedule.nearest(keys.ALL) == {}
