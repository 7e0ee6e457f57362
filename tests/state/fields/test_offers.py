"""What a text offers: the table of samples, and what holds for any text."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from state.fields.dictation import spell_out
from state.fields.folding import correct_lookalikes, plain, strip_accents
from state.fields.offers import How, Offer, Offers, Slot, find_offers
from state.fields.reading import Refused
from tests.growth import assert_reads_long_texts

ANY_TEXT = st.text(st.characters(exclude_categories=()))
SPOKEN = st.lists(
    st.sampled_from(
        [
            "mi", "cédula", "es", "no", "la", "celular", "3001234567", "1098765432", "52123456",
            "y", "o", "perdón", ",", ".", "\n", "nit", "900123456-8", "factura", "120000",
            "calle 10", "-", "# 5-20", "servicio", "1001", "+57", "pasaporte", "AB123456",
            "uno", "tres", "diez", "?", "300 123 4567", "52.123.456", "cambie", "por", "el",
            "hermana", "Vincular", "ABCD2345",
        ]
    ),
    max_size=10,
).map(" ".join)  # fmt: skip
CEDULAS = st.integers(1_000_000_000, 1_999_999_999).map(str)
OLD_CEDULAS = st.integers(10_000_000, 99_999_998).map(str)
MOBILES = st.integers(3_000_000_000, 3_259_999_999).map(str)
BOTH = "document 1098765432; phone 3001234567"
ASKED = st.sampled_from([None, *Slot])


def _spell(offers: tuple[Offer, ...]) -> str:
    return "; ".join(f"{one.slot} {one.value}" + "!" * one.corrects for one in offers)


@pytest.mark.parametrize(
    ("text", "expects", "certain", "doubtful"),
    [
        # by label
        ("mi cédula es 1.098.765.432 y mi cel 300 123 4567", None, BOTH, ""),
        ("cel 3001234567 cc 52.123.456", None, "document 52123456; phone 3001234567", ""),
        ("cc79123456 cel3001234567", None, "document 79123456; phone 3001234567", ""),
        ("1098765432 cedula 3001234567 celular", None, BOTH, ""),
        ("52123456 es mi cédula", None, "document 52123456", ""),
        ("hola vecino, soy Ana, cédula 52.123.456", None, "document 52123456", ""),
        ("la cédula de mi vecino es 52.123.456", None, "", "document 52123456"),
        ("sedula 52123456, selular 3001234567", None, "document 52123456; phone 3001234567", ""),
        ("Cédula:\n52.123.456", None, "document 52123456", ""),
        ("CC/NIT: 52.123.456", None, "document 52123456", ""),
        ("NIT 900.123.456 DV 8", None, "document NIT 900123456-8", ""),
        ("cédula de extranjería 345678", None, "document CE 345678", ""),
        ("mi ppt es 4567812", None, "document PPT 4567812", ""),
        ("pasaporte AB 123456", None, "document pasaporte ab 123456", ""),
        ("mi servicio es el 1001", None, "service 1001", ""),
        ("+58 412 555 1234 es mi celular", None, "phone +584125551234", ""),
        # by shape
        ("Ana Gómez\n1098765432\n3001234567\nCalle 10 # 5-20", None, BOTH, ""),
        ("900.123.456-8", None, "document 900123456-8", ""),
        ("3001234567 1098765432", None, BOTH, ""),
        ("52123456", None, "", ""),
        # by expectation
        ("52123456", Slot.DOCUMENT, "document 52123456", ""),
        ("601 234 5678", Slot.PHONE, "", "phone 6012345678"),
        ("1001", Slot.SERVICE, "service 1001", ""),
        ("vivo con mi hermana 52123456", Slot.DOCUMENT, "", "document 52123456"),
        ("123456789", Slot.DOCUMENT, "", "document 123456789"),
        ("1098765432", Slot.PHONE, "", "document 1098765432"),
        ("3001234567", Slot.DOCUMENT, "", "document 3001234567; phone 3001234567"),
        # two for one slot, or against the label
        ("1098765432 o 52123456", None, "", "document 1098765432; document 52123456"),
        ("3001234567 o 3109876543", None, "", "phone 3001234567; phone 3109876543"),
        ("mi cédula es 3001234567", None, "", "document 3001234567; phone 3001234567"),
        ("el de mi hermana es 3001234567", None, "", "phone 3001234567"),
        ("¿me llaman al 3001234567?", None, "", "phone 3001234567"),
        # something else
        ("y me sigue llegando la factura por 120000?", Slot.DOCUMENT, "", ""),
        ("mi recibo es el 98765432", Slot.DOCUMENT, "", ""),
        ("facturas 12345678 y 87654321", Slot.DOCUMENT, "", ""),
        ("mi número de contrato es 1234567", Slot.DOCUMENT, "", ""),
        ("nací el 12/05/1980, pago $60.000 por 50 megas", Slot.DOCUMENT, "", ""),
        ("TI 1098765432", Slot.DOCUMENT, "", ""),
        ("tarjeta de identidad 1098765432", Slot.DOCUMENT, "", ""),
        ("V-12.345.678", Slot.DOCUMENT, "", ""),
        ("soy venezolano, mi cédula es 12345678", Slot.DOCUMENT, "", ""),
        ("AB123456", Slot.DOCUMENT, "", ""),
        ("ana3001234567@correo.example", None, "", ""),
        ("calle 10 5-20 apto 301", Slot.DOCUMENT, "", ""),
        # taken back
        ("no es 52123456, es 53123456", Slot.DOCUMENT, "document 53123456!", ""),
        ("cc 1098765432, perdón 1098765431", None, "document 1098765431!", ""),
        ("mi CE no es 345678, es 345679", None, "document CE 345679!", ""),
        ("cambien el 3001112233 por el 3112223344", Slot.PHONE, "phone 3112223344!", ""),
        ("el 3001112233 ya no lo uso", Slot.PHONE, "", ""),
        ("1098765432 no es mi cédula", Slot.DOCUMENT, "", ""),
        ("no, es 53123456", Slot.DOCUMENT, "document 53123456!", ""),
        ("el viejo es 3001234567 y el nuevo 3109876543", None, "phone 3109876543!", ""),
        ("ya no uso el 3001234567, uso 3109876543", None, "phone 3109876543!", ""),
        ("pongan el 3109876543 en vez del 3001234567", None, "phone 3109876543!", ""),
        # whose it is
        ("cc 52123456 y el cel de mi hija 3001234567", None, "document 52123456",
            "phone 3001234567"),
        ("me llamaron del 3001234567 y dijeron que pagara", None, "", "phone 3001234567"),
        ("mi cédula es 52123456 pero quiero un asesor", None, "document 52123456", ""),
        # run together
        ("CC1098765432CEL3001234567", None, BOTH, ""),
        ("(300) 123-4567", None, "phone 3001234567", ""),
        # a number's abbreviation is no "no"
        ("cédula no. 79123456", None, "document 79123456", ""),
        # in words
        ("calle diez número cinco veinte", Slot.DOCUMENT, "", ""),
        ("tres diez, doscientos dos, treinta y tres cuarenta y uno", None, "phone 3102023341", ""),
        ("uno cero nueve ocho siete seis cinco cuatro tres dos", None, "document 1098765432", ""),
        # an invitation
        ("me llegó esto: Vincular ABCD2345", None, "invitation ABCD2345", ""),
    ],
)  # fmt: skip
def test_sample(text: str, expects: Slot | None, certain: str, doubtful: str) -> None:
    """Label beats expectation, shape settles the rest, and what is taken back is left out."""
    found = find_offers(text, expects)

    assert (_spell(found.certain), _spell(found.doubtful)) == (certain, doubtful)


def test_how() -> None:
    """An offer tells by what it is known."""
    (one,) = find_offers("cc 52123456", None).certain
    (other,) = find_offers("1098765432", Slot.DOCUMENT).certain
    (third,) = find_offers("52123456", Slot.DOCUMENT).certain

    assert (one.how, other.how, third.how) == (How.LABELLED, How.SHAPED, How.EXPECTED)


def _digits(text: str) -> str:
    return "".join(character for character in text if character in "0123456789")


def _all(found: Offers) -> tuple[Offer, ...]:
    return found.certain + found.doubtful


@given(ANY_TEXT | SPOKEN, ASKED)
def test_kept_digits_are_among_those_said(text: str, expects: Slot | None) -> None:
    """No text makes the reader fail, and no digit of an offer is ours."""
    said = _digits(spell_out(strip_accents(correct_lookalikes(plain(text)))))
    found = find_offers(text, expects)
    assert len({one.slot for one in found.certain}) == len(found.certain)
    for offer in _all(found):
        assert _digits(offer.value) in said


@example("900123456-8PAS", None)
@given(ANY_TEXT | SPOKEN, ASKED)
def test_offers_can_be_read(text: str, expects: Slot | None) -> None:
    """What is offered surely is read by the slot's own reader."""
    for offer in find_offers(text, expects).certain:
        assert not isinstance(offer.read(), Refused)


