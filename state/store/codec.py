"""The format of encrypted values: JSON of the dataclasses, tagged by kind where kinds mix.

A record begins with the number of its format, one byte: inside the seal, so that nobody can change
it, and before the JSON, so that it is read first. A record of a newer format is never guessed at.
Unknown fields are ignored and missing ones take their defaults, so that what an older version
wrote still reads; what it called or arranged otherwise is carried forward by `state.store.flat`.
"""

from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, get_args

import msgspec

from state.conversation import Chat, Conversation
from state.effects import Effect
from state.events import Event
from state.journal import Entry
from state.machine.leaving import linked_identity
from state.store import flat
from state.store.encryption import Unsealable
from state.store.formats import FORMAT, NewerFormat
from state.views import Row

_FLAT = ord("{")
"""A record of version 0.1 has no number, and begins as JSON does."""

_NUMBER = bytes([FORMAT])
"""The number of the format, with which a record begins."""

_EMPTY = Conversation(chat=Chat(channel="", account="", id=""))
_NAMES = tuple(field.name for field in fields(Conversation))
_json = msgspec.json.Encoder()
_conversation = msgspec.json.Decoder(Conversation)
_entry = msgspec.json.Decoder(Entry)
_row = msgspec.json.Decoder(Row)
_tagged = msgspec.json.Decoder(tuple[Chat, str, msgspec.Raw])
_effects = {kind.__name__: msgspec.json.Decoder(kind) for kind in get_args(Effect)}
_NOT_OURS = (msgspec.MsgspecError, LookupError, TypeError, AttributeError)
_events = {kind.__name__: msgspec.json.Decoder(kind) for kind in get_args(Event)}


def encode(entry: Entry) -> bytes:
    """Encode a journal entry: only what is not as it mostly is."""
    return _json.encode(_shorten(entry))


def encode_conversation(conversation: Conversation) -> bytes:
    """Write a record: only what is not as it was at the beginning, half of it in most chats.

    Who the customer is does not stand there twice: the identity of a linked chat is its link's.
    """
    record: dict[str, Any] = {}
    resting = linked_identity(conversation.link)
    for name in _NAMES:
        value = getattr(conversation, name)
        usual = resting if name == "identity" else getattr(_EMPTY, name)
        if value != usual:
            record[name] = _shorten(value)
    return _NUMBER + _json.encode(record)


def _shorten(value: Any) -> Any:
    """Leave out of a part, and of the parts of a part, what reading it fills in by itself."""
    kind: type[Any] = type(value)
    if kind is tuple:
        return [_shorten(part) for part in value]
    if not is_dataclass(kind):
        return value
    return {
        name: _shorten(given)
        for name, default in _defaults(kind)
        if (given := getattr(value, name)) != default
    }


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (field.name, field.default if field.default_factory is MISSING else field.default_factory())
        for field in fields(kind)
    )


def is_current(raw: bytes) -> bool:
    """Tell whether a record is of the format that is written today."""
    return raw.startswith(_NUMBER)


def conversation(raw: bytes) -> Conversation:
    """Read a conversation's record, and carry one of an older version forward.

    Raises:
        NewerFormat: a newer version wrote it.
    """
    if raw[0] == _FLAT:
        return flat.migrate_record(raw)
    if raw[0] > FORMAT:
        raise NewerFormat
    read = _conversation.decode(raw[1:])
    return read if b'"identity":' in raw else _resting(read)


def _resting(read: Conversation) -> Conversation:
    object.__setattr__(read, "identity", linked_identity(read.link))  # nobody else has it yet
    return read


def encode_row(row: Row) -> bytes:
    """Write a row of the lists: only what is not as it mostly is."""
    return _json.encode(_shorten(row))


def row(raw: bytes) -> Row:
    """Read a row of the lists."""
    return _row.decode(raw)


def entry(raw: bytes) -> Entry:
    """Decode a journal entry."""
    return _entry.decode(raw)


def encode_tagged(chat: Chat, effect: Effect | Event) -> bytes:
    """Encode an effect (or an event) with its kind and its chat: only what is not as usual."""
    return _json.encode((chat, type(effect).__name__, _shorten(effect)))


def effect(raw: bytes) -> tuple[Chat, Effect]:
    """Decode an effect and its chat.

    Raises:
        Unsealable: it is none that we know.
    """
    try:
        chat, kind, body = _tagged.decode(raw)
        performed: Effect = _effects[kind].decode(flat.migrate_effect(kind, body))
    except _NOT_OURS:
        raise Unsealable("no effect") from None  # the cause would quote it
    return chat, performed


def event(raw: bytes) -> tuple[Chat, Event]:
    """Decode an event and its chat.

    Raises:
        Unsealable: it is none that we know.
    """
    try:
        chat, kind, body = _tagged.decode(raw)
        happened: Event = _events[kind].decode(flat.carried_event(body))
    except _NOT_OURS:
        raise Unsealable("no event") from None
    return chat, happened
