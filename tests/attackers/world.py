"""The world: houses side by side whose files differ, where the same people do the same things."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from enum import StrEnum

from state.conversation import Conversation
from state.events import Event, Said, SharedContact
from state.proof import Proof
from tests.attackers import people
from tests.attackers.house import House
from tests.attackers.people import Actor
from tests.simulation import wire


class Other(StrEnum):
    """What the second house is like, which strangers must not tell from the first."""

    ELSEWHERE = "elsewhere"
    """Other data are on Ana's file."""

    NOWHERE = "nowhere"
    """Ana is no customer; who knows her facts could tell, and nobody else."""


_FILES = {Other.ELSEWHERE: people.ELSEWHERE, Other.NOWHERE: people.NOWHERE}


class World:
    """Two houses, and what is true of the people in them.

    Attributes:
        knowing: those who gave Ana's facts right, and heard so.
        approved: how many requests of somebody staff approved, deceived or not.
        disowned: Ana said "no fui yo".
        inherited: another account has shown Ana's number: it proves nothing any more.
        typed: what everybody wrote, and the numbers of the contacts that they sent.
        arrivals, saves: how often the holder was let in, and saved, in one house or the other.
    """

    def __init__(self, servers: Sequence[wire.Server], other: Other, *, codes: bool) -> None:
        files = (people.THERE, _FILES[other])
        self.other = other
        self.houses = [
            House(server, file, codes=codes) for server, file in zip(servers, files, strict=True)
        ]
        self.there, self.elsewhere = self.houses
        self.knowing: set[Actor] = set()
        self.approved: Counter[Actor] = Counter()
        self.disowned = False
        self.inherited = False
        self.typed: defaultdict[Actor, str] = defaultdict(str)
        self.arrivals = self.saves = 0

    @property
    def of_ana(self) -> list[House]:
        """List the houses whose customer Ana is."""
        return self.houses if self.other is Other.ELSEWHERE else [self.there]

    @staticmethod
    def possesses(actor: Actor, service: int) -> bool:
        """Tell whether somebody really has a phone of that service, or its invitation."""
        luis = service == people.LUIS
        return actor == people.NEIGHBOUR if luis else actor in people.HOLDER.values()

    def talk(self, actor: Actor) -> Conversation:
        """Give the record of a stranger's chat: it reads the same in both houses."""
        return self.there.talk(actor)

    async def hear(self, actor: Actor, *events: Event) -> None:
        """Let a stranger do the same in both houses."""
        texts = [event.text for event in events if isinstance(event, Said)]
        texts += [event.phone for event in events if isinstance(event, SharedContact)]
        self.typed[actor] += "".join(f"\n{text}" for text in texts)
        for house in self.houses:
            await house.hear(actor, *events)
        if Proof.FACTS in self.talk(actor).identity.proofs:
            self.knowing.add(actor)

    async def say(self, actor: Actor, *texts: str) -> None:
        """Let a stranger write texts, all of them before they are answered."""
        await self.hear(actor, *(Said(text=text) for text in texts))

    async def pass_time(self, milliseconds: int = 0) -> None:
        """Let time pass; in both houses it is the same time then."""
        end = max(house.now for house in self.houses) + milliseconds
        for house in self.houses:
            await house.pass_time(until=end)
