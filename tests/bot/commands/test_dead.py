"""Dead letters as an operator meets them: listed without a word of theirs, retried, dropped."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from bot import bootstrap, keyrings
from bot.bootstrap import Application
from bot.commands import dead
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.errors import Gone, Undeliverable
from handlers.ports import Delivery, OutgoingMessage
from state.audit import OPERATOR
from state.conversation import Chat, Conversation
from state.events import Event, Said
from state.machine.moment import Moment, Step
from state.staff_actions import TakenOver
from state.store import keys
from state.store.dead_letters import LetterKind, NoSuchLetter
from state.store.marks import name_retry
from tests.campaign.plain import PlainReceiver
from tests.house_stage import Courteous, HouseStage
from tests.simulation.toy import heard, toy

_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
_CHAT = Chat(channel="plain", account="1", id="573001234567")


class Deaf(Courteous):
    """A channel that takes nothing."""

    async def send(self, outgoing: OutgoingMessage) -> str:
        """Refuse a message for ever."""
        raise Undeliverable(outgoing.chat.channel)


@pytest.fixture
def chosen(redis: Redis, redis_url: str, tmp_path: Path) -> Settings:
    """Settings as an operator has them, on an empty Redis."""
    assert redis.connection_pool is not None
    return Settings(
        _env_file=None,
        redis_url=SecretStr(redis_url),
        data_dir=tmp_path,
        secret_keys=SecretStr(_KEY),
    )


@pytest.fixture
async def house(chosen: Settings) -> AsyncIterator[Application]:
    """A house in which a message breaks the machine, and another cannot be delivered."""

    def fragile(conversation: Conversation, event: Event, moment: Moment) -> Step:
        if event == Said(text="7x"):
            raise KeyError("7x")
        return toy(conversation, event, moment)

    async with bootstrap.build_application(
        chosen, keyring=keyrings.read_keyring(chosen), wisphub=("http://127.0.0.1:9", ""),
        machine=fragile, more={"plain": (PlainReceiver(), Deaf())},
    ) as furnished:  # fmt: skip
        yield furnished


async def _dead(house: Application) -> list[str]:
    """Let one message be undeliverable, and one break the machine."""
    await house.turns.take(_CHAT, Delivery(id="1", event=Said(text="1s"), at=0))
    now = bootstrap.clock()
    (lease,) = await house.store.outbox.take(keys.ALL, now=now, until=now + 9, most=1)
    await house.worker._sender.perform_all(lease)
    await house.turns.take(_CHAT, Delivery(id="2", event=Said(text="7x"), at=0))
    return [letter.id for letter in await house.store.dead.list()]


async def test_listed(
    house: Application, chosen: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """The list tells ids, kinds and reasons, and nothing of the customer."""
    names = await _dead(house)

    await dead.show(chosen)

    told = capsys.readouterr().out
    assert [line.split()[2:4] for line in told.splitlines()[:-1]] == [
        ["effect", "Undeliverable"],
        ["event", "KeyError"],
    ]
    assert all(name in told for name in names)
    assert told.endswith("2 dead letters\n")
    assert not [word for word in ("573001234567", "1s", "7x") if word in told]


async def test_retried(house: Application, chosen: Settings) -> None:
    """An effect waits again, an event is heard by the mended machine; each only once."""
    names = await _dead(house)
    kept = [await house.store.dead.read(name) for name in names]
    (effect,) = (letter for letter in kept if letter.what is LetterKind.EFFECT)

    await dead.retry(chosen, [effect.id])
    await house.turns.repeat(_CHAT, house.store.dead.effect(effect)[1], name=name_retry(effect.seq))

    key = house.store.key(_CHAT)
    assert await house.redis.llen(keys.name_key("out", key)) == 2, (
        "the broken one's answer, and the effect once"
    )
    notes = [entry.text for entry in await house.store.journal.read(key)]
    assert notes.count("Un operador lo volvió a intentar") == 1

    (broken,) = (letter.id for letter in kept if letter.what is LetterKind.EVENT)
    before = (await house.store.conversations.find(key)).turns
    await dead.retry(chosen, [broken])
    assert await house.store.dead.list() == []
    assert (await house.store.conversations.find(key)).turns == before + 1


@pytest.fixture
async def stage(redis: Redis, sandbox: Sandbox) -> AsyncIterator[HouseStage]:
    """A house whose clock stands still."""
    staged = HouseStage(redis, sandbox)
    yield staged
    await staged.aclose()


class Refusing(Courteous):
    """A channel that takes only so much, and says of the rest that the customer is gone."""

    def __init__(self, *, takes: int = 0) -> None:
        self.takes = takes
        self.asked: list[str] = []

    async def send(self, outgoing: OutgoingMessage) -> str:
        """Refuse, or take a message."""
        self.asked.append(outgoing.message.text)
        if len(self.asked) > self.takes:
            raise Gone
        return ""


async def _retried(stage: HouseStage, channel: Refusing) -> list[str]:
    """Retry every letter as the command does; tell what the vendor was asked to send."""
    for letter in await stage.store.dead.list():
        chat, effect = stage.store.dead.effect(letter)
        await stage.turns.repeat(chat, effect, name=f"dead:{letter.id}")
        await stage.store.dead.drop(letter)
    channel.asked.clear()
    stage.sender = stage.sending_by(channel)
    await stage.pass_time(0)
    return channel.asked


async def _unreachable(stage: HouseStage, *events: Event) -> list[str]:
    """Let the answers to these events find nobody; tell them."""
    channel = Refusing()
    stage.sender = stage.sending_by(channel)
    for event in events:
        await stage.happen(event)
    return channel.asked


async def test_retried_to_somebody_unreachable(stage: HouseStage) -> None:
    """A message to somebody who blocked us is really sent when it is retried."""
    said = await _unreachable(stage, Said(text="hola"))

    assert await _retried(stage, Refusing(takes=1)) == said
    assert await stage.store.dead.list() == []


async def test_refused_again(stage: HouseStage) -> None:
    """A retried message that the vendor refuses is a dead letter again; so is the next one."""
    said = await _unreachable(stage, Said(text="hola"), Said(text="ayuda"))
    assert len(said) == 2

    for _ in range(2):
        assert await _retried(stage, Refusing()) == said
        assert [letter.reason for letter in await stage.store.dead.list()] == ["Gone", "Gone"]
    assert await _retried(stage, Refusing(takes=2)) == said


async def test_retried_whatever_happened_since(stage: HouseStage) -> None:
    """Neither a newer question nor a person who holds the chat keeps a retried message back."""
    said = await _unreachable(stage, Said(text="hola"))
    stage.sender = stage.sending_by(stage.inbox)
    await stage.happen(Said(text="repetir"))
    await stage.happen(TakenOver(agent="ana"))

    assert await _retried(stage, Refusing(takes=1)) == said


async def test_call_retried(house: Application) -> None:
    """A call that could not be read is read by the channel as it is today."""
    body = b'[{"chat": "573001234567", "id": "9", "text": "9s"}]'
    await house.store.dead.keep("plain", body, reason="Unreadable")
    (letter,) = await house.store.dead.list()

    await dead._retry(house, letter)

    assert heard(await house.store.conversations.find(house.store.key(_CHAT))) == ["9s"]


async def test_dropped(house: Application, chosen: Settings) -> None:
    """What is dropped is gone, and an unknown id is told."""
    names = await _dead(house)

    await dead.drop(chosen, names)

    entries = await house.store.audit.read()

    assert await house.store.dead.list() == []
    assert [(entry.act, entry.actor) for entry in entries] == [("letter.dropped", OPERATOR)] * len(
        names
    )
    with pytest.raises(NoSuchLetter):
        await dead.drop(chosen, names)
