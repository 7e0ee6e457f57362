"""What customers write about that is no answer: each matter has one text, that says what to do.

The conversation keeps the last one, for staff: what somebody came for outlives the thanks.
"""

from collections.abc import Callable

from state.conversation import Conversation, replace
from state.fields.answers import Command
from state.fields.matters import Matter
from state.machine import buttons, commands, inquiries
from state.machine.asking import ask, say
from state.machine.filling import line
from state.machine.moment import Step
from state.states import STATES

Answering = Callable[[Conversation], Step]

CHAT = frozenset(
    (
        Matter.WHY, Matter.ROBOT, Matter.SAFE, Matter.WAIT, Matter.MISSING, Matter.UNKNOWN,
        Matter.THANKS,
    )
)  # fmt: skip
"""What is said along the way: it takes no other matter's place."""


def answer(conversation: Conversation, matter: Matter) -> Step:
    """Answer what the customer writes about; the question that stands goes on standing."""
    noted = note(conversation, matter)
    return inquiries.answer(noted, matter) or ANSWERS[matter](buttons.wake(noted))


def note(conversation: Conversation, matter: Matter) -> Conversation:
    """Note what the customer writes about, for staff."""
    if matter in CHAT and conversation.account.matter not in (None, *CHAT):
        return conversation
    return replace(conversation, account=replace(conversation.account, matter=matter))


def _saying(text: str) -> Answering:
    return lambda talk: say(talk, line(talk, text))


def _thank(conversation: Conversation) -> Step:
    """Take thanks as the end, unless the customer owes an answer."""
    if STATES[conversation.state].owes_answer:
        return ask(conversation, line(conversation, "con_gusto"))
    return say(conversation, line(conversation, "despedida"))


ANSWERS: dict[Matter, Answering] = {
    Matter.PERSON: commands.hand_over,
    Matter.HOLDER_DIED: _saying("caso_titular"),
    Matter.OUTAGE: _saying("caso_falla"),
    Matter.PAYMENT: _saying("caso_pago"),
    Matter.BILL: _saying("caso_pago"),
    Matter.MOVING: _saying("caso_traslado"),
    Matter.SALE: _saying("caso_venta"),
    Matter.OTHERS_SERVICE: _saying("caso_ajeno"),
    Matter.COMPANY: _saying("caso_empresa"),
    Matter.PLAN: _saying("caso_plan"),
    Matter.SAFE: _saying("caso_seguro"),
    Matter.WHY: lambda talk: commands.obey(talk, Command.WHY),
    Matter.ROBOT: _saying("caso_robot"),
    Matter.WAIT: _saying("caso_espera"),
    Matter.MISSING: _saying("caso_no_tengo"),
    Matter.UNKNOWN: _saying("caso_no_se"),
    Matter.ANGER: _saying("caso_molesto"),
    Matter.THANKS: _thank,
}
"""The answer to each matter; what the directory knows of one is asked first (`inquiries`)."""

assert ANSWERS.keys() == set(Matter)
