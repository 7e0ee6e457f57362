"""Gestures on the simulated phone, as the events that a channel would bring."""

from dataclasses import dataclass

import msgspec

from state.events import Edited, Event, Invited, Medium, Pressed, Said, SentMedia, SharedContact
from state.fields.profile_names import clean_name
from state.parts import Person
from state.states import State
from state.store.simulator import Bubble, SimulatedPhone

STRANGERS = ("573009998877", "573123334455")
"""Numbers on contact cards that are not the owner's."""

_LONGEST = 4096  # characters
_CAPTION = 1024

TELEGRAM = "telegram"
SIGN = "👍"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gesture:
    """One gesture on the phone; `delivery` is the same when it is sent again.

    Attributes:
        caption: what is written beneath a picture.
        about: the id of the bubble that is changed or reacted to.
    """

    action: str
    value: str
    delivery: str
    caption: str = ""
    about: str = ""


encode = msgspec.json.encode
decode = msgspec.json.Decoder(Gesture).decode


class UnknownGesture(Exception):
    """The gesture does not exist."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """What can be sent besides words: what it is to us, and what the owner's bubble shows."""

    medium: Medium
    shown: str
    captioned: bool = True


ATTACHMENTS = {
    "voice": Attachment(Medium.VOICE, "Nota de voz (0:07)", captioned=False),
    "photo": Attachment(Medium.IMAGE, "Foto"),
    "video": Attachment(Medium.OTHER, "Video"),
    "file": Attachment(Medium.OTHER, "recibo.pdf"),
    "place": Attachment(Medium.OTHER, "Ubicación", captioned=False),
    "sticker": Attachment(Medium.OTHER, "Sticker", captioned=False),
}


def event(gesture: Gesture, phone: SimulatedPhone, about: Bubble | None = None) -> Event | None:
    """Make the event that a channel would bring; none if it brings nothing, as of a reaction.

    `about` is the bubble that the gesture is about.

    Raises:
        UnknownGesture: the gesture does not exist.
    """
    match gesture.action, gesture.value:
        case "say", text if text.startswith("/start "):
            return Invited(code=text.removeprefix("/start ").strip()[:64])
        case "say", text if text.strip():
            return Said(text=text[:_LONGEST], message=gesture.delivery)
        case "press", button:
            return Pressed(button=button[:64])
        case "contact", card:
            return _share(card, phone)
        case "media", kind if kind in ATTACHMENTS:
            return _attach(ATTACHMENTS[kind], gesture)
        case "edit", text if about is not None and about.name and text.strip():
            return Edited(message=about.name, text=text[:_LONGEST])
        case "react", _ if about is not None:
            return None
        case _:
            raise UnknownGesture


def person(phone: SimulatedPhone, happened: Event) -> Person:
    """Tell under which names the channel knows the owner now; the account has the owner's name.

    WhatsApp shows the number with every message, or with none; Telegram with the own contact only.
    """
    shares = isinstance(happened, SharedContact) and happened.own
    name = clean_name(phone.title)
    if phone.chat.account == TELEGRAM:
        told = Person(user=phone.chat.id, phone=phone.number, name=name)
        return told if shares else Person(name=name)
    return Person(
        user=phone.chat.id,
        phone="" if phone.hides_number and not shares else phone.number,
        name=name,
    )


def _share(card: str, phone: SimulatedPhone) -> SharedContact:
    """Share a card; WhatsApp vouches for it only if it answers our request, Telegram always."""
    match card:
        case "own":
            return SharedContact(phone=phone.number, own=True)
        case "mine":
            return SharedContact(phone=phone.number, own=phone.chat.account == TELEGRAM)
        case "other":
            return SharedContact(phone=STRANGERS[0], own=False)
        case "several":
            return SharedContact(phone=STRANGERS[0], own=False, others=STRANGERS[1:])
        case _:
            raise UnknownGesture


def _attach(attachment: Attachment, gesture: Gesture) -> SentMedia:
    caption = gesture.caption.strip()[:_CAPTION] if attachment.captioned else ""
    name = gesture.delivery if caption else ""
    return SentMedia(medium=attachment.medium, caption=caption, message=name, file=gesture.value)


def show(gesture: Gesture, happened: Event | None, *, label: str) -> str:
    """Return the text of the owner's bubble; a pressed button shows its label."""
    match happened:
        case Said(text=text) | Edited(text=text):
            return text
        case Pressed():
            return label or "Botón"
        case Invited():
            return "/start …"
        case SharedContact(phone=phone, own=own, others=others):
            numbers = ", ".join(f"+{number}" for number in (phone, *others))
            return f"Contacto: {'yo' if own else 'otra persona'}, {numbers}"
        case SentMedia(caption=caption):
            shown = ATTACHMENTS[gesture.value].shown
            return f"{shown}\n{caption}" if caption else shown
        case _:
            return SIGN


def suggestions(phone: SimulatedPhone, state: State) -> list[str]:
    """Suggest what the invented customer might type now."""
    document = phone.before["Cédula"] or "1.098.765.432"
    match state:
        case State.SHARING | State.METHOD:
            return [f"Vincular {phone.invitation}", "prefiero no hacerlo"]
        case State.SERVICE:
            return [str(phone.service_id)]
        case State.NAME:
            return [phone.title, "no sé"]
        case State.DOCUMENT | State.CONFIRM_DOCUMENT:
            return [document, "no sé", "300 123 4567"]
        case State.PHONE | State.CONFIRM_PHONE:
            return ["311 222 3344", "3OO 123 45 67", "601 234 5678"]
        case State.SUMMARY | State.CORRECTION:
            return ["sí", "mi cédula es otra: 52.123.456", "cancelar"]
        case State.START:
            return ["hola", f"Vincular {phone.invitation}"]
        case _:
            return ["sí", "ayuda", "asesor"]
