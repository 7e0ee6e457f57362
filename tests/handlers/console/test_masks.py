"""What staff see of a customer's data: masked everywhere, in clear only where it is revealed."""

from dataclasses import replace

import httpx
import pytest

from bot.bootstrap import Application
from handlers.ports import Delivery
from state.audit import Result
from state.conversation import Chat, Conversation
from state.events import (
    Edited,
    Event,
    Said,
    SharedContact,
)
from state.parts import Identity, PendingChange
from state.proof import Proof
from state.records import Consent, Request
from state.roles import Role
from state.staff_actions import (
    Asked,
    CodeRead,
    TakenOver,
    Vouched,
)
from state.states import State
from state.store.conversations import Change
from tests.api_keys import DECIDES
from tests.clients import make_client
from tests.handlers.api.test_requests import keyed
from tests.handlers.console.test_console import CHAT, client, house, sign_in
from tests.members import NOW, join

__all__ = ["client", "house", "keyed"]  # fixtures

_SAID = (
    "Zoraida", "Quiñones", "Zarzal", "52.887.301", "315 446 7799", "573154467799", "315-446-7799",
    "QRST6789", "QRST-6789", "482913", "482 913", "QWE 457", "<b>QWE457</b>", "CE 41236",
    "<b>41236</b>", "71.502.448",
)  # fmt: skip
"""What was said in the chat, by anybody."""

_CANARIES = (*_SAID, "52887301", "887.301", "3154467799", "QWE", "71502448")
"""What no member of staff may read in a page, whatever the role."""

_CLIENT = make_client(
    1001, name="Zoraida Quiñones", address="Calle del Zarzal 12", document="71502448",
    phone="3154467799", plan="Hogar 200", price="60000",
)  # fmt: skip
_CONSENT = Consent(at=1, code="HJKM4567", version="1")
_REASON = {"reason": "el cliente reclama por el documento"}


async def _sign_in(client: httpx.AsyncClient, house: Application, role: Role) -> None:
    """Sign in a member who is called as the only role; the first member of all has more."""
    if not await house.store.staff.list(now=NOW):
        await join(house.store.staff, "ana")
    await sign_in(client, house, role, roles={role})


class _Talk:
    """A conversation that the customer has through the real turns."""

    def __init__(self, house: Application, chat: Chat = CHAT) -> None:
        self.house, self.chat, self.key = house, chat, house.store.key(chat)
        self._count = 0

    async def stand(self, state: State, **parts: object) -> None:
        """Put the chat into a state, as if a dialog had led there."""
        version = (await self.house.store.conversations.load(self.chat, ["x"])).version
        standing = Conversation(chat=self.chat, state=state, consent=_CONSENT)
        change = Change(
            conversation=replace_parts(standing, parts), version=version,
            deliveries=[f"stand {version}"], effects=[], entries=[], now=1,
        )  # fmt: skip
        await self.house.store.conversations.commit(change)

    async def happen(self, *events: Event) -> None:
        """Let things happen in it."""
        for event in events:
            self._count += 1
            delivery = Delivery(id=f"{self.key} {self._count}", event=event, at=0)
            await self.house.turns.take(self.chat, delivery)

    async def say(self, *texts: str) -> None:
        """Have the customer write."""
        await self.happen(*(Said(text=text, message=text) for text in texts))


def replace_parts(conversation: Conversation, parts: dict[str, object]) -> Conversation:
    """Give a conversation with these parts."""
    return replace(conversation, **parts)  # type: ignore[arg-type]


