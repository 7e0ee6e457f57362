"""What the templates show of a record: words for states, masks for data."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from handlers.local import local
from handlers.pages.rows import CHANNELS, show_title
from state.client import Client, alike
from state.conversation import Conversation
from state.fields import masks
from state.fields.redaction import redact
from state.fields.table import FIELDS, Field
from state.machine import recycling
from state.machine.changes import list_changes
from state.messages import staff
from state.messages.matters import MATTERS
from state.messages.staff import Card, Fact, Reason
from state.parts import KEPT
from state.proof import level
from state.records import UNSETTLED, Request, SavedChange
from state.rejections import Rejection, Vendor
from state.states import STATES, Section, State
from state.store.conversations import ConversationRow


def title(key: str, conversation: Conversation) -> str:
    """Name a conversation: the service once it is known, else a part of its key."""
    client = conversation.identity.client
    return show_title(key, 0 if client is None else client.service_id)


def speaker(conversation: Conversation) -> str:
    """Say who answers the customer."""
    return staff.SPEAKERS.get(conversation.speaker.kind, conversation.speaker.name)


def rail(conversation: Conversation) -> list[tuple[str, str]]:
    """Show how far it has come: pairs of a step and `past`, `now` or `ahead`."""
    sections = list(Section)
    here = sections.index(STATES[conversation.state].section)
    return [(section.value, _when(index, here)) for index, section in enumerate(sections)]


def facts(conversation: Conversation) -> list[tuple[str, str]]:
    """Show what is known, masked."""
    client, consent = conversation.identity.client, conversation.consent
    known = [
        (Fact.CHANNEL, CHANNELS.get(conversation.chat.channel, conversation.chat.channel)),
        (Fact.CONSENT, Card.CONSENT.format(code=consent.code) if consent else Card.NO),
        (Fact.LEVEL, f"{level(conversation.identity.proofs)}"),
        (Fact.PROOF, ", ".join(_proofs(conversation)) or Card.NONE_FEMININE),
        *_show_given(conversation.draft.answers),
        (Fact.FAILURES, str(conversation.draft.misses)),
    ]
    if conversation.account.matter is not None:
        known.append((Fact.MATTER, MATTERS[conversation.account.matter]))
    if conversation.last_change is not None:
        known.append((Fact.LAST_CHANGE, _show_saved(conversation.last_change)))
    if client is not None:
        known += [
            (Fact.SERVICE, str(client.service_id)),
            (Fact.PLAN, client.plan),
            (Fact.ADDRESS, masks.address(client.address)),
            *_on_file(client),
        ]
    return [(name, value or Card.BLANK) for name, value in known]


def _proofs(conversation: Conversation) -> list[str]:
    return [staff.PROOFS[proof] for proof in conversation.identity.proofs]


def _show_saved(saved: SavedChange) -> str:
    """Tell what became of a change, and what stood there before, masked."""
    stood = [
        Card.BEFORE.format(
            field=info.label.lower(), was=info.mask_all(change.old.values, Card.NONE)
        )
        for change, info in ((one, FIELDS[one.field]) for one in saved.changes)
    ]
    standing = staff.STANDINGS[saved.standing]
    return Card.CHANGE.format(code=saved.code, standing=standing, before=", ".join(stood))


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field of a request, masked: as it was when it was asked for, as it stands, as wanted.

    `was` is empty where it stands as it was.
    """

    field: str
    was: str
    old: str
    new: str


def request(conversation: Conversation) -> dict[str, Any] | None:
    """Show the change that waits for a decision: old and new, masked, and why people decide."""
    asked = conversation.change.request
    if asked is None:
        return None
    return {
        "code": asked.code,
        "at": asked.at,
        "level": str(level(conversation.identity.proofs)),
        "proofs": _proofs(conversation),
        "rows": list(_differences(conversation, asked)),
        "reasons": [*map(redact, asked.reasons), *([Reason.MOVED] if asked.moved else [])],
        "four_eyes": asked.four_eyes,
        "approved_by": asked.approved_by,
        "held_until": asked.held_until,
        "contested": asked.contested,
        "query": redact(asked.query),
        "reply": redact(asked.reply),
    }


def undoable(conversation: Conversation) -> str:
    """Tell the code of the change that can be undone now; empty if none can."""
    saved = conversation.last_change
    idle = conversation.state is State.DONE
    return saved.code if saved is not None and idle and saved.undoable else ""


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


def timer(conversation: Conversation) -> dict[str, Any] | None:
    """Show what the chat waits for, and until when (ms)."""
    waiting = conversation.timer
    if waiting is None:
        return None
    return {"words": staff.TIMERS[waiting.name], "due": waiting.due}


def show_unsettled(conversation: Conversation) -> dict[str, Any] | None:
    """Show a change that was lost, or that nobody knows of, until somebody saw to it."""
    saved = conversation.last_change
    if saved is None or saved.standing not in UNSETTLED:
        return None
    return {"code": saved.code, "at": saved.at, "told": _show_saved(saved)}


def reading(conversation: Conversation, agent: str) -> tuple[str, str] | None:
    """Show the code that this member of staff reads out, and the end of the number to call."""
    challenge = conversation.identity.challenge
    if challenge is None or not challenge.read_by or challenge.read_by != agent:
        return None
    return challenge.code, challenge.phone[-2:]


def readable(conversation: Conversation) -> bool:
    """Tell whether a phone stands on file to which a code could be read out."""
    return bool(recycling.find_mobile(conversation))


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One conversation in which people must see to something."""

    key: str
    title: str
    since: int
    request: dict[str, Any] | None
    unsettled: dict[str, Any] | None
    note: str = ""


def task(chat_row: ConversationRow, asked: dict[str, Any] | None) -> Task:
    """Show what people must see to; `asked` is its request, as it is shown to a member."""
    return Task(
        key=chat_row.key,
        title=title(chat_row.key, chat_row.conversation),
        since=chat_row.active_at,
        request=asked,
        unsettled=show_unsettled(chat_row.conversation),
        note="" if chat_row.readable else Card.UNREADABLE,
    )


def _show_given(answers: Mapping[Field, str]) -> Iterator[tuple[str, str]]:
    for field, info in FIELDS.items():
        answer = answers.get(field, "")
        text = Card.KEPT if answer == KEPT else info.mask(answer) or Card.BLANK
        yield Card.GIVEN.format(field=info.label), text


def _on_file(client: Client) -> Iterator[tuple[str, str]]:
    for field, info in FIELDS.items():
        text = info.mask_all(client.of(field).values, Card.NONE)
        yield Card.ON_FILE.format(field=info.label), text


def _when(index: int, here: int) -> str:
    if index == here:
        return "now"
    return "past" if index < here else "ahead"


def show_rejections(refused: Iterable[Rejection], *, now: int) -> list[str]:
    """Show what vendors refuse us, one sentence each."""
    return [
        staff.REJECTIONS[found.vendor, found.cause].format(
            since=local(found.since).strftime(
                staff.SINCE[local(found.since).date() == local(now).date()]
            ),
            lost=staff.LOST[found.use],
            setting=found.setting,
        )
        for found in refused
    ]


def show_closings(closed: Mapping[Vendor, int]) -> list[str]:
    """Show until when a vendor's messages wait, one sentence each."""
    return [
        staff.CLOSED.format(channel=CHANNELS[vendor], until=local(until).strftime("%H:%M:%S"))
        for vendor, until in closed.items()
    ]
