"""Two members and one chat: the one who comes too late is told who was faster, and when."""

import asyncio
from dataclasses import replace

import httpx
import pytest

from bot.bootstrap import Application
from bot.sandbox.server import Sandbox
from handlers.ports import Delivery
from state.events import Said
from state.parts import member
from tests.handlers.console.test_console import CHAT, asked, client, house, sign_in
from tests.handlers.console.test_two_people import _journal as journal
from tests.handlers.console.test_two_people import _put as put
from tests.office import house as office

__all__ = ["client", "house"]  # fixtures

_AT = r" a las \d\d:\d\d"


class Members:
    """Ana and Beto, each in a browser of their own."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._cookies: dict[str, str] = {}

    async def sign_in(self, house: Application) -> None:
        for name in ("ana", "beto"):
            self._client.headers.pop("cookie", "")
            await sign_in(self._client, house, name)
            self._cookies[name] = self._client.headers.pop("cookie")

    async def do(self, who: str, key: str, act: str, **form: str) -> httpx.Response:
        headers = {"cookie": self._cookies[who]}
        return await self._client.post(f"/consola/c/{key}/{act}", data=form, headers=headers)


@pytest.fixture
async def members(client: httpx.AsyncClient, house: Application) -> Members:
    """Two members who are signed in."""
    both = Members(client)
    await both.sign_in(house)
    return both


async def _talk(house: Application, text: str = "hola") -> str:
    await house.turns.take(CHAT, Delivery(id=text, event=Said(text=text), at=0))
    return house.store.key(CHAT)


def _told(answer: httpx.Response, *words: str) -> bool:
    return answer.status_code == 409 and all(word in answer.text for word in words)


async def test_decided(members: Members, house: Application, sandbox: Sandbox) -> None:
    """Who decides what a colleague has decided is told who did what, and when."""
    key, code = await asked(house, sandbox)
    await members.do("ana", key, "reject", code=code, reason="no es él")
    late = await members.do("beto", key, "approve", code=code)
    own = await members.do("ana", key, "approve", code=code)

    assert _told(late, "ana ya rechazó esta solicitud a las ")
    assert _told(own, "Usted ya rechazó esta solicitud a las ")


async def test_withdrawn(members: Members, house: Application, sandbox: Sandbox) -> None:
    """Who decides what the customer took back meanwhile is told so."""
    key, code = await asked(house, sandbox)
    for number, words in enumerate(("cancelar", "sí, retirarla")):
        delivery = Delivery(id=f"w{number}", event=Said(text=words), at=0)
        await house.turns.take(CHAT, delivery)
    late = await members.do("beto", key, "approve", code=code)

    assert _told(late, "El cliente retiró esta solicitud a las ")


async def test_asked(members: Members, house: Application, sandbox: Sandbox) -> None:
    """The same question is asked once, and whoever asks again is told who did."""
    key, code = await asked(house, sandbox)
    first = await members.do("ana", key, "ask", code=code, text="¿Es suyo?")
    again = await members.do("beto", key, "ask", code=code, text="¿Es suyo?")

    assert first.status_code == 204
    assert _told(again, "ana ya hizo esa pregunta a las ", "aún no responde")


async def test_undone(members: Members, house: Application) -> None:
    """Who asks to undo a change is told who asked before."""
    key = await put(house, office.changed())
    form = {"code": "CCCC2222", "reason": "no era ella"}
    await members.do("ana", key, "undo", **form)

    assert _told(await members.do("beto", key, "undo", **form), "ana ya pidió deshacer ese cambio")


async def test_settled(members: Members, house: Application) -> None:
    """Who settles a change by hand is told who did before."""
    key = await put(house, office.lost())
    await members.do("ana", key, "settle", code="CCCC2222")
    late = await members.do("beto", key, "settle", code="CCCC2222")

    assert _told(late, "ana ya resolvió ese cambio a mano a las ")


async def test_closed(members: Members, house: Application) -> None:
    """Who closes a chat is told who closed it before."""
    key = await _talk(house, "asesor")
    await members.do("ana", key, "close")

    assert _told(await members.do("beto", key, "close"), "ana ya cerró este chat a las ")


async def test_taken(members: Members, house: Application) -> None:
    """Of two who take a free chat at once one has it, and the other is told who; one greeting."""
    key = await _talk(house, "asesor")
    answers = await asyncio.gather(
        *(members.do(who, key, "take", greets="sí") for who in ("ana", "beto"))
    )
    (late,) = [answer for answer in answers if answer.status_code == 409]
    holder = (await house.store.conversations.find(key)).speaker.name
    noted = await journal(house, key)

    assert sorted(answer.status_code for answer in answers) == [204, 409]
    assert late.text.startswith(f"{holder} tomó este chat a las ")
    assert noted.count("Ya leí su caso") == noted.count("tomó la conversación") == 1


async def test_held(members: Members, house: Application) -> None:
    """Whoever acts in a chat that a colleague took meanwhile is told who, and nothing is done."""
    key = await put(house, replace(office.before_saving(), chat=CHAT, speaker=member("ana")))
    await members.do("beto", key, "take", over="ana")
    before = await house.store.conversations.find(key)
    for act in ("reply", "return", "close", "vouch", "code"):
        late = await members.do("ana", key, act, text="Dígame", reason="la llamé")
        assert _told(late, "beto tomó este chat a las ", "no salió ni cambió nada")

    assert await house.store.conversations.find(key) == before
    assert "Dígame" not in await journal(house, key)


async def test_given_back(members: Members, house: Application) -> None:
    """Who hands back a chat twice, from two tabs, is told that it was done."""
    key = await _talk(house)
    await members.do("ana", key, "take")
    await members.do("ana", key, "return")
    again = await members.do("ana", key, "return")

    assert _told(again, "Usted devolvió este chat al asistente a las ")


async def test_answer_at_once(members: Members, house: Application) -> None:
    """Words to a chat that nobody holds take it; a colleague who is faster gets it, and no more."""
    key = await _talk(house, "asesor")
    forms = {who: {"text": f"Soy {who}", "takes": "sí", "greets": "sí"} for who in ("ana", "beto")}
    answers = await asyncio.gather(
        *(members.do(who, key, "reply", **form) for who, form in forms.items())
    )
    holder = (await house.store.conversations.find(key)).speaker.name
    noted, audit = await journal(house, key), await house.store.audit.read()

    assert sorted(answer.status_code for answer in answers) == [204, 409]
    assert [f"Soy {who}" in noted for who in ("ana", "beto")] == [holder == "ana", holder == "beto"]
    assert noted.count("Ya leí su caso") == noted.count("tomó la conversación") == 1
    assert {("take", holder, "done"), ("reply", holder, "done")} <= {
        (entry.act, entry.actor, entry.result.value) for entry in audit
    }


async def test_same_form_again(members: Members, house: Application) -> None:
    """A form whose answer was lost is sent again, and is the same one, whoever holds the chat."""
    key = await _talk(house, "asesor")
    form = {"text": "Dígame", "takes": "sí", "greets": "sí", "delivery": "uno"}
    first = await members.do("ana", key, "reply", **form)
    await members.do("beto", key, "take", over="ana")
    again = await members.do("ana", key, "reply", **form)
    noted = await journal(house, key)

    assert (first.status_code, again.status_code) == (204, 204)
    assert noted.count("Dígame") == noted.count("soy ana") == 1


async def test_one_greeting(members: Members, house: Application) -> None:
    """A member greets a customer once, however often the chat is taken; never if not wanted."""
    key = await _talk(house)
    for _ in range(3):
        await members.do("ana", key, "take", greets="sí")
        await members.do("ana", key, "return")
    await members.do("beto", key, "take")
    noted = await journal(house, key)

    assert noted.count("soy ana") == 1
    assert "soy beto" not in noted
