"""The pure part: in which views a chat stands by its record, and what a step notes for them."""

from dataclasses import replace as with_fields

import pytest

from state.conversation import Chat, Conversation, replace
from state.events import (
    Echoed,
    Edited,
    Event,
    Left,
    Said,
    Undelivered,
)
from state.machine.moment import Moment
from state.machine.step import step
from state.parts import (
    BOT,
    QUEUE,
    Account,
    Attention,
    Draft,
    PendingChange,
    Shown,
    SpeakerKind,
    business_phone,
    member,
)
from state.records import Request
from state.staff_actions import (
    Asked,
    CodeRead,
    HandedBack,
    MemberDisabled,
    Replied,
    TakenOver,
)
from state.states import State
from state.views import SILENCE, Stuck, View, find_stuck, find_views, summarize
from tests.clients import make_client

_CHAT = Chat(channel="test", account="1", id="573001112233")
_NEW = Conversation(chat=_CHAT)
_NOW = 1_795_442_400_000


def _moment(now: int, *, at: int = 0) -> Moment:
    return Moment(now=now, at=at or now, today="26/11/2026", reference="ABCD2345")


def _play(*events: Event, conversation: Conversation = _NEW) -> Conversation:
    """Let a second pass before each event."""
    for number, event in enumerate(events, 1):
        conversation, _ = step(conversation, event, _moment(_NOW + number * 1000))
    return conversation


def _waits(conversation: Conversation) -> int | None:
    """Tell after how many seconds the wait began; None if nobody waits."""
    place = find_views(conversation).get(View.WAITING)
    return None if place is None else (place - _NOW) // 1000


_HELLO, _PERSON, _WORD = Said(text="hola"), Said(text="asesor"), Said(text="sigo aquí")
_TAKE, _REPLY = TakenOver(agent="Ana"), Replied(agent="Ana", text="Buenos días")


@pytest.mark.parametrize(
    ("events", "since"),
    [
        ((_HELLO, _WORD), None),
        ((_HELLO, _PERSON), 2),
        ((_HELLO, _PERSON, _WORD, _WORD), 2),
        ((_HELLO, _PERSON, _WORD, _TAKE), 2),
        ((_HELLO, _PERSON, _TAKE, _REPLY), None),
        ((_HELLO, _PERSON, _TAKE, _REPLY, _WORD, _WORD), 5),
        ((_HELLO, _TAKE), None),
        ((_HELLO, _TAKE, _WORD), 3),
        ((_HELLO, _TAKE, _WORD, HandedBack(agent="Ana")), None),
        ((_HELLO, _TAKE, _WORD, MemberDisabled(agent="Ana")), 3),
        ((_HELLO, _TAKE, _REPLY, MemberDisabled(agent="Ana")), 4),
        ((_HELLO, _PERSON, Said(text="asistente")), None),
        ((_HELLO, _PERSON, Echoed(text="ya le ayudo")), None),
        ((_HELLO, Echoed(text="ya le ayudo"), _WORD), 3),
        ((_HELLO, _TAKE, Edited(message="1", text="otra cosa")), 3),
    ],
)
def test_waiting(events: tuple[Event, ...], since: int | None) -> None:
    """A customer waits from the first word that no person answered; the bot answers none."""
    assert _waits(_play(*events)) == since


def test_refused_replies_answer_nothing() -> None:
    """Somebody who does not hold the chat answers nobody."""
    other = Replied(agent="Beto", text="hola")

    assert _waits(_play(_HELLO, _TAKE, _WORD, other)) == 3
    assert _waits(_play(_HELLO, _PERSON, Asked(agent="Ana", code="x", text="¿cuál?"))) == 2


def test_lease_of_the_business_phone() -> None:
    """That the time of the business phone ran out answers nobody."""
    lent = _play(_HELLO, Echoed(text="ya le ayudo"), _WORD)

    late, _ = step(lent, _HELLO, _moment(lent.speaker.until + 1))

    assert (late.speaker, _waits(late)) == (BOT, 3)


