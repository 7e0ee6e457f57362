"""Five agents and thirty customers do what they like: nobody waits unseen.

What must be seen the test keeps by itself: which words of each customer no person has answered,
whose messages failed, who closed what. It asks the record only who answers a customer.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.redis import client as redis_client
from handlers.ports import Delivery
from handlers.texts import Texts
from handlers.turns import Turns
from state.conversation import Chat
from state.events import Echoed, Event, Medium, Said, SentMedia, Undelivered
from state.parts import BOT, QUEUE, Speaker, SpeakerKind, member
from state.refusals import Refusal
from state.staff_actions import (
    Closed,
    HandedBack,
    MemberDisabled,
    Noted,
    Replied,
    Retried,
    TakenOver,
)
from state.store import keys
from state.store.conversations import Erasure, NoSuchConversation
from state.store.encryption import Keyring
from state.store.store import Store
from state.views import View, find_views
from tests.machine_stage import COMPANY

_KEYRING = Keyring((bytes(range(32)),))
_NOW = 1_795_442_400_000
_AGENTS = ("Ana", "Beto", "Caro", "Dani", "Eva")
_CHATS = [Chat(channel="test", account="1", id=str(number)) for number in range(30)]
_WORDS = ("hola", "asesor", "asistente", "no fui yo", "sí", "gracias", "empezar", "3001234567")

_customers = st.builds(Said, text=st.sampled_from(_WORDS)) | st.just(SentMedia(medium=Medium.VOICE))
_named = st.sampled_from(_AGENTS)
_agents = st.one_of(
    st.builds(TakenOver, agent=_named, over=st.just("") | _named),
    st.builds(Noted, agent=_named, text=st.just("ya pagó")),
    st.builds(Replied, agent=_named, text=st.just("Dígame"), takes=st.booleans()),
    st.builds(Replied, agent=_named, text=st.sampled_from(["Buenas", " "])),
    st.builds(HandedBack, agent=_named),
    st.builds(Closed, agent=_named),
    st.builds(MemberDisabled, agent=_named),
    st.builds(Retried, agent=_named, seq=st.just(1), text=st.just("Hola"), others=st.booleans()),
)
_others = st.just(Undelivered(reason="131026")) | st.just(Echoed(text="ya voy"))
_acts = st.tuples(
    st.sampled_from(_CHATS),
    _customers | _agents | _others | st.none(),  # none: the chat is erased
    st.sampled_from([1, 60_000, 5 * 3600_000]),  # ms until the next act
)
Act = tuple[Chat, Event | None, int]


@dataclass
class _Known:
    """What people must see of a chat.

    Attributes:
        unanswered: when the customer wrote what no person answered.
    """

    speaker: Speaker = BOT
    unanswered: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    closed: int = 0

    def note(self, event: Event, refusal: Refusal | None, now: int, after: Speaker) -> None:
        """Note what happened, and who answers from now on."""
        before, self.speaker = self.speaker, after
        if refusal is not None:
            return
        match event:
            case Said() | SentMedia():
                self.closed = 0
                self.failed.clear()
                lapsed = before.kind is SpeakerKind.BUSINESS_PHONE
                if after != BOT:
                    self.unanswered.append(now)
                elif before == QUEUE and not lapsed:  # wants the bot again
                    self.unanswered.clear()
            case Replied() | Echoed():
                self.unanswered.clear()
                self.failed.clear()
                self.closed = 0
            case HandedBack():
                self.unanswered.clear()
            case Closed():
                self.unanswered.clear()
                self.failed.clear()
                self.closed = now
            case TakenOver():
                self.closed = 0
            case Retried(others=others):
                self.failed = self.failed if others else []
            case Noted():
                pass  # which no customer gets
            case MemberDisabled():
                self.unanswered = self.unanswered or [now]
            case Undelivered():
                self.failed.append(now)
            case _:
                raise AssertionError(event)

    def expect(self) -> dict[View, int]:
        """Tell where it must be seen."""
        told = {View.WAITING: self.unanswered[:1], View.FAILED: self.failed[:1]}
        told[View.CLOSED] = [self.closed] if self.closed else []
        return {view: times[0] for view, times in told.items() if times}


class _Office:
    """A store, its turns, and what the test knows."""

    def __init__(self, redis: Redis) -> None:
        self.now = _NOW
        self.store = Store(redis, _KEYRING, token="one")
        self.turns = Turns(self.store, Texts(COMPANY), lambda: self.now)
        self.known: dict[str, _Known] = {}
        self._acts = 0

    async def act(self, chat: Chat, event: Event | None, pause: int) -> None:
        """Let something happen, and look at this chat."""
        self.now += pause
        self._acts += 1
        key = self.store.key(chat)
        if event is None:
            await self._erase(chat, key)
            return
        delivery = Delivery(id=str(self._acts), event=event, at=self.now)
        refusal = await self.turns.take(chat, delivery)
        try:
            conversation = await self.store.conversations.find(key)
        except NoSuchConversation:
            assert refusal is not None
            return
        known = self.known.setdefault(key, _Known())
        known.note(event, refusal, self.now, conversation.speaker)
        places = find_views(conversation)
        expected = known.expect()
        assert {view: place for view, place in places.items() if view in expected} == expected
        assert not {View.WAITING, View.FAILED, View.CLOSED} & (places.keys() - expected.keys())

    async def look(self) -> None:
        """Look at every list: who must be in it is, in order, and nobody else."""
        for view in (View.WAITING, View.FAILED, View.CLOSED):
            expected = {key: one.expect() for key, one in self.known.items()}
            told = [(places[view], key) for key, places in expected.items() if view in places]
            assert await self._list(view) == sorted(told, reverse=view is View.CLOSED)
        for agent in _AGENTS:
            held = {key for key, one in self.known.items() if one.speaker == member(agent)}
            digest = self.store.staff.members.digest(agent)
            assert {key for _, key in await self._list(View.MINE, digest)} == held
        assert {key for _, key in await self._list(View.ALL)} == self.known.keys()
        stood = {key: find_views(await self.store.conversations.find(key)) for key in self.known}
        for view in (View.DECIDING, View.STUCK):
            told = [(places[view], key) for key, places in stood.items() if view in places]
            due = [one for one in told if view is not View.STUCK or one[0] <= self.now]
            assert await self._list(view) == sorted(due)

    async def _erase(self, chat: Chat, key: str) -> None:
        await self.store.pipeline.ask(("DEL", keys.name_key("out", key)))  # else it is not erased
        loaded = await self.store.conversations.load(chat, ["retention"])
        erased = await self.store.conversations.erase(key, version=loaded.version)
        assert erased is Erasure.OK
        self.known.pop(key, None)

    async def _list(self, view: View, digest: str = "") -> list[tuple[int, str]]:
        """Turn all pages, and count."""
        found: list[tuple[int, str]] = []
        cursor = "."
        while cursor:
            rows, cursor = await self.store.inbox.page(
                view, now=self.now, member=digest, cursor=cursor, limit=6
            )
            found += [(row.place, row.key) for row in rows]
            assert all(row.row is not None for row in rows)
        counts = await self.store.inbox.counts(now=self.now, member=digest)
        assert counts[view] == len(found)
        return found


async def _play(url: str, acts: Sequence[Act]) -> None:
    async with redis_client.connect(url) as redis:
        await redis.flushall()
        office = _Office(redis)
        for number, (chat, event, pause) in enumerate(acts, 1):
            await office.act(chat, event, pause)
            if number % 50 == 0:
                await office.look()
        await office.look()
        await redis.flushall()


def _some(acts: int) -> st.SearchStrategy[list[Act]]:
    return st.lists(_acts, min_size=acts, max_size=acts)


_QUIET = (HealthCheck.function_scoped_fixture, HealthCheck.data_too_large, HealthCheck.too_slow,
          HealthCheck.large_base_example)  # fmt: skip


@settings(max_examples=4, suppress_health_check=_QUIET)
@given(acts=_some(40))
def test_some(redis_url: str, acts: list[Act]) -> None:
    """Whatever they do, every chat is in exactly the lists where it must be seen."""
    asyncio.run(_play(redis_url, acts))


@pytest.mark.slow
@settings(max_examples=100, suppress_health_check=_QUIET)
@given(acts=_some(100))
def test_ten_thousand(redis_url: str, acts: list[Act]) -> None:
    """The same for ten thousand acts."""
    asyncio.run(_play(redis_url, acts))
