"""Records of every version of the dialog are carried forward; one is kept of each."""

import dataclasses
import json
from functools import reduce
from pathlib import Path
from typing import Any

import msgspec
import pytest

from handlers.use_cases import contents, has_moved
from state.conversation import Chat, Conversation
from state.effects import Effect, UpdateClient, Warn
from state.events import ClientFound, ClientsFound, Pressed, Said
from state.fields.phonebook import parse
from state.fields.table import Field
from state.machine.moment import Moment
from state.machine.step import step
from state.objections import Assumption
from state.parts import KEPT, Draft
from state.proof import Proof
from state.states import State
from state.store import codec, flat
from tests.clients import make_changes, make_client

_GOLDEN = sorted((Path(__file__).parents[2] / "golden").glob("*.json"))
_MOMENT = Moment(now=1_795_500_000_000, at=0, today="24/11/2026", reference="ZZZZ2345")


@pytest.mark.parametrize("path", _GOLDEN, ids=lambda path: path.stem)
def test_carried_forward(path: Path) -> None:
    """Whoever wrote before an update is answered after it, and need not consent again."""
    for record in json.loads(path.read_text("utf-8")):
        read = codec.conversation(msgspec.json.encode(record))
        after, effects = step(read, Said(text="repetir"), _MOMENT)

        assert read.chat.id == record["chat"]["id"]
        assert read.consent is not None
        assert read.consent.code == record["consent"]["code"]
        assert effects
        assert codec.conversation(codec.encode_conversation(after)) == after


def test_what_was_proven_stays_proven() -> None:
    """A customer of the first version who came with an invitation still has proven it."""
    ana, luis, _ = json.loads(_GOLDEN[0].read_text("utf-8"))

    assert codec.conversation(msgspec.json.encode(ana)).identity.proofs == (Proof.INVITATION,)
    assert codec.conversation(msgspec.json.encode(luis)).identity.proofs == ()


def test_flat_record() -> None:
    """A flat record is carried forward whole: whatever it held stands in a part, or it is gone."""
    for record in json.loads(_GOLDEN[-2].read_text("utf-8")):
        read = codec.conversation(msgspec.json.encode(record))

        for name, value in record.items():
            if name in flat.PATHS and name not in _BY_FIELD:
                kept = reduce(getattr, flat.PATHS[name], read)
                assert _holds(msgspec.json.decode(msgspec.json.encode(kept)), value), name
        assert (read.link is not None) == record.get("linked", False)
        _check_fields(read, record)


_BY_FIELD = ("client", "found", "document", "phone", "replacing", "request", "saved", "check")
"""Fields of a flat record that are arranged by field today (`state.store.pairs`)."""


def _check_fields(read: Conversation, record: dict[str, Any]) -> None:
    """What stood side by side stands by field: clients, answers, a request, a change, a check."""
    old, client = record.get("client"), read.identity.client
    assert (old is None) == (client is None)
    if client is not None and old is not None:
        assert client.document == old["document"]
        assert client.of(Field.PHONE) == (parse(old["phone"]), old["phone"])
    for field in Field:
        assert read.draft.answers.get(field, "") == record.get(field.value, "")
    if old := record.get("request"):
        assert read.change.request is not None
        assert _holds(
            dataclasses.asdict(read.change.request), {"code": old["code"], "at": old["at"]}
        )
        assert [c.old.literal for c in read.change.request.changes] == [
            stood
            for stood, field in zip(old["was"], Field, strict=True)
            if record.get(field.value, KEPT) != KEPT
        ]
    if old := record.get("saved"):
        assert read.last_change is not None
        assert [(c.old.literal, c.new, c.replaces) for c in read.last_change.changes] == [
            (before, new, old["replaced"])
            for before, new in zip(old["before"], old["changed"], strict=True)
            if new
        ]
    if old := record.get("check"):
        assert read.verification is not None
        assert read.verification.written == {f: old[f] for f in Field if old[f]}


def test_update_of_an_earlier_version() -> None:
    """An update that waited is performed: a phone is added, or takes the others' place."""
    known = {"service_id": 1001, "name": "Ana", "document": "", "phone": "3159741951 / 3001112233"}
    update = {"service_id": 1001, "changes": {"document": None, "phone": "+573201234567"},
              "known": known, "rests": ["phone"], "replaces": True}  # fmt: skip

    read = _effect("UpdateClient", update)

    ana = make_client(1001, name="Ana", phone="3159741951 / 3001112233")
    assert read == UpdateClient(
        service_id=1001, known=ana, rests=(Assumption.PHONE,),
        changes=make_changes(ana, phone="+573201234567", replaces=True),
    )  # fmt: skip
    assert _effect("UpdateClient", update | {"changes": {"document": "1", "phone": None}}) == (
        dataclasses.replace(read, changes=make_changes(ana, document="1"))
    )


