"""Every path of the console names its act, and the table of roles is held on each of them."""

import inspect
import re
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest
from starlette.routing import Route

from bot.bootstrap import Application
from state.audit import Result
from state.messages.staff import Page
from state.roles import RULES, Act, Role
from tests.handlers.console.test_console import _talk as talk
from tests.handlers.console.test_console import client, house
from tests.members import PASSWORD, join
from tests.office import oracle

__all__ = ["client", "house"]  # fixtures


def _guarded(house: Application) -> Iterator[tuple[Act, str, str]]:
    """List every way to do something in the console: its act, method and path."""
    for route in house.console():
        if isinstance(route, Route) and "Gate.guard" in route.endpoint.__qualname__:
            act = inspect.getclosurevars(route.endpoint).nonlocals["act"]
            methods = (route.methods or set()) - {"HEAD"}
            yield from ((act, method, route.path) for method in sorted(methods))


def test_every_act_has_a_path(house: Application) -> None:
    """Every act of the table is done on some path, but reading the reference of the API."""
    acts = {act for act, _, _ in _guarded(house)}

    assert set(RULES) - acts <= {Act.READ_REFERENCE}


@pytest.mark.parametrize("role", Role)
async def test_every_path(client: httpx.AsyncClient, house: Application, role: Role) -> None:
    """On every path, pages, streams and forms alike, a role is refused exactly what it may not."""
    await join(house.store.staff, "jefa")
    await join(house.store.staff, "prueba", roles=[role])
    answer = await client.post("/consola/entrar", data={"name": "prueba", "password": PASSWORD})
    client.headers["cookie"] = answer.headers["set-cookie"].split(";")[0]
    key = await talk(house, "hola")
    refused, expected = [], []
    for act, method, path in _guarded(house):
        address = re.sub(r"\{\w+\}", "nadie", path.replace("{key}", key))
        async with client.stream(method, address) as got:  # streams go on: their head is enough
            if got.status_code == 403:
                assert (await got.aread()).decode() == Page.NO_ROLE
                refused.append((act, path))
        expected += [(act, path)] if role.value not in oracle.MAY[act] else []
    entries = [entry for entry in await house.store.audit.read() if entry.actor == "prueba"]
    noted = Counter(entry.act for entry in entries if entry.result is Result.REFUSED)

    assert refused == expected
    assert noted >= Counter(act.value for act, _ in refused)
