"""What is pushed: whatever happens, a page that is open shows what it would show afresh."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from hypothesis import given, settings
from redis.asyncio import Redis

from bot.redis import client as redis_client
from handlers.auditing import Auditor
from handlers.console.fanout import Fanout
from handlers.console.gate import Gate
from handlers.console.inbox import InboxPages
from handlers.console.listing import Listing
from handlers.console.streams import OpenPage
from handlers.pages.cookies import build_cookies
from handlers.pages.live import Hub
from handlers.pages.rendering import StreamEnded
from handlers.ports import Delivery, ReplyTemplate
from handlers.texts import Texts
from handlers.turns import Turns
from state.parts import SpeakerKind
from state.roles import FIRST, Role
from state.store import keys
from state.store.encryption import Keyring
from state.store.inbox import Filters
from state.store.members import Member
from state.store.store import Store
from state.views import NEWEST_FIRST, View
from tests.handlers.console.browser import Browser
from tests.machine_stage import COMPANY
from tests.views.test_random_acts import _CHATS, _NOW, _QUIET, Act, _some
from tests.waiting import until

_KEYRING = Keyring((bytes(range(32)),))


@dataclass
class House:
    """A store, its turns, and what pushes its changes to open pages."""

    redis: Redis
    now: int = _NOW
    limit: int = 4
    ping: float = 0.2
    acts: int = 0
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = Store(self.redis, _KEYRING, token="one")
        self.hub = Hub(ping=self.ping)
        clock = lambda: self.now  # noqa: E731
        self.turns = Turns(self.store, Texts(COMPANY), clock)
        self.fanout = Fanout(store=self.store, hub=self.hub, clock=clock, template=ReplyTemplate())
        gate = Gate(
            staff=self.store.staff,
            auditor=Auditor(audit=self.store.audit, clock=clock),
            clock=clock,
            cookie=build_cookies(secure=False).session,
        )
        self.pages = InboxPages(store=self.store, fanout=self.fanout, gate=gate, limit=self.limit)

    def member(self, name: str, roles: frozenset[Role] = FIRST) -> Member:
        """A member of staff, by name."""
        return Member(name, self.store.staff.members.digest(name), roles)

    def open(self, listing: Listing, member: Member) -> Browser:
        """Open a page of the inbox in a browser."""
        browser = Browser(newest_first=listing.view in NEWEST_FIRST)

        async def viewer() -> Member:
            return member

        async def read() -> None:
            page = OpenPage(viewer=viewer, token="", listing=listing, limit=self.limit)
            stream = self.fanout.stream(page, lambda who: self.pages.draw(page, listing, who))
            async for chunk in stream:
                browser.take(chunk)

        self.tasks.append(asyncio.create_task(read()))
        return browser

    async def afresh(self, listing: Listing, member: Member) -> Browser:
        """Open it in another browser, which shows a picture and no more."""
        page = OpenPage(viewer=_never, token="", listing=listing, limit=self.limit)
        browser = Browser(newest_first=listing.view in NEWEST_FIRST)
        browser.show(await self.pages.draw(page, listing, member))
        return browser

    async def act(self, act: Act) -> None:
        """Let something happen."""
        chat, event, pause = act
        self.now += pause
        self.acts += 1
        if event is not None:
            await self.turns.take(chat, Delivery(id=str(self.acts), event=event, at=self.now))
            return
        key = self.store.key(chat)
        await self.store.pipeline.ask(("DEL", keys.name_key("out", key)))  # else it is not erased
        loaded = await self.store.conversations.load(chat, ["retention"])
        await self.store.conversations.erase(key, version=loaded.version)


Viewer = Callable[[], Awaitable[Member]]


async def _told(house: House, viewer: Viewer) -> list[str]:
    """Read a stream to its end; its pictures are the viewer's roles."""

    async def draw(member: Member) -> str:
        return f"<p>{', '.join(sorted(member.roles))}</p>"

    stream = house.fanout.stream(OpenPage(viewer=viewer, token=""), draw)
    return [part.decode() async for part in stream]


async def test_silent_stream_asks_too(redis: Redis) -> None:
    """A stream on which nothing happens asks with every ping whether its session still stands."""
    sessions = [True] * 8

    async def viewer() -> Member:
        if not sessions:
            raise StreamEnded
        sessions.pop()
        return Member("ana", roles=frozenset({Role.AGENTE}))

    async with _house(redis, ping=0.01) as house:
        told = await _told(house, viewer)

    assert (told[0], told[-1]) == ("data: <p>agente</p>\n\n", "event: bye\ndata: fin\n\n")
    assert ": vivo\n\n" in told
    assert not sessions


