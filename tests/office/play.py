"""A day at the office: what six members try, in chats of every kind, and what must hold of it."""

from dataclasses import dataclass, field
from uuid import uuid4

import httpx

from state.conversation import Conversation
from state.events import Attested, Said
from state.proof import Proof
from state.states import State
from tests.office import house, oracle
from tests.office.house import MEMBERS, Office
from tests.office.oracle import Matter

Entry = tuple[str, str, str]
"""Act, actor and result, as the audit has them."""

_PATHS = {
    "take": "take", "hand_back": "return", "close": "close", "reply": "reply", "note": "note",
    "ask": "ask", "vouch": "vouch", "read_code": "code", "approve": "approve",
    "reject": "reject", "undo": "undo",
    "settle": "settle", "reveal": "mostrar", "copy": "copia",
}  # fmt: skip
_PAGES = {
    "read": "/consola", "read_audit": "/consola/auditoria", "manage_members": "/consola/personal",
    "use_account": "/consola/cuenta", "read_reference": "/docs",
}  # fmt: skip
ACTS = (*_PATHS, *_PAGES)
_PROGRAM = "api:"


def _make_chats() -> list[tuple[Conversation, Matter]]:
    """One chat of each kind; in the last two another document is not yet asked for."""
    day = uuid4().hex[:6].upper()  # other days' requests still wait
    return [
        (house.waiting_for_two(f"A-{day}"), Matter(pair=True)),
        (house.waiting_for_one(f"B-{day}"), Matter(pair=False)),
        (house.changed(), Matter(pair=True, undoing=True)),
        (house.lost(), Matter(pair=True, undoing=True)),
        (house.before_saving(Proof.CHANNEL_PHONE), Matter(pair=True)),
        (house.before_saving(Proof.FACTS), Matter(pair=True)),
    ]


