"""What 0.1 stored of its dialogs is read, means what it meant, and goes on where it was."""

import json
from functools import reduce
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from state.conversation import Conversation
from state.effects import Effect, Send, button_id
from state.events import Event, TimerFired
from state.journal import Kind
from state.machine.moment import Moment
from state.machine.step import step
from state.states import State
from state.store import codec, flat

_DIALOG = json.loads(
    (Path(__file__).parents[2] / "golden" / "0.1" / "dialog.json").read_text("utf-8")
)
_RECORDS = [*(one["record"] for one in _DIALOG["steps"]), *_DIALOG["records"]]

_MOMENT = {"code": "reference", "digits": "one_time_code", "codes": "can_send_codes"}
"""What the golden steps call the parts of a moment, which is not stored."""


def _plain(value: Any) -> Any:
    return json.loads(msgspec.json.encode(value))


def _held(conversation: Conversation, name: str) -> Any:
    """Give what stands today where that field of 0.1 went."""
    return _plain(reduce(getattr, flat.PATHS[name], conversation))


def _means(stored: Any, read: Any) -> bool:
    """Tell whether all that was stored is there; what is new may stand beside it."""
    if isinstance(stored, dict) and isinstance(read, dict):
        return all(name in read and _means(stored[name], read[name]) for name in stored)
    if isinstance(stored, list) and isinstance(read, list):
        return len(stored) == len(read) and all(map(_means, stored, read))
    return bool(stored == read)


_BY_FIELD = {
    "client", "found", "document", "phone", "replacing", "request", "saved", "check",
    "UpdateClient", "Updated", "ClientFound", "ClientsFound",
}  # fmt: skip
"""What is arranged by field today (`state.store.pairs`): each word of it is still there."""


def _words(value: Any) -> set[str]:
    """Give every text and number of a value; several phones were one text."""
    if isinstance(value, dict):
        return _words([*value.values()])
    if isinstance(value, list):
        return set[str]().union(*map(_words, value))
    empty = value is None or isinstance(value, bool) or value in ("", 0)
    return set() if empty else {word.strip() for word in str(value).split(",")}


def _is_kept(stored: Any, read: Any) -> bool:
    """Tell whether each word of a value is still there, a phone perhaps with its country code."""
    there = _words(read)
    return all(any(word in one for one in there) for word in _words(stored))


@pytest.mark.parametrize("record", _RECORDS, ids=lambda record: record.get("state", "inicio"))
def test_records(record: dict[str, Any]) -> None:
    """Every field of a record is read, and a record that is written again reads alike."""
    read = codec.conversation(msgspec.json.encode(record))

    for name in record.keys() & flat.PATHS.keys():
        if name in _BY_FIELD:
            assert _is_kept(record[name], _plain(read)), name
        else:
            assert _means(record[name], _held(read, name)), name
    assert (read.link is not None) == record.get("linked", False)
    assert record.keys() - flat.PATHS.keys() <= {"holder", "linked", "lent_until"}
    assert codec.conversation(codec.encode_conversation(read)) == read


_MENDED = {
    ("autorizacion", "mañana le digo"): "autorizacion",
    ("codigo", "CodeUnsent"): "codigo",
    ("buscando", "ClientMissing"): "buscando",
    (None, "Invited"): "autorizacion",
    ("cedula", "1098765432"): "resumen",
}
"""Where a text, or an event, leads today that 0.1 took otherwise in a state: it took a second
unclear answer as a no, told that a phone on file could not be reached, and answered a wrong
invitation at once. It greeted who came by an invitation, and asked for a phone that the channel
shows and that is on file.
"""


@pytest.mark.parametrize(
    "one",
    _DIALOG["steps"],
    ids=lambda one: f"{one['record'].get('state', 'inicio')}-{one['event'][1]}",
)
def test_goes_on(one: dict[str, Any]) -> None:
    """A conversation half way goes on in every state, as it would have."""
    read = codec.conversation(msgspec.json.encode(one["record"]))
    _, event = codec.event(msgspec.json.encode(one["event"]))

    moment = {_MOMENT.get(name, name): value for name, value in one["moment"].items()}
    after, _ = step(read, event, msgspec.convert(moment, Moment))

    text, name = one["event"][2].get("text"), one["event"][1]
    said = (one["record"].get("state"), text or name)
    assert after.state.value == _MENDED.get(said, one["state"])


def test_every_state() -> None:
    """The steps begin in every state that 0.1 knew."""
    begun = {one["record"].get("state", "inicio") for one in _DIALOG["steps"]}

    assert len(begun) == 25
    assert begun <= {state.value for state in State}


def test_timers() -> None:
    """A timer of every name that waited fires, and is not there any more."""
    names = set()
    for record in _RECORDS:
        read = codec.conversation(msgspec.json.encode(record))
        if read.timer is not None:
            names.add(read.timer.name)
            at = read.timer.due
            moment = Moment(now=at, at=at, today="24/11/2026", reference="ZZZZ2345")
            after, _ = step(read, TimerFired(generation=read.timer.generation), moment)
            assert after.timer != read.timer

    assert names == {"answer", "erase", "expire", "held", "remind", "retry"}


@pytest.mark.parametrize("stored", _DIALOG["effects"], ids=lambda stored: stored[1])
def test_effects(stored: Any) -> None:
    """An effect of every class that waited, or died, is read whole."""
    chat, effect = codec.effect(msgspec.json.encode(stored))

    author = stored[2].pop("author", "bot")
    if isinstance(effect, Send):  # a `Say` is never stored: a turn writes it out
        assert effect.member == ("" if author == "bot" else author)
    means = _is_kept if stored[1] in _BY_FIELD else _means
    assert means(stored, [_plain(chat), stored[1], _plain(effect)])
    assert codec.effect(codec.encode_tagged(chat, effect)) == (chat, effect)


@pytest.mark.parametrize("stored", _DIALOG["events"], ids=lambda stored: stored[1])
def test_events(stored: Any) -> None:
    """An event of every class that became a dead letter is read whole."""
    chat, event = codec.event(msgspec.json.encode(stored))

    means = _is_kept if stored[1] in _BY_FIELD else _means
    assert means(stored, [_plain(chat), stored[1], _plain(event)])
    assert codec.event(codec.encode_tagged(chat, event)) == (chat, event)


def test_every_class() -> None:
    """No class of effects or events that 0.1 knew has got another name."""
    effects = {stored[1] for stored in _DIALOG["effects"]}
    events = {stored[1] for stored in _DIALOG["events"]}

    assert (len(effects), len(events)) == (17, 34)
    assert effects <= {kind.__name__ for kind in get_args(Effect)}
    assert events <= {kind.__name__ for kind in get_args(Event)}


def test_buttons() -> None:
    """A button that was sent is one that is made today: conversation, question, choice."""
    sent = [codec.effect(msgspec.json.encode(stored))[1] for stored in _DIALOG["effects"]]
    buttons = [button for one in sent if isinstance(one, Send) for button in one.buttons]

    assert buttons
    for button in buttons:
        flow, _, rest = button.id.partition(".")
        assert button.id == button_id(flow, int(rest.partition(":")[0]), button.choice)


def test_journal() -> None:
    """A line of every kind is read whole, in every state."""
    for stored in _DIALOG["journal"]:
        entry = codec.entry(msgspec.json.encode(stored))
        assert _means(stored, _plain(entry))
        assert codec.entry(codec.encode(entry)) == entry

    assert {stored["kind"] for stored in _DIALOG["journal"]} == {kind.value for kind in Kind}
