"""Every fragment of a page, for everything that a chat can be: it renders, and no word is empty."""

import itertools
from collections.abc import Iterator
from dataclasses import replace as altered
from html.parser import HTMLParser
from typing import Any

import pytest
from jinja2 import meta

from handlers.console import inbox
from handlers.console.frame import show_frame
from handlers.console.listing import Listing, show_listing
from handlers.console.members import show_member
from handlers.console.readings import Reading
from handlers.console.relations import SavedField
from handlers.console.service_card import show_reading
from handlers.pages import changes, facts, rendering
from handlers.pages.rendering import fragment
from handlers.pages.rows import show_row
from handlers.pages.ticks import show_marks
from handlers.simulator.inspector import show_inspector
from handlers.simulator.screen import lay_out
from state.client import Client
from state.conversation import Chat, Conversation
from state.effects import Button, Send
from state.fields.table import Field
from state.inquiry import ServiceStatus, Supply
from state.journal import Entry, Kind
from state.messages.personnel import ROLES
from state.parts import (
    BOT,
    QUEUE,
    Draft,
    Identity,
    PendingChange,
    business_phone,
    member,
)
from state.proof import Proof
from state.records import (
    Challenge,
    Consent,
    Purpose,
    Request,
    SavedChange,
    Standing,
    Timer,
    TimerName,
)
from state.roles import Role
from state.states import State
from state.store.conversations import ConversationRow
from state.store.inbox import ListedChat
from state.store.marks import Mark, Progress
from state.store.members import Member
from state.store.membership import MemberInfo
from state.store.sessions import SessionInfo
from state.store.simulator import Bubble, SimulatedPhone
from state.views import View, summarize
from tests.clients import make_changes, make_client

_NOW = 1_795_500_000_000
_ANA = Member(name="ana")
_KEY = "ab12cd34"
_CLIENT = make_client(
    1001, name="Luis Peña", document="79123456", phone="573102223344",
    address="Carrera 7 # 1-2", plan="Hogar 200", price="60000",
)  # fmt: skip
_PHONE = SimulatedPhone(
    chat=Chat(channel="simulator", account="telegram", id="luis"),
    title="Luis Peña",
    service_id=1001,
    invitation="ABCD2345",
    before={"Nombre": "Luis Peña", "Cédula": "", "Teléfono": "573102223344"},
)
_ENTRIES = [
    Entry(kind=kind, at=_NOW, text="algo", author="ana" if kind is Kind.STAFF else "", id=kind)
    for kind in Kind
]
_REQUEST = Request(
    code="ABCD2345",
    at=_NOW,
    reasons=("vincula el chat",),
    four_eyes=True,
    approved_by=("beto",),
    moved=True,
    changes=make_changes(document="79654321", phone="+573203334455"),
    held_until=_NOW,
    query="¿Es suyo?",
)
_SAVED = SavedChange(
    code="EFGH2345",
    at=_NOW,
    service_id=1001,
    changes=make_changes(_CLIENT, document="79654321", phone="+573203334455"),
)
_CHALLENGE = Challenge(
    code="123456", phone="+573102223344", purpose=Purpose.HOLDER, due=_NOW, read_by="ana"
)
_PLAIN = Conversation(chat=_PHONE.chat)
_FOUND = altered(
    _PLAIN,
    identity=Identity(client=Client(service_id=1001)),
    draft=Draft(answers={Field.DOCUMENT: "79654321", Field.PHONE: "+573203334455"}),
)
_FULL = altered(
    _FOUND,
    identity=Identity(client=_CLIENT, proofs=tuple(Proof), challenge=_CHALLENGE),
    consent=Consent(at=_NOW, code="JKLM2345", version="1"),
    change=PendingChange(reference="ABCD2345", request=_REQUEST),
    last_change=_SAVED,
)
_RELATED = {
    "chats": [("/consola/c/ef56", "Ana · EF · Telegram", "titular")],
    "services": [1002],
    "more_services": 1,
    "changes": [SavedField(field="Celular", at=_NOW, chat="por este chat")],
}
_BUBBLES = [
    Bubble(message=Send(text="hola"), mine=True, at=_NOW, id="1"),
    Bubble(
        message=Send(text="*Hola*", contact=True, buttons=(Button(choice="yes", label="Sí"),)),
        mine=False,
        at=_NOW,
        id="2",
    ),
]
_MARKS = show_marks(
    {
        1: Mark(progress=Progress.QUEUED),
        2: Mark(progress=Progress.READ),
        3: Mark(progress=Progress.FAILED, cause="131026"),
        4: Mark(progress=Progress.FAILED, cause="overtaken"),
    },
    "whatsapp",
)
_ROOTS = (
    "console/desk.html",
    "console/_picture.html",
    "console/tasks.html",
    "console/_queue.html",
    "simulator/phone.html",
    "simulator/_picture.html",
    "console/revealed.html",
    "console/_code.html",
    "console/_moves.html",
    "console/_tail.html",
    "console/_more.html",
    "console/_counts.html",
    "console/_service.html",
    "console/_before.html",
    "console/_ticks.html",
    "console/_template.html",
    "console/_opened.html",
)
_OF_MEMBERS = ("console/account.html", "console/members.html", "console/member.html")


