"""Chats as an inbox has them: a tenth wait for a person, one in fifty is held by a member."""

import asyncio
from dataclasses import replace

from bench import memory
from state.conversation import Conversation
from state.journal import Entry, Kind
from state.parts import QUEUE, Account, Attention, Pace, member
from state.store.conversations import Change
from state.store.store import Store

_TOGETHER = 1_000  # commits under way at the same time
_KEPT = memory.Kept(journal=False, seen=False)
_SAID = "Buenas, ¿me pueden ayudar? No me deja cambiar el número"


def _make(number: int) -> Change:
    """Make the last turn of a chat of that number."""
    change = memory.change(number, _KEPT)
    at, chat = change.now, change.conversation
    said = Entry(kind=Kind.CUSTOMER, at=at, text=_SAID, answers="-")
    return replace(change, conversation=_place(chat, number, at), entries=(said,))


def _place(chat: Conversation, number: int, at: int) -> Conversation:
    pace = Pace(heard_at=at)
    if number % 10 == 0:
        waiting = Account(pace=pace, attention=Attention(waiting_since=at))
        return replace(chat, speaker=QUEUE, account=waiting)
    speaker = member(f"agente {number % 7}") if number % 50 == 1 else chat.speaker
    return replace(chat, speaker=speaker, account=Account(pace=pace))


async def fill(store: Store, numbers: range) -> None:
    """Commit chats of these numbers."""
    for start in range(0, len(numbers), _TOGETHER):
        batch = numbers[start : start + _TOGETHER]
        await asyncio.gather(*(store.conversations.commit(_make(number)) for number in batch))
