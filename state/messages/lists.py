"""What staff read in the lists of the inbox: a word for every view and every cause; complete."""

from enum import StrEnum

from state.messages.staff import SYSTEM
from state.parts import SpeakerKind
from state.views import Stuck, View

SPEAKER_KINDS = {
    SpeakerKind.BOT: "El asistente",
    SpeakerKind.QUEUE: "Nadie aún",
    SpeakerKind.MEMBER: "Alguien del personal",
    SpeakerKind.BUSINESS_PHONE: "El celular de la empresa",
}
"""Who may have a chat, to choose from."""

VIEWS = {
    View.WAITING: "Esperan",
    View.DECIDING: "Por decidir",
    View.MINE: "Míos",
    View.STUCK: "Atascados",
    View.FAILED: "Fallidos",
    View.ALL: "Todos",
    View.CLOSED: "Cerrados",
}
"""The lists of the inbox."""

EMPTY = {
    View.WAITING: "Nadie espera.",
    View.DECIDING: "Nada espera una decisión.",
    View.MINE: "Usted no lleva ninguna conversación.",
    View.STUCK: "Ninguna conversación está atascada.",
    View.FAILED: "Todos los mensajes llegaron.",
    View.ALL: "Aún no hay conversaciones.",
    View.CLOSED: "No hay conversaciones cerradas.",
}
"""What a list says in which there is nothing."""

STUCK = {
    Stuck.MISSES: (
        "El asistente no entendió tres respuestas seguidas.",
        "Tome la conversación y ayude al cliente.",
    ),
    Stuck.DIRECTORY: (
        f"{SYSTEM} no responde hace más de diez minutos.",
        f"Revise {SYSTEM}: el asistente sigue intentando solo.",
    ),
}
"""Why the bot gets no further, and what to do."""

FAILED = ("Un mensaje no llegó al cliente.", "Ábrala y escríbale de nuevo, o llámelo.")
"""What a chat says of a message that did not arrive, and what to do."""


class Search(StrEnum):
    """What a search answers besides the chats that it found."""

    USAGE = (
        "Escriba una cédula, un celular, un número de servicio, un nombre de tres letras o más, "
        "o el código de una solicitud."
    )
    NOTHING = "Nadie con ese dato ha escrito."
    ONE = "1 conversación"
    SEVERAL = "{count} conversaciones"
    MORE = "Hay más de {count}: escriba el dato completo."
    NEVER_WROTE = f"{SYSTEM} tiene {{count}} con ese nombre; ninguno ha escrito."
    AWAY = (
        f"{SYSTEM} no respondió, y los nombres están allá. Busque otra vez, escriba más del "
        "nombre, o busque por número."
    )
    TOO_MANY = "Demasiadas búsquedas seguidas. Espere {seconds} s y busque de nuevo."


assert SPEAKER_KINDS.keys() == set(SpeakerKind)
assert VIEWS.keys() == EMPTY.keys() == set(View)
assert STUCK.keys() == set(Stuck)
