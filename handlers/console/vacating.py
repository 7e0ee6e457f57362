"""What becomes of the chats of a member who was disabled: they wait for another person."""

from uuid import uuid4

from handlers.ports import Clock, Delivery
from handlers.turns import Turns
from state.conversation import Chat
from state.parts import member
from state.staff_actions import MemberDisabled
from state.store import keys
from state.store.store import Store

_SLICE = 50  # chats read at a time


async def release_chats(store: Store, turns: Turns, clock: Clock, name: str) -> int:
    """Put every chat that this member holds in the queue, with a note; return how many.

    The customers hear nothing: the next word of each is answered as any word in the queue. May be
    called again at any time: a chat that somebody took meanwhile is left alone. Call it once the
    member's sessions have ended, so that no further chat is taken.
    """
    released = 0
    for shard in keys.ALL:
        cursor, first = 0, True
        while cursor or first:
            cursor, read = await store.conversations.scan(shard, cursor, count=_SLICE)
            first = False
            held = [one.chat for one in read if one.speaker == member(name)]
            released += sum([await _release(turns, clock, chat, name) for chat in held])
    return released


async def _release(turns: Turns, clock: Clock, chat: Chat, name: str) -> bool:
    """Put a chat in the queue; False if somebody else answers by now."""
    event = MemberDisabled(agent=name)
    delivery = Delivery(id=f"staff:{uuid4().hex}", event=event, at=clock())
    return await turns.take(chat, delivery) is None
