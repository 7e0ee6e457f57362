"""A number that is something else is never taken for the cédula or the phone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.conversation import Chat, Conversation, replace
from state.effects import Say
from state.events import Said
from state.fields import naming
from state.fields.reading import Accepted, Reading
from state.fields.table import Field
from state.machine.moment import Moment
from state.machine.step import step
from state.parts import KEPT, Draft, Identity, Shown
from state.proof import Proof
from state.states import State
from tests.clients import make_client
from tests.machine_stage import NINE_O_CLOCK
from tests.state.fields import samples

_GIVEN = "1098765432"
_AT_SUMMARY = Conversation(
    chat=Chat(channel="test", account="1", id="ana"),
    state=State.SUMMARY,
    shown=Shown(asked="resumen", question=1, flow="abcdef"),
    identity=Identity(client=make_client(1001, phone="3159741951"), proofs=(Proof.CHANNEL_PHONE,)),
    draft=Draft(answers={Field.DOCUMENT: _GIVEN, Field.PHONE: KEPT}),
)
_AT_QUESTION = replace(_AT_SUMMARY, state=State.DOCUMENT, draft=Draft())


def _say(conversation: Conversation, text: str) -> tuple[Conversation, str]:
    """Say a text; gives what becomes of the conversation, and the first text that answers."""
    moment = Moment(now=NINE_O_CLOCK, at=0, today="", reference="ABCD2345")
    after, effects = step(conversation, Said(text=text), moment)
    said = next(effect for effect in effects if isinstance(effect, Say))
    return after, said.lines[0].text


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("mi cédula es otra: 52123456", "52123456"),
        ("mi cedula es 52.123.456", "52123456"),
        ("cc 52123456", "52123456"),
        ("C.C. No. 52.123.456", "52123456"),
        ("la sedula es 52123456", "52123456"),
        ("documento 52123456", "52123456"),
        ("NIT 900123456-8", "900123456-8"),
        ("mi ppt es 1234567", "1234567"),
        ("no, es 52123456", "52123456"),
        ("no es 1098765432, es 52123456", "52123456"),
        ("perdón, 52123456", "52123456"),
        ("me equivoqué, es la 52123456", "52123456"),
        ("cámbiela por 52123456", "52123456"),
        ("la correcta es 52123456", "52123456"),
        ("ese número está mal, es 52123456", "52123456"),
        ("quiero cambiar la cédula a 52123456", "52123456"),
    ],
)
def test_documents_that_correct(text: str, document: str) -> None:
    """At the summary a document that is named, or follows a correcting word, is taken at once."""
    after, said = _say(_AT_SUMMARY, text)

    assert (after.draft.answers[Field.DOCUMENT], said) == (document, "resumen")
    assert after.draft.answers[Field.PHONE] == KEPT


@pytest.mark.parametrize(
    "text",
    [
        "3001112233",
        "+57 300 111 2233",
        "mi celular es otro: 300 111 2233",
        "el cel 3001112233",
        "mi whatsapp es 3001112233",
        "no, es 3001112233",
        "teléfono: 300-111-2233",
    ],
)
def test_phones_that_correct(text: str) -> None:
    """At the summary a mobile that is named, corrects, or stands alone is taken at once."""
    after, said = _say(_AT_SUMMARY, text)

    assert (after.draft.answers[Field.PHONE], said) == ("+573001112233", "resumen")
    assert after.draft.answers[Field.DOCUMENT] == _GIVEN


@pytest.mark.parametrize(
    "text",
    [
        "y me sigue llegando la factura por 120000?",
        "ese no es mi servicio, el mío es el 1234567",
        "mi recibo es el 98765432",
        "pago 60000",
        "pago 120000",
        "pagué 120.000",
        "$120.000",
        "me cobraron 120000",
        "el valor del plan es 120000",
        "son 120000 pesos",
        "el contrato es 1234567",
        "referencia 98765432",
        "el pedido 98765432 no llegó",
        "ticket 1234567",
        "no es mi factura, es 1234567",
        "el código es 1234567",
        "debo 180000",
        "mi celular es 52123456",
    ],
)
def test_numbers_of_something_else(text: str) -> None:
    """At the summary a number that is called something else changes nothing and asks nothing."""
    after, said = _say(_AT_SUMMARY, text)

    assert after.draft.answers == _AT_SUMMARY.draft.answers
    assert said in ("no_entendi_1", "caso_pago", "caso_plan", "anotado")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("52123456", "52123456"),
        ("es 52123456", "52123456"),
        ("llevo 120000 horas esperando", "120000"),
        ("no es 52123456", "52123456"),
        ("¿mi cédula es 52123456?", "52123456"),
        ("mi cédula del contrato es 52123456", "52123456"),
        ("vivo con quien tiene el 3001112233", "+573001112233"),
        ("me llegó la factura a mi celular 3001112233", "+573001112233"),
    ],
)
def test_numbers_that_may_be_meant(text: str, value: str) -> None:
    """At the summary a number that is not named is asked about, and taken only after a yes."""
    asked, said = _say(_AT_SUMMARY, text)
    kept, _ = _say(asked, "no")
    taken, _ = _say(asked, "sí")

    assert (asked.draft.answers, said) == (_AT_SUMMARY.draft.answers, "numero_suelto")
    assert kept.draft.answers == _AT_SUMMARY.draft.answers
    assert value in taken.draft.answers.values()
    assert (kept.state, taken.state) == (State.SUMMARY, State.SUMMARY)


def test_a_document_alone_corrects_where_corrections_are_asked_for() -> None:
    """Whoever wants to correct something and writes a document alone means it."""
    after, said = _say(replace(_AT_SUMMARY, state=State.CORRECTION), "52123456")

    assert (after.draft.answers[Field.DOCUMENT], said) == ("52123456", "resumen")


_PLAIN_AT_ITS_QUESTION = {
    "79123456 nací el 12/05/1980": Accepted(value="79123456"),
    "52123456 no, es 53123456": Accepted(value="53123456"),
}
"""What the reader of documents alone takes for two numbers."""


@pytest.mark.parametrize(("typed", "expected"), samples.load("documents.toml"))
def test_documents_at_their_question(typed: str, expected: Reading) -> None:
    """At its own question every document is read as ever, but beside a date or a slip."""
    assert naming.read_answer(Field.DOCUMENT, typed) == _PLAIN_AT_ITS_QUESTION.get(typed, expected)


@pytest.mark.parametrize(("typed", "expected"), samples.load("phones.toml"))
def test_phones_at_their_question(typed: str, expected: Reading) -> None:
    """At its own question every phone is read as ever."""
    assert naming.read_answer(Field.PHONE, typed) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Sí señora 52123456 muchas gracias",
        "con gusto, 52.123.456",
        "hola, mi número de cédula es el 52123456",
        "soy el titular: 52123456",
        "52123456 esa es",
        "cédula de mi mamá 52123456",
        "Ana Gómez cc 52123456",
        "no señor, es 52123456",
    ],
)
def test_documents_as_people_give_them(text: str) -> None:
    """At its own question a document is taken with its name, courtesy, or idle words."""
    after, _ = _say(_AT_QUESTION, text)

    assert after.draft.answers[Field.DOCUMENT] == "52123456"


@pytest.mark.parametrize(
    "text",
    [
        "mi número de contrato es 1234567",
        "mi recibo es el 98765432",
        "el servicio 1234567",
        "pago 60000",
        "es por la factura de 120000",
        "mi cel es 52123456",
        "$ 120.000",
    ],
)
def test_something_else_at_the_question(text: str) -> None:
    """At the document's question a number that is called something else is no document."""
    after, said = _say(_AT_QUESTION, text)

    assert (after.state, after.draft.answers) == (State.DOCUMENT, {})
    assert said in ("numero_ajeno", "caso_pago", "caso_plan")


