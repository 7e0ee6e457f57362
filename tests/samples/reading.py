"""What a receiver read of a call, in one line a part: the form in which samples expect it."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path

from bot.channels.telegram.receive import TelegramReceiver
from bot.channels.whatsapp.receive import WhatsAppReceiver
from handlers.ports import Delivery, Receipt, Receiver, VendorCall
from state.conversation import Chat
from state.parts import NOBODY

HERE = Path(__file__).parent

BOT = "8123456789"
NUMBER = "106540352242922"
"""Whom the samples are for: a bot, and a WhatsApp number's id."""

SECRET = "S3creto-de-muestra"
TOKEN = "ficha-de-muestra"

INLETS: Mapping[str, Receiver] = {
    "telegram": TelegramReceiver(BOT, SECRET),
    "whatsapp": WhatsAppReceiver(NUMBER, [SECRET], TOKEN),
}
ACCOUNTS = {"telegram": BOT, "whatsapp": NUMBER}


def bodies(channel: str) -> Mapping[str, bytes]:
    """Read the recorded calls of a channel, by name."""
    return {path.stem: path.read_bytes() for path in sorted((HERE / channel).glob("*.json"))}


def expected(channel: str) -> Mapping[str, Sequence[str]]:
    """Read what the calls of a channel are to be read as, by name."""
    table = tomllib.loads((HERE / f"{channel}.toml").read_text(encoding="utf-8"))
    assert all(sample["source"] for sample in table.values())
    return {name: sample["reads"] for name, sample in table.items()}


def lines(call: VendorCall) -> list[str]:
    """Write a call down, part by part: what arrived, receipts, what was put aside."""
    return [
        *(_arrived(chat, delivery) for chat, delivery in call.arrived),
        *(_receipt(receipt) for receipt in call.receipts),
        *(f"put aside: {unread.reason}" for unread in call.unread),
    ]


def _arrived(chat: Chat, delivery: Delivery) -> str:
    parts = [
        f"chat {chat.id}",
        f"{type(delivery.event).__name__} {_told(delivery.event)}".rstrip(),
        f"at {delivery.at}",
        f"id {delivery.id}",
    ]
    if delivery.person != NOBODY:
        parts.append(f"from {_told(delivery.person)}")
    if delivery.handle:
        parts.append(f"handle {delivery.handle}")
    return " | ".join(parts)


def _receipt(receipt: Receipt) -> str:
    return f"receipt {receipt.reach.name} {_told(receipt)}"


def _told(thing: object) -> str:
    return " ".join(_fields(thing))


def _fields(thing: object) -> Iterator[str]:
    """Write what a dataclass holds, but for what is empty."""
    assert is_dataclass(thing)
    for field in fields(thing):
        value = getattr(thing, field.name)
        if is_dataclass(value):
            yield f"{field.name}=({_told(value)})"
        elif value not in ("", ()) and field.name not in (
            "reach",
            "recycled_at",
        ):  # no vendor tells it
            yield f"{field.name}={_plain(value)!r}"


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else value