def test_late_word() -> None:
    """What came late has waited since it was written; a stamp of another day means nothing."""
    held = replace(_NEW, speaker=member("Ana"))
    for stamp, since in ((_NOW - 90_000, _NOW - 90_000), (1, _NOW), (_NOW + 99_000, _NOW)):
        after, _ = step(held, _WORD, _moment(_NOW, at=stamp))
        assert find_views(after)[View.WAITING] == since


def test_queue_of_before() -> None:
    """A chat that was in the queue before waits were noted waits since its last message."""
    before = replace(_NEW, speaker=QUEUE, shown=Shown(asked_at=77))

    assert find_views(before) == {View.WAITING: 77}


def test_failed() -> None:
    """A message that did not arrive is seen until somebody writes."""
    failed = _play(_HELLO, Undelivered(reason="131026"), Undelivered(reason="131026"))

    assert find_views(failed) == {View.FAILED: _NOW + 2000}
    assert View.FAILED not in find_views(_play(_HELLO, conversation=failed))
    held = replace(failed, speaker=member("Ana"))
    assert View.FAILED not in find_views(_play(_REPLY, conversation=held))
    assert View.FAILED in find_views(_play(_TAKE, conversation=failed))


def test_left() -> None:
    """Who leaves while a person would answer is seen; whom the bot answers is not."""
    assert View.FAILED in find_views(_play(_HELLO, _TAKE, Left()))
    assert View.FAILED not in find_views(_play(_HELLO, Left()))


@pytest.mark.parametrize(
    ("state", "misses", "cause"),
    [
        (State.FINDING, 0, (Stuck.DIRECTORY, _NOW + SILENCE)),
        (State.RETRYING, 0, (Stuck.DIRECTORY, _NOW + SILENCE)),
        (State.DOCUMENT, 3, (Stuck.MISSES, _NOW)),
        (State.DOCUMENT, 2, None),
    ],
)
def test_stuck(state: State, misses: int, cause: tuple[Stuck, int] | None) -> None:
    """The bot is stuck after three misses, or when the directory is silent; a person never is."""
    chat = replace(_NEW, state=state, draft=Draft(misses=misses), shown=Shown(asked_at=_NOW))

    assert find_stuck(chat) == cause
    assert find_views(chat).get(View.STUCK) == (cause and cause[1])
    assert View.STUCK not in find_views(replace(chat, speaker=member("Ana")))


def test_deciding() -> None:
    """What people must decide is in its view, since it was asked for."""
    request = PendingChange(request=Request(code="ABCD2345", at=5))

    assert find_views(replace(_NEW, change=request)) == {View.DECIDING: 5}


def test_closed() -> None:
    """What is closed stands there and, but for a decision, nowhere else; a word opens it."""
    attention = Attention(closed_at=9)
    closed = replace(
        _NEW,
        account=Account(attention=attention),
        state=State.FINDING,
        change=PendingChange(request=Request(code="ABCD2345", at=5)),
    )

    assert find_views(closed) == {View.CLOSED: 9, View.DECIDING: 5}
    for event in (_HELLO, _TAKE):
        assert View.CLOSED not in find_views(_play(event, conversation=closed))


def test_reading_a_code_out() -> None:
    """Who reads a code out by phone has spoken with the customer."""
    client = make_client(1001, phone="+573001112233")
    held = replace(
        _NEW,
        speaker=member("Ana"),
        identity=with_fields(_NEW.identity, client=client),
        account=Account(attention=Attention(waiting_since=5)),
    )

    after = _play(CodeRead(agent="Ana"), conversation=held)

    assert (after.speaker, View.WAITING in find_views(after)) == (BOT, False)


def test_row() -> None:
    """A row tells who answers, where the dialog stands, and what people should see."""
    held = _play(_HELLO, _TAKE, _WORD)

    row = summarize(held)

    assert (row.channel, row.state, row.speaker, row.holder) == (
        "test", State.GREETING, SpeakerKind.MEMBER, "Ana",
    )  # fmt: skip
    assert row.attention.waiting_since == _NOW + 3000
    assert summarize(replace(held, speaker=business_phone(until=9))).holder == ""