def test_phone_at_the_document_s_question() -> None:
    """A phone that is named at the document's question is kept for its own, and read back."""
    after, said = _say(_AT_QUESTION, "mi celular es 3001112233")

    assert (after.state, after.draft.answers, said) == (State.DOCUMENT, {}, "anotado")
    assert [offer.value for offer in after.offers] == ["3001112233"]


@pytest.mark.parametrize(
    "text",
    [
        "vivo con mi hermana 52123456",
        "¿es 52123456?",
        "la cédula del titular del contrato es 52123456",
    ],
)
def test_a_sentence_at_the_question(text: str) -> None:
    """At the document's question a number within a sentence needs a yes."""
    after, said = _say(_AT_QUESTION, text)
    taken, _ = _say(after, "sí")

    assert (after.state, after.draft.answers, said) == (State.CONFIRM_DOCUMENT, {}, "doc_raro")
    assert taken.draft.answers[Field.DOCUMENT] == "52123456"


_ELSEWHERE = st.sampled_from(
    [
        "contrato", "recibo", "factura", "servicio", "pago", "valor", "plan", "referencia",
        "pedido", "ticket", "facturas", "pagué", "RECIBO", "Contrato:", "$",
    ]
)  # fmt: skip
_AROUND = st.sampled_from(
    [
        "mi", "el", "es", "no", "no,", "cédula", "cc", "documento", "número", "perdón", "otra",
        "cambie", "hola", "y", "por", "de", "llegó", "me", "sino", "celular", "¿", "gracias",
    ]
)  # fmt: skip


@given(st.lists(_AROUND, max_size=6), _ELSEWHERE, st.integers(1000, 10**10 - 1), st.data())
def test_what_is_called_otherwise_is_never_a_document(
    around: list[str], named: str, number: int, data: st.DataObject
) -> None:
    """Whatever stands beside them, a number and a name of something else change no document."""
    said = " ".join(data.draw(st.permutations([*around, named, str(number)])))

    for before in (_AT_SUMMARY, replace(_AT_SUMMARY, state=State.CORRECTION), _AT_QUESTION):
        after, _ = _say(before, said)
        assert after.draft.answers.get(Field.DOCUMENT) == before.draft.answers.get(Field.DOCUMENT)


@given(st.text(st.characters(exclude_categories=())), st.sampled_from(Field))
def test_any_text_is_judged(text: str, field: Field) -> None:
    """No text makes the reader fail, and what it takes is what the field's own reader read."""
    reading = naming.read_answer(field, text)

    if isinstance(reading, Accepted):
        assert naming.judge(field, text) is not naming.Naming.OTHER or field is Field.PHONE
