"""A stage for transcripts on which the machine plays alone: no store, no network, milliseconds."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.texts import Company, Texts
from handlers.usecases import FAILED, UPDATED
from state.client import Client
from state.conversation import BOT, QUEUE, Chat, Conversation
from state.effects import (
    Acknowledge,
    Effect,
    FindClient,
    RedeemInvitation,
    Say,
    Send,
    TakeCall,
    UpdateClient,
)
from state.events import (
    ClientFound,
    ClientMissing,
    Event,
    LookupFailed,
    Outcome,
    TimerFired,
    Updated,
)
from state.machine.asking import Moment
from state.machine.step import step
from state.phonebook import add_phone
from state.policy import Decision, decide

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


class MachineStage:
    """One chat, its clients in a dictionary, and the outcomes of effects at once."""

    def __init__(self) -> None:
        self.conversation = Conversation(chat=Chat(channel="test", account="1", id="ana"))
        self.messages: list[Send] = []
        self.updates = 0
        self._clients: dict[int, Client] = {}
        self._invited: dict[str, int] = {}
        self._now = NINE_O_CLOCK
        self._manner = "responde"
        self._texts = Texts(COMPANY)

    async def place(self, client: Client) -> None:
        self._clients[client.service_id] = client

    async def invite(self, service_id: int) -> str:
        code = f"ABCD{service_id}"
        self._invited[code] = service_id
        return code

    async def happen(self, event: Event) -> None:
        events = [event]
        while events:
            moment = Moment(now=self._now, at=self._now, today="23/11/2026", code="ABCD2345")
            self.conversation, effects = step(self.conversation, events.pop(0), moment)
            for effect in effects:
                events += self._performed(effect)

    async def pass_time(self, milliseconds: int) -> None:
        end = self._now + milliseconds
        while (timer := self.conversation.timer) is not None and timer.due <= end:
            self._now = timer.due
            await self.happen(TimerFired(generation=timer.generation))
        self._now = end

    async def behave(self, manner: str) -> None:
        self._manner = manner

    async def client(self, service_id: int) -> Client:
        return self._clients[service_id]

    async def holder(self) -> str:
        return self.conversation.holder

    def heard(self) -> Sequence[Send]:
        return self.messages

    def _performed(self, effect: Effect) -> list[Event]:
        match effect:
            case Say():
                return self._send(self._texts.render(effect, now=self._now))
            case Send():
                return self._send(effect)
            case Acknowledge() | TakeCall():
                return []
            case FindClient():
                return [self._found(effect.service_id, effect.lookup)]
            case RedeemInvitation():
                return [self._found(self._invited.get(effect.code, 0), effect.lookup)]
            case UpdateClient():
                return [self._updated(effect)]

    def _send(self, message: Send) -> list[Event]:
        if message.author != BOT or self.conversation.holder in (BOT, QUEUE):
            self.messages.append(message)
        return []

    def _found(self, service_id: int, lookup: int) -> Event:
        if self._manner == "caído":
            return LookupFailed(lookup=lookup)
        client = self._clients.get(service_id)
        return ClientFound(client=client, lookup=lookup) if client else ClientMissing(lookup=lookup)

    def _updated(self, effect: UpdateClient) -> Event:
        if self._manner in ("caído", "dice sin guardar"):
            return Updated(outcome=Outcome.FAILED, message=FAILED)
        client = self._clients.get(effect.service_id)
        if client is None:
            return Updated(outcome=Outcome.MISSING, message=FAILED)
        if decide(client, effect.changes) is Decision.APPROVAL:
            return Updated(outcome=Outcome.ON_FILE, message=FAILED)
        self.updates += 1
        document, phone = effect.changes.document, effect.changes.phone
        self._clients[effect.service_id] = replace(
            client,
            document=document or client.document,
            phone=add_phone(client.phone, phone) if phone else client.phone,
        )
        return Updated(outcome=Outcome.UPDATED, message=UPDATED)
