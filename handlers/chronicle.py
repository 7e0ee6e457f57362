"""A step told as lines of the journal, as staff read them."""

from state.conversation import Conversation
from state.effects import Effect, Send
from state.events import (
    Asked,
    Attested,
    Barred,
    ByStaff,
    ClientFound,
    ClientMissing,
    ClientsFound,
    CodeRead,
    CodeUnsent,
    Crowded,
    Decided,
    Echoed,
    Edited,
    Event,
    Exported,
    HandedBack,
    Heard,
    Invited,
    Left,
    LookupFailed,
    Medium,
    Mentioned,
    Notified,
    Outcome,
    Pressed,
    Renumbered,
    Replied,
    Reported,
    Returned,
    Said,
    SentMedia,
    Settled,
    SharedContact,
    TakenOver,
    TimerFired,
    Told,
    Undelivered,
    Undone,
    Updated,
    Vouched,
    Warned,
    Withdrawn,
)
from state.journal import Entry, Kind
from state.machine import arrival
from state.machine.arrival import Arrival
from state.machine.asking import pressed
from state.machine.moment import Moment
from state.stays import WORDS

_MEDIA = {Medium.VOICE: "Nota de voz", Medium.IMAGE: "Foto", Medium.OTHER: "Archivo"}

_OUTCOMES = {
    Outcome.UPDATED: "WispHub: cambio guardado y comprobado",
    Outcome.INVALID: "WispHub: no había datos válidos",
    Outcome.MISSING: "WispHub: el servicio no existe",
    Outcome.TAKEN: "WispHub: el documento ya está en el servicio de otro titular; no se escribió",
    Outcome.MOVED: "WispHub: el registro cambió entretanto; no se escribió",
    Outcome.STAYED: "No se escribió: lo decide una persona",
    Outcome.FAILED: "WispHub: el cambio no quedó guardado",
}


_TOLD = {
    Withdrawn: "El cliente eliminó un mensaje",
    Mentioned: "Escribieron desde un grupo",
    Left: "El cliente bloqueó el chat",
    Returned: "El cliente desbloqueó el chat",
    Warned: "Se avisó de un cambio pedido desde otro chat",
    Renumbered: "La cuenta cambió de número o de teléfono: lo comprobado ya no vale",
}

_ARRIVED = {
    Arrival.LATE: "Llegó tarde: no se tomó como respuesta",
    Arrival.FLOOD: "Demasiados mensajes: no se respondió",
}


def tell(
    before: Conversation,
    event: Event,
    after: Conversation,
    effects: tuple[Effect, ...],
    moment: Moment,
) -> list[Entry]:
    """Tell what happened, then what was said; staff's words are told by what is sent of them."""
    now = moment.now
    said = [_said(effect, after, now=now) for effect in effects if isinstance(effect, Send)]
    match event:
        case Replied():
            return said
        case Said() | Pressed() | SharedContact() | SentMedia() | Invited():
            told, kind = _heard(before, event), Kind.CUSTOMER
            said = [*_withdrawn(before, after, now=now), *said]
            note = _ARRIVED.get(arrival.judge(before, event, moment))
            if note is not None:
                said = [Entry(kind=Kind.NOTE, at=now, text=note), *said]
        case Edited(text=text):
            told, kind = f"(editado) {text}", Kind.CUSTOMER
        case Echoed(text=text):
            return [Entry(kind=Kind.STAFF, at=now, text=text, author="celular", state=after.state)]
        case _:
            told, kind = _noted(event), Kind.NOTE
    return [Entry(kind=kind, at=now, text=told, state=after.state), *said]


def _withdrawn(before: Conversation, after: Conversation, *, now: int) -> list[Entry]:
    """Tell staff of a request that the customer took back."""
    request = before.change.request
    if request is None or after.change.request is not None:
        return []
    return [Entry(kind=Kind.NOTE, at=now, text=f"El cliente retiró la solicitud {request.code}")]


