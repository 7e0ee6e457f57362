"""The guard: limits on attempts, locks, and the alarm while proofs fail everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from handlers.effects.links import Links, is_possessed
from handlers.ports import Clock
from state.client import Client
from state.effects import UpdateClient
from state.fields.folding import fold
from state.fields.table import Field
from state.objections import Assumption, Objection
from state.store.attempts import Attempts, BlockReason
from state.store.outbox import Head
from state.store.service_history import ServiceHistory

_log = structlog.get_logger("enlace.guard")

_MONTH, _RECENT = 30 * 24 * 3600_000, 72 * 3600_000  # ms
_OFTEN = {Field.DOCUMENT: (1, Objection.DOCUMENT_OFTEN), Field.PHONE: (2, Objection.PHONE_OFTEN)}
"""From how many changes a month on people decide; other fields may change at any time."""

_NOBODY = ":"  # no chat's key is empty
_LONGEST = 12  # digits of a number that may be part of a walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Stops strangers from guessing."""

    attempts: Attempts
    service_history: ServiceHistory
    links: Links
    clock: Clock

    async def blocks_search(self, head: Head, clue: str) -> bool:
        """Count a search by what was typed, and tell whether it must be blocked.

        A search by the number that the channel vouches for is not a guess, and is not counted.
        """
        kind, _, value = clue.partition(":")
        if kind == "phone":
            return False
        if kind == "document":
            await self._watch(head, value)
        guess = value.isdecimal() and len(value) <= _LONGEST
        bar = await self.attempts.attempt(
            head.key, id=str(head.seq), number=int(value) if guess else None, now=self.clock()
        )
        if bar in (BlockReason.CHAT, BlockReason.ENUMERATION):
            _log.warning("search.barred", chat=head.key, reason=bar.value)
            return True
        return False

    async def give_search_back(self, head: Head) -> None:
        """Count a search no more that the directory did not answer: it was no guess."""
        await self.attempts.give_back(head.key, id=str(head.seq), now=self.clock())

    async def _watch(self, head: Head, document: str) -> None:
        """Raise the alarm if more than two chats name one document within a day."""
        if await self.attempts.document_alert(document, head.key, now=self.clock()):
            _log.error("document.named_by_many", chat=head.key)

    async def blocks_inquiry(self, head: Head) -> bool:
        """Count a question to the directory, and tell whether the chat asks too often."""
        barred = await self.attempts.count_inquiry(head.key, id=str(head.seq), now=self.clock())
        if barred:
            _log.warning("inquiry.barred", chat=head.key)
        return barred

    async def blocks_code(self, head: Head, service_id: int) -> bool:
        """Count a one-time code, and tell whether the limit is exceeded.

        Those that who only knows asks for are counted apart: the holder's go out.
        """
        proven = is_possessed(head, service_id)
        return await self._blocks(head, "codes" if proven else "proofs", service_id)

    async def blocks_notice(self, head: Head, service_id: int) -> bool:
        """Count a notice to a number that never wrote to us; true if the limit is exceeded.

        Those that who only knows gives cause for are counted apart: the holder's go out.
        """
        proven = is_possessed(head, service_id)
        return await self._blocks(head, "notices" if proven else "claims", service_id)

    async def blocks_program_notice(self, id: str, service_id: int) -> bool:  # noqa: A002
        """Count such a notice of what a program writes; counted apart too."""
        barred = await self.attempts.count_sent(
            "programs", str(service_id), id=id, service=service_id, now=self.clock()
        )
        if barred:
            _log.warning("programs.barred", service_id=service_id)
        return barred

    async def _blocks(self, head: Head, kind: str, service_id: int) -> bool:
        barred = await self.attempts.count_sent(
            kind, head.key, id=str(head.seq), service=service_id, now=self.clock()
        )
        if barred:
            _log.warning("sending.barred", chat=head.key, kind=kind)
        return barred

    async def blocks_invitation(self, head: Head, code: str) -> bool:
        """Count an invitation code, and tell whether the chat has tried too many to look at it."""
        barred = await self.attempts.attempt_invitation(head.key, code=code, now=self.clock())
        if barred:
            _log.warning("invitation.barred", chat=head.key)
        return barred

    async def count_wrong_invitation(self, head: Head, code: str) -> None:
        """Count a code that stands for nothing, and tell the operator when they are guessed."""
        failing = await self.attempts.count_wrong_invitation(head.key, code=code, now=self.clock())
        if failing:
            _log.error("invitations.failing")

    async def doubts_invitations(self) -> bool:
        """Tell whether people decide on invitations, because codes are being guessed."""
        return await self.attempts.doubts_invitations(now=self.clock())

    async def phone_recent(self, service_id: int) -> bool:
        """Tell whether a phone of the service was changed within 72 hours."""
        history = await self.service_history.history(service_id)
        return _since(history.of(Field.PHONE), self.clock() - _RECENT, but=_NOBODY) > 0

    async def count_failure(self, head: Head, service_id: int | None) -> bool:
        """Count a failed proof; true if that locked the service."""
        name = f"{head.key}:{head.seq}"
        locked = await self.attempts.count_failure(id=name, service=service_id, now=self.clock())
        if service_id is not None:
            await self.service_history.note_attempt(service_id, head.key, now=self.clock())
        if locked:
            _log.error("service.locked", service_id=service_id)
        return locked

    async def find_objection(
        self, head: Head, effect: UpdateClient, *, repeated: bool = False
    ) -> Objection | None:
        """Find a reason why staff must decide a change that the policy allows; usually None.

        A change that is `repeated` stands on file already: the chat's own ones do not count.
        """
        if effect.approved:
            return None
        now, service = self.clock(), effect.service_id
        if await self.attempts.is_locked(service, now=now):
            return Objection.LOCKED
        history = await self.service_history.history(service)
        mine = head.key
        own = f"{mine}:" if repeated else f"{mine}:{head.seq}:"  # performed twice is one change
        for field, (most, objection) in _OFTEN.items():
            month = _since(history.of(field), now - _MONTH, but=own)
            if field in list_changed(effect) and month >= most:
                return objection
        recent = _since(history.of(Field.PHONE), now - _RECENT, but=own)
        if Assumption.PHONE in effect.rests and recent:
            return Objection.PHONE_RECENT
        others = _since(history.tried | history.chats, now - _MONTH, but=f"{mine}:")
        if Assumption.FIRST in effect.rests and others:
            return Objection.TRIED
        return await self.find_link_limit(head, service)

    async def find_link_limit(self, head: Head, service: int) -> Objection | None:
        """Tell whether linking would exceed the service's chats or the chat's services."""
        if await self.links.is_full(head, service):
            return Objection.CHATS
        return Objection.SERVICES if await self.links.has_too_many(head, service) else None

    async def note_taken(self, head: Head, effect: UpdateClient) -> None:
        """Count a document that is another holder's as a change: the next one is not compared.

        Else a customer could try documents until one is nobody's.
        """
        await self.service_history.note_change(
            effect.service_id, head.key, (Field.DOCUMENT,), id=str(head.seq), now=self.clock()
        )

    async def set_lock(self, service_id: int, *, locked: bool) -> None:
        """Lock a service until staff unlock it, or unlock it."""
        if locked:
            await self.attempts.lock(service_id, now=self.clock())
        else:
            await self.attempts.unlock(service_id)

    async def is_disowned(self, service_id: int) -> bool:
        """Tell whether somebody who should know said that a change was not theirs."""
        return await self.attempts.is_disowned(service_id, now=self.clock())

    async def without_locked(self, clients: Sequence[Client]) -> tuple[Client, ...]:
        """Leave out locked services: strangers must not see them.

        Nor others with the same name and address: that there is a second one is not for them.
        """
        now = self.clock()
        locked = {
            _describe(client)
            for client in clients
            if await self.attempts.is_locked(client.service_id, now=now)
        }
        return tuple(client for client in clients if _describe(client) not in locked)

    async def under_attack(self) -> bool:
        """Tell whether proofs fail everywhere."""
        return await self.attempts.under_attack(now=self.clock())


def _describe(client: Client) -> tuple[str, str]:
    return fold(client.name), fold(client.address)


def _since(entries: dict[str, int], since: int, *, but: str) -> int:
    """Count the entries since then whose name does not begin so; names end in a colon here."""
    return sum(at > since and not f"{name}:".startswith(but) for name, at in entries.items())


def list_changed(effect: UpdateClient) -> tuple[Field, ...]:
    """Name the fields that are really changed, not confirmed as they stand."""
    return tuple(change.field for change in effect.changes if effect.exact or change.is_real)
