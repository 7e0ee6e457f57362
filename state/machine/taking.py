"""Offers taken: as the answer to the question, as a correction, or kept for their own question.

A value that was given is changed only by its label, a correcting word or an unmistakable shape.
"""

import re

from state.conversation import Conversation, replace
from state.effects import Line
from state.fields import naming
from state.fields.folding import fold
from state.fields.naming import Naming
from state.fields.offers import READERS, How, Offer, Offers, Slot
from state.fields.reading import Refused
from state.fields.table import FIELDS, Field
from state.machine import consent, identification, offering, profile
from state.machine.asking import ask, say
from state.machine.moment import Moment, Step
from state.parts import KEPT, Draft
from state.states import STATES, State, Stop

_SEEKING = (State.SHARING, State.METHOD, State.HOLDER, State.SERVICE)
_CONFIRMING = (State.SUMMARY, State.CORRECTION)
_INSTEAD = re.compile(r"\bya no (?:t\w?ngo|uso|sirve|funciona)\b")
"""What tells that a new number takes the place of those on file."""


def take(conversation: Conversation, text: str, offers: Offers, moment: Moment) -> Step | None:
    """Take what a text offers; none if it is left to the question's own reader."""
    state = conversation.state
    if STATES[state].stop in (Stop.REQUEST, Stop.LATE):
        return None  # what is decided or written is that; nothing joins it
    if _INSTEAD.search(fold(text)):
        return _take_instead(conversation, offers, moment)
    if state is State.DONE:
        return _begin_update(conversation, offers, moment)
    if state in _CONFIRMING:
        return _correct(conversation, text, offers, moment)
    return _take_at_question(conversation, text, offers, moment)


def settle(conversation: Conversation, choice: str, moment: Moment) -> Step:
    """Take what the customer says was meant; nothing, and the question again, if none was."""
    conversation, meant = offering.settle(conversation, choice)
    if meant is None:
        return ask(conversation)
    sure = Offers(certain=(Offer(slot=meant.slot, value=meant.value, how=How.LABELLED),))
    return take(conversation, "", sure, moment) or _answer(conversation, sure.certain[0], moment)


def _take_at_question(
    conversation: Conversation, text: str, offers: Offers, moment: Moment
) -> Step | None:
    """Take the answer, and keep what else is offered."""
    slot = offering.SLOTS.get(conversation.state)
    answer = next((one for one in offers.certain if _answers(conversation, one)), None)
    others = tuple(one for one in offers.certain if one is not answer)
    rivals = {one.value for one in offers.doubtful if one.slot is slot}
    if slot is not None and not others and len(rivals) < 2 and _is_read(answer, slot, text):
        return None  # the question's own reader is as good, and knows more causes
    for one in others:
        conversation = _note(conversation, one)
    lead = offering.read_back(conversation, others)
    if answer is not None:
        return _answer(conversation, answer, moment, *lead)
    if offers.doubtful:
        conversation, question = offering.doubt(conversation, offers.doubtful)
        return say(conversation, *lead, question)
    return ask(conversation, *lead)


def _is_read(answer: Offer | None, slot: Slot, text: str) -> bool:
    """Tell whether the question's own reader finds in a text what it offers."""
    if answer is None:
        return bool(text)
    return answer.slot is slot and not isinstance(READERS[slot](text), Refused)


def _answers(conversation: Conversation, offer: Offer) -> bool:
    """Tell whether an offer answers the question; services are looked for by either number."""
    if conversation.state in _SEEKING:
        return offer.slot in (Slot.DOCUMENT, Slot.SERVICE)
    return offering.SLOTS.get(conversation.state) is offer.slot


def _answer(conversation: Conversation, offer: Offer, moment: Moment, *lead: Line) -> Step:
    field = offering.FIELD_OF.get(offer.slot)
    if conversation.state in _SEEKING and offer.slot is Slot.SERVICE:
        return identification.take_service(conversation, offer.value, *lead)
    if conversation.state in _SEEKING:
        return identification.take_holder(conversation, offer.value, *lead)
    assert field is not None
    return profile.answer(conversation, field, offer.value, moment, *lead)


