"""Messages that come too late or too many: kept, but not taken for an answer."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from state.conversation import Chat, Conversation, replace
from state.effects import Effect, Say, button_id
from state.events import Event, Pressed, Said
from state.machine.arrival import MOST, Arrival, judge
from state.machine.moment import Moment, Step
from state.machine.step import step
from state.parts import QUEUE
from state.states import State
from tests.machine_stage import NINE_O_CLOCK

_NEW = Conversation(chat=Chat(channel="test", account="1", id="ana"))


def _moment(
    seconds: float = 0, *, written: float | None = None, full: bool = False, offset: int = 0
) -> Moment:
    """A moment so long after nine; `written` if the message was written at another time."""
    at = seconds if written is None else written
    return Moment(
        now=NINE_O_CLOCK + int(seconds * 1000),
        at=NINE_O_CLOCK + int(at * 1000),
        today="23/11/2026",
        reference="ABCD2345",
        full=full,
        offset=offset * 1000,
    )


def _walked(*texts: str, conversation: Conversation = _NEW) -> Conversation:
    for number, text in enumerate(texts):
        conversation, _ = step(conversation, Said(text=text), _moment(number))
    return conversation


def _texts(effects: tuple[Effect, ...]) -> list[str]:
    return [line.text for effect in effects if isinstance(effect, Say) for line in effect.lines]


def _many(count: int, *, start: float = 0) -> tuple[Conversation, list[Step]]:
    """Somebody who goes to and fro, much too fast."""
    conversation, steps = _NEW, []
    for number in range(count):
        shown = conversation.shown
        press = Pressed(button=button_id(shown.flow, shown.question, "start"))
        words = Said(text="atrás" if number else "hola")
        event = press if conversation.state is State.GREETING else words
        taken = step(conversation, event, _moment(start + number / 100))
        conversation = taken[0]
        steps.append(taken)
    return conversation, steps


def test_flood() -> None:
    """Two hundred messages a minute are answered, the next one is told so, the rest are kept."""
    _, steps = _many(MOST + 20)

    answered = [_texts(effects) for _, effects in steps]
    assert all(answered[:MOST])
    assert answered[MOST] == ["despacio"]
    assert not any(answered[MOST + 1 :])


def test_flood_ends() -> None:
    """A minute later the customer is answered as before, and the count begins anew."""
    flooded, _ = _many(MOST + 5)

    after, effects = step(flooded, Said(text="ayuda"), _moment(61))

    assert _texts(effects) == ["ayuda"]
    assert after.account.pace.in_minute == 1


def test_full_outbox() -> None:
    """While too many answers wait to be sent, a message is kept and nothing is added to them."""
    after, effects = step(_walked("hola"), Said(text="empezar"), _moment(5, full=True))

    assert effects == ()
    assert after.state is State.GREETING


def test_reordered_burst() -> None:
    """A message that was written before a newer one is no answer to what was asked since."""
    asked, _ = step(_NEW, Said(text="hola"), _moment(10))

    after, effects = step(asked, Said(text="empezar"), _moment(11, written=9))

    assert effects == ()
    assert after.state is State.GREETING
    assert judge(asked, Said(text="x"), _moment(11, written=9)) is Arrival.LATE


def test_late_repeat() -> None:
    """What was written more than a minute before the question is no answer to it."""
    asked, _ = step(_NEW, Said(text="hola"), _moment(600, written=0))

    late, _ = step(asked, Said(text="empezar"), _moment(601, written=30))
    in_time, _ = step(asked, Said(text="empezar"), _moment(601, written=590))

    assert (late.state, in_time.state) == (State.GREETING, State.CONSENT)


def test_asking_for_a_person_is_never_late() -> None:
    """Who asks for a person gets one, however late the message comes."""
    asked, _ = step(_NEW, Said(text="hola"), _moment(600, written=0))

    after, _ = step(asked, Said(text="asesor"), _moment(601, written=30))

    assert after.speaker == QUEUE


@pytest.mark.parametrize(
    ("words", "asked"),
    [("no fui yo", "no_fui_yo"), ("revocar", "revocar"), ("borrar mis datos", "borrar")],
)
def test_rights_are_never_late(words: str, asked: str) -> None:
    """A word against a change, or for one's own data, counts however late it comes."""
    before, _ = step(_NEW, Said(text="hola"), _moment(600, written=0))

    after, _ = step(before, Said(text=words), _moment(601, written=30))

    assert after.shown.asked == asked


