"""A stage for transcripts on which the machine plays alone: no store, no network, milliseconds."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from bot.wisphub.balances import NoBalance, read_balance
from bot.wisphub.filters import matches
from bot.wisphub.rows import COLUMNS, read_page
from handlers.hours import Hours
from handlers.texts import Company, Texts
from handlers.use_cases import FAILED, UPDATED, contents, has_moved
from state.client import Client, OnFile
from state.conversation import Chat, Conversation
from state.effects import (
    Acknowledge,
    Effect,
    FindClient,
    Inquire,
    Link,
    RedeemInvitation,
    Say,
    Search,
    Send,
    SendCode,
    UpdateClient,
)
from state.events import (
    Barred,
    ClientFound,
    ClientMissing,
    ClientsFound,
    CodeUnsent,
    Event,
    LookupFailed,
    Outcome,
    Said,
    SentMedia,
    TimerFired,
    Updated,
)
from state.fields.table import Field
from state.inquiry import Inquired, Inquiry
from state.machine.moment import Moment
from state.machine.step import step
from state.objections import Assumption
from state.parts import NOBODY, Person, Speaker
from state.records import TimerName
from tests.accounts import UP_TO_DATE, Values

COMPANY = Company(
    name="FibraNet",
    nit="900123456-8",
    address="Calle 1 # 2-3, Tunja",
    phone="608 740 1234",
    email="datos@fibranet.example",
    privacy_url="https://fibranet.example/datos",
)

NINE_O_CLOCK = 1_795_442_400_000
"""The 23rd of November 2026, 9:00 in Colombia: when every transcript begins."""

_SPELLED = str.maketrans("01", "ZY")
"""An invitation's code has no digits that look like letters."""

_CODES = 5
"""Invitation codes that a chat may try in a day."""


