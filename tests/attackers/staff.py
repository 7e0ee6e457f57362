"""What staff do when they are asked to."""

from state.staff_actions import (
    Decided,
    HandedBack,
    TakenOver,
    Vouched,
)
from tests.attackers import people
from tests.attackers.house import House
from tests.attackers.people import Actor
from tests.attackers.world import World

_STAFF = ("luis", "marta")


async def approve(house: House, actor: Actor) -> None:
    """Have two members of staff approve somebody's request, and again if the file changed since."""
    for agent in (*_STAFF, *_STAFF):
        request = house.talk(actor).change.request
        if request is not None:
            await house.decide(actor, Decided(agent=agent, code=request.code, approved=True))


async def vouch(house: House, actor: Actor) -> None:
    """Have a member of staff take somebody's chat, make sure who it is, and hand it back."""
    vouched = Vouched(agent=_STAFF[0], reason="vino a la oficina")
    await house.decide(
        actor, TakenOver(agent=vouched.agent), vouched, HandedBack(agent=vouched.agent)
    )


async def invite(house: House, service: int = people.ANA) -> str:
    """Issue an invitation, and give its code."""
    return (await house.store.invitations.issue(service)).code


def may_invite(world: World, actor: Actor) -> bool:
    """Tell whether somebody has not used up what one chat may try."""
    return all(house.may_invite(actor) for house in world.houses)
