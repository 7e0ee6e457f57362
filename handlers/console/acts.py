"""The acts of a chat's buttons: which event each makes of the words of its form."""

from collections.abc import Callable
from dataclasses import dataclass

from handlers.console.forms import Words, find_excess
from state.lengths import MESSAGE, QUESTION
from state.messages.staff import Page
from state.roles import RULES, Act
from state.staff_actions import (
    Asked,
    Closed,
    CodeRead,
    Decided,
    Exported,
    HandedBack,
    Noted,
    Replied,
    Revealed,
    Settled,
    StaffAction,
    TakenOver,
    Undone,
    Vouched,
)
from state.states import State


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatAction:
    """One button of a chat.

    Attributes:
        act: what the table of roles calls it.
        event: makes the event, of the member's name and the form's words.
        needs: the word without which it means nothing.
        longest: how many UTF-16 units its text may have.
    """

    act: Act
    event: Callable[[str, Words], StaffAction]
    needs: str = ""
    longest: int = MESSAGE


def _take(agent: str, words: Words) -> TakenOver:
    """Take the chat; from a colleague only with `over`, the name of whoever holds it."""
    return TakenOver(agent=agent, over=words["over"], greets=bool(words["greets"]))


def _reply(agent: str, words: Words) -> Replied:
    """Answer; with `takes`, in a chat that nobody holds, and with `greets`, after a greeting."""
    takes, greets = bool(words["takes"]), bool(words["greets"])
    return Replied(agent=agent, text=words["text"], takes=takes, greets=greets)


def _hand_back(agent: str, words: Words) -> HandedBack:
    """Give the chat back at a step, or where it was."""
    return HandedBack(agent=agent, step=State(words["step"]) if words["step"] else None)


ACTIONS: dict[str, ChatAction] = {
    "take": ChatAction(act=Act.TAKE, event=_take),
    "return": ChatAction(act=Act.HAND_BACK, event=_hand_back),
    "close": ChatAction(act=Act.CLOSE, event=lambda agent, _: Closed(agent=agent)),
    "reply": ChatAction(act=Act.REPLY, event=_reply, needs="text"),
    "note": ChatAction(
        act=Act.NOTE,
        event=lambda agent, words: Noted(agent=agent, text=words["text"]),
        needs="text",
    ),
    "ask": ChatAction(
        act=Act.ASK,
        event=lambda agent, words: Asked(agent=agent, code=words["code"], text=words["text"]),
        needs="text",
        longest=QUESTION,
    ),
    "vouch": ChatAction(
        act=Act.VOUCH, event=lambda agent, words: Vouched(agent=agent, reason=words["reason"])
    ),
    "code": ChatAction(act=Act.READ_CODE, event=lambda agent, _: CodeRead(agent=agent)),
    "approve": ChatAction(
        act=Act.APPROVE,
        event=lambda agent, words: Decided(agent=agent, code=words["code"], approved=True),
    ),
    "reject": ChatAction(
        act=Act.REJECT,
        event=lambda agent, words: Decided(
            agent=agent, code=words["code"], approved=False, reason=words["reason"]
        ),
    ),
    "undo": ChatAction(
        act=Act.UNDO,
        event=lambda agent, words: Undone(agent=agent, code=words["code"], reason=words["reason"]),
    ),
    "settle": ChatAction(
        act=Act.SETTLE, event=lambda agent, words: Settled(agent=agent, code=words["code"])
    ),
}
"""The last part of a path, and what it does."""

REVEAL = ChatAction(
    act=Act.REVEAL, event=lambda agent, words: Revealed(agent=agent, reason=words["reason"])
)
COPY = ChatAction(act=Act.COPY, event=lambda agent, _: Exported(agent=agent))


def find_problem(action: ChatAction, words: Words) -> str:
    """Tell which words are missing without which it means nothing, or are too long, or unknown."""
    needed = [action.needs] if action.needs else []
    needed += ["reason"] if RULES[action.act].reason else []
    if not all(words[name] for name in needed):
        return Page.NO_WORDS
    if words["step"] and words["step"] not in set(State):
        return Page.NO_ACTION
    return find_excess(words, action.longest)
