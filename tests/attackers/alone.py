"""A stranger alone with the pure machine, in a world with these clients."""

from dataclasses import dataclass, field, replace

from hypothesis import strategies as st

from bot.wisphub.filters import matches
from handlers.texts import Texts
from state.client import Client
from state.conversation import Chat, Conversation
from state.effects import (
    Attest,
    Effect,
    FindClient,
    Link,
    Say,
    Search,
    SetLock,
    UpdateClient,
    button_id,
)
from state.events import (
    ClientFound,
    ClientsFound,
    Event,
    Pressed,
    Said,
    SharedContact,
    TimerFired,
)
from state.machine.asking import choices
from state.machine.moment import Moment
from state.machine.step import step
from state.parts import Account, Person
from state.proof import Proof
from state.records import TimerName
from tests.clients import make_client, on_file
from tests.machine_stage import COMPANY, NINE_O_CLOCK

ANA = make_client(
    service_id=1001, name="Ana Gómez", document="52123456", phone="3159741951",
    address="Calle 10 # 5-20", plan="Plan 50MB", price="60000.00",
)  # fmt: skip
ANA_ELSEWHERE = replace(ANA, on_file=on_file(document="52123456", phone="3114445566"))
LUIS = replace(ANA, service_id=1002, name="Luis Rueda", on_file={}, price="45000.00")
LUIS_ELSEWHERE = replace(LUIS, on_file=on_file(document="40111222", phone="3201112233"))
SECRETS = ("52123456", "3159741951")
MINE = "573009998877"
_TEXTS = Texts(COMPANY)

words = st.sampled_from(
    [
        "hola", "sí", "no", "1", "2", "3", "1001", "1002", "9999", "52123456", "Ana Gómez",
        "Luis Rueda", "Calle 10 # 5-20", "Plan 50MB", "60000", "45000", "no sé", "79111888",
        "3159741951", "3009998877", "atrás", "mis datos", "estado", "reiniciar", "Mi cédula",
        "Número de servicio", "Datos de mi factura", "Prefiero no hacerlo", "Sí, guardar",
        "mi cédula es otra: 79111888", "Dejar el actual", "Cambiarlo", "Vincular ABCD2345",
        "Quitar el anterior", "fui yo", "no fui yo", "borrar mis datos", "Sí, borrar",
    ]
)  # fmt: skip
acts = st.one_of(
    st.builds(Said, text=words),
    st.just(SharedContact(phone=MINE, own=True)),
    st.just(SharedContact(phone="573159741951", own=False)),
    st.integers(0, 9).map(lambda index: index),
)


@dataclass
class Attack:
    """A chat of somebody who possesses nothing, in a world with these clients."""

    clients: tuple[Client, ...]
    conversation: Conversation = field(
        default_factory=lambda: Conversation(
            chat=Chat(channel="test", account="1", id="x"), account=Account(person=Person(phone=""))
        )
    )
    now: int = NINE_O_CLOCK
    said: list[tuple[int, str]] = field(default_factory=list)
    updates: list[UpdateClient] = field(default_factory=list)
    proven: set[Proof] = field(default_factory=set)
    codes: bool = False
    harm: list[Effect] = field(default_factory=list)

    def act(self, act: Event | int) -> None:
        """Do something, and let everything follow from it; a number presses a button."""
        self.now += 1000
        event = self._press(act) if isinstance(act, int) else act
        self._happen(event)
        timer = self.conversation.timer
        if timer is not None and timer.name is TimerName.ANSWER:
            self.now = max(self.now, timer.due)
            self._happen(TimerFired(generation=timer.generation))

    def wait(self, milliseconds: int) -> None:
        """Let time pass, and timers fire."""
        end = self.now + milliseconds
        while (due := self.conversation.due) is not None and due <= end:
            self.now = max(self.now, due)
            timer = self.conversation.timer or self.conversation.verification
            assert timer is not None
            self._happen(TimerFired(generation=timer.generation))
        self.now = end

    def _press(self, index: int) -> Event:
        offered = choices(self.conversation)
        choice = offered[index % len(offered)][0] if offered else "save"
        flow, number = self.conversation.shown.flow, self.conversation.shown.question
        return Pressed(button=button_id(flow, number, choice))

    def _happen(self, event: Event) -> None:
        moment = Moment(
            now=self.now, at=0, today="", reference=f"ABCD{2000 + self.conversation.turns}",
            one_time_code="482913", can_send_codes=self.codes,
        )  # fmt: skip
        self.conversation, effects = step(self.conversation, event, moment)
        self.proven |= {*self.conversation.identity.proofs}
        for effect in effects:
            self._perform(effect)

    def _perform(self, effect: Effect) -> None:
        match effect:
            case Say():
                self.said.append((self.now, _TEXTS.render(effect, now=self.now).text))
            case Search(clue=clue, lookup=lookup):
                kind, _, value = clue.partition(":")
                found = tuple(c for c in self.clients if matches(kind, value, c))
                self._happen(ClientsFound(clients=found, lookup=lookup))
            case FindClient(service_id=number, lookup=lookup):
                client = next(c for c in self.clients if c.service_id == number)
                self._happen(ClientFound(client=client, lookup=lookup))
            case UpdateClient():
                self.updates.append(effect)
            case Link() | SetLock() | Attest():
                self.harm.append(effect)
            case _:
                pass
