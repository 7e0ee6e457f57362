"""What texts may name in braces: an example of each, and how long it can become."""

from dataclasses import dataclass

from state.fields.table import FIELDS

_SERVICE = "servicio 1001, Plan 50MB, Calle •••••"
_HOURS = "lunes a viernes de 8:00 a. m. a 6:00 p. m.; sábado de 8:00 a. m. a 12:00 m."


@dataclass(frozen=True, slots=True)
class PlaceInfo:
    """What fills a place of a text.

    Attributes:
        example: a value as customers may read it.
        longest: characters of the longest value that is usual; a longer one costs the buttons.
        kept: the text is of no use without it, in whatever words.
    """

    example: str
    longest: int
    kept: bool = True

    @property
    def longest_value(self) -> str:
        """A value of that length, made of the example."""
        repeated = f"{self.example} " * (self.longest // len(self.example) + 1)
        return repeated[: self.longest]


COMPANY = {
    "isp": PlaceInfo("FibraNet", 60, kept=False),
    "razon_social": PlaceInfo("FibraNet S.A.S.", 60),
    "nit": PlaceInfo("900123456-8", 13),
    "direccion_isp": PlaceInfo("Calle 1 # 2-3, Tunja", 60),
    "tel_isp": PlaceInfo("608 740 1234", 15),
    "email_isp": PlaceInfo("datos@fibranet.example", 40),
    "url_politica": PlaceInfo("https://fibranet.example/datos", 60),
}
"""The company's own data, which every text may name."""

MOMENT = {"saludo": PlaceInfo("buenos días", 13, kept=False)}
"""What belongs to the moment, which every text may name too."""

_FIELD = {
    "antes": PlaceInfo("300 ••• ••33", 40),
    "nuevo": PlaceInfo("*311 222 3344* (nuevo), y sigue 300 ••• ••33", 75),
    "mascara": PlaceInfo("300 ••• ••33", 20),
}

PLACES = {
    **COMPANY,
    **MOMENT,
    "paso": PlaceInfo("celular", 30, kept=False),
    "codigo": PlaceInfo("ABCD2345", 8),
    "fecha": PlaceInfo("23/11/2026", 10),
    "n": PlaceInfo("1", 2, kept=False),
    "quedan": PlaceInfo("1", 1, kept=False),
    "n_dato": PlaceInfo("1", 1, kept=False),
    "n_datos": PlaceInfo("4", 1, kept=False),
    "valor": PlaceInfo("1098765432", 20),
    "dato": PlaceInfo("cédula", 20, kept=False),
    "que": PlaceInfo("la cédula", 22, kept=False),
    "doc": PlaceInfo("1098765432", 20),
    "num": PlaceInfo("+584121234567", 16),
    "ult3": PlaceInfo("432", 3),
    "ult2": PlaceInfo("33", 2),
    "servicio_mascara": PlaceInfo(_SERVICE, 80),
    "consentimiento": PlaceInfo("23/11/2026, código ABCD2345", 32),
    "mensaje_operacion": PlaceInfo("Perfil del cliente actualizado exitosamente.", 200),
    "motivo": PlaceInfo("la dirección no coincide", 200),
    "pregunta": PlaceInfo("¿Desde cuándo es usted el titular?", 500),
    "servicio": PlaceInfo("servicio 1001 (Plan 50MB)", 50),
    "numero": PlaceInfo("1001", 9),
    "plan": PlaceInfo("Plan 50MB", 40),
    "estado": PlaceInfo("activo", 10),
    "suma": PlaceInfo("$ 65.000", 20),
    "facturas": PlaceInfo("2", 2),
    "dia": PlaceInfo("5 de diciembre", 24),
    "enlace": PlaceInfo("https://pagos.fibranet.example/1001", 120),
    "detalle": PlaceInfo("fibra cortada en la vía", 120),
    "accion": PlaceInfo("cambiar el celular de", 60),
    "agente": PlaceInfo("Ana", 40, kept=False),
    "horario": PlaceInfo(_HOURS, 160),
    "cuando": PlaceInfo("mañana desde las 8:00 a. m.", 40, kept=False),
    **{
        f"{info.prefix}_{which}": place
        for info in FIELDS.values()
        for which, place in _FIELD.items()
    },
    "doc_antes": PlaceInfo("ninguno", 40),
    "doc_nuevo": PlaceInfo("*1098765432*", 75),
    "doc_mascara": PlaceInfo("•••••432", 20),
}
"""Every place of every text."""
