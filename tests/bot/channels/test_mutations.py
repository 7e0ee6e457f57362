"""Recorded calls, spoilt: whatever is wrong with them, they are read, or refused as unreadable."""

import json
import random
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import suppress
from copy import deepcopy
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis
from starlette.applications import Starlette

from bot.sandbox.server import Sandbox
from handlers.errors import Unreadable
from handlers.ports import VendorCall
from handlers.webhooks import create_routes
from state.conversation import Chat
from tests.bot.channels.test_secrets import signed
from tests.growth import growth
from tests.house_stage import HouseStage
from tests.samples import reading

pytestmark = pytest.mark.slow

CHANNELS = ("telegram", "whatsapp")

_SPECIMENS: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, -0.0, 1e308, float("nan"), float("inf"), -float("inf"),
    2**31, 2**53 + 1, 2**62, 2**63, 2**64, -(10**30), 10**400, "", " ", "0", "-5", "9" * 18,
    "9" * 5000, "٣٠٠١١١٢٢٣٣", "\x00", "\ud83d", "\ude00\ud83d", "\ufeff", "a\u202eb", "/start ",
    [], {}, [[]], [None], {"": None}, {"id": {}}, "CO.1", "@DEEP@", "@DEEPER@", "@HUGE@",
)  # fmt: skip
_GROWN = {
    b'"@DEEP@"': b"[" * 120 + b"]" * 120,
    b'"@DEEPER@"': b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    b'"@HUGE@"': b"7" * 5000,
}


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """List every place in a tree: what holds it, and under which name or number."""
    held = value.items() if isinstance(value, dict) else enumerate(value)
    for name, inside in list(held):
        yield value, name
        if isinstance(inside, dict | list):
            yield from _places(inside)


def _drop(holder: Any, name: Any, _chance: random.Random) -> None:
    del holder[name]


def _swap(holder: Any, name: Any, chance: random.Random) -> None:
    holder[name] = deepcopy(chance.choice(_SPECIMENS))


def _nest(holder: Any, name: Any, chance: random.Random) -> None:
    inside = holder[name]
    holder[name] = chance.choice([[inside], {name: inside}, [[inside], inside], {"value": inside}])


def _swell(holder: Any, name: Any, chance: random.Random) -> None:
    inside, times = holder[name], chance.choice([2, 1000])
    holder[name] = inside * times if isinstance(inside, str | list) else [inside] * times


def _halve(holder: Any, name: Any, chance: random.Random) -> None:
    """Put half of a surrogate pair into a text."""
    inside = str(holder[name])[:100]
    cut = chance.randint(0, len(inside))
    holder[name] = inside[:cut] + chance.choice("\ud83d\ude00") + inside[cut:]


def _empty(holder: Any, name: Any, _chance: random.Random) -> None:
    """Make null of everything at and below a place."""
    if isinstance(holder[name], dict | list):
        for place in _places(holder[name]):
            if not isinstance(place[0][place[1]], dict | list):
                place[0][place[1]] = None
    else:
        holder[name] = None


_CHANGES: tuple[Callable[[Any, Any, random.Random], None], ...] = (
    _drop, _swap, _swap, _nest, _swell, _halve, _empty,
)  # fmt: skip


def _spoilt(body: bytes, chance: random.Random) -> bytes:
    """Change a call in one to five places, and now and then its bytes."""
    tree = json.loads(body)
    for _ in range(chance.randint(1, 5)):
        places = list(_places(tree))[:2000]
        if places and len(json.dumps(tree)) < 100_000:
            chance.choice(_CHANGES)(*chance.choice(places), chance)
    written = json.dumps(tree, ensure_ascii=chance.random() < 0.8)
    raw = written.encode("utf-8", "surrogatepass")
    for mark, grown in _GROWN.items():
        raw = raw.replace(mark, grown)
    return raw if chance.random() < 0.8 else _damaged(raw, chance)


def _damaged(raw: bytes, chance: random.Random) -> bytes:
    at = chance.randint(0, len(raw))
    return chance.choice(
        [
            raw[:at],
            raw[:at] + bytes([chance.randint(0, 255)]) + raw[at + 1 :],
            raw[:at] + b"\xff\xfe" + raw[at:],
            b"\xef\xbb\xbf" + raw,
            raw.decode("utf-8", "replace").encode("utf-16"),
            raw + raw,
            b"",
        ]
    )


def _judge(channel: str, body: bytes) -> None:
    """Read a call: it is one or it is unreadable."""
    with suppress(Unreadable):
        assert isinstance(reading.INLETS[channel].parse(body), VendorCall)


