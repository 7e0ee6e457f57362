"""The speaker: who answers the customer, and what makes another answer."""

from collections.abc import Iterator

from docs.machines.walk import MOMENT, Arrow, begun, identified, take, walk
from state.client import Client, OnFile
from state.conversation import Conversation
from state.events import Echoed, Said
from state.fields.table import Field
from state.parts import SpeakerKind
from state.staff_actions import (
    Closed,
    CodeRead,
    HandedBack,
    TakenOver,
)

_CLIENT = Client(service_id=1001, on_file={Field.PHONE: OnFile(("+573159741951",))})


def arrows() -> list[Arrow]:
    """Walk from a chat that has only just begun, and from one whose service is known."""
    return walk(
        [begun(), identified(_CLIENT)],
        _moves,
        name=lambda conversation: conversation.speaker.kind.value,
        key=lambda conversation: (conversation.speaker, conversation.identity.client is None),
    )


def _moves(before: Conversation) -> Iterator[tuple[str, Conversation]]:
    """Give what makes another answer, the same kind or not."""
    return ((label, after) for label, after in _tried(before) if after.speaker != before.speaker)


def _tried(before: Conversation) -> Iterator[tuple[str, Conversation]]:
    for text in ("hola", "asesor", "no fui yo", "asistente"):
        yield f"“{text}”", take(before, Said(text=text))
    other = "luis" if before.speaker.name == "ana" else "ana"
    yield "a member takes the chat", take(before, TakenOver(agent=other))
    yield "the member hands it back", take(before, HandedBack(agent=before.speaker.name))
    yield "a member closes it", take(before, Closed(agent=before.speaker.name))
    yield "the member reads out a code", take(before, CodeRead(agent=before.speaker.name))
    yield "an answer from the business phone", take(before, Echoed(text=""))
    if before.speaker.kind is SpeakerKind.BUSINESS_PHONE:
        until = before.speaker.until
        hours = (until - MOMENT.now) // 3600_000
        yield f"a message {hours} hours later", take(before, Said(text="hola"), until)
