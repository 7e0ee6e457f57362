"""The answers that are collected, field by field: read, doubted, kept, corrected, edited."""

from state.conversation import Conversation, replace
from state.fields import naming
from state.fields.naming import Naming
from state.fields.reading import Accepted, Doubtful, Reading, Refused
from state.fields.table import FIELDS, Field
from state.machine import one_time_codes
from state.machine.asking import ask, say
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.machine.questions import ASKS, CONFIRMS, FIELD_OF, FIRST, question_after
from state.messages import CATALOGUE
from state.parts import KEPT
from state.states import State

_MISSES = 3  # unusable answers in a row before a person is offered


def begin(conversation: Conversation) -> Step:
    """Ask the first question about a service."""
    return ask(replace(conversation, state=FIRST))


def answer(conversation: Conversation, field: Field, text: str, moment: Moment) -> Step:
    """Take an answer, typed as people type it, or shared."""
    match naming.read_answer(field, text):
        case Accepted(value=value):
            return _take(conversation, field, value, moment)
        case Doubtful() as doubtful:
            return _doubt(replace(conversation, state=CONFIRMS[field]), doubtful)
        case refused:
            return _refuse(replace(conversation, state=ASKS[field]), refused)


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
            return _take(replace(conversation, draft=correcting), field, value, moment)
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
    draft = replace(_adding(conversation, field).draft, correcting=True)
    return ask(replace(conversation, state=ASKS[field], draft=draft))


def offer_edit(conversation: Conversation, text: str) -> Step | None:
    """Offer what a changed answer says now; none if it is no answer, or too late to be one."""
    field = FIELD_OF.get(conversation.account.answered)
    stands = conversation.state in (*FIELD_OF, State.SUMMARY, State.CORRECTION)
    if field is None or not stands or not conversation.draft.answers.get(field):
        return None
    reading = naming.read_answer(field, text)
    if isinstance(reading, Refused):
        return None
    value = reading.value
    if value in conversation.draft.answers.values():
        return conversation, ()
    edit = (conversation.account.answered, value)
    conversation = replace(conversation, draft=replace(conversation.draft, edited=edit))
    return say(conversation, line(conversation, "edito", valor=FIELDS[field].spell(value)))


def use_edit(conversation: Conversation, moment: Moment) -> Step:
    """Take what a changed answer says now, and go on where we stand."""
    answered, value = conversation.draft.edited
    field = FIELD_OF[answered]
    if FIELDS[field].by_code or FIELD_OF.get(conversation.state) is field:
        return _take(conversation, field, value, moment)
    return ask(_with_answer(conversation, field, value))


def confirm(conversation: Conversation, moment: Moment) -> Step:
    """Take the doubtful answer that the customer says is right."""
    field, value = FIELD_OF[conversation.state], conversation.draft.candidate
    return _take(conversation, field, value, moment)


def ask_again(conversation: Conversation) -> Step:
    """Drop the doubtful answer and ask once more."""
    draft = replace(conversation.draft, candidate="", doubt="", misses=0)
    return ask(replace(conversation, state=ASKS[FIELD_OF[conversation.state]], draft=draft))


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
    return _take(_adding(conversation, field), field, KEPT, moment)


def _take(conversation: Conversation, field: Field, value: str, moment: Moment) -> Step:
    """Note an answer, and ask what comes next: its proof by a code, a question, the summary."""
    following = question_after(conversation, field)
    conversation = _with_answer(conversation, field, value)
    conversation = replace(
        conversation,
        draft=replace(conversation.draft, candidate="", doubt="", misses=0, correcting=False),
    )
    if one_time_codes.can_prove_number(conversation, field, moment):
        return one_time_codes.prove_number(conversation, field, moment)
    if following in FIELD_OF:
        conversation = _adding(conversation, FIELD_OF[following])
    return ask(replace(conversation, state=following))


def _with_answer(conversation: Conversation, field: Field, value: str) -> Conversation:
    answers = {**conversation.draft.answers, field: value}
    return replace(conversation, draft=replace(conversation.draft, answers=answers))


def _adding(conversation: Conversation, field: Field) -> Conversation:
    """Let an answer take no other value's place, unless that is chosen again."""
    fields = tuple(one for one in conversation.draft.replacing if one is not field)
    return replace(conversation, draft=replace(conversation.draft, replacing=fields))


def _doubt(conversation: Conversation, doubtful: Doubtful) -> Step:
    draft = replace(conversation.draft, candidate=doubtful.value, doubt=doubtful.cause, misses=0)
    return ask(replace(conversation, draft=draft))


def _refuse(conversation: Conversation, refused: Reading) -> Step:
    """Say why the answer cannot be used; after three in a row, offer a person too."""
    assert isinstance(refused, Refused)
    conversation = replace(
        conversation, draft=replace(conversation.draft, misses=conversation.draft.misses + 1)
    )
    cause = line(conversation, refused.cause, **refused.values)
    if conversation.draft.misses < _MISSES or CATALOGUE[refused.cause].buttons:
        return say(conversation, cause)
    return say(conversation, cause, line(conversation, "ofrecer_asesor"))
