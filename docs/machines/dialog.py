"""The dialog: every state that a customer can come to by the answers below."""

from collections import deque
from dataclasses import replace

from docs.machines.walk import MOMENT, Arrow, begun, fire
from state.client import Client, OnFile
from state.conversation import Conversation
from state.effects import FindClient, Inquire, RedeemInvitation, Search, UpdateClient, button_id
from state.events import (
    ClientFound,
    ClientMissing,
    ClientsFound,
    Event,
    Invited,
    Outcome,
    Pressed,
    Said,
    SharedContact,
    TimerFired,
    Updated,
)
from state.fields.table import Field
from state.inquiry import Inquired, ServiceStatus, Supply
from state.machine.asking import choices
from state.machine.step import step
from state.parts import BOT, QUEUE
from state.records import TimerName
from state.staff_actions import Decided
from state.states import FACTS

_ANSWERS = {
    "hola": "saluda",
    "1001": "número",
    "482913": "código",
    "1098765432": "cédula",
    "123456789": "cédula dudosa",
    "3112223344": "celular",
    "601 234 5678": "fijo",
    "atrás": "atrás",
    "no tengo internet": "sin internet",
}
_STATED = ("Ana Gómez", "Calle 10 # 5-20", "Plan 50MB", "60000")
_PHONE = {Field.PHONE: OnFile(("+573159741951",), "3159741951")}
_CLIENT = Client(
    service_id=1001, on_file=_PHONE, name=_STATED[0], address=_STATED[1], plan=_STATED[2],
    price=_STATED[3],
)  # fmt: skip
_ON_FILE = replace(_CLIENT, on_file={**_CLIENT.on_file, Field.DOCUMENT: OnFile(("52123456",))})


def arrows() -> list[Arrow]:
    """Walk the machine: pairs of states and what leads from one to the other."""
    waiting, seen = deque([begun()]), {_key(begun())}
    found: dict[Arrow, None] = {}
    while waiting:
        before = waiting.popleft()
        for label, event in _events(before):
            after, effects = step(before, event, MOMENT)
            found[_place(before), _place(after), label] = None
            for outcome in (None, *(o for effect in effects for o in _outcomes(effect))):
                last = after
                if outcome is not None:
                    last = _reported(after, outcome[1])
                    found[_place(after), _place(last), outcome[0]] = None
                if _key(last) not in seen and last.speaker == BOT:
                    seen.add(_key(last))
                    waiting.append(last)
    return sorted(arrow for arrow in found if arrow[0] != arrow[1])


def _reported(conversation: Conversation, outcome: Event) -> Conversation:
    """Take an outcome; one that is held back is waited for. The facts stated were right."""
    stated = _STATED if conversation.lookup.clue.partition(":")[0] != "phone" else ()
    after, _ = step(
        replace(conversation, lookup=replace(conversation.lookup, stated=stated)), outcome, MOMENT
    )
    return (
        fire(after) if after.timer is not None and after.timer.name is TimerName.ANSWER else after
    )


def _events(conversation: Conversation) -> list[tuple[str, Event]]:
    buttons = choices(conversation)
    skipped = {"person", "restart", "cancel"}
    pressed: list[tuple[str, Event]] = [
        (
            label,
            Pressed(button=button_id(conversation.shown.flow, conversation.shown.question, choice)),
        )
        for choice, label in buttons
        if choice not in skipped
    ]
    typed: list[tuple[str, Event]] = [(name, Said(text=text)) for text, name in _ANSWERS.items()]
    if conversation.state in FACTS:
        typed.append(("dato", Said(text=_STATED[FACTS.index(conversation.state)])))
    timer = conversation.timer
    if timer is not None and timer.name is TimerName.RETRY:
        typed.append(("reintento", TimerFired(generation=timer.generation)))
    if conversation.change.request is not None:
        code = conversation.change.request.code
        typed += [
            ("aprobada", Decided(agent="ana", code=code, approved=True)),
            ("aprobada", Decided(agent="luis", code=code, approved=True)),
            ("rechazada", Decided(agent="ana", code=code, approved=False)),
        ]
    shared = SharedContact(phone="573159741951", own=True)
    return [*pressed, *typed, ("su número", shared), ("invitación", Invited(code="ABCD2345"))]


def _outcomes(effect: object) -> list[tuple[str, Event]]:
    match effect:
        case FindClient(lookup=lookup) | RedeemInvitation(lookup=lookup):
            return [
                ("encontrado", ClientFound(client=_CLIENT, lookup=lookup)),
                ("encontrado", ClientFound(client=_ON_FILE, lookup=lookup)),
                ("no existe", ClientMissing(lookup=lookup)),
            ]
        case Search(lookup=lookup):
            return [
                ("encontrado", ClientsFound(clients=(_CLIENT,), lookup=lookup)),
                ("encontrado", ClientsFound(clients=(_ON_FILE,), lookup=lookup)),
                ("varios", ClientsFound(clients=(_CLIENT, _ON_FILE), lookup=lookup)),
                ("no comprobado", ClientsFound(clients=(), lookup=lookup)),
            ]
        case Inquire():
            status = ServiceStatus(supply=Supply.ACTIVE)
            asked = {"inquiry": effect.inquiry, "service_id": 1001, "turn": effect.turn}
            return [
                ("nada lo explica", Inquired(**asked, status=status)),
                ("sin respuesta", Inquired(**asked)),
            ]
        case UpdateClient():
            return [
                (name, Updated(outcome=outcome, message=""))
                for name, outcome in (
                    ("guardado", Outcome.UPDATED),
                    ("falló", Outcome.FAILED),
                    ("no había datos", Outcome.INVALID),
                )
            ]
        case _:
            return []


def _place(conversation: Conversation) -> str:
    return "persona" if conversation.speaker == QUEUE else conversation.state.value


def _key(conversation: Conversation) -> object:
    """What makes a difference for where one can go next."""
    return (
        conversation.state, choices(conversation), repr(conversation.identity.client),
        conversation.identity.proofs, conversation.draft.correcting, conversation.consent is None,
        bool(conversation.lookup.invitation), tuple(conversation.draft.answers),
    )  # fmt: skip


def shortened(labels: list[str]) -> str:
    """Say "texto" where nearly anything that is typed leads the same way."""
    typed = [label for label in labels if label in _ANSWERS.values() and label != "atrás"]
    if len(typed) < 4:
        return ", ".join(labels)
    return ", ".join([*(label for label in labels if label not in typed), "texto"])
