"""Export of everything stored about a customer, required by law (Ley 1581, art. 8)."""

from dataclasses import asdict
from typing import Any

from handlers.local import local
from state.conversation import Conversation
from state.effects import RecordConsent
from state.journal import Entry
from state.store.store import Store

_ALL = 100_000  # lines


async def copy(store: Store, key: str, conversation: Conversation) -> dict[str, Any]:
    """Export the chat of that key, unmasked: it is for the customer."""
    consents = await store.consents.read(key)
    entries = await store.journal.read(key, limit=_ALL)
    return {
        "chat": asdict(conversation.chat),
        "servicio": asdict(conversation.identity.client) if conversation.identity.client else None,
        "vinculado": conversation.link is not None,
        "documento_dado": conversation.draft.document,
        "celular_dado": conversation.draft.phone,
        "ultimo_cambio": _change(conversation),
        "autorizaciones": [_consent(record) for record in consents],
        "conversacion": [_line(entry) for entry in entries],
    }


def _change(conversation: Conversation) -> dict[str, Any] | None:
    saved = conversation.last_change
    return None if saved is None else asdict(saved) | {"at": _time(saved.at)}


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
