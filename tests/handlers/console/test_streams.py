"""Open streams end with the session that opened them, and show what its roles allow."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
import pytest

from bot.bootstrap import Application, clock
from handlers.ports import Delivery
from state.events import Said
from state.roles import Role
from tests.handlers.console.test_console import CHAT, client, house
from tests.members import PASSWORD, join
from tests.waiting import HUNG

__all__ = ["client", "house"]

_SECRET = "mi cédula es 1098765432"
_CHAT, _REQUESTS = "/consola/live?c={key}", "/consola/solicitudes/live"


async def enter(browser: httpx.AsyncClient, name: str) -> None:
    """Sign a member in; the cookie goes by header, for these browsers speak plain HTTP."""
    form = {"name": name, "password": PASSWORD}
    answer = await browser.post("/consola/entrar", data=form)
    assert answer.status_code == 303
    browser.headers["cookie"] = answer.headers["set-cookie"].split(";")[0]


End = Callable[[Application, httpx.AsyncClient], Awaitable[object]]


async def _leave(_house: Application, browser: httpx.AsyncClient) -> None:
    """Sign out in another tab."""
    await browser.post("/consola/salir")


async def _leave_elsewhere(house: Application, browser: httpx.AsyncClient) -> None:
    """Sign out by another process: this one's hub is not told."""
    await house.store.staff.sessions.sign_out(browser.headers["cookie"].split("=", 1)[1])


async def _disable(house: Application, _browser: httpx.AsyncClient) -> None:
    """Be removed, by a command beside this process."""
    await house.store.staff.disable("beto")


async def _disable_here(house: Application, browser: httpx.AsyncClient) -> None:
    """Be removed by an administrator, on the page in this process."""
    async with httpx.AsyncClient(base_url=str(browser.base_url), timeout=HUNG) as admin:
        await enter(admin, "ana")
        digest = house.store.staff.members.digest("beto")
        answer = await admin.post(f"/consola/personal/{digest}/desactivar")
        assert answer.status_code == 303


async def _end_sessions(_house: Application, browser: httpx.AsyncClient) -> None:
    """End all one's other sessions in another browser."""
    async with httpx.AsyncClient(base_url=str(browser.base_url), timeout=HUNG) as other:
        await enter(other, "beto")
        assert (await other.post("/consola/cuenta/sesiones")).status_code == 303


async def _say(house: Application, text: str) -> str:
    await house.turns.take(CHAT, Delivery(id=text, event=Said(text=text), at=0))
    return house.store.key(CHAT)


@asynccontextmanager
async def _running(house: Application) -> AsyncIterator[None]:
    """Have the hub read the feed."""
    running = asyncio.create_task(house.hub.run(house.store.feed))
    yield
    house.hub.close()
    await running


@pytest.mark.parametrize(
    ("end", "path"),
    [
        (_leave, _CHAT),
        (_leave, _REQUESTS),
        (_leave_elsewhere, _CHAT),
        (_disable, _CHAT),
        (_disable_here, _CHAT),
        (_end_sessions, _CHAT),
    ],
)
async def test_streams_end_with_the_session(
    client: httpx.AsyncClient, house: Application, end: End, path: str
) -> None:
    """After it nothing that a customer writes arrives on a stream that was opened before."""
    await join(house.store.staff, "ana", now=clock())
    await join(house.store.staff, "beto", now=clock())
    await enter(client, "beto")
    key = await _say(house, "asesor")
    seen, ended = "", False
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(_running(house))
        stream = await stack.enter_async_context(client.stream("GET", path.format(key=key)))
        async for line in stream.aiter_lines():
            seen += line + "\n"
            if not line and not ended:
                ended = True
                await end(house, client)
                await _say(house, _SECRET)
            if _SECRET in line or seen.count("<hx-partial") > 20:
                break

    assert seen.endswith("event: bye\ndata: fin\n\n")
    assert _SECRET not in seen


async def test_roles_count_on_a_stream(client: httpx.AsyncClient, house: Application) -> None:
    """A role that is taken away takes its buttons from a page that is open, at once."""
    await join(house.store.staff, "ana", now=clock())
    await join(house.store.staff, "beto", roles=[Role.AGENTE], now=clock())
    await enter(client, "beto")
    key = await _say(house, "asesor")
    buttons: list[bool] = []
    async with client.stream("GET", f"/consola/live?c={key}") as stream:
        picture = ""
        async for line in stream.aiter_lines():
            picture += line
            if not line:
                buttons.append("Tomar" in picture)
                picture = ""
                if len(buttons) == 2:
                    break
                await house.store.staff.set_roles("beto", [Role.OBSERVADOR])
                house.hub.ask_again()

    assert buttons == [True, False]


async def test_stream_keeps_no_session(client: httpx.AsyncClient, house: Application) -> None:
    """An open stream, and one that connects again, are no person's request."""
    await join(house.store.staff, "ana", now=clock())
    long_ago = clock() - 29 * 60_000
    ana = await house.store.staff.sign_in("ana", PASSWORD, address="", now=long_ago)
    client.headers["cookie"] = f"__Host-enlace_sesion={ana.token}"

    async def seen_at() -> int:
        listed = house.store.staff.sessions.list(ana.member.digest, token=ana.token, now=clock())
        return next(one.seen_at for one in await listed if one.current)

    async with client.stream("GET", "/consola/live") as stream:
        assert stream.status_code == 200
        assert "inbox" in "".join([line async for line in _first_picture(stream)])
    streamed = await seen_at()
    await client.get("/consola")

    assert (streamed, await seen_at() > long_ago) == (long_ago, True)


async def _first_picture(stream: httpx.Response) -> AsyncIterator[str]:
    async for line in stream.aiter_lines():
        if not line:
            return
        yield line
