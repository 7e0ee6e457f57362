"""The answers that are collected, field by field: read, doubted, kept, corrected, edited."""

from state.conversation import Conversation, replace
from state.effects import Line
from state.fields import naming
from state.fields.naming import Naming
from state.fields.offers import find_offers
from state.fields.reading import Accepted, Doubtful, Reading, Refused
from state.fields.table import FIELDS, Field
from state.machine import offering, onward
from state.machine.asking import ask, say
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.machine.questions import ASKS, FIELD_OF, FIRST
from state.messages import CATALOGUE
from state.parts import KEPT
from state.states import State

_MISSES = 3  # unusable answers in a row before a person is offered


def begin(conversation: Conversation, moment: Moment) -> Step:
    """Ask the first question about a service."""
    return onward.go_on(conversation, FIRST, moment)


def answer(
    conversation: Conversation, field: Field, text: str, moment: Moment, *lead: Line
) -> Step:
    """Take an answer, typed as people type it, or shared."""
    match naming.read_answer(field, text):
        case Accepted(value=value):
            return onward.take_answer(conversation, field, value, moment, *lead)
        case Doubtful() as doubtful:
            return onward.doubt(conversation, field, doubtful, *lead)
        case refused:
            return _refuse(replace(conversation, state=ASKS[field]), refused, *lead)


def change_answer(conversation: Conversation, field: Field, text: str) -> Conversation:
    """Take another value for a field that was answered, and stay; a doubtful one changes none."""
    reading = naming.read_answer(field, text)
    if not isinstance(reading, Accepted):
        return conversation
    return onward.with_answer(conversation, field, reading.value)


def correct_to(conversation: Conversation, field: Field, text: str, moment: Moment) -> Step:
    """Take another value at the summary, and go back there."""
    correcting = replace(conversation.draft, correcting=True)
    return answer(replace(conversation, draft=correcting), field, text, moment)


def take_correction(conversation: Conversation, text: str, moment: Moment) -> Step | None:
    """Take "mi cédula es otra: 52…" at the summary; none if the text corrects nothing.

    A number that is not named is no correction, but is asked about.
    """
    read = {field: FIELDS[field].read(text) for field in FIELDS}
    values = {field: r.value for field, r in read.items() if isinstance(r, Accepted)}
    called = {field: naming.judge(field, text) for field in values}
    for field, value in values.items():
        if _corrects(conversation, field, called[field]):
            correcting = replace(conversation.draft, correcting=True)
            return onward.take_answer(replace(conversation, draft=correcting), field, value, moment)
    unclear = [field for field in values if called[field] is not Naming.OTHER]
    return _offer(conversation, unclear[0], values[unclear[0]]) if unclear else None


def _corrects(conversation: Conversation, field: Field, called: Naming) -> bool:
    """Tell whether a number so called is the field's new value, without a question."""
    if called is Naming.ALONE:
        return FIELDS[field].unmistakable or conversation.state is State.CORRECTION
    return called in (Naming.OWN, Naming.CORRECTING)


def _offer(conversation: Conversation, field: Field, value: str) -> Step:
    """Ask whether a number that was said at the summary is meant to correct an answer."""
    draft = replace(conversation.draft, edited=(ASKS[field], value))
    conversation = replace(conversation, state=State.SUMMARY, draft=draft)
    named = {"valor": FIELDS[field].spell(value), "dato": FIELDS[field].noun}
    return say(conversation, line(conversation, "numero_suelto", **named))


def correct(conversation: Conversation, field: Field) -> Step:
    """Ask for a field anew, and whether it takes the place of what is on file."""
    draft = replace(onward.add(conversation, field).draft, correcting=True)
    return ask(replace(conversation, state=ASKS[field], draft=draft))


def offer_edit(conversation: Conversation, text: str) -> Step | None:
    """Offer what a changed answer says now; none if it is no answer, or too late to be one."""
    stands = conversation.state in (*FIELD_OF, State.SUMMARY, State.CORRECTION)
    field = _find_edited(conversation, text) if stands else None
    if field is None or not conversation.draft.answers.get(field):
        return None
    reading = naming.read_answer(field, text)
    if isinstance(reading, Refused):
        return None
    value = reading.value
    if value in conversation.draft.answers.values():
        return conversation, ()
    edit = (ASKS[field], value)
    conversation = replace(conversation, draft=replace(conversation.draft, edited=edit))
    return say(conversation, line(conversation, "edito", valor=FIELDS[field].spell(value)))


def _find_edited(conversation: Conversation, text: str) -> Field | None:
    """Tell which field a changed text answered, or names."""
    asked = FIELD_OF.get(conversation.account.answered)
    certain = find_offers(text, None).certain if asked is None else ()
    named = [offering.FIELD_OF[one.slot] for one in certain if one.slot in offering.FIELD_OF]
    return named[0] if len(named) == 1 else asked


def use_edit(conversation: Conversation, moment: Moment) -> Step:
    """Take what a changed answer says now, and go on where we stand."""
    answered, value = conversation.draft.edited
    field = FIELD_OF[answered]
    if FIELDS[field].by_code or FIELD_OF.get(conversation.state) is field:
        return onward.take_answer(conversation, field, value, moment)
    return ask(onward.with_answer(conversation, field, value))


def confirm(conversation: Conversation, moment: Moment) -> Step:
    """Take the doubtful answer that the customer says is right."""
    field, value = FIELD_OF[conversation.state], conversation.draft.candidate
    return onward.take_answer(conversation, field, value, moment)


def ask_again(conversation: Conversation, *lead: Line) -> Step:
    """Drop the doubtful answer and ask once more."""
    draft = replace(conversation.draft, candidate="", doubt="", misses=0)
    return ask(replace(conversation, state=ASKS[FIELD_OF[conversation.state]], draft=draft), *lead)


def ask_for_another(conversation: Conversation) -> Step:
    """Ask for another value than the one on file."""
    return say(conversation, line(conversation, FIELDS[FIELD_OF[conversation.state]].question))


def ask_to_replace(conversation: Conversation) -> Step:
    """Ask for a value that takes the place of those on file."""
    field, draft = FIELD_OF[conversation.state], conversation.draft
    fields = tuple(dict.fromkeys((*draft.replacing, field)))
    conversation = replace(
        conversation, state=ASKS[field], draft=replace(draft, replacing=fields, misses=0)
    )
    return say(conversation, line(conversation, FIELDS[field].replacing))


def keep(conversation: Conversation, moment: Moment) -> Step:
    """Leave what is on file."""
    field = FIELD_OF[conversation.state]
    return onward.take_answer(onward.add(conversation, field), field, KEPT, moment)


def _refuse(conversation: Conversation, refused: Reading, *lead: Line) -> Step:
    """Say why the answer cannot be used; after three in a row, offer a person too."""
    assert isinstance(refused, Refused)
    conversation = replace(
        conversation, draft=replace(conversation.draft, misses=conversation.draft.misses + 1)
    )
    cause = line(conversation, refused.cause, **refused.values)
    if conversation.draft.misses < _MISSES or CATALOGUE[refused.cause].buttons:
        return say(conversation, *lead, cause)
    return say(conversation, *lead, cause, line(conversation, "ofrecer_asesor"))
