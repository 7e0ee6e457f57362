"""A number that two accounts have shown: what the machine makes of it, on both sides."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from state.client import Client
from state.conversation import Chat, Conversation
from state.effects import Effect, Say, Search, TellFormer
from state.events import (
    ClientsFound,
    Event,
    NumberPassed,
    Renumbered,
    Said,
    SharedContact,
)
from state.machine import updating
from state.machine.moment import Moment
from state.machine.step import step
from state.parts import Account, Identity, Link, Person
from state.proof import Proof
from state.staff_actions import CodeRead, TakenOver
from state.states import State
from tests.attackers.alone import (
    ANA,
    ANA_ELSEWHERE,
    LUIS,
    LUIS_ELSEWHERE,
    Attack,
    words,
)
from tests.clients import on_file

_NUMBER = "573159741951"
_RECYCLED = Person(user="CO.999", phone=_NUMBER, recycled_at=1)
_NOW = 1_795_442_400_000
_DAY = 24 * 3600_000
_START = Conversation(chat=Chat(channel="whatsapp", account="1", id="CO.999"))
_TWO_PHONES = replace(ANA, on_file=on_file(phone="3159741951,3001112233"))


def _take(
    conversation: Conversation,
    event: Event,
    person: Person,
    *,
    now: int = _NOW,
    codes: bool = False,
) -> tuple[Conversation, tuple[Effect, ...]]:
    moment = Moment(
        now=now, at=now, today="", reference=f"ABCD{conversation.turns}", person=person,
        one_time_code="482913", can_send_codes=codes,
    )  # fmt: skip
    return step(conversation, event, moment)


def _holds(proofs: tuple[Proof, ...]) -> Conversation:
    """Give a chat that is linked to Ana's service, by these proofs."""
    account = Account(person=Person(user="CO.111", phone=_NUMBER))
    identity = Identity(client=ANA, proofs=proofs)
    link = Link(client=ANA, proofs=proofs)
    return replace(_START, account=account, identity=identity, link=link, state=State.DONE)


_acts = st.one_of(
    st.builds(Said, text=words),
    st.just(SharedContact(phone=_NUMBER, own=True)),
    st.integers(0, 4),
)


@settings(max_examples=60)
@given(st.lists(_acts, max_size=30))
def test_nothing_on_file_is_compared(acts: list[Event | int]) -> None:
    """Whatever is done with a recycled number, what stands on file of it shows nowhere."""
    worlds = [Attack((ANA, LUIS)), Attack((ANA_ELSEWHERE, LUIS_ELSEWHERE))]
    for attack in worlds:
        attack.conversation = replace(attack.conversation, account=Account(person=_RECYCLED))
        for act in acts:
            attack.act(act)

    there, elsewhere = worlds
    assert there.said == elsewhere.said
    assert there.proven <= {Proof.FACTS}
    assert there.updates == []


def test_former_is_told_once() -> None:
    """The first message that shows a recycled number has the former told; repeats do not."""
    first, told = _take(_START, Said(text="hola"), _RECYCLED)
    second, again = _take(first, Said(text="hola"), _RECYCLED)
    _, alone = _take(second, Said(text="hola"), Person(user="CO.999"))

    assert [e for e in told if isinstance(e, TellFormer)] == [TellFormer(phone=_NUMBER)]
    assert not any(isinstance(e, TellFormer) for e in (*again, *alone))
    assert second.account.person == _RECYCLED


def test_moving_to_a_recycled_number() -> None:
    """A change that Meta tells, to a number that was another's, tells the former too."""
    moved, told = _take(_holds((Proof.CHANNEL_PHONE,)), Renumbered(), _RECYCLED)
    own, none = _take(moved, Renumbered(), Person(user="CO.998", phone="573009998877"))

    assert told == (TellFormer(phone=_NUMBER),)
    assert (own.account.person.recycled_at, none) == (0, ())


