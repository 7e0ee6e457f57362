"""Clues, as filters of WispHub's list, and whether a row is what a clue asks for.

A filter that WispHub does not know, or no longer knows, brings everybody. So two things are asked
of each row: whether the filter was obeyed, and whether the row is what the clue means.
"""

from bot.wisphub.rows import Row
from state.client import Client
from state.fields import documents
from state.fields.folding import fold, strip_accents

FILTERS = {
    "service": "id_servicio",
    "document": "cedula",
    "phone": "telefono__contains",
    "name": "nombre",
    "holder": "nombre",
}
"""Clues as the list's filters; `search` and others do nothing (RAPI, AINOVA)."""


def list_spellings(kind: str, value: str) -> tuple[str, ...]:
    """Spell a clue as the list's filter takes it, in each way in which the file may have it.

    A phone is without the country's code; a document's filter is exact, and files have points. Of
    a holder the words may stand apart in the file: then the longest one brings him.
    """
    match kind:
        case "phone":
            return (value.removeprefix("+57"),)
        case "document":
            return documents.list_spellings(value)
        case "holder":
            longest = max(value.split(), key=len)
            return tuple(dict.fromkeys((value, strip_accents(value), longest)))
        case _:
            return (value,)


def obeys(kind: str, value: str, wanted: str, row: Row) -> bool | None:
    """Tell whether a row answers to the filter, if only in part; none if it cannot be read.

    `wanted` is the spelling of the clue that the filter was given.
    """
    if kind == "service":
        return str(row.service_id) == value
    text = row.columns.get(FILTERS[kind].partition("__")[0])
    if text is None:
        return None
    return (
        wanted.casefold() in text.casefold()
        or fold(wanted) in fold(text)
        or matches(kind, value, row.client)
    )


def matches(kind: str, value: str, client: Client) -> bool:
    """Verify a row: the vendor's filters may have been ignored, or match parts."""
    match kind:
        case "service":
            return str(client.service_id) == value
        case "document":
            return documents.same(client.document, value)
        case "phone":
            return value in client.phones
        case "holder":
            named = fold(client.name).split()
            return all(any(has.startswith(one) for has in named) for one in fold(value).split())
        case _:
            return fold(value) in fold(client.name).split()