def counters(before: Conversation, event: Event, moment: Moment) -> list[str]:
    """Name what is counted of a step."""
    if not isinstance(event, Heard):
        return ["turns"]
    judged = arrival.judge(before, event, moment)
    return ["turns", judged.value] if judged in _ARRIVED else ["turns"]


def _heard(before: Conversation, event: Heard) -> str:
    match event:
        case Said(text=text):
            return text
        case Pressed(button=button):
            return _label(before, button)
        case SharedContact(phone=phone, own=own):
            return f"Compartió {'su' if own else 'otro'} contacto: {phone}"
        case SentMedia(medium=medium):
            return _MEDIA[medium]
        case Invited():
            return "Abrió una invitación"


def _noted(event: Told | Reported | ByStaff | Notified) -> str:
    match event:
        case Undelivered(reason=reason):
            return f"El canal no pudo entregar un mensaje: código {reason}"
        case Withdrawn() | Mentioned() | Left() | Returned() | Renumbered() | Warned():
            return _TOLD[type(event)]
        case Attested(own=True):
            return "Desde el número anterior confirman el cambio"
        case Attested():
            return "Desde otro chat del servicio dicen que no fue el titular: no se guarda"
        case Edited() | Echoed():
            raise AssertionError("told by their words")
        case (
            ClientFound()
            | ClientsFound()
            | Barred()
            | CodeUnsent()
            | Crowded()
            | ClientMissing()
            | LookupFailed()
            | Updated()
            | TimerFired()
        ):
            return _reported(event)
        case staff:
            return _by_staff(staff)


def _reported(event: Reported) -> str:
    match event:
        case ClientFound(client=client):
            return f"WispHub: servicio {client.service_id} encontrado"
        case ClientsFound(clients=clients):
            return f"WispHub: {len(clients)} servicios encontrados"
        case ClientMissing():
            return "WispHub: no hay tal servicio"
        case LookupFailed():
            return "WispHub: no respondió a la consulta"
        case Barred():
            return "No se buscó: demasiados intentos, o el servicio está bloqueado"
        case CodeUnsent():
            return "El código no se pudo enviar"
        case Crowded(stay=stay):
            return f"El chat no quedó vinculado: {WORDS[stay]}"
        case Updated(outcome=outcome):
            return _OUTCOMES[outcome]
        case TimerFired():
            return "Venció un temporizador"


def _by_staff(event: ByStaff) -> str:
    match event:
        case TakenOver(agent=agent):
            return f"{agent} tomó la conversación"
        case Replied():
            raise AssertionError("told by what is sent")
        case HandedBack(agent=agent):
            return f"{agent} devolvió la conversación al asistente"
        case Decided(agent=agent, approved=True):
            return f"{agent} aprobó la solicitud"
        case Decided(agent=agent, reason=reason):
            return f"{agent} rechazó la solicitud: {reason}"
        case Asked(agent=agent, text=text):
            return f"{agent} pregunta por la solicitud: {text}"
        case CodeRead(agent=agent):
            return f"{agent} va a dictar un código por teléfono"
        case Undone(agent=agent, reason=reason):
            return f"{agent} pide deshacer el último cambio: {reason}"
        case Settled(agent=agent):
            return f"{agent} resolvió el cambio a mano"
        case Exported(agent=agent):
            return f"{agent} descargó copia de todo lo guardado"
        case Vouched(agent=agent, reason=reason):
            return f"{agent} comprobó quién es el cliente: {reason}"


def _label(before: Conversation, button: str) -> str:
    choice = pressed(before, button)
    return choice[1] if choice else "Botón de un mensaje anterior"


def _said(send: Send, after: Conversation, *, now: int) -> Entry:
    return Entry(
        kind=Kind.STAFF if send.member else Kind.BOT,
        at=now,
        text=send.text,
        author=send.member,
        buttons=tuple(button.label for button in send.buttons),
        state=after.state,
    )