def _note(conversation: Conversation, offer: Offer) -> Conversation:
    """Keep an offer for its question; if that is answered, it is the answer from now on."""
    field = offering.FIELD_OF.get(offer.slot)
    if field is None or field not in conversation.draft.answers or not _is_sure(offer):
        return offering.keep(conversation, (offer,))
    return profile.change_answer(conversation, field, offer.value)


def _is_sure(offer: Offer) -> bool:
    """Tell whether an offer may change what was given, without a question."""
    field = offering.FIELD_OF.get(offer.slot)
    plain = field is not None and FIELDS[field].unmistakable and offer.how is How.SHAPED
    return plain or offer.corrects or offer.how is How.LABELLED


def _correct(conversation: Conversation, text: str, offers: Offers, moment: Moment) -> Step | None:
    """Correct at the summary what is surely meant; a doubt asks."""
    sure = [one for one in offers.certain if _is_sure(one)]
    fields = [(offering.FIELD_OF[one.slot], one) for one in sure if one.slot in offering.FIELD_OF]
    if len(fields) < 2:
        step = profile.take_correction(conversation, text, moment)
        if step is not None:
            return step
    named = [(field, one) for field, one in fields if text == "" or _is_named(field, one, text)]
    if named:
        *first, (field, last) = named
        for other, one in first:
            conversation = profile.change_answer(conversation, other, one.value)
        return profile.correct_to(conversation, field, last.value, moment)
    if sure:  # another service
        kept = offering.keep(conversation, sure)
        return ask(replace(kept, state=State.CORRECTION), *offering.read_back(kept, sure))
    if not offers.doubtful:
        return None
    conversation, question = offering.doubt(conversation, offers.doubtful)
    return say(conversation, question)


def _is_named(field: Field, offer: Offer, text: str) -> bool:
    return offer.how is How.LABELLED or naming.judge(field, text) is not Naming.OTHER


def _begin_update(conversation: Conversation, offers: Offers, moment: Moment) -> Step | None:
    """Change the data of a linked service as the customer says, and ask for nothing else."""
    mine = [one for one in (*offers.certain, *offers.doubtful) if one.slot in offering.FIELD_OF]
    sure = [one for one in mine if one in offers.certain and _is_sure(one)]
    if not sure and mine:
        conversation, question = offering.doubt(conversation, mine)
        return say(conversation, question)
    if not sure:
        return None
    kept = offering.keep(conversation, sure)
    if not consent.is_valid(kept, moment):
        return consent.ask_for_consent(kept, moment)
    return update(kept)


def update(conversation: Conversation) -> Step:
    """Begin anew with the linked service, as it stands now.

    Who said at once what to change is asked for nothing else.
    """
    offered = conversation.offers
    said = {offering.FIELD_OF.get(one.slot) for one in offered}
    others = [field for field in Field if field not in said] if offered else []
    draft = Draft(answers=dict.fromkeys(others, KEPT), offered=offered)
    told = offering.read_back(conversation, offered)
    return identification.refresh(replace(conversation, draft=draft), *told)


def _take_instead(conversation: Conversation, offers: Offers, moment: Moment) -> Step | None:
    """Have a new phone take the place of those on file, as far as the customer knows of them."""
    new = next((one for one in offers.certain if one.slot is Slot.PHONE), None)
    answered = Field.PHONE in conversation.draft.answers or conversation.state is State.PHONE
    if new is None or not answered or not conversation.known_client.phones:
        return _take_at_question(conversation, "", offers, moment)
    fields = tuple(dict.fromkeys((*conversation.draft.replacing, Field.PHONE)))
    draft = replace(conversation.draft, replacing=fields)
    return profile.correct_to(replace(conversation, draft=draft), Field.PHONE, new.value, moment)
