"""The shape of what is sealed: JSON of the pure dataclasses, tagged by kind where kinds mix.

Unknown fields are ignored and missing ones take their defaults, so a record of an older or newer
version still reads.
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
    """Write a line of the journal."""
    return _json.encode(entry)


def encode_conversation(conversation: Conversation) -> bytes:
    """Write a record: only what is not as it was at the beginning, half of it in most chats."""
    fields = vars(conversation)
    return _json.encode({name: fields[name] for name in fields if fields[name] != _EMPTY[name]})


def conversation(raw: bytes) -> Conversation:
    """Read a conversation's record, and carry one of an older version forward."""
    try:
        read = _conversation.decode(raw)
    except msgspec.ValidationError:
        return _salvaged(raw)
    if read.proven:  # the first version knew one proof only
        return dataclasses.replace(read, proven=False, proofs=(Proof.INVITATION,))
    return read


_SAFE = ("chat", "holder", "turns", "question", "consent", "flow", "person", "asked_at", "heard_at")
"""What of a record that cannot be read is kept: who it is, and what was agreed."""


def _salvaged(raw: bytes) -> Conversation:
    """Begin the dialog anew where a record is of a version that we do not know."""
    fields = msgspec.json.decode(raw)
    kept = {name: fields[name] for name in _SAFE if name in fields}
    return msgspec.convert(kept | {"state": State.GREETING.value}, Conversation)


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
