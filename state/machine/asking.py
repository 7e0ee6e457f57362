"""What each state asks, and how a message is said."""

from state.client import UNKNOWN
from state.conversation import Conversation, replace
from state.effects import Effect, Line, Say
from state.fields import masks
from state.machine.filling import line
from state.machine.moment import Step
from state.messages import CATALOGUE
from state.records import Purpose
from state.states import State

_LIST = "id_varios"
"""The text whose choices are what was found, and not the same for everybody."""

_QUESTIONS = {
    State.START: "hola",
    State.GREETING: "hola",
    State.CONSENT: "consent",
    State.SHARING: "id_compartir",
    State.METHOD: "id_metodo",
    State.SERVICE: "id_serv",
    State.HOLDER: "id_doc",
    State.NAME: "id_fact_1",
    State.ADDRESS: "id_fact_2",
    State.PLAN: "id_fact_3",
    State.PRICE: "id_fact_4",
    State.PICK: "id_varios",
    State.FINDING: "id_gracias",
    State.CONFIRM_SERVICE: "id_link_ok",
    State.SUMMARY: "resumen",
    State.CORRECTION: "corregir",
    State.REVIEW: "en_revision",
    State.UPDATING: "guardando",
    State.RETRYING: "espera",
    State.DONE: "ya_vinculado",
}


def say(
    conversation: Conversation,
    *lines: Line,
    then: tuple[Effect, ...] = (),
    prompt: bool = False,
    ends: int = 0,
) -> Step:
    """Say the lines as one message, then have the effects done."""
    number, flow = conversation.shown.question + 1, conversation.shown.flow
    said = replace(
        conversation, shown=replace(conversation.shown, question=number, asked=lines[-1].text)
    )
    offered = choices(said) if lines[-1].text == _LIST else ()
    message = Say(
        lines=lines, question=number, flow=flow, prompt=prompt, ends=ends, choices=offered
    )
    return said, (message, *then)


def choices(conversation: Conversation) -> tuple[tuple[str, str], ...]:
    """Tell what the message that was said last offers: pairs of a choice and its label."""
    if conversation.shown.asked == _LIST:
        rows = [
            (f"pick{number}", masks.row(client.plan, client.address))
            for number, client in enumerate(conversation.lookup.found, 1)
        ]
        return (*_apart(rows), ("none", "Ninguno es el mío"))
    asked = CATALOGUE.get(
        conversation.shown.asked
    )  # an older version may have asked something else
    return asked.buttons if asked else ()


def _apart(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Number labels that would read alike."""
    labels = [label for _, label in rows]
    return [
        (choice, label if labels.count(label) == 1 else f"{label[:21]} {number}")
        for number, (choice, label) in enumerate(rows, 1)
    ]


def ask(conversation: Conversation, *lead: Line) -> Step:
    """Ask what the state asks, after the leading lines.

    A bare question that is still unsent when the next one is asked is overtaken: a burst of
    messages gets one answer.
    """
    asking = replace(
        conversation, shown=replace(conversation.shown, prompted=conversation.shown.question + 1)
    )
    return say(asking, *lead, question(asking), prompt=not lead)


def question(conversation: Conversation) -> Line:
    """Give the question of the conversation's state."""
    match conversation.state:
        case State.DOCUMENT:
            text = "doc_tenemos" if _may_keep_document(conversation) else "doc_pedir"
        case State.PHONE:
            text = (
                "tel_pedir" if (conversation.identity.client or UNKNOWN).phone else "tel_escribir"
            )
        case State.CODE:
            text = _code_question(conversation)
        case State.CONFIRM_DOCUMENT | State.CONFIRM_PHONE:
            text = conversation.draft.doubt
        case state:
            text = _QUESTIONS[state]
    return line(conversation, text)


def _code_question(conversation: Conversation) -> str:
    challenge = conversation.identity.challenge
    if challenge is not None and challenge.read_by:
        return "otp_asesor"
    number = challenge is not None and challenge.purpose is Purpose.NUMBER
    return "otp_nuevo" if number else "otp_pedir"


def _may_keep_document(conversation: Conversation) -> bool:
    on_file = (conversation.identity.client or UNKNOWN).document
    return conversation.possesses and bool(on_file) and not conversation.draft.correcting
