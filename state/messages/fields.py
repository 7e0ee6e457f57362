"""What is collected: the document, the phone, and every cause for asking again."""

from state.fields.table import FIELDS
from state.messages.message import AGAIN, PERSON, YES, Message


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
    # A number that is called something else, or nothing
    "numero_ajeno": Message(
        "Ese número parece ser de otra cosa. Escriba en este mensaje solo el de su {dato}."
    ),
    "numero_suelto": Message(
        "Leí el número *{valor}*. ¿Es su {dato}?",
        (("use_edit", "Sí, cambiarlo"), ("keep_edit", "No, dejar así")),
        personal=True,
    ),
    # Document
    "doc_pedir": Message(
        "*Paso {n_paso} de {n_pasos}.* Escriba su número de cédula, como aparece en el "
        "documento. Por ejemplo: "
        "1098765432.\n\n"
        "Si tiene otro documento, escríbalo así: *CE 345678*, *PPT 1234567*, *NIT 900123456-8* o "
        "*pasaporte AB123456*."
    ),
    "doc_tenemos": Message(
        "*Paso {n_paso} de {n_pasos}.* Tenemos registrado un documento que termina en *{ult3}*. "
        "¿Sigue siendo el "
        "correcto?",
        (("keep", "Sí, es correcto"), ("change", "Cambiarlo")),
    ),
    "doc_sin_numero": Message(
        "No vi un número en su mensaje. Escriba solo su cédula, por ejemplo: 1098765432."
    ),
    "doc_longitud": Message(
        "Ese número tiene {n} dígitos y una cédula tiene entre 6 y 10. Revíselo y escríbalo otra "
        "vez, por favor."
    ),
    "doc_nueve": Message(
        "Ese número tiene 9 dígitos. Las cédulas tienen 8 o menos, o 10. ¿Le falta o le sobra un "
        "dígito? Si es un NIT, escriba *NIT* antes del número.",
        (("yes", "Está bien así"), AGAIN),
    ),
    "doc_parece_cel": Message(
        "Ese número parece un celular ({num}). ¿Es su cédula o su celular?",
        (("yes", "Es mi cédula"), ("again", "Es mi celular")),
        personal=True,
    ),
    "doc_letras": Message(
        "La cédula lleva solo números. Si su documento es otro, escriba primero cuál: *CE*, *PPT*, "
        "*NIT* o *pasaporte*."
    ),
    "doc_varios": Message("Recibí más de un número. Escriba en este mensaje solo el de la cédula."),
    "doc_cero": Message(
        "Una cédula no empieza por cero. Revísela y escríbala otra vez, por favor."
    ),
    "doc_otro_longitud": Message(
        "Ese número tiene {n} dígitos y no corresponde a ese documento. Revíselo y escríbalo otra "
        "vez, por favor."
    ),
    "doc_pasaporte": Message(
        "Un pasaporte tiene entre 6 y 14 letras y números. Escríbalo así: *pasaporte AB123456*."
    ),
    "doc_venezolana": Message(
        "Ese parece un documento de Venezuela. Escriba el que usa en Colombia: *PPT 1234567*, "
        "*CE 345678* o *pasaporte 123456789*."
    ),
    "doc_dv": Message(
        "El dígito de verificación del NIT no coincide. Revise el número después del guion, por "
        "ejemplo: 900123456-8."
    ),
    "doc_menor": Message(
        "El titular del servicio debe ser mayor de edad, y no guardamos documentos de menores por "
        "este chat. Escriba la cédula del titular o hable con un asesor.",
        (("again", "Escribir cédula"), PERSON),
    ),
    "doc_raro": Message(
        "Solo para estar seguros: ¿su documento es *{doc}*?", (YES, AGAIN), personal=True
    ),
    # Phone
    "tel_pedir": Message(
        "*Paso {n_paso} de {n_pasos}.* ¿Cuál celular dejamos registrado en su servicio? A ese "
        "número le llegarán "
        "los avisos. Escríbalo a 10 dígitos, por ejemplo: 300 123 4567.",
        (("keep", "Dejar el actual"), ("replace", "Quitar el anterior")),
        contact=True,
    ),
    "tel_quitar": Message(
        "Entendido: al guardar quitaremos de su servicio {tel_antes} y quedará solo el nuevo. "
        "Escriba el celular nuevo a 10 dígitos, por ejemplo: 300 123 4567. Si prefiere conservar "
        "el anterior, escriba *atrás*."
    ),
    "tel_escribir": Message(
        "*Paso {n_paso} de {n_pasos}.* Escriba su celular a 10 dígitos, por ejemplo: 300 123 "
        "4567. Si es de otro "
        "país, empiece con + y el código, por ejemplo: +58 412 123 4567.",
        contact=True,
    ),
    "tel_sin_numero": Message(
        "No vi un número en su mensaje. Escriba su celular a 10 dígitos, por ejemplo: 300 123 4567."
    ),
    "tel_longitud": Message(
        "Un celular de Colombia tiene 10 dígitos y empieza por 3. Recibí {n}. Escríbalo otra vez, "
        "por favor."
    ),
    "tel_rango": Message(
        "Ese número no parece un celular válido. Por ejemplo: 300 123 4567. Si es de otro país, "
        "empiece con +."
    ),
    "tel_fijo": Message(
        "Ese es un teléfono fijo y no recibe mensajes. ¿Lo registramos de todos modos?",
        (("yes", "Sí, registrarlo"), ("again", "Escribir un celular")),
    ),
    "tel_correo": Message(
        "Eso parece un correo. Escriba su celular a 10 dígitos, por ejemplo: 300 123 4567."
    ),
    "tel_raro": Message(
        "No reconocemos ese número como un celular: *{num}*. ¿Está bien escrito?",
        (("yes", "Sí, está bien"), ("again", "Escribir otro")),
        personal=True,
    ),
    "tel_extranjero": Message(
        "Ese número es de otro país: *{num}*. ¿Lo registramos así?",
        (("yes", "Sí, registrarlo"), ("again", "Escribir otro")),
        personal=True,
    ),
    "tel_fijo_viejo": Message(
        "Los fijos ahora tienen 10 dígitos y empiezan por 60 y el indicativo, por ejemplo: "
        "601 234 5678. Escríbalo así o escriba un celular."
    ),
    "tel_parece_doc": Message(
        "Ese número parece una cédula. Escriba su celular, que empieza por 3."
    ),
    "tel_varios": Message("Recibí más de un número. ¿Cuál es el principal? Escriba solo uno."),
}
