"""The office's house: the whole console in a thread of its own, called as browsers call it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from uuid import uuid4

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from pydantic import SecretStr

from bot.app import create_app
from bot.bootstrap import Application, build_application, clock
from bot.keyrings import read_keyring
from bot.sandbox.pretend import PretendWispHub
from bot.sandbox.server import KEY, Sandbox
from bot.sandbox.server import running as running_sandbox
from bot.settings import Settings
from bot.simulated_phones import create_routes
from handlers.ports import Delivery
from state.audit import AuditEntry
from state.client import Client
from state.conversation import Chat, Conversation
from state.events import Event
from state.fields.table import Field
from state.journal import Entry, Kind
from state.parts import KEPT, Account, Draft, Identity, Link, PendingChange, Shown, Speaker
from state.proof import Proof
from state.records import Consent, Request, SavedChange, Standing
from state.roles import FIRST, Role
from state.states import State
from state.store import keys
from state.store.conversations import Change
from state.store.receipts import Reach, tracking
from state.store.store import Store
from tests.api_keys import DECIDES, LISTED
from tests.clients import make_changes, make_client
from tests.endpoint import serving
from tests.members import join
from tests.waiting import HUNG

MEMBERS = ("ana", "beto", "carla", "dario", "elsa", "fabio")

_CLIENT = make_client(1001, document="52123456", phone="3159741951")
_REPLACED = Draft(answers={Field.DOCUMENT: "79123456", Field.PHONE: KEPT})
_CONSENT = Consent(at=1, code="ABCD2345", version="2026-11")


class Office:
    """Six members at one console."""

    def __init__(self, portal: BlockingPortal, house: Application, http: httpx.Client) -> None:
        self.portal, self.house, self.http = portal, house, http
        self.sessions: dict[str, str] = {}
        self.digests: dict[str, str] = {}
        self.cookie = ""

    def open(self) -> None:
        """Let the members in for the first time."""
        for name in MEMBERS:
            self.portal.call(_join, self.house, name)
        answer = self.http.post(
            "/consola/entrar", data={"name": MEMBERS[0], "password": "una-clave-larga"}
        )
        self.cookie = answer.headers.get_list("set-cookie")[0].split("=", 1)[0]

    def begin(self, roles: dict[str, set[str]]) -> None:
        """Let everybody in, signed in, with these roles; somebody has to be an administrator."""
        for name in sorted(MEMBERS, key=lambda one: "administrador" not in roles[one]):
            self.seat(name, roles[name])

    def seat(self, name: str, roles: set[str]) -> None:
        """Let a member in, signed in, with these roles."""
        self.portal.call(self.house.store.staff.enable, name)
        self.portal.call(_set_roles, self.house, name, roles)
        self.sign_in(name)

    def sign_in(self, name: str) -> None:
        """Begin a session, as after a password that was right."""
        self.sessions[name] = self.portal.call(_begin, self.house, name)
        self.digests[name] = self.house.store.staff.members.digest(name)

    def call(self, name: str, method: str, path: str, **form: str) -> httpx.Response:
        """Call as a member's browser does, from another machine."""
        session = f"{self.cookie}={self.sessions[name]}"
        headers = {"cookie": session, "x-forwarded-for": "203.0.113.9"}
        return self.http.request(method, path, data=form or None, headers=headers)

    def approve_by_program(self, code: str) -> httpx.Response:
        """Approve as a program does."""
        return self.http.post(f"/api/v1/requests/{code}/approve", headers={"x-api-key": DECIDES})

    def put(self, conversation: Conversation) -> str:
        """Put a chat into the house as it is; gives its key."""
        change = Change(
            conversation=conversation, version=0, deliveries=["begun"], effects=[], entries=[],
            now=clock(),
        )  # fmt: skip
        self.portal.call(self.house.store.conversations.commit, change)
        return self.house.store.key(conversation.chat)

    def lose_message(self, key: str) -> None:
        """Let the first message of a chat be one that did not arrive, after a picture."""
        self.portal.call(_lose_message, self.house.store, key)

    def find(self, key: str) -> Conversation:
        """Read a chat as it stands."""
        return self.portal.call(self.house.store.conversations.find, key)

    def happen(self, key: str, event: Event) -> None:
        """Let something happen to a chat that no member does."""
        delivery = Delivery(id=uuid4().hex, event=event, at=0)
        self.portal.call(self.house.turns.take, self.find(key).chat, delivery)

    def audit(self, since: str = "") -> list[AuditEntry]:
        """Read what was noted after that entry, oldest first."""
        read, before = list[AuditEntry](), ""
        while page := self.portal.call(_read_audit, self.house, before):
            for entry in page:
                if entry.id == since:
                    return read[::-1]
                read.append(entry)
            before = page[-1].id
        return read[::-1]


