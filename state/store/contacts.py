"""People: the chat of a person, by the names under which a channel knows them.

WhatsApp names an account by its own id (`CO.1349…`), by its number, or by both. The account's id
has priority: a number may pass to somebody else, and then the account that shows it is another
one, with its own chat. That a number passed is remembered with it, and told again with every name
that shows it, until the chat's record knows. A chat whose name does not open has no id: whoever
asks goes on without it.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from state.conversation import Chat
from state.parts import Person
from state.store import keys
from state.store.encryption import Keyring, Unsealable
from state.store.pipeline import Pipeline

_log = structlog.get_logger("enlace.store")

_FORMER = "~"
"""Ends the name of a field that tells who had a number before."""

_Entry = tuple[bytes, int]
"""A sealed chat, and since when (ms) its number was another account's too, or 0."""


@dataclass(frozen=True, slots=True)
class Contact:
    """The chat that a person's names lead to.

    Attributes:
        recycled_at: when (ms) a second account of the channel had shown the number, or 0.
    """

    chat: Chat
    recycled_at: int = 0


class Contacts:
    """The people of all accounts."""

    def __init__(self, pipeline: Pipeline, keyring: Keyring) -> None:
        """Share these round trips."""
        self._pipeline = pipeline
        self._keyring = keyring
        self._meet = pipeline.script("meet")
        self._rename = pipeline.script("rename")
        self._unreadable: set[bytes] = set()

    async def find_or_begin(
        self, people: Sequence[tuple[Chat, Person]], *, now: int
    ) -> list[Contact]:
        """Find the chat of each person, or create one; `chat` gives channel and account."""
        names = [(self._account(chat), *self._names(chat, person)) for chat, person in people]
        answers = await self._pipeline.ask(
            *(("HMGET", account, user or "-", phone or "-") for account, user, phone in names)
        )
        found = [
            _find_known(user, phone, *entries)
            for (_, user, phone), entries in zip(names, answers, strict=True)
        ]
        learnt = iter(
            await asyncio.gather(
                *(
                    self._learn(chat, person, *name, now=now)
                    for entry, (chat, person), name in zip(found, people, names, strict=True)
                    if entry is None
                )
            )
        )
        return [
            self._contact(chat, next(learnt) if entry is None else entry)
            for entry, (chat, _) in zip(found, people, strict=True)
        ]

    async def find_by_phone(self, account: Chat, phone: str) -> Contact | None:
        """Find the chat of a number at an account (`account.id` does not matter)."""
        _, digest = self._names(account, Person(phone=phone))
        (found,) = await self._pipeline.ask(("HGET", self._account(account), digest))
        return None if found is None else self._contact(account, _read(found))

    async def find_former(self, account: Chat, phone: str) -> str | None:
        """Find the key of the chat whose account had a number before the one that has it now."""
        _, digest = self._names(account, Person(phone=phone))
        (found,) = await self._pipeline.ask(("HGET", self._account(account), f"{digest}{_FORMER}"))
        if found is None:
            return None
        return self._keyring.digest(str(self._contact(account, _read(found)).chat))

    async def rename(self, chat: Chat, old: Person, new: Person, *, now: int) -> Contact:
        """Make a chat reachable by a person's new names, and no longer by an old number."""
        account, (user, phone) = self._account(chat), self._names(chat, new)
        names = (*self._names(chat, old), user, phone)
        (answer,) = await self._pipeline.ask(self._rename.call(keys=[account], args=[*names]))
        if not answer:
            (begun,) = await self.find_or_begin([(chat, new)], now=now)
            return begun
        sealed, met = answer
        found = self._contact(chat, (sealed, 0))
        if not phone:
            return found
        _, recycled_at = await self._ask_to_meet(account, met, phone, sealed, now=now)
        return Contact(found.chat, recycled_at)

    async def forget(self, chat: Chat, person: Person) -> None:
        """Delete the names of a chat that is erased; a number may be another chat's by now."""
        account, (user, phone) = self._account(chat), self._names(chat, person)
        names = [*filter(None, (user, phone)), *([f"{phone}{_FORMER}"] if phone else [])]
        if not names:
            return
        (entries,) = await self._pipeline.ask(("HMGET", account, *names))
        theirs = [
            name
            for name, entry in zip(names, entries, strict=True)
            if entry is not None and self._contact(chat, _read(entry)).chat == chat
        ]
        if theirs:
            await self._pipeline.ask(("HDEL", account, *theirs))

    async def _learn(
        self, chat: Chat, person: Person, account: str, user: str, phone: str, *, now: int
    ) -> _Entry:
        """Create a chat for a person, or add another name of a known one."""
        name = person.user or person.phone
        fresh = self._keyring.seal(name.encode(), place=f"names:{chat.channel}:{chat.account}")
        return await self._ask_to_meet(account, user, phone, fresh, now=now)

    async def _ask_to_meet(
        self, account: str, user: str | bytes, phone: str, fresh: bytes, *, now: int
    ) -> _Entry:
        (answer,) = await self._pipeline.ask(
            self._meet.call(keys=[account], args=[user, phone, fresh, now])
        )
        sealed, since = answer if isinstance(answer, list) else (answer, 0)
        return bytes(sealed), int(since)

    def _contact(self, chat: Chat, entry: _Entry) -> Contact:
        sealed, recycled_at = entry
        name = self._open(chat, sealed)
        return Contact(Chat(channel=chat.channel, account=chat.account, id=name), recycled_at)

    def _open(self, chat: Chat, sealed: bytes) -> str:
        """Decrypt a name; empty, and logged once, if it does not open."""
        try:
            place = f"names:{chat.channel}:{chat.account}"
            return self._keyring.open(sealed, place=place).decode()
        except Unsealable:
            if sealed not in self._unreadable:
                self._unreadable.add(sealed)
                _log.error("name.unreadable", channel=chat.channel)
            return ""

    def _account(self, chat: Chat) -> str:
        return keys.name_key("names", self._keyring.digest(f"names:{chat.channel}:{chat.account}"))

    def _names(self, chat: Chat, person: Person) -> tuple[str, str]:
        """Make digests of a person's names; empty where there is none."""
        where = f"{chat.channel}:{chat.account}"
        return (
            person.user and self._keyring.digest(f"user:{where}:{person.user}"),
            person.phone and self._keyring.digest(f"phone:{where}:{person.phone}"),
        )


def _find_known(
    user: str, phone: str, by_user: bytes | None, by_phone: bytes | None
) -> _Entry | None:
    """Return the chat if all names lead to it already; otherwise there is a name to add."""
    if not user:
        return None if by_phone is None else _read(by_phone)
    if by_user is None:
        return None
    sealed, _ = _read(by_user)
    if not phone:
        return sealed, 0
    owner = (by_phone or b"").partition(b"|")[0].partition(b"/")
    return (sealed, int(owner[2] or 0)) if owner[0].decode() == user else None


def _read(entry: bytes) -> _Entry:
    """Read what stands under a name: `owner/since|sealed chat` (`meet.lua`)."""
    name, _, sealed = entry.partition(b"|")
    return sealed, int(name.partition(b"/")[2] or 0)
