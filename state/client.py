"""The client of the provider as the dialog knows one, and what is changed of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from state.fields.folding import fold
from state.fields.table import FIELDS, Field


class OnFile(NamedTuple):
    """What stands on file of a field.

    Attributes:
        values: as they are compared: a document as stored, each phone in E.164, or as digits
            where it cannot be read.
        text: how the directory spells it, where the values do not say it; only its adapter
            looks into it.
    """

    values: tuple[str, ...] = ()
    text: str = ""

    @property
    def literal(self) -> str:
        """Tell what stands there, to the letter where the spelling is known."""
        return self.text or ", ".join(self.values)


NOTHING = OnFile()
"""A field that is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One service in the directory, white-listed: passwords and coordinates never get this far.

    Attributes:
        service_id: the directory's `id_servicio`.
        name: the holder's full name.
        on_file: what stands there of each field; one that is empty is left out.
        address: street address.
        plan: the Internet plan's name.
        price: what it costs a month, as stored: `60000.00`.
    """

    service_id: int
    name: str = ""
    on_file: Mapping[Field, OnFile] = field(default_factory=dict)
    address: str = ""
    plan: str = ""
    price: str = ""

    def of(self, field: Field) -> OnFile:
        """Tell what stands there of a field."""
        return self.on_file.get(field, NOTHING)

    @property
    def document(self) -> str:
        """The identity number as stored, `""` if none."""
        return "".join(self.of(Field.DOCUMENT).values[:1])

    @property
    def phones(self) -> tuple[str, ...]:
        """The phones in E.164; what cannot be read stays as digits."""
        return self.of(Field.PHONE).values


UNKNOWN = Client(service_id=0)
"""No service: nothing is known of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field of a client, from what stood there to a new value.

    Attributes:
        old: what stood there when the change was decided.
        replaces: of a field with several values, the new one takes the place of all others.
    """

    field: Field
    new: str
    old: OnFile = NOTHING
    replaces: bool = False

    @property
    def is_real(self) -> bool:
        """Tell whether it would change what stood there."""
        return not self.stands_in(self.old.values)

    def stands_in(self, values: tuple[str, ...]) -> bool:
        """Tell whether these values are as the change wants them."""
        if self._adds:
            return any(FIELDS[self.field].same(self.new, value) for value in values)
        return alike(self.field, values, (self.new,))

    def applied_to(self, values: tuple[str, ...]) -> tuple[str, ...]:
        """Give the values as the change wants them: a number is put before the others."""
        if not self._adds:
            return (self.new,)
        same = FIELDS[self.field].same
        return (self.new, *(value for value in values if not same(self.new, value)))

    @property
    def _adds(self) -> bool:
        return FIELDS[self.field].several and not self.replaces


def alike(field: Field, these: tuple[str, ...], those: tuple[str, ...]) -> bool:
    """Tell whether two readings of a field hold the same values, in whatever order."""
    same = FIELDS[field].same
    return len(these) == len(those) and all(any(same(a, b) for b in those) for a in these)


def is_same_holder(one: Client, other: Client) -> bool:
    """Tell whether a service still is the same person's: by the name, or by the document."""
    named, known = fold(one.name), one.document
    same = FIELDS[Field.DOCUMENT].same
    return named == fold(other.name) or bool(known and same(known, other.document))