@pytest.fixture
async def talk(house: Application) -> _Talk:
    """A chat in which everything personal was said, the newest line too, and a request waits."""
    talk = _Talk(house)
    await talk.say("Vincular QRST6789")
    await talk.stand(State.HOLDER)
    await talk.say("mi cédula es 52.887.301")
    await talk.say("Zoraida Quiñones")
    await talk.happen(Edited(message="Zoraida Quiñones", text="Zoraida Quiñones de Zarzal"))
    await talk.say("Calle del Zarzal 12", "Hogar 200", "60000", "y Zoraida es mi nombre")
    await talk.stand(State.DOCUMENT, identity=Identity(client=_CLIENT, proofs=(Proof.FACTS,)))
    await talk.say("pasaporte QWE 457", "no", "CE 41236", "315 446 7799")
    await talk.happen(SharedContact(phone="573154467799", own=False))
    await talk.stand(State.REVIEW, change=PendingChange(request=Request(code="HJKM2345", at=5)))
    await talk.happen(
        TakenOver(agent="agente"),
        Asked(agent="agente", code="HJKM2345", text="¿Conoce a la del 71.502.448 o QRST-6789?"),
        Vouched(agent="agente", reason="llamó del 315-446-7799 y dictó 482913"),
    )
    await talk.stand(
        State.REVIEW,
        change=PendingChange(
            request=Request(
                code="HJKM2345", at=5, query="¿Es suyo el 315 446 7799?", reply="no, 52887301",
                reasons=("deshace el cambio HJKM3456: es de la 71.502.448",),
            )
        ),
    )  # fmt: skip
    await talk.say("el código era 482 913")
    return talk


async def _live(client: httpx.AsyncClient, path: str) -> str:
    """The first picture of a stream."""
    async with client.stream("GET", path) as stream:
        seen = []
        async for line in stream.aiter_lines():
            seen.append(line)
            if not line:
                break
    return "\n".join(seen)


async def _read_all(client: httpx.AsyncClient, key: str) -> dict[str, str]:
    """Everything that a member may look at."""
    pages = {
        p: await client.get(p) for p in ("/consola", f"/consola/c/{key}", "/consola/solicitudes")
    }
    assert {page.status_code for page in pages.values()} == {200}
    streams = (f"/consola/live?c={key}", "/consola/solicitudes/live")
    return {path: page.text for path, page in pages.items()} | {
        path: await _live(client, path) for path in streams
    }


@pytest.mark.parametrize("role", Role)
async def test_nobody_reads_personal_data(
    client: httpx.AsyncClient, house: Application, talk: _Talk, role: Role
) -> None:
    """Whatever the role, pages and streams show none of it, and stay readable."""
    await _sign_in(client, house, role)

    seen = await _read_all(client, talk.key)

    found = {path: [it for it in _CANARIES if it in text] for path, text in seen.items()}
    assert not any(found.values()), found
    log = seen[f"/consola/c/{talk.key}"]
    assert "mi cédula es •••••301" in log
    assert "••••• (nombre del titular)" in log
    assert "315 ••• ••99" in log
    assert "deshace el cambio HJKM3456: es de la •••••448" in log


async def test_programs_read_no_personal_data(
    keyed: None,
    client: httpx.AsyncClient,
    talk: _Talk,
) -> None:
    """The list of requests for programs is masked as the page is."""
    assert keyed is None
    client.headers["x-api-key"] = DECIDES

    listed = (await client.get("/api/v1/requests")).text

    assert talk.key in listed
    assert [it for it in _CANARIES if it in listed] == []


