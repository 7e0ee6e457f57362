"""Which question comes when: the two states of each field, and the order of the fields."""

from state.conversation import Conversation
from state.fields.table import Field
from state.states import State

ASKS = {field: State[field.name] for field in Field}
"""The state that asks for a field."""

CONFIRMS = {field: State[f"CONFIRM_{field.name}"] for field in Field}
"""The state that asks whether a doubtful answer is right."""

FIELD_OF = {state: field for states in (ASKS, CONFIRMS) for field, state in states.items()}
"""The field that a state is about."""

FIRST = next(iter(ASKS.values()))
"""The state that asks the first question about a service."""


def open_question(conversation: Conversation) -> State:
    """Give the first question that is not answered; the summary once all are."""
    unanswered = (field for field in Field if not conversation.draft.answers.get(field))
    return next((ASKS[field] for field in unanswered), State.SUMMARY)


def question_after(conversation: Conversation, answered: Field) -> State:
    """Give the question that follows an answer; a corrected one leads back to the summary."""
    if conversation.draft.correcting:
        return open_question(conversation)
    order = (*ASKS.values(), State.SUMMARY)
    return order[order.index(ASKS[answered]) + 1]
