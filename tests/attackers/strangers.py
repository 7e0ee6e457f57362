"""What strangers do, each a move that any history may hold at any place."""

from dataclasses import dataclass

from state.effects import button_id
from state.events import Medium, Pressed, SentMedia, SharedContact
from state.machine.asking import choices
from state.parts import QUEUE
from state.states import State
from state.store import keys
from state.store.conversations import UnreadableRecord
from tests.attackers import dialog, people
from tests.attackers.people import Actor
from tests.attackers.staff import approve
from tests.attackers.world import World

_MINUTE = 60_000  # ms


@dataclass(frozen=True)
class Claim:
    """A stranger names a service, and gives facts of its file, right or wrong."""

    who: Actor
    by: str
    facts: tuple[str, ...]

    async def play(self, world: World) -> None:
        """Do it."""
        await dialog.claim(world, self.who, by=self.by, facts=self.facts)


@dataclass(frozen=True)
class Guess:
    """Who knows the facts guesses at the summary what stands on file."""

    who: Actor
    by: str
    document: str
    phone: str
    then: str

    async def play(self, world: World) -> None:
        """Do it; at the summary already, correct the phone and read it again."""
        if world.talk(self.who).state is State.SUMMARY:
            await world.say(self.who, "corregir", "El celular", self.phone)
        elif await dialog.reach_document(world, self.who, by=self.by):
            await world.say(self.who, self.document, self.phone)
        await world.say(self.who, self.then)


@dataclass(frozen=True)
class Apply:
    """Who knows the facts asks for a change, and staff decide, deceived or not.

    They refuse a phone that is not Ana's: with one on file a stranger would be the holder.
    """

    who: Actor
    document: str
    approved: bool

    async def play(self, world: World) -> None:
        """Do it."""
        if await dialog.reach_document(world, self.who):
            await world.say(self.who, self.document, people.PHONE)
            await world.say(self.who, "sí, guardar")
        if self.approved and world.talk(self.who).state is State.REVIEW:
            world.approved[self.who] += 1
            for house in world.houses:
                await approve(house, self.who)


@dataclass(frozen=True)
class Occupy:
    """Two strangers are approved one after the other: the service has its two chats."""

    document: str

    async def play(self, world: World) -> None:
        """Do it."""
        for stranger in people.STRANGERS[:2]:
            await Apply(stranger, self.document, approved=True).play(world)


@dataclass(frozen=True)
class LockOut:
    """Strangers fail to prove that Ana's service is theirs, until it is locked."""

    async def play(self, world: World) -> None:
        """Do it."""
        for stranger, facts in zip(people.STRANGERS[2:], people.WRONG, strict=True):
            await Claim(stranger, "1001", facts).play(world)


@dataclass(frozen=True)
class Say:
    """A stranger types something."""

    who: Actor
    text: str

    async def play(self, world: World) -> None:
        """Do it."""
        await world.say(self.who, self.text)


@dataclass(frozen=True)
class Press:
    """A stranger presses a button that is offered, or one that is not."""

    who: Actor
    number: int
    forged: str = ""

    async def play(self, world: World) -> None:
        """Do it."""
        talk = world.talk(self.who)
        offered = choices(talk)
        choice = self.forged or (offered[self.number % len(offered)][0] if offered else "save")
        button = button_id(talk.shown.flow, talk.shown.question, choice)
        await world.hear(self.who, Pressed(button=button))


@dataclass(frozen=True)
class Show:
    """A stranger sends a picture, or somebody's contact."""

    who: Actor
    what: str

    async def play(self, world: World) -> None:
        """Do it."""
        if self.what == "picture":
            await world.hear(self.who, SentMedia(medium=Medium.IMAGE))
        else:
            await world.hear(self.who, SharedContact(phone=f"57{people.PHONE}", own=False))


@dataclass(frozen=True)
class TryCodes:
    """A stranger makes up invitation codes."""

    who: Actor
    count: int
    first: int = 2345

    async def play(self, world: World) -> None:
        """Do it."""
        for number in range(self.first, self.first + self.count):
            talk = world.talk(self.who)
            if talk.state is not State.METHOD or talk.speaker == QUEUE:
                await dialog.approach(world, self.who)
            await world.say(self.who, f"Vincular ABCD{number}")


@dataclass(frozen=True)
class Wait:
    """Time passes: reminders, expiry, the next day, the next week."""

    minutes: int

    async def play(self, world: World) -> None:
        """Do it."""
        await world.pass_time(self.minutes * _MINUTE)


@dataclass(frozen=True)
class PutBack:
    """Who can write to Redis puts an earlier record back under the current version."""

    who: Actor

    async def play(self, world: World) -> None:
        """Do it; it must not open."""
        await world.say(self.who, "estado")
        for house in world.houses:
            name = keys.name_key("chat", house.key(self.who))
            earlier = house.server.one("HGET", name, "st")
            await house.say(self.who, "ayuda")
            current = house.server.one("HGET", name, "st")
            house.server.one("HSET", name, "st", earlier)
            try:
                await house.store.conversations.find(house.key(self.who))
            except UnreadableRecord:
                house.server.one("HSET", name, "st", current)
            else:
                raise AssertionError("an earlier record opens under a later version")
