"""Every cell of the table of roles, over HTTP: what is allowed is done, the rest is refused."""

import pytest

from state.conversation import Conversation
from state.parts import BOT, member
from state.proof import Proof
from state.roles import RULES, Role
from tests.office import house, oracle
from tests.office.house import Office

PATHS: dict[str, tuple[str, str, dict[str, str]]] = {
    "read": ("GET", "/consola/c/{key}", {}),
    "take": ("POST", "/consola/c/{key}/take", {}),
    "reply": ("POST", "/consola/c/{key}/reply", {"text": "Buenas"}),
    "note": ("POST", "/consola/c/{key}/note", {"text": "Ya pagó"}),
    "hand_back": ("POST", "/consola/c/{key}/return", {}),
    "close": ("POST", "/consola/c/{key}/close", {}),
    "retry": ("POST", "/consola/c/{key}/reintentar/1", {}),
    "ask": ("POST", "/consola/c/{key}/ask", {"code": "BBBB2222", "text": "¿Por qué?"}),
    "vouch": ("POST", "/consola/c/{key}/vouch", {"reason": "vino a la oficina"}),
    "read_code": ("POST", "/consola/c/{key}/code", {}),
    "approve": ("POST", "/consola/c/{key}/approve", {"code": "BBBB2222"}),
    "reject": ("POST", "/consola/c/{key}/reject", {"code": "BBBB2222", "reason": "no es"}),
    "undo": ("POST", "/consola/c/{key}/undo", {"code": "CCCC2222", "reason": "error"}),
    "settle": ("POST", "/consola/c/{key}/settle", {"code": "CCCC2222"}),
    "reveal": ("POST", "/consola/c/{key}/mostrar", {"reason": "lo pidió"}),
    "open_file": ("POST", "/consola/c/{key}/abrir/7-1", {}),
    "copy": ("POST", "/consola/c/{key}/copia", {"reason": "la pidió"}),
    "read_audit": ("GET", "/consola/auditoria", {}),
    "manage_members": ("GET", "/consola/personal", {}),
    "use_account": ("GET", "/consola/cuenta", {}),
    "read_reference": ("GET", "/docs", {}),
}
"""How each act is done."""


def _prepare(act: str) -> Conversation:
    """A chat in which the act means something."""
    match act:
        case "ask" | "approve" | "reject":
            return house.waiting_for_one()
        case "undo":
            return house.changed()
        case "settle":
            return house.lost()
        case _:
            return house.before_saving(Proof.FACTS)


def test_table() -> None:
    """The table of this test says what the product's says: neither is changed alone."""
    assert {act.value: {role.value for role in RULES[act].roles} for act in RULES} == oracle.MAY
    assert {act.value for act in RULES if RULES[act].holds} == oracle.HOLDS
    assert {act.value for act in RULES if RULES[act].reason} == oracle.REASON
    assert {act.value for act in RULES if RULES[act].reads} == oracle.READS
    assert PATHS.keys() == oracle.MAY.keys()


@pytest.mark.parametrize("role", [role.value for role in Role])
@pytest.mark.parametrize("act", PATHS)
def test_cell(office: Office, act: str, role: str) -> None:
    """Whoever has this role alone does it, or is refused and changes nothing; both are noted."""
    office.seat("beto", {role})
    holds = act in oracle.HOLDS
    key = office.put(house.held(_prepare(act), member("beto") if holds else BOT))
    office.lose_message(key)
    before, noted = office.find(key), office.audit()
    method, path, form = PATHS[act]
    answer = office.call("beto", method, path.format(key=key), **form)
    entries = [(one.act, one.result.value) for one in office.audit(noted[-1].id if noted else "")]

    if role in oracle.MAY[act]:
        assert answer.status_code in (200, 204)
        changes = act not in oracle.READS and method == "POST"
        assert entries == ([(act, "done")] if changes else [])
    else:
        assert answer.status_code == 403
        assert entries == [(act, "refused")]
        assert office.find(key) == before


@pytest.mark.parametrize("act", sorted(oracle.HOLDS))
def test_only_who_holds(office: Office, act: str) -> None:
    """What only the holder of a chat does is refused to any other member, and changes nothing."""
    office.seat("beto", set(oracle.ROLES))
    key = office.put(house.held(_prepare(act), member("carla")))
    office.lose_message(key)
    before = office.find(key)
    method, path, form = PATHS[act]
    answer = office.call("beto", method, path.format(key=key), **form)
    last = office.audit()[-1]

    assert (answer.status_code, last.act, last.result.value) == (409, act, "refused")
    assert "tomó este chat" in answer.text
    assert office.find(key) == before


@pytest.mark.parametrize("act", sorted(oracle.REASON))
def test_only_with_a_reason(office: Office, act: str) -> None:
    """What needs a reason is refused without one, and changes nothing."""
    office.seat("beto", set(oracle.ROLES))
    key = office.put(house.held(_prepare(act), member("beto")))
    before = office.find(key)
    method, path, form = PATHS[act]
    answer = office.call("beto", method, path.format(key=key), **form | {"reason": " "})
    last = office.audit()[-1]

    assert (answer.status_code, last.act, last.result.value) == (422, act, "refused")
    assert office.find(key) == before
