"""What staff and programs read, in one place; what customers read is beside it.

What tells of a value of the machine is a table keyed by it, and complete: a value without its
words does not start. What stands alone has a name. Placeholders in braces are filled by whoever
shows it; `{event.…}` by what happened.
"""

from enum import StrEnum
from typing import get_args

from state import events, staff_actions
from state.events import Event, Medium, Outcome
from state.inquiry import Inquired, Inquiry
from state.members import is_reserved
from state.objections import Objection
from state.parts import SpeakerKind
from state.policy import Situation
from state.proof import Proof
from state.records import Standing, TimerName
from state.rejections import SETTINGS, Cause, Use, Vendor

SYSTEM = "WispHub"
"""Where the provider keeps its clients, as staff know it."""

# What is known of a chat ---------------------------------------------------------------------

SPEAKERS = {
    SpeakerKind.BOT: "asistente",
    SpeakerKind.QUEUE: "pide una persona",
    SpeakerKind.BUSINESS_PHONE: "celular de la empresa",
}
"""Who answers a chat; a member of staff is called by name."""

TIMERS = {
    TimerName.REMIND: "recordatorio",
    TimerName.EXPIRE: "vencimiento",
    TimerName.RETRY: "reintento",
    TimerName.ANSWER: "respuesta",
    TimerName.HELD: "se guarda lo aprobado",
    TimerName.ERASE: "borrado",
}
"""What a chat waits for."""

PROOFS = {
    Proof.CHANNEL_PHONE: "celular del canal",
    Proof.INVITATION: "invitación",
    Proof.CODE: "código de un solo uso",
    Proof.READ_OUT: "código dictado por el personal",
    Proof.FACTS: "datos del servicio",
    Proof.STAFF: "personal",
}
"""What was proven of the customer."""

STANDINGS = {
    Standing.WRITTEN: "guardado; se volverá a leer",
    Standing.VERIFIED: "guardado y comprobado",
    Standing.LOST: f"{SYSTEM} lo perdió: hágalo a mano",
    Standing.UNKNOWN: f"nadie sabe si quedó: revise {SYSTEM}",
    Standing.CONTESTED: "el titular dice que no fue él: revíselo y deshágalo",
    Standing.UNDONE: "deshecho por el personal",
    Standing.SETTLED: "lo resolvió una persona",
}
"""What became of a change."""


class Fact(StrEnum):
    """What the card calls each thing that is known of a chat."""

    CHANNEL = "Canal"
    NAME = "Nombre allí"
    NUMBER = "Número allí"
    CONSENT = "Autorización"
    LEVEL = "Nivel"
    PROOF = "Prueba"
    FAILURES = "Intentos fallidos"
    LAST_CHANGE = "Último cambio"
    MATTER = "Escribe por"


class Card(StrEnum):
    """What stands beside the facts, and in the place of those that are not there."""

    BLANK = "—"
    NONE = "ninguno"
    NONE_FEMININE = "ninguna"
    NO = "no"
    SERVICE = "Servicio {service_id}"
    CHAT = "Chat {key}"
    CONSENT = "código {code}"
    CONSENT_ON = "código {code} del {on}"
    KEPT = "deja el actual"
    CHANGE = "{code}: {standing}. Antes: {before}"
    GIVEN = "{field} dado"
    ON_FILE = "{field} en archivo"
    BEFORE = "{field} {was}"
    ALONE = " (quita los demás)"
    BY_BOT = "asistente"
    UNREADABLE = "no se puede leer"
    BEGINNING = "Inicio"


class Slot(StrEnum):
    """What the simulator calls each thing that is known of a chat: unmasked, for it is invented."""

    SERVICE = "servicio"
    CANDIDATE = "por confirmar"
    FAILURES = "fallos seguidos"
    ASKED = "mensaje"


# Why people decide ---------------------------------------------------------------------------

REASONS = {
    Situation.DOCUMENT_EMPTY: "no había documento registrado",
    Situation.DOCUMENT_REPLACED: "reemplaza el documento registrado",
    Situation.DOCUMENT_TAKEN: "el documento ya está en el servicio de otro titular",
    Situation.PHONE_EMPTY_OWN: "no había celular registrado; es el de este chat",
    Situation.PHONE_EMPTY_OTHER: "no había celular registrado; no es el de este chat",
    Situation.PHONE_ADDED_OWN: "agrega el celular de este chat",
    Situation.PHONE_ADDED_OTHER: "agrega un celular que no es el de este chat",
    Situation.PHONE_REPLACED: "reemplaza el celular registrado",
    Situation.OTHER_EMPTY: "llena un dato que no estaba registrado",
    Situation.OTHER_REPLACED: "reemplaza un dato registrado",
    Situation.LINK: "vincula el chat",
}
"""What a request would do; stored with it as these words."""

