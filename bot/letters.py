"""`enlace dead`: list, retry and delete dead letters."""

import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from bot import bootstrap
from bot.bootstrap import House
from bot.settings import Settings, revealed
from handlers.intake import inlet_of
from handlers.ports import Delivery
from state.store.deadletters import Letter, What


async def show(chosen: Settings) -> None:
    """Print the newest: id, time, kind, reason and the chat's digest; never their contents."""
    async with _opened(chosen) as house:
        letters = await house.store.dead.list()
    for letter in letters:
        died = datetime.fromtimestamp(letter.at / 1000, UTC).isoformat(timespec="seconds")
        _print(f"{letter.id}  {died}  {letter.what:<6}  {letter.reason:<20}  {letter.chat}")
    _print(f"{len(letters)} dead letters")


async def retry(chosen: Settings, names: Sequence[str]) -> None:
    """Retry dead letters; delete each once it has been processed.

    Raises:
        NoSuchLetter: an id is unknown; the letters before it have been retried.
        ChannelMissing: a letter is a call of a channel that is not set up; likewise.
    """
    async with _opened(chosen) as house:
        for name in names:
            letter = await house.store.dead.read(name)
            await _taken(house, letter)
            await house.store.dead.drop(letter)
            _print(f"{letter.id}  {letter.what}: retried")


async def drop(chosen: Settings, names: Sequence[str]) -> None:
    """Delete dead letters.

    Raises:
        NoSuchLetter: an id is unknown; the letters before it have been deleted.
    """
    async with _opened(chosen) as house:
        for name in names:
            await house.store.dead.drop(await house.store.dead.read(name))
            _print(f"{name}  deleted")


async def _taken(house: House, letter: Letter) -> None:
    """Process a letter's content under the letter's id: a second retry is a no-op."""
    name = f"dead:{letter.id}"
    match letter.what:
        case What.EFFECT:
            chat, effect = house.store.dead.effect(letter)
            await house.turns.repeat(chat, effect, name=name)
        case What.EVENT:
            chat, event = house.store.dead.event(letter)
            await house.turns.take(chat, Delivery(id=name, event=event, at=0))
        case What.CALL:
            inlet = inlet_of(house.inlets, letter.chat)
            await house.intake.take(letter.chat, inlet, house.store.dead.call(letter))


@asynccontextmanager
async def _opened(chosen: Settings) -> AsyncIterator[House]:
    keyring = bootstrap.keyring_of(chosen)
    wisphub = (chosen.wisphub_url, revealed(chosen.wisphub_key))
    async with bootstrap.furnish(chosen, keyring=keyring, wisphub=wisphub, sends=False) as house:
        yield house


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
