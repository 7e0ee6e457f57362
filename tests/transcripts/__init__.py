"""Transcripts: conversations written down as people read them, and what performs them.

A transcript is a text file. Its first lines (`#`) say what it shows; then, one a line:

    service 1001: document=52123456 phone=3001112233      what WispHub has on file
    account 1001: owes=65000.00 due=2026-12-05 pay=https://…  what is owed (several: 1, 2)
    account 1001: state=Suspendido unpaid=sí cut=5/12/2026 outage=…   how it stands
    customer: hola                                          typed
    customer: [Empezar]                                     a button of the last message with any
    customer: (nota de voz) | (foto) | (archivo)
    customer: (foto: mi cédula es 1098765432)               what stands beneath it; a file's too
    customer: (contacto 573001234567) | (contacto ajeno 573001234567)
    customer: (contacto ajeno 573001234567, 573112223344)   a card of several people
    customer: (invitación 1001)                             follows a link staff gave for 1001
    customer: (invitación escrita 1001)                     types its code
    customer: (invitación 1001 en persona)                  one that staff showed to the holder
    customer: (botón viejo)                                 a button of the first message
    bot: Hola, … [Empezar] [Hablar con asesor]              `…` stands for anything
    bot: <hola>                                             the text of that name, its buttons
    bot: <consent_ok fecha=23/11/2026> <id_compartir>       two texts; the buttons of the last
    bot: Disculpe, no entendí. <hola>                       words, then a text
    bot: (nada)                                             silence since the last line
    codes: (salen) | (no salen)                             one-time codes can be sent, or fail
    customer: (código) | (código errado)                    types the code, or another one
    phone: 573001234567                                     the channel shows the number
    recycled: 573001234567                                  it does, and another account had it
    passed: 573001234567                                    another account shows the number now
    staff ana: (toma) | (devuelve) | (cierra) | any words   the console
    staff ana: (toma sin saludar) | (toma de luis) | (toma y responde: what)
    staff ana: (devuelve en cedula) | (nota: what)          at a state; for colleagues
    staff ana: (aprueba) | (rechaza: why) | (pregunta: what) | (comprueba: how) | (deshace: why)
    staff ana: (dicta código)                               calls the phone on file
    titular: (fui yo) | (no fui yo)                         whoever was told of our change
    warning 1001: cambiar el celular de                     another chat does that to the service
    program 1001: cambiar el celular de                     a program does
    hours: lun-vie 8:00-18:00                               when staff are here
    edits: words                                            the last text, changed
    ana: words                                              what the customer reads of her
    wisphub: (caído) | (responde) | (guarda sin decirlo)    how WispHub behaves from now on
    wisphub 1001: document=52123456 phone=…                 what stands there now
    time: 31 min                                            time passes; timers fire
    holder: bot | fila | ana

Messages are compared whole, with their whitespace folded: every word and every button.

A text that many transcripts come by is written by its name in the catalogue (`state.messages`), so
that new words for it change one transcript and not all. What fills its places may be told, as the
fields of a service are (`<resumen doc_nuevo=52123456 tel_nuevo=…>`); of a place that is not told
anything will do. Every text that is named anywhere stands word for word in a transcript
`in_full_*.txt`; a test sees to that.

`make transcripts` plays every transcript on the machine and writes what the bot says now where
it says something else than what is written, in the same style: for review, never for the record.
`make transcripts NAMES="hola consent"` also writes those texts by their names from now on.
*Copiar como prueba* in the simulator writes what was said there in this language.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from state.client import Client
from state.effects import Send
from state.events import (
    Attested,
    Edited,
    Event,
    Invited,
    Medium,
    NumberPassed,
    Pressed,
    Said,
    SentMedia,
    SharedContact,
    Warned,
)
from state.parts import BOT, QUEUE, Speaker, member
from state.staff_actions import (
    Asked,
    Closed,
    CodeRead,
    Decided,
    HandedBack,
    Noted,
    Replied,
    TakenOver,
    Undone,
    Vouched,
)
from state.states import State
from tests.accounts import Values, make_answer, make_columns
from tests.clients import make_client
from tests.transcripts import wording

CONVERSATIONS = sorted((Path(__file__).parents[1] / "conversations").glob("*.txt"))

IN_FULL = "in_full_"
"""How the transcripts' names begin in which texts that are named elsewhere stand in full."""