async def test_roles_change_on_a_stream(redis: Redis) -> None:
    """Whoever's roles change gets a new picture with the next ping, without a customer's word."""
    asked = 0

    async def viewer() -> Member:
        nonlocal asked
        asked += 1
        if asked > 12:
            raise StreamEnded
        role = Role.OBSERVADOR if asked < 5 else Role.AGENTE
        return Member("ana", roles=frozenset({role}))

    async with _house(redis, ping=0.01) as house:
        told = [part for part in await _told(house, viewer) if "<p>" in part]

    assert told[0] == "data: <p>observador</p>\n\n"
    assert told[-1] == "data: <p>agente</p>\n\n"


async def test_stream_of_nobody(redis: Redis) -> None:
    """A session that ended between the gate and the first picture shows nothing."""

    async def viewer() -> Member:
        raise StreamEnded

    async with _house(redis) as house:
        assert await _told(house, viewer) == ["event: bye\ndata: fin\n\n"]


async def test_slow_browser(redis: Redis) -> None:
    """A browser that takes nothing gets a picture instead of what it missed, however much it is."""
    async with _house(redis) as house:
        page = OpenPage(viewer=_never, token="")
        page.begin()
        page.drawing = False
        for number in range(1_000):
            page.send(b"%d" % number)

        assert page.stale
        page.begin()
        page.send(b"after")
        assert page.take() == b"after"
        assert not house.tasks


async def _never() -> Member:
    raise AssertionError("nobody looks")


@asynccontextmanager
async def _house(redis: Redis, **told: float) -> AsyncIterator[House]:
    house = House(redis, **told)  # type: ignore[arg-type]
    running = asyncio.create_task(house.hub.run(house.store.feed))
    try:
        yield house
    finally:
        house.hub.close()
        await asyncio.gather(running, *house.tasks)


async def _list_pages(house: House) -> list[tuple[Listing, Member]]:
    """List the addresses that agents look at: each view, a second page, filters, an open chat."""
    ana, beto, observer = (
        house.member("Ana"),
        house.member("Beto"),
        house.member("Caro", frozenset({Role.OBSERVADOR})),
    )
    opened = [house.store.key(chat) for chat in _CHATS[:3]]
    _, cursor = await house.store.inbox.page(View.ALL, now=house.now, limit=house.limit)
    held = Filters(speaker=SpeakerKind.MEMBER)
    return [
        *((Listing(view=view, chat=opened[0]), ana) for view in View),
        (Listing(view=View.WAITING, chat=opened[0]), beto),
        (Listing(view=View.WAITING, chat=opened[1]), observer),
        (Listing(view=View.MINE, chat=opened[2]), beto),
        (Listing(view=View.ALL, cursor=cursor), ana),
        (Listing(view=View.ALL, filters=held), observer),
        (Listing(view=View.WAITING, filters=Filters(speaker=SpeakerKind.QUEUE)), beto),
    ]


async def _differ(
    house: House, shown: Sequence[tuple[Listing, Member, Browser]]
) -> list[tuple[object, object, object]]:
    """List what differs between the pages as they are and as they would be afresh."""
    found: list[tuple[object, object, object]] = []
    for listing, member, browser in shown:
        fresh = await house.afresh(listing, member)
        if listing.filters != Filters():  # whether one more passes, neither knows
            browser.rows.pop("more", None)
            fresh.rows.pop("more", None)
        if browser.in_order != fresh.in_order:
            found.append((listing, browser.in_order, fresh.in_order))
        if listing.chat and "facts" not in fresh.parts:  # the chat that is open was erased
            continue
        found += [
            (listing, part, (browser.parts.get(part), now))
            for part, now in fresh.parts.items()
            if browser.parts.get(part) != now
        ]
        if browser.log[-len(fresh.log) :] != fresh.log:
            found.append((listing, browser.log, fresh.log))
    return found


async def _play(url: str, acts: Sequence[Act], *, every: int) -> None:
    async with redis_client.connect(url) as redis:
        await redis.flushall()
        async with _house(redis) as house:
            for act in acts[: len(acts) // 3]:
                await house.act(act)
            pages = await _list_pages(house)
            shown = [(listing, member, house.open(listing, member)) for listing, member in pages]
            for number, act in enumerate(acts[len(acts) // 3 :]):
                await house.act(act)
                if number % every == 0:
                    await _agree(house, shown)
            await _agree(house, shown)
            erased = sum(event is None for _, event, _ in acts)
            assert all(browser.pictures <= 2 + erased for _, _, browser in shown)
        await redis.flushall()


async def _agree(house: House, shown: Sequence[tuple[Listing, Member, Browser]]) -> None:
    differing: list[tuple[object, object, object]] = []

    async def alike() -> bool:
        differing[:] = await _differ(house, shown)
        return not differing

    await until(alike, differing)


@settings(max_examples=3, suppress_health_check=_QUIET)
@given(acts=_some(40))
def test_shows_what_it_would_afresh(redis_url: str, acts: list[Act]) -> None:
    """Whatever happens, in whatever order, what is pushed leaves a page as it would be afresh."""
    asyncio.run(_play(redis_url, acts, every=13))
