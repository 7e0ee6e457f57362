"""Limits: how often a chat may try to identify a service, and how often that may fail.

Each attempt and each failure is named by its cause and counts once, however often it is repeated.
It counts in a window while it is younger than the window, to the millisecond.
"""

from contextlib import suppress
from enum import StrEnum

from state import enumeration
from state.store import keys
from state.store.connection import Command
from state.store.encryption import Keyring, Unsealable
from state.store.pipeline import Pipeline

_MINUTE, _HOUR, _DAY = 60_000, 3_600_000, 86_400_000  # ms
_ATTEMPTS = (3, _DAY, 6, 7 * _DAY)  # of a chat
_FAILURES = (2, _DAY)  # of a service; one more locks it
_LOCKED = _DAY
_INVITATIONS = (5, _DAY, 10, 7 * _DAY)  # invitation codes of a chat, right or wrong
_ALARM = (20, _MINUTE)  # failures everywhere; one more is an attack
_PAUSE = 15 * _MINUTE
_INQUIRIES = (10, _HOUR, 30, _DAY)  # questions of a linked chat to the directory
_SENT = (6, _DAY)  # one-time codes, or notices, per chat and per service
_UNANSWERED = (6, _DAY)  # attempts of a chat that are given back
_HOLDERS = (2, _DAY)  # chats that give the same document; one more raises an alert
_YOUNG = 10 * _MINUTE  # a chat is new for this long after its first attempt
_OWN, _SHARED = (_DAY, 8), (_HOUR, 32)  # numbers remembered: of a chat, of all new chats
_UNTIL_STAFF = 365 * _DAY  # every key has a time to live


class BlockReason(StrEnum):
    """Why an attempt is blocked."""

    CHAT = "chat"
    """The chat has made three attempts in 24 hours, or six in seven days."""

    SERVICE = "servicio"
    """The service is locked: three proofs of it failed in 24 hours, or somebody reported it."""

    ENUMERATION = "recorrido"
    """The chat enumeration, alone or with other new chats; lasts 24 hours."""

    ATTACK = "ataque"
    """Proofs fail everywhere: linking needs approval for a quarter of an hour."""