class MachineStage:
    """One chat, its clients in a dictionary, and the outcomes of effects at once."""

    def __init__(self) -> None:
        self.conversation = Conversation(chat=Chat(channel="test", account="1", id="ana"))
        self.messages: list[Send] = []
        self.updates = 0
        self._clients: dict[int, Client] = {}
        self._accounts: dict[int, tuple[Values, Values]] = {}
        self._invited: dict[str, int] = {}
        self._now = NINE_O_CLOCK
        self._manner = "responde"
        self._codes = self._grounded = False
        self._person = NOBODY
        self._shown = False
        self._tried: set[str] = set()
        self._hours = Hours()
        self._texts_written = 0
        self._texts = Texts(COMPANY)

    async def place(self, client: Client) -> None:
        self._clients[client.service_id] = client

    async def charge(self, service_id: int, columns: Values, balance: Values) -> None:
        self._accounts[service_id] = columns, balance

    async def invite(self, service_id: int, *, in_person: bool = False) -> str:
        code = f"ABCD{service_id}".translate(_SPELLED)
        self._shown = in_person
        self._invited[code] = service_id
        return code

    async def happen(self, event: Event) -> None:
        events = [event]
        while events or self._held():
            if not events:
                await self.pass_time(self._held())
                continue
            code = f"ABCD{2000 + self.conversation.turns}"
            moment = Moment(
                now=self._now,
                at=self._now,
                today="23/11/2026",
                reference=code,
                person=self._person,
                one_time_code=f"{482913 + self.conversation.turns}",
                can_send_codes=self._codes,
                absence=self._hours.absence(self._now),
            )
            self.conversation, effects = step(self.conversation, self._named(events.pop(0)), moment)
            for effect in effects:
                events += self._performed(effect)

    def _held(self) -> int:
        """Tell for how long (ms) an answer is held back; 0 if none is."""
        timer = self.conversation.timer
        if timer is None or timer.name is not TimerName.ANSWER:
            return 0
        return max(1, timer.due - self._now)

    async def pass_time(self, milliseconds: int) -> None:
        end = self._now + milliseconds
        while (due := self.conversation.due) is not None and due <= end:
            self._now = max(self._now, due)
            for timer in (self.conversation.timer, self.conversation.verification):
                if timer is not None and timer.due <= self._now:
                    await self.happen(TimerFired(generation=timer.generation))
        self._now = end

    async def known(self, phone: str) -> None:
        self._person = Person(phone=phone)

    async def recycle(self, phone: str) -> None:
        self._person = Person(phone=phone, recycled_at=self._now)

    async def change(self) -> str:
        return self.conversation.last_change.code if self.conversation.last_change else ""

    async def codes(self, manner: str) -> None:
        self._codes, self._grounded = True, manner == "no salen"

    def hours(self, text: str) -> None:
        self._hours = Hours(text)

    async def code(self) -> str:
        assert self.conversation.identity.challenge is not None
        return self.conversation.identity.challenge.code

    async def request(self) -> str:
        return self.conversation.change.request.code if self.conversation.change.request else ""

    def written(self) -> str:
        return str(self._texts_written)

    def _named(self, event: Event) -> Event:
        """Give a text, or a caption, the id that a channel would give it."""
        if not isinstance(event, Said | SentMedia) or _is_wordless(event):
            return event
        self._texts_written += 1
        return replace(event, message=str(self._texts_written))

    async def behave(self, manner: str) -> None:
        self._manner = manner

    async def client(self, service_id: int) -> Client:
        return self._clients[service_id]

    async def speaker(self) -> Speaker:
        return self.conversation.speaker

    def heard(self) -> Sequence[Send]:
        return self.messages

    def _performed(self, effect: Effect) -> list[Event]:
        match effect:
            case Say():
                return self._send(self._texts.render(effect, now=self._now))
            case Send():
                return self._send(effect)
            case Acknowledge() | Link():
                return []
            case SendCode(code=code):
                return [CodeUnsent(code=code)] if self._grounded else []
            case FindClient():
                return [self._found(effect.service_id, effect.lookup)]
            case Search():
                return [self._searched(effect)]
            case RedeemInvitation(code=code, lookup=lookup):
                self._tried.add(code)
                if len(self._tried) > _CODES:
                    return [Barred(lookup=lookup)]
                found = self._found(self._invited.get(effect.code, 0), effect.lookup)
                if isinstance(found, ClientFound):
                    found = replace(found, in_person=self._shown)
                return [found]
            case Inquire():
                return [self._inquired(effect)]
            case UpdateClient():
                return [self._updated(effect)]
            case _:
                return []  # an action

    def _send(self, message: Send) -> list[Event]:
        if message.member or not self.conversation.speaker.is_person:
            self.messages.append(message)
        return []

    def _searched(self, effect: Search) -> Event:
        """Find by a clue, as WispHub's adapter does."""
        if self._manner == "caído":
            return LookupFailed(lookup=effect.lookup)
        kind, _, value = effect.clue.partition(":")
        found = tuple(c for c in self._clients.values() if matches(kind, value, c))
        return ClientsFound(clients=found, lookup=effect.lookup)

    def _found(self, service_id: int, lookup: int) -> Event:
        if self._manner == "caído":
            return LookupFailed(lookup=lookup)
        client = self._clients.get(service_id)
        return ClientFound(client=client, lookup=lookup) if client else ClientMissing(lookup=lookup)

    def _inquired(self, effect: Inquire) -> Event:
        """Answer as WispHub's adapter reads it."""
        told = Inquired(inquiry=effect.inquiry, service_id=effect.service_id, turn=effect.turn)
        client = self._clients.get(effect.service_id)
        if client is None or self._manner == "caído":
            return told
        columns, balance = self._accounts.get(effect.service_id, UP_TO_DATE)
        if effect.inquiry is Inquiry.BALANCE:
            with suppress(NoBalance):
                told = replace(told, balance=read_balance(json.dumps(balance).encode()))
            return told
        row = {"id_servicio": client.service_id, "plan_internet": client.plan, **columns}
        page = read_page(json.dumps({"results": [row]}).encode())
        return replace(told, status=page.rows[0].status.told_for(effect.inquiry))

    def _updated(self, effect: UpdateClient) -> Event:
        if self._manner in ("caído", "dice sin guardar"):
            return Updated(outcome=Outcome.FAILED, message=FAILED)
        client = self._clients.get(effect.service_id)
        if client is None:
            return Updated(outcome=Outcome.MISSING, message=FAILED)
        taken = any(
            c.document == change.new and c.name != client.name
            for c in self._clients.values()
            for change in effect.changes
            if change.field is Field.DOCUMENT
            and (not effect.approved or Assumption.FREE in effect.rests)
        )
        if taken:
            return Updated(outcome=Outcome.TAKEN, message=FAILED)
        if has_moved(effect, client):
            return Updated(outcome=Outcome.MOVED, message=FAILED, client=client)
        self.updates += 1
        written = {
            field: _stored(client, field, it) for field, it in contents(effect, client).items()
        }
        self._clients[effect.service_id] = replace(client, on_file={**client.on_file, **written})
        return Updated(outcome=Outcome.UPDATED, message=UPDATED, client=client)


def _stored(client: Client, field: Field, wanted: OnFile) -> OnFile:
    """Keep what is written as WispHub keeps it."""
    column = COLUMNS[field]
    text = wanted.text or column.compose(client.of(field).text, wanted.values, "e164")
    return column.read(text)


def _is_wordless(event: Said | SentMedia) -> bool:
    return isinstance(event, SentMedia) and not event.caption
