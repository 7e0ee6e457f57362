"""Why a message did not arrive, and what to do about it, as staff read it on the message.

Codes of WhatsApp are of Meta's page "error codes" (2025-12-12, 2026-05-15), those of Telegram the
Bot API's. A code that is not here is told as it is.
"""

from dataclasses import dataclass

from state.failures import OBSOLETE, Unsent


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a message did not arrive.

    Attributes:
        cause: completes «No se entregó: …».
        remedy: what to do, a sentence; empty where nothing is to be done.
    """

    cause: str
    remedy: str = ""


_ADMINISTRATOR = "Avise a quien administra Enlace."
_AGAIN = "Inténtelo de nuevo en unos minutos."

_UNREACHABLE = Failure(
    cause="el número no tiene WhatsApp, o no puede recibirlo",
    remedy="Llame al cliente, o escríbale por otro canal.",
)
_BUSY = Failure(cause="WhatsApp recibió demasiados mensajes seguidos", remedy=_AGAIN)
_PASSING = Failure(cause="falló WhatsApp", remedy=_AGAIN)
_TOKEN = Failure(cause="WhatsApp no acepta nuestra clave o sus permisos", remedy=_ADMINISTRATOR)
_POLICY = Failure(cause="WhatsApp bloqueó nuestra cuenta", remedy=_ADMINISTRATOR)
_PAYMENT = Failure(cause="falta un pago a WhatsApp", remedy=_ADMINISTRATOR)
_NUMBER = Failure(cause="WhatsApp no tiene activo nuestro número", remedy=_ADMINISTRATOR)
_CAMPAIGN = Failure(
    cause="WhatsApp limita las plantillas que recibe este cliente",
    remedy="Espere un día, o llame al cliente.",
)
_SHAPE = Failure(cause="WhatsApp no entiende el mensaje", remedy=_ADMINISTRATOR)
_TEMPLATE = Failure(cause="WhatsApp no acepta la plantilla", remedy=_ADMINISTRATOR)
_FILE = Failure(cause="WhatsApp no pudo con el archivo", remedy=_AGAIN)

_WHATSAPP = {
    "131026": _UNREACHABLE,
    "131047": Failure(
        cause="pasaron más de 24 horas desde el último mensaje del cliente",
        remedy="Use la plantilla, o espere a que el cliente escriba.",
    ),
    "131049": _CAMPAIGN,
    "130472": _CAMPAIGN,
    "131050": Failure(
        cause="el cliente no quiere estos mensajes", remedy="Espere a que el cliente escriba."
    ),
    "131048": Failure(
        cause="WhatsApp limita nuestro número: hubo quejas por mensajes no deseados",
        remedy=_ADMINISTRATOR,
    ),
    "131021": Failure(cause="el número del cliente es el nuestro"),
    "131030": Failure(
        cause="nuestro número es de prueba, y el del cliente no está en su lista",
        remedy=_ADMINISTRATOR,
    ),
    "131062": Failure(
        cause="WhatsApp necesita el número del cliente para esto", remedy="Pida el número."
    ),
    **dict.fromkeys(("4", "80007", "130429", "131056"), _BUSY),
    **dict.fromkeys(("1", "2", "131000", "131016", "133004", "131057"), _PASSING),
    **dict.fromkeys(("0", "3", "10", "190", "131005", "33"), _TOKEN),
    **dict.fromkeys(("368", "131031", "130497"), _POLICY),
    **dict.fromkeys(("131042", "131044"), _PAYMENT),
    **dict.fromkeys(("131045", "133010", "133016", "131037"), _NUMBER),
    **dict.fromkeys(("100", "131008", "131009", "131051", "135000"), _SHAPE),
    **dict.fromkeys(
        (
            "132000", "132001", "132005", "132007", "132012", "132015", "132016", "132068",
            "132069",
        ),
        _TEMPLATE,
    ),
    **dict.fromkeys(("131052", "131053"), _FILE),
}  # fmt: skip

_TELEGRAM = {
    "403": Failure(
        cause="el cliente bloqueó el bot, o cerró su cuenta",
        remedy="Llame al cliente, o escríbale por otro canal.",
    ),
    "400": Failure(
        cause="Telegram no acepta el mensaje, o el chat ya no existe", remedy=_ADMINISTRATOR
    ),
}

FAILURES: dict[str, dict[str, Failure]] = {"whatsapp": _WHATSAPP, "telegram": _TELEGRAM}
"""By channel and the vendor's code."""

_UNSENT = {
    Unsent.TAKEN_OVER: Failure(cause="una persona tomó la conversación"),
    Unsent.BLOCKED: Failure(cause="el cliente bloqueó el chat"),
    Unsent.OVERTAKEN: Failure(cause="la reemplazó una pregunta más nueva"),
    Unsent.GIVEN_UP: Failure(cause="no se pudo enviar en seis horas", remedy=_AGAIN),
    Unsent.REFUSED: Failure(cause="el canal no acepta el mensaje", remedy=_ADMINISTRATOR),
}

UNSENT = "No se envió: {cause}"
"""Of what nobody need see to (`state.failures.OBSOLETE`)."""

UNDELIVERED = "No se entregó: {cause}"

RETRIED = "Se volvió a enviar."

PROGRESS = {
    "sending": ("…", "enviando"),
    "queued": ("…", "en cola"),
    "sent": ("✓", "enviado"),
    "delivered": ("✓✓", "entregado"),
    "read": ("✓✓", "leído"),
}
"""What stands on a message, and how it is read out."""

assert _UNSENT.keys() == set(Unsent)


def find_failure(channel: str, cause: str) -> Failure:
    """Find what staff read of a cause: a vendor's code or a word of ours."""
    if cause in _UNSENT:
        return _UNSENT[Unsent(cause)]
    known = FAILURES.get(channel, {}).get(cause)
    if known is not None:
        return known
    if cause and not cause.isdecimal():
        return _UNSENT[Unsent.REFUSED]
    if not cause:
        return Failure(cause="el canal no dice por qué", remedy=_AGAIN)
    return Failure(cause=f"código {cause} del canal", remedy=_ADMINISTRATOR)


def is_obsolete(cause: str) -> bool:
    """Tell whether nobody need see to it."""
    return cause in OBSOLETE
