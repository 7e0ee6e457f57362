"""What staff read of a service beside its chat: how it stands, what is owed, how old that is."""

from enum import StrEnum

from state.inquiry import Supply
from state.messages.staff import SYSTEM

SUPPLIES = {
    Supply.ACTIVE: "activo",
    Supply.SUSPENDED: "suspendido",
    Supply.CANCELLED: "retirado",
    Supply.UNKNOWN: "no se sabe",
}
"""Whether the provider delivers it."""


class Owed(StrEnum):
    """What is owed."""

    NOTHING = "al día"
    SOME = "debe {pesos}"
    SOME_UNTIL = "debe {pesos}, vence el {day}"
    SOME_LATE = "debe {pesos}, venció el {day}"
    AHEAD = "{pesos} a favor"
    UNKNOWN = "no se pudo leer"


class ServiceLine(StrEnum):
    """What stands beside the facts of a service."""

    ASKING = f"Consultando {SYSTEM}…"
    RECORD = f"Esto es lo que se leyó al conversar. Consultando {SYSTEM}…"
    AWAY = f"{SYSTEM} no responde: lo de abajo puede haber cambiado. Pruebe en un minuto con ⟳."
    NEVER = (
        f"{SYSTEM} no responde: abajo está lo que se leyó al conversar. Pruebe en un minuto con ⟳."
    )
    MISSING = f"{SYSTEM} ya no tiene este servicio: búsquelo allí por el titular."
    OTHER_HOLDER = (
        f"En {SYSTEM} el titular ya es otro: compruebe con quién habla antes de contarle la cuenta."
    )
    OUTAGE = "Falla general"
    OUTAGE_SAID = "Falla general: {words}"


class Kinship(StrEnum):
    """What another chat is to the service, and through which one something was changed."""

    HOLDER = "titular"
    KNOWS = "conoce sus datos"
    THIS = "por este chat"
    OTHER = "por otro chat o programa"


class ServiceFact(StrEnum):
    """What each thing that is known of a service is called."""

    BALANCE = "Saldo"
    CUT_OFF = "Corte"
    ADDRESS = "Dirección"


assert SUPPLIES.keys() == set(Supply)