OBJECTIONS = {
    Objection.LOCKED: "el servicio está bloqueado",
    Objection.PHONE_RECENT: "el celular registrado cambió por chat hace menos de 72 horas",
    Objection.DOCUMENT_OFTEN: "el documento ya se cambió por chat en los últimos 30 días",
    Objection.PHONE_OFTEN: "el celular ya se cambió dos veces por chat en los últimos 30 días",
    Objection.CHATS: "el servicio ya está vinculado con otros dos chats",
    Objection.SERVICES: "el chat ya está vinculado con otros tres servicios",
    Objection.TRIED: "otro chat intentó con este servicio en los últimos 30 días",
}
"""Why the store lets nobody but people decide; stored likewise."""


class Reason(StrEnum):
    """Other reasons of a request; stored likewise."""

    ANOTHER_PHONE = "la cuenta cambió de número o de teléfono hace menos de 72 horas"
    RECYCLED = "otra cuenta usaba antes el número de este chat: puede ser de otra persona"
    UNDOES = "deshace el cambio {code}: {reason}"
    MOVED = "el registro cambió después de la solicitud"


# The journal ---------------------------------------------------------------------------------

NOTES: dict[type[Event], str] = {
    events.Edited: "(editado) {event.text}",
    events.Invited: "Abrió una invitación",
    events.Withdrawn: "El cliente eliminó un mensaje",
    events.Mentioned: "Escribieron desde un grupo",
    events.Left: "El cliente bloqueó el chat",
    events.Returned: "El cliente desbloqueó el chat",
    events.Renumbered: "La cuenta cambió de número o de teléfono: lo comprobado ya no vale",
    events.Undelivered: "El canal no pudo entregar un mensaje: código {event.reason}",
    events.ClientFound: f"{SYSTEM}: servicio {{event.client.service_id}} encontrado",
    events.ClientsFound: f"{SYSTEM}: {{count}} servicios encontrados",
    events.ClientMissing: f"{SYSTEM}: no hay tal servicio",
    events.LookupFailed: f"{SYSTEM}: no respondió a la consulta",
    events.Barred: "No se buscó: demasiados intentos",
    events.CodeUnsent: "El código no vale: hubo demasiados, o ese número no lo recibe",
    events.Crowded: "El chat no quedó vinculado: {stay}",
    events.TimerFired: "Venció un temporizador",
    staff_actions.TakenOver: "{event.agent} tomó la conversación",
    staff_actions.HandedBack: "{event.agent} devolvió la conversación al asistente",
    staff_actions.Closed: "{event.agent} cerró la conversación",
    staff_actions.FileOpened: "{event.agent} abrió un archivo que envió el cliente",
    staff_actions.Retried: "{event.agent} volvió a enviar un mensaje que no se entregó",
    staff_actions.Asked: "{event.agent} pregunta por la solicitud: {event.text}",
    staff_actions.CodeRead: "{event.agent} va a dictar un código por teléfono",
    staff_actions.Undone: "{event.agent} pide deshacer el último cambio: {event.reason}",
    staff_actions.Settled: "{event.agent} resolvió el cambio a mano",
    staff_actions.Exported: "{event.agent} descargó copia de todo lo guardado",
    staff_actions.Revealed: "{event.agent} vio los datos sin tapar: {event.reason}",
    staff_actions.Vouched: "{event.agent} comprobó quién es el cliente: {event.reason}",
    staff_actions.MemberDisabled: "{event.agent} ya no es del personal: espera a otra persona",
    events.Displaced: "Se desvinculó: solo sabía datos del servicio, y el titular ocupó su lugar",
    events.NumberPassed: "Otra cuenta usa ahora el número de este chat: ya no comprueba nada",
}
"""What the journal tells of an event."""

OUTCOMES = {
    Outcome.UPDATED: f"{SYSTEM}: cambio guardado y comprobado",
    Outcome.INVALID: f"{SYSTEM}: no había datos válidos",
    Outcome.MISSING: f"{SYSTEM}: el servicio no existe",
    Outcome.TAKEN: f"{SYSTEM}: el documento ya está en el servicio de otro titular; no se escribió",
    Outcome.MOVED: f"{SYSTEM}: el registro cambió entretanto; no se escribió",
    Outcome.STAYED: "No se escribió: lo decide una persona",
    Outcome.FAILED: f"{SYSTEM}: el cambio no quedó guardado",
}
"""Of `Updated`."""

INQUIRIES = {
    Inquiry.BALANCE: "cuánto se debe",
    Inquiry.PLAN: "plan y estado",
    Inquiry.OUTAGE: "sin internet",
}
"""What was asked of the directory."""

