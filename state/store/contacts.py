"""People: the chat of a person, by the names under which a channel knows them.

WhatsApp names an account by its own id (`CO.1349…`), by its number, or by both. The account's id
has priority: a number may pass to somebody else, and then the account that shows it is another
one, with its own chat. A chat whose name does not open has no id: whoever asks goes on without it.
"""

import asyncio
from collections.abc import Sequence

import structlog

from state.conversation import Chat
from state.parts import Person
from state.store import keys
from state.store.encryption import Keyring, Unsealable
from state.store.pipeline import Pipeline

_log = structlog.get_logger("enlace.store")


class Contacts:
    """The people of all accounts."""

    def __init__(self, pipeline: Pipeline, keyring: Keyring) -> None:
        """Share these round trips."""
        self._pipeline = pipeline
        self._keyring = keyring
        self._meet = pipeline.script("meet")
        self._rename = pipeline.script("rename")
        self._unreadable: set[bytes] = set()

    async def find_or_begin(self, people: Sequence[tuple[Chat, Person]]) -> list[Chat]:
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
                    self._learn(chat, person, *name)
                    for sealed, (chat, person), name in zip(found, people, names, strict=True)
                    if sealed is None
                )
            )
        )
        return [
            self._chat(chat, next(learnt) if sealed is None else sealed)
            for sealed, (chat, _) in zip(found, people, strict=True)
        ]

    async def find_by_phone(self, account: Chat, phone: str) -> Chat | None:
        """Find the chat of a number at an account (`account.id` does not matter)."""
        _, digest = self._names(account, Person(phone=phone))
        (found,) = await self._pipeline.ask(("HGET", self._account(account), digest))
        return None if found is None else self._chat(account, found.partition(b"|")[2])

    async def rename(self, chat: Chat, old: Person, new: Person) -> Chat:
        """Make a chat reachable by a person's new names, and no longer by an old number."""
        (answer,) = await self._pipeline.ask(
            self._rename.call(
                keys=[self._account(chat)],
                args=[*self._names(chat, old), *self._names(chat, new)],
            )
        )
        if answer:
            return self._chat(chat, answer)
        (begun,) = await self.find_or_begin([(chat, new)])
        return begun

    async def forget(self, chat: Chat, person: Person) -> None:
        """Delete the names of a chat that is erased."""
        names = [name for name in self._names(chat, person) if name]
        if names:
            await self._pipeline.ask(("HDEL", self._account(chat), *names))

    async def _learn(
        self, chat: Chat, person: Person, account: str, user: str, phone: str
    ) -> bytes:
        """Create a chat for a person, or add another name of a known one."""
        name = person.user or person.phone
        fresh = self._keyring.seal(name.encode(), place=f"names:{chat.channel}:{chat.account}")
        (answer,) = await self._pipeline.ask(
            self._meet.call(keys=[account], args=[user, phone, fresh])
        )
        return bytes(answer)

    def _chat(self, chat: Chat, sealed: bytes) -> Chat:
        return Chat(channel=chat.channel, account=chat.account, id=self._open(chat, sealed))

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
) -> bytes | None:
    """Return the sealed chat if all names lead to it already; otherwise there is a name to add."""
    if user:
        if by_user is None:
            return None
        learnt = not phone or (by_phone or b"").partition(b"|")[0].decode() == user
        return by_user.partition(b"|")[2] if learnt else None
    return None if by_phone is None else by_phone.partition(b"|")[2]
