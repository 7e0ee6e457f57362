"""What stands beneath a picture: read as if it had been typed, wherever it may tell something."""

from dataclasses import replace as altered

import pytest

from state.conversation import Chat, Conversation, replace
from state.effects import Effect, Say
from state.events import Edited, Medium, SentMedia
from state.machine.moment import Moment
from state.machine.step import step
from state.parts import QUEUE, Shown, member
from state.states import FACTS, State
from tests.machine_stage import NINE_O_CLOCK

_CAPTION = SentMedia(medium=Medium.IMAGE, caption="mi cédula es 1.098.765.432", message="m1")
_ASKED = Conversation(
    chat=Chat(channel="test", account="1", id="ana"),
    state=State.DOCUMENT,
    shown=Shown(asked="doc_pedir"),
)


def _moment(seconds: int = 0) -> Moment:
    now = NINE_O_CLOCK + seconds * 1000
    return Moment(now=now, at=now, today="23/11/2026", reference="ABCD2345")


def _texts(effects: tuple[Effect, ...]) -> list[str]:
    return [line.text for effect in effects if isinstance(effect, Say) for line in effect.lines]


@pytest.mark.parametrize("medium", Medium)
def test_data(medium: Medium) -> None:
    """A document beneath a picture, a file or a video is taken as if it had been typed."""
    after, _ = step(_ASKED, altered(_CAPTION, medium=medium), _moment())

    assert after.state is State.PHONE
    assert "1098765432" in after.draft.answers.values()


def test_nothing_told() -> None:
    """Words that tell nothing leave the picture a picture."""
    after, effects = step(_ASKED, SentMedia(medium=Medium.IMAGE, caption="aquí está"), _moment())

    assert (after.state, _texts(effects)[0]) == (State.DOCUMENT, "foto_doc")


def test_album() -> None:
    """Of an album whose first picture tells the document the others are not answered."""
    after, _ = step(_ASKED, _CAPTION, _moment())
    again, effects = step(after, SentMedia(medium=Medium.IMAGE), _moment(1))

    assert (again.state, effects) == (State.PHONE, ())


def test_data_on_a_later_picture() -> None:
    """Of an album the picture with words is heard, whichever it is."""
    after, _ = step(_ASKED, SentMedia(medium=Medium.IMAGE), _moment())
    after, _ = step(after, _CAPTION, _moment(1))

    assert after.state is State.PHONE


@pytest.mark.parametrize("state", FACTS)
def test_facts(state: State) -> None:
    """To a question about the file a picture is no answer, whatever stands beneath it."""
    asked = replace(_ASKED, state=state)
    after, effects = step(asked, _CAPTION, _moment())

    assert (after.state, after.lookup, _texts(effects)[0]) == (state, asked.lookup, "foto_doc")


def test_edited() -> None:
    """A caption that is corrected is offered as a corrected text is."""
    after, _ = step(_ASKED, _CAPTION, _moment())
    _, effects = step(after, Edited(message="m1", text="es 1.098.765.423"), _moment(5))

    assert "edito" in _texts(effects)[0]


def test_asking_for_a_person() -> None:
    """A person is asked for beneath a picture too; who waits for one is heard by what it says."""
    asking = SentMedia(medium=Medium.IMAGE, caption="asesor por favor")
    after, _ = step(_ASKED, asking, _moment())
    revoking, effects = step(after, altered(asking, caption="revocar"), _moment(5))

    assert after.speaker == QUEUE
    assert _texts(effects) == ["revocar"]
    assert revoking.speaker == QUEUE


def test_person_holds_the_chat() -> None:
    """While a person answers, the bot takes nothing from a caption."""
    held = replace(_ASKED, speaker=member("luis"))
    after, effects = step(held, _CAPTION, _moment())

    assert (after.state, after.draft, effects) == (State.DOCUMENT, held.draft, ())