ANSWERS = {
    True: f"{SYSTEM}: respondió ({{inquiry}})",
    False: f"{SYSTEM}: no respondió nada que se pueda decir ({{inquiry}})",
}
"""Of `Inquired`: whether there is something to tell."""

MEDIA = {Medium.VOICE: "Nota de voz", Medium.IMAGE: "Foto", Medium.OTHER: "Archivo"}
"""Of `SentMedia`."""

CONTACTS = {
    True: "Compartió su contacto: {event.phone}",
    False: "Compartió otro contacto: {event.phone}",
}
"""Of `SharedContact`: whether it is the customer's own."""

DECISIONS = {
    True: "{event.agent} aprobó la solicitud",
    False: "{event.agent} rechazó la solicitud: {event.reason}",
}
"""Of `Decided`: whether it was approved."""

WORDS_ON_IT = {
    True: "Desde el número anterior confirman el cambio",
    False: "Desde otro chat del servicio dicen que no fue el titular: no se guarda",
}
"""Of `Attested`: whether the change is said to be the holder's own."""

WARNINGS = {
    True: "Se avisó de un cambio pedido desde otro chat",
    False: "Se avisó de un cambio escrito por un programa ({event.code})",
}
"""Of `Warned`: whether another chat asked for the change."""

_BY_TABLE: frozenset[type[Event]] = frozenset(
    {
        events.Updated,
        Inquired,
        events.SentMedia,
        events.SharedContact,
        staff_actions.Decided,
        events.Attested,
        events.Warned,
    }
)
_BY_ITS_WORDS: frozenset[type[Event]] = frozenset(
    {events.Said, events.Pressed, events.Echoed, staff_actions.Replied, staff_actions.Noted}
)


class Note(StrEnum):
    """What the journal tells of what is no event."""

    LATE = "Llegó tarde: no se tomó como respuesta"
    FLOOD = "Demasiados mensajes: no se respondió"
    ASKED_TOO_OFTEN = "No se consultó: demasiadas preguntas seguidas"
    BUSINESS_PHONE = "celular"
    OLD_BUTTON = "Botón de un mensaje anterior"
    WITHDRAWN = "El cliente retiró la solicitud {code}"
    UNREADABLE = "No se puede leer"
    RETRIED = "Un operador lo volvió a intentar"
    LOCKED = "El servicio quedó bloqueado 24 horas"
    RECYCLED = "Otra cuenta usaba antes el número de este chat: no comprueba nada"
    ERASED = "El cliente pidió borrar la conversación: lo anterior se borró"
    ERASED_AT_REFUSAL = "El cliente no autorizó el tratamiento de sus datos: lo anterior se borró"

    REFUSED = "El canal no acepta este mensaje"
    REFUSED_BECAUSE = "El canal no acepta este mensaje: {reason}"
    GIVEN_UP = "No se pudo enviar en seis horas"
    IN_DOUBT = "Envío en duda: se repetirá"
    CONFIRMED = "El canal confirmó el envío que estaba en duda"
    REPEATED = "Envío repetido: el anterior quedó en duda"
    TAKEN_OVER = "No se envió: una persona tomó la conversación"
    BLOCKED = "No se envió: el cliente bloqueó el chat"
    OVERTAKEN = "No se envió: la reemplazó una pregunta más nueva"


# What vendors refuse us ------------------------------------------------------------------------

REJECTIONS = {
    (Vendor.WISPHUB, Cause.KEY): f"{SYSTEM} rechaza nuestra clave desde {{since}}: {{lost}}. "
    "Avise a quien administra Enlace: debe revisar {setting}.",
    (Vendor.WISPHUB, Cause.ADDRESS): f"La dirección de {SYSTEM} no responde como debe desde "
    "{since}: {lost}. Avise a quien administra Enlace: debe revisar {setting}.",
    (Vendor.TELEGRAM, Cause.KEY): "Telegram rechaza nuestra cuenta desde {since}: {lost}. "
    "Avise a quien administra Enlace: debe revisar {setting} y el bot en BotFather.",
    (Vendor.TELEGRAM, Cause.MISSING): "Hay mensajes que esperan a Telegram, que no está "
    "configurado, desde {since}: {lost}. Avise a quien administra Enlace: debe revisar {setting}.",
    (Vendor.WHATSAPP, Cause.KEY): "WhatsApp rechaza nuestra cuenta desde {since}: {lost}. "
    "Avise a quien administra Enlace: debe revisar {setting} y la cuenta en Meta.",
    (Vendor.WHATSAPP, Cause.MISSING): "Hay mensajes que esperan a WhatsApp, que no está "
    "configurado, desde {since}: {lost}. Avise a quien administra Enlace: debe revisar {setting}.",
}
"""Above the inbox."""

