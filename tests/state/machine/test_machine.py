"""What must hold of the machine, whatever happens."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.simulator import refusal
from handlers.texts import Texts
from state.client import Change, OnFile
from state.conversation import Chat, Conversation
from state.effects import (
    Effect,
    Line,
    Say,
    SetLock,
    UpdateClient,
    button_id,
)
from state.events import (
    Attested,
    Barred,
    ClientFound,
    ClientMissing,
    ClientsFound,
    CodeUnsent,
    Crowded,
    CustomerInput,
    Displaced,
    Echoed,
    Edited,
    Event,
    Invited,
    Left,
    LookupFailed,
    Medium,
    Mentioned,
    NumberPassed,
    Outcome,
    Pressed,
    Renumbered,
    Returned,
    Said,
    SentMedia,
    SharedContact,
    TimerFired,
    Undelivered,
    Updated,
    Warned,
    Withdrawn,
)
from state.fields.answers import Command
from state.fields.table import Field
from state.inquiry import Balance, Inquired, Inquiry, ServiceStatus, Supply
from state.machine import two_people
from state.machine.asking import choices
from state.machine.buttons import CHOICES
from state.machine.moment import Moment
from state.machine.step import step
from state.messages import CATALOGUE
from state.objections import Objection
from state.parts import BOT, Link, Lookup, business_phone
from state.records import SavedChange, Standing
from state.staff_actions import (
    Asked,
    Closed,
    CodeRead,
    Decided,
    Exported,
    FileOpened,
    HandedBack,
    MemberDisabled,
    Noted,
    Replied,
    Retried,
    Revealed,
    Settled,
    TakenOver,
    Undone,
    Vouched,
)
from state.states import State
from tests.clients import make_client
from tests.machine_stage import COMPANY, NINE_O_CLOCK

_NEW = Conversation(chat=Chat(channel="test", account="1", id="ana"))
_TEXTS = Texts(COMPANY)

_words = st.sampled_from(
    [
        "hola", "si", "no", "1", "2", "3", "1001", "1098765432", "52123456", "3112223344",
        "601 234 5678", "123456789", "asesor", "asistente", "cancelar", "ayuda", "atrás",
        "reiniciar", "revocar", "mis datos", "estado", "no fui yo", "por qué", "continuar",
        "mi cédula es otra: 79123456", "Vincular ABCD2345", "gracias",
        "quitar el anterior", "fui yo", "borrar mis datos", "cuánto debo", "no tengo internet",
    ]
)  # fmt: skip
_clients = st.builds(
    make_client,
    st.sampled_from([1001, 1002]),
    document=st.sampled_from(["", "52123456", "900123456-8"]),
    phone=st.sampled_from(["", "3001112233", "3001112233, 6012345678"]),
    plan=st.just("Plan 50MB"),
    address=st.sampled_from(["", "Calle 10 # 5-20"]),
)
_choices = st.sampled_from([name for message in CATALOGUE.values() for name, _ in message.buttons])
_agents = st.sampled_from(["ana", "luis"])
_codes = st.sampled_from(["ABCD2345", "otro"])
_lookups = st.integers(0, 30)
_CUSTOMERS: dict[type[Event], st.SearchStrategy[Event]] = {
    Said: st.builds(Said, text=_words | st.text(max_size=60), message=st.sampled_from(["", "m"])),
    Pressed: st.builds(
        lambda n, choice: Pressed(button=button_id("ABCD23", n, choice)),
        st.integers(0, 30),
        _choices,
    )
    | st.builds(Pressed, button=st.text(max_size=20)),
    SharedContact: st.builds(
        SharedContact, phone=st.sampled_from(["573001234567", "", "x"]), own=st.booleans()
    ),
    SentMedia: st.builds(SentMedia, medium=st.sampled_from(Medium)),
    Invited: st.builds(Invited, code=st.sampled_from(["ABCD2345", ""])),
}
_OTHERS: dict[type[Event], st.SearchStrategy[Event]] = {
    ClientFound: st.builds(ClientFound, client=_clients, lookup=_lookups, in_person=st.booleans()),
    ClientMissing: st.builds(ClientMissing, lookup=_lookups),
    LookupFailed: st.builds(LookupFailed, lookup=_lookups),
    ClientsFound: st.builds(
        ClientsFound, clients=st.lists(_clients, max_size=3).map(tuple), lookup=_lookups
    ),
    Barred: st.builds(Barred, lookup=_lookups),
    Updated: st.builds(
        Updated, outcome=st.sampled_from(Outcome), message=st.just("Hecho."), client=_clients
    ),
    Inquired: st.builds(
        Inquired,
        inquiry=st.sampled_from(Inquiry),
        service_id=st.sampled_from([1001, 1002]),
        turn=_lookups,
        balance=st.sampled_from([None, Balance(owed=Decimal(65000), due="2026-12-05")]),
        status=st.none() | st.builds(ServiceStatus, supply=st.sampled_from(Supply)),
        barred=st.booleans(),
    ),
    TimerFired: st.builds(TimerFired, generation=st.integers(0, 30)),
    CodeUnsent: st.builds(CodeUnsent, code=st.sampled_from(["", "482913"])),
    Crowded: st.builds(Crowded, stay=st.just(Objection.CHATS)),
    Decided: st.builds(Decided, agent=_agents, code=_codes, approved=st.booleans()),
    Asked: st.builds(Asked, agent=_agents, code=_codes, text=st.sampled_from(["¿Por qué?", ""])),
    Undone: st.builds(Undone, agent=_agents, code=_codes, reason=st.just("error")),
    Settled: st.builds(Settled, agent=_agents, code=_codes),
    CodeRead: st.builds(CodeRead, agent=_agents),
    Exported: st.builds(Exported, agent=_agents),
    FileOpened: st.builds(FileOpened, agent=_agents),
    Noted: st.builds(Noted, agent=_agents, text=st.text(max_size=20)),
    Revealed: st.builds(Revealed, agent=_agents, reason=st.text(max_size=20)),
    Vouched: st.builds(Vouched, agent=_agents, reason=st.just("visita")),
    MemberDisabled: st.builds(MemberDisabled, agent=_agents),
    TakenOver: st.builds(
        TakenOver, agent=_agents, over=st.just("") | _agents, greets=st.booleans()
    ),
    Replied: st.builds(
        Replied, agent=_agents, text=st.sampled_from(["Hola", " "]), takes=st.booleans()
    ),
    HandedBack: st.builds(HandedBack, agent=_agents, step=st.none() | st.sampled_from(State)),
    Closed: st.builds(Closed, agent=_agents),
    Retried: st.builds(
        Retried,
        agent=_agents,
        seq=st.integers(1, 9),
        text=st.just("Hola"),
        labels=st.sampled_from([(), ("Empezar",)]),
        others=st.booleans(),
    ),
    Attested: st.builds(Attested, code=_codes, own=st.booleans()),
    Warned: st.builds(
        Warned,
        service_id=st.sampled_from([1001, 1002]),
        action=st.just("cambiar el celular de"),
        chat=st.just("otro"),
        held=st.booleans(),
        phones=st.sampled_from([(), ("+573001112233",)]),
    ),
    NumberPassed: st.builds(NumberPassed, phone=st.sampled_from(["573001112233", "571"])),
    Displaced: st.builds(Displaced, service_id=st.sampled_from([1001, 1002])),
    Edited: st.builds(Edited, message=st.just("m"), text=_words),
    Echoed: st.builds(Echoed, text=_words),
    Undelivered: st.builds(Undelivered, reason=st.just("131026")),
    Withdrawn: st.builds(Withdrawn, message=st.just("m")),
    Mentioned: st.just(Mentioned()),
    Left: st.just(Left()),
    Returned: st.just(Returned()),
    Renumbered: st.just(Renumbered()),
}
_customer_events, _other_events = st.one_of(*_CUSTOMERS.values()), st.one_of(*_OTHERS.values())
any_event = _customer_events | _other_events


_fits = st.sampled_from([0, 0, 0, 0, 1, 2])
"""An event that fits: the button of that place offered last, the outcome awaited, the answer."""

_happenings: st.SearchStrategy[Event | int] = st.booleans().flatmap(
    lambda fits: _fits if fits else _customer_events | _other_events
)
_histories: st.SearchStrategy[list[Event | int]] = st.builds(
    lambda straight, aside, rest: [0] * straight + aside + rest,
    st.sampled_from([0, 3, 6, 7, 8, 9, 10, 11]),
    st.lists(_fits, max_size=8),
    st.lists(_happenings, max_size=25),
)


def _fitting(conversation: Conversation, place: int) -> Event:
    """Choose what moves a conversation on, so that deep states are reached."""
    if conversation.state is State.FINDING:
        client = make_client(1001, phone="3001112233", plan="Plan 50MB")
        if conversation.lookup.invitation or not conversation.lookup.clue:
            return ClientFound(client=client, lookup=conversation.lookup.number)
        return ClientsFound(clients=(client,), lookup=conversation.lookup.number)
    if conversation.state is State.SHARING:
        return SharedContact(phone="573001112233", own=True)
    if conversation.change.request is not None:
        return Decided(agent="ana", code=conversation.change.request.code, approved=True)
    if conversation.state is State.UPDATING:
        return Updated(outcome=Outcome.UPDATED, message="Hecho.")
    buttons = choices(conversation)
    typed = place == 2 and conversation.state in (State.DOCUMENT, State.PHONE)
    if buttons and not typed:
        number, choice = conversation.shown.question, buttons[place % len(buttons)][0]
        return Pressed(button=button_id(conversation.shown.flow, number, choice))
    answers = {State.SERVICE: "1001", State.DOCUMENT: "1098765432", State.PHONE: "3112223344"}
    return Said(text=answers.get(conversation.state, "hola"))


def _lived(history: list[Event | int]) -> Conversation:
    """Let a history happen."""
    conversation = _NEW
    for happened in history:
        event = _fitting(conversation, happened) if isinstance(happened, int) else happened
        conversation, _ = step(conversation, event, _moment(conversation))
    return conversation


def _moment(conversation: Conversation) -> Moment:
    now = NINE_O_CLOCK + conversation.turns * 20_000
    return Moment(now=now, at=0, today="23/11/2026", reference="ABCD2345")


@given(_histories, _customer_events)
def test_answered(history: list[Event | int], event: Event) -> None:
    """Whatever came before, a customer who writes gets one answer, or a person holds the chat."""
    before = _lived(history)

    after, effects = step(before, event, _moment(before))

    said = [effect for effect in effects if isinstance(effect, Say)]
    assert len(said) == (1 if not before.speaker.is_person else 0)
    assert after.turns == before.turns + 1


@given(_histories, _other_events)
def test_silence(history: list[Event | int], event: Event) -> None:
    """While a person holds the chat, the bot says nothing of its own."""
    after, effects = step(_lived(history), event, Moment(now=0, at=0, today="", reference=""))

    if after.speaker.is_person:
        assert not [e for e in effects if isinstance(e, Say) and not e.member]


@pytest.mark.slow
@settings(max_examples=400)
@given(_histories, st.lists(st.builds(Noted, agent=st.just("luis"), text=st.text()), min_size=1))
def test_notes_stay_inside(history: list[Event | int], notes: list[Noted]) -> None:
    """No sequence of notes has anything done outside, or changes what the dialog knows."""
    before = _lived([*history, Said(text="hola")])
    after = before
    for note in notes:
        after, effects = step(after, note, _moment(after))
        assert effects == ()

    assert replace(after, turns=before.turns) == before


@given(_histories)
def test_nothing_without_a_summary(history: list[Event | int]) -> None:
    """Nothing is updated but after the summary was confirmed, by its button or in words."""
    conversation, confirmed = _NEW, False
    for happened in history:
        event = _fitting(conversation, happened) if isinstance(happened, int) else happened
        before, moment = conversation, _moment(conversation)
        conversation, effects = step(before, event, moment)
        by_customer = before.state is State.SUMMARY and isinstance(event, CustomerInput)
        confirmed = confirmed or by_customer or isinstance(event, Undone)
        if any(isinstance(effect, UpdateClient) for effect in effects):
            assert confirmed
            _people_agreed(conversation, before, moment)
        if conversation.state is State.DONE:
            confirmed = False


def _people_agreed(after: Conversation, before: Conversation, moment: Moment) -> None:
    """What waited for people is written once enough of them agreed, and nobody is against it."""
    if before.state is State.REVIEW:
        assert after.change.request is not None
        assert two_people.is_agreed(after)
        assert not after.change.request.contested
        assert moment.now >= after.change.request.held_until


@pytest.mark.slow
@settings(max_examples=200)
@given(_histories)
def test_only_linked_chats_rest_as_such(history: list[Event | int]) -> None:
    """Whatever happens, no chat stands where a linked one rests without being linked."""
    conversation = _NEW
    for happened in history:
        event = _fitting(conversation, happened) if isinstance(happened, int) else happened
        conversation, _ = step(conversation, event, _moment(conversation))
        assert conversation.state is not State.DONE or conversation.link is not None


@pytest.mark.parametrize("outcome", [Outcome.UPDATED, Outcome.MISSING])
def test_displaced_while_a_change_is_undone(outcome: Outcome) -> None:
    """Who lost the link while staff put something back is not taken for linked afterwards."""
    client = make_client(1001, document="52123456")
    old = OnFile(values=("79123456",))
    saved = SavedChange(
        code="ABCD2345", at=1, service_id=1001,
        changes=(Change(field=Field.DOCUMENT, new="52123456", old=old),),
    )  # fmt: skip
    conversation = replace(
        _NEW,
        state=State.DONE,
        identity=replace(_NEW.identity, client=client),
        link=Link(client=client),
        last_change=saved,
    )
    for event in (
        Undone(agent="ana", code="ABCD2345", reason="error"),
        Displaced(service_id=1001),
        Decided(agent="luis", code="ABCD2345", approved=True),
        Updated(outcome=outcome, message="Hecho.", client=client),
    ):
        conversation, _ = step(conversation, event, _moment(conversation))

    assert (conversation.state, conversation.link) == (State.START, None)
    assert conversation.last_change is not None
    assert conversation.last_change.standing is not Standing.WRITTEN


def test_every_event_is_played() -> None:
    """The histories leave no kind of event out."""
    assert {*_CUSTOMERS, *_OTHERS} == {*get_args(Event)}


@pytest.mark.slow
@settings(max_examples=300)
@given(_histories)
def test_sendable(history: list[Event | int]) -> None:
    """Everything the bot says has a text whose places are filled, and both vendors take it."""
    conversation = _NEW
    for happened in history:
        event = _fitting(conversation, happened) if isinstance(happened, int) else happened
        conversation, effects = step(conversation, event, _moment(conversation))
        for effect in effects:
            if isinstance(effect, Say):
                message = _TEXTS.render(effect, now=NINE_O_CLOCK)
                assert refusal(message, look="whatsapp") == ""
                assert refusal(message, look="telegram") == ""
            assert isinstance(effect, get_args(Effect))


@pytest.mark.parametrize("command", list(Command))
@pytest.mark.parametrize("state", list(State))
def test_commands_everywhere(state: State, command: Command) -> None:
    """Every command is answered in every state, and stops no update that is on its way."""
    client = make_client(1001, phone="3001112233")
    busy = replace(
        _NEW,
        state=state,
        identity=replace(_NEW.identity, client=client),
        draft=replace(_NEW.draft, doubt="doc_raro", candidate="52123456"),
    )

    after, effects = step(
        busy, Said(text=_TYPED[command]), Moment(now=0, at=0, today="", reference="")
    )

    assert type(effects[0]) is Say
    assert all(isinstance(effect, SetLock) for effect in effects[1:])
    if state in (State.UPDATING, State.RETRYING):
        assert (after.state, after.identity.client) == (state, client)


_TYPED = {
    Command.BACK: "atrás", Command.CANCEL: "cancelar", Command.HELP: "ayuda",
    Command.REPEAT: "repetir", Command.PERSON: "asesor", Command.RESTART: "reiniciar",
    Command.STATUS: "estado", Command.MY_DATA: "mis datos", Command.REVOKE: "revocar",
    Command.ERASE: "borrar mis datos",
    Command.NOT_ME: "no fui yo", Command.WHY: "por qué", Command.GREETING: "hola",
}  # fmt: skip


def test_every_choice_means_something() -> None:
    """Each button of each text is carried out as what it says, none by default."""
    offered = {name for message in CATALOGUE.values() for name, _ in message.buttons}

    assert offered - set(CHOICES) == {"agree", "refuse"}  # they carry the customer's words
    assert set(CHOICES) - offered <= {"meant2"}  # of the numbers that may be meant


def test_back_to_the_bot_after_the_business_phone() -> None:
    """Who presses "back to the assistant" hours after a person answered goes on where we stood."""
    linked = replace(
        _NEW,
        state=State.DONE,
        identity=replace(_NEW.identity, client=make_client(1001)),
        link=Link(client=make_client(1001)),
        shown=replace(_NEW.shown, question=4, flow="F", asked="asesor_ok"),
        speaker=business_phone(until=5),
    )
    back = Pressed(button=button_id("F", 4, "bot"))

    after, effects = step(linked, back, Moment(now=9, at=0, today="", reference=""))

    assert (after.speaker, after.link, after.identity) == (BOT, linked.link, linked.identity)
    assert [effect.lines[-1].text for effect in effects if isinstance(effect, Say)] == [
        "ya_vinculado"
    ]


def test_stale_outcomes() -> None:
    """The outcome of a look-up that nobody waits for any more changes nothing."""
    finding = replace(_NEW, state=State.FINDING, lookup=Lookup(number=7), turns=9)
    other = ClientFound(client=make_client(1), lookup=3)

    after, effects = step(finding, other, Moment(now=0, at=0, today="", reference=""))

    assert (after, effects) == (replace(finding, turns=10), ())


def test_operation_message_is_verbatim() -> None:
    """What looks like a placeholder or like markup in the operation's message stays as it is."""
    message = "50% {listo} *ok* <b>_x_</b>"
    saving = replace(
        _NEW, state=State.UPDATING, identity=replace(_NEW.identity, client=make_client(1))
    )

    _, (say, *_) = step(
        saving,
        Updated(outcome=Outcome.UPDATED, message=message),
        Moment(now=0, at=0, today="", reference=""),
    )

    assert isinstance(say, Say)
    assert _TEXTS.render(say, now=0).text.startswith(message + "\n")


def test_every_text_is_used() -> None:
    """No text lies about unused: each is named by the machine or by the readers of answers."""
    root = Path(__file__).parents[3] / "state"
    sources = (
        root / "states.py",
        *(p for d in ("machine", "fields") for p in (root / d).glob("*.py")),
    )
    code = "".join(source.read_text("utf-8") for source in sources)
    assert [name for name in CATALOGUE if f'"{name}"' not in code] == []


def test_line_names_a_text() -> None:
    """A message of several texts offers the buttons of its last."""
    say = Say(lines=(Line(text="atras"), Line(text="corregir")), question=4, flow="ABCD23")

    message = _TEXTS.render(say, now=0)

    assert [button.id for button in message.buttons] == [
        "ABCD23.4:fix_document",
        "ABCD23.4:fix_phone",
        "ABCD23.4:fix_service",
    ]
