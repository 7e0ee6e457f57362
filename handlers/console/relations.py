"""What else belongs to the service of a chat: other chats, other services, changes through us."""

from dataclasses import dataclass
from typing import Any

from handlers.pages.rows import CHANNELS, show_title
from state.conversation import Conversation
from state.fields.table import FIELDS
from state.messages.service_card import Kinship
from state.messages.staff import Card
from state.store.inbox import ListedChat
from state.store.service_history import History
from state.store.store import Store

_CHATS, _CHANGES = 5, 5  # shown, newest first


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedField:
    """One field that was changed through us: which, when (ms), and through which chat."""

    field: str
    at: int
    chat: str


def find_last_change(conversation: Conversation, history: History) -> int:
    """Tell when (ms) the service was changed last, as far as we know; 0 for never."""
    saved = conversation.last_change
    times = [at for changed in history.changed.values() for at in changed.values()]
    return max([*times, *history.written.values(), saved.at if saved else 0])


def list_changes(key: str, history: History) -> list[SavedField]:
    """List what was changed through us, the newest first."""
    found = [
        SavedField(field=info.label, at=at, chat=_name_chat(cause, key))
        for field, info in FIELDS.items()
        for cause, at in history.of(field).items()
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)[:_CHANGES]


async def show_related(
    store: Store, key: str, conversation: Conversation, history: History
) -> dict[str, Any]:
    """Show what else belongs to the service, and to the chat."""
    others = sorted(history.chats.keys() - {key}, key=history.chats.__getitem__, reverse=True)
    listed = await store.inbox.read(others[:_CHATS])
    services = _list_services(conversation)
    linked = await store.service_history.services(key)
    return {
        "chats": [_show_chat(one, history) for one in listed],
        "services": services,
        "more_services": max(0, linked - (key in history.chats) - len(services)),
        "changes": list_changes(key, history),
    }


def _list_services(conversation: Conversation) -> list[int]:
    """List the other services that the chat is, or was, about."""
    client, link, saved = conversation.identity.client, conversation.link, conversation.last_change
    known = [link.client.service_id] if link else []
    known += [*link.earlier] if link else []
    known += [saved.service_id] if saved else []
    here = 0 if client is None else client.service_id
    return [one for one in dict.fromkeys(known) if one != here]


def _show_chat(listed: ListedChat, history: History) -> tuple[str, str, str]:
    """Show another chat: its address, its name, and what it is to the service."""
    row = listed.row
    kin = Kinship.HOLDER if listed.key in history.holders else Kinship.KNOWS
    if row is None:
        return f"/consola/c/{listed.key}", Card.CHAT.format(key=listed.key[:4].upper()), kin
    title = show_title(listed.key, 0, name=row.name, ending=row.ending)
    return f"/consola/c/{listed.key}", f"{title} · {CHANNELS.get(row.channel, row.channel)}", kin


def _name_chat(cause: str, key: str) -> str:
    """Name the chat through which something was changed; a program has none."""
    chat = cause.rpartition(":")[0]
    return Kinship.THIS if chat == key else Kinship.OTHER
