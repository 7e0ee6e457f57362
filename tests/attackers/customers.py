"""What customers do, each a move: Ana, who is the holder; Luis; and who inherits Ana's number."""

from dataclasses import dataclass

from state.states import State
from tests.attackers import dialog, people
from tests.attackers.house import House
from tests.attackers.people import Actor
from tests.attackers.staff import approve, invite, may_invite, vouch
from tests.attackers.strangers import Guess
from tests.attackers.world import World


@dataclass(frozen=True)
class Change:
    """Ana shows who she is, answers and saves; staff may approve.

    A phone that begins with `-` takes the place of those on file: who shows only the phone on file
    may not do that by the chat, whatever strangers did.
    """

    chat: str
    invited: bool = False
    document: str = ""
    phone: str = ""
    approved: bool = False

    async def play(self, world: World) -> None:
        """Do it in every house whose customer she is."""
        holder = people.HOLDER[self.chat]
        may = may_invite(world, holder)
        if world.inherited and not may:
            return
        for house in world.of_ana:
            invited = world.inherited or (self.invited and may)
            code = await invite(house) if invited else ""
            await dialog.arrive(house, holder, invitation=code)
            world.arrivals += 1
            phone = self.phone if invited else self.phone.removeprefix("-")
            await dialog.save(house, holder, document=self.document, phone=phone)
            world.saves += 1
            await self._end(house, holder)
        await world.pass_time()

    async def _end(self, house: House, holder: Actor) -> None:
        """Let staff approve, or Ana take it back; once it is done, she has her place."""
        if self.approved and not self.phone.startswith("-"):
            await approve(house, holder)
        talk = house.talk(holder)
        if talk.state is State.REVIEW:
            await house.say(holder, "cancelar", "sí, retirarla")
        elif talk.link is not None:
            service = talk.link.client.service_id
            history = await house.store.service_history.history(service)
            assert house.key(holder) in history.holders, "the holder's place is not hers"


@dataclass(frozen=True)
class Disown:
    """Ana says "no fui yo": people decide everything, until staff made sure who she is."""

    chat: str
    vouched: bool

    async def play(self, world: World) -> None:
        """Do it in every house whose customer she is."""
        holder = people.HOLDER[self.chat]
        if world.inherited and not may_invite(world, holder):
            return
        world.disowned = True
        for house in world.of_ana:
            code = await invite(house) if world.inherited else ""
            await dialog.arrive(house, holder, invitation=code)
            world.arrivals += 1
            await house.say(holder, "no fui yo")
            if self.vouched:
                await vouch(house, holder)
        await world.pass_time()


@dataclass(frozen=True)
class UseForwarded:
    """Ana uses an invitation, and a stranger to whom she forwarded it tries it too.

    Where she is no customer, he tries one that was withdrawn.
    """

    who: Actor

    async def play(self, world: World) -> None:
        """Do it, unless Ana had too many invitations lately."""
        if not may_invite(world, people.HOLDER["tg"]):
            return
        codes = [await self._use(world, house) for house in world.houses]
        await world.pass_time()
        await dialog.approach(world, self.who)
        for house, code in zip(world.houses, codes, strict=True):
            await house.say(self.who, f"Vincular {code}")

    async def _use(self, world: World, house: House) -> str:
        code = await invite(house)
        if house in world.of_ana:
            await dialog.arrive(house, people.HOLDER["tg"], invitation=code)
            world.arrivals += 1
        else:
            await house.store.invitations.withdraw(code)
        return code


@dataclass(frozen=True)
class Inherit:
    """The carrier gives Ana's number to somebody, whose account shows it; it proves nothing.

    Whoever this is may know the facts too, and guess.
    """

    text: str
    document: str = ""

    async def play(self, world: World) -> None:
        """Do it, once Ana's own account has shown the number."""
        for house in world.houses:
            if not world.inherited:
                await house.say(people.HOLDER["wa"], "hola")
                house.codes.clear()
        await world.pass_time()
        world.inherited = True
        await dialog.approach(world, people.HEIR)
        await world.say(people.HEIR, self.text)
        if self.document:
            await Guess(people.HEIR, "1001", self.document, people.PHONE, "sí, guardar").play(world)


@dataclass(frozen=True)
class Compare:
    """Luis gives documents for his own service, one after the other, to learn whose they are."""

    documents: tuple[str, ...]

    async def play(self, world: World) -> None:
        """Do it in every house, and take back what people shall decide."""
        luis = people.NEIGHBOUR
        for house in world.houses:
            for document in self.documents:
                if not house.may_invite(luis):
                    break
                code = "" if house.talk(luis).link else await invite(house, people.LUIS)
                await dialog.arrive(house, luis, invitation=code)
                await dialog.save(house, luis, document=document, phone=luis.person.phone[2:])
                if house.talk(luis).state is State.REVIEW:
                    await house.say(luis, "cancelar", "sí, retirarla")
        await world.pass_time()
