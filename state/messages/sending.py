"""What staff read about sending: that WhatsApp takes a template only, that a message went again."""

from enum import StrEnum

WINDOW_LEFT = {
    True: ("queda 1 h", "quedan {number} h"),
    False: ("queda 1 min", "quedan {number} min"),
}
"""Of WhatsApp's 24 hours: whether hours are left, or minutes; one, or more."""


class Sending(StrEnum):
    """Why a message is not sent, or not again."""

    WINDOW_CLOSED = (
        "Pasaron más de 24 horas desde el último mensaje del cliente: envíelo con la plantilla."
    )
    NO_TEMPLATE = "Para usar una plantilla falta {setting}: avise a quien administra Enlace."
    NO_TEMPLATE_WORDS = "Escriba primero el mensaje: va dentro de la plantilla."
    TEMPLATE_TOO_LONG = "Para la plantilla sobran {over} letras: acorte el mensaje."
    TEMPLATE_CHANGED = "La plantilla cambió entretanto: mire de nuevo cómo llega."
    NO_MESSAGE = "Ese mensaje ya no está en la historia: recargue la página."
    ARRIVED = "Ese mensaje ya salió: mire hasta dónde llegó."
    RETRIED = "Ese mensaje ya se volvió a enviar."


class FileProblem(StrEnum):
    """Why what a customer sent cannot be shown."""

    GONE = "Ese archivo ya no está: el canal lo guarda unos días. Pídale al cliente que lo reenvíe."
    TOO_LARGE = "Ese archivo pasa de {most} MB: pídale al cliente que lo envíe por otro medio."
    AWAY = "El canal no entrega el archivo en este momento. Inténtelo de nuevo en unos minutos."
    OVER = "Este enlace ya venció: abra el archivo de nuevo en la conversación."
