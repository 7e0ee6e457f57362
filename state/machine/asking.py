"""What each state asks, and how a message is said."""

from collections.abc import Callable

from state.conversation import Conversation, replace
from state.effects import Effect, Line, Say, button_id
from state.fields import masks
from state.fields.table import FIELDS
from state.machine import offering
from state.machine.filling import line
from state.machine.moment import Step
from state.machine.questions import ASKS, CONFIRMS, FIELD_OF
from state.messages import CATALOGUE
from state.records import Purpose
from state.states import STATES, State

_LIST = "id_varios"
"""The text whose choices are what was found."""

DOUBTS = ("leido_dos", "leido_cual")
"""The texts whose choices are what the customer may have meant."""

_MOST = 3
"""Buttons that a message of WhatsApp may have."""

_BEGINNINGS = (State.GREETING, State.CONSENT)
"""What waits for an answer, though nobody is reminded before there is a consent."""


def say(
    conversation: Conversation,
    *lines: Line,
    then: tuple[Effect, ...] = (),
    prompt: bool = False,
    ends: int = 0,
) -> Step:
    """Say the lines as one message, then have the effects done."""
    number, flow = conversation.shown.question + 1, conversation.shown.flow
    conversation = replace(
        conversation, shown=replace(conversation.shown, question=number, asked=lines[-1].text)
    )
    own = lines[-1].text in (_LIST, *DOUBTS) or _keeps(lines[-1].text)
    offered = choices(conversation) if own else ()
    message = Say(
        lines=lines, question=number, flow=flow, prompt=prompt, ends=ends, choices=offered
    )
    return conversation, (message, *then)


def choices(conversation: Conversation) -> tuple[tuple[str, str], ...]:
    """Tell what can be chosen now: pairs of a choice and its label.

    A message without choices of its own, such as the reason why an answer cannot be used, leaves
    those of the question standing, and offers them with its own as far as there is room.
    """
    asked = conversation.shown.asked
    own = _choices_of(conversation, asked)
    if not _keeps(asked):
        return own or question_choices(conversation)
    standing = _choices_of(conversation, question_text(conversation))
    more = tuple(one for one in own if one not in standing)
    return (*standing, *more) if len(standing) + len(more) <= _MOST else standing


def question_choices(conversation: Conversation) -> tuple[tuple[str, str], ...]:
    """Tell what the question offered that the customer has still to answer; nothing if none is."""
    waits = STATES[conversation.state].owes_answer or conversation.state in _BEGINNINGS
    if not waits:
        return ()
    return _choices_of(conversation, question_text(conversation))


def find_choice(conversation: Conversation, button: str) -> tuple[str, str] | None:
    """Find the choice and the label of a button, if it still counts.

    Buttons can be old or forged: those of the message said last count, and those of the question
    that has still to be answered.
    """
    shown, name = conversation.shown, button.rpartition(":")[2]
    offered = (
        *((shown.question, one) for one in choices(conversation)),
        *((shown.prompted, one) for one in question_choices(conversation)),
    )
    return next(
        (
            (choice, label)
            for number, (choice, label) in offered
            if choice == name and button == button_id(shown.flow, number, choice)
        ),
        None,
    )


def _keeps(text: str) -> bool:
    """Tell whether a text leaves the question standing, with its choices."""
    message = CATALOGUE.get(text)
    return message is not None and message.keeps


def _choices_of(conversation: Conversation, text: str) -> tuple[tuple[str, str], ...]:
    message = CATALOGUE.get(text)  # an older version may have asked something else
    last = message.buttons if message else ()
    if text == _LIST:
        rows = [
            (f"pick{number}", masks.row(client.plan, client.address))
            for number, client in enumerate(conversation.lookup.found, 1)
        ]
        return (*_apart(rows), *last)
    return offering.list_choices(conversation) if text in DOUBTS else last


def _apart(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Number labels that would read alike."""
    labels = [label for _, label in rows]
    return [
        (choice, label if labels.count(label) == 1 else f"{label[:21]} {number}")
        for number, (choice, label) in enumerate(rows, 1)
    ]


def ask(conversation: Conversation, *lead: Line, after: tuple[Line, ...] = ()) -> Step:
    """Ask what the state asks, after the leading lines, and before the others.

    A bare question that is still unsent when the next one is asked is overtaken: a burst of
    messages gets one answer.
    """
    conversation = replace(
        conversation, shown=replace(conversation.shown, prompted=conversation.shown.question + 1)
    )
    return say(conversation, *lead, question(conversation), *after, prompt=not lead)


def question(conversation: Conversation) -> Line:
    """Give the question of the conversation's state."""
    return line(conversation, question_text(conversation))


def question_text(conversation: Conversation) -> str:
    """Name the text that asks what the conversation's state asks."""
    fixed = STATES[conversation.state].question
    return fixed or _QUESTIONS[conversation.state](conversation)


def _method_question(conversation: Conversation) -> str:
    return "err_consulta" if conversation.lookup.unanswered else "id_metodo"


def _doubt(conversation: Conversation) -> str:
    return conversation.draft.doubt


def _code_question(conversation: Conversation) -> str:
    challenge = conversation.identity.challenge
    if challenge is not None and challenge.read_by:
        return "otp_asesor"
    number = challenge is not None and challenge.purpose is Purpose.NUMBER
    return "otp_nuevo" if number else "otp_pedir"


def _field_question(conversation: Conversation) -> str:
    """Offer to keep what the customer knows to be on file, but not what is being corrected."""
    field = FIELD_OF[conversation.state]
    info, stored = FIELDS[field], conversation.known_client.of(field)
    corrected = info.reveals and conversation.draft.correcting
    return info.question_on_file if stored.values and not corrected else info.question


_QUESTIONS: dict[State, Callable[[Conversation], str]] = {
    State.METHOD: _method_question,
    State.CODE: _code_question,
    **dict.fromkeys(ASKS.values(), _field_question),
    **dict.fromkeys(CONFIRMS.values(), _doubt),
}
"""Questions that depend on more than the state."""

assert _QUESTIONS.keys() == {state for state, info in STATES.items() if not info.question}
