"""Below possession nothing on file is compared, shown or told: the same words for everybody."""

from dataclasses import replace

import pytest

from state.client import Client
from state.events import Said
from state.proof import Level, level
from state.states import State
from tests.attackers.alone import Attack
from tests.clients import make_client

_BLANK = make_client(
    service_id=1001, name="Ana Gómez", address="Calle 10 # 5-20", plan="Plan 50MB",
    price="60000.00",
)  # fmt: skip
_FULL = make_client(
    service_id=1001, name="Ana Gómez", address="Calle 10 # 5-20", plan="Plan 50MB",
    price="60000.00", document="52123456", phone="3159741951",
)  # fmt: skip
_BEGIN = ("hola", "empezar", "sí, autorizo", "Prefiero no hacerlo")
_FACTS = ("Ana Gómez", "Calle 10 # 5-20", "no sé", "60000")


def _play(client: Client, *texts: str, codes: bool = False, services: int = 1) -> Attack:
    """Give the facts right, then say these texts."""
    clients = tuple(replace(client, service_id=1001 + n) for n in range(services))
    attack = Attack(clients, codes=codes)
    for text in (*_BEGIN, "Datos de mi factura", *_FACTS, *texts):
        attack.act(Said(text=text))
    assert level(attack.conversation.identity.proofs) == Level.KNOWLEDGE
    return attack


def _plain(attack: Attack, document: str, phone: str) -> list[tuple[int, str]]:
    """Tell what was said and when, with what the customer gave left out."""
    spelled = f"{phone[:3]} {phone[3:6]} {phone[6:]}"
    return [
        (at, text.replace(document, "D").replace(phone, "P").replace(spelled, "P"))
        for at, text in attack.said
    ]


@pytest.mark.parametrize("client", [_BLANK, _FULL])
@pytest.mark.parametrize("document", ["52123456", "79111888"])
@pytest.mark.parametrize("phone", ["3159741951", "3009998877"])
@pytest.mark.parametrize("then", ["Sí, guardar", "estado", "Cancelar"])
def test_summary_compares_nothing(client: Client, document: str, phone: str, then: str) -> None:
    """Whatever stands on file and whatever is given, the summary and what follows say the same."""
    given = _plain(_play(client, document, phone, then), document, phone)
    other = _plain(_play(_BLANK, "40111222", "3201112233", then), "40111222", "3201112233")

    assert given == other


@pytest.mark.parametrize("client", [_BLANK, _FULL])
def test_every_save_ends_with_people(client: Client) -> None:
    """Below possession people decide, also where nothing would change and the chat is linked."""
    attack = _play(client, "52123456", "3159741951", "Sí, guardar")

    assert attack.conversation.state is State.REVIEW
    assert attack.conversation.link is None
    assert attack.updates == []


def test_plan_and_street_are_not_shown() -> None:
    """Who did not name the plan never reads it, nor the street as it stands on file."""
    attack = _play(_FULL, "52123456", "3009998877", "mis datos", "Sí, guardar", "estado")

    assert [text for _, text in attack.said if "50MB" in text.removeprefix("3. ")][1:] == []


def test_several_services_are_not_counted() -> None:
    """With one service and with two of the same holder the same is said."""
    one = _play(_FULL, "79111888", "3009998877", "Sí, guardar")
    two = _play(_FULL, "79111888", "3009998877", "Sí, guardar", services=2)

    assert one.said == two.said


@pytest.mark.parametrize(
    "texts", [("No tengo ese número", "79111888"), ("123456", "Reenviar código")]
)
def test_code_tells_nothing_of_the_phone(texts: tuple[str, ...]) -> None:
    """A code is asked for in the same words whether or not there is a phone that it went to."""
    there, nowhere = _play(_FULL, *texts, codes=True), _play(_BLANK, *texts, codes=True)

    assert there.said == nowhere.said
    assert not any("51" in text for _, text in there.said)
