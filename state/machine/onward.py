"""From one question to the next: what was said before, or is known, is not asked."""

from state.conversation import Conversation, replace
from state.effects import Line
from state.fields import naming
from state.fields.reading import Accepted, Doubtful
from state.fields.table import Field
from state.machine import at_hand, challenges, offering, updating
from state.machine.asking import ask
from state.machine.moment import Moment, Step
from state.machine.questions import ASKS, CONFIRMS, FIELD_OF, question_after
from state.states import State


def go_on(conversation: Conversation, state: State, moment: Moment, *lead: Line) -> Step:
    """Go to a question, and past it if it is answered: as if that were typed now."""
    conversation = replace(conversation, state=state)
    field = FIELD_OF.get(state)
    if field is not None and state is ASKS[field]:
        return _ask_field(conversation, field, moment, *lead)
    if state is State.SUMMARY and updating.is_finished(conversation, moment):
        return updating.finish_unchanged(conversation, *lead)
    return ask(conversation, *lead)


def resume(conversation: Conversation, moment: Moment) -> Step:
    """Ask again where we stood; what was offered meanwhile is taken."""
    field = FIELD_OF.get(conversation.state)
    slot = offering.SLOTS.get(conversation.state)
    waits = any(one.slot is slot for one in conversation.offers)
    if field is not None and waits and conversation.state is ASKS[field]:
        return _ask_field(conversation, field, moment)
    return ask(conversation)


def _ask_field(conversation: Conversation, field: Field, moment: Moment, *lead: Line) -> Step:
    conversation, said = offering.take(conversation, offering.SLOTS[ASKS[field]])
    reading = naming.read_answer(field, said) if said else None
    if isinstance(reading, Doubtful):
        return doubt(conversation, field, reading, *lead)
    if isinstance(reading, Accepted):
        return take_answer(conversation, field, reading.value, moment, *lead)
    value = at_hand.find_answer(conversation, field)
    if value:
        return take_answer(conversation, field, value, moment, *lead)
    return ask(conversation, *lead)


def take_answer(
    conversation: Conversation, field: Field, value: str, moment: Moment, *lead: Line
) -> Step:
    """Note an answer, and go on: to its proof by a code, a question, the summary."""
    following = question_after(conversation, field)
    conversation = with_answer(conversation, field, value)
    conversation = replace(
        conversation,
        draft=replace(conversation.draft, candidate="", doubt="", misses=0, correcting=False),
    )
    if challenges.can_prove_number(conversation, field, moment):
        return challenges.prove_number(conversation, field, moment, *lead)
    if following in FIELD_OF:
        conversation = add(conversation, FIELD_OF[following])
    return go_on(conversation, following, moment, *lead)


def with_answer(conversation: Conversation, field: Field, value: str) -> Conversation:
    """Note an answer, and stay."""
    answers = {**conversation.draft.answers, field: value}
    return replace(conversation, draft=replace(conversation.draft, answers=answers))


def add(conversation: Conversation, field: Field) -> Conversation:
    """Let an answer take no other value's place, unless that is chosen again."""
    fields = tuple(one for one in conversation.draft.replacing if one is not field)
    return replace(conversation, draft=replace(conversation.draft, replacing=fields))


def doubt(conversation: Conversation, field: Field, doubtful: Doubtful, *lead: Line) -> Step:
    """Ask whether a doubtful answer is right."""
    draft = replace(conversation.draft, candidate=doubtful.value, doubt=doubtful.cause, misses=0)
    return ask(replace(conversation, state=CONFIRMS[field], draft=draft), *lead)
