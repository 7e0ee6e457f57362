"""Export of everything stored about a customer, required by law (Ley 1581, art. 8)."""

from dataclasses import asdict
from typing import Any

from handlers.local import local
from state.client import Client
from state.conversation import Conversation
from state.effects import RecordConsent
from state.fields.table import FIELDS, Field
from state.journal import Entry
from state.store.store import Store

_PLAIN = ("service_id", "name", "address", "plan", "price")
_ALL = 100_000  # lines


async def copy(store: Store, key: str, conversation: Conversation) -> dict[str, Any]:
    """Export the chat of that key, unmasked: it is for the customer."""
    consents = await store.consents.read(key)
    entries = await store.journal.read(key, limit=_ALL)
    return {
        "chat": asdict(conversation.chat),
        "servicio": _service(conversation.identity.client),
        "vinculado": conversation.link is not None,
        **{
            f"{info.label.lower()}_dado": conversation.draft.answers.get(field, "")
            for field, info in FIELDS.items()
        },
        "ultimo_cambio": _change(conversation),
        "autorizaciones": [_consent(record) for record in consents],
        "conversacion": [_line(entry) for entry in entries],
    }


def _service(client: Client | None) -> dict[str, Any] | None:
    if client is None:
        return None
    on_file = {field.value: client.of(field).literal for field in Field}
    plain = {name: getattr(client, name) for name in _PLAIN}
    return plain | on_file


def _change(conversation: Conversation) -> dict[str, Any] | None:
    saved = conversation.last_change
    if saved is None:
        return None
    return {
        "code": saved.code,
        "at": _time(saved.at),
        "service_id": saved.service_id,
        "standing": saved.standing.value,
        "changes": [
            {"field": one.field.value, "old": one.old.literal, "new": one.new}
            for one in saved.changes
        ],
    }


def _consent(record: RecordConsent) -> dict[str, Any]:
    return {
        "decision": record.decision.value,
        "fecha": _time(record.at),
        "radicado": record.code,
        "codigo": record.consent.code,
        "version": record.consent.version,
        "sha256_del_texto": record.consent.terms,
        "respuesta": record.consent.words,
        "mensaje": record.consent.answer,
    }


def _line(entry: Entry) -> dict[str, str]:
    return {
        "fecha": _time(entry.at),
        "de": entry.author or entry.kind.value,
        "texto": entry.text,
    }


def _time(at: int) -> str:
    return local(at).isoformat(timespec="seconds")
