"""Messages that lead nowhere: at some point a person looks, and the bot says no more.

The other side may be an automatic replier that answers each of our messages, as we answer each of
its own. What moves the dialog, in words not heard lately, ends the count. "No fui yo" is heard
always.
"""

import zlib
from typing import Any

from state.conversation import Conversation, replace
from state.effects import Effect, Say
from state.events import CustomerInput, Pressed, Said
from state.fields import answers
from state.machine.asking import find_choice
from state.machine.commands import hand_over, objects
from state.machine.moment import Step
from state.parts import BOT, Loop

STUCK = 5
"""Messages in a row, repeated or not understood, after which a person looks."""

MOST = 8
"""Messages in a row that answer nothing, after which nothing is said any more."""

_WORDS = 4  # texts that are known again
_PAUSE = 12 * 3600_000  # ms after which the count begins anew
_NOT_UNDERSTOOD = (
    "no_entendi_1", "no_entendi_2", "dato_corto", "caso_empresa", "media", "foto_doc", "audio",
)  # fmt: skip


def limit(before: Conversation, answered: Step, event: CustomerInput, pause: int) -> Step:
    """Give the answer, or hand the chat over, or say nothing, by what went before.

    `pause` is how long (ms) the customer had not written.
    """
    after, effects = answered
    heard = after.account.loop if pause < _PAUSE else Loop()
    loop = _count(heard, before, event, answered)
    if loop.stuck < STUCK and loop.idle < MOST:
        return _with_loop(after, loop), effects
    silent = _checksum(event) in heard.words or loop.idle >= MOST
    if objects(before, event):
        return _object(_with_loop(after, loop), before, effects, silent=silent)
    if before.speaker == BOT:
        return hand_over(_with_loop(before, loop), "sin_avance")
    if silent:
        return _with_loop(before, heard), ()
    return _with_loop(after, loop), effects


def _object(
    after: Conversation, before: Conversation, effects: tuple[Effect, ...], *, silent: bool
) -> Step:
    """Do what an objection asks for, whatever went before; at some point without a word."""
    if before.speaker == BOT or not silent:
        return after, effects
    unsaid = tuple(effect for effect in effects if not isinstance(effect, Say))
    return replace(after, shown=before.shown), unsaid


def _with_loop(conversation: Conversation, loop: Loop) -> Conversation:
    return replace(conversation, account=replace(conversation.account, loop=loop))


def _count(heard: Loop, before: Conversation, event: CustomerInput, answered: Step) -> Loop:
    """Count the message, unless it moved the dialog in words that were not heard lately.

    A command is no answer, wherever it leads: nobody is asked on and on who only gives commands.
    """
    after, effects = answered
    words = _checksum(event)
    again = words in heard.words
    lately = heard.words if again else (*heard.words, words)[-_WORDS:]
    moved = _substance(before) != _substance(after) or _presses(before, event)
    if moved and not again and not _is_command(event):
        return Loop(words=lately)
    stuck = heard.stuck + (again or _is_not_understood(effects))
    return Loop(words=lately, stuck=stuck, idle=heard.idle + 1)


def _substance(conversation: Conversation) -> tuple[Any, ...]:
    """Give what an answer changes: all but how often it was misunderstood, and what was said."""
    return (
        conversation.state,
        conversation.speaker,
        conversation.consent,
        conversation.lookup,
        conversation.identity,
        conversation.link,
        replace(conversation.draft, misses=0),
        conversation.change,
        conversation.notice,
        conversation.shown.inquiries,
    )


def _is_not_understood(effects: tuple[Effect, ...]) -> bool:
    said = (line.text for effect in effects if isinstance(effect, Say) for line in effect.lines)
    return any(text in _NOT_UNDERSTOOD for text in said)


def _is_command(event: CustomerInput) -> bool:
    return isinstance(event, Said) and answers.command(event.text) is not None


def _presses(before: Conversation, event: CustomerInput) -> bool:
    """Tell the press of a button that counts: only somebody who reads does that."""
    return isinstance(event, Pressed) and find_choice(before, event.button) is not None


def _checksum(event: CustomerInput) -> int:
    return zlib.crc32(repr(_without_id(event)).encode("utf-8", "surrogatepass")) & 0xFFFF


def _without_id(event: CustomerInput) -> CustomerInput | str:
    """Give what was said, without the channel's id of it."""
    match event:
        case Said(text=text):
            return text
        case _:
            return event
