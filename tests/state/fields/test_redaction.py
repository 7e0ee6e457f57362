"""Text in which personal data are masked: nothing of them survives, and the rest can be read."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.fields.documents import read as read_document
from state.fields.phones import read as read_phone
from state.fields.reading import Refused
from state.fields.redaction import HIDDEN, redact, redact_answer
from tests.growth import growth

_SYMBOLS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_WORDS = st.lists(
    st.sampled_from(["mi", "cédula", "es", "soy", "de", "Bogotá", "gracias", "👍", "¿sí?"]),
    max_size=4,
).map(" ".join)
_GAPS = st.sampled_from(["", " ", ".", "-", ",", "·", "’", "  ", " - ", "\n", "/", "(", "\u200b"])


@st.composite
def _numbers(draw: st.DrawFn) -> str:
    """A number of six digits or more, grouped in any way, its digits in any script."""
    digits = draw(st.text("0123456789", min_size=6, max_size=13))
    script = draw(st.sampled_from(["0", "\uff10", "\u0660", "\U0001d7ce"]))
    written = [chr(ord(script) + int(digit)) for digit in digits]
    return "".join(digit + draw(_GAPS) for digit in written[:-1]) + written[-1]


@st.composite
def _codes(draw: st.DrawFn) -> str:
    """An invitation's code, as people type one."""
    code = draw(st.text(_SYMBOLS, min_size=8, max_size=8).filter(lambda code: not code.isdigit()))
    gap = draw(st.sampled_from(["", " ", "-", " - "]))
    written = code[:4] + gap + code[4:]
    return draw(st.sampled_from([written, written.lower()]))


def _list_long_numbers(text: str) -> list[str]:
    """What anybody would join into a number of six digits, whatever stands between."""
    runs = re.findall(r"\d(?:[\W_]*\d)*", text)
    return [run for run in runs if sum(map(str.isdigit, run)) >= 6]


@given(before=_WORDS, number=_numbers(), after=_WORDS)
def test_numbers(before: str, number: str, after: str) -> None:
    """Of a planted number never six digits are left; the words around it stay."""
    masked = redact(f"{before} {number} {after}")

    assert _list_long_numbers(masked.replace("•", "x")) == []
    assert all(word in masked for word in f"{before} {after}".split())


@given(before=_WORDS, code=_codes(), after=_WORDS, named=st.booleans())
def test_codes(before: str, code: str, after: str, *, named: bool) -> None:
    """A planted code is gone, named or not, unless it could be a word."""
    masked = redact(f"{before} {'código ' if named else ''}{code} {after}")

    mixed = any(map(str.isdigit, code))
    assert (code in masked) is not (mixed or (named and code.isalnum()))


@given(text=st.text(max_size=60) | st.text("0123456789 .-oOlI", max_size=20))
def test_what_a_reader_accepts(text: str) -> None:
    """Of whatever a reader takes for a document or a phone, the answer shows three at most."""
    for read in (read_document, read_phone):
        reading = read(text)
        if not isinstance(reading, Refused):
            shown = "".join(filter(str.isalnum, redact_answer(text)))
            digits = "".join(filter(str.isdigit, reading.value))
            assert digits[:-3] == "" or digits not in shown
            assert _list_long_numbers(redact_answer(text).replace("•", "x")) == []


@given(text=st.text())
def test_twice(text: str) -> None:
    """Masking what is masked changes nothing, and an empty text stays so."""
    once = redact(text)

    assert redact(once) == once
    assert bool(once) == bool(text)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mi cédula es 52.123.456", "mi cédula es •••••456"),
        ("300 111 22 33", "300 ••• ••33"),
        ("al 573001112233 por favor", "al 300 ••• ••33 por favor"),
        ("3OO-111-22-33", "300 ••• ••33"),
        ("el código es 482 913", "el código es •••••"),
        ("Vincular ABCD2345", "Vincular •••••"),
        ("https://t.me/enlace?start=abcDEF_-123", f"https://t.me/enlace?{HIDDEN}"),
    ],
)
def test_still_recognised(text: str, masked: str) -> None:
    """A mask keeps what the card beside it keeps; of a code nothing."""
    assert redact(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "Pago $60.000 por 50 MB",
        "Calle 10 # 5-20",
        "vincular este chat",
        "¿Qué pasó con la solicitud ABCD2345?",
        "a las 10:30",
        "No tengo Internet 😡",
        "",
    ],
)
def test_nothing_personal(text: str) -> None:
    """Amounts, short numbers, and the codes of requests can be read."""
    assert redact(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("*Documento:* lo registrado → *79123456*", "*Documento:* lo registrado → *•••••456*"),
        ("¿su documento es *QWE457*?", "¿su documento es *•••••*?"),
        ("*Documento:* 41236\n*Celular:* sin", "*Documento:* •••••36\n*Celular:* sin"),
        ("que termina en *456*", "que termina en *456*"),
        ("el 24/11/2026 (código JKMN2345)", "el 24/11/2026 (código JKMN2345)"),
        ("Comprobante: *ABCD2345*", "Comprobante: *ABCD2345*"),
    ],
)
def test_the_bots_words(text: str, masked: str) -> None:
    """What the bot repeats of an answer is masked, its dates and references are not."""
    assert redact(text, by_bot=True) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("CE 41236", "CE •••••36"),
        ("12 345 y 67", "•••••45 y •••••7"),
        ("AB1234567", "•••••567"),
        ("pasaporte QWE 457", HIDDEN),
        ("2", "2"),
        ("la del carné", "la del carné"),
    ],
)
def test_answers(text: str, masked: str) -> None:
    """Where a number is asked for, a short one counts, and so do the letters of a passport."""
    assert redact_answer(text) == masked


@pytest.mark.parametrize("piece", ["a?", "1 ", "código ", "*1", "ABCD ", "/start ", "1o", "👍🏽é"])
def test_long_texts(piece: str) -> None:
    """Whatever a customer writes, the time to mask it grows with its length only."""

    def work(size: int) -> None:
        for by_bot in (True, False):
            redact((piece * size)[:size] + "/?=2", by_bot=by_bot)
        redact_answer((piece * size)[:size] + "2")

    assert growth(work, 2_000, 8_000, runs=3) < 10