def test_undoing_of_an_earlier_version() -> None:
    """An undoing that waited puts back to the letter what it was to, unless somebody was there."""
    update = {"service_id": 1001, "changes": {"document": "52.123.456", "phone": "315 9741951"},
              "known": {"service_id": 1001, "document": "79123456",
                        "phone": "+573201234567,315 9741951"}, "exact": True}  # fmt: skip
    undone = _effect("UpdateClient", update)
    seen = _effect("UpdateClient", update | {"known": {"service_id": 0}})
    assert isinstance(undone, UpdateClient)
    assert isinstance(seen, UpdateClient)

    now = make_client(1001, document="79123456", phone="+573201234567,3159741951")
    assert not has_moved(undone, now)
    assert has_moved(undone, make_client(1001, document="79123456", phone="3110000000"))
    assert not has_moved(seen, make_client(1001, document="1", phone="3110000000"))
    for effect in (undone, seen):
        written = {field: it.literal for field, it in contents(effect, now).items()}
        assert written == {Field.DOCUMENT: "52.123.456", Field.PHONE: "315 9741951"}


def test_event_of_an_earlier_version() -> None:
    """What an earlier version put aside of a client is read as it is known today."""
    old = {"service_id": 1001, "document": "52123456", "phone": "3159741951"}
    ana = make_client(1001, document="52123456", phone="3159741951")
    found = [_CHAT, "ClientFound", {"client": old, "lookup": 1}]
    several = [_CHAT, "ClientsFound", {"clients": [old], "lookup": 1}]

    assert codec.event(msgspec.json.encode(found))[1] == ClientFound(client=ana, lookup=1)
    assert codec.event(msgspec.json.encode(several))[1] == ClientsFound(clients=(ana,), lookup=1)


_CHAT = {"channel": "whatsapp", "account": "1", "id": "CO.1"}


def _effect(kind: str, body: dict[str, Any]) -> Effect:
    return codec.effect(msgspec.json.encode([_CHAT, kind, body]))[1]


def test_what_reading_fills_in_is_not_stored() -> None:
    """No part of a record, nor a part's part, holds what is empty anyway."""
    for record in json.loads(_GOLDEN[-1].read_text("utf-8")):
        stored = codec.encode_conversation(codec.conversation(msgspec.json.encode(record)))

        assert not _empty(json.loads(stored[1:]))
    begun = Conversation(chat=Chat(channel="telegram", account="1", id="2"), draft=Draft(misses=1))
    assert not _empty(json.loads(codec.encode_conversation(begun)[1:]))


def _empty(value: Any) -> bool:
    """Tell whether a name stands there for nothing."""
    if isinstance(value, dict) and value:
        return any(map(_empty, value.values()))
    return value in ("", None, [], {}, False)


def _holds(kept: Any, value: Any) -> bool:
    """Tell whether all of a stored value is there; what it left out has taken its default."""
    if isinstance(value, dict):
        return all(_holds(kept[name], inner) for name, inner in value.items())
    if isinstance(value, list):
        return all(_holds(*pair) for pair in zip(kept, value, strict=True))
    return bool(kept == value)


def test_unknown_state() -> None:
    """A state that is not known falls back to the greeting, which is always safe."""
    (record,) = json.loads(_GOLDEN[-1].read_text("utf-8"))

    read = codec.conversation(msgspec.json.encode(record))

    assert (read.state, read.identity.client, read.shown.flow) == (State.GREETING, None, "AB12")


@pytest.mark.parametrize("odd", [{"saved": {}}, {"client": {"document": 7}}, {"check": [1]}])
def test_odd_pairs(odd: dict[str, Any]) -> None:
    """A record in which something else stands where two fields stood begins the dialog anew."""
    (first, *_) = json.loads(_GOLDEN[0].read_text("utf-8"))

    read = codec.conversation(msgspec.json.encode(first | odd))

    assert read.state is State.GREETING
    assert read.chat.id == first["chat"]["id"]


def test_text_that_is_gone() -> None:
    """Whoever was asked in words that we do not use any more is asked anew."""
    (first, *_) = json.loads(_GOLDEN[0].read_text("utf-8"))
    read = codec.conversation(msgspec.json.encode(first | {"asked": "doc_de_antes"}))

    after, effects = step(
        read, Pressed(button=f"{read.shown.flow}.{read.shown.question}:keep"), _MOMENT
    )

    assert effects
    assert after.shown.asked == "doc_pedir"


def test_effect_of_an_earlier_version() -> None:
    """An effect that waited while we were updated is performed: what it did not know has a value.

    The one below is as the version before named what is warned of.
    """
    chat = {"channel": "whatsapp", "account": "1", "id": "CO.1"}
    waited = [chat, "Warn", {"service_id": 1001, "field": "el celular"}]

    _, effect = codec.effect(msgspec.json.encode(waited))

    assert effect == Warn(service_id=1001, action="cambiar datos de")
