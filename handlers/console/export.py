"""Export of everything stored about a customer, required by law (Ley 1581, art. 8).

It is the customer's: what stands on file only goes to whoever possesses the service, and what staff
noted among themselves, or of other chats, is nobody's who asks for a copy.
"""

import re
from dataclasses import asdict
from string import Formatter
from typing import Any

from handlers.local import local
from state.conversation import Conversation
from state.effects import RecordConsent
from state.events import Displaced, NumberPassed
from state.fields.table import FIELDS, Field
from state.journal import Entry, Kind
from state.messages import staff
from state.roles import Act
from state.store.store import Store

_PLAIN = ("service_id", "name", "address", "plan", "price")
_ALL = 100_000  # lines


def _match(*templates: str) -> re.Pattern[str]:
    """Match what these templates tell, however they are filled."""
    literals = ([literal for literal, *_ in Formatter().parse(text)] for text in templates)
    shapes = (".*".join(map(re.escape, parts)) for parts in literals)
    return re.compile("|".join(f"{shape}.*" for shape in shapes), re.DOTALL)


_OF_OTHERS = _match(
    *(
        text
        for text in (*staff.NOTES.values(), *staff.DECISIONS.values())
        if "{event.agent}" in text
    ),
    staff.NOTES[Displaced],
    staff.NOTES[NumberPassed],
    staff.Note.RECYCLED,
    *staff.WORDS_ON_IT.values(),
    *staff.WARNINGS.values(),
)
"""Notes of what staff did, with their reasons, and of other accounts and chats."""


async def copy(store: Store, key: str, conversation: Conversation) -> dict[str, Any]:
    """Export the chat of that key, unmasked: it is for the customer."""
    consents = await store.consents.read(key)
    entries = await store.journal.read(key, limit=_ALL)
    return {
        "chat": asdict(conversation.chat),
        "nombre_en_el_canal": conversation.account.person.name,
        "numero_en_el_canal": conversation.account.person.phone,
        "servicio": _service(conversation),
        "vinculado": conversation.link is not None,
        **{
            f"{info.label.lower()}_dado": conversation.draft.answers.get(field, "")
            for field, info in FIELDS.items()
        },
        "ultimo_cambio": _change(conversation),
        "autorizaciones": [_consent(record) for record in consents],
        "conversacion": [_line(entry) for entry in entries if not _is_of_others(entry)],
    }


def _service(conversation: Conversation) -> dict[str, Any] | None:
    """Tell the service; to who only knows of it, no more than was kept of what they said."""
    client = conversation.identity.client
    if client is None:
        return None
    if not conversation.possesses:
        return {"service_id": client.service_id}
    on_file = {field.value: client.of(field).literal for field in Field}
    return {name: getattr(client, name) for name in _PLAIN} | on_file


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
            {"field": one.field.value, "new": one.new}
            | ({"old": one.old.literal} if conversation.possesses else {})
            for one in saved.changes
        ],
    }


def _is_of_others(entry: Entry) -> bool:
    if entry.kind is not Kind.NOTE:
        return False
    noted = entry.deed is not None and entry.deed.act == Act.NOTE
    return noted or _OF_OTHERS.fullmatch(entry.text) is not None


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
