"""Records of every version of the dialog are carried forward; one is kept of each."""

import json
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import Any

import msgspec
import pytest

from state.conversation import Chat, Conversation
from state.effects import Warn
from state.events import Pressed, Said
from state.machine.moment import Moment
from state.machine.step import step
from state.parts import Shown
from state.proof import Proof
from state.states import State
from state.store import codec, flat

_GOLDEN = sorted((Path(__file__).parents[1] / "golden").glob("*.json"))
_MOMENT = Moment(now=1_795_500_000_000, at=0, today="24/11/2026", code="ZZZZ2345")


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
            if name in flat.PATHS:
                kept = reduce(getattr, flat.PATHS[name], read)
                assert _holds(msgspec.json.decode(msgspec.json.encode(kept)), value), name
        assert (read.link is not None) == record.get("linked", False)


def test_what_reading_fills_in_is_not_stored() -> None:
    """No part of a record, nor a part's part, holds what is empty anyway."""
    for record in json.loads(_GOLDEN[-1].read_text("utf-8")):
        stored = codec.encode_conversation(codec.conversation(msgspec.json.encode(record)))

        assert not _empty(json.loads(stored[1:]))


def _empty(value: Any) -> bool:
    """Tell whether a name stands there for nothing."""
    if isinstance(value, dict):
        return any(map(_empty, value.values()))
    return value in ("", None, [], False)


def test_terms_are_stored_once() -> None:
    """The digest of the text that was agreed to stands in the consent, and nowhere else."""
    chat = Chat(channel="telegram", account="1", id="2")
    asked = Conversation(
        chat=chat, state=State.CONSENT, shown=Shown(asked="consent", terms="a" * 64)
    )
    after, _ = step(asked, Said(text="sí, autorizo"), replace(_MOMENT, terms="a" * 64))

    assert after.consent is not None
    assert (after.consent.terms, after.shown.terms) == ("a" * 64, "")


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