_LINE = re.compile(r"^(?P<who>\w+)(?: (?P<what>\w+))?: (?P<text>.*)$")
_MEDIA = {"nota de voz": Medium.VOICE, "foto": Medium.IMAGE, "archivo": Medium.OTHER}
_SENT = re.compile(rf"\(({'|'.join(_MEDIA)})(?:: (.+))?\)")
_WHILES = {"min": 60_000, "h": 3_600_000, "d": 86_400_000}


class Stage(Protocol):
    """What performs a transcript: the machine alone, or the whole house."""

    async def place(self, client: Client) -> None:
        """Put a client on file at WispHub."""
        ...

    async def charge(self, service_id: int, columns: Values, balance: Values) -> None:
        """Let WispHub know this of a service: columns of its row, and what is owed."""
        ...

    async def invite(self, service_id: int, *, in_person: bool = False) -> str:
        """Make an invitation and give its code."""
        ...

    async def happen(self, event: Event) -> None:
        """Let something happen to the chat, and everything that follows from it."""
        ...

    async def pass_time(self, milliseconds: int) -> None:
        """Let time pass and timers fire."""
        ...

    async def behave(self, manner: str) -> None:
        """Make WispHub behave: `caído`, `responde`, `guarda sin decirlo`, `dice sin guardar`."""
        ...

    async def known(self, phone: str) -> None:
        """Have the channel show this number of the customer's from now on."""
        ...

    async def recycle(self, phone: str) -> None:
        """Have the channel show this number, which another account of it has shown before."""
        ...

    async def change(self) -> str:
        """Tell the code of the last change that was written; empty if none was."""
        ...

    async def codes(self, manner: str) -> None:
        """Let one-time codes be sent from now on: `salen`, or fail: `no salen`."""
        ...

    def hours(self, text: str) -> None:
        """Have staff here at these hours only."""
        ...

    async def code(self) -> str:
        """Tell the one-time code that is awaited, as whoever has the phone reads it."""
        ...

    async def request(self) -> str:
        """Tell the code of the request that waits for a decision; empty if none does."""
        ...

    async def client(self, service_id: int) -> Client:
        """Tell what stands at WispHub."""
        ...

    async def speaker(self) -> Speaker:
        """Tell who holds the chat."""
        ...

    def written(self) -> str:
        """Tell the channel's id of the customer's last text."""
        ...

    def heard(self) -> Sequence[Send]:
        """Give every message the customer has received, in order."""
        ...