async def test_revealed_for_a_reason(
    client: httpx.AsyncClient, house: Application, talk: _Talk
) -> None:
    """A supervisor reads the chat in clear, for a reason that audit and journal keep."""
    await _sign_in(client, house, Role.SUPERVISOR)
    path = f"/consola/c/{talk.key}/mostrar"

    silent = await client.post(path)
    shown = await client.post(path, data=_REASON, headers={"HX-Request": "true"})
    whole = await client.post(path, data=_REASON)
    pushed = await _live(client, f"/consola/live?c={talk.key}")
    audit = await house.store.audit.read()
    journal = await house.store.journal.read(talk.key)

    assert (silent.status_code, shown.status_code, whole.status_code) == (422, 200, 200)
    assert "mi cédula es 52.887.301" in shown.text
    assert "Zoraida Quiñones" in shown.text
    assert [it for it in _SAID if it not in shown.text] == []
    assert "<html" not in shown.text
    assert f'content="60;url=/consola/c/{talk.key}"' in whole.text
    assert shown.headers["cache-control"] == whole.headers["cache-control"] == "no-store"
    assert [it for it in _CANARIES if it in pushed] == []
    assert [(e.act, e.actor, e.result, e.reason) for e in audit[:2]] == [
        ("reveal", "supervisor", Result.DONE, _REASON["reason"])
    ] * 2
    assert journal[-1].text == f"supervisor vio los datos sin tapar: {_REASON['reason']}"


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.SUPERVISOR])
async def test_revealed_to_supervisors_only(
    client: httpx.AsyncClient, house: Application, talk: _Talk, role: Role
) -> None:
    """Any other role is refused, is offered no such button, and the audit keeps that it tried."""
    await _sign_in(client, house, role)
    before = await house.store.journal.read(talk.key)

    refused = await client.post(f"/consola/c/{talk.key}/mostrar", data=_REASON)
    (entry,) = await house.store.audit.read(limit=1)

    assert refused.status_code == 403
    assert [it for it in _CANARIES if it in refused.text] == []
    assert "/mostrar" not in (await client.get(f"/consola/c/{talk.key}")).text
    assert (entry.act, entry.actor, entry.result) == ("reveal", role, Result.REFUSED)
    assert await house.store.journal.read(talk.key) == before


async def test_code_to_read_out(client: httpx.AsyncClient, house: Application, talk: _Talk) -> None:
    """A code is fetched by whoever reads it out; no page has it, which all could share."""
    await talk.stand(State.DOCUMENT, identity=Identity(client=_CLIENT))
    await talk.happen(TakenOver(agent="agente"), CodeRead(agent="agente"))
    challenge = (await house.store.conversations.find(talk.key)).identity.challenge
    assert challenge is not None
    path, seen, pages = f"/consola/c/{talk.key}", {}, []
    for role in (Role.AGENTE, Role.SUPERVISOR):
        await _sign_in(client, house, role)
        pages.append((await client.get(path)).text)
        seen[role] = challenge.code in (await client.get(f"{path}/codigo")).text
    revealed = await client.post(f"/consola/c/{talk.key}/mostrar", data=_REASON)

    assert seen == {Role.AGENTE: True, Role.SUPERVISOR: False}
    assert [f"{path}/codigo" in page for page in pages] == [True, True]
    assert all(challenge.code not in page for page in [*pages, revealed.text])


async def test_reasons(client: httpx.AsyncClient, house: Application, talk: _Talk) -> None:
    """A reason is kept as it was typed, and read masked: in the log, and in the audit."""
    await _sign_in(client, house, Role.SUPERVISOR)
    reason = "llamó del 315 446 7799"
    await client.post(f"/consola/c/{talk.key}/mostrar", data={"reason": reason})
    (entry,) = await house.store.audit.read(limit=1)
    pages = [await client.get(p) for p in (f"/consola/c/{talk.key}", "/consola/auditoria")]

    assert entry.reason == reason
    for page in pages:
        assert "llamó del 315 ••• ••99" in page.text
        assert reason not in page.text


async def test_copy_is_the_customers_own(
    client: httpx.AsyncClient, house: Application, talk: _Talk
) -> None:
    """A copy has what was said, in clear; nothing of others, nor of a file that is not theirs."""
    await _sign_in(client, house, Role.SUPERVISOR)
    await client.post(f"/consola/c/{talk.key}/take")
    knows = await client.post(f"/consola/c/{talk.key}/copia", data=_REASON)
    found = await house.store.conversations.find(talk.key)
    await talk.stand(found.state, identity=Identity(client=_CLIENT, proofs=(Proof.STAFF,)))
    await client.post(f"/consola/c/{talk.key}/take")
    possesses = await client.post(f"/consola/c/{talk.key}/copia", data=_REASON)

    said = [line["texto"] for line in knows.json()["conversacion"]]
    assert "mi cédula es 52.887.301" in said
    assert not [text for text in said if "llamó del" in text or "pregunta por la" in text]
    assert "71502448" not in knows.text
    assert possesses.json()["servicio"]["document"] == "71502448"
    assert "Zoraida" not in knows.headers["content-disposition"]
