"""Two people where two are needed, and who comes too late: the card, and the answers."""

import asyncio
from dataclasses import replace

import httpx
import pytest

from bot.bootstrap import Application
from bot.sandbox.server import Sandbox
from handlers.ports import Delivery
from state.audit import Result
from state.conversation import Conversation
from state.parts import Account, Person, member
from state.proof import Proof
from state.refusals import Refusal
from state.roles import Role
from state.staff_actions import StaffAction, TakenOver, Vouched
from state.states import State
from state.store.conversations import Change
from tests.handlers.console.test_console import CHAT, asked, client, house, sign_in
from tests.members import join
from tests.office import house as office

__all__ = ["client", "house"]  # fixtures


async def _put(house: Application, conversation: Conversation) -> str:
    """Put a chat into the house; gives its key."""
    change = Change(
        conversation=conversation, version=0, deliveries=["x"], effects=[], entries=[], now=9
    )
    await house.store.conversations.commit(change)
    return house.store.key(conversation.chat)


async def _take(house: Application, event: StaffAction) -> Refusal | None:
    delivery = Delivery(id=f"staff:{event}", event=event, at=0)
    return await house.turns.take(CHAT, delivery)


async def _journal(house: Application, key: str) -> str:
    return " ".join(entry.text for entry in await house.store.journal.read(key))


async def test_the_card_asks_for_a_second_person(
    client: httpx.AsyncClient, house: Application, sandbox: Sandbox
) -> None:
    """Where nobody else may approve the card says so, until somebody is there who may."""
    await sign_in(client, house)
    key, _ = await asked(house, sandbox)
    alone = (await client.get(f"/consola/c/{key}")).text
    await join(house.store.staff, "beto", roles={Role.AGENTE})
    agent = (await client.get("/consola/solicitudes")).text
    await join(house.store.staff, "carla", roles={Role.SUPERVISOR})
    two = [(await client.get(path)).text for path in (f"/consola/c/{key}", "/consola/solicitudes")]
    await house.store.staff.disable("carla")
    again = (await client.get(f"/consola/c/{key}")).text

    for page in (alone, agent, again):
        assert "Falta otra persona" in page
        assert 'href="/consola/personal"' in page
    assert not any("Falta otra persona" in page for page in two)


async def test_the_card_names_who_stands_for_it(
    client: httpx.AsyncClient, house: Application, sandbox: Sandbox
) -> None:
    """Who vouched or approved is named; whoever would be the same person is offered no approval."""
    await sign_in(client, house)
    key, code = await asked(house, sandbox)
    offered = (await client.get(f"/consola/c/{key}")).text
    await client.post(f"/consola/c/{key}/take")
    await client.post(f"/consola/c/{key}/vouch", data={"reason": "vino a la oficina"})
    vouched = (await client.get(f"/consola/c/{key}")).text
    again = await client.post(f"/consola/c/{key}/approve", data={"code": code})
    await sign_in(client, house, "luis")
    other = (await client.get(f"/consola/c/{key}")).text
    second = await client.post(f"/consola/c/{key}/approve", data={"code": code})

    assert ">Aprobar<" in offered
    assert ">Aprobar<" not in vouched
    assert "Necesita dos personas; comprobó ana." in vouched
    assert (again.status_code, ">Aprobar<" in other, second.status_code) == (409, True, 204)
    assert "usted ya es una" in again.text
    assert (await house.store.conversations.find(key)).state is State.UPDATING


async def test_an_undoing_names_who_asked(client: httpx.AsyncClient, house: Application) -> None:
    """Who asked to undo a change is named, and offered no approval of it."""
    await sign_in(client, house)
    key = await _put(house, office.changed())
    form = {"code": "CCCC2222", "reason": "no era ella"}
    await client.post(f"/consola/c/{key}/undo", data=form)
    mine = (await client.get(f"/consola/c/{key}")).text
    await sign_in(client, house, "luis")
    other = (await client.get(f"/consola/c/{key}")).text

    assert "Necesita dos personas; lo pidió ana." in mine
    assert (">Aprobar<" in mine, ">Aprobar<" in other) == (False, True)


async def test_the_loser_of_a_race_is_told(
    client: httpx.AsyncClient, house: Application, sandbox: Sandbox
) -> None:
    """Of two who decide at once one is told that it is decided; the journal has one decision."""
    await sign_in(client, house)
    first = client.headers.pop("cookie")  # a sign-in ends the session that is in its browser
    await sign_in(client, house, "beto")
    key, code = await asked(house, sandbox)
    form = {"code": code, "reason": "no es él"}
    answers = await asyncio.gather(
        *(
            client.post(f"/consola/c/{key}/reject", data=form, headers={"cookie": cookie})
            for cookie in (first, client.headers["cookie"])
        )
    )
    journal = await _journal(house, key)
    noted = await house.store.audit.read()

    assert sorted(answer.status_code for answer in answers) == [204, 409]
    assert any("rechazó esta solicitud a las" in answer.text for answer in answers)
    assert journal.count("rechazó la solicitud") == 1
    assert Result.REFUSED in {one.result for one in noted if one.act == "reject"}


async def test_late_acts_are_not_told_as_done(house: Application) -> None:
    """Who vouches after the chat was taken changes nothing, and the journal does not claim it.

    It is the turn that tells, whatever was looked at before.
    """
    key = await _put(house, replace(office.before_saving(Proof.FACTS), chat=CHAT))
    assert await _take(house, TakenOver(agent="ana")) is None
    assert await _take(house, TakenOver(agent="beto", over="ana")) is None
    late = await _take(house, Vouched(agent="ana", reason="vino a la oficina"))
    found = await house.store.conversations.find(key)

    assert late is Refusal.TAKEN
    assert found.speaker == member("beto")
    assert Proof.STAFF not in found.identity.proofs
    assert "comprobó quién es" not in await _journal(house, key)


async def test_a_question_pressed_twice(
    client: httpx.AsyncClient, house: Application, sandbox: Sandbox
) -> None:
    """The same question is asked once, until it is answered."""
    await sign_in(client, house)
    key, code = await asked(house, sandbox)
    form = {"code": code, "text": "¿Por qué?"}
    twice = [await client.post(f"/consola/c/{key}/ask", data=form) for _ in range(2)]

    assert [answer.status_code for answer in twice] == [204, 409]
    assert (await _journal(house, key)).count("pregunta por la solicitud") == 1


@pytest.mark.parametrize("recycled", [0, 5])
async def test_the_only_phone_is_recycled(
    client: httpx.AsyncClient, house: Application, recycled: int
) -> None:
    """Where no code can be read out the card says why, and so does the server."""
    await sign_in(client, house)
    person = Person(phone="573159741951", recycled_at=recycled)
    known = replace(office.before_saving(Proof.FACTS), account=Account(person=person))
    key = await _put(house, replace(known, speaker=member("ana")))
    page = (await client.get(f"/consola/c/{key}")).text
    answer = await client.post(f"/consola/c/{key}/code")

    assert ("Dictar un código" in page) is not bool(recycled)
    assert ("lo usa ahora otra cuenta" in page) is bool(recycled)
    assert (answer.status_code, "lo usa otra cuenta" in answer.text) == (
        (409, True) if recycled else (204, False)
    )
