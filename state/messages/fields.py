"""What is collected: the document, the phone, and every cause for asking again."""

from state.fields.table import FIELDS
from state.messages.message import AGAIN, PERSON, YES, Message, refusal


def lines(places: str) -> str:
    """Write a line for each field: its label, and these places, such as `{antes}`, of its own."""
    return "\n".join(
        f"*{info.label}:* {places.replace('{', '{' + info.prefix + '_')}"
        for info in FIELDS.values()
    )


def _all() -> str:
    *others, last = (f"su {info.noun}" for info in FIELDS.values())
    return " y ".join([", ".join(others), last])


ALL = _all()
"""What is kept up to date: "su cédula y su celular"."""

TEXTS = {
    # What is said before it is asked
    "anotado": Message("Anoté {que} *{valor}*.", personal=True),
    "leido_suelto": Message(
        "Leí el número *{valor}*. ¿Es su {dato}?",
        (("meant1", "Sí, es ese"), ("meant_none", "No")),
        personal=True,
    ),
    "leido_dos": Message("Leí más de un número. ¿Cuál es su {dato}?", personal=True),
    "leido_cual": Message("Leí *{valor}*. ¿Qué es?", personal=True),
    # A number that is called something else, or nothing
    "numero_ajeno": refusal("Ese número parece ser de otra cosa. Escriba solo el de su {dato}."),
    "numero_suelto": Message(
        "Leí el número *{valor}*. ¿Es su {dato}?",
        (("use_edit", "Sí, cambiarlo"), ("keep_edit", "No, dejar así")),
        personal=True,
    ),
    # Document
    "doc_pedir": Message(
        "Escriba su número de cédula.\n\n"
        "Si es otro documento, ponga cuál: *CE 345678*, *PPT 1234567*, *NIT 900123456-8* o "
        "*pasaporte AB123456*."
    ),
    "doc_tenemos": Message(
        "Tengo registrado un documento que termina en *{ult3}*. ¿Sigue siendo el correcto?",
        (("keep", "Sí, es correcto"), ("change", "Cambiarlo")),
    ),
    "doc_sin_numero": refusal(
        "Aquí necesito el número de la cédula, por ejemplo 1098765432. Si no lo tiene a la mano, "
        "no hay afán: me lo escribe cuando pueda.",
        PERSON,
    ),
    "doc_longitud": refusal(
        "Una cédula tiene entre 6 y 10 dígitos, y en la suya leí {n}. Escríbala otra vez."
    ),
    "doc_nueve": Message(
        "Ese número tiene 9 dígitos, y las cédulas tienen 10, o 8 o menos. ¿Está bien así? Si es "
        "un NIT, escriba *NIT* antes del número.",
        (("yes", "Está bien así"), AGAIN),
    ),
    "doc_parece_cel": Message(
        "Ese número parece un celular ({num}). ¿Es su cédula o su celular?",
        (("yes", "Es mi cédula"), ("again", "Es mi celular")),
        personal=True,
    ),
    "doc_letras": refusal(
        "La cédula lleva solo números. Si es otro documento, escriba primero cuál: *CE*, *PPT*, "
        "*NIT* o *pasaporte*."
    ),
    "doc_varios": refusal("Leí más de un número. Escriba solo el de la cédula."),
    "doc_cero": refusal("Una cédula no empieza por cero. Escríbala otra vez."),
    "doc_otro_longitud": refusal(
        "Ese documento no lleva tantos dígitos, o le faltan: leí {n}. Escríbalo otra vez."
    ),
    "doc_pasaporte": refusal(
        "Un pasaporte tiene entre 6 y 14 letras y números. Escríbalo así: *pasaporte AB123456*."
    ),
    "doc_venezolana": refusal(
        "Ese parece un documento de Venezuela. Escriba el que usa en Colombia: *PPT 1234567*, "
        "*CE 345678* o *pasaporte 123456789*."
    ),
    "doc_dv": refusal(
        "El número después del guion no corresponde a ese NIT. Escríbalo otra vez, por ejemplo "
        "*NIT 900123456-8*."
    ),
    "doc_menor": Message(
        "El titular debe ser mayor de edad, y por aquí no guardo documentos de menores. Escriba "
        "la cédula del titular o hable con un asesor.",
        (("again", "Escribir cédula"), PERSON),
    ),
    "doc_raro": Message(
        "Solo para estar seguros: ¿su documento es *{doc}*?", (YES, AGAIN), personal=True
    ),
    # Phone
    "tel_pedir": Message(
        "¿Qué celular dejamos para los avisos? Hoy está {tel_antes}. Si es otro, escríbalo.",
        (("keep", "Dejar el actual"), ("replace", "Quitar el anterior")),
        contact=True,
    ),
    "tel_quitar": Message(
        "Escriba el celular nuevo, por ejemplo 300 123 4567. Al guardar quito {tel_antes} y queda "
        "solo el nuevo. Si prefiere conservarlo, escriba *atrás*."
    ),
    "tel_escribir": Message(
        "¿A qué celular le llegan los avisos? Escríbalo a 10 dígitos, por ejemplo 300 123 4567. "
        "Si es de otro país, empiece con +.",
        contact=True,
    ),
    "tel_sin_numero": refusal(
        "Aquí necesito un celular de 10 dígitos, por ejemplo 300 123 4567.", PERSON, contact=True
    ),
    "tel_longitud": refusal(
        "Un celular de Colombia empieza por 3 y tiene 10 dígitos, y en el suyo leí {n}. Escríbalo "
        "otra vez.",
        contact=True,
    ),
    "tel_rango": refusal(
        "Ese número no parece un celular. Escríbalo así: 300 123 4567. Si es de otro país, "
        "empiece con +.",
        contact=True,
    ),
    "tel_fijo": Message(
        "Ese es un teléfono fijo y no recibe mensajes. ¿Lo registro de todos modos?",
        (("yes", "Sí, registrarlo"), ("again", "Escribir un celular")),
    ),
    "tel_correo": refusal(
        "Eso parece un correo. Escriba su celular, por ejemplo 300 123 4567.", contact=True
    ),
    "tel_raro": Message(
        "No reconozco ese número como un celular: *{num}*. ¿Está bien escrito?",
        (("yes", "Sí, está bien"), ("again", "Escribir otro")),
        personal=True,
    ),
    "tel_extranjero": Message(
        "Ese número es de otro país: *{num}*. ¿Lo registro así?",
        (("yes", "Sí, registrarlo"), ("again", "Escribir otro")),
        personal=True,
    ),
    "tel_fijo_viejo": refusal(
        "Los fijos ahora tienen 10 dígitos: *601 234 5678*. Escríbalo así o escriba un celular.",
        contact=True,
    ),
    "tel_parece_doc": refusal(
        "Ese número parece una cédula. Escriba su celular, que empieza por 3.", contact=True
    ),
    "tel_varios": refusal("Leí más de un número. Escriba solo el celular principal.", contact=True),
}
