"""What stands beside a simulated phone: its conversation, and the directory's record."""

from typing import Any
from uuid import uuid4

from handlers.pages import words
from handlers.simulator import actions
from state.conversation import Conversation
from state.fields.table import FIELDS
from state.messages.staff import Card, Slot
from state.parts import KEPT
from state.states import STATES
from state.store.simulator import SimulatedPhone


def show_inspector(
    phone: SimulatedPhone, conversation: Conversation, now: dict[str, str]
) -> dict[str, Any]:
    """Show a phone and its conversation beside the columns of the pretend directory now."""
    return {
        "phone": phone,
        "suggestions": actions.suggestions(phone, conversation.state),
        "delivery": uuid4().hex,
        "step": STATES[conversation.state].for_staff,
        "speaker": words.name_speaker(conversation),
        "speaker_kind": conversation.speaker.kind.value,
        "rail": words.show_rail(conversation),
        "slots": _slots(conversation),
        "timer": words.show_timer(conversation),
        "columns": [(name, was, now[name]) for name, was in phone.before.items()],
    }


def _slots(conversation: Conversation) -> list[tuple[str, str]]:
    service = conversation.identity.client.service_id if conversation.identity.client else ""
    answers = conversation.draft.answers
    slots = [
        (Slot.SERVICE, str(service)),
        *(
            (info.label.lower(), _show_given(answers.get(field, "")))
            for field, info in FIELDS.items()
        ),
        (Slot.CANDIDATE, conversation.draft.candidate),
        (Slot.FAILURES, str(conversation.draft.misses)),
        (Slot.ASKED, conversation.shown.asked),
    ]
    return [(name, value or Card.BLANK) for name, value in slots]


def _show_given(answer: str) -> str:
    return Card.KEPT if answer == KEPT else answer
