"""The shape of what is sealed: JSON of the pure dataclasses, tagged by kind where kinds mix.

Unknown fields are ignored and missing ones take their defaults, so a record of an older or newer
version still reads.
"""

from typing import get_args

import msgspec

from state.conversation import Chat, Conversation
from state.effects import Effect
from state.events import Event
from state.journal import Entry

_EMPTY = vars(Conversation(chat=Chat(channel="", account="", id="")))
_json = msgspec.json.Encoder()
_conversation = msgspec.json.Decoder(Conversation)
_entry = msgspec.json.Decoder(Entry)
_tagged = msgspec.json.Decoder(tuple[Chat, str, msgspec.Raw])
_effects = {kind.__name__: msgspec.json.Decoder(kind) for kind in get_args(Effect)}
_events = {kind.__name__: msgspec.json.Decoder(kind) for kind in get_args(Event)}


def encode(entry: Entry) -> bytes:
    """Write a line of the journal."""
    return _json.encode(entry)


def encode_conversation(conversation: Conversation) -> bytes:
    """Write a record: only what is not as it was at the beginning, half of it in most chats."""
    fields = vars(conversation)
    return _json.encode({name: fields[name] for name in fields if fields[name] != _EMPTY[name]})


def conversation(raw: bytes) -> Conversation:
    """Read a conversation's record."""
    return _conversation.decode(raw)


def entry(raw: bytes) -> Entry:
    """Read a line of the journal."""
    return _entry.decode(raw)


def encode_tagged(chat: Chat, effect: Effect | Event) -> bytes:
    """Write an effect (or an event) with its kind and the chat it belongs to."""
    return _json.encode((chat, type(effect).__name__, effect))


def effect(raw: bytes) -> tuple[Chat, Effect]:
    """Read an effect and the chat it belongs to."""
    chat, kind, body = _tagged.decode(raw)
    performed: Effect = _effects[kind].decode(body)
    return chat, performed


def event(raw: bytes) -> tuple[Chat, Event]:
    """Read an event and the chat that it happened to."""
    chat, kind, body = _tagged.decode(raw)
    happened: Event = _events[kind].decode(body)
    return chat, happened