@pytest.mark.parametrize("channel", CHANNELS)
@given(data=st.data(), chance=st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_spoilt(channel: str, data: st.DataObject, chance: random.Random) -> None:
    """A recorded call that is spoilt anywhere is read, or refused as unreadable."""
    body = data.draw(st.sampled_from(sorted(reading.bodies(channel).values())))

    _judge(channel, _spoilt(body, chance))


@pytest.mark.parametrize("channel", CHANNELS)
def test_each_value_in_its_turn(channel: str) -> None:
    """Each value of each recorded call may be missing, nothing, or of another type."""
    for body in reading.bodies(channel).values():
        tree = json.loads(body)
        for holder, name in list(_places(tree)):
            kept = holder.pop(name)
            _judge(channel, json.dumps(tree).encode())
            for other in (None, 7, "7", [7], {"7": 7}):
                _put(holder, name, other)
                _judge(channel, json.dumps(tree).encode())
                holder.pop(name)
            _put(holder, name, kept)


def _put(holder: Any, name: Any, value: Any) -> None:
    if isinstance(holder, list):
        holder.insert(name, value)
    else:
        holder[name] = value


@pytest.mark.parametrize("channel", CHANNELS)
@given(body=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes(channel: str, body: bytes) -> None:
    """What is no JSON at all is refused as unreadable."""
    _judge(channel, body)


@pytest.mark.parametrize("raw", [b'"\xff"', b'{"\xff": 1}', b'"a\xc3"', b"[\xff]"])
def test_bytes_that_are_no_text(raw: bytes) -> None:
    """Bytes that are no UTF-8, inside a text or out of it, are unreadable."""
    for receiver in reading.INLETS.values():
        with pytest.raises(Unreadable):
            receiver.parse(b'{"update_id": 1, "entry": [' + raw + b"]}")


@pytest.mark.parametrize("depth", [100, 900, 985, 995, 1_000, 100_000])
@pytest.mark.parametrize("before", ["", '"\\ud83d",'])
def test_any_depth(depth: int, before: str) -> None:
    """However deep a call is nested it is read and put aside, or refused: nothing overflows."""
    deep = "[" * depth + "]" * depth
    change = f'{{"field": "account_update", "value": {deep}}}'
    _judge("whatsapp", f'{{"entry": [{before}{{"changes": [{change}]}}]}}'.encode())
    _judge("telegram", f'{{"update_id": 1, "message": [{before}{deep}]}}'.encode())


def test_thousands_of_people() -> None:
    """A call as large as Meta's largest is read whole; the work grows with its length alone."""
    people = [f"57300{number:07}" for number in range(9_000)]

    def read(count: int) -> VendorCall:
        return reading.INLETS["whatsapp"].parse(_from_each(people[:count]))

    assert growth(read, 2_250, 9_000, runs=3) < 10
    assert [chat.id for chat, _ in read(9_000).arrived] == [f"CO.{who}" for who in people]


def _from_each(people: Sequence[str]) -> bytes:
    """A call with a message of each, whose contacts come the other way round."""
    messages = [
        {"from": who, "id": who, "timestamp": "1", "type": "text", "text": {"body": "hola"}}
        for who in people
    ]
    contacts = [{"wa_id": who, "user_id": f"CO.{who}"} for who in reversed(people)]
    value = {"contacts": contacts, "messages": messages}
    return json.dumps({"entry": [{"changes": [{"field": "messages", "value": value}]}]}).encode()


@pytest.mark.parametrize(
    "text", ["/" + "a" * 500_000, "/start" + " " * 500_000, "/a@" * 160_000, "/start a" * 60_000]
)
def test_long_texts(text: str) -> None:
    """A text as long as a call is searched once, not again from every character."""
    ana = {"id": 42, "type": "private"}
    message = {"message_id": 1, "from": {"id": 42}, "chat": ana, "text": text}
    _judge("telegram", json.dumps({"update_id": 1, "message": message}).encode())


@pytest.fixture
async def stage(redis: Redis, sandbox: Sandbox) -> AsyncIterator[HouseStage]:
    """A house with its real machine."""
    staged = HouseStage(redis, sandbox)
    yield staged
    await staged.aclose()


@pytest.fixture
async def vendor(stage: HouseStage) -> AsyncIterator[httpx.AsyncClient]:
    """Both vendors, who call it."""
    routes = create_routes(stage.intake(), reading.INLETS)
    transport = httpx.ASGITransport(Starlette(routes=list(routes)))
    async with httpx.AsyncClient(transport=transport, base_url="http://enlace") as client:
        yield client


def _good(channel: str, number: int) -> tuple[bytes, Chat]:
    """Write the text of a customer who was never there, and tell which chat it begins."""
    tree, who = json.loads(reading.bodies(channel)["text"]), str(8_100_000_000 + number)
    if channel == "telegram":
        tree["update_id"] += 10_000 + number
        tree["message"]["from"]["id"] = tree["message"]["chat"]["id"] = int(who)
    else:
        value = tree["entry"][0]["changes"][0]["value"]
        value["messages"][0] |= {"id": f"wamid.{who}", "from": f"57{who}"}
        value["messages"][0]["from_user_id"] = who = f"CO.{who}"
    return json.dumps(tree).encode(), Chat(
        channel=channel, account=reading.ACCOUNTS[channel], id=who
    )


@pytest.mark.parametrize("channel", CHANNELS)
async def test_good_message_follows(
    channel: str, vendor: httpx.AsyncClient, stage: HouseStage
) -> None:
    """A spoilt call is answered 200, if not too long; the next good message is taken."""
    chance, bodies = random.Random(1109), sorted(reading.bodies(channel).values())
    for number in range(40):
        spoilt = _spoilt(chance.choice(bodies), chance)
        good, chat = _good(channel, number)
        answers = [
            await vendor.post(f"/webhooks/{channel}", content=body, headers=signed(channel, body))
            for body in (spoilt, good)
        ]

        taken = 200 if len(spoilt) <= reading.INLETS[channel].longest else 413
        assert [answer.status_code for answer in answers] == [taken, 200], spoilt[:2000]
        found = await stage.store.conversations.find(stage.store.key(chat))
        assert (found.chat, found.turns) == (chat, 1)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_every_sample_is_taken(channel: str, vendor: httpx.AsyncClient) -> None:
    """Every recorded call is answered 200, the first time and when it is repeated."""
    for name, body in reading.bodies(channel).items():
        for _ in range(2):
            answer = await vendor.post(
                f"/webhooks/{channel}", content=body, headers=signed(channel, body)
            )
            assert answer.status_code == 200, name