def test_first_message_is_never_late() -> None:
    """Where nothing was asked there is nothing to be late for."""
    after, _ = step(_NEW, Said(text="hola"), _moment(9000, written=0))

    assert after.state is State.GREETING


def test_channel_that_tells_no_time() -> None:
    """A button tells no time of its own: it is judged by its number alone."""
    asked, _ = step(_NEW, Said(text="hola"), _moment(10))
    press: Event = Pressed(button=button_id(asked.shown.flow, asked.shown.question, "start"))
    moment = Moment(now=NINE_O_CLOCK, at=0, today="", reference="")

    after, _ = step(asked, press, moment)

    assert after.state is State.CONSENT


def test_clock_of_the_channel_that_runs_ahead() -> None:
    """A channel's clock that is hours ahead once does not silence the customer for hours."""
    ahead, _ = step(_NEW, Said(text="hola"), _moment(10, written=7200))

    after, _ = step(ahead, Said(text="empezar"), _moment(90))

    assert after.state is State.CONSENT


_ASKED = ("ayuda", "estado", "por qué", "mis datos", "repetir", "cancelar", "otra vez", "menú")


def _answered(stamps: Sequence[int], *, every: float = 10, now: float = 0) -> list[int]:
    """How many messages answer each text, `every` so many seconds, stamped so long before."""
    conversation, counts = _NEW, []
    for number, behind in enumerate(stamps):
        at = now + number * every
        moment = _moment(at, written=at - behind)
        conversation, effects = step(conversation, Said(text=_ASKED[number]), moment)
        counts.append(sum(isinstance(effect, Say) for effect in effects))
    return counts


@pytest.mark.parametrize("behind", [-86_400, -90, -45, 0, 45, 90, 600, 86_400])
def test_clocks_that_differ_silence_nobody(behind: int) -> None:
    """By how much ever our clock and the channel's differ, each fresh message is answered."""
    assert _answered([behind] * 5) == [1] * 5
    assert _answered([behind] * 5, every=0.5) == [1] * 5
    assert _answered([behind, behind + 7, behind, behind + 7]) == [1] * 4


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(-(10**7), 10**7), min_size=1, max_size=6),
    st.integers(-(10**5), 10**5),
)
def test_no_stamp_silences_a_chat(odd: list[int], behind: int) -> None:
    """Whatever stamps came before, who writes twice more is answered, whatever our clock says."""
    assert _answered([*odd, behind, behind])[-1] == 1


def test_clock_that_was_set_right() -> None:
    """A question asked while our clock was two hours ahead is answered when it is right again."""
    ahead, _ = step(_NEW, Said(text="hola"), _moment(7200, written=0))

    after, _ = step(ahead, Said(text="empezar"), _moment(20))

    assert after.state is State.CONSENT


def test_late_by_a_measured_offset() -> None:
    """What is late is judged by the channel's own time, as far as that is known."""
    asked, _ = step(_NEW, Said(text="hola"), _moment(600, written=0, offset=90))

    fresh, _ = step(asked, Said(text="empezar"), _moment(610, written=520, offset=90))
    late, _ = step(asked, Said(text="empezar"), _moment(610, written=400, offset=90))

    assert (fresh.state, late.state) == (State.CONSENT, State.GREETING)


def test_written_before_a_later_question() -> None:
    """What was written before a reminder, and travelled long, is no answer to it."""
    asked, _ = step(_NEW, Said(text="hola"), _moment(0))
    shown = replace(asked.shown, asked_at=NINE_O_CLOCK + 1_860_000)
    reminded = replace(asked, shown=shown)

    late, _ = step(reminded, Said(text="empezar"), _moment(1900, written=600))

    assert late.state is State.GREETING


def test_only_bare_questions_are_overtaken() -> None:
    """A question alone may be dropped when the next one is asked; one with news may not."""
    _, greeting = step(_NEW, Said(text="hola"), _moment())
    asked = _walked("hola", "empezar", "sí, autorizo")
    _, refused = step(asked, Said(text="no sé cuál es"), _moment(9))

    assert [effect.prompt for effect in greeting if isinstance(effect, Say)] == [True]
    assert [effect.prompt for effect in refused if isinstance(effect, Say)] == [False]
