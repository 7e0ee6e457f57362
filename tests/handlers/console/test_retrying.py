"""A message that did not arrive is sent again from the console, exactly once."""

import asyncio
from dataclasses import replace

import httpx
import pytest

from bot.bootstrap import Application
from handlers.console import retrying
from handlers.ports import Delivery
from state.conversation import Chat
from state.effects import Resend
from state.events import Event, Said, Undelivered
from state.journal import Entry, Kind
from state.messages.sending import Sending
from state.staff_actions import Replied, TakenOver
from state.store import keys
from state.store.dead_letters import LetterKind
from state.store.marks import Mark, Progress, name_retry
from state.store.outbox import Head, Next, Note, Report
from state.store.receipts import Reach, tracking
from state.views import View
from tests.handlers.console.test_console import client, house, sign_in

__all__ = ["client", "house"]

_CHAT = Chat(channel="whatsapp", account="1", id="CO.1")
_TEXT = "Su visita es mañana"


async def _perform(house: Application, *, dead: int = 0) -> list[Head]:
    """Perform what waits; the effect of that number is given up. Tells what was performed."""
    key, done = house.store.key(_CHAT), list[Head]()
    leases = await house.store.outbox.take([keys.shard_of(key)], now=2**50, until=2**51, most=1)
    step = Next.MORE if leases else Next.EMPTY
    while step is Next.MORE:
        head = await house.store.outbox.begin(leases[0], now=2**50)
        assert isinstance(head, Head)
        failed = head.seq == dead
        note = Note(reason="Gone", cause="131026") if failed else Note()
        report = Report.DEAD if failed else Report.SENT
        step = await house.store.outbox.finish(leases[0], head, report=report, at=2**51, note=note)
        if failed:
            event = Undelivered(reason="", seq=head.seq)
            await house.turns.take(_CHAT, Delivery(id=f"effect:{head.seq}", event=event, at=0))
        done.append(head)
    return done


async def _fail(house: Application, *, agent: str = "ana") -> tuple[str, int]:
    """Let a member write, and the message be given up; its chat, and its number."""
    words = Replied(agent=agent, text=_TEXT)
    events: tuple[Event, ...] = (Said(text="hola"), TakenOver(agent=agent), words)
    for number, event in enumerate(events):
        await house.turns.take(_CHAT, Delivery(id=f"{number}", event=event, at=0))
    key = house.store.key(_CHAT)
    seq = (await house.store.journal.read(key))[-1].seq
    await _perform(house, dead=seq)
    return key, seq


async def test_retried_once(client: httpx.AsyncClient, house: Application) -> None:
    """Five presses send one message, the failed one says so, its letter and the list are left."""
    await sign_in(client, house)
    key, seq = await _fail(house)
    assert View.FAILED in await _places(house, key)
    before = await client.get(f"/consola?v=fallidos&c={key}")
    path = f"/consola/c/{key}/reintentar/{seq}"

    pressed = await asyncio.gather(*(client.post(path) for _ in range(5)))
    late = await client.post(path)

    assert "No se entregó: el número no tiene WhatsApp" in before.text
    assert {answer.status_code for answer in pressed} <= {204, 409}
    assert (late.status_code, late.text) == (409, Sending.RETRIED)
    (head,) = await _perform(house)
    assert isinstance(head.effect, Resend)
    assert (head.effect.message.text, head.effect.message.member) == (_TEXT, "ana")
    page = await client.get(f"/consola?v=todos&c={key}")
    assert "Se volvió a enviar." in page.text
    assert View.FAILED not in await _places(house, key)
    assert await house.store.dead.list() == []
    noted = [one.act for one in await house.store.audit.read() if one.about == f"chat:{key}"]
    assert "retry" in noted


