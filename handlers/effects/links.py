"""The chats of a service: which possess it, and whose place the holder takes."""

from dataclasses import dataclass

import structlog

from handlers.ports import Clock
from state.fields.table import Field
from state.store.conversations import Conversations, NoSuchConversation, UnreadableRecord
from state.store.outbox import Head
from state.store.service_history import History, ServiceHistory

_log = structlog.get_logger("enlace.links")

_CHATS, _SERVICES = 2, 3  # chats per service, services per chat


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Knows which chats belong to a service, and how surely."""

    service_history: ServiceHistory
    conversations: Conversations
    clock: Clock

    async def list_holders(self, service_id: int) -> list[str]:
        """List the keys of the chats that possess the service: they are told of its changes."""
        history = await self.service_history.history(service_id)
        return [key for key in history.chats if await self._is_holder(key, service_id, history)]

    async def find_displaced(self, head: Head, service_id: int) -> str | None:
        """Find the oldest chat that only knows, if a chat that possesses needs its place."""
        history = await self.service_history.history(service_id)
        full = len(history.chats) >= _CHATS and head.key not in history.chats
        if not full or not is_possessed(head, service_id):
            return None
        for key in sorted(history.chats, key=history.chats.__getitem__):
            if not await self._is_holder(key, service_id, history):
                return key
        return None

    async def is_full(self, head: Head, service_id: int) -> bool:
        """Tell whether the service has its two chats, and none that gives way to this one."""
        chats = (await self.service_history.history(service_id)).chats
        if head.key in chats or len(chats) < _CHATS:
            return False
        return await self.find_displaced(head, service_id) is None

    async def has_too_many(self, head: Head, service_id: int) -> bool:
        """Tell whether the chat belongs to three other services."""
        chats = (await self.service_history.history(service_id)).chats
        return head.key not in chats and await self.service_history.services(head.key) >= _SERVICES

    async def note(self, head: Head, service_id: int, changed: tuple[Field, ...]) -> None:
        """Record that a chat belongs to a service, how surely, and what was changed with that."""
        await self.service_history.note_link(
            service_id,
            head.key,
            changed,
            possesses=is_possessed(head, service_id),
            id=str(head.seq),
            now=self.clock(),
        )

    async def displace(self, key: str, service_id: int) -> None:
        """Record that a chat that only knew gave its place to the holder."""
        _log.warning("link.displaced", chat=key, service_id=service_id)
        await self.service_history.note_unlink(service_id, key)

    async def _is_holder(self, key: str, service_id: int, history: History) -> bool:
        """Tell whether a chat possesses the service: as its record says, while it is about it.

        Links of 0.1 stand without a level in the history: the record's proofs are theirs.
        """
        try:
            conversation = await self.conversations.find(key)
        except UnreadableRecord:
            return key in history.holders
        except NoSuchConversation:
            return False
        link = conversation.link
        if link is not None and link.client.service_id == service_id:
            return service_id in conversation.possessed_services
        return key in history.holders


def is_possessed(head: Head, service_id: int) -> bool:
    """Tell whether the customer of the chat whose effect it is possesses the service."""
    return service_id in head.conversation.possessed_services
