"""Personal: an administrator adds members, changes what they may do, and ends their sessions."""

import html
import re
from collections.abc import AsyncIterator

import httpx
import pytest

from bot.bootstrap import Application, clock
from state.audit import Result
from state.roles import Role
from tests.handlers.console.test_console import client, house
from tests.handlers.console.test_streams import enter
from tests.members import PASSWORD, join
from tests.waiting import HUNG

__all__ = ["client", "house"]

_ADMINISTERS = {"role": ["administrador", "supervisor"]}


@pytest.fixture
async def admin(client: httpx.AsyncClient, house: Application) -> httpx.AsyncClient:
    """The browser of ana, the first administrator."""
    await join(house.store.staff, "ana", now=clock())
    await enter(client, "ana")
    return client


@pytest.fixture
async def browser(client: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody else's browser."""
    async with httpx.AsyncClient(base_url=str(client.base_url), timeout=HUNG) as other:
        yield other


def _link(page: httpx.Response) -> str:
    """Read the one-time link of a page; it leads to the public address."""
    (url,) = re.findall(r'value="(https://enlace\.example/consola/inicio/[^"]+)"', page.text)
    return str(url).removeprefix("https://enlace.example")


def _place(house: Application, name: str) -> str:
    return f"/consola/personal/{house.store.staff.members.digest(name)}"


async def test_member_is_added(
    admin: httpx.AsyncClient, browser: httpx.AsyncClient, house: Application
) -> None:
    """A new member gets a link, once, chooses a password, and is signed in at once."""
    form = {"name": "Beto Ruiz", "role": ["agente", "observador"]}
    added = await admin.post("/consola/personal", data=form)
    link = _link(added)
    again = await admin.get("/consola/personal")
    shown = await browser.get(link)
    short = await browser.post(link, data={"password": "corta"})
    accepted = await browser.post(link, data={"password": PASSWORD})
    used = await browser.get(link)

    assert added.status_code == 200
    assert "inicio" not in again.text
    assert "no ha usado su enlace" in again.text
    assert "Beto Ruiz" in shown.text
    assert (short.status_code, accepted.status_code, used.status_code) == (422, 303, 404)
    assert accepted.headers["location"] == "/consola"
    browser.headers["cookie"] = accepted.headers["set-cookie"].split(";")[0]
    inbox = await browser.get("/consola")
    assert inbox.status_code == 200
    assert ">Solicitudes<" in inbox.text
    assert ">Personal<" not in inbox.text
    assert (await browser.get("/consola/personal")).status_code == 403
    (beto,) = [one for one in await house.store.staff.list(now=clock()) if one.name != "ana"]
    assert beto.roles == {Role.AGENTE, Role.OBSERVADOR}


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"name": "bot", "role": ["agente"]}, "elija otro"),
        ({"name": "Aná", "role": ["agente"]}, "elija otro"),
        ({"name": "x", "role": ["agente"]}, "entre 2 y 40"),
        ({"name": "beto"}, "Marque al menos un rol."),
        ({"name": "beto", "role": ["dueño"]}, "Marque al menos un rol."),
    ],
)
async def test_member_is_refused(
    admin: httpx.AsyncClient, form: dict[str, object], told: str
) -> None:
    """What nobody may be called, and a member without a role, are refused; what was typed stays."""
    answer = await admin.post("/consola/personal", data=form)

    assert answer.status_code == 422
    assert told in html.unescape(answer.text)
    assert f'value="{form["name"]}"' in answer.text
    assert "inicio/" not in answer.text


async def test_roles_change(
    admin: httpx.AsyncClient, browser: httpx.AsyncClient, house: Application
) -> None:
    """Roles count from the next request of whoever is signed in."""
    await join(house.store.staff, "beto", roles=[Role.AGENTE], now=clock())
    await enter(browser, "beto")
    before = await browser.get("/consola/personal")
    changed = await admin.post(f"{_place(house, 'beto')}/roles", data=_ADMINISTERS)
    after = await browser.get("/consola/personal")
    none = await admin.post(f"{_place(house, 'beto')}/roles")

    assert (before.status_code, changed.status_code, after.status_code) == (403, 303, 200)
    assert "valen desde ya" in (await admin.get(changed.headers["location"])).text
    assert (none.status_code, "Marque al menos un rol." in none.text) == (422, True)


async def test_member_is_disabled(
    admin: httpx.AsyncClient, browser: httpx.AsyncClient, house: Application
) -> None:
    """A disabled member is out at once, cannot come in, and comes in again when enabled."""
    await join(house.store.staff, "beto", roles=[Role.AGENTE], now=clock())
    await enter(browser, "beto")
    form = {"name": "beto", "password": PASSWORD}
    disabled = await admin.post(f"{_place(house, 'beto')}/desactivar")
    out = await browser.get("/consola")
    refused = await browser.post("/consola/entrar", data=form)
    shown = await admin.get(disabled.headers["location"])
    enabled = await admin.post(f"{_place(house, 'beto')}/activar")
    old = await browser.get("/consola")

    assert (disabled.status_code, out.status_code, refused.status_code) == (303, 303, 401)
    assert ">desactivado<" in shown.text
    assert (enabled.status_code, old.status_code) == (303, 303)
    await enter(browser, "beto")
    assert (await browser.get("/consola")).status_code == 200


