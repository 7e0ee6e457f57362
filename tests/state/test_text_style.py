"""How the bot speaks: short, as "yo", with a way on, and right in singular and plural."""

import re
import textwrap

import pytest

from state.messages import CATALOGUE
from state.messages.message import Message
from state.messages.places import COMPANY, MOMENT, PLACES
from tests.longest import list_longest, list_places

_WIDTH = 32
"""Characters in a line of a small phone."""

_LINES = 8
_LONGER = {
    "hola": 11,
    "consent": 15,
    "consent_mas": 36,
    "ayuda": 9,
    "mis_datos": 12,
    "resumen": 13,
    "ok": 20,
    "deshecho": 12,
    "err_400": 10,
    "err_404": 12,
    "err_500": 13,
    "err_agotado": 13,
    "rechazada": 12,
    "pregunta_asesor": 23,
    "asesor_fuera": 10,
    "aviso_titular": 9,
    "aviso_programa": 10,
    "aviso_retenido": 12,
    "aviso_numero": 12,
}
"""Lines of the texts that may have more: lists, the law's words, and those that quote others."""

_COUNTED = re.compile(r"\{(?:n|quedan)\} \w+s\b|\b1 \w+s\b")
_AS_COMPANY = re.compile(
    r"\b(?:recibimos|encontramos|enviamos|podemos|pudimos|guardamos|cambiamos|haremos|borramos|"
    r"borraremos|responderemos|avisaremos|necesitamos|reconocemos|tenemos|nuestros?)\b",
    re.IGNORECASE,
)
_LEADS = {
    "anotado", "atras", "boton_viejo", "con_gusto", "consent_ok", "dato_corto", "edito_nota",
    "estado", "guardando", "id_gracias",
    "id_tel_no", "id_tel_solo", "no_entendi_1", "no_entendi_2", "otp_fin", "otp_no_salio",
    "por_que", "por_que_datos", "por_que_doc", "por_que_numero", "por_que_tel", "solicitud_va",
    "asesor_devuelve",
    "asesor_entra", "consultando", "falla_conocida", "falla_conocida_dice", "falla_sin_motivo",
    "saldo_cero", "saldo_enlace",
}  # fmt: skip
"""Texts that something else follows in the same message, or in the next one by itself."""

_WAY_ON = re.compile(
    r"\?|\*[^*]+\*|\bescr[ií]b|\bcomparta\b|\bescriba|\btoque\b|no tiene que hacer nada|por aquí\.|"
    r"\brespóndalo\b|\bespere\b|lo atiende|sigue en la fila|me lo escribe|un asesor",
    re.IGNORECASE,
)


def _count_lines(text: str) -> int:
    plain = text.replace("*", "")
    return sum(max(1, len(textwrap.wrap(line, _WIDTH))) for line in plain.split("\n"))


def test_short_enough() -> None:
    """On a small phone no text is longer than its bound, with the longest values in it."""
    lines = {name: _count_lines(text) for name, text in list_longest()}

    assert {n: count for n, count in lines.items() if count > _LONGER.get(n, _LINES)} == {}
    assert [name for name in _LONGER if lines[name] <= _LINES] == []


@pytest.mark.parametrize("name", CATALOGUE)
def test_words(name: str) -> None:
    """No step is counted, one is not said as many, and the assistant says "yo"."""
    text = CATALOGUE[name].text

    assert "paso {" not in text.lower()
    assert "de 3" not in text
    assert _COUNTED.search(text.replace("{n_datos} preguntas", "")) is None
    assert _AS_COMPANY.search(text.replace("¿Guardamos?", "")) is None
    assert not re.search(r"\bpersona\b", text) or name == "caso_robot"


@pytest.mark.parametrize("name", sorted(CATALOGUE.keys() - _LEADS))
def test_way_on(name: str) -> None:
    """Each text ends with what can be done, in words or by its choices."""
    message = CATALOGUE[name]
    last = message.text.rstrip().rpartition("\n")[2]

    assert message.buttons or message.keeps or _WAY_ON.search(last)


def test_linked_is_said() -> None:
    """Success says that the chat is linked now, whether or not something was changed."""
    for name in ("ok", "sin_cambios"):
        assert "quedó unido a su servicio" in CATALOGUE[name].text


def test_places_are_complete() -> None:
    """Every place of every text has its row, and no row is left over."""
    named = {place for message in CATALOGUE.values() for place in list_places(message.text)}

    assert named <= PLACES.keys()
    assert PLACES.keys() - named <= COMPANY.keys() | MOMENT.keys() | {"doc_antes"}
    assert all(0 < len(place.example) <= place.longest for place in PLACES.values())


def test_refusals_keep() -> None:
    """A cause of the readers is a question of its own, or leaves the question's choices."""
    causes = [name for name in CATALOGUE if name.startswith(("doc_", "tel_", "serv_"))]
    asked = {"doc_pedir", "doc_tenemos", "tel_pedir", "tel_quitar", "tel_escribir"}

    assert all(_asks_or_keeps(CATALOGUE[name]) for name in causes if name not in asked)


def _asks_or_keeps(message: Message) -> bool:
    return message.keeps or len(message.buttons) > 1
