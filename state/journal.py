"""One line of a conversation's history, as staff read it."""

import re
from dataclasses import dataclass
from enum import StrEnum

_LINE_ID = re.compile(r"\d{1,20}-\d{1,20}")


class Kind(StrEnum):
    """What a line tells."""

    CUSTOMER = "customer"  # the customer wrote, pressed or sent something
    BOT = "bot"  # the bot answered
    STAFF = "staff"  # a member of staff wrote to the customer
    NOTE = "note"  # something happened: a change of state, of holder, an effect's outcome


OPEN = "-"
"""Words of the customer's that answer none of the dialog's questions."""

UNSURE = "?"
"""Words of the customer's of which nobody can tell what they answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What somebody did that others may want to do at the same time.

    Attributes:
        act: of the table of acts, or `withdrawn`, which the customer does.
        agent: the member of staff or the program; `""` for the customer.
        code: of the request or change that is meant, if one is.
    """

    act: str
    agent: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line.

    Attributes:
        id: the stream's id, `""` before it is stored; grows with time within a chat.
        at: when it happened, ms since 1970.
        text: what was said, or a note in Spanish; personal data, sealed at rest.
        author: the member of staff, if one acted.
        buttons: the labels offered with a message.
        state: the dialog's state after it.
        answers: of a customer's words: the state whose question they answer, `OPEN` or `UNSURE`.
            Lines of before have none.
        seq: the number of the effect that sends it, or of the message that a note is about; 0 for
            none, and in lines of before.
        file: the vendor's id of what the customer sent.
        deed: of a note: what staff did, or wrote; lines of before have none.
    """

    kind: Kind
    at: int
    text: str
    author: str = ""
    buttons: tuple[str, ...] = ()
    state: str = ""
    answers: str = ""
    seq: int = 0
    file: str = ""
    deed: Deed | None = None
    id: str = ""


def is_line_id(text: str) -> bool:
    """Tell whether a text, as addresses bring it, may be the id of a line."""
    return _LINE_ID.fullmatch(text) is not None