async def test_last_administrator(admin: httpx.AsyncClient, house: Application) -> None:
    """The last administrator is neither disabled nor without the role, and is told what to do."""
    await join(house.store.staff, "beto", roles=[Role.AGENTE], now=clock())
    for act, form in (("desactivar", {}), ("roles", {"role": ["agente"]})):
        answer = await admin.post(f"{_place(house, 'ana')}/{act}", data=form)

        assert answer.status_code == 422
        assert "Es el último administrador: dé antes ese rol a otra persona." in answer.text


async def test_other_password(
    admin: httpx.AsyncClient, browser: httpx.AsyncClient, house: Application
) -> None:
    """Who forgot the password gets a link; the old password is good until it was used."""
    await join(house.store.staff, "beto", roles=[Role.AGENTE], now=clock())
    link = _link(await admin.post(f"{_place(house, 'beto')}/enlace"))
    await enter(browser, "beto")
    accepted = await browser.post(link, data={"password": "otra clave, y larga"})
    old = await browser.post("/consola/entrar", data={"name": "beto", "password": PASSWORD})

    assert (accepted.status_code, old.status_code) == (303, 401)
    assert (await browser.get("/consola")).status_code == 303


async def test_sessions_of_a_member(
    admin: httpx.AsyncClient, browser: httpx.AsyncClient, house: Application
) -> None:
    """An administrator sees a member's sessions and ends one or all of them."""
    await join(house.store.staff, "beto", roles=[Role.AGENTE], now=clock())
    chrome = "Mozilla/5.0 (Linux; Android 10; K) Chrome/143.0.0.0 Mobile Safari/537.36"
    browser.headers["user-agent"] = chrome
    place, sessions = _place(house, "beto"), house.store.staff.sessions
    digest = place.rsplit("/", 1)[1]
    await enter(browser, "beto")
    shown = await admin.get(place)
    newest = (await sessions.list(digest, now=clock()))[0]
    ended = await admin.post(f"{place}/sesion", data={"session": newest.id})
    out = await browser.get("/consola")
    await enter(browser, "beto")
    await admin.post(f"{place}/sesiones")

    assert "Chrome" in shown.text
    assert "Android" in shown.text
    assert (ended.status_code, out.status_code) == (303, 303)
    assert (await browser.get("/consola")).status_code == 303
    assert await sessions.list(digest, now=clock()) == []


async def test_everything_is_noted(admin: httpx.AsyncClient, house: Application) -> None:
    """What is done about members stands in the audit: who did it, about whom, what was refused."""
    await admin.post("/consola/personal", data={"name": "beto", "role": ["agente"]})
    place, own = _place(house, "beto"), _place(house, "ana")
    for act in ("roles", "desactivar", "activar", "enlace", "sesiones"):
        await admin.post(f"{place}/{act}", data=_ADMINISTERS)
    await admin.post(f"{own}/desactivar")
    noted = await house.store.audit.read()
    beto = [one for one in noted if one.about == "member:beto"]

    assert [one.act for one in reversed(beto)] == [
        "member.added", "member.roles", "member.disabled", "member.unlocked", "link.made",
        "session.ended",
    ]  # fmt: skip
    assert {one.actor for one in beto} == {"ana"}
    assert beto[-2].reason == "administrador, supervisor"
    assert [(one.act, one.result) for one in noted[1::-1]] == [
        ("member.disabled", Result.DONE), ("member.disabled", Result.REFUSED),
    ]  # fmt: skip


async def test_nobody_else(
    admin: httpx.AsyncClient, browser: httpx.AsyncClient, house: Application
) -> None:
    """Whoever is no administrator reaches nothing of it; a member who is not there is said so."""
    roles = [Role.OBSERVADOR, Role.AGENTE, Role.SUPERVISOR]
    await join(house.store.staff, "beto", roles=roles, now=clock())
    await enter(browser, "beto")
    place = _place(house, "ana")
    acts = ("roles", "desactivar", "activar", "desbloquear", "enlace", "sesion", "sesiones")
    refused = [await browser.post(f"{place}/{act}") for act in acts]
    refused += [await browser.get(place), await browser.post("/consola/personal")]
    missing = [await admin.get("/consola/personal/nadie")]
    missing += [await admin.post(f"/consola/personal/nadie/{act}") for act in acts]

    assert {answer.status_code for answer in refused} == {403}
    assert {answer.status_code for answer in missing} == {404}
