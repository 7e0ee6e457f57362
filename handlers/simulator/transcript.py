"""A conversation on a simulated phone, written as a transcript that tests perform.

The language stands at the head of `tests/transcripts`. What cannot be performed there is a remark.
"""

import re
from collections.abc import Iterator, Sequence
from string import Formatter

from handlers.simulator import naming
from state.events import (
    Edited,
    Event,
    Invited,
    Medium,
    Pressed,
    Said,
    SentMedia,
    SharedContact,
)
from state.journal import Entry, Kind
from state.messages import staff
from state.staff_actions import (
    Asked,
    Closed,
    CodeRead,
    HandedBack,
    TakenOver,
    Undone,
    Vouched,
)
from state.store.simulator import Bubble, SimulatedPhone

_MINUTE = 60_000  # ms
_LONG = 2 * _MINUTE  # between two messages: time passes
_SMS = "sms"
_ANSWERS = "wisphub: (responde)"
_MANNER = ("wisphub: (", "# WispHub: ")
_SIX = re.compile(r"\b\d{6}\b")
_MEDIA = {Medium.VOICE: "nota de voz", Medium.IMAGE: "foto", Medium.OTHER: "archivo"}


def tell(
    happened: Event | None, phone: SimulatedPhone, screen: Sequence[Bubble], *, label: str
) -> tuple[str, ...]:
    """Tell what the owner does, given what stands on the screen."""
    match happened:
        case Said(text=text) if text.split()[-1:] == [phone.invitation]:
            return (f"customer: (invitación escrita {phone.service_id})",)
        case Said(text=text):
            return (f"customer: {_write_typing(text, screen)}",)
        case Invited(code=phone.invitation):
            return (f"customer: (invitación {phone.service_id})",)
        case Invited(code=code):
            return (f"customer: (invitación {code})",)
        case Pressed(button=button):
            return (f"customer: {_write_press(button, screen, label)}",)
        case SharedContact(phone=number, own=own, others=others):
            card = ", ".join((number, *others))
            return (f"customer: (contacto {'' if own else 'ajeno '}{card})",)
        case SentMedia(medium=medium, caption=caption):
            beneath = f": {_fold(caption)}" if caption else ""
            return (f"customer: ({_MEDIA[medium]}{beneath})",)
        case Edited(text=text):
            return (f"edits: {_fold(text)}",)
        case _:
            return ("# El cliente reacciona a un mensaje: no llega nada.",)


def tell_manner(manner: str, screen: Sequence[Bubble]) -> tuple[str, ...]:
    """Tell how the directory behaves, if it did otherwise before."""
    told = (line for bubble in reversed(screen) for line in reversed(bubble.lines))
    last = next((line for line in told if line.startswith(_MANNER)), _ANSWERS)
    return () if manner == last else (manner,)


def write(
    phone: SimulatedPhone,
    bubbles: Sequence[Bubble],
    entries: Sequence[Entry],
    *,
    codes: bool,
    now: str,
) -> str:
    """Write a conversation down; `now` tells what stands in the directory.

    `codes` if one-time codes can be sent.
    """
    known = phone.number if phone.chat.account == "whatsapp" and not phone.hides_number else ""
    head = [
        "# Copiado del simulador: diga aquí qué demuestra.",
        *phone.placed.splitlines(),
        *(["codes: (salen)"] if codes else []),
        *([f"phone: {known}"] if known else []),
    ]
    parts = [(entry.at, _acts(entry)) for entry in entries if entry.kind is Kind.NOTE]
    parts += [(bubble.at, _lines(bubble)) for bubble in bubbles]
    return "\n".join([*head, *_in_time(parts), now]) + "\n"


def _in_time(parts: Sequence[tuple[int, Sequence[str]]]) -> Iterator[str]:
    """Put everything in order, with the time that passed; what staff did comes before its word."""
    before = 0
    for at, lines in sorted((part for part in parts if part[1]), key=lambda part: part[0]):
        if before and at - before >= _LONG:
            yield f"time: {-(-(at - before) // _MINUTE)} min"
        before = at
        yield from lines


def _lines(bubble: Bubble) -> Sequence[str]:
    message = bubble.message
    if bubble.mine:
        return bubble.lines
    if message.member == _SMS:
        return ()
    if not message.member:
        return (f"bot: {naming.name(message)}",)
    author, words = _author(message.member), naming.name(message)
    typed = not words.startswith("<")
    return (*([f"staff {author}: {words}"] if typed else []), f"{author}: {words}")


def _write_typing(text: str, screen: Sequence[Bubble]) -> str:
    """Write what was typed; a one-time code is another one each time."""
    codes = {
        code
        for bubble in screen
        if bubble.message.member == _SMS
        for code in _SIX.findall(bubble.message.text)
    }
    return "(código)" if text.strip() in codes else _fold(text)


def _write_press(button: str, screen: Sequence[Bubble], label: str) -> str:
    offered = next((one.message.buttons for one in reversed(screen) if one.message.buttons), ())
    return f"[{label}]" if any(one.id == button for one in offered) else "(botón viejo)"


def _fold(text: str) -> str:
    return " ".join(text.split())


def _author(name: str) -> str:
    """Give a name of one word: a transcript has no others."""
    return name.split(maxsplit=1)[0]


_ACTS: tuple[tuple[str, str], ...] = (
    (staff.NOTES[TakenOver], "(toma)"),
    (staff.NOTES[HandedBack], "(devuelve)"),
    (staff.NOTES[Closed], "(cierra)"),
    (staff.NOTES[Asked], "(pregunta: {text})"),
    (staff.NOTES[CodeRead], "(dicta código)"),
    (staff.NOTES[Undone], "(deshace: {reason})"),
    (staff.NOTES[Vouched], "(comprueba: {reason})"),
    (staff.DECISIONS[True], "(aprueba)"),
    (staff.DECISIONS[False], "(rechaza: {reason})"),
)
"""What staff did, as the journal notes it and as a transcript writes it."""


def _acts(entry: Entry) -> Sequence[str]:
    """Read a note of the journal as an act of staff; most notes are none."""
    for noted, written in _ACTS:
        found = re.fullmatch(_pattern(noted), entry.text, re.DOTALL)
        if found:
            agent = _author(found["agent"])
            return (f"staff {agent}: {_fold(written.format_map(found.groupdict()))}",)
    return ()


def _pattern(noted: str) -> str:
    return "".join(
        re.escape(words) + (f"(?P<{place.removeprefix('event.')}>.+?)" if place else "")
        for words, place, _, _ in Formatter().parse(noted)
    )
