"""Lines of the journal as staff see them: what is personal in them is masked.

By what a line answers, not only by how it looks: a name and a street look like any words. A line
of before tells only the state after it, so that more of it is hidden than need be.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from state.events import Edited, Undelivered
from state.fields import answers
from state.fields.redaction import HIDDEN, list_numbers, redact, redact_answer
from state.journal import OPEN, UNSURE, Entry, Kind
from state.machine.questions import FIELD_OF
from state.messages import CATALOGUE, DEFAULTS, staff
from state.messages.message import Message
from state.states import FACTS, STATES, State

_WHOLE = frozenset(FACTS)
_NUMBERS = frozenset({*FIELD_OF, State.HOLDER, State.CODE, State.SUMMARY, State.CORRECTION})
"""Questions that a number answers, which may be a short one, or have letters."""

_WHOLE_BEFORE = frozenset({*FACTS, State.FINDING})
"""States that an answer to one of the four facts leads to."""

_EDITED = staff.NOTES[Edited].partition("{")[0]
_BEFORE = (_EDITED, *(f"{medium}: " for medium in staff.MEDIA.values()))
"""What tells of a text, and nothing of what it says."""

_UNDELIVERED = staff.NOTES[Undelivered].partition("{")[0]
_CONTACTS = tuple(words.partition("{")[0] for words in staff.CONTACTS.values())


def mask_lines(entries: Iterable[Entry]) -> list[Entry]:
    """Mask lines for staff."""
    return [replace(entry, text=mask_text(entry)) for entry in entries]


def mask_text(entry: Entry) -> str:
    """Give a line's text as staff see it."""
    match entry.kind:
        case Kind.CUSTOMER:
            return _mask_answer(entry)
        case Kind.BOT:
            return redact(entry.text, by_bot=True, shown=_list_examples())
        case Kind.NOTE if entry.text.startswith(_UNDELIVERED):
            return entry.text  # the vendor's code has six digits
        case _:
            return redact(entry.text)


def _mask_answer(entry: Entry) -> str:
    answered = entry.answers or _guess_question(entry)
    if answered == UNSURE or answered in _WHOLE:
        return _hide(entry.text, answered)
    return redact_answer(entry.text) if answered in _NUMBERS else redact(entry.text)


def _guess_question(entry: Entry) -> str:
    """Guess what a line of before answers, by the state after it."""
    if entry.text.startswith(_CONTACTS):
        return OPEN
    return UNSURE if entry.state in _WHOLE_BEFORE else entry.state


def _hide(text: str, answered: str) -> str:
    """Hide all of a text, unless it is one of those that mean the same from everybody."""
    if text in _list_labels() or answers.command(text) is not None:
        return text
    start = next((words for words in _BEFORE if text.startswith(words)), "")
    name = "" if answered == UNSURE else f" ({STATES[State(answered)].for_customer})"
    return f"{start}{HIDDEN}{name}"


@cache
def _list_labels() -> frozenset[str]:
    """List what the buttons say, and what is told of a picture."""
    labels = (label for message in _list_messages() for _, label in message.buttons)
    return frozenset([*labels, *staff.MEDIA.values()])


@cache
def _list_examples() -> frozenset[str]:
    """List the numbers in the bot's own texts: they are nobody's."""
    return frozenset(n for message in _list_messages() for n in list_numbers(message.text))


def _list_messages() -> list[Message]:
    """List what is said now, and what may have been said before the installation's own words."""
    return [*CATALOGUE.values(), *DEFAULTS.values()]