class Attempts:
    """The limits of all chats, services and documents."""

    def __init__(self, pipeline: Pipeline, keyring: Keyring) -> None:
        """Share these round trips."""
        self._pipeline = pipeline
        self._keyring = keyring
        self._spend = pipeline.script("spend")
        self._remember = pipeline.script("remember")

    async def attempt(
        self,
        chat: str,
        *,
        id: str,  # noqa: A002  # it is called so everywhere
        number: int | None,
        now: int,
    ) -> BlockReason | None:
        """Count an attempt of a chat (its key) before it is made, and return what blocks it.

        `id` names the attempt within the chat; `number` is the service or document typed, if any. A
        block of the chat itself comes first. During an attack the attempt is counted, because it
        may still be approved. Whether a service is locked is told by `locked`, once one is found.
        """
        id = self._member(f"{chat}:{id}")  # noqa: A001
        (verdict, first), alarm = await self._pipeline.ask(
            self._spend_command(chat, id, *_ATTEMPTS, now=now), ("GET", _bar_key(self._everybody))
        )
        if verdict == b"BARRED":
            return BlockReason.ENUMERATION
        new = now - first < _YOUNG
        if number is not None and await self._enumerates(chat, id, number, new=new, now=now):
            await self._pipeline.ask(_bar(chat, now=now, pause=_LOCKED))
            return BlockReason.ENUMERATION
        if verdict == b"FULL":
            return BlockReason.CHAT
        return BlockReason.ATTACK if _holds(alarm, now) else None

    async def give_back(self, chat: str, *, id: str, now: int) -> None:  # noqa: A002
        """Count an attempt no more that got no answer; of a chat, six a day at most."""
        member = self._member(f"{chat}:{id}")
        unanswered = self._member(f"unanswered:{chat}")
        ((verdict, _),) = await self._pipeline.ask(
            self._spend_command(unanswered, member, *_UNANSWERED, now=now)
        )
        if verdict == b"OK":
            await self._pipeline.ask(("ZREM", _budget_key(chat), member))

    async def count_failure(
        self,
        *,
        id: str,  # noqa: A002
        service: int | None,
        now: int,
    ) -> bool:
        """Count a failed proof, of a service if one was found; true if that locked the service.

        `id` names the attempt among those of all chats; a repeat gets the same answer.
        """
        id = self._member(id)  # noqa: A001
        counted = [self._spend_command(self._everybody, id, *_ALARM, now=now, pause=_PAUSE)]
        if service is not None:
            digest = self._service(service)
            counted.append(self._spend_command(digest, id, *_FAILURES, now=now, pause=_LOCKED))
        _, *of_service = await self._pipeline.ask(*counted)
        return any(verdict == b"FULL" for verdict, _ in of_service)

    async def count_inquiry(self, chat: str, *, id: str, now: int) -> bool:  # noqa: A002
        """Count a question to the directory; true if the chat has asked too often."""
        named = self._member(f"inquiries:{chat}")
        member = self._member(f"{chat}:{id}")
        command = self._spend_command(named, member, *_INQUIRIES, now=now)
        ((verdict, _),) = await self._pipeline.ask(command)
        return bool(verdict == b"FULL")

    async def attempt_invitation(self, chat: str, *, code: str, now: int) -> bool:
        """Count an invitation code before it is looked at; true if the chat has tried too many.

        One that the chat tried before is not counted again: it tells nothing new, and people
        follow a link more than once.
        """
        id = self._member(f"{chat}:{code}")  # noqa: A001
        named = self._member(f"invitations:{chat}")
        command = self._spend_command(named, id, *_INVITATIONS, now=now)
        ((verdict, _),) = await self._pipeline.ask(command)
        return bool(verdict == b"FULL")

    async def count_wrong_invitation(self, chat: str, *, code: str, now: int) -> bool:
        """Count a code that stands for nothing; true if too many are tried everywhere, told once.

        It is an alarm of its own: it makes people decide on invitations, and on nothing else.
        """
        id = self._member(f"{chat}:{code}")  # noqa: A001
        command = self._spend_command(self._all_invitations, id, *_ALARM, now=now, pause=_PAUSE)
        ((verdict, _),) = await self._pipeline.ask(command)
        return bool(verdict == b"FULL")

    async def doubts_invitations(self, *, now: int) -> bool:
        """Tell whether codes are being guessed, so that people decide on invitations."""
        return await self._is_barred(self._all_invitations, now)

    async def is_locked(self, service: int, *, now: int) -> bool:
        """Tell whether a service is locked."""
        return await self._is_barred(self._service(service), now)

    async def is_disowned(self, service: int, *, now: int) -> bool:
        """Tell whether a service is locked by `lock`: failed proofs alone do not count."""
        (bar,) = await self._pipeline.ask(("GET", _bar_key(self._service(service))))
        return bar is not None and _holds(bar, now) and bar.endswith(b"|")

    async def lock(self, service: int, *, now: int) -> None:
        """Lock a service until staff unlock it, for a year at most."""
        await self._pipeline.ask(_bar(self._service(service), now=now, pause=_UNTIL_STAFF))

    async def unlock(self, service: int) -> None:
        """Unlock a service and delete its failures."""
        digest = self._service(service)
        await self._pipeline.ask(("DEL", _budget_key(digest)), ("DEL", _bar_key(digest)))

    async def count_sent(
        self,
        kind: str,
        chat: str,
        *,
        id: str,  # noqa: A002
        service: int,
        now: int,
    ) -> bool:
        """Count a message to a phone; true if a limit of the chat or the service is exceeded."""
        id = self._member(f"{chat}:{id}")  # noqa: A001
        named = (self._member(f"{kind}:{chat}"), self._member(f"{kind}:service:{service}"))
        answers = await self._pipeline.ask(
            *(self._spend_command(name, id, *_SENT, now=now, pause=0) for name in named)
        )
        return any(verdict == b"FULL" for verdict, _ in answers)

    async def document_alert(self, document: str, chat: str, *, now: int) -> bool:
        """Record that a chat gave a document; true if more than two chats did in 24 hours."""
        digest = self._member(f"document:{document}")  # unlike a digest, not cached
        ((verdict, _),) = await self._pipeline.ask(
            self._spend_command(digest, self._member(chat), *_HOLDERS, now=now, pause=0)
        )
        return bool(verdict == b"FULL")

    async def under_attack(self, *, now: int) -> bool:
        """Tell whether linking needs approval."""
        return await self._is_barred(self._everybody, now)

    async def _enumerates(
        self, chat: str, member: str, number: int, *, new: bool, now: int
    ) -> bool:
        """Remember a number, and tell whether it is part of a walk."""
        own, shared = self._remember_command(chat, member, number, *_OWN, now=now), []
        if new:
            shared = [self._remember_command(self._everybody, member, number, *_SHARED, now=now)]
        mine, *ours = await self._pipeline.ask(own, *shared)
        return enumeration.is_enumeration(self._open(chat, mine)) or any(
            enumeration.continues_enumeration([*self._open(self._everybody, sealed), number])
            for sealed in ours
        )

    def _open(self, digest: str, sealed: list[bytes]) -> list[int]:
        """Decrypt the numbers; those of a missing key are ignored."""
        numbers: list[int] = []
        for one in sealed:
            with suppress(Unsealable):
                numbers.append(int(self._keyring.open(one, place=f"tried:{digest}")))
        return numbers

    async def _is_barred(self, digest: str, now: int) -> bool:
        (bar,) = await self._pipeline.ask(("GET", _bar_key(digest)))
        return _holds(bar, now)

    def _spend_command(
        self, digest: str, member: str, *limits: int, now: int, pause: int | None = None
    ) -> Command:
        args = [now, member, "" if pause is None else pause, *limits]
        return self._spend.call(keys=[_budget_key(digest), _bar_key(digest)], args=args)

    def _remember_command(
        self, digest: str, member: str, number: int, window: int, most: int, *, now: int
    ) -> Command:
        sealed = self._keyring.seal(str(number).encode(), place=f"tried:{digest}")
        args = [now, member, sealed, window, most]
        return self._remember.call(keys=[keys.name_key("tried", digest)], args=args)

    def _member(self, name: str) -> str:
        return self._keyring.short_digest(f"budget:{name}").hex()

    def _service(self, service: int) -> str:
        return self._keyring.digest(f"budget:service:{service}")

    @property
    def _all_invitations(self) -> str:
        return self._keyring.digest("budget:invitations")

    @property
    def _everybody(self) -> str:
        return self._keyring.digest("budget:everybody")


def _budget_key(digest: str) -> str:
    return keys.name_key("budget", digest)


def _bar_key(digest: str) -> str:
    return keys.name_key("barred", digest)


def _bar(digest: str, *, now: int, pause: int) -> Command:
    return ("SET", _bar_key(digest), f"{now + pause}|", "PX", pause)


def _holds(bar: bytes | None, now: int) -> bool:
    return bar is not None and int(bar.partition(b"|")[0]) > now
