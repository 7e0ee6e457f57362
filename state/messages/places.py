"""What texts may name in braces: an example of each, and how long it can become."""

from dataclasses import dataclass

from state.fields.table import FIELDS

_SERVICE = "servicio 1001, Plan 50MB, Calle •••••"
_HOURS = "lunes a viernes de 8:00 a. m. a 6:00 p. m.; sábado de 8:00 a. m. a 12:00 m."


@dataclass(frozen=True, slots=True)
class Place:
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
    "isp": Place("FibraNet", 60, kept=False),
    "razon_social": Place("FibraNet S.A.S.", 60),
    "nit": Place("900123456-8", 13),
    "direccion_isp": Place("Calle 1 # 2-3, Tunja", 60),
    "tel_isp": Place("608 740 1234", 15),
    "email_isp": Place("datos@fibranet.example", 40),
    "url_politica": Place("https://fibranet.example/datos", 60),
}
"""The company's own data, which every text may name."""

MOMENT = {"saludo": Place("buenos días", 13, kept=False)}
"""What belongs to the moment, which every text may name too."""

_FIELD = {
    "antes": Place("300 ••• ••33", 40),
    "nuevo": Place("*311 222 3344* (nuevo), y sigue 300 ••• ••33", 75),
    "mascara": Place("300 ••• ••33", 20),
}

PLACES = {
    **COMPANY,
    **MOMENT,
    "paso": Place("celular", 30, kept=False),
    "codigo": Place("ABCD2345", 8),
    "fecha": Place("23/11/2026", 10),
    "n": Place("1", 2, kept=False),
    "quedan": Place("1", 1, kept=False),
    "n_dato": Place("1", 1, kept=False),
    "n_datos": Place("4", 1, kept=False),
    "valor": Place("1098765432", 20),
    "dato": Place("cédula", 10, kept=False),
    "doc": Place("1098765432", 20),
    "num": Place("+584121234567", 16),
    "ult3": Place("432", 3),
    "ult2": Place("33", 2),
    "servicio_mascara": Place(_SERVICE, 80),
    "consentimiento": Place("23/11/2026, código ABCD2345", 32),
    "mensaje_operacion": Place("Perfil del cliente actualizado exitosamente.", 200),
    "motivo": Place("la dirección no coincide", 200),
    "pregunta": Place("¿Desde cuándo es usted el titular?", 500),
    "servicio": Place("servicio 1001 (Plan 50MB)", 50),
    "numero": Place("1001", 9),
    "plan": Place("Plan 50MB", 40),
    "estado": Place("activo", 10),
    "suma": Place("$ 65.000", 20),
    "facturas": Place("2", 2),
    "dia": Place("5 de diciembre", 24),
    "enlace": Place("https://pagos.fibranet.example/1001", 120),
    "detalle": Place("fibra cortada en la vía", 120),
    "accion": Place("cambiar el celular de", 60),
    "agente": Place("Ana", 40, kept=False),
    "horario": Place(_HOURS, 160),
    "cuando": Place("mañana desde las 8:00 a. m.", 40, kept=False),
    **{
        f"{info.prefix}_{which}": place
        for info in FIELDS.values()
        for which, place in _FIELD.items()
    },
}
"""Every place of every text."""
