"""Clients of the provider, written as WispHub stores them."""

from typing import Any

from state.client import Change, Client, OnFile
from state.fields import phonebook
from state.fields.table import Field


def make_client(service_id: int, *, document: str = "", phone: str = "", **others: Any) -> Client:
    """A client with this document, and this text in the phone field."""
    return Client(service_id=service_id, on_file=on_file(document, phone), **others)


def on_file(document: str = "", phone: str = "") -> dict[Field, OnFile]:
    """What stands on file."""
    stored = {
        Field.DOCUMENT: OnFile((document,)) if document else None,
        Field.PHONE: OnFile(phonebook.parse(phone), phone) if phone else None,
    }
    return {field: it for field, it in stored.items() if it is not None}


def phone_text(client: Client) -> str:
    """What stands in the phone field, to the letter."""
    return client.of(Field.PHONE).text


def make_changes(
    known: Client | None = None,
    *,
    document: str | None = None,
    phone: str | None = None,
    replaces: bool = False,
) -> tuple[Change, ...]:
    """Changes of a client, from what stands on file."""
    new = {Field.DOCUMENT: document, Field.PHONE: phone}
    return tuple(
        Change(
            field=field,
            new=value,
            old=known.of(field) if known else OnFile(),
            replaces=replaces and field is Field.PHONE,
        )
        for field, value in new.items()
        if value is not None
    )