def _chats(state: State) -> Iterator[Conversation]:
    """All that a chat in that state can wait for, whoever holds it, however much is known."""
    timers = [None, *(Timer(name=name, due=_NOW, generation=1) for name in TimerName)]
    for chat, timer, speaker in itertools.product(
        (_PLAIN, _FOUND, _FULL), timers, (BOT, QUEUE, member("ana"), business_phone(_NOW))
    ):
        yield altered(chat, state=state, timer=timer, speaker=speaker)


def _standings() -> Iterator[Conversation]:
    """All that can be known of a change, and of a request to undo it."""
    for standing in Standing:
        saved = altered(_SAVED, standing=standing)
        yield altered(_FULL, state=State.DONE, last_change=saved, change=PendingChange())
        for client, moved in itertools.product((_CLIENT, Client(service_id=1001)), (True, False)):
            undoing = altered(_REQUEST, undoes=True, contested=True, reply="no", moved=moved)
            yield altered(
                _FULL,
                state=State.REVIEW,
                last_change=saved,
                change=PendingChange(request=undoing),
                identity=altered(_FULL.identity, client=client),
            )


def _show_service() -> dict[str, Any]:
    status = ServiceStatus(supply=Supply.ACTIVE, cut_off="2026-12-05", outage=True)
    return show_reading(_CLIENT, Reading(at=_NOW, client=_CLIENT, status=status), now=_NOW)


def _rendered(conversation: Conversation) -> str:
    """The console's and the simulator's fragments about one chat."""
    seen = ConversationRow(key=_KEY, conversation=conversation, active_at=_NOW)
    listed = ListedChat(key=_KEY, place=_NOW, row=summarize(conversation), words=_ENTRIES[0])
    opened = inbox.show_chat(_KEY, conversation, _ANA, now=_NOW, lacks="")
    frame, row = show_frame(_ANA), show_row(listed, now=_NOW)
    console = {
        **frame,
        "rejections": ["WispHub no responde."],
        "told": "",
        "rows": [(row, Listing(chat=_KEY).address)],
        **show_listing(Listing(chat=_KEY), dict.fromkeys(View, 2), "7.b"),
        "empty": "Nadie espera.",
        "ready": False,
        "key": _KEY,
        "open": True,
    }
    phone = {
        "key": _KEY,
        "phones": [(_KEY, _PHONE)],
        "company": "FibraNet",
        "bubbles": lay_out(_BUBBLES),
        "events": _ENTRIES,
        "faults": [("none", "Todo bien", True)],
        **show_inspector(_PHONE, conversation, dict(_PHONE.before)),
    }
    pushed = {
        "rows": [row],
        "removed": [_KEY],
        "key": _KEY,
        "entries": _ENTRIES,
        "marks": _MARKS,
        "cursor": "7.b",
        "counts": dict.fromkeys(View, 2),
        "words": "Buenas",
        "shown": "Mensaje de FibraNet: Buenas",
        "delivery": "ab",
        "address": "/consola/archivo/x",
        "kind": "pdf",
        "name": "archivo.pdf",
        "text": "Archivo",
    }
    values: list[dict[str, Any]] = [
        console | opened | {"entries": _ENTRIES, "oldest": "7-1", "marks": _MARKS},
        {**frame, "tasks": [changes.show_task(seen, opened["request"])]},
        phone,
        {**frame, "key": _KEY, "title": "Servicio 1001", "entries": _ENTRIES, "seconds": 60}
        | {"marks": {}}
        | {"code": facts.find_code(conversation, "ana")},
        pushed,
        pushed,
        {"key": _KEY, "service": _show_service(), "related": _RELATED}
        | {"entries": _ENTRIES, "oldest": "7-1", "marks": _MARKS},
        pushed,
        pushed,
    ]
    return "".join(
        fragment(root, **values[index // 2])
        for index, root in enumerate(_ROOTS)
        if "_" in root or conversation.timer is None
    )


class _Words(HTMLParser):
    """Collects what stands in each element that people read."""

    READ = ("h1", "h2", "p", "b", "dt", "dd", "li", "span", "button", "label", "th", "td")

    SILENT = frozenset({"hidden", "aria-label", "role"})
    """What tells of an element that it has no words, or none yet."""

    def __init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, int]] = []
        self._text = ""
        self.empty: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        opening = self.get_starttag_text() or tag
        if tag in self.READ and not self.SILENT & names.keys():
            self._open.append((opening, len(self._text)))
        if not names.get("aria-label", "-"):
            self.empty.append(opening)

    def handle_data(self, data: str) -> None:
        self._text += "".join(data.split())

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0].startswith((f"<{tag} ", f"<{tag}>")):
            opening, length = self._open.pop()
            if len(self._text) == length:
                self.empty.append(opening)


