"""What every page of the console carries, whatever it shows."""

import httpx
import pytest

from bot.bootstrap import Application
from handlers.console.frame import PLACES
from tests.handlers.console.test_console import _talk as talk
from tests.handlers.console.test_console import client, house, sign_in

__all__ = ["client", "house"]  # fixtures


@pytest.mark.parametrize("path", [*PLACES, "/consola/c/KEY", "/consola/c/nadie"])
async def test_sign_out_is_on_every_page(
    client: httpx.AsyncClient, house: Application, path: str
) -> None:
    """From every page one can sign out, the one of a chat that is gone too."""
    await sign_in(client, house)
    key = await talk(house, "hola")
    answer = await client.get(path.replace("KEY", key))

    assert answer.status_code == (404 if path.endswith("nadie") else 200)
    assert 'action="/consola/salir"' in answer.text
