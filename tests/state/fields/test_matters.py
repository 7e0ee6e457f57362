"""What a text is about, besides answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.fields.matters import Matter, find_matter
from tests.growth import assert_reads_long_texts

ANY_TEXT = st.text(st.characters(exclude_categories=()))

SAMPLES = {
    Matter.OUTAGE: [
        "no tengo internet", "SIN INTRENET hace 3 días", "se me fue la señal", "notengointernet",
        "el router tiene la luz roja", "el wifi no me sirve", "está lentísimo", "me cortaron",
    ],
    Matter.BILL: ["cuánto debo", "no me llega la factura", "cuanto pago este mes", "mi saldo"],
    Matter.PAYMENT: [
        "quiero cancelar la factura", "cómo pago", "ya pagué", "reciben nequi?", "le consigné",
    ],
    Matter.MOVING: ["me mudé de casa", "quiero un traslado", "cambio de domicilio", "trasteo"],
    Matter.SALE: ["quiero contratar", "qué planes tienen", "cuánto vale el plan de 50"],
    Matter.PERSON: [
        "quiero hablar con un asesor por favor", "esto no sirve, páseme con una persona",
        "comuníqueme con alguien", "un acesor",
    ],
    Matter.WHY: ["por qué necesitan mi cédula", "para qué la piden", "y eso para qué es"],
    Matter.ROBOT: ["es un robot?", "hablo con una máquina?", "usted quién es?"],
    Matter.SAFE: ["esto es seguro?", "y si me roban los datos", "me da miedo dar la cédula"],
    Matter.WAIT: ["espéreme un momento", "ya vengo", "ahorita le digo", "deme un minuto"],
    Matter.MISSING: ["no la tengo", "no tengo la cédula a la mano", "se me perdió la cédula"],
    Matter.UNKNOWN: ["no sé", "no me acuerdo", "ni idea", "quién sabe", "no sé cuál es"],
    Matter.THANKS: ["gracias", "muchas gracias, muy amable", "Dios le pague", "mil grasias"],
    Matter.ANGER: ["qué porquería", "ladrones", "pésimo servicio", "los voy a demandar"],
    Matter.OTHERS_SERVICE: [
        "el servicio es de mi mamá", "yo no soy el titular", "está a nombre de mi esposo",
    ],
    Matter.HOLDER_DIED: ["mi papá murió", "el titular falleció", "la dueña fayesió"],
    Matter.COMPANY: ["es para una empresa", "está a nombre del negocio", "somos un colegio"],
    Matter.PLAN: ["mi plan", "cuántas megas tengo", "mi servicio está activo?"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "matter"), [(text, matter) for matter, texts in SAMPLES.items() for text in texts]
)
def test_sample(text: str, matter: Matter) -> None:
    """A matter is understood as people say it, by ear, mistyped, without accents, run together."""
    assert find_matter(text) is matter


def test_every_matter_has_samples() -> None:
    """No matter is out of reach."""
    assert SAMPLES.keys() == set(Matter)


@pytest.mark.parametrize(
    "text",
    [
        "", "hola", "Juan Pérez", "Ana Gómez Rueda", "Calle 10 # 5-20", "plan 50 megas", "60 mil",
        "1098765432", "quiero actualizar mis datos", "vivo con mi hermana", "Clara",
        "vereda la esperanza finca el mirador", "Carrera 7 # 45-10 barrio Las Flores", "sí", "no",
        "empezar", "empecemos pues", "comenzar", "dele guarde", "guárdelo pues",
    ],
)  # fmt: skip
def test_no_matter(text: str) -> None:
    """An answer, a greeting or a wish that the dialog is for is about nothing else."""
    assert find_matter(text) is None


@given(ANY_TEXT)
def test_any_text_is_read(text: str) -> None:
    """No text, not even half a surrogate, makes the reader fail."""
    assert find_matter(text) in {None, *Matter}


@pytest.mark.parametrize("piece", ["a", "no ", "no tengo ", "gracias ", "internet", "quesi", "ﷺ"])
def test_long_texts_take_no_time(piece: str) -> None:
    """The work for a text grows with its length, and ends where we read no more."""
    assert_reads_long_texts(find_matter, piece)