def _empty(html: str) -> list[str]:
    words = _Words()
    words.feed(html)
    return words.empty


@pytest.mark.slow
@pytest.mark.parametrize("state", State)
def test_state(state: State) -> None:
    """A chat is shown in every state, whatever it waits for and whoever holds it."""
    for conversation in _chats(state):
        html = _rendered(conversation)

        assert _empty(html) == [], (conversation.timer, conversation.speaker)
        assert "None" not in html


def test_changes() -> None:
    """A change is shown whatever became of it, and so is the request to undo it."""
    for conversation in _standings():
        shown = changes.show_request(conversation)

        assert _empty(_rendered(conversation)) == []
        assert all(row.old and row.new for row in (shown["rows"] if shown else ()))


def _sessions() -> list[SessionInfo]:
    """One session of a browser that is known, and one of a program."""
    return [
        SessionInfo(id=browser, begun_at=_NOW, seen_at=_NOW, browser=browser, current=bool(browser))
        for browser in ("Chrome en Android", "")
    ]


@pytest.mark.parametrize("link", [None, {"name": "beto", "url": "https://x", "hours": 24}])
@pytest.mark.parametrize("open_sessions", [[], _sessions()])
def test_members(link: object, open_sessions: list[SessionInfo]) -> None:
    """Members are shown whatever they are, and one's own account with any sessions."""
    for disabled, has_password, until in itertools.product((True, False), (True, False), (0, _NOW)):
        one = show_member(
            MemberInfo(
                name="beto",
                digest="ab",
                roles=frozenset(Role),
                disabled=disabled,
                has_password=has_password,
                link_until=until,
                signed_in_at=until,
                reserved=False,
            )
        )
        shown = show_frame(_ANA) | {"all_roles": ROLES, "link": link, "error": "", "done": ""}
        shown |= {"one": one, "members": [one], "open_sessions": open_sessions, "shortest": 10}
        for root in _OF_MEMBERS:
            html = fragment(root, **shown, name="", given=())

            assert _empty(html) == [], root
            assert "None" not in html


def test_all_fragments() -> None:
    """The pages above are made of every fragment that there is."""
    templates = rendering.TEMPLATES
    assert templates.loader is not None
    found, ahead = set[str](), [*_ROOTS, *_OF_MEMBERS]
    while ahead:
        found.add(name := ahead.pop())
        source, _, _ = templates.loader.get_source(templates, name)
        ahead += filter(None, meta.find_referenced_templates(templates.parse(source)))

    found.add("simulator/_transcript.html")  # it is fetched by itself, and has its own tests
    assert {name for name in templates.list_templates() if "/_" in name} <= found
