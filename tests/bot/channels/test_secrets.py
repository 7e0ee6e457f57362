"""Who may call: Telegram's secret, Meta's signature and handshake, through the real route."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, MutableMapping, Sequence
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis
from starlette.applications import Starlette
from structlog.testing import capture_logs

from bot.channels.telegram.receive import TelegramReceiver
from bot.channels.whatsapp.receive import WhatsAppReceiver
from bot.sandbox.server import Sandbox
from handlers.errors import Forbidden
from handlers.webhooks import create_routes
from tests.house_stage import HouseStage
from tests.inboxes import list_all
from tests.samples import reading

pytestmark = pytest.mark.slow

TELEGRAM = b"x-telegram-bot-api-secret-token"
WHATSAPP = b"x-hub-signature-256"

OLD, NEW = "Secreto-anterior", "Secreto-nuevo"
_SIGNED = {"telegram": TELEGRAM, "whatsapp": WHATSAPP}
Headers = Sequence[tuple[bytes, bytes]]


def signature(body: bytes, secret: str = reading.SECRET) -> bytes:
    """Sign as Meta does: over the bytes."""
    return b"sha256=" + hmac.digest(secret.encode(), body, hashlib.sha256).hex().encode()


def signed(channel: str, body: bytes) -> Headers:
    """Give the headers with which the vendor sends this body."""
    given = reading.SECRET.encode() if channel == "telegram" else signature(body)
    return [(_SIGNED[channel], given)]


@pytest.fixture
async def stage(redis: Redis, sandbox: Sandbox) -> AsyncIterator[HouseStage]:
    """A house with its real machine."""
    staged = HouseStage(redis, sandbox)
    yield staged
    await staged.aclose()


@pytest.fixture
async def world(stage: HouseStage) -> AsyncIterator[httpx.AsyncClient]:
    """Anybody who calls it."""
    rotating = WhatsAppReceiver(reading.NUMBER, [OLD, NEW], reading.TOKEN)
    receivers = {**reading.INLETS, "rotating": rotating}
    transport = httpx.ASGITransport(
        Starlette(routes=list(create_routes(stage.intake(), receivers)))
    )
    async with httpx.AsyncClient(transport=transport, base_url="http://enlace") as client:
        yield client


class Body:
    """A call's body that knows whether anybody began to read it."""

    def __init__(self, body: bytes) -> None:
        self.read = False
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Give the body."""
        self.read = True
        yield self._body


async def _call(
    world: httpx.AsyncClient, channel: str, headers: Headers, body: Body
) -> tuple[int, list[MutableMapping[str, Any]]]:
    """Call, and tell the answer and what was logged."""
    with capture_logs() as logs:
        answer = await world.post(f"/webhooks/{channel}", content=body, headers=[*headers])
    return answer.status_code, logs


SECRET = reading.SECRET.encode()
WRONG_SECRETS = {
    "wrong": b"otro-secreto",
    "empty": b"",
    "shorter": SECRET[:-1],
    "longer": SECRET + b"x",
    "other case": SECRET.swapcase(),
    "latin-1": "señal-é".encode("latin-1"),
    "UTF-8": "señal-é".encode(),
    "no text": b"\x80\xff\xfe",
    "too long": b"x" * 100_000,
}
WRONG_SIGNATURES = {
    "empty": b"",
    "no digest": b"sha256=",
    "no prefix": b"a" * 64,
    "another prefix": b"sha1=" + b"a" * 40,
    "capitals": b"SHA256=" + b"a" * 64,
    "shorter": b"sha256=" + b"a" * 63,
    "longer": b"sha256=" + b"a" * 65,
    "latin-1": "sha256=é".encode("latin-1"),
    "UTF-8": "sha256=é".encode(),
    "too long": b"sha256=" + b"a" * 100_000,
    "secret itself": SECRET,
}
LIKELY_SIGNATURES = {
    "wrong": b"sha256=" + b"a" * 64,
    "latin-1": b"sha256=" + "é".encode("latin-1") * 64,
    "UTF-8": b"sha256=" + "é".encode() * 32,
    "no text": b"sha256=" + b"\xff" * 64,
    "blanks": b"sha256=" + b"a" * 31 + b"  " + b"a" * 31,
}


def _cases(channel: str, wrong: dict[str, bytes]) -> list[Any]:
    return [pytest.param(channel, given, id=f"{channel} {name}") for name, given in wrong.items()]


@pytest.mark.parametrize(
    ("channel", "given"),
    [*_cases("telegram", WRONG_SECRETS), *_cases("whatsapp", WRONG_SIGNATURES)],
)
async def test_wrong_header(world: httpx.AsyncClient, channel: str, given: bytes) -> None:
    """A header that shows that the call is not the vendor's is 403; its body is not read."""
    body = Body(reading.bodies(channel)["text"])

    status, logs = await _call(world, channel, [(_SIGNED[channel], given)], body)

    assert (status, body.read) == (403, False)
    (line,) = logs
    assert line["event"] == "webhook.refused"
    assert line["log_level"] == "warning"
    assert (line["channel"], line["error"]) == (channel, "Forbidden")
    assert line.keys() == {"event", "log_level", "channel", "error"}