async def _lose_message(store: Store, key: str) -> None:
    lines = {
        "7-1": Entry(kind=Kind.CUSTOMER, at=7, text="Foto", file="photo"),
        "*": Entry(kind=Kind.BOT, at=clock(), text="Hola", seq=1),
    }
    log = keys.name_key("log", key)
    for name, entry in lines.items():
        await store.pipeline.ask(("XADD", log, name, "e", store.journal.seal(key, entry)))
    failed = Reach.FAILED
    await store.receipts.note(tracking(key, 1), failed, billed="", now=clock(), cause="131026")


async def _join(house: Application, name: str) -> None:
    await join(house.store.staff, name, roles=FIRST, now=clock())


async def _begin(house: Application, name: str) -> str:
    staff = house.store.staff
    stored = await staff.members.read(staff.members.digest(name))
    assert stored is not None
    return await staff.sessions.begin(stored, browser="", now=clock())


async def _set_roles(house: Application, name: str, roles: set[str]) -> None:
    await house.store.staff.set_roles(name, [Role(one) for one in roles])


async def _read_audit(house: Application, before: str) -> list[AuditEntry]:
    return await house.store.audit.read(before=before)


@contextmanager
def open_office(redis_url: str) -> Iterator[Office]:
    """Open an office on an empty Redis."""
    settings = Settings(
        redis_url=SecretStr(redis_url),
        secret_keys=SecretStr("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        company_name="FibraNet",
        public_url="https://enlace.example",
        api_keys=SecretStr(LISTED.replace(" ", "")),
    )
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(_serve(settings)) as (house, url),
        httpx.Client(base_url=url, timeout=HUNG) as http,
    ):
        office = Office(portal, house, http)
        office.open()
        yield office


@asynccontextmanager
async def _serve(settings: Settings) -> AsyncIterator[tuple[Application, str]]:
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(running_sandbox(Sandbox()))
        building = build_application(
            settings, keyring=read_keyring(settings), wisphub=(sandbox.url, KEY)
        )
        house = await stack.enter_async_context(building)
        app = create_app(house, create_routes(house, PretendWispHub(sandbox)), front="/consola")
        yield house, await stack.enter_async_context(serving(app))
        house.hub.close()


# Chats, each about one matter -----------------------------------------------------------------


def _chat() -> Chat:
    return Chat(channel="simulator", account="whatsapp", id=uuid4().hex)


def _request(code: str, draft: Draft, client: Client, *, four_eyes: bool) -> Conversation:
    return Conversation(
        chat=_chat(),
        state=State.REVIEW,
        consent=_CONSENT,
        identity=Identity(client=client, proofs=(Proof.CHANNEL_PHONE,)),
        draft=draft,
        change=PendingChange(reference=code, request=Request(code=code, at=5, four_eyes=four_eyes)),
    )


def waiting_for_two(code: str = "AAAA2222") -> Conversation:
    """A chat whose customer waits for two people: the document on file is replaced."""
    return _request(code, _REPLACED, _CLIENT, four_eyes=True)


def waiting_for_one(code: str = "BBBB2222") -> Conversation:
    """One whose customer waits for one: somebody else's phone is added."""
    draft = Draft(answers={Field.DOCUMENT: KEPT, Field.PHONE: "+573201234567"})
    return _request(code, draft, _CLIENT, four_eyes=False)


def changed() -> Conversation:
    """One through which a document was replaced: two people undo it."""
    saved = SavedChange(
        code="CCCC2222", at=5, service_id=1001, standing=Standing.VERIFIED,
        changes=make_changes(_CLIENT, document="79123456"),
    )  # fmt: skip
    link = Link(client=_CLIENT, proofs=(Proof.CHANNEL_PHONE,))
    known = Identity(client=_CLIENT, proofs=link.proofs)
    return Conversation(
        chat=_chat(), state=State.DONE, consent=_CONSENT, link=link, identity=known,
        last_change=saved,
    )  # fmt: skip


def lost() -> Conversation:
    """One whose change was lost: somebody sees to it."""
    before = changed()
    assert before.last_change is not None
    saved = replace(before.last_change, standing=Standing.LOST)
    return replace(before, last_change=saved)


def before_saving(*proofs: Proof) -> Conversation:
    """One that is about to save another document, with so much proven."""
    return Conversation(
        chat=_chat(),
        state=State.SUMMARY,
        consent=_CONSENT,
        identity=Identity(client=_CLIENT, proofs=proofs),
        draft=_REPLACED,
        shown=Shown(asked="resumen", flow="abcdef", question=1),
        account=Account(),
    )


def held(conversation: Conversation, by: Speaker) -> Conversation:
    """The same, while somebody answers."""
    return replace(conversation, speaker=by)
