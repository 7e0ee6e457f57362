"""Strangers in a house with many chats, beside the holder: single histories, and the mutants."""

from collections.abc import Iterator

import pytest

from tests.attackers import people
from tests.attackers.customers import Change, Compare, Disown, Inherit, UseForwarded
from tests.attackers.histories import History
from tests.attackers.mutants import MUTANTS
from tests.attackers.mutation import Mutant
from tests.attackers.play import Play, find_fault, find_fault_in_batch, notice, ready_to_play
from tests.attackers.strangers import (
    Apply,
    Claim,
    Guess,
    LockOut,
    Occupy,
    Press,
    PutBack,
    Say,
    Show,
    TryCodes,
    Wait,
)
from tests.attackers.world import Other, World

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def play() -> Iterator[Play]:
    """What plays histories."""
    with ready_to_play() as playing:
        yield playing


def test_some_histories() -> None:
    """A few histories end well."""
    assert find_fault_in_batch(0, 5).fault == ""


@pytest.mark.parametrize("codes", [True, False])
def test_every_move(play: Play, *, codes: bool) -> None:
    """Each kind of move is played, and ends well."""
    sam, sid, sue = people.STRANGERS[:3]
    none, file = people.NOBODYS[0], people.DOCUMENTS[0]
    moves = (
        Change("wa"), Say(sam, "hola"), Press(sam, 0), Press(sam, 0, "save"), Show(sam, "picture"),
        Show(sam, "contact"), Guess(sid, "1001", file, people.PHONE, "mis datos"),
        Guess(sid, "", none, people.OTHER_PHONE, "sí, guardar"), TryCodes(sue, 6), PutBack(sue),
        UseForwarded(sam), Compare((file, none)), Apply(sid, none, approved=True),
        Change("tg", invited=True, document="79888999", phone="-3187770000"),
        Disown("wa", vouched=True), Wait(31), Wait(11_520),
        Change("wa", document="79444555", approved=True),
        Inherit("hola", file), Disown("tg", vouched=False), Change("tg", phone="3187770000"),
    )  # fmt: skip

    world = play(History(moves, codes=codes))

    assert (world.arrivals, world.saves) == (14, 8)


def test_a_fault_is_told(play: Play) -> None:
    """What goes wrong in a history is told, with the shortest history that shows it."""

    def fail(history: History) -> World:
        assert len(history.moves) < 2, "two moves"
        return play(history)

    outcome = find_fault(fail, 50, first=0)

    assert outcome.fault.startswith("two moves")
    assert outcome.fault.count("who=") <= 2


def test_holder_takes_her_place(play: Play) -> None:
    """Whoever failed proofs and took both places, the holder is let in, and has hers."""
    moves = Occupy(people.NOBODYS[0]), LockOut(), Change("tg"), Change("wa", invited=True)

    world = play(History(moves))

    assert (world.arrivals, world.saves) == (4, 4)
    assert len(world.approved) == 2


def test_claims_are_tried(play: Play) -> None:
    """The strangers of the histories really know the facts, and really fail without them."""
    right, wrong = people.STRANGERS[:2]
    moves = Claim(right, "1001", people.FACTS), Claim(wrong, "1001", people.WRONG[0])

    world = play(History(moves, Other.NOWHERE))

    assert world.knowing == {right}


def test_the_service_is_locked(play: Play) -> None:
    """The strangers who shall lock the service out do lock it; vague answers fail nothing."""
    vague = [Claim(who, "1001", people.VAGUE[1]) for who in people.STRANGERS[2:]]

    for house in play(History((LockOut(),))).houses:
        assert house.locked_until(people.ANA) > house.now
    for house in play(History(vague)).houses:
        assert not house.locked_until(people.ANA)


def _name(one: object) -> str:
    return getattr(one, "name", "")


@pytest.mark.parametrize(("mutant", "history"), MUTANTS.items(), ids=_name)
def test_mutants(play: Play, mutant: Mutant, history: History) -> None:
    """A rule with one part removed or changed is noticed by a short history, and only then."""
    play(history)
    with mutant.apply(), pytest.raises(AssertionError):
        play(history)


def test_a_mutant_is_noticed_by_chance() -> None:
    """A seal without the version is noticed soon, and told by name."""
    mutant = next(one for one in MUTANTS if "version" in one.fault)

    same, outcome = notice(mutant)

    assert same is mutant
    assert outcome.fault == "an earlier record opens under a later version"
