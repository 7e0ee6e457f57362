"""Ways through the dialog, taken as people take them: by reading what is asked."""

from collections.abc import Callable
from typing import Protocol

from state.conversation import Conversation
from state.events import Event, SharedContact
from state.parts import QUEUE
from state.states import STATES, State
from tests.attackers.house import House
from tests.attackers.people import FACTS, PHONE, Actor

_LONGEST = 12  # messages after which nobody goes on

REFUSALS = (
    "id_no", "id_fin", "id_tel_no", "id_link_mal", "vinculo_lleno", "por_asesor", "rechazada",
)  # fmt: skip
"""Texts that no holder ever hears."""


class Stage(Protocol):
    """Where somebody talks: in one house, or in both at once."""

    def talk(self, actor: Actor) -> Conversation:
        """Give the record of somebody's chat."""
        ...

    async def say(self, actor: Actor, *texts: str) -> None:
        """Let somebody write."""
        ...

    async def hear(self, actor: Actor, *events: Event) -> None:
        """Let somebody do something."""
        ...


async def approach(stage: Stage, actor: Actor) -> None:
    """Go to where a service can be looked for."""
    for _ in range(_LONGEST):
        words = _find_way_in(stage.talk(actor))
        if not words:
            return
        await stage.say(actor, *words)


def _find_way_in(talk: Conversation) -> tuple[str, ...]:
    """Tell what to say next, to be asked how to look for the service; nothing once it is."""
    if talk.speaker == QUEUE:
        return ("volver al asistente",)
    agree = () if talk.consent else ("sí, autorizo",)
    linked = talk.identity.client is not None
    match talk.state:
        case State.START:
            return ("hola", "empezar", *agree)
        case State.GREETING:
            return ("empezar", *agree)
        case State.CONSENT:
            return agree
        case State.SHARING:
            return ("prefiero no hacerlo",)
        case State.METHOD:
            return () if talk.shown.asked == "id_metodo" else ("repetir",)
        case State.REVIEW:
            return ("cancelar", "sí, retirarla")
        case State.DONE:
            return ("hola", "vincular otro") if linked else ("hola", "empezar")
        case State.FINDING | State.UPDATING | State.RETRYING:
            return ()
        case _:
            return ("reiniciar",)


async def claim(
    stage: Stage, actor: Actor, *, by: str = "1001", facts: tuple[str, ...] = FACTS
) -> None:
    """Name a service by its number, a document, or by nothing, and tell facts of its file."""
    await approach(stage, actor)
    if stage.talk(actor).state is not State.METHOD:
        return
    way = ("mi cédula", by) if len(by) > 4 else ("número de servicio", by)
    await stage.say(actor, *(way if by else ("datos de mi factura",)), *facts)


async def reach_document(stage: Stage, actor: Actor, *, by: str = "1001") -> bool:
    """Know the facts, and no code, and come to be asked for the document."""
    if stage.talk(actor).state is not State.DOCUMENT:
        await claim(stage, actor, by=by)
    if stage.talk(actor).state is State.CODE:
        await stage.say(actor, "no tengo ese número")
    return stage.talk(actor).state is State.DOCUMENT


async def arrive(house: House, holder: Actor, *, invitation: str = "") -> None:
    """Let the holder show who she is, by the phone on file or by an invitation.

    Raises:
        AssertionError: she was refused.
    """
    code = invitation
    for _ in range(_LONGEST):
        talk = house.talk(holder)
        if not code and _is_let_in(talk):
            return
        if code and talk.speaker != QUEUE and STATES[talk.state].takes_invitation:
            await house.say(holder, f"Vincular {code}")
            code = ""
        else:
            await _show(house, holder, talk)
        asked = house.talk(holder).shown.asked
        assert asked not in REFUSALS, f"the holder was refused: {asked}"
    raise AssertionError(f"the holder does not get in: {house.talk(holder).state}")


def _is_let_in(talk: Conversation) -> bool:
    asked = talk.state in (State.DOCUMENT, State.PHONE, State.SUMMARY)
    return talk.speaker != QUEUE and asked and talk.possesses


async def _show(house: House, holder: Actor, talk: Conversation) -> None:
    """Go a step on towards the holder's own data, by the phone on file."""
    if talk.speaker == QUEUE:
        await house.say(holder, "volver al asistente")
    elif talk.state is State.SHARING:
        await house.hear(holder, SharedContact(phone=f"57{PHONE}", own=True))
    else:
        await house.say(holder, *_STEPS.get(talk.state, _find_way_in)(talk))


_STEPS: dict[State, Callable[[Conversation], tuple[str, ...]]] = {
    State.METHOD: lambda _: ("reiniciar",),
    State.PICK: lambda _: ("1",),
    State.CONFIRM_SERVICE: lambda _: ("sí, es el mío",),
    State.DONE: lambda talk: ("hola", "actualizar mis datos" if talk.link else "reiniciar"),
}
"""What a holder does otherwise than a stranger."""


async def save(house: House, holder: Actor, *, document: str, phone: str) -> None:
    """Let the holder answer the questions and save; empty keeps what is there.

    Raises:
        AssertionError: it was neither done nor left to people.
    """
    for _ in range(_LONGEST):
        talk = house.talk(holder)
        words = _answer(talk, document, phone)
        if not words:
            break
        await house.say(holder, *words)
    talk = house.talk(holder)
    assert talk.shown.asked not in REFUSALS, f"the holder was refused: {talk.shown.asked}"
    done = talk.state is State.DONE and talk.link is not None
    assert done or talk.state is State.REVIEW, f"the holder's save ended in {talk.state}"


def _answer(talk: Conversation, document: str, phone: str) -> tuple[str, ...]:
    """Tell what the holder answers where the dialog stands; nothing once it is saved."""
    if talk.speaker == QUEUE:
        return ("volver al asistente",)
    shown = talk.shown.asked
    match talk.state:
        case State.DOCUMENT if shown == "doc_tenemos":
            return ("cambiarlo", document) if document else ("sí, es correcto",)
        case State.DOCUMENT:
            return (document or "79888999",)
        case State.PHONE if phone.startswith("-"):
            return ("quitar el anterior", phone[1:])
        case State.PHONE if shown == "tel_pedir":
            return (phone or "dejar el actual",)
        case State.PHONE:
            return (phone or PHONE,)
        case State.CODE:
            return ("seguir sin código",)
        case State.SUMMARY:
            return ("sí, guardar",)
        case _:
            return ()
