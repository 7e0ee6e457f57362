"""The format of encrypted values: JSON of the dataclasses, tagged by kind where kinds mix.

Unknown fields are ignored and missing ones take their defaults, so a record of an older or newer
version can still be read.
"""

import dataclasses
from typing import get_args

import msgspec

from state.conversation import Chat, Conversation, State
from state.effects import Effect
from state.events import Event
from state.journal import Entry
from state.proof import Proof

_EMPTY = vars(Conversation(chat=Chat(channel="", account="", id="")))
_json = msgspec.json.Encoder()
_conversation = msgspec.json.Decoder(Conversation)
_entry = msgspec.json.Decoder(Entry)
_tagged = msgspec.json.Decoder(tuple[Chat, str, msgspec.Raw])
_effects = {kind.__name__: msgspec.json.Decoder(kind) for kind in get_args(Effect)}
_events = {kind.__name__: msgspec.json.Decoder(kind) for kind in get_args(Event)}


def encode(entry: Entry) -> bytes:
    """Encode a journal entry."""
    return _json.encode(entry)


def encode_conversation(conversation: Conversation) -> bytes:
    """Encode a record: only what differs from a new one, half of it in most chats."""
    fields = vars(conversation)
    return _json.encode({name: fields[name] for name in fields if fields[name] != _EMPTY[name]})


def conversation(raw: bytes) -> Conversation:
    """Decode a conversation's record; migrate one of an older version."""
    try:
        read = _conversation.decode(raw)
    except msgspec.ValidationError:
        return _salvaged(raw)
    if read.proven:  # the first version had only one proof
        return dataclasses.replace(read, proven=False, proofs=(Proof.INVITATION,))
    return read


_SAFE = ("chat", "holder", "turns", "question", "consent", "flow", "person", "asked_at", "heard_at")
"""What is kept of a record that cannot be decoded: who it is, and what was agreed."""


def _salvaged(raw: bytes) -> Conversation:
    """Start the dialog again if a record is of an unknown version."""
    fields = msgspec.json.decode(raw)
    kept = {name: fields[name] for name in _SAFE if name in fields}
    return msgspec.convert(kept | {"state": State.GREETING.value}, Conversation)


def entry(raw: bytes) -> Entry:
    """Decode a journal entry."""
    return _entry.decode(raw)


def encode_tagged(chat: Chat, effect: Effect | Event) -> bytes:
    """Encode an effect (or an event) with its kind and its chat."""
    return _json.encode((chat, type(effect).__name__, effect))


def effect(raw: bytes) -> tuple[Chat, Effect]:
    """Decode an effect and its chat."""
    chat, kind, body = _tagged.decode(raw)
    performed: Effect = _effects[kind].decode(body)
    return chat, performed


def event(raw: bytes) -> tuple[Chat, Event]:
    """Decode an event and its chat."""
    chat, kind, body = _tagged.decode(raw)
    happened: Event = _events[kind].decode(body)
    return chat, happened