@dataclass
class Performance:
    """One transcript performed on one stage, line by line."""

    stage: Stage
    read: int = 0

    async def perform(self, path: Path) -> None:
        """Perform a transcript; fails with its line."""
        for number, raw in enumerate(path.read_text("utf-8").splitlines(), 1):
            await self._perform(f"{path.name}:{number}", raw)
        self._nothing_unread(f"the end of {path.name}")

    async def _perform(self, place: str, raw: str) -> None:
        text = raw.strip()
        if text and not text.startswith("#"):
            found = _LINE.match(text)
            assert found, f"{place}: not a line of a transcript: {text}"
            await self._line(place, **found.groupdict())

    async def _line(self, place: str, who: str, what: str | None, text: str) -> None:
        match who:
            case "service":
                await self.stage.place(_client(int(what or 0), text))
            case "account":
                values = wording.values(text)
                columns, balance = make_columns(values), make_answer(values)
                await self.stage.charge(int(what or 0), columns, balance)
            case "customer":
                self._nothing_unread(place)
                await self.stage.happen(await self._event(text))
            case "staff":
                self._nothing_unread(place)
                await self.stage.happen(
                    _staff(what or "", text, await self.stage.request(), await self.stage.change())
                )
            case "titular":
                code = await self.stage.request() or await self.stage.change()
                await self.stage.happen(Attested(code=code, own=text == "(fui yo)"))
            case "warning":
                service = int(what or 0)
                await self.stage.happen(Warned(service_id=service, action=text, chat="otro"))
            case "program":
                service = int(what or 0)
                await self.stage.happen(Warned(service_id=service, action=text, code="api:a1b2c3"))
            case "hours":
                self.stage.hours(text)
            case "codes":
                await self.stage.codes(text.strip("()"))
            case "phone":
                await self.stage.known(text)
            case "recycled":
                await self.stage.recycle(text)
            case "passed":
                await self.stage.happen(NumberPassed(phone=text))
            case "edits":
                await self.stage.happen(Edited(message=self.stage.written(), text=text))
            case "time":
                amount, unit = text.split()
                await self.stage.pass_time(int(amount) * _WHILES[unit])
            case "holder":
                named = {"bot": BOT, "fila": QUEUE}
                assert await self.stage.speaker() == named.get(text, member(text)), place
            case "wisphub" if what is None:
                await self.stage.behave(text.strip("()"))
            case "wisphub":
                expected = _client(int(what or 0), text)
                found = await self.stage.client(int(what or 0))
                assert found.on_file == expected.on_file, place
            case _:
                self._heard(place, who, text)

    def _nothing_unread(self, place: str) -> None:
        assert not self._unread(), f"before {place}: not in the transcript: {self._unread()}"

    def _unread(self) -> list[str]:
        return [wording.shown(message) for message in self.stage.heard()[self.read :]]

    def _heard(self, place: str, who: str, text: str) -> None:
        unread = self.stage.heard()[self.read :]
        if text == "(nada)":
            assert not unread, f"{place}: {self._unread()}"
            return
        assert unread, f"{place}: silence instead of: {text}"
        self.read += 1
        author = "" if who == "bot" else who
        shown = wording.shown(unread[0])
        assert unread[0].member == author, f"{place}: {unread[0].member} said: {shown}"
        assert wording.pattern(text).fullmatch(shown), (
            f"{place}:\n  expected: {text}\n  heard:    {shown}"
        )

    def _offered(self) -> dict[str, str]:
        """Give the buttons that the customer sees last: a message without any hides none."""
        with_buttons = (message for message in reversed(self.stage.heard()) if message.buttons)
        last = next(with_buttons, None)
        return {button.label: button.id for button in last.buttons} if last else {}

    async def _event(self, text: str) -> Event:
        if media := _SENT.fullmatch(text):
            return SentMedia(medium=_MEDIA[media[1]], caption=media[2] or "")
        if contact := re.fullmatch(r"\(contacto( ajeno)? ([\d, ]+)\)", text):
            phone, *others = contact[2].split(", ")
            return SharedContact(phone=phone, own=contact[1] is None, others=tuple(others))
        if typed := re.fullmatch(r"\(invitación escrita (\d+)\)", text):
            return Said(text=f"Vincular {await self.stage.invite(int(typed[1]))}")
        if invitation := re.fullmatch(r"\(invitación (\w+)( en persona)?\)", text):
            code, shown = invitation[1], invitation[2] is not None
            if code.isdigit():
                code = await self.stage.invite(int(code), in_person=shown)
            return Invited(code=code)
        if text in ("(código)", "(código errado)"):
            code = await self.stage.code()
            return Said(text=code if text == "(código)" else f"{(int(code) + 1) % 1_000_000:06d}")
        if text == "(botón viejo)":
            return Pressed(button="0:start")
        if text.startswith("[") and text.endswith("]"):
            return Pressed(button=self._button(text[1:-1]))
        return Said(text=text)

    def _button(self, label: str) -> str:
        offered = self._offered()
        assert label in offered, f"no button {label!r} among {list(offered)}"
        return offered[label]


def _staff(agent: str, text: str, code: str, change: str) -> Event:
    word, _, why = text.strip("()").partition(": ")
    if named := re.fullmatch(r"\((toma de|devuelve en) (\w+)\)", text):
        if named[1] == "toma de":
            return TakenOver(agent=agent, over=named[2])
        return HandedBack(agent=agent, step=State(named[2]))
    match text if why == "" else f"({word})":
        case "(aprueba)":
            return Decided(agent=agent, code=code, approved=True)
        case "(rechaza)":
            return Decided(agent=agent, code=code, approved=False, reason=why)
        case "(pregunta)":
            return Asked(agent=agent, code=code, text=why)
        case "(deshace)":
            return Undone(agent=agent, code=change, reason=why)
        case "(dicta código)":
            return CodeRead(agent=agent)
        case "(comprueba)":
            return Vouched(agent=agent, reason=why)
        case "(toma)":
            return TakenOver(agent=agent)
        case "(toma sin saludar)":
            return TakenOver(agent=agent, greets=False)
        case "(toma y responde)":
            return Replied(agent=agent, text=why, takes=True)
        case "(nota)":
            return Noted(agent=agent, text=why)
        case "(devuelve)":
            return HandedBack(agent=agent)
        case "(cierra)":
            return Closed(agent=agent)
        case _:
            return Replied(agent=agent, text=text)


def _client(service_id: int, text: str) -> Client:
    values = wording.values(text)
    return make_client(
        service_id=service_id,
        name=values.get("name", "Ana Gómez"),
        document=values.get("document", ""),
        phone=values.get("phone", ""),
        address=values.get("address", "Calle 10 # 5-20"),
        plan=values.get("plan", "Plan 50MB"),
        price=values.get("price", "60000.00"),
    )
