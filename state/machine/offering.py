"""What customers offer before it is asked: kept, read back, and used when its question comes.

It is no proof and no answer: it is taken at its question as if it were typed there. Before the
consent it is only kept; it goes with the answers when a dialog ends (`leaving`).
"""

from collections.abc import Iterable

from state.conversation import Conversation, replace
from state.effects import Line
from state.fields.offers import Offer, Slot
from state.fields.reading import Refused
from state.fields.table import FIELDS, Field
from state.machine.filling import line
from state.states import State

_LONGEST = 60  # characters of one that is kept; there is one for a slot
_MEANT = 2  # offers that one question asks about
_LABEL = 20  # characters of a button

SLOTS = {
    State.HOLDER: Slot.DOCUMENT,
    State.SERVICE: Slot.SERVICE,
    State.DOCUMENT: Slot.DOCUMENT,
    State.CONFIRM_DOCUMENT: Slot.DOCUMENT,
    State.PHONE: Slot.PHONE,
    State.CONFIRM_PHONE: Slot.PHONE,
}
"""What a number alone answers in a state."""

FIELD_OF = {Slot.DOCUMENT: Field.DOCUMENT, Slot.PHONE: Field.PHONE}

_NAMED = {
    Slot.DOCUMENT: "el documento",
    Slot.PHONE: "el celular",
    Slot.SERVICE: "el número de servicio",
    Slot.INVITATION: "el código de invitación",
}
_NOUNS = {
    Slot.DOCUMENT: "cédula",
    Slot.PHONE: "celular",
    Slot.SERVICE: "número de servicio",
    Slot.INVITATION: "código de invitación",
}
assert _NAMED.keys() == _NOUNS.keys() == set(Slot)


def keep(conversation: Conversation, offers: Iterable[Offer]) -> Conversation:
    """Keep what is offered, each in the place of an earlier one for the same slot."""
    kept = {one.slot: one for one in conversation.offers}
    kept |= {one.slot: one for one in offers if len(one.value) <= _LONGEST}
    return replace(conversation, draft=replace(conversation.draft, offered=tuple(kept.values())))


def take(conversation: Conversation, slot: Slot) -> tuple[Conversation, str]:
    """Take out what was offered for a slot, as it was said; empty if nothing was."""
    said = next((one.value for one in conversation.offers if one.slot is slot), "")
    return drop(conversation, slot) if said else conversation, said


def drop(conversation: Conversation, slot: Slot) -> Conversation:
    """Forget what was offered for a slot: its question was answered."""
    left = tuple(one for one in conversation.offers if one.slot is not slot)
    if left == conversation.offers:
        return conversation
    return replace(conversation, draft=replace(conversation.draft, offered=left))


def read_back(conversation: Conversation, offers: Iterable[Offer]) -> tuple[Line, ...]:
    """Tell what was kept, each as its owner reads it."""
    return tuple(
        line(conversation, "anotado", que=_name(one), valor=_spell(one))
        for one in offers
        if not isinstance(one.read(), Refused)
    )


def doubt(conversation: Conversation, offers: Iterable[Offer]) -> tuple[Conversation, Line]:
    """Ask which of these was meant: two numbers for one slot, or what one number is."""
    short = [one for one in offers if len(one.value) <= _LONGEST]
    rivals = tuple(one for one in short if one.slot is short[0].slot)
    same = tuple(one for one in short if _digits(one) == _digits(short[0]))
    asked = (rivals if len(rivals) > 1 else same)[:_MEANT]
    conversation = replace(conversation, draft=replace(conversation.draft, doubtful=asked))
    first = asked[0]
    named = {"valor": _spell(first), "dato": _NOUNS[first.slot]}
    return conversation, line(conversation, _question(asked), **named)


def settle(conversation: Conversation, choice: str) -> tuple[Conversation, Offer | None]:
    """Take what the customer says was meant; none if nothing of it was."""
    number, offers = choice.removeprefix("meant"), conversation.draft.doubtful
    meant = offers[int(number) - 1] if number.isdecimal() and int(number) <= len(offers) else None
    return replace(conversation, draft=replace(conversation.draft, doubtful=())), meant


def list_choices(conversation: Conversation) -> tuple[tuple[str, str], ...]:
    """List the buttons by which the customer says what was meant."""
    offers = conversation.draft.doubtful
    apart = len({one.slot for one in offers}) == 1
    labels = [_spell(one) if apart else f"Mi {_NOUNS[one.slot]}" for one in offers]
    chosen = ((f"meant{number}", label[:_LABEL]) for number, label in enumerate(labels, 1))
    return (*chosen, ("meant_none", "Ninguno"))


def _question(offers: tuple[Offer, ...]) -> str:
    if len(offers) == 1:
        return "leido_suelto"
    return "leido_dos" if len({one.slot for one in offers}) == 1 else "leido_cual"


def _digits(offer: Offer) -> str:
    return "".join(character for character in offer.value if character.isdigit())


def _name(offer: Offer) -> str:
    plain = offer.slot is Slot.DOCUMENT and _spell(offer).isdecimal()
    return "la cédula" if plain else _NAMED[offer.slot]


def _spell(offer: Offer) -> str:
    reading, field = offer.read(), FIELD_OF.get(offer.slot)
    value = offer.value if isinstance(reading, Refused) else reading.value
    return FIELDS[field].spell(value) if field else value
