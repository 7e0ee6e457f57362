"""The lines of a chat over HTTP: the last ones first, older ones a page at a time, all masked."""

import re
import time
from itertools import pairwise

import httpx
import pytest
from redis.asyncio import Redis

from bot.bootstrap import Application
from state.journal import Kind
from tests.handlers.console.test_console import client, house, sign_in
from tests.handlers.pages.stocking import append, commit, make_waiting, talk

__all__ = ["client", "house"]


async def _stock(house: Application, redis: Redis, number: int, lines: int) -> str:
    key = await commit(house.store, make_waiting(number, minutes=1))
    told = talk(lines)
    secret = "mi cédula es 1098765432"
    told[0] = type(told[0])(kind=Kind.CUSTOMER, at=told[0].at, text=secret, answers="-")
    await append(house.store, redis, key, told)
    return key


def _list_lines(page: httpx.Response) -> list[str]:
    return re.findall(r'<li id="e(\d+-\d+)"', page.text)


def _find_older(page: httpx.Response) -> str:
    found = re.search(r'hx-get="(/consola/c/\w+/lineas\?antes=[\d-]+)"', page.text)
    return found[1] if found else ""


async def test_pages(client: httpx.AsyncClient, house: Application, redis: Redis) -> None:
    """From the last lines the way leads to the first, past every line once and in order, masked."""
    await sign_in(client, house)
    key = await _stock(house, redis, 1, 200)
    page = await client.get(f"/consola?c={key}")
    lines, pages = _list_lines(page), 1
    while address := _find_older(page):
        page = await client.get(address, headers={"HX-Request": "true"})
        lines, pages = _list_lines(page) + lines, pages + 1

    places = [tuple(map(int, line.split("-"))) for line in lines]
    assert (len(lines), pages) == (200, 4)
    assert all(one < other for one, other in pairwise(places))
    assert "1098765432" not in page.text
    assert "mi cédula es" in page.text


@pytest.mark.parametrize("before", ["", "x", "1", "+", "(1-1", "1-1%0d%0aKEYS"])
async def test_no_line(client: httpx.AsyncClient, house: Application, before: str) -> None:
    """What names no line is refused, and never asked of Redis."""
    await sign_in(client, house)
    key = await commit(house.store, make_waiting(2, minutes=1), talk(3))

    answer = await client.get(f"/consola/c/{key}/lineas?antes={before}")

    assert answer.status_code == 404


async def test_strangers(client: httpx.AsyncClient, house: Application) -> None:
    """Nobody reads lines without being signed in."""
    key = await commit(house.store, make_waiting(3, minutes=1), talk(3))

    answer = await client.get(f"/consola/c/{key}/lineas?antes=9-9")

    assert answer.status_code == 303
    assert "línea" not in answer.text


async def test_long_ones_cost_no_more(
    client: httpx.AsyncClient, house: Application, redis: Redis
) -> None:
    """A chat of 5,000 lines opens with as many elements as one of 200, and as quickly."""
    await sign_in(client, house)
    short, long = [await _stock(house, redis, n, lines) for n, lines in ((4, 200), (5, 5_000))]
    pages = [await client.get(f"/consola?c={key}") for key in (short, long)]
    took = {short: 0.0, long: 0.0}
    for key in [short, long] * 15:  # by turns: what else the machine does, it does to both
        begun = time.process_time()
        await client.get(f"/consola?c={key}")
        took[key] += time.process_time() - begun

    assert pages[0].text.count("<") == pages[1].text.count("<")
    assert [len(_list_lines(page)) for page in pages] == [60, 60]
    assert took[long] < 2 * took[short], took
