"""One WhatsApp message as an event: every shape that Meta is known to send, and any other."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.channels import loose
from bot.channels.cards import choose_phone
from bot.channels.whatsapp.forms import read_form
from state.events import (
    Edited,
    Event,
    Medium,
    Pressed,
    Renumbered,
    Said,
    SentMedia,
    SharedContact,
    Withdrawn,
)
from state.fields.profile_names import clean_name
from state.parts import NOBODY, Person

_TEXT = 4096
_USER = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[0-9A-Za-z]{1,128}")
"""A business-scoped user id (business_scoped_user_ids, 2026-02)."""

_FILE = re.compile(r"[0-9A-Za-z_-]{1,128}")
_PHONE = re.compile(r"\+?([0-9]{5,15})")


def user_of(value: Any, *places: str) -> str:
    """Find an account's id in one of these places; some put it where the number belongs."""
    found = (loose.text(value, *place.split(".")) for place in places)
    return next((name for name in found if _USER.fullmatch(name)), "")


def phone_of(value: Any, place: str) -> str:
    """Find a number: digits without `+`; missing, empty or an id are none."""
    match = _PHONE.fullmatch(re.sub(r"[\s()-]", "", loose.text(value, *place.split("."))))
    return match[1] if match else ""


def sort_contacts(contacts: list[Any]) -> Mapping[str, Person]:
    """Sort the contacts by each name; there may be as many as messages, a thousand."""
    people: dict[str, Person] = {}
    for contact in contacts:
        user, phone = user_of(contact, "user_id", "wa_id"), phone_of(contact, "wa_id")
        name = clean_name(loose.text(contact, "profile", "name"))
        person = Person(user=user, phone=phone, name=name)
        for known in filter(None, (user, phone)):
            people.setdefault(known, person)
    return people


def address(message: Any, contacts: Mapping[str, Person]) -> Person:
    """Tell who wrote: by the message itself, and by the contact that matches it, if one does."""
    user, phone = user_of(message, "from_user_id", "from"), phone_of(message, "from")
    theirs = contacts.get(user) or contacts.get(phone) or NOBODY
    return replace(theirs, user=user or theirs.user, phone=phone or theirs.phone)


def event_of(message: Any, person: Person) -> Event | None:
    """Read a message; none if nobody waits for an answer to it."""
    if loose.at(message, "group_id") is not None:
        return None
    read = _KINDS.get(loose.text(message, "type"))
    return _media(message, Medium.OTHER) if read is None else read(message, person)


def _text(message: Any, _person: Person) -> Event:
    text = loose.text(message, "text", "body")[:_TEXT]
    if not text:
        return SentMedia(medium=Medium.OTHER)
    return Said(text=text, message=loose.text(message, "id"))


def _interactive(message: Any, _person: Person) -> Event:
    """Read a press; an answer without one comes where Meta could not make it out."""
    for kind in ("button_reply", "list_reply"):
        button = loose.text(message, "interactive", kind, "id")
        if button:
            return Pressed(button=button[:256])
    form = read_form(loose.text(message, "interactive", "nfm_reply", "response_json"))[:_TEXT]
    if form:
        return Said(text=form, message=loose.text(message, "id"))
    return SentMedia(medium=Medium.OTHER)


def _template_button(message: Any, _person: Person) -> Event:
    text = loose.text(message, "button", "text") or loose.text(message, "button", "payload")
    if not text:
        return SentMedia(medium=Medium.OTHER)
    return Said(text=text[:_TEXT], message=loose.text(message, "id"))


def _contact(message: Any, person: Person) -> Event:
    """Read a contact; vouched for by Meta only when it answers our request for it.

    Any other card may hold several people, and each of them several numbers: a mobile is meant.
    Meta's page has `origin` beside the contacts, others (W, Kapso) inside: both are read.
    """
    contacts = loose.items(message, "contacts")
    card = contacts[0] if contacts else None
    origin = loose.text(message, "origin") or loose.text(card, "origin")
    vouched = origin == "contact_request"
    phone = "".join(_phones(card)[:1])
    if vouched and len(contacts) == 1:
        return SharedContact(phone=phone, own=bool(phone) and person.phone in ("", phone))
    people = (choose_phone(_phones(one)) for one in contacts)
    phone, *others = dict.fromkeys(filter(None, people)) or ("",)
    return SharedContact(phone=phone, own=False, others=tuple(others))


def _phones(card: Any) -> list[str]:
    return [
        phone_of(phone, "wa_id") or phone_of(phone, "phone")
        for phone in loose.items(card, "phones")
    ]


def _voice(message: Any, _person: Person) -> Event:
    return SentMedia(medium=Medium.VOICE, file=_file_of(message))


def _image(message: Any, _person: Person) -> Event:
    return _media(message, Medium.IMAGE)


def _document(message: Any, _person: Person) -> Event:
    pictured = loose.text(message, "document", "mime_type").startswith("image/")
    return _media(message, Medium.IMAGE if pictured else Medium.OTHER)


def _media(message: Any, medium: Medium) -> Event:
    """Read a file of any kind with its caption: a picture, a document, a video."""
    caption = loose.text(message, loose.text(message, "type"), "caption")[:_TEXT]
    name = loose.text(message, "id") if caption else ""
    return SentMedia(medium=medium, caption=caption, message=name, file=_file_of(message))


def _file_of(message: Any) -> str:
    """Find the id of a file; Meta keeps it for seven days."""
    found = loose.text(message, loose.text(message, "type"), "id")
    return found if _FILE.fullmatch(found) else ""


def _silent(_message: Any, _person: Person) -> None:
    """Take it without a word."""


def _welcome(message: Any, _person: Person) -> Event:
    """The chat was opened for the first time: what `/start` says on Telegram."""
    return Said(text="/start", message=loose.text(message, "id"))


def _system(_message: Any, person: Person) -> Event:
    """The number, the account's id or the phone in the customer's hand is another one."""
    return Renumbered(before=person)


def _edit(message: Any, _person: Person) -> Event | None:
    original = loose.text(message, "edit", "original_message_id")
    kind = loose.text(message, "edit", "message", "type")
    words = "body" if kind in ("", "text") else "caption"
    text = loose.text(message, "edit", "message", kind or "text", words)[:_TEXT]
    return Edited(message=original, text=text) if original and text else None


def _revoke(message: Any, _person: Person) -> Event:
    return Withdrawn(message=loose.text(message, "revoke", "original_message_id"))


_KINDS: dict[str, Callable[[Any, Person], Event | None]] = {
    "text": _text,
    "interactive": _interactive,
    "button": _template_button,
    "contacts": _contact,
    "audio": _voice,
    "voice": _voice,
    "image": _image,
    "document": _document,
    "reaction": _silent,
    "system": _system,
    "edit": _edit,
    "revoke": _revoke,
    "request_welcome": _welcome,
}
