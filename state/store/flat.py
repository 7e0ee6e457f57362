"""What an older version stored, carried forward: the flat record, and names since changed.

A record of version 0.1 is flat: some fifty fields side by side. `PATHS` tells where each of them
stands today; what is not named there is gone.
"""

from typing import Any

import msgspec

from state.conversation import Conversation
from state.proof import Proof
from state.states import State
from state.store import pairs

PATHS = {
    "chat": ("chat",),
    "state": ("state",),
    "turns": ("turns",),
    "consent": ("consent",),
    "notice": ("notice",),
    "timer": ("timer",),
    "saved": ("last_change",),
    "check": ("verification",),
    "person": ("account", "person"),
    "renumbered_at": ("account", "renumbered_at"),
    "left": ("account", "left"),
    "heard_at": ("account", "pace", "heard_at"),
    "minute": ("account", "pace", "minute"),
    "in_minute": ("account", "pace", "in_minute"),
    "hinted": ("account", "hinted"),
    "written": ("account", "last_text"),
    "answered": ("account", "answered"),
    "flow": ("shown", "flow"),
    "question": ("shown", "question"),
    "asked": ("shown", "asked"),
    "asked_at": ("shown", "asked_at"),
    "prompted": ("shown", "prompted"),
    "terms": ("shown", "terms"),
    "invitation": ("lookup", "invitation"),
    "lookup": ("lookup", "number"),
    "clue": ("lookup", "clue"),
    "stated": ("lookup", "stated"),
    "found": ("lookup", "found"),
    "all_facts": ("lookup", "all_facts"),
    "tried": ("lookup", "failures"),
    "alarmed": ("lookup", "alarmed"),
    "client": ("identity", "client"),
    "proofs": ("identity", "proofs"),
    "owned": ("identity", "owned"),
    "challenge": ("identity", "challenge"),
    "document": ("draft", "document"),
    "phone": ("draft", "phone"),
    "replacing": ("draft", "replacing"),
    "candidate": ("draft", "candidate"),
    "doubt": ("draft", "doubt"),
    "correcting": ("draft", "correcting"),
    "misses": ("draft", "misses"),
    "edited": ("draft", "edited"),
    "request": ("change", "request"),
    "code": ("change", "reference"),
    "attempts": ("change", "attempts"),
}
"""Each field of a flat record, and where it stands now; `_by_field` arranges some of them anew."""

_SAFE = ("chat", "holder", "turns", "question", "consent", "flow", "person", "asked_at", "heard_at")
"""What of a record that cannot be read is kept: who it is, and what was agreed."""

_UNREADABLE = (msgspec.ValidationError, LookupError, TypeError, ValueError, AttributeError)

_SPEAKERS = {"bot": {"kind": "bot"}, "fila": {"kind": "queue"}}
"""Who held a chat, by the words of old; any other word was a member of staff's name."""


def migrate_record(raw: bytes) -> Conversation:
    """Read a flat record; one that cannot be read begins the dialog anew."""
    flat = msgspec.json.decode(raw)
    try:
        return msgspec.convert(_nest(flat), Conversation)
    except _UNREADABLE:
        safe = {name: flat[name] for name in _SAFE if name in flat}
        return msgspec.convert(_nest(safe | {"state": State.GREETING.value}), Conversation)


def migrate_effect(kind: str, body: msgspec.Raw) -> bytes | msgspec.Raw:
    """Carry a waiting effect forward: who said a message was its `author`, and the bot had one."""
    if kind == "UpdateClient":
        update = msgspec.json.decode(body)
        return msgspec.json.encode(pairs.migrate_update(update)) if _has_pairs(update) else body
    if kind != "Send" or b'"author":' not in bytes(body):
        return body
    fields = msgspec.json.decode(body)
    author = fields.pop("author", "bot")
    return msgspec.json.encode(fields | {"member": "" if author == "bot" else author})


def carried_event(body: msgspec.Raw) -> bytes | msgspec.Raw:
    """Carry forward what happened, where it tells of a client."""
    if b'"client' not in bytes(body):
        return body
    return msgspec.json.encode(pairs.migrate_event(msgspec.json.decode(body)))


def _has_pairs(update: dict[str, Any]) -> bool:
    return isinstance(update["changes"], dict)


def _by_field(record: dict[str, Any]) -> None:
    """Arrange by field what stood side by side."""
    if "draft" in record:
        record["draft"] = pairs.migrate_draft(record["draft"])
    draft = record.get("draft", {})
    for part, name in (("identity", "client"), ("change", "request")):
        record.setdefault(part, {}).setdefault(name, None)
    if client := record["identity"]["client"]:
        record["identity"]["client"] = pairs.migrate_client(client)
    if request := record["change"]["request"]:
        answers, replaces = draft.get("answers", {}), bool(draft.get("replacing"))
        record["change"]["request"] = pairs.migrate_request(request, answers, replaces=replaces)
    if found := record.get("lookup", {}).get("found"):
        record["lookup"]["found"] = [pairs.migrate_client(one) for one in found]
    if saved := record.get("last_change"):
        record["last_change"] = pairs.migrate_saved(saved)
    if check := record.get("verification"):
        record["verification"] = pairs.migrate_check(check)


def _nest(flat: dict[str, Any]) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for name, value in flat.items():
        *parts, field = PATHS.get(name, ("", name))
        into = record
        for part in parts:
            into = into.setdefault(part, {})
        into[field] = value
    record.pop("", None)
    _by_field(record)
    record["speaker"] = _speaker(flat)
    _prove(record, flat)
    _link(record, flat)
    return record


def _speaker(flat: dict[str, Any]) -> dict[str, Any]:
    holder = flat.get("holder", "bot")
    if holder == "celular":
        return {"kind": "business_phone", "until": flat.get("lent_until", 0)}
    return _SPEAKERS.get(holder, {"kind": "member", "name": holder})


def _prove(record: dict[str, Any], flat: dict[str, Any]) -> None:
    """The first version knew one proof only: the customer came with an invitation."""
    if flat.get("proven"):
        record.setdefault("identity", {})["proofs"] = [Proof.INVITATION.value]


def _link(record: dict[str, Any], flat: dict[str, Any]) -> None:
    """A linked chat belonged to the service that its dialog was about."""
    identity = record.get("identity", {})
    if flat.get("linked") and identity.get("client"):
        proofs = identity.get("proofs", [])
        record["link"] = {"client": identity["client"], "proofs": proofs}
