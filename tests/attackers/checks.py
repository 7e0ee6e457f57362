"""What must hold after every move, whatever strangers did."""

from state.records import Standing
from tests.attackers import people
from tests.attackers.house import House
from tests.attackers.outside import CODES, DAY, is_within
from tests.attackers.people import Actor
from tests.attackers.world import Other, World

_MONTH = 30 * DAY
_GUESSES = ((3, DAY), (6, 7 * DAY))  # searches of one chat
_WARNING = "Aviso de seguridad"
_STRANGERS = (*people.STRANGERS, people.HEIR)


def check(world: World) -> None:
    """Look at everything.

    Raises:
        AssertionError: something does not hold.
    """
    for house in world.houses:
        for actor in people.EVERYBODY:
            _check_actor(world, house, actor)
        _check_budgets(house)
        _check_locks(world, house)
        inherited = world.inherited and f"+57{people.PHONE}" in house.codes
        assert not inherited, "a code went to a number in other hands"
    for actor in _STRANGERS:
        _check_words(world, actor)


def _check_actor(world: World, house: House, actor: Actor) -> None:
    key, talk = house.key(actor), house.talk(actor)
    if not key:
        return
    written = [service for who, _, service in house.directory.writes if who == key]
    others = [service for service in written if not world.possesses(actor, service)]
    assert len(others) <= world.approved[actor], f"{actor} wrote without possession"
    asked = [service for who, _, service in house.directory.inquiries if who == key]
    assert all(world.possesses(actor, one) for one in asked), f"{actor} asked without possession"
    for service in talk.possessed_services:
        assert world.possesses(actor, service), f"{actor} counts as the holder of {service}"
    if talk.link is not None:
        mine = world.possesses(actor, talk.link.client.service_id) or world.approved[actor]
        assert mine, f"{actor} linked a service by knowledge"
    if talk.notice is not None:
        assert world.possesses(actor, talk.notice.service_id), f"{actor} was told of a change"
    request, saved = talk.change.request, talk.last_change
    contested = request is not None and request.contested
    contested |= saved is not None and saved.standing is Standing.CONTESTED
    if contested and actor in people.HOLDER.values():
        assert world.disowned, "a stranger stopped the holder's change"


def _check_words(world: World, actor: Actor) -> None:
    """Nothing of the file is said to who does not possess it, and the same whatever it holds."""
    if world.possesses(actor, people.ANA):
        return
    typed = world.typed[actor]
    for house in world.houses:
        for _, text in house.transcript(actor):
            assert not text.startswith(_WARNING), f"{actor} was told of a change"
            for secret in (*people.SECRETS, *people.MASKED):
                shown = secret in text and secret.strip("•*") not in typed
                assert not shown, f"{actor} was shown what stands on file"
    if world.other is Other.ELSEWHERE or actor not in world.knowing:
        there, other = (house.transcript(actor) for house in world.houses)
        assert there == other, f"{actor} can tell the houses apart: {_first(there, other)}"


def _first(there: list[tuple[int, str]], other: list[tuple[int, str]]) -> str:
    pairs = zip([*there, None], [*other, None], strict=False)
    return next(f"{one} | {two}" for one, two in pairs if one != two)


def _check_budgets(house: House) -> None:
    """Guesses are few: of one chat by searches and codes, and of documents by an update."""
    for actor in _STRANGERS:
        searches = house.list_searches(actor)
        assert all(is_within(searches, *limit) for limit in _GUESSES), f"{actor} guesses on"
        codes = house.list_codes(actor)
        assert all(is_within(codes, *limit) for limit in CODES), f"{actor} tries codes on"
    compared = house.list_compared(people.NEIGHBOUR)
    assert is_within(compared, 1, _MONTH), "documents are compared one after the other"


def _check_locks(world: World, house: House) -> None:
    """Only who possesses a service has it locked for longer than failed proofs do."""
    locked = house.locked_until(people.ANA) > house.now + 2 * DAY
    assert not locked or world.disowned, "a stranger locked the holder's service"
