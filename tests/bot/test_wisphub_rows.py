"""Rows of WispHub's list: whatever one of them holds, the others are read."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wisphub.rows import NoList, read_page

_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.just(10**40)
    | st.text(st.characters(exclude_categories=()))
)
_JSON = st.recursive(
    _SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)
_COLUMNS = ("id_servicio", "nombre", "cedula", "telefono", "direccion", "plan_internet", "otra")
_ROWS = _JSON | st.dictionaries(st.sampled_from((*_COLUMNS, "precio_plan")), _JSON)
_GOOD = {"id_servicio": 1001, "nombre": "Luz", "cedula": "52123456", "telefono": "3159741951"}


def _body(*rows: Any) -> bytes:
    return json.dumps({"count": len(rows), "next": None, "results": rows}).encode()


@pytest.mark.slow
@given(st.lists(_ROWS, max_size=3), st.lists(_ROWS, max_size=3))
def test_other_rows_are_read(before: list[Any], after: list[Any]) -> None:
    """Whatever JSON a row holds, the other rows are read, and what is read can be stored."""
    page = read_page(_body(*before, _GOOD, *after))

    clients = [row.client for row in page.rows]
    assert page.size == len(before) + 1 + len(after)
    assert any(
        (client.service_id, client.name, client.phones) == (1001, "Luz", ("+573159741951",))
        for client in clients
    )
    for client in clients:
        assert json.loads(json.dumps(client.service_id)) < 2**53
        repr(client).encode()


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from(_COLUMNS[1:]), _JSON))
def test_other_columns_are_read(odd: dict[str, Any]) -> None:
    """Whatever JSON a column holds, the other columns of the row are read."""
    page = read_page(_body(_GOOD | odd))

    client = page.rows[0].client
    assert client.service_id == 1001
    assert "cedula" in odd or client.document == "52123456"
    assert "telefono" in odd or client.phones == ("+573159741951",)
    assert "nombre" in odd or client.name == "Luz"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("60000.00", "60000.00"), (60000.0, "60000"), (60000.5, "60000.5"), (60000, "60000"),
        (None, ""), ([], ""), (float("nan"), ""), (True, ""), ("\ud83d", "\ufffd"),
    ],
)  # fmt: skip
def test_price(value: object, expected: str) -> None:
    """A price is read from a text and from a number; anything else is none."""
    client = read_page(_body(_GOOD | {"precio_plan": value})).rows[0].client

    assert client.price == expected


@pytest.mark.parametrize(
    "body",
    [b"", b"<!DOCTYPE html>", b"[]", b"{}", b'{"results": {}}', b'{"results": null}',
     b"[" * 100_000],
)  # fmt: skip
def test_no_list(body: bytes) -> None:
    """What is no list of clients is told as such."""
    with pytest.raises(NoList):
        read_page(body)


def test_endless_number() -> None:
    """A number longer than Python reads is no price."""
    body = _body(_GOOD | {"precio_plan": 7}).replace(b": 7}", b": " + b"7" * 5000 + b"}")

    assert read_page(body).unread == ("precio_plan",)


def test_torn_letters() -> None:
    """A letter in another encoding, or a mark before the text, spoils one letter, not the page."""
    body = b"\xef\xbb\xbf" + _body(_GOOD | {"nombre": "Mu?oz"}).replace(b"?", b"\xf1")

    assert read_page(body).rows[0].client.name == "Mu\ufffdoz"