@pytest.mark.parametrize("given", LIKELY_SIGNATURES.values(), ids=LIKELY_SIGNATURES)
async def test_wrong_signature(world: httpx.AsyncClient, stage: HouseStage, given: bytes) -> None:
    """A signature that only looks like one is 403, once the body was read; nothing is taken."""
    body = Body(reading.bodies("whatsapp")["text"])

    status, logs = await _call(world, "whatsapp", [(WHATSAPP, given)], body)

    assert (status, body.read, [line["event"] for line in logs]) == (403, True, ["webhook.refused"])
    assert await list_all(stage.store) == []


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
async def test_missing(world: httpx.AsyncClient, channel: str) -> None:
    """Without a secret or signature the answer is 401; the body is not read."""
    body = Body(reading.bodies(channel)["text"])
    other = [(b"x-hub-signature", b"sha1=" + b"a" * 40), (b"authorization", b"Bearer " + SECRET)]

    status, logs = await _call(world, channel, other, body)

    assert (status, body.read) == (401, False)
    assert [(line["event"], line["error"]) for line in logs] == [
        ("webhook.refused", "Unauthorized")
    ]


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
async def test_right(world: httpx.AsyncClient, stage: HouseStage, channel: str) -> None:
    """With the right secret or signature the call is taken, and nothing is logged."""
    body = reading.bodies(channel)["text"]

    status, logs = await _call(world, channel, signed(channel, body), Body(body))

    assert (status, logs) == (200, [])
    assert len(await list_all(stage.store)) == 1


async def test_two_app_secrets(world: httpx.AsyncClient) -> None:
    """While the app's secret is changed either is right, and no third."""
    body = reading.bodies("whatsapp")["text"]

    answers = [
        await _call(world, "rotating", [(WHATSAPP, signature(body, secret))], Body(body))
        for secret in (OLD, NEW, reading.SECRET, "", OLD + NEW)
    ]

    assert [status for status, _ in answers] == [200, 200, 403, 403, 403]


@pytest.mark.parametrize(
    "again",
    [
        json.dumps,
        lambda call: json.dumps(call, separators=(",", ":")),
        lambda call: json.dumps(call, ensure_ascii=False),
    ],
)
async def test_written_again(world: httpx.AsyncClient, again: Any) -> None:
    """A signature is over the bytes as they came: the same JSON written otherwise is refused."""
    body = reading.bodies("whatsapp")["text_emoji"]
    written = again(json.loads(body)).encode()

    status, _ = await _call(world, "whatsapp", [(WHATSAPP, signature(body))], Body(written))

    assert status == 403


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", "¡hola!".encode()])
async def test_signed_nonsense(world: httpx.AsyncClient, body: bytes) -> None:
    """The signature is over bytes of any kind: what is signed is taken, if only put aside."""
    status, _ = await _call(world, "whatsapp", signed("whatsapp", body), Body(body))

    assert status == 200


def test_no_secret_admits_nobody() -> None:
    """An empty secret of ours is no secret: nobody gets in with an empty one."""
    header = TELEGRAM.decode()
    with pytest.raises(Forbidden):
        TelegramReceiver(reading.BOT, "").admit({header: ""})

    for secrets in ([], [""]):
        receiver = WhatsAppReceiver(reading.NUMBER, secrets, "")
        with pytest.raises(Forbidden):
            receiver.verify({WHATSAPP.decode(): signature(b"{}", "").decode()}, b"{}")
        with pytest.raises(Forbidden):
            receiver.answer_challenge({"hub.mode": "subscribe", "hub.verify_token": ""})


def _asked(token: str | None, **changed: str) -> dict[str, str]:
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}
    named = {} if token is None else {"hub.verify_token": token}
    return {**asked, **named, **{f"hub.{name}": value for name, value in changed.items()}}


async def test_handshake(world: httpx.AsyncClient) -> None:
    """Meta's challenge comes back as plain text that no browser takes for anything else."""
    challenge = "<script>1158201444</script>"
    asked = _asked(reading.TOKEN, challenge=challenge)

    answer = await world.get("/webhooks/whatsapp", params=asked)

    assert (answer.status_code, answer.text) == (200, challenge)
    assert answer.headers["content-type"].split(";")[0] == "text/plain"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'"


async def test_long_challenge(world: httpx.AsyncClient) -> None:
    """No more of a challenge is reflected than Meta's have."""
    asked = _asked(reading.TOKEN, challenge="7" * 5_000)

    answer = await world.get("/webhooks/whatsapp", params=asked)

    assert (answer.status_code, answer.text) == (200, "7" * 200)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (_asked("otra-ficha"), 403),
        (_asked(""), 403),
        (_asked("señal-é-👍"), 403),
        (_asked("x" * 10_000), 403),
        (_asked(reading.TOKEN.upper()), 403),
        (_asked(None), 401),
        (_asked(reading.TOKEN, mode="unsubscribe"), 401),
        ({}, 401),
    ],
)
async def test_wrong_token(world: httpx.AsyncClient, asked: dict[str, str], status: int) -> None:
    """Whoever does not know the token hears nothing back; one quiet line says so."""
    with capture_logs() as logs:
        answer = await world.get("/webhooks/whatsapp", params=asked)

    assert (answer.status_code, answer.text) == (status, "")
    assert [line["event"] for line in logs] == ["webhook.refused"]


async def test_token_of_no_text(world: httpx.AsyncClient) -> None:
    """A token whose bytes are no UTF-8 is a wrong one."""
    path = "/webhooks/whatsapp?hub.mode=subscribe&hub.challenge=1&hub.verify_token=%ff%c3"

    assert (await world.get(path)).status_code == 403


async def test_telegram_has_no_handshake(world: httpx.AsyncClient) -> None:
    """Telegram never asks who we are."""
    answer = await world.get("/webhooks/telegram", params=_asked(reading.TOKEN))

    assert answer.status_code == 405
