"""A chat goes back from a person to the bot: where it was, or at a step that is possible there."""

from state.conversation import Conversation, replace
from state.machine import leaving
from state.machine.asking import ask, say
from state.machine.filling import line
from state.machine.moment import Step
from state.machine.questions import ASKS, FIELD_OF, open_question
from state.parts import BOT
from state.states import STATES, State, Stop

STEPS = (State.GREETING, *ASKS.values(), State.SUMMARY)
"""Where the bot can be told to go on."""

_COLLECTS = (*FIELD_OF, State.SUMMARY, State.CORRECTION)
"""Where the service is known, and answers are collected."""


def list_steps(conversation: Conversation) -> tuple[State, ...]:
    """List the steps at which the bot can go on in this conversation.

    While people decide, or the directory is written, it is bound to where it stands.
    """
    if STATES[conversation.state].stop not in (Stop.NOTHING, Stop.ANSWERS):
        return ()
    if conversation.state not in _COLLECTS:
        return (State.GREETING,)
    return tuple(
        step
        for step in STEPS
        if step is not State.SUMMARY or open_question(conversation) is State.SUMMARY
    )


def hand_back(conversation: Conversation, step: State | None) -> Step:
    """Let the bot go on, and say so."""
    conversation = replace(conversation, speaker=BOT)
    match step:
        case None:
            return say(conversation, line(conversation, "asesor_sale"))
        case State.GREETING:
            return _begin_anew(conversation)
        case _:
            return _ask_at(conversation, step)


def _begin_anew(conversation: Conversation) -> Step:
    """Drop the answers, as if the customer had begun again; the link and the consent stand."""
    conversation = leaving.drop_draft(conversation)
    if conversation.state is not State.DONE:
        conversation = replace(conversation, state=State.GREETING)
    return ask(conversation, line(conversation, "asesor_devuelve"))


def _ask_at(conversation: Conversation, step: State) -> Step:
    """Ask at this step; an answer given before is corrected there, and leads to what is open."""
    corrects = step is not open_question(conversation)
    draft = replace(conversation.draft, candidate="", doubt="", misses=0, correcting=corrects)
    conversation = replace(conversation, state=step, draft=draft)
    return ask(conversation, line(conversation, "asesor_devuelve"))
