"""What a text offers: every document, phone, service number and invitation in it, at any time.

Label beats expectation, and shape settles the rest. What is said of other things (dates, money,
numbers of contracts, invoices, houses, plans) is no offer, nor is what the customer takes back.
An offer is no proof, and no value either: it is read where its question is asked, as if typed
there.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from state.fields import documents, invitations, phones
from state.fields.dictation import has_number, spell_out
from state.fields.folding import LONGEST, correct_lookalikes, plain, strip_accents
from state.fields.labels import Label
from state.fields.mentions import Mention, find_mentions
from state.fields.reading import Accepted, Doubtful, Reading, Refused


class Slot(StrEnum):
    """What an offer may be taken for; the values are stored."""

    DOCUMENT = "document"
    PHONE = "phone"
    SERVICE = "service"
    INVITATION = "invitation"


class How(StrEnum):
    """By what an offer is known; the values are stored."""

    LABELLED = "labelled"  # the text names it
    SHAPED = "shaped"  # it can hardly be anything else
    EXPECTED = "expected"  # only because it was asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One datum of a text.

    Attributes:
        value: what was said of it: a text that the slot's reader reads.
        corrects: it takes the place of what was said before: "no es …, es …", "cambie", "perdón".
    """

    slot: Slot
    value: str
    how: How
    corrects: bool = False

    def read(self) -> Reading:
        """Read it as if it were typed at its own question; an invitation is read already."""
        return READERS[self.slot](self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """All that a text offers.

    Attributes:
        certain: at most one for a slot, to be taken as if typed at its question.
        doubtful: to be asked: one value for several slots, several values for one, or a number
            that may be something else.
        numbers: how many numbers the text has, but for those that are nobody's.
    """

    certain: tuple[Offer, ...] = ()
    doubtful: tuple[Offer, ...] = ()
    numbers: int = field(default=0, compare=False)

    def __bool__(self) -> bool:
        return bool(self.certain or self.doubtful)


READERS: dict[Slot, Callable[[str], Reading]] = {
    Slot.DOCUMENT: documents.read,
    Slot.PHONE: phones.read,
    Slot.SERVICE: invitations.service_number,
    Slot.INVITATION: lambda text: Accepted(value=text),
}
_SLOTS: dict[Label, tuple[Slot, str]] = {
    Label.PLAIN: (Slot.DOCUMENT, ""),
    Label.NIT: (Slot.DOCUMENT, "NIT "),
    Label.FOREIGNER: (Slot.DOCUMENT, "CE "),
    Label.PERMIT: (Slot.DOCUMENT, "PPT "),
    Label.SPECIAL_PERMIT: (Slot.DOCUMENT, "PEP "),
    Label.PASSPORT: (Slot.DOCUMENT, "pasaporte "),
    Label.PHONE: (Slot.PHONE, ""),
    Label.SERVICE: (Slot.SERVICE, ""),
}
"""Which slot a label stands for, and what its reader wants to see before the number."""

_ODD = ("doc_nueve", "doc_parece_cel")  # why a number is hardly the document that it is called


_USUAL = 10  # digits of a cédula and of a mobile
_LEFT_OVER = range(6, 11)  # digits of a number that may be a document beside another


def find_offers(text: str, expects: Slot | None) -> Offers:
    """Find what a text offers, where `expects` is asked for."""
    mentions = _mentions(text)
    found = [each for mention in mentions for each in _offer(mention, expects)]
    code = invitations.read(text)
    if code is not None:
        found.append((Offer(slot=Slot.INVITATION, value=code, how=How.LABELLED), True))
    return _settle(found, len(mentions))


def _mentions(text: str) -> list[Mention]:
    if len(text) > LONGEST or not has_number(text):
        return []
    lines = " | ".join(text.split("\n")) if "\n" in text else text
    return find_mentions(spell_out(strip_accents(correct_lookalikes(plain(lines)))))


def _offer(mention: Mention, expects: Slot | None) -> list[tuple[Offer, bool]]:
    """Offer a number by its label, else its shape, else what is expected; and whether surely."""
    shape = _shape(mention)
    if mention.label is Label.OTHER and mention.close:
        return []
    if mention.label in _SLOTS:
        return _by_label(mention, shape)
    if shape is not None:
        return _by_shape(mention, shape, expects)
    if mention.label is Label.MONEY and mention.close:
        return []
    return _by_expectation(mention, expects)


def _shape(mention: Mention) -> Slot | None:
    """Tell what a number can hardly be anything else than."""
    if not mention.is_shaped:
        return None
    slot = Slot.PHONE if mention.is_phone else Slot.DOCUMENT
    usual = len(mention.text) == _USUAL and mention.text.isdecimal()
    readable = usual or not isinstance(READERS[slot](mention.text), Refused)
    return slot if readable else None


def _by_label(mention: Mention, shape: Slot | None) -> list[tuple[Offer, bool]]:
    assert mention.label is not None
    slot, before = _SLOTS[mention.label]
    calm = not (mention.asked or mention.elsewhose)
    offer = _make(slot, mention, How.LABELLED, before)
    if mention.alien and slot is Slot.DOCUMENT and not before:
        return []
    reading = offer.read()
    if shape is slot and not isinstance(reading, Refused):
        return [(offer, calm)]
    if isinstance(reading, Refused):
        return [(_make(shape, mention, How.SHAPED), not mention.close)] if shape else []
    if shape is not None and not before:
        other = _make(shape, mention, How.SHAPED)
        return [(offer, False), (other, False)] if mention.close else [(other, calm)]
    odd = isinstance(reading, Doubtful) and reading.cause in _ODD
    return [(offer, calm and not odd)]


def _by_shape(mention: Mention, shape: Slot, expects: Slot | None) -> list[tuple[Offer, bool]]:
    offer = _make(shape, mention, How.SHAPED)
    if shape is Slot.PHONE and expects is Slot.DOCUMENT:
        return [(_make(Slot.DOCUMENT, mention, How.EXPECTED), False), (offer, False)]
    against = shape is Slot.DOCUMENT and expects is Slot.PHONE
    return [(offer, not (against or mention.asked or mention.elsewhose))]


def _by_expectation(mention: Mention, expects: Slot | None) -> list[tuple[Offer, bool]]:
    if expects is None or expects is Slot.INVITATION:
        rival = mention.joined and len(mention.digits) in _LEFT_OVER
        return [(_make(Slot.DOCUMENT, mention, How.EXPECTED), False)] if rival else []
    offer = _make(expects, mention, How.EXPECTED)
    reading = offer.read()
    if isinstance(reading, Refused) or (mention.alien and expects is Slot.DOCUMENT):
        return []
    calm = not (mention.asked or mention.elsewhose or mention.unknown or mention.label)
    return [(offer, calm and isinstance(reading, Accepted))]


def _make(slot: Slot, mention: Mention, how: How, before: str = "") -> Offer:
    return Offer(slot=slot, value=before + mention.text, how=how, corrects=mention.corrects)


def _settle(found: list[tuple[Offer, bool]], numbers: int) -> Offers:
    """Leave each slot one certain offer; several for one slot are doubtful."""
    certain: list[Offer] = []
    doubtful: list[Offer] = []
    offered = {offer.slot for offer, _ in found}
    for slot in (slot for slot in Slot if slot in offered):
        mine = {offer.value: offer for offer, _ in reversed(found) if offer.slot is slot}
        one = len(mine) == 1 and any(sure for offer, sure in found if offer.slot is slot)
        (certain if one else doubtful).extend(reversed(mine.values()))
    return Offers(certain=tuple(certain), doubtful=tuple(doubtful), numbers=numbers)