def test_search_under_way_is_dropped() -> None:
    """What a search by the number finds counts no more once the number is known as recycled."""
    conversation, effects = _take(_START, Said(text="hola"), Person(phone=_NUMBER))
    for text in ("empezar", "sí, autorizo"):
        conversation, effects = _take(conversation, Said(text=text), Person(phone=_NUMBER))
    (search,) = [effect for effect in effects if isinstance(effect, Search)]
    waiting, _ = _take(conversation, Said(text="hola"), _RECYCLED)
    after, said = _take(waiting, ClientsFound(clients=(ANA,), lookup=search.lookup), _RECYCLED)

    assert (after.state, after.identity.proofs) == (State.METHOD, ())
    assert isinstance(said[0], Say)
    assert said[0].lines[0].text == "id_tel_solo"


@pytest.mark.parametrize(
    ("client", "phones"), [(ANA, []), (_TWO_PHONES, ["+573001112233"])], ids=["one", "two"]
)
def test_no_code_goes_to_a_recycled_number(client: Client, phones: list[str]) -> None:
    """A code goes to another phone on file, or to none; a member of staff reads none out there."""
    attack = Attack((client,), codes=True)
    attack.conversation = replace(attack.conversation, account=Account(person=_RECYCLED))
    for text in ("hola", "empezar", "sí, autorizo", "Datos de mi factura", "Ana Gómez"):
        attack.act(Said(text=text))
    sent = []
    for text in ("Calle 10 # 5-20", "no sé", "60000"):
        attack.act(Said(text=text))
        challenge = attack.conversation.identity.challenge
        sent += [challenge.phone] if challenge is not None else []
    read, _ = _take(
        _take(attack.conversation, TakenOver(agent="ana"), _RECYCLED)[0],
        CodeRead(agent="ana"),
        _RECYCLED,
    )

    assert list(filter(None, sent)) == phones
    assert read.identity.challenge is not None
    assert read.identity.challenge.read_by == ("ana" if phones else "")


def test_recycled_number_is_not_vouched_for() -> None:
    """Who possesses a service by other means, and puts the number on file, asks people for it."""
    blank = Identity(client=replace(ANA, on_file={}), proofs=(Proof.INVITATION,))
    asked = []
    for person in (_RECYCLED, replace(_RECYCLED, recycled_at=0)):
        given = replace(_START, identity=blank, state=State.PHONE, account=Account(person=person))
        for text in ("3159741951", "sí, guardar"):
            given, _ = _take(given, Said(text=text), person)
        asked.append(given.state)

    assert asked == [State.REVIEW, State.UPDATING]


def test_passed_number_keeps_possession() -> None:
    """Whoever loses the number keeps the link, may object, and proves nothing by it any more."""
    holder = _holds((Proof.CHANNEL_PHONE,))
    after, said = _take(holder, NumberPassed(phone=_NUMBER), Person())

    assert after.possessed_services == (1001,)
    assert after.account.person == Person(user="CO.111", phone=_NUMBER, recycled_at=_NOW)
    assert updating.is_renumbered(
        after, Moment(now=_NOW + 71 * 3600_000, at=0, today="", reference="")
    )
    assert after.notice is not None
    assert isinstance(said[0], Say)
    assert said[0].lines[-1].text == "aviso_numero"


def test_passed_number_of_who_only_knows() -> None:
    """A chat that possesses nothing is told nothing, and has no notice to object to."""
    after, said = _take(_holds((Proof.FACTS,)), NumberPassed(phone=_NUMBER), Person())

    assert (said, after.notice) == ((), None)
    assert after.account.person.recycled_at == _NOW


def test_passed_number_that_was_left_before() -> None:
    """Who has another number by now keeps that one; the holder is told all the same."""
    holder = _holds((Proof.INVITATION,))
    own = Person(user="CO.112", phone="573009998877")
    moved = replace(holder, account=replace(holder.account, person=own))
    after, said = _take(moved, NumberPassed(phone=_NUMBER), Person())

    assert after.account.person == own
    assert len(said) == 1
