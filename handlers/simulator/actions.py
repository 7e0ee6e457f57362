"""Gestures on the simulated phone, as the events that a channel would bring."""

from dataclasses import dataclass

import msgspec

from state.events import Event, Invited, Medium, Pressed, Said, SentMedia, SharedContact
from state.states import State
from state.store.simulator import SimulatedPhone

STRANGER = "573009998877"
"""A number on a contact card that is not the owner's."""

_LONGEST = 4096  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Gesture:
    """One gesture on the phone; `delivery` is the same when it is sent again."""

    action: str
    value: str
    delivery: str


encode = msgspec.json.encode
decode = msgspec.json.Decoder(Gesture).decode


class UnknownGesture(Exception):
    """The gesture does not exist."""


def event(gesture: Gesture, *, number: str) -> Event:
    """Make the event that a channel would bring; `number` is the phone's own.

    Raises:
        Unknown: the gesture does not exist.
    """
    match gesture.action, gesture.value:
        case "say", text if text.startswith("/start "):
            return Invited(code=text.removeprefix("/start ").strip()[:64])
        case "say", text if text.strip():
            return Said(text=text[:_LONGEST])
        case "press", button:
            return Pressed(button=button[:64])
        case "contact", "own":
            return SharedContact(phone=number, own=True)
        case "contact", "other":
            return SharedContact(phone=STRANGER, own=False)
        case "media", "voice":
            return SentMedia(medium=Medium.VOICE)
        case "media", "photo":
            return SentMedia(medium=Medium.IMAGE)
        case _:
            raise UnknownGesture


def show(happened: Event, *, label: str) -> str:
    """Return the text of the owner's bubble; a pressed button shows its label."""
    match happened:
        case Said(text=text):
            return text
        case Pressed():
            return label or "Botón"
        case Invited():
            return "/start …"
        case SharedContact(phone=phone, own=own):
            return f"Contacto: {'yo' if own else 'otra persona'}, +{phone}"
        case SentMedia(medium=medium):
            return {Medium.VOICE: "Nota de voz (0:07)"}.get(medium, "Foto")
        case _:
            return ""


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
