"""Several phones in one text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.fields.phonebook import compose, parse

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("on_file", "after"),
    [
        ("", "+573001234567"),
        ("3109876543", "+573001234567,3109876543"),
        ("3109876543 / 6012345678", "+573001234567,3109876543,6012345678"),
        ("3109876543, su esposa", "+573001234567,3109876543,su esposa"),
        ("sin teléfono", "+573001234567"),
        ("3130000000 3140000000", "+573001234567,3130000000,3140000000"),
        ("300 111 2233 - 312 000 0000", "+573001234567,300 111 2233,312 000 0000"),
        ("3001112233 ext 12", "+573001234567,3001112233 ext 12"),
        ("313 000 0000 casa 314 000 0000 tía", "+573001234567,313 000 0000 casa,314 000 0000 tía"),
        ("mamá: 3130000000 papá: 3140000000", "+573001234567,mamá: 3130000000,papá: 3140000000"),
        ("(601) 2345678 (313) 0000000", "+573001234567,(601) 2345678,(313) 0000000"),
        ("3130000000, 313 000 0000", "+573001234567,3130000000"),
        ("31300000003140000000", "+573001234567,3130000000,3140000000"),
    ],
)
def test_new_phone_goes_first(on_file: str, after: str) -> None:
    """A new phone goes before those on file, which keep their spelling and what is said there."""
    assert compose(on_file, ("+573001234567", *parse(on_file)), "e164") == after


def test_only_phone() -> None:
    """A phone that takes the place of the others stands there alone, in the style asked for."""
    assert compose("3109876543 / 6012345678, casa", ("+573001234567",), "national") == "3001234567"
    assert compose("310 987 6543 / 6012345678", ("+573109876543",), "e164") == "310 987 6543"


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("", ()),
        ("sin teléfono", ()),
        ("3001234567", ("+573001234567",)),
        ("300 123 4567, +57 310 1234567", ("+573001234567", "+573101234567")),
        ("3001234567/3101234567", ("+573001234567", "+573101234567")),
        ("3001234567;3101234567,", ("+573001234567", "+573101234567")),
        ("3001234567 o 6012345678 Y 2345678", ("+573001234567", "+576012345678", "2345678")),
        ("0057 3001234567", ("+573001234567",)),
        ("+58 412 1234567", ("+584121234567",)),
        ("3001234567 3101234567", ("+573001234567", "+573101234567")),
        ("3130000000 3140000000", ("+573130000000", "+573140000000")),
        ("300 111 2233 - 312 000 0000", ("+573001112233", "+573120000000")),
        ("3001112233 ext 12", ("+573001112233",)),
        ("3130000000-3140000000", ("+573130000000", "+573140000000")),
        ("3130000000.3140000000", ("+573130000000", "+573140000000")),
        ("3130000000|3140000000", ("+573130000000", "+573140000000")),
        ("31300000003140000000", ("+573130000000", "+573140000000")),
        ("573130000000 573140000000", ("+573130000000", "+573140000000")),
        ("+573130000000+573140000000", ("+573130000000", "+573140000000")),
        ("(313) 000 0000 (314) 000 0000", ("+573130000000", "+573140000000")),
        ("3130000000\n3140000000\r\n3150000000", (
            "+573130000000", "+573140000000", "+573150000000")),
        ("313 000 0000 casa 314 000 0000 trabajo", ("+573130000000", "+573140000000")),
        ("mamá: 3130000000 papá: 3140000000", ("+573130000000", "+573140000000")),
        ("3130000000 ext 12 6012345678", ("+573130000000", "+576012345678")),
        ("2345678 3130000000", ("2345678", "+573130000000")),
        ("2345678 - 2345679", ("2345678", "2345679")),
        ("3130000000 +58 412 1234567", ("+573130000000", "+584121234567")),
        ("+1 305 555 1234 3130000000", ("+13055551234", "+573130000000")),
        ("+1 305 555 1234", ("+13055551234",)),
        ("3130000000 juan3140000000@correo.example", ("+573130000000",)),
        ("juan@correo.example 3130000000", ("+573130000000",)),
        ("313000000 3140000000", ("313000000", "+573140000000")),
        ("3130000000 3130000000, +57 313 0000000", ("+573130000000",)),
        ("3130000000 (WhatsApp) 12", ("+573130000000",)),
        ("3OO1112233 y 312 000 0000", ("+573001112233", "+573120000000")),
    ],
)  # fmt: skip
def test_field_of_several(field: str, expected: tuple[str, ...]) -> None:
    """The field is taken apart; a part that is not one number stays digits."""
    assert expected == parse(field)


@pytest.mark.parametrize(
    ("on_file", "after"),
    [
        ("313 000 0000 casa 314 000 0000 tía", "314 000 0000 tía"),
        ("mamá: 3130000000 papá: 3140000000", "papá: 3140000000"),
        ("3130000000-3140000000", "3140000000"),
    ],
)
def test_number_leaves_with_its_words(on_file: str, after: str) -> None:
    """A number that is taken out takes the words along that stand with it."""
    assert compose(on_file, ("+573140000000",), "e164") == after


_MOBILES = st.integers(3_000_000_000, 3_259_999_999).map(str)
_BETWEEN = st.sampled_from(
    (" ", "-", " - ", ".", "|", " / ", ", ", ";", "\n", " casa ", " y ", " o ", "·", " y/o ", "+57")
)  # fmt: skip
_SPELLINGS = st.sampled_from(
    ("{}", "+57{}", "57 {}", "({0[0]}{0[1]}{0[2]}) {1}", "{0[0]}{0[1]}{0[2]} {2} {3}",
     "{0[0]}{0[1]}{0[2]}-{2}-{3}")
)  # fmt: skip


@given(st.lists(st.tuples(_MOBILES, _SPELLINGS, _BETWEEN), min_size=1, max_size=4))
def test_whatever_people_put_between(entries: list[tuple[str, str, str]]) -> None:
    """Mobiles are found whatever stands between them, and an addition keeps each once."""
    spelled = [style.format(n, n[3:], n[3:6], n[6:]) for n, style, _ in entries]
    between = [apart for _, _, apart in entries][:-1]
    text = "".join(map("".join, zip(spelled, [*between, ""], strict=True)))
    mobiles = tuple(dict.fromkeys(f"+57{number}" for number, _, _ in entries))

    assert parse(text) == mobiles
    assert parse(compose(text, ("+576012345678", *mobiles), "e164")) == ("+576012345678", *mobiles)


@given(ANY_TEXT | st.text("0356789 +()-.,/;oyxl@\n", max_size=60))
def test_what_is_kept_is_kept(field: str) -> None:
    """Whatever a field holds, an addition keeps every number that was read of it."""
    there = parse(field)
    again = parse(compose(field, ("+573001234567", *there), "e164"))

    assert set(there) <= set(again)


@given(ANY_TEXT)
def test_any_field_is_taken_apart(field: str) -> None:
    """The field may hold anything at all."""
    assert all(set(number) <= set("+0123456789") for number in parse(field))
