"""What a text holds besides the answer to the question: offers, and what else it is about.

Offers come first, then what the text is about, then the question's own reader. Of the questions
about the file, to which any words may be the answer, the answer comes first if it says enough.
"""

from state.conversation import Conversation
from state.fields import naming, wishes
from state.fields.matters import Matter, find_matter
from state.fields.offers import Offer, Offers, Slot, find_offers
from state.fields.reading import Doubtful, Refused
from state.machine import (
    buttons,
    consent,
    facts,
    identification,
    inquiries,
    matters,
    offering,
    one_time_codes,
    taking,
)
from state.machine.asking import ask
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.machine.questions import FIELD_OF
from state.states import FACTS, STATES, State, Stop

_BEGINNINGS = (State.START, State.GREETING)
_OPEN = (State.SHARING, State.METHOD, State.CORRECTION)
"""Where a number that tells nothing of itself may still be a document."""

_DIGITS = 6
"""From how many digits on a text is a try to answer, though it cannot be used."""

_CONFIRMING = (State.SUMMARY, State.CORRECTION)


def hear(conversation: Conversation, text: str, moment: Moment) -> Step | None:
    """Take what a text offers or is about; none if it is left to the question's own reader."""
    if _awaits_words(conversation, text):
        return None
    offers, matter = _find(conversation, text), find_matter(text)
    if matter is Matter.PERSON:
        return matters.answer(offering.keep(conversation, offers.certain), matter)
    if conversation.state in inquiries.QUESTIONS:
        return None if matter is None else inquiries.answer(conversation, matter)
    if conversation.state in FACTS:
        return _hear_fact(conversation, text, offers)
    if conversation.state in (*_BEGINNINGS, State.CONSENT):
        return _hear_stranger(conversation, text, offers, matter, moment)
    if offers and STATES[conversation.state].stop is not Stop.REQUEST:
        return taking.take(conversation, text, offers, moment)
    if _is_answer(conversation, text):
        return None
    if matter is not None:
        return matters.answer(conversation, matter)
    if _is_linked(conversation) and wishes.is_wish(text):
        return buttons.carry_out(conversation, "update", moment, words=text)
    return None


def take_offers(conversation: Conversation, offers: Offers, moment: Moment) -> Step | None:
    """Take what is offered without words, by a contact card."""
    if conversation.state not in (*_BEGINNINGS, State.CONSENT):
        return taking.take(conversation, "", offers, moment)
    kept = offering.keep(conversation, offers.certain)
    if conversation.state is State.CONSENT:
        return consent.explain(kept)
    return consent.begin(kept, moment) if offers.certain else None


def listen(conversation: Conversation, text: str) -> Conversation:
    """Note what a text holds while a person is waited for: the answer comes from there."""
    conversation = offering.keep(conversation, _find(conversation, text).certain)
    matter = find_matter(text)
    return conversation if matter is None else matters.note(conversation, matter)


def _awaits_words(conversation: Conversation, text: str) -> bool:
    """Tell whether the text is wanted as it is: for staff, or as a one-time code."""
    request = conversation.change.request
    if conversation.state is State.REVIEW and request and request.query and not request.reply:
        return True
    return conversation.state is State.CODE and one_time_codes.holds_code(text)


def _is_answer(conversation: Conversation, text: str) -> bool:
    """Tell whether the question's own reader makes something of a text, if only a good cause."""
    field = FIELD_OF.get(conversation.state)
    if field is None:
        return False
    reading = naming.read_answer(field, text)
    tried = sum(sign.isdigit() for sign in text) >= _DIGITS
    return not isinstance(reading, Refused) or (tried and reading.cause != "numero_ajeno")


def _is_linked(conversation: Conversation) -> bool:
    return conversation.state is State.DONE and conversation.link is not None


def _find(conversation: Conversation, text: str) -> Offers:
    """Find offers; an invitation counts only before the consent, else it is looked for itself."""
    state = conversation.state
    found = find_offers(text, offering.SLOTS.get(state))
    if state in _OPEN and not found:
        found = Offers(certain=find_offers(text, Slot.DOCUMENT).certain)
    if state in _CONFIRMING and not found:
        found = Offers(doubtful=_of_unusual_phone(text))
    if state in (*_BEGINNINGS, State.CONSENT):
        return found
    known = conversation.identity.client is not None and state not in _CONFIRMING
    useless = (Slot.INVITATION, *((Slot.SERVICE,) if known else ()))
    return Offers(
        certain=tuple(one for one in found.certain if one.slot not in useless),
        doubtful=tuple(one for one in found.doubtful if one.slot not in useless),
    )


def _of_unusual_phone(text: str) -> tuple[Offer, ...]:
    """Find a phone that only a question makes one, such as a landline."""
    found = find_offers(text, Slot.PHONE)
    return tuple(one for one in (*found.certain, *found.doubtful) if one.slot is Slot.PHONE)


def _hear_stranger(
    conversation: Conversation,
    text: str,
    offers: Offers,
    matter: Matter | None,
    moment: Moment,
) -> Step | None:
    """Keep offers, unused; what begins the dialog asks for the consent at once."""
    unclear = tuple(one for one in offers.doubtful if isinstance(one.read(), Doubtful))
    data = (*offers.certain, *(unclear if len(unclear) == 1 else ()))
    kept = offering.keep(conversation, data)
    if conversation.state is State.CONSENT:
        talks = matter is not None and matter not in (Matter.WHY, Matter.UNKNOWN, Matter.MISSING)
        rest = facts.leave_out(text, offers.certain)
        choice = _read_choice(conversation, rest) if offers.certain else None
        if choice is not None:
            return buttons.carry_out(kept, choice, moment, words=text)
        if matter and talks:
            return matters.answer(kept, matter)
        return consent.explain(matters.note(kept, matter) if matter else kept)
    if matter is not None and matter not in matters.CHAT:
        return matters.answer(kept, matter)
    if data or (wishes.is_wish(text) and STATES[kept.state].stop is not Stop.LATE):
        return consent.begin(kept, moment)
    return None if matter is None else matters.answer(kept, matter)


def _read_choice(conversation: Conversation, text: str) -> str | None:
    exact = buttons.read_choice(conversation, text)
    return exact or buttons.read_meaning(conversation, text)


def _hear_fact(conversation: Conversation, text: str, offers: Offers) -> Step:
    """Take what is said of the file, if it says enough; else ask again, and count nothing."""
    others = offers.certain
    rest = facts.leave_out(text, others) if others else text
    matter = find_matter(rest)
    lead = offering.read_back(conversation, others)
    kept = offering.keep(conversation, others)
    if facts.is_fact(conversation.state, rest, matter):
        return identification.take_fact(kept, facts.strip(conversation.state, rest), *lead)
    if others:
        return ask(kept, *lead)
    if matter is not None:
        return matters.answer(kept, matter)
    return ask(kept, line(kept, "dato_corto"))
