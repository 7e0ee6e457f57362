"""A channel's calls: taken before they hear 200, refused, or kept as dead letters."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send
from structlog.testing import capture_logs

from bot.sandbox.server import Sandbox
from handlers.errors import StoreUnavailable
from handlers.ports import Delivery, VendorCall
from handlers.webhooks import create_routes, tidy_path
from state.conversation import Chat
from state.events import Said
from state.parts import Person
from state.store import keys
from state.store.dead_letters import LetterKind
from tests.campaign.plain import HEADER, SECRET, PlainReceiver, chat_of
from tests.endpoint import serving
from tests.house_stage import HouseStage
from tests.inboxes import list_all
from tests.simulation.toy import heard, toy
from tests.waiting import HUNG

_HEADERS = {HEADER: SECRET}


@pytest.fixture
async def stage(redis: Redis, sandbox: Sandbox) -> AsyncIterator[HouseStage]:
    """A house with a machine that remembers what it heard."""
    staged = HouseStage(redis, sandbox, machine=toy)
    yield staged
    await staged.aclose()


@pytest.fixture
async def client(stage: HouseStage) -> AsyncIterator[httpx.AsyncClient]:
    """A vendor that calls it."""
    routes = create_routes(stage.intake(), {"plain": PlainReceiver()})
    transport = httpx.ASGITransport(Starlette(routes=list(routes)))
    async with httpx.AsyncClient(transport=transport, base_url="http://enlace") as client:
        yield client


def _written(chat: str, number: int) -> dict[str, str]:
    return {"chat": chat, "id": f"{chat}-{number}", "text": f"{number}s"}


async def _heard(stage: HouseStage, chat: str) -> list[str]:
    return heard(await stage.store.conversations.find(stage.store.key(chat_of(chat))))


async def test_call_of_many(client: httpx.AsyncClient, stage: HouseStage) -> None:
    """One call may bring messages of many chats; each chat's are taken in their order."""
    body = [_written(chat, number) for number in range(3) for chat in ("1", "2")]

    answers = [
        await client.post("/webhooks/plain", json=body, headers=_HEADERS),
        await client.post("/webhooks/plain", json=body[:2], headers=_HEADERS),
        await client.post("/webhooks/plain", json=[], headers=_HEADERS),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert await _heard(stage, "1") == await _heard(stage, "2") == ["0s", "1s", "2s"]


async def test_unauthorized(client: httpx.AsyncClient, stage: HouseStage) -> None:
    """Without the secret, or with a wrong one, nothing is read; one quiet line says so."""
    body = [_written("1", 1)]
    with capture_logs() as logs:
        answers = [
            await client.post("/webhooks/plain", json=body),
            await client.post("/webhooks/plain", json=body, headers={HEADER: "hola"}),
        ]

    assert [answer.status_code for answer in answers] == [401, 403]
    assert [log["event"] for log in logs] == ["webhook.refused"] * 2
    assert await list_all(stage.store) == []


async def test_unreadable(client: httpx.AsyncClient, stage: HouseStage) -> None:
    """What cannot be read is kept, and answered 200: its sender must not repeat it for ever."""
    with capture_logs() as logs:
        answer = await client.post("/webhooks/plain", content=b'{"hola": ', headers=_HEADERS)

    (letter,) = await stage.store.dead.list()
    assert answer.status_code == 200
    assert (letter.what, letter.chat, letter.reason) == (LetterKind.CALL, "plain", "Unreadable")
    assert stage.store.dead.call(letter) == b'{"hola": '
    assert "hola" not in str(logs)


async def test_unreadable_record(client: httpx.AsyncClient, stage: HouseStage) -> None:
    """A chat whose record does not open is a dead letter and 200; other chats are answered."""
    await client.post("/webhooks/plain", json=[_written("1", 0)], headers=_HEADERS)
    key = stage.store.key(chat_of("1"))
    await stage.redis.hset(keys.name_key("chat", key), "st", b"garbage")
    body = [_written("1", 1), _written("2", 1)]
    with capture_logs() as logs:
        answers = [
            await client.post("/webhooks/plain", json=body, headers=_HEADERS) for _ in range(2)
        ]

    assert [answer.status_code for answer in answers] == [200, 200]
    letters = await stage.store.dead.list()
    assert {(one.what, one.chat, one.reason) for one in letters} == {
        (LetterKind.EVENT, key, "UnreadableRecord")
    }
    chat, event = stage.store.dead.event(letters[0])
    assert (chat, event) == (chat_of("1"), Said(text="1s"))
    assert await _heard(stage, "2") == ["1s"]
    assert [log["event"] for log in logs] == ["record.unreadable"]


class Named(PlainReceiver):
    """A receiver whose vendor knows people by names."""

    def parse(self, body: bytes) -> VendorCall:
        """Name who writes."""
        call = super().parse(body)
        named = [
            (replace(chat, id=""), replace(delivery, person=Person(user=chat.id)))
            for chat, delivery in call.arrived
        ]
        return VendorCall(arrived=named)


async def test_unreadable_name(stage: HouseStage) -> None:
    """Where a person's name does not open, the call is a dead letter; others are answered."""
    routes = create_routes(stage.intake(), {"plain": Named()})
    transport = httpx.ASGITransport(Starlette(routes=list(routes)))
    async with httpx.AsyncClient(transport=transport, base_url="http://enlace") as client:
        await client.post("/webhooks/plain", json=[_written("CO.1", 0)], headers=_HEADERS)
        (name,) = [key async for key in stage.redis.scan_iter("*names:*")]
        (digest,) = await stage.redis.hkeys(name)
        kept = await stage.redis.hget(name, digest)
        await stage.redis.hset(name, digest, b"|garbage")
        body = [_written("CO.1", 1), _written("CO.2", 1)]
        with capture_logs() as logs:
            answer = await client.post("/webhooks/plain", json=body, headers=_HEADERS)
        await stage.redis.hset(name, digest, kept or b"")
        (letter,) = await stage.store.dead.list()
        await stage.intake().take("plain", Named(), stage.store.dead.call(letter))

    assert answer.status_code == 200
    assert (letter.what, letter.reason) == (LetterKind.CALL, "UnreadableName")
    assert [log["event"] for log in logs] == ["name.unreadable", "call.put_aside"]
    assert await _heard(stage, "CO.1") == ["0s", "1s"]
    assert await _heard(stage, "CO.2") == ["1s"]


async def test_too_long(client: httpx.AsyncClient) -> None:
    """A body longer than any of the vendor's is refused, announced or not."""

    async def unannounced() -> AsyncIterator[bytes]:
        for _ in range(6):
            yield bytes(100_000)

    announced = await client.post("/webhooks/plain", content=bytes(600_000), headers=_HEADERS)
    dripped = await client.post("/webhooks/plain", content=unannounced(), headers=_HEADERS)

    assert [announced.status_code, dripped.status_code] == [413, 413]


async def test_one_chat_fails(
    client: httpx.AsyncClient, stage: HouseStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If one chat of a call cannot be taken the call fails; the others are taken all the same."""
    take = stage.turns.take

    async def failing(chat: Chat, *deliveries: Delivery) -> None:
        if chat.id == "1":
            raise StoreUnavailable
        await take(chat, *deliveries)

    monkeypatch.setattr(stage.turns, "take", failing)
    body = [_written("1", 0), _written("2", 0)]

    with pytest.raises(StoreUnavailable):
        await client.post("/webhooks/plain", json=body, headers=_HEADERS)

    assert await _heard(stage, "2") == ["0s"]


async def test_stopped_meanwhile(
    client: httpx.AsyncClient, stage: HouseStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call that is under way for too long when the process ends is asked to come again."""

    async def cancelled(chat: Chat, *deliveries: Delivery) -> None:
        raise asyncio.CancelledError(chat, deliveries)

    monkeypatch.setattr(stage.turns, "take", cancelled)

    answer = await client.post("/webhooks/plain", json=[_written("1", 0)], headers=_HEADERS)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


@pytest.mark.parametrize(
    "typed", ["/webhooks/plain/", "/Webhooks/PLAIN", "//webhooks//plain", "/webhooks/plain//"]
)
async def test_address_as_people_type_it(stage: HouseStage, typed: str) -> None:
    """A slash too many or capitals in the vendor's form are answered, never redirected."""
    routes = create_routes(stage.intake(), {"plain": PlainReceiver()})
    app = Starlette(routes=list(routes))

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "path": tidy_path(scope["path"])}, receive, send)

    transport = httpx.ASGITransport(dispatch)
    async with httpx.AsyncClient(transport=transport) as client:
        answer = await client.post(
            f"http://enlace{typed}", json=[_written("1", 0)], headers=_HEADERS
        )

    assert answer.status_code == 200
    assert await _heard(stage, "1") == ["0s"]


def test_other_addresses_stay() -> None:
    """No other path is touched."""
    for path in ("/consola/", "/Consola", "//consola", "/", "/webhooksx/", "/api/Webhooks/plain"):
        assert tidy_path(path) == path


@pytest.mark.parametrize("announced", [True, False])
async def test_too_large_is_answered(stage: HouseStage, *, announced: bool) -> None:
    """Who sends more than is taken has sent it all, and reads the answer on a whole connection."""
    routes = create_routes(stage.intake(), {"plain": PlainReceiver()})
    async with serving(Starlette(routes=list(routes))) as url:
        host, port = url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        size = 5_000_000
        length = f"content-length: {size}" if announced else "transfer-encoding: chunked"
        writer.write(f"POST /webhooks/plain HTTP/1.1\r\nhost: x\r\n{HEADER}: {SECRET}\r\n".encode())
        writer.write(f"{length}\r\n\r\n".encode())
        body = bytes(size) if announced else b"4c4b40\r\n" + bytes(size) + b"\r\n0\r\n\r\n"
        writer.write(body)
        await asyncio.wait_for(writer.drain(), HUNG)
        answer = await asyncio.wait_for(reader.read(), HUNG)
        writer.close()

    assert answer.startswith(b"HTTP/1.1 413")
