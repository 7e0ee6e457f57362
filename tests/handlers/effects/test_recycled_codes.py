"""One-time codes and numbers that passed to somebody else."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from bot.sandbox.server import Sandbox
from state.conversation import Chat
from state.events import Said
from state.parts import Person
from tests.clients import make_client
from tests.house_stage import HouseStage

_PHONE = "573159741951"
_ANA = make_client(
    1001, name="Ana Gómez", phone="3159741951", address="Calle 10 # 5-20", plan="Plan 50MB",
    price="60000.00",
)  # fmt: skip
_KNOWS = (
    "hola", "empezar", "sí, autorizo", "prefiero no hacerlo", "datos de mi factura",
    "Ana Gómez", "Calle 10 # 5-20", "no sé", "60000",
)  # fmt: skip


@pytest.fixture
async def stage(redis: Redis, sandbox: Sandbox) -> AsyncIterator[HouseStage]:
    """A house whose channel tells numbers, and which can send codes."""
    staged = HouseStage(redis, sandbox)
    staged.tell_numbers()
    await staged.codes("salen")
    await staged.place(_ANA)
    yield staged
    await staged.aclose()


@pytest.mark.parametrize(("accounts", "sent"), [(("CO.1",), 1), (("CO.1", "CO.2"), 0)])
async def test_no_code_goes_to_a_recycled_number(
    stage: HouseStage, accounts: tuple[str, ...], sent: int
) -> None:
    """A number that two accounts have shown gets no code, whichever chat asks for it."""
    for account in accounts:
        person = Person(user=account, phone=_PHONE)
        chat = Chat(channel="test", account="1", id="")
        await stage.store.contacts.find_or_begin([(chat, person)], now=stage.clock())
    for text in _KNOWS:
        await stage.happen(Said(text=text))

    assert stage.heard()[-1].text.startswith("Le envié un código")
    assert len(stage.pigeons.sent) == sent
