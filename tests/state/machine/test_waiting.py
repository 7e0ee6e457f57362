"""Who waits for a person: a word against somebody else's change, and one's own rights, count."""

from state.conversation import Chat, Conversation, replace
from state.effects import Attest, Effect, RecordConsent, Say, SetLock, Unlink
from state.events import Event, Pressed, Said, Warned
from state.machine.asking import choices
from state.machine.moment import Moment
from state.machine.step import step
from state.parts import QUEUE, Identity, Link, Person
from state.proof import Proof
from state.records import Consent
from state.states import State
from tests.clients import make_client
from tests.machine_stage import NINE_O_CLOCK

_CLIENT = make_client(1001, document="52123456", phone="3159741951")
_PROOFS = (Proof.CHANNEL_PHONE,)
_HOLDER = Conversation(
    chat=Chat(channel="test", account="1", id="ana"),
    state=State.DONE,
    consent=Consent(at=NINE_O_CLOCK, code="ABCD2345", version="1"),
    identity=Identity(client=_CLIENT, proofs=_PROOFS),
    link=Link(client=_CLIENT, proofs=_PROOFS),
)
_WARNED = Warned(
    service_id=1001, action="cambiar", chat="other", code="WXYZ", held=True,
    phones=("+573159741951",),
)  # fmt: skip


def _play(*events: Event | str) -> tuple[Conversation, list[Effect]]:
    """Let the holder wait for a person, then play events; a text alone presses that button."""
    person = Person(phone="573159741951")
    conversation = replace(_HOLDER, account=replace(_HOLDER.account, person=person))
    happened: list[Effect] = []
    for number, event in enumerate((Said(text="asesor"), *events)):
        moment = Moment(
            now=NINE_O_CLOCK + number * 20_000, at=0, today="23/11/2026", reference=f"CODE{number}"
        )
        conversation, effects = step(conversation, _pressed(conversation, event), moment)
        happened += effects
    return conversation, happened


def _pressed(conversation: Conversation, event: Event | str) -> Event:
    if not isinstance(event, str):
        return event
    shown, offered = conversation.shown, [name for name, _ in choices(conversation)]
    assert event in offered
    return Pressed(button=f"{shown.flow}.{shown.question}:{event}")


def test_objection_by_word() -> None:
    """The words "no fui yo" lock the service also while the chat is in the queue."""
    waiting, effects = _play(Said(text="no fui yo"))

    assert waiting.speaker == QUEUE
    assert SetLock(service_id=1001, locked=True) in effects
    assert waiting.shown.asked == "no_fui_yo"


def test_warning_is_answered() -> None:
    """The buttons of a warning count in the queue: the change is stopped, or let pass."""
    stopped, no = _play(_WARNED, "not_me")
    passed, yes = _play(_WARNED, "was_me")

    assert Attest(chat="other", code="WXYZ", own=False) in no
    assert Attest(chat="other", code="WXYZ", own=True) in yes
    assert stopped.speaker == passed.speaker == QUEUE
    assert passed.shown.asked == "en_fila"


def test_revoked_while_waiting() -> None:
    """The consent can be revoked, and the conversation erased, without a person."""
    revoked, effects = _play(Said(text="revocar"), Said(text="sí"))
    erased, _ = _play(Said(text="borrar mis datos"), "erase_yes")

    assert revoked.consent is None
    assert [type(effect) for effect in effects[-3:]] == [Say, RecordConsent, Unlink]
    assert erased.shown.asked == "borrado"


def test_nothing_else_is_heard() -> None:
    """Whatever else is said waits for the person."""
    waiting, effects = _play(Said(text="actualizar mis datos"), Said(text="52123456"))

    assert waiting.shown.asked == "en_fila"
    assert [type(effect) for effect in effects] == [Say] * 3
