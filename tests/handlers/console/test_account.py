"""One's own account: another password, and the browsers in which one is signed in."""

from collections.abc import AsyncIterator

import httpx
import pytest

from bot.bootstrap import Application, clock
from tests.handlers.console.test_console import client, house
from tests.handlers.console.test_streams import enter
from tests.members import PASSWORD, join
from tests.waiting import HUNG

__all__ = ["client", "house"]

_OTHER = "otra clave, y larga"


@pytest.fixture
async def own(client: httpx.AsyncClient, house: Application) -> httpx.AsyncClient:
    """The browser of ana."""
    await join(house.store.staff, "ana", now=clock())
    await enter(client, "ana")
    return client


@pytest.fixture
async def second(own: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """Another browser of ana."""
    async with httpx.AsyncClient(base_url=str(own.base_url), timeout=HUNG) as other:
        await enter(other, "ana")
        yield other


async def test_password_changes(own: httpx.AsyncClient, second: httpx.AsyncClient) -> None:
    """A new password needs the present one; other browsers are out, this one gets a new session."""
    form = {"present": PASSWORD, "password": _OTHER}
    changed = await own.post("/consola/cuenta/clave", data=form)
    old = await own.get("/consola")
    own.headers["cookie"] = changed.headers["set-cookie"].split(";")[0]
    told = await own.get(changed.headers["location"])
    before = await second.post("/consola/entrar", data={"name": "ana", "password": PASSWORD})

    assert (changed.status_code, old.status_code) == (303, 303)
    assert "Su contraseña cambió." in told.text
    assert (await second.get("/consola")).status_code == 303
    assert before.status_code == 401


@pytest.mark.parametrize(
    ("present", "password", "told"),
    [
        ("no es esta", _OTHER, "La contraseña actual no es esa."),
        (PASSWORD, "corta", "al menos 10"),
        (PASSWORD, "1234567890", "adivinar"),
    ],
)
async def test_password_is_refused(
    own: httpx.AsyncClient, present: str, password: str, told: str
) -> None:
    """A wrong present password, or a bad new one, changes nothing."""
    form = {"present": present, "password": password}
    answer = await own.post("/consola/cuenta/clave", data=form)

    assert answer.status_code == 422
    assert told in answer.text
    assert (await own.get("/consola")).status_code == 200


async def test_present_password_is_not_guessed(own: httpx.AsyncClient) -> None:
    """Whoever guesses the present one is slowed, and told for how long."""
    form = {"present": "no es esta", "password": _OTHER}
    answers = [await own.post("/consola/cuenta/clave", data=form) for _ in range(12)]

    assert {answer.status_code for answer in answers} == {422, 429}
    assert "Espere" in answers[-1].text


async def test_sessions(
    own: httpx.AsyncClient, second: httpx.AsyncClient, house: Application
) -> None:
    """One sees one's sessions, knows this one, and ends one or all others."""
    shown = await own.get("/consola/cuenta")
    digest = house.store.staff.members.digest("ana")
    token = second.headers["cookie"].split("=", 1)[1]
    listed = await house.store.staff.sessions.list(digest, token=token, now=clock())
    (theirs,) = [one for one in listed if one.current]
    await own.post("/consola/cuenta/sesion", data={"session": theirs.id})
    out = await second.get("/consola")
    await enter(second, "ana")
    await own.post("/consola/cuenta/sesiones")

    assert shown.text.count("este equipo") == 1
    assert (out.status_code, (await second.get("/consola")).status_code) == (303, 303)
    assert (await own.get("/consola")).status_code == 200


async def test_session_of_somebody_else(own: httpx.AsyncClient, house: Application) -> None:
    """Nobody ends another member's session from the own page."""
    beto = await join(house.store.staff, "beto", now=clock())
    (theirs,) = await house.store.staff.sessions.list(beto.member.digest, now=clock())
    await own.post("/consola/cuenta/sesion", data={"session": theirs.id})

    assert (await house.store.staff.member(beto.token, now=clock())).name == "beto"


async def test_script_asks_whose_session(own: httpx.AsyncClient, house: Application) -> None:
    """A script learns whether its session lasts, and whose it is by digest."""
    headers = {"HX-Request": "true"}
    good = await own.get("/consola/sesion", headers=headers)
    del own.headers["cookie"]
    gone = await own.get("/consola/sesion", headers=headers)

    assert (good.status_code, gone.status_code) == (204, 401)
    assert good.headers["x-member"] == house.store.staff.members.digest("ana")
