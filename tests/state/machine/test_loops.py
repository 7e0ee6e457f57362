"""Two automatic repliers do not talk for ever; whoever really answers goes on."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from state.conversation import Chat, Conversation, replace
from state.effects import Say, SetLock, button_id
from state.events import Event, Invited, Medium, Pressed, Said, SentMedia, SharedContact
from state.machine.loops import MOST
from state.machine.moment import Moment
from state.machine.step import step
from state.parts import QUEUE, Identity
from state.proof import Proof
from state.states import State
from tests.clients import make_client
from tests.machine_stage import NINE_O_CLOCK, MachineStage

_NEW = Conversation(chat=Chat(channel="test", account="1", id="ana"))
_SHOP = Said(text="Gracias por comunicarse con Ferretería El Tornillo.")


def _moment(seconds: float) -> Moment:
    now = NINE_O_CLOCK + int(seconds * 1000)
    return Moment(now=now, at=now, today="23/11/2026", reference="ABCD2345")


def _play(*events: Event, every: float = 20) -> tuple[Conversation, list[int]]:
    """Play events; gives how many messages answered each."""
    conversation, counts = _NEW, []
    for number, event in enumerate(events):
        conversation, effects = step(conversation, event, _moment(number * every))
        counts.append(sum(isinstance(effect, Say) for effect in effects))
    return conversation, counts


def test_another_automatic_replier() -> None:
    """A shop's own greeting, thirty times: five answers at most, then a person and silence."""
    after, counts = _play(Said(text="hola"), *[_SHOP] * 30)

    assert counts == [1] * 6 + [0] * 25
    assert after.speaker == QUEUE


_WORDS = st.sampled_from(
    ["hola", "sí", "no", "1", "2", "ayuda", "atrás", "cancelar", "inicio", "asesor", "empezar",
     "Fuera de horario, le responderemos pronto", "52123456", "por qué", "borrar mis datos",
     "revocar", "no fui yo", "estado", "asistente", "3001234567", "Su turno es el 14"]
) | st.text(max_size=20)  # fmt: skip
_REPEATED = st.one_of(
    st.builds(Said, text=_WORDS),
    st.builds(SentMedia, medium=st.sampled_from(list(Medium))),
    st.builds(SharedContact, phone=st.just("573001234567"), own=st.booleans()),
    st.builds(Invited, code=st.just("ABCD2345")),
)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(_REPEATED, st.lists(_WORDS, max_size=3), st.sampled_from([0.5, 20, 600]))
@example(_SHOP, ["hola", "empezar", "sí, autorizo"], 20)
def test_at_most_eight(repeated: Event, before: list[str], every: float) -> None:
    """Whatever the other side repeats, wherever the dialog stands, we say at most eight."""
    events = [Said(text=text) for text in before]
    _, counts = _play(*events, *[repeated] * 160, every=every)

    assert sum(counts[len(events) :]) <= MOST
    assert sum(counts[-10:]) == 0


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.lists(_WORDS, min_size=2, max_size=3))
def test_repliers_that_take_turns(words: list[str]) -> None:
    """A replier with two or three texts is no better: it comes to an end."""
    _, counts = _play(*[Said(text=word) for word in words * 15])

    assert sum(counts[-10:]) == 0


@pytest.mark.parametrize("numbered", [lambda n: f"Turno {n}", lambda n: f"Ticket #{n * 7919}"])
def test_texts_that_differ(numbered: "object") -> None:
    """A replier that numbers its messages is not answered for ever either."""
    assert callable(numbered)
    _, counts = _play(Said(text="hola"), *[Said(text=numbered(n)) for n in range(30)])

    assert sum(counts) <= MOST
    assert sum(counts[-20:]) == 0


_COMMANDS = (
    "ayuda", "estado", "por qué", "mis datos", "hola", "atrás", "inicio", "borrar mis datos",
    "revocar", "repetir", "cancelar",
)  # fmt: skip


@pytest.mark.parametrize("before", [(), ("hola", "empezar", "sí, autorizo", "prefiero no hacerlo")])
def test_commands_in_a_row(before: tuple[str, ...]) -> None:
    """Nine or more different commands in a row are no answers: at most eight are answered."""
    begun = [Said(text=text) for text in before]
    commands = [Said(text=text) for text in _COMMANDS * 4]

    after, counts = _play(*begun, *commands)

    assert sum(counts[len(begun) :]) <= MOST
    assert sum(counts[-len(_COMMANDS) * 2 :]) == 0
    assert after.speaker == QUEUE


@pytest.mark.parametrize("words", ["No fui yo", "no fui yo"])
def test_objection_counts_at_any_time(words: str) -> None:
    """Where nothing is answered any more, the holder's "no fui yo" still locks the service."""
    client = make_client(1001, document="52123456")
    holds = Identity(client=client, proofs=(Proof.CHANNEL_PHONE,))
    stuck, _ = _play(Said(text="hola"), *[Said(text=text) for text in _COMMANDS * 2])

    after, effects = step(replace(stuck, identity=holds), Said(text=words), _moment(900))
    again, repeated = step(after, Said(text=words), _moment(920))

    assert SetLock(service_id=1001, locked=True) in effects
    assert not [effect for effect in (*effects, *repeated) if isinstance(effect, Say)]
    assert again.shown == stuck.shown, "the way back still counts"


def test_real_answer_ends_it() -> None:
    """Whoever answers after four messages that meant nothing is asked on, and counted anew."""
    after, _ = _play(Said(text="hola"), *[_SHOP] * 4, Said(text="empezar"))

    assert (after.state, after.account.loop.stuck, after.account.loop.idle) == (State.CONSENT, 0, 0)


def test_way_back() -> None:
    """The button of the word that a person will look leads back to the dialog."""
    stuck, _ = _play(Said(text="hola"), *[_SHOP] * 10)
    shown = stuck.shown

    button = Pressed(button=button_id(shown.flow, shown.question, "bot"))
    after, effects = step(stuck, button, _moment(900))

    assert after.speaker != QUEUE
    assert len(effects) == 1


def test_next_day() -> None:
    """What was said in vain yesterday does not count today."""
    stuck, _ = _play(Said(text="hola"), *[_SHOP] * 4)

    after, _ = step(stuck, _SHOP, _moment(13 * 3600))

    assert after.account.loop.stuck == 1


async def test_patience_is_for_customers() -> None:
    """Staff's messages and timers are no part of the count."""
    stage = MachineStage()
    await stage.happen(Said(text="hola"))
    before = stage.conversation.account.loop

    await stage.pass_time(24 * 3600_000)

    assert stage.conversation.account.loop == before