async def test_arrived_meanwhile(client: httpx.AsyncClient, house: Application) -> None:
    """A message that was told as failed, and arrived after all, is not sent again."""
    await sign_in(client, house)
    key, seq = await _fail(house)
    note = house.store.receipts.note
    await note(tracking(key, seq), Reach.DELIVERED, billed="", now=1)

    answer = await client.post(f"/consola/c/{key}/reintentar/{seq}")

    assert (answer.status_code, answer.text) == (409, Sending.ARRIVED)
    assert await _perform(house) == []


def test_others_still_failed() -> None:
    """A chat is left in the list while another message since the last word has not arrived."""
    failed = Mark(progress=Progress.FAILED, cause="131026")
    marks = {1: failed, 2: failed, 3: failed, 4: replace(failed, retried=True)}
    lines = [
        Entry(kind=Kind.BOT, at=1, text="antes", seq=1),
        Entry(kind=Kind.CUSTOMER, at=2, text="hola"),
        Entry(kind=Kind.BOT, at=3, text="uno", seq=2),
        Entry(kind=Kind.NOTE, at=3, text="código", seq=2),
        Entry(kind=Kind.BOT, at=4, text="dos", seq=3),
        Entry(kind=Kind.BOT, at=4, text="tres", seq=4),
    ]

    assert retrying._list_failed(lines, marks) == {2, 3}


async def test_a_terminal_counts_too(client: httpx.AsyncClient, house: Application) -> None:
    """What an operator retried from the terminal is not sent again from the console."""
    await sign_in(client, house)
    key, seq = await _fail(house)
    (letter,) = await house.store.dead.list()
    assert (letter.what, letter.seq) == (LetterKind.EFFECT, seq)
    chat, effect = house.store.dead.effect(letter)
    await house.turns.repeat(chat, effect, name=name_retry(letter.seq))

    answer = await client.post(f"/consola/c/{key}/reintentar/{seq}")

    assert (answer.status_code, answer.text) == (409, Sending.RETRIED)
    assert len(await _perform(house)) == 1


async def test_a_colleagues_chat(client: httpx.AsyncClient, house: Application) -> None:
    """In a chat that a colleague has nobody else sends anything again."""
    await sign_in(client, house)
    key, seq = await _fail(house, agent="beto")

    answer = await client.post(f"/consola/c/{key}/reintentar/{seq}")

    assert answer.status_code == 409
    assert "tomó este chat" in answer.text
    assert View.FAILED in await _places(house, key)


async def _places(house: Application, key: str) -> set[str]:
    """Tell in which lists a chat stands."""
    return set((await house.store.inbox.read([key]))[0].places)


@pytest.mark.parametrize("seq", ["99", "x", "0", "9" * 30])
async def test_no_such_message(client: httpx.AsyncClient, house: Application, seq: str) -> None:
    """A number of no message is none, and says so."""
    await sign_in(client, house)
    key, _ = await _fail(house)

    answer = await client.post(f"/consola/c/{key}/reintentar/{seq}")

    assert (answer.status_code, answer.text) == (404, Sending.NO_MESSAGE)


async def test_ticks_are_pushed(client: httpx.AsyncClient, house: Application) -> None:
    """A receipt changes the mark of a message on every open page, and nothing else of the log."""
    await sign_in(client, house)
    key, seq = await _fail(house)
    reading = asyncio.create_task(house.hub.run(house.store.feed))
    reaches = iter([Reach.DELIVERED, Reach.READ])
    pieces, piece = list[str](), ""
    async with client.stream("GET", f"/consola/live?c={key}") as stream:
        async for line in stream.aiter_lines():
            piece += line + "\n"
            if line:
                continue
            pieces.append(piece)
            piece = ""
            if "#mark-" in pieces[-1]:
                break
            if "#log" in pieces[-1]:  # a picture; the second one when the feed begins to be read
                name = tracking(key, seq)
                await house.store.receipts.note(name, next(reaches), billed="", now=1)
    house.hub.close()
    await reading

    assert f'hx-target="#mark-{seq}"' in pieces[-1]
    assert "entregado" in pieces[-1] or "leído" in pieces[-1]
    assert "No se entregó" in pieces[0]
    assert "#log" not in pieces[-1]