@dataclass
class Day:
    """What the members did, and what should be in the audit of it.

    Attributes:
        roles: of each member.
        disabled: the members who are let in no more.
        noted: what the audit should have.
        met: how often each act ended with each status.
        written: how many changes were brought to writing.
    """

    office: Office
    roles: dict[str, set[str]]
    disabled: set[str] = field(default_factory=set)
    noted: list[Entry] = field(default_factory=list)
    met: list[tuple[str, int]] = field(default_factory=list)
    written: int = 0

    def begin(self) -> None:
        """Let everybody in, and put the chats there."""
        self.roles[MEMBERS[0]] |= {"administrador"}
        self.office.begin(self.roles)
        made = _make_chats()
        self.keys = [self.office.put(conversation) for conversation, _ in made]
        self.matters = [matter for _, matter in made]
        before = self.office.audit()
        self.since = before[-1].id if before else ""

    def do(self, who: int, act: str, chat: int, *, words: bool) -> None:
        """Let a member try an act, and check the answer against the oracle."""
        name, key, matter = MEMBERS[who], self.keys[chat], self.matters[chat]
        before = self.office.find(key)
        if act in _PAGES:
            answer = self.office.call(name, "GET", _PAGES[act])
        else:
            form = _fill(before, words=words)
            answer = self.office.call(name, "POST", f"/consola/c/{key}/{_PATHS[act]}", **form)
        done = answer.is_success
        self._expect(name, act, answer, before, words=words)
        if not done:
            assert self.office.find(key) == before, "what was refused changed something"
        elif act in _PATHS:
            matter.note(act, name)
        self._look(chat, before)

    def _expect(
        self, name: str, act: str, answer: httpx.Response, before: Conversation, *, words: bool
    ) -> None:
        status = answer.status_code
        self.met.append((act, status))
        if name in self.disabled:
            assert status == (303 if act != "read_reference" else 401), (act, status)
            return
        if not oracle.MAY[act] & self.roles[name]:
            assert status == 403, (act, status)
            self.noted.append((act, name, "refused"))
            return
        assert status in (200, 204, 409, 422), (act, status)
        if act in oracle.HOLDS and words and before.speaker.name != name:
            assert status == 409, (act, status)
        if act in oracle.REASON and not words:
            assert status == 422, (act, status)
        if act not in oracle.READS and act in _PATHS:
            self.noted.append((act, name, "done" if answer.is_success else "refused"))

    def _look(self, chat: int, before: Conversation) -> None:
        """See whether a change was brought to writing just now."""
        now = self.office.find(self.keys[chat])
        if now.state is State.UPDATING and before.state is not State.UPDATING:
            self.matters[chat].check_written()
            self.written += 1

    def approve_by_program(self, chat: int) -> None:
        """Let a program approve, in the name of its key."""
        before = self.office.find(self.keys[chat])
        request = before.change.request
        answer = self.office.approve_by_program(request.code if request else "ZZZZ2222")
        if answer.status_code == 202:
            self.matters[chat].note("approve", _PROGRAM)
        else:
            assert answer.status_code == 409
            assert self.office.find(self.keys[chat]) == before
        self.noted.append(("approve", _PROGRAM, "done" if answer.status_code == 202 else "refused"))
        self._look(chat, before)

    def let_customer(self, chat: int, what: str) -> None:
        """Let the customer save, type the code that was read out, or whoever was told say no."""
        key, matter = self.keys[chat], self.matters[chat]
        before = self.office.find(key)
        request, challenge = before.change.request, before.identity.challenge
        match what:
            case "save":
                if before.shown.asked != "resumen":
                    self.office.happen(key, Said(text="continuar"))
                self.office.happen(key, Said(text="sí, guardar"))
            case "code" if challenge is not None:
                matter.type_code()
                self.office.happen(key, Said(text=challenge.code))
            case "no" if request is not None:
                if before.state is State.REVIEW:
                    matter.contest()
                self.office.happen(key, Attested(code=request.code, own=False))
            case _:
                return
        self._look(chat, before)

    def manage(self, who: int, target: int, change: str, roles: set[str]) -> None:
        """Let a member disable another, let one in again, or change the roles of one."""
        name, other = MEMBERS[who], MEMBERS[target]
        path = f"/consola/personal/{self.office.digests[other]}/{change}"
        headers = {"cookie": f"{self.office.cookie}={self.office.sessions[name]}"}
        form = {"role": sorted(roles)} if change == "roles" else {}
        answer = self.office.http.post(path, data=form, headers=headers)
        if name in self.disabled:
            assert answer.status_code == 303
            assert "personal" not in answer.headers["location"].split("?")[0]
            return
        if "administrador" not in self.roles[name]:
            assert answer.status_code == 403
            self.noted.append(("manage_members", name, "refused"))
            return
        event = {"desactivar": "member.disabled", "activar": "member.unlocked"}.get(
            change, "member.roles"
        )
        self.noted.append((event, name, "done"))
        if answer.status_code == 422:
            self.noted.append((event, name, "refused"))
            return
        assert answer.status_code == 303
        self._manage(other, change, roles)

    def _manage(self, other: str, change: str, roles: set[str]) -> None:
        match change:
            case "desactivar":
                self.disabled.add(other)
                held = [self.office.find(key).speaker.name for key in self.keys]
                assert other not in held, "a disabled member holds a chat"
            case "activar":
                self.disabled.discard(other)
                self.office.sign_in(other)
            case _:
                self.roles[other] = set(roles)
        left = {name for name in MEMBERS if name not in self.disabled}
        assert any("administrador" in self.roles[name] for name in left)

    def check(self) -> None:
        """Check that the audit has every act that was done or refused, in order, and no more."""
        read = self.office.audit(self.since)
        actors = [_PROGRAM if one.actor.startswith(_PROGRAM) else one.actor for one in read]
        kept = [(one.act, who, one.result.value) for one, who in zip(read, actors, strict=True)]
        assert kept == self.noted


def _fill(before: Conversation, *, words: bool) -> dict[str, str]:
    """Fill a form in as the page has it."""
    request, saved = before.change.request, before.last_change
    code = request.code if request is not None else saved.code if saved is not None else "ZZZZ2222"
    told = {"reason": "vino a la oficina", "text": "¿Cómo va?"} if words else {}
    return {"code": code, "over": before.speaker.name, **told}
