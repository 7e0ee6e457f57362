"""`enlace dead`: list, retry and delete dead letters."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from bot import bootstrap
from bot.bootstrap import Application
from bot.settings import Settings
from handlers.intake import inlet_of
from handlers.ports import Delivery
from state.audit import OPERATOR, SecurityEvent
from state.effects import Resend, Send
from state.store.dead_letters import DeadLetter, LetterKind
from state.store.marks import name_retry


async def show(settings: Settings) -> None:
    """Print the newest: id, time, kind, reason and the chat's digest; never their contents."""
    async with bootstrap.open_for_command(settings) as application:
        letters = await application.store.dead.list()
    for letter in letters:
        died = datetime.fromtimestamp(letter.at / 1000, UTC).isoformat(timespec="seconds")
        _print(f"{letter.id}  {died}  {letter.what:<6}  {letter.reason:<20}  {letter.chat}")
    _print(f"{len(letters)} dead letters")


async def retry(settings: Settings, names: Sequence[str]) -> None:
    """Retry dead letters; delete each once it has been processed.

    Raises:
        NoSuchLetter: an id is unknown; the letters before it have been retried.
        ChannelMissing: a letter is a call of a channel that is not set up; likewise.
    """
    async with bootstrap.open_for_command(settings) as application:
        for name in names:
            letter = await application.store.dead.read(name)
            await _note(application, SecurityEvent.LETTER_RETRIED, letter)
            await _retry(application, letter)
            await application.store.dead.drop(letter)
            _print(f"{letter.id}  {letter.what}: retried")


async def drop(settings: Settings, names: Sequence[str]) -> None:
    """Delete dead letters.

    Raises:
        NoSuchLetter: an id is unknown; the letters before it have been deleted.
    """
    async with bootstrap.open_for_command(settings) as application:
        for name in names:
            letter = await application.store.dead.read(name)
            await _note(application, SecurityEvent.LETTER_DROPPED, letter)
            await application.store.dead.drop(letter)
            _print(f"{name}  deleted")


async def _note(application: Application, event: SecurityEvent, letter: DeadLetter) -> None:
    about = "" if letter.what is LetterKind.CALL else f"chat:{letter.chat}"
    await application.auditor.note(event, actor=OPERATOR, about=about)


async def _retry(application: Application, letter: DeadLetter) -> None:
    """Process a letter's content under the letter's id: a second retry is a no-op.

    A message is sent again once, whether from here or from the console.
    """
    name = f"dead:{letter.id}"
    match letter.what:
        case LetterKind.EFFECT:
            chat, effect = application.store.dead.effect(letter)
            if isinstance(effect, Send | Resend):
                name = name_retry(letter.seq)
            await application.turns.repeat(chat, effect, name=name)
        case LetterKind.EVENT:
            chat, event = application.store.dead.event(letter)
            await application.turns.take(chat, Delivery(id=name, event=event, at=0))
        case LetterKind.CALL:
            receiver = inlet_of(application.receivers, letter.chat)
            await application.intake.take(
                letter.chat, receiver, application.store.dead.call(letter)
            )


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
