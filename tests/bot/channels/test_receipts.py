"""Receipts: in any order, again, for messages in doubt, and for none of ours."""

import pytest
from redis.asyncio import Redis

from bot.sandbox.server import Sandbox
from state.events import Said
from state.journal import Kind
from state.store.encryption import Keyring
from state.store.receipts import Reach, Receipts, UnknownTracking, parse_tracking, tracking
from state.store.store import Store
from tests.bot.channels.stages import WhatsApp, WhatsAppStage, whatsapp_stage
from tests.meta.clock import Fate

_KEY = "a" * 26


def _receipts(redis: Redis) -> Receipts:
    return Store(redis, Keyring((bytes(32),)), token="t").receipts


async def test_any_order(redis: Redis) -> None:
    """What was read is not merely sent again because that is told later; failed is not the end."""
    receipts = _receipts(redis)
    told = (Reach.READ, Reach.SENT, Reach.DELIVERED)

    news = [await receipts.note(f"{_KEY}.1", reach, billed="", now=1) for reach in told]
    await receipts.note(f"{_KEY}.2", Reach.FAILED, billed="", now=1)
    await receipts.note(f"{_KEY}.2", Reach.DELIVERED, billed="", now=1)

    assert news == [True, False, False]
    assert await receipts.reach(_KEY, 1) is Reach.READ
    assert await receipts.reach(_KEY, 2) is Reach.DELIVERED
    assert await receipts.reach(_KEY, 3) is None


async def test_prices_are_counted_once(redis: Redis) -> None:
    """A message is charged once, in whichever of its receipts that is told, however often."""
    store = Store(redis, Keyring((bytes(32),)), token="t")
    for reach in (Reach.SENT, Reach.DELIVERED, Reach.DELIVERED, Reach.READ):
        billed = "" if reach is Reach.SENT else "service"
        await store.receipts.note(f"{_KEY}.1", reach, billed=billed, now=1)
    await store.receipts.note(f"{_KEY}.2", Reach.SENT, billed="utility", now=1)

    counted = await store.stats()
    assert (counted["billed_service"], counted["billed_utility"]) == (1, 1)


@pytest.mark.parametrize("name", ["", "x", "a.1", f"{_KEY}.", f"{_KEY}.x", f"{_KEY}.1.2", "ñ.1"])
async def test_stray(redis: Redis, name: str) -> None:
    """A receipt that names no message of ours is told apart."""
    with pytest.raises(UnknownTracking):
        await _receipts(redis).note(name, Reach.SENT, billed="", now=1)
    assert parse_tracking(tracking(_KEY, 7)) == (_KEY, 7)


async def test_few_are_kept(redis: Redis) -> None:
    """A chat keeps the receipts of its last 512 messages."""
    receipts = _receipts(redis)
    for seq in range(1, 600):
        await receipts.note(f"{_KEY}.{seq}", Reach.SENT, billed="", now=1)

    assert await receipts.reach(_KEY, 599 - 512) is None
    assert await receipts.reach(_KEY, 600 - 512) is Reach.SENT


async def _notes(stage: WhatsAppStage) -> list[str]:
    entries = await stage.store.journal.read(stage.store.key(stage.chat))
    return [entry.text for entry in entries if entry.kind is Kind.NOTE]


async def test_doubt_is_settled(redis: Redis, sandbox: Sandbox) -> None:
    """A message whose answer was lost is not sent again: its receipt says that it arrived."""
    async with whatsapp_stage(redis, sandbox) as stage:
        stage.api.forced = [Fate.CUT]
        await stage.happen(Said(text="hola"))

        assert len(stage.api.shown[WhatsApp.user_id]) == 1
        assert "El canal confirmó el envío que estaba en duda" in await _notes(stage)


async def test_doubt_that_nothing_settles(redis: Redis, sandbox: Sandbox) -> None:
    """A message that was never taken is sent again when no receipt comes, and marked."""
    async with whatsapp_stage(redis, sandbox) as stage:
        stage.receipts = False
        stage.api.forced = [Fate.LOST]
        begun = stage.clock()
        await stage.happen(Said(text="hola"))

        assert len(stage.api.shown[WhatsApp.user_id]) == 2
        assert "Envío repetido: el anterior quedó en duda" in await _notes(stage)
        assert stage.clock() - begun >= stage.channel.settling * 1000


async def test_undelivered(redis: Redis, sandbox: Sandbox) -> None:
    """Staff see that a message did not reach the customer, once."""
    async with whatsapp_stage(redis, sandbox) as stage:
        await stage.happen(Said(text="hola"))
        name = tracking(stage.store.key(stage.chat), 99)
        fields = {
            "biz_opaque_callback_data": name,
            "errors": [{"code": 131026, "title": "Message undeliverable"}],
        }
        for _ in range(2):
            item = {"id": "wamid.x", "status": "failed", "timestamp": "1", **fields}
            stage.meta.add_status(item, WhatsApp)
        await stage.meta.deliver()

        told = [note for note in await _notes(stage) if "131026" in note]
        assert len(told) == 1
