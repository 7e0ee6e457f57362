"""What version 0.1 stored of the two fields side by side, arranged by field.

There a client had a `document` and a `phone`, the directory's own text; a request, a saved change
and its check had pairs of the two. What is given and returned is decoded JSON.
"""

from typing import Any

from state.fields import phonebook
from state.parts import KEPT

Record = dict[str, Any]


def migrate_client(old: Record) -> Record:
    """Read a client."""
    if "on_file" in old:
        return old
    return old | {"on_file": _on_file(old.get("document", ""), old.get("phone", ""))}


def migrate_draft(old: Record) -> Record:
    """Read the answers; `replacing` was said of the phone."""
    given = {name: old[name] for name in ("document", "phone") if old.get(name)}
    return old | {"answers": given, "replacing": ["phone"] if old.get("replacing") else []}


def migrate_request(old: Record, answers: Record, *, replaces: bool) -> Record:
    """Read a request: what was asked for are the answers, `was` is what stood on file then."""
    asked = {name: "" if value == KEPT else value for name, value in answers.items()}
    return old | {"changes": _changes(_on_file(*old.get("was", ("", ""))), asked, replaces)}


def migrate_saved(old: Record) -> Record:
    """Read a change that was written."""
    document, phone = old["changed"]
    new = {"document": document, "phone": phone}
    return old | {"changes": _changes(_on_file(*old["before"]), new, old.get("replaced", False))}


def migrate_check(old: Record) -> Record:
    """Read what is to be read again."""
    return old | {"written": {name: old[name] for name in ("document", "phone") if old.get(name)}}


def migrate_update(old: Record) -> Record:
    """Read an update that waits to be performed, or to be undone to the letter."""
    known: Record = migrate_client(old.get("known", {"service_id": 0}))
    values = {name: value for name, value in old["changes"].items() if value is not None}
    if not old.get("exact"):
        asked = _changes(known["on_file"], values, old.get("replaces", False))
        return old | {"known": known, "changes": asked}
    stands: dict[str, list[str]] = {
        name: numbers for name, (numbers, _) in known["on_file"].items()
    }
    new = {name: (stands.get(name) or [""])[0] for name in values}
    alone = len(stands.get("phone", ())) == 1
    before = _on_file(values.get("document", ""), values.get("phone", ""))
    undone = [_change(name, before, value, alone) for name, value in new.items()]
    return old | {"known": known, "changes": undone}


def migrate_event(old: Record) -> Record:
    """Read what happened, with the clients that were found."""
    happened = dict(old)
    if old.get("client"):
        happened["client"] = migrate_client(old["client"])
    if "clients" in old:
        happened["clients"] = [migrate_client(one) for one in old["clients"]]
    return happened


def _on_file(document: str, phone: str) -> Record:
    stored = {
        "document": [[document.strip()], ""] if document.strip() else None,
        "phone": [list(phonebook.parse(phone)), phone] if phone.strip() else None,
    }
    return {name: value for name, value in stored.items() if value is not None}


def _changes(on_file: Record, new: Record, replaces: bool) -> list[Record]:  # noqa: FBT001
    return [_change(name, on_file, value, replaces) for name, value in new.items() if value]


def _change(name: str, on_file: Record, new: str, replaces: bool) -> Record:  # noqa: FBT001
    old = on_file.get(name, [[], ""])
    return {"field": name, "new": new, "old": old, "replaces": replaces and name == "phone"}
