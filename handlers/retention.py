"""How long a chat is kept, by its class, before it is erased with its journal.

Digests of deliveries are kept for eight days: a late repeat must not revive the chat.
"""

from dataclasses import dataclass
from enum import IntEnum

import structlog

from state.conversation import Conversation
from state.parts import BOT
from state.records import TimerName
from state.store import keys
from state.store.conversations import Erasure, IdleConversation
from state.store.store import Store

_log = structlog.get_logger("enlace.retention")

_DAY = 24 * 3600_000  # ms
_PAGE = 200  # chats read at a time


class RetentionClass(IntEnum):
    """Days for which a chat is kept after its last activity."""

    UNCONSENTED = 1
    UNLINKED = 30
    LINKED = 365


@dataclass(frozen=True, slots=True)
class Retention:
    """Erases expired chats."""

    store: Store

    async def erase_revoked(self, conversation: Conversation, *, now: int) -> bool:
        """Erase a chat whose consent was revoked and not given again, if its time has come."""
        timer = conversation.timer
        due = timer is not None and timer.name is TimerName.ERASE and timer.due <= now
        return due and conversation.consent is None and await self._erase(conversation)

    async def round_daily(self, *, now: int) -> None:
        """Erase every expired chat, once a day, whichever process looks and however often."""
        if await self.store.schedule.claim("retention", life=_DAY):
            await self.round(now=now)

    async def round(self, *, now: int) -> int:
        """Erase every expired chat."""
        erased = sum([await self._of_shard(shard, now) for shard in keys.ALL])
        if erased:
            _log.info("retention.erased", count=erased)
        return erased

    async def _of_shard(self, shard: keys.Shard, now: int) -> int:
        """Page through the idle chats of a shard, the longest idle first."""
        before, erased, place = now - min(RetentionClass) * _DAY, 0, 0
        while page := await self.store.conversations.idle(
            shard, before=before, start=place, limit=_PAGE
        ):
            gone = [
                await self._erase(chat_row.conversation)
                for chat_row in page
                if _is_expired(chat_row, now)
            ]
            erased += sum(gone)
            place += len(page) - sum(gone)
        return erased

    async def _erase(self, conversation: Conversation) -> bool:
        """Erase a chat, unless effects wait or the chat has changed: then at a later time."""
        chat = conversation.chat
        loaded = await self.store.conversations.load(chat, ["retention"])
        erasure = await self.store.conversations.erase(self.store.key(chat), version=loaded.version)
        if erasure is Erasure.OK:
            await self.store.contacts.forget(chat, conversation.account.person)
        return erasure is Erasure.OK


def _is_expired(chat_row: IdleConversation, now: int) -> bool:
    if not chat_row.readable:  # its key may come back
        return False
    return chat_row.active_at < now - _classify(chat_row.conversation) * _DAY


def _classify(conversation: Conversation) -> RetentionClass:
    """Tell how long a chat is kept.

    Without a consent no longer than it may take to ask for it, unless the customer waits for a
    person, was warned of a change, or changed something under an earlier consent.
    """
    if conversation.link is not None:
        return RetentionClass.LINKED
    kept = (conversation.consent, conversation.notice, conversation.last_change)
    waits = conversation.speaker != BOT or conversation.account.attention.waiting_since
    if waits or any(one is not None for one in kept):
        return RetentionClass.UNLINKED
    return RetentionClass.UNCONSENTED
