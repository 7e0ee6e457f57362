"""Contact cards with several numbers, and what comes from an account of our own."""

from typing import Any

import msgspec
import pytest

from bot.channels.telegram.receive import TelegramReceiver
from bot.channels.whatsapp.messages import event_of
from bot.channels.whatsapp.receive import WhatsAppReceiver
from state.events import SharedContact
from state.parts import Person

_OURS = "573009998877"


def _card(*phones: dict[str, str], **rest: Any) -> dict[str, Any]:
    return {"type": "contacts", "id": "m", "contacts": [{"phones": list(phones)}], **rest}


def test_whatsapp_landline_first() -> None:
    """Of a card's numbers the first mobile is taken, or else the first."""
    fixed, mobile = {"phone": "+57 607 630 1234"}, {"phone": "+57 300 123 4567"}
    local = {"phone": "300 123 4567"}
    me = Person(user="u", phone="573111111111")

    def read(*phones: dict[str, str]) -> object:
        return event_of(_card(*phones), me)

    assert read(fixed, mobile) == SharedContact(phone="573001234567", own=False)
    assert read(fixed, local) == SharedContact(phone="3001234567", own=False)
    assert read(fixed) == SharedContact(phone="576076301234", own=False)
    assert read({"phone": "extensión"}, mobile) == SharedContact(phone="573001234567", own=False)


def test_whatsapp_own_card() -> None:
    """A card that answers our request stands for its first number, whatever else it holds."""
    card = _card({"wa_id": "573001234567"}, {"wa_id": "573119998877"}, origin="contact_request")
    person = Person(user="u", phone="573001234567")
    assert event_of(card, person) == SharedContact(phone="573001234567", own=True)


def _telegram(contact: dict[str, Any], sender: int = 5) -> object:
    message = {
        "message_id": 1,
        "from": {"id": sender},
        "chat": {"id": sender, "type": "private"},
        "contact": contact,
    }
    call = TelegramReceiver("42", "s").update(1, {"message": message})
    return [delivery.event for _, delivery in call.arrived]


def test_telegram_landline_first() -> None:
    """A card's other numbers stand in its vCard: a mobile there is taken before a landline."""
    card = "BEGIN:VCARD\nFN:A\nTEL;TYPE=HOME:+57 607 6301234\nTEL;TYPE=CELL:+573001234567\nEND"
    assert _telegram({"phone_number": "576076301234", "vcard": card}) == [
        SharedContact(phone="573001234567", own=False)
    ]
    own = {"phone_number": "573119998877", "user_id": 5, "vcard": card}
    assert _telegram(own) == [SharedContact(phone="573119998877", own=True)]


def test_telegram_ourselves() -> None:
    """What our own bot is said to have written is passed over."""
    assert _telegram({"phone_number": "573001234567"}, sender=42) == []


@pytest.mark.parametrize("shown", ["+57 300 999 8877", _OURS])
def test_whatsapp_ourselves(shown: str) -> None:
    """A message from our own number is passed over; a customer's beside it is not."""
    messages = [
        {"id": str(index), "from": sender, "type": "text", "text": {"body": "hola"}}
        for index, sender in enumerate((_OURS, "573001234567"))
    ]
    value = {
        "metadata": {"display_phone_number": shown, "phone_number_id": "1"},
        "messages": messages,
    }
    body = {"entry": [{"changes": [{"field": "messages", "value": value}]}]}
    receiver = WhatsAppReceiver("1", ["s"], "t")

    call = receiver.parse(msgspec.json.encode(body))

    assert [chat.id for chat, _ in call.arrived] == ["573001234567"]
    assert not call.unread