_TAKES_BACK = (
    "no es {0}, es {1}", "no es el {0} sino el {1}", "{0} no, es {1}", "{0}, perdón, {1}",
    "{0} ay no {1}", "{0} digo {1}", "me equivoqué, no es {0} es {1}", "en vez de {0} ponga {1}",
    "cambie el {0} por el {1}", "ya no tengo el {0}, es {1}", "el {0} ya no, ahora es {1}",
    "quiten el {0} y dejen {1}", "no es el {0}",
)  # fmt: skip


@given(st.sampled_from(_TAKES_BACK), CEDULAS | OLD_CEDULAS | MOBILES, CEDULAS | MOBILES, ASKED)
def test_what_is_taken_back_is_never_kept(
    said: str, wrong: str, right: str, expects: Slot | None
) -> None:
    """A number that the customer takes back is no offer, whatever was asked."""
    assume(wrong != right)
    text = said.format(wrong, right)
    found = find_offers(text, expects)
    assert wrong not in [_digits(offer.value) for offer in _all(found)]


@given(CEDULAS | OLD_CEDULAS, MOBILES, st.sampled_from([" y ", ", ", " ", "\n", ". "]), ASKED)
def test_order_changes_nothing(
    document: str, phone: str, between: str, expects: Slot | None
) -> None:
    """Two data that are named are the same in either order."""
    one, other = f"mi cédula es {document}", f"mi celular es {phone}"

    assert find_offers(one + between + other, expects) == find_offers(
        other + between + one, expects
    )
    assert find_offers(one + between + other, expects).doubtful == ()


@pytest.mark.parametrize("piece", ["1", "1 ", "cc 1 ", "no es 1 ", "a@", "tres ", "calle 1 ", "ﷺ"])
def test_long_texts_take_no_time(piece: str) -> None:
    """However shaped, the work for a text grows with its length, and ends where we read no more."""
    assert_reads_long_texts(lambda text: find_offers(text, Slot.DOCUMENT), piece)
