"""What the console shows to whom: pages, buttons and the way out, as the table of roles has it."""

from dataclasses import replace as altered
from html.parser import HTMLParser

import httpx
import pytest

from bot.bootstrap import Application, clock
from bot.sandbox.server import Sandbox
from handlers.console.acts import ACTIONS
from handlers.console.frame import PLACES, show_frame
from handlers.console.inbox import show_chat
from handlers.console.listing import Listing, show_listing
from handlers.pages.rendering import fragment
from state.conversation import Chat, Conversation
from state.parts import BOT, Identity, PendingChange
from state.parts import member as speaking
from state.proof import Proof
from state.records import Request, SavedChange, Standing
from state.roles import Act, Role, may
from state.states import State
from state.store.members import Member
from state.views import View
from tests.clients import make_changes, make_client
from tests.handlers.console.test_console import asked, client, house
from tests.handlers.console.test_streams import enter
from tests.members import join

__all__ = ["client", "house"]

_NOW = 1_795_500_000_000
_KEY = "ab12cd34"
_CLIENT = make_client(1001, name="Luis Peña", document="79123456", phone="573102223344")
_PATHS = {f"/consola/c/{_KEY}/{name}": action.act for name, action in ACTIONS.items()} | {
    f"/consola/c/{_KEY}/copia": Act.COPY,
    f"/consola/c/{_KEY}/mostrar": Act.REVEAL,
}
_SAVED = SavedChange(
    code="EFGH2345",
    at=_NOW,
    service_id=1001,
    changes=make_changes(_CLIENT, document="79654321", phone="+573203334455"),
)
_REQUEST = Request(
    code="ABCD2345", at=_NOW, reasons=("vincula el chat",), changes=make_changes(document="7965432")
)
_KNOWN = Conversation(
    chat=Chat(channel="telegram", account="1", id="luis"),
    identity=Identity(client=_CLIENT, proofs=(Proof.FACTS,)),
    speaker=speaking("ana"),
)
_CHATS = (
    altered(_KNOWN, speaker=BOT),
    altered(_KNOWN, state=State.DONE, last_change=_SAVED),
    altered(_KNOWN, last_change=altered(_SAVED, standing=Standing.LOST)),
    altered(_KNOWN, state=State.REVIEW, change=PendingChange(request=_REQUEST)),
    altered(_KNOWN, state=State.CODE),
)
"""Chats in which, between them, everything can be done that a page has a button for."""


class _Forms(HTMLParser):
    """Collects where forms and buttons are sent."""

    def __init__(self) -> None:
        super().__init__()
        self.paths = set[str]()

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        sent = names.get("hx-post") or names.get("action") or ""
        if sent.startswith("/consola/c/"):
            self.paths.add(sent)


def _shown(conversation: Conversation, member: Member) -> set[Act]:
    values = show_frame(member) | show_chat(_KEY, conversation, member, now=0, lacks="")
    values |= show_listing(Listing(chat=_KEY), dict.fromkeys(View, 0), "")
    values |= {"empty": "Nadie espera.", "ready": True}
    values |= {"key": _KEY, "open": True, "rows": [], "entries": [], "oldest": "", "rejections": []}
    values |= {"told": ""}
    forms = _Forms()
    forms.feed(fragment("console/desk.html", **values))
    return {_PATHS[path] for path in forms.paths}


@pytest.mark.parametrize("role", Role)
def test_buttons(role: Role) -> None:
    """A chat has the buttons of what the member's roles allow, and all of them, and no others."""
    everything = set[Act]()
    allowed = set[Act]()
    for conversation in _CHATS:
        everything |= _shown(conversation, Member("ana", roles=frozenset(Role)))
        allowed |= _shown(conversation, Member("ana", roles=frozenset({role})))

    assert everything == set(_PATHS.values())
    assert allowed == {act for act in everything if may({role}, act)}


@pytest.mark.parametrize("role", Role)
async def test_ways(client: httpx.AsyncClient, house: Application, role: Role) -> None:
    """The pages that the roles open are named on each of them and answer; others are refused."""
    await join(house.store.staff, "zoe", now=clock())
    await join(house.store.staff, "ana", roles=[role], now=clock())
    await enter(client, "ana")
    answers = {path: await client.get(path) for path in PLACES}
    opened = {path for path, answer in answers.items() if answer.status_code == 200}

    assert opened == {path for path, (_, act) in PLACES.items() if may({role}, act)}
    assert {answers[path].status_code for path in PLACES.keys() - opened} <= {403}
    for path in opened:
        ways = {way for way in PLACES if f'href="{way}"' in answers[path].text}
        assert ways == opened


async def test_way_out(client: httpx.AsyncClient, house: Application, sandbox: Sandbox) -> None:
    """One can sign out on every page."""
    await join(house.store.staff, "ana", now=clock())
    await enter(client, "ana")
    key, _ = await asked(house, sandbox)
    pages = [await client.get(path) for path in PLACES]
    pages += [await client.get(f"/consola/c/{chat}") for chat in (key, "nadie")]
    pages += [await client.get(f"/consola/personal/{house.store.staff.members.digest('ana')}")]
    pages += [await client.post(f"/consola/c/{key}/mostrar", data={"reason": "para verlo"})]

    assert [page.status_code for page in pages] == [200] * len(PLACES) + [200, 404, 200, 200]
    assert all('action="/consola/salir"' in page.text for page in pages)
