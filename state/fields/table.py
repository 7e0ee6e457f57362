"""What a field is: a datum of the customer's that the dialog keeps up to date, one row each.

All that is true of a field stands in its row, but for two things: which states ask for it
(`state.states`), and in which column a directory keeps it (the directory's adapter).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from operator import eq

from state.fields import documents, masks, phones
from state.fields.reading import Reading


class Field(StrEnum):
    """A field, in the order in which it is asked for; the values are stored."""

    DOCUMENT = "document"
    PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldInfo:
    """What is true of a field.

    Attributes:
        read: reads an answer, as people type it.
        same: tells whether two values are one, however they are spelled: the only such rule.
        mask: leaves the few characters that may be shown to anybody.
        spell: writes a value as its owner reads it.
        label: what customers and staff call it.
        named: the same within a sentence, with its article.
        button: what the button says by which a customer corrects it.
        noun: what customers call it after "su".
        names: by which words they name it beside its value, folded.
        unmistakable: an accepted value can hardly be anything else, whatever stands beside it.
        question: the name of the text that asks for it.
        question_on_file: of the text that asks while a value stands on file.
        reveals: that text shows something of the file: only to whom possession was proven.
        several: a new value is added to those on file, unless it takes their place.
        replacing: the name of the text that asks for a value that does.
        prefix: how the places are called that the field fills in texts: `doc_antes`, `doc_nuevo`.
        by_code: a one-time code can show that a new value is the customer's.
    """

    read: Callable[[str], Reading]
    same: Callable[[str, str], bool]
    mask: Callable[[str], str]
    spell: Callable[[str], str] = str
    label: str
    named: str
    button: str
    noun: str
    names: frozenset[str]
    unmistakable: bool = False
    prefix: str
    question: str
    question_on_file: str
    reveals: bool = False
    several: bool = False
    replacing: str = ""
    by_code: bool = False

    def mask_all(self, values: tuple[str, ...], none: str = "") -> str:
        """Mask all values of the field; `none` if there is none."""
        return ", ".join(self.mask(value) for value in values) or none


FIELDS = {
    Field.DOCUMENT: FieldInfo(
        read=documents.read,
        same=documents.same,
        mask=masks.document,
        label="Documento",
        named="el documento",
        button="La cédula",
        noun="cédula",
        names=documents.NAMES,
        prefix="doc",
        question="doc_pedir",
        question_on_file="doc_tenemos",
        reveals=True,
    ),
    Field.PHONE: FieldInfo(
        read=phones.read,
        same=eq,
        mask=masks.phone,
        spell=lambda number: phones.spell(number, "national"),
        label="Celular",
        named="el celular",
        button="El celular",
        noun="celular",
        names=phones.NAMES,
        unmistakable=True,
        prefix="tel",
        question="tel_escribir",
        question_on_file="tel_pedir",
        several=True,
        replacing="tel_quitar",
        by_code=True,
    ),
}
assert FIELDS.keys() == set(Field)