LOST = {
    Use.READ: "no se puede consultar ni guardar nada",
    Use.WRITE: "no se guarda ningún cambio",
    Use.SEND: "los mensajes quedan en espera y saldrán en orden",
}
"""What cannot be done meanwhile."""

CLOSED = (
    "Los mensajes de {channel} esperan hasta las {until}; entonces se prueba con uno, y si sale "
    "siguen los demás."
)
"""While a vendor's gate is closed."""

SINCE = {True: "las %H:%M", False: "el %d/%m a las %H:%M"}
"""Whether it began today."""

# The pages -----------------------------------------------------------------------------------


class Page(StrEnum):
    """What a page answers where something cannot be done."""

    NO_ACTION = "No existe esa acción: recargue la página."
    NO_CHAT = "Esa conversación ya no existe: vuelva a la bandeja."
    NO_WORDS = "Escriba el motivo o la pregunta: queda en la historia."
    TOO_LONG = "Son {length} caracteres y caben {longest}: acórtelo. No salió nada, y sigue aquí."
    NO_ROLE = "Su rol no permite esto. Pídaselo a un supervisor o a un administrador."
    OTHER_SITE = "El formulario viene de otro sitio."
    OTHER_HOST = "La demostración solo responde en este equipo: ábrala con localhost o 127.0.0.1."
    SESSION_ENDED = "La sesión terminó."
    SIGN_IN_REFUSED = "Usuario o contraseña incorrectos."
    TOO_MANY_TRIES = "Demasiados intentos. Espere {wait} y vuelva a intentar."
    LINK_USED = "Este enlace ya se usó o venció. Pida otro a un administrador."
    NO_PHONE = "Ese teléfono ya no existe."
    NO_GESTURE = "El teléfono no sabe hacer eso."


class Api(StrEnum):
    """What programs are told where something cannot be done; people read it in their logs."""

    TOO_SLOW = "La petición no llegó completa a tiempo. Envíela de nuevo."
    HEAD_TOO_LARGE = "Las cabeceras de la petición son demasiado largas."
    TOO_MANY_CONNECTIONS = "Hay demasiadas conexiones. Intente de nuevo en unos segundos."
    NO_METRICS = (
        "Las métricas no son públicas: envíe ENLACE_METRICS_TOKEN como Authorization: Bearer, "
        "o pídalas en el mismo equipo."
    )
    NO_REFERENCE = (
        "La referencia no es pública: entre en /consola, o envíe su llave en la cabecera X-API-Key."
    )
    UNAUTHORIZED = "Falta la cabecera X-API-Key o no es válida."
    NO_SCOPE = "La llave no tiene el permiso {scope}: agréguelo en ENLACE_API_KEYS."
    TOO_MANY = "Demasiadas llamadas. Espere lo que dice la cabecera Retry-After."
    UNREADABLE = "El cuerpo no se pudo leer: envíe un objeto JSON con document o phone."
    INVALID_FIELD = "El campo {field} no es válido. Revise su tipo y su formato."
    NO_PATH = "No existe esa dirección. Use PUT /api/v1/clients/{service_id}."
    NO_METHOD = "Método no permitido. Use PUT."
    TOO_LARGE = "El cuerpo es demasiado grande: bastan dos campos."
    NO_ACTION = "No existe esa acción: use approve, reject o ask."
    CONTESTED = "El titular dice que no fue él: compruebe primero quién es el cliente."
    TOO_LONG = "El texto tiene {length} caracteres y caben {longest}: acórtelo."
    NO_WORDS = 'Envíe un objeto JSON con "text": el motivo o la pregunta que leerá el cliente.'


API_FIELDS = {
    "document": "document (cédula)",
    "phone": "phone (celular)",
    "service_id": "service_id",
}
"""What programs' people read of the fields of a call."""

assert all(map(is_reserved, SPEAKERS.values()))
assert SPEAKERS.keys() == set(SpeakerKind) - {SpeakerKind.MEMBER}
assert TIMERS.keys() == set(TimerName)
assert PROOFS.keys() == set(Proof)
assert STANDINGS.keys() == set(Standing)
assert REASONS.keys() == set(Situation)
assert OBJECTIONS.keys() == set(Objection)
assert OUTCOMES.keys() == set(Outcome)
assert INQUIRIES.keys() == set(Inquiry)
assert MEDIA.keys() == set(Medium)
assert REJECTIONS.keys() == SETTINGS.keys()
assert LOST.keys() == set(Use)
assert NOTES.keys() | _BY_TABLE | _BY_ITS_WORDS == set(get_args(Event))
