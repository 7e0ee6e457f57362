"""The service beside a chat, masked: as the directory has it, else as it was read with the chat."""

from collections.abc import Iterator
from typing import Any

from handlers import local
from handlers.console.readings import Reading
from handlers.pages.rows import show_wait
from state.client import Client, is_same_holder
from state.conversation import Conversation
from state.fields import masks
from state.fields.amounts import spell_day, spell_pesos
from state.fields.table import FIELDS
from state.inquiry import Balance, ServiceStatus, Supply
from state.messages.service_card import SUPPLIES, Owed, ServiceFact, ServiceLine
from state.messages.staff import Card

Facts = list[tuple[str, str]]


def show_known(conversation: Conversation) -> dict[str, Any] | None:
    """Show the service as it was read with the chat, while the directory is asked.

    `stamp` changes when it should be asked again.
    """
    client, saved = conversation.identity.client, conversation.last_change
    if client is None:
        return None
    stamp = f"{client.service_id}-{saved.at}-{saved.standing}" if saved else f"{client.service_id}"
    return _show(client, told=ServiceLine.RECORD) | {"stamp": stamp}


def show_reading(known: Client, reading: Reading, *, now: int) -> dict[str, Any]:
    """Show a service as it was read; while that cannot be, as it was before."""
    client = reading.client
    if client is None:
        lacks = ServiceLine.NEVER if reading.failed else ServiceLine.MISSING
        return _show(known, told=lacks, warns=True)
    told = _tell_doubt(known, client, reading)
    shown = _show(client, told=told, warns=bool(told))
    shown["facts"][:0] = _list_status(reading.status, reading.balance, now)
    supply = reading.status.supply
    return shown | {
        "at": reading.at,
        "age": show_wait(now - reading.at)[0],
        "supply": supply.value,
        "state": SUPPLIES[supply],
        "outage": _tell_outage(reading.status),
    }


def _tell_doubt(known: Client, client: Client, reading: Reading) -> str:
    """Tell what makes a reading doubtful; empty if nothing does."""
    if reading.failed:
        return ServiceLine.AWAY
    if known.name and not is_same_holder(known, client):
        return ServiceLine.OTHER_HOLDER
    return ""


def _show(client: Client, *, told: str, warns: bool = False) -> dict[str, Any]:
    return {
        "service_id": client.service_id,
        "holder": masks.name(client.name) or Card.BLANK,
        "plan": client.plan,
        "facts": [(name, value or Card.BLANK) for name, value in _list_on_file(client)],
        "told": str(told),
        "warns": warns,
        "at": 0,
        "age": "",
        "supply": Supply.UNKNOWN.value,
        "state": "",
        "outage": "",
    }


def _list_status(status: ServiceStatus, balance: Balance | None, now: int) -> Facts:
    today = f"{local.local(now).date()}"
    facts: Facts = [(ServiceFact.BALANCE, _tell_balance(balance, today))]
    if status.cut_off:
        facts.append((ServiceFact.CUT_OFF, spell_day(status.cut_off, today)))
    return facts


def _list_on_file(client: Client) -> Iterator[tuple[str, str]]:
    yield ServiceFact.ADDRESS, masks.address(client.address)
    for field, info in FIELDS.items():
        text = info.mask_all(client.of(field).values, Card.NONE)
        yield Card.ON_FILE.format(field=info.label), text


def _tell_balance(balance: Balance | None, today: str) -> str:
    if balance is None:
        return Owed.UNKNOWN
    pesos = spell_pesos(balance.owed)
    if balance.owed <= 0:
        return Owed.AHEAD.format(pesos=pesos) if balance.owed else Owed.NOTHING
    if not balance.due:
        return Owed.SOME.format(pesos=pesos)
    told = Owed.SOME_LATE if balance.due < today else Owed.SOME_UNTIL
    return told.format(pesos=pesos, day=spell_day(balance.due, today))


def _tell_outage(status: ServiceStatus) -> str:
    if not status.outage:
        return ""
    words = status.outage_words
    return ServiceLine.OUTAGE_SAID.format(words=words) if words else ServiceLine.OUTAGE
