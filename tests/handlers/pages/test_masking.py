"""Which lines of the journal staff see masked, by what they answer."""

from dataclasses import replace

import pytest

from handlers import journaling
from handlers.pages.masking import mask_lines, mask_text
from state.conversation import Chat, Conversation
from state.events import Edited, Event, Invited, Medium, Pressed, Said, SentMedia, SharedContact
from state.journal import OPEN, UNSURE, Entry, Kind
from state.machine.moment import Moment
from state.machine.step import step
from state.parts import BOT, QUEUE, Account, Lookup, Pace, Shown, Speaker, business_phone, member
from state.states import FACTS, STATES, State

_NOW = 1_795_500_000_000
_MOMENT = Moment(now=_NOW, at=_NOW, today="24/11/2026", reference="ZZZZ2345")
_WITHDRAWN = "El cliente retiró la solicitud ABCD2345"
_UNDELIVERED = "El canal no pudo entregar un mensaje: código 131026"
_NAME = "Zoraida Quiñones"
_TALK = Conversation(
    chat=Chat(channel="test", account="1", id="ana"), shown=Shown(asked="id_fact_1")
)


def _shown(before: Conversation, event: Event, moment: Moment = _MOMENT) -> Entry:
    """What staff see of a step's first line."""
    after, _ = step(before, event, moment)
    return mask_lines(journaling.tell(before, event, after, (), moment))[0]


@pytest.mark.parametrize("state", FACTS)
@pytest.mark.parametrize("speaker", [BOT, business_phone(_NOW - 1)], ids=["bot", "lent"])
def test_facts(state: State, speaker: Speaker) -> None:
    """An answer to one of the four facts is hidden whole, and named."""
    talk = replace(_TALK, state=state, speaker=speaker, lookup=Lookup(clue="service:1001"))

    assert _shown(talk, Said(text=_NAME)).text == f"••••• ({STATES[state].for_customer})"


@pytest.mark.parametrize("text", ["asesor", "atrás", "buenas tardes"])
def test_commands(text: str) -> None:
    """What means the same from everybody can be read, at the four facts too."""
    assert _shown(replace(_TALK, state=State.ADDRESS), Said(text=text)).text == text


@pytest.mark.parametrize("speaker", [QUEUE, member("luis")])
def test_words_to_a_person(speaker: Speaker) -> None:
    """What is said to a person can be read by them, but for its numbers."""
    talk = replace(_TALK, state=State.NAME, speaker=speaker)

    assert _shown(talk, Said(text=_NAME)).text == _NAME
    assert _shown(talk, Said(text=f"{_NAME} 52123456")).text == f"{_NAME} •••••456"


def test_late() -> None:
    """An answer that came too late is hidden: nobody knows what it answers."""
    pace = Pace(heard_at=_NOW)
    shown = Shown(asked="doc_pedir", asked_at=_NOW)
    talk = replace(_TALK, state=State.DOCUMENT, shown=shown, account=Account(pace=pace))
    late = replace_moment(at=_NOW - 3_600_000)

    assert _shown(talk, Said(text=_NAME), late).answers == UNSURE
    assert _shown(talk, Said(text=_NAME), late).text == "•••••"


def replace_moment(*, at: int) -> Moment:
    """The moment of a message that was written then."""
    return Moment(now=_NOW, at=at, today="24/11/2026", reference="ZZZZ2345")


def test_edits() -> None:
    """A changed answer is hidden as the first one was; one of any other message is too."""
    account = Account(last_text=("m1", 7), answered=State.ADDRESS)
    talk = replace(_TALK, state=State.PLAN, account=account)

    last = _shown(talk, Edited(message="m1", text="Calle del Zarzal"))
    other = _shown(talk, Edited(message="m0", text="Calle del Zarzal"))

    assert last.text == "(editado) ••••• (dirección del servicio)"
    assert other.text == "(editado) •••••"


def test_captions() -> None:
    """What stands beneath a picture is masked as if it had been typed; that it is one is seen."""
    photo = SentMedia(medium=Medium.IMAGE, caption=f"{_NAME} 52123456")
    named, asked = replace(_TALK, state=State.NAME), replace(_TALK, state=State.DOCUMENT)
    waiting = replace(named, speaker=QUEUE)

    assert _shown(named, photo).text == "Foto: ••••• (nombre del titular)"
    assert _shown(asked, photo).text == f"Foto: {_NAME} •••••456"
    assert _shown(waiting, photo).text == f"Foto: {_NAME} •••••456"
    assert _shown(named, SentMedia(medium=Medium.IMAGE)).text == "Foto"


def test_card_of_several() -> None:
    """Of a card of several people each number is told, and masked."""
    card = SharedContact(phone="573112223344", own=False, others=("573009998877",))

    assert _shown(_TALK, card).text == "Compartió otro contacto: 311 ••• ••44 y 300 ••• ••77"


@pytest.mark.parametrize("event", [Pressed(button="x"), Invited(code="ABCD2345")])
def test_no_words(event: Event) -> None:
    """What is told of a button or an invitation has no words of the customer's."""
    shown = _shown(replace(_TALK, state=State.NAME), event)

    assert (shown.answers, "•" in shown.text) == (OPEN, False)


@pytest.mark.parametrize(
    ("state", "text", "masked"),
    [
        (State.ADDRESS, _NAME, "•••••"),
        (State.FINDING, "60000", "•••••"),
        (State.NAME, "52.123.456", "•••••"),
        (State.NAME, "asesor", "asesor"),
        (State.FINDING, "Sí, autorizo", "Sí, autorizo"),
        (State.FINDING, "Foto", "Foto"),
        (
            State.FINDING,
            "Compartió su contacto: 573001112233",
            "Compartió su contacto: 300 ••• ••33",
        ),
        (State.PHONE, "CE 41236", "CE •••••36"),
        (State.DONE, "¿Ya quedó? 52123456", "¿Ya quedó? •••••456"),
        ("otro", "hola", "hola"),
    ],
)
def test_lines_of_before(state: str, text: str, masked: str) -> None:
    """A line of before tells the state after it only: more is hidden, never less."""
    line = Entry(kind=Kind.CUSTOMER, at=1, text=text, state=state)

    assert mask_text(line) == masked


@pytest.mark.parametrize(
    ("kind", "text", "masked"),
    [
        (Kind.BOT, "por ejemplo: 300 123 4567.", "por ejemplo: 300 123 4567."),
        (Kind.STAFF, "Le escribo del 300 111 22 33", "Le escribo del 300 ••• ••33"),
        (Kind.NOTE, "ana rechazó: es la 52123456", "ana rechazó: es la •••••456"),
        (Kind.NOTE, _WITHDRAWN, _WITHDRAWN),
        (Kind.NOTE, _UNDELIVERED, _UNDELIVERED),
    ],
)
def test_other_lines(kind: Kind, text: str, masked: str) -> None:
    """Staff's words and reasons are masked too; examples, references and error codes are not."""
    assert mask_text(Entry(kind=kind, at=1, text=text)) == masked
