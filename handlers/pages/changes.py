"""What pages show of changes: the request that people decide, and what became of the last one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from handlers.pages import words
from state.client import Client, alike
from state.conversation import Conversation
from state.fields.redaction import redact
from state.fields.table import FIELDS
from state.machine.changes import list_changes
from state.messages import staff
from state.messages.staff import Card, Reason
from state.proof import level
from state.records import UNSETTLED, Request, SavedChange
from state.store.conversations import ConversationRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field of a request, masked: as it was when it was asked for, as it stands, as wanted.

    `was` is empty where it stands as it was.
    """

    field: str
    was: str
    old: str
    new: str


def show_request(conversation: Conversation) -> dict[str, Any] | None:
    """Show the change that waits for a decision: old and new, masked, and why people decide."""
    asked = conversation.change.request
    if asked is None:
        return None
    return {
        "code": asked.code,
        "at": asked.at,
        "level": str(level(conversation.identity.proofs)),
        "proofs": list_proofs(conversation),
        "rows": list(_differences(conversation, asked)),
        "reasons": [*map(redact, asked.reasons), *([Reason.MOVED] if asked.moved else [])],
        "four_eyes": asked.four_eyes,
        "approved_by": asked.approved_by,
        "held_until": asked.held_until,
        "contested": asked.contested,
        "query": redact(asked.query),
        "reply": redact(asked.reply),
    }


def show_unsettled(conversation: Conversation) -> dict[str, Any] | None:
    """Show a change that was lost, or that nobody knows of, until somebody saw to it."""
    saved = conversation.last_change
    if saved is None or saved.standing not in UNSETTLED:
        return None
    return {"code": saved.code, "at": saved.at, "told": tell_saved(saved)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One conversation in which people must see to something."""

    key: str
    title: str
    since: int
    request: dict[str, Any] | None
    unsettled: dict[str, Any] | None
    note: str = ""


def show_task(chat_row: ConversationRow, asked: dict[str, Any] | None) -> Task:
    """Show what people must see to; `asked` is its request, as it is shown to a member."""
    return Task(
        key=chat_row.key,
        title=words.name_chat(chat_row.key, chat_row.conversation),
        since=chat_row.active_at,
        request=asked,
        unsettled=show_unsettled(chat_row.conversation),
        note="" if chat_row.readable else Card.UNREADABLE,
    )


def list_proofs(conversation: Conversation) -> list[str]:
    """Tell what was proven of the customer."""
    return [staff.PROOFS[proof] for proof in conversation.identity.proofs]


def tell_saved(saved: SavedChange) -> str:
    """Tell what became of a change, and what stood there before, masked."""
    stood = [
        Card.BEFORE.format(
            field=info.label.lower(), was=info.mask_all(change.old.values, Card.NONE)
        )
        for change, info in ((one, FIELDS[one.field]) for one in saved.changes)
    ]
    standing = staff.STANDINGS[saved.standing]
    return Card.CHANGE.format(code=saved.code, standing=standing, before=", ".join(stood))


def _show_undo(saved: SavedChange, now: Client | None) -> Iterator[Difference]:
    """Show what would be put back, and what stands there now if somebody changed it since."""
    for change in saved.changes:
        info, written = FIELDS[change.field], change.applied_to(change.old.values)
        there = now.of(change.field).values if now else written
        moved = not alike(change.field, there, written)
        yield Difference(
            field=info.label,
            was=info.mask(change.new) if moved else "",
            old=info.mask_all(there, Card.NONE),
            new=info.mask_all(change.old.values, Card.NONE),
        )


def _differences(conversation: Conversation, asked: Request) -> Iterator[Difference]:
    if asked.undoes and conversation.last_change is not None:
        yield from _show_undo(
            conversation.last_change, conversation.identity.client if asked.moved else None
        )
        return
    asked_for = {change.field: change.old.values for change in asked.changes}
    for change in list_changes(conversation):
        info, now = FIELDS[change.field], change.old.values
        was = asked_for.get(change.field, now)
        yield Difference(
            field=info.label,
            was="" if alike(change.field, was, now) else info.mask_all(was, Card.NONE),
            old=info.mask_all(now, Card.NONE),
            new=info.mask(change.new) + (Card.ALONE if change.replaces else ""),
        )
