"""Invitation codes: guessing has an end, strangers' guesses harm nobody, and no answer tells."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import structlog
from redis.asyncio import Redis

from bot.sandbox.server import Sandbox
from state.conversation import Conversation
from state.effects import RedeemInvitation
from state.events import Barred, ClientFound, ClientMissing, Invited, Said, SharedContact
from state.parts import BOT, QUEUE
from state.states import State
from state.store.outbox import Head
from tests.clients import make_client
from tests.house_stage import HouseStage

_ANA = make_client(1001, name="Ana Gómez", phone="3159741951")
_DAY = 24 * 3600_000
_BUDGET = 5


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


async def _found(stage: HouseStage) -> Conversation:
    return await stage.store.conversations.find(stage.store.key(stage.chat))


async def _try(stage: HouseStage, *codes: str) -> Conversation:
    for code in codes:
        await stage.happen(Invited(code=code))
    return await _found(stage)


def _wrong(number: int, *, of: str = "A") -> list[str]:
    return [f"QQQQ{of}{n:03d}" for n in range(number)]


async def test_guessing_codes_has_an_end(stage: HouseStage) -> None:
    """The sixth code of a chat in a day is not tried: a person takes over, and the log says so."""
    await _begin(stage, "a")
    tried = await _try(stage, *_wrong(_BUDGET))
    with structlog.testing.capture_logs() as logs:
        barred = await _try(stage, "QQQQA999")

    assert (tried.state, tried.speaker, tried.shown.asked) == (State.METHOD, BOT, "id_link_mal")
    assert (barred.speaker, barred.shown.asked) == (QUEUE, "id_fin")
    assert barred.lookup.invitation == ""
    assert [(line["event"], line["chat"]) for line in logs] == [
        ("invitation.barred", stage.store.key(stage.chat))
    ]


async def test_budget_bars_right_codes_too(stage: HouseStage) -> None:
    """Once the codes are used up a right one is not looked at; a day later it is."""
    await _begin(stage, "a")
    await _try(stage, *_wrong(_BUDGET + 1))
    await stage.happen(Said(text="volver al asistente"))
    invitation = await stage.invite(1001)
    early = await _try(stage, invitation)
    stage.reach(stage.clock() + _DAY)
    await stage.happen(Said(text="volver al asistente"))
    late = await _try(stage, invitation)

    assert (early.speaker, early.identity.client) == (QUEUE, None)
    assert late.state is State.CONFIRM_SERVICE


async def test_codes_bar_no_phone(stage: HouseStage) -> None:
    """Who used the codes up and shows the number on file goes on, and writes at once."""
    await _begin(stage, "a")
    await _try(stage, *_wrong(_BUDGET + 1))
    for text in ("volver al asistente", "reiniciar", "empezar"):
        await stage.happen(Said(text=text))
    await stage.happen(SharedContact(phone="573159741951", own=True))
    for text in ("1098765432", "dejar el actual", "sí, guardar"):
        await stage.happen(Said(text=text))

    assert (await _found(stage)).state is State.DONE
    assert (await stage.client(1001)).document == "1098765432"


async def test_same_link_is_followed_again(stage: HouseStage) -> None:
    """Who follows one link again and again has tried one code, and is let in every time."""
    await _begin(stage, "a")
    invitation = await stage.invite(1001)
    states = [(await _try(stage, invitation)).state for _ in range(_BUDGET + 2)]

    assert states == [State.CONFIRM_SERVICE] * (_BUDGET + 2)


async def test_strangers_refuse_no_invitation(stage: HouseStage) -> None:
    """While codes fail everywhere, told once, a good invitation is taken; people decide."""
    with structlog.testing.capture_logs() as logs:
        for chat in range(6):
            await _begin(stage, f"stranger{chat}")
            await _try(stage, *_wrong(_BUDGET, of=f"{chat}"))
    await _begin(stage, "ana")
    invited = await _try(stage, await stage.invite(1001))
    for text in ("sí, es el mío", "1098765432", "dejar el actual", "sí, guardar"):
        await stage.happen(Said(text=text))
    asked = await _found(stage)

    errors = [line["event"] for line in logs if line["log_level"] == "error"]
    assert errors == ["invitations.failing"]
    assert invited.state is State.CONFIRM_SERVICE
    assert asked.state is State.REVIEW
    assert (await stage.client(1001)).document == ""


async def test_strangers_codes_alarm_no_phone(stage: HouseStage) -> None:
    """While codes fail everywhere, who shows the number on file writes at once."""
    for number in range(30):
        await stage.store.attempts.count_wrong_invitation(
            "x", code=f"QQQQ2{number}", now=stage.clock()
        )
    await _begin(stage, "ana")
    await stage.happen(SharedContact(phone="573159741951", own=True))
    for text in ("1098765432", "dejar el actual", "sí, guardar"):
        await stage.happen(Said(text=text))

    assert (await _found(stage)).state is State.DONE


async def test_redeeming_again_counts_once(stage: HouseStage) -> None:
    """An effect that is performed again after a crash has tried one code, right or wrong."""
    await _begin(stage, "a")
    right = await stage.invite(1001)
    answers = [
        [await _redeem(stage, seq, code) for _ in range(3)]
        for seq, code in enumerate((right, *_wrong(_BUDGET)), 101)
    ]

    kinds = [{type(answer) for answer in same} for same in answers]
    assert kinds == [{ClientFound}, *([{ClientMissing}] * (_BUDGET - 1)), {Barred}]


async def _redeem(stage: HouseStage, seq: int, code: str) -> object:
    effect = RedeemInvitation(code=code, lookup=1)
    head = Head(
        chat=stage.chat, key=stage.store.key(stage.chat), seq=seq, effect=effect, attempt=1,
        doubt=False, kept="", until=0, conversation=await _found(stage),
    )  # fmt: skip
    return await stage.sender.actions.perform(head, effect)
