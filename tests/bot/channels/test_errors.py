"""What the vendors' refusals mean to us: each row of the facts' tables."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.channels.telegram.api import Api
from bot.channels.telegram.send import TelegramChannel
from bot.channels.whatsapp.send import Graph, WhatsAppChannel
from bot.sandbox.server import Sandbox
from bot.supervisor import create_server, listen
from handlers.errors import Busy, ChannelDown, EnlaceError, Gone, InDoubt, Undeliverable
from handlers.ports import OutgoingMessage
from state.conversation import Chat
from state.effects import Send
from state.events import Said
from state.parts import Person
from state.reply_window import LONGEST
from tests.bot.channels.stages import ANA, telegram_stage
from tests.house_stage import HouseStage
from tests.telegram.api import TOKEN

pytestmark = pytest.mark.slow

_HELLO = Send(text="Hola", member="bot")
_ANA = OutgoingMessage(
    chat=Chat(channel="whatsapp", account="1", id="CO.1"),
    message=_HELLO,
    person=Person(user="CO.1", phone="573001112233"),
    heard_at=1,
    now=2,
)
_ANA_THERE = replace(_ANA, chat=Chat(channel="telegram", account="4242", id="42"))


@dataclass
class Curt:
    """A vendor who answers whatever it is told to."""

    answers: list[Response] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    url: str = ""

    async def answer(self, request: Request) -> Response:
        """Answer the next one."""
        self.bodies.append(await request.body())
        return self.answers.pop(0)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["Curt"]:
        """Serve on loopback."""
        socket = listen("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{socket.getsockname()[1]}"
        server = create_server(
            Starlette(routes=[Route("/{p:path}", self.answer, methods=["POST"])])
        )
        async with asyncio.TaskGroup() as group:
            group.create_task(server.serve(sockets=[socket]))
            try:
                yield self
            finally:
                server.stop()


@pytest.fixture
async def curt() -> AsyncIterator[Curt]:
    """A vendor who answers whatever it is told to."""
    async with Curt().serving() as vendor:
        yield vendor


async def _by_whatsapp(
    curt: Curt, outgoing: OutgoingMessage = _ANA, *, template: str = ""
) -> EnlaceError:
    graph = Graph("t", "1", url=curt.url, version="v26.0")
    channel = WhatsAppChannel(graph, template=template, language="es_CO")
    try:
        with pytest.raises(EnlaceError) as raised:
            await channel.send(outgoing)
        return raised.value
    finally:
        await graph.aclose()


async def _by_telegram(curt: Curt, *parcels: OutgoingMessage) -> list[EnlaceError]:
    api = Api(TOKEN, url=curt.url)
    channel, errors = TelegramChannel(api), []
    try:
        for outgoing in parcels or (_ANA_THERE,):
            with pytest.raises(EnlaceError) as raised:
                await channel.send(outgoing)
            errors.append(raised.value)
        return errors
    finally:
        await api.aclose()


def _graph(code: int, status: int = 400, **more: object) -> Response:
    headers = {"retry-after": "7"} if status == 429 else None
    return JSONResponse({"error": {"code": code, "message": "x", **more}}, status, headers)


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        (131056, 400, Busy),
        (1, 400, Busy), (2, 500, Busy), (131000, 500, Busy), (131016, 503, Busy),
        (133004, 503, Busy), (131057, 500, Busy),
        (130429, 429, ChannelDown), (4, 400, ChannelDown), (80007, 400, ChannelDown),
        (190, 401, ChannelDown), (0, 401, ChannelDown), (10, 403, ChannelDown),
        (200, 403, ChannelDown), (299, 403, ChannelDown), (3, 500, ChannelDown),
        (131005, 403, ChannelDown), (368, 403, ChannelDown), (131031, 403, ChannelDown),
        (130497, 403, ChannelDown), (131042, 400, ChannelDown), (131045, 500, ChannelDown),
        (133010, 400, ChannelDown), (131037, 400, ChannelDown), (33, 400, ChannelDown),
        (131026, 400, Gone),
        (131047, 400, Undeliverable), (131049, 400, Undeliverable), (131050, 400, Undeliverable),
        (131051, 400, Undeliverable), (131008, 400, Undeliverable), (131009, 400, Undeliverable),
        (100, 400, Undeliverable), (132000, 404, Undeliverable), (135000, 400, Undeliverable),
        (131021, 400, Undeliverable), (131030, 400, Undeliverable), (999999, 400, Undeliverable),
    ],
)  # fmt: skip
async def test_whatsapp_codes(
    curt: Curt, code: int, status: int, expected: type[EnlaceError]
) -> None:
    """Each code of Meta's means one thing to do next, whatever the status."""
    curt.answers = [_graph(code, status)]

    assert type(await _by_whatsapp(curt)) is expected


async def test_whatsapp_number_that_is_gone(curt: Curt) -> None:
    """Code 100 with subcode 33 is about our number, not about the message."""
    curt.answers = [_graph(100, error_subcode=33)]

    assert isinstance(await _by_whatsapp(curt), ChannelDown)


async def test_whatsapp_patience(curt: Curt) -> None:
    """The pair rate is waited for ever longer; a Retry-After is obeyed; code 1 is tried thrice."""
    curt.answers = [_graph(131056), _graph(131056), _graph(130429, 429), _graph(1)]

    first, third, number, last = [
        await _by_whatsapp(curt, replace(_ANA, attempt=attempt)) for attempt in (1, 3, 1, 3)
    ]

    assert isinstance(first, Busy)
    assert isinstance(third, Busy)
    assert (first.retry_after, third.retry_after) == (1.0, 16.0)
    assert isinstance(number, ChannelDown)
    assert (number.retry_after, number.certain) == (7.0, True)
    assert type(last) is Undeliverable


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Response("<html>502</html>", 502), InDoubt),
        (Response("", 200), InDoubt),
        (Response("<html>404</html>", 404), ChannelDown),
        (Response("<html>login</html>", 401), ChannelDown),
    ],
)
async def test_whatsapp_pages(curt: Curt, answer: Response, expected: type[EnlaceError]) -> None:
    """A gateway's page after the bytes left leaves us in doubt; a refusal of ours does not."""
    curt.answers = [answer]

    assert type(await _by_whatsapp(curt)) is expected


async def test_whatsapp_window(curt: Curt) -> None:
    """A closed window, known or told, is written through by the template, if there is one."""
    curt.answers = [_graph(131047), _graph(132001), _graph(132001)]
    closed = replace(_ANA, now=LONGEST + 2)

    told = await _by_whatsapp(curt, template="aviso")
    known = await _by_whatsapp(curt, closed, template="aviso")
    without = await _by_whatsapp(curt, closed)

    assert [str(error) for error in (told, known, without)] == ["132001", "132001", "131047"]
    assert b'"template"' not in curt.bodies[0]
    assert [b'"template"' in body for body in curt.bodies[1:]] == [True, True]


async def test_vendors_that_cannot_be_reached() -> None:
    """Where nobody listens nothing was sent: the outbox is kept."""
    nobody = Curt(url="http://127.0.0.1:9")

    assert isinstance(await _by_whatsapp(nobody), ChannelDown)
    assert isinstance((await _by_telegram(nobody))[0], ChannelDown)


def _bot(code: int, description: str, **parameters: int) -> Response:
    answer = {"ok": False, "error_code": code, "description": description}
    return JSONResponse(answer | ({"parameters": parameters} if parameters else {}), code)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (_bot(403, "Forbidden: bot was blocked by the user"), Gone),
        (_bot(403, "Forbidden: user is deactivated"), Gone),
        (_bot(403, "Forbidden: bot can't initiate conversation with a user"), Gone),
        (_bot(400, "Bad Request: chat not found"), Gone),
        (_bot(400, "Bad Request: BUTTON_DATA_INVALID"), Undeliverable),
        (_bot(401, "Unauthorized"), ChannelDown),
        (_bot(404, "Not Found"), ChannelDown),
        (_bot(429, "Too Many Requests: retry after 3", retry_after=3), Busy),
        (_bot(500, "Internal Server Error: restart"), InDoubt),
        (Response("<html>502</html>", 502), InDoubt),
        (Response(b"\xff\xfe", 200), InDoubt),
        (JSONResponse([]), InDoubt),
        (JSONResponse({"ok": "yes"}), InDoubt),
    ],
)
async def test_telegram_answers(curt: Curt, answer: Response, expected: type[EnlaceError]) -> None:
    """Each answer of Telegram's means one thing to do next."""
    curt.answers = [answer]

    assert type((await _by_telegram(curt))[0]) is expected


async def test_telegram_slows_all(curt: Curt) -> None:
    """One chat told to wait waits alone; when a second one is told so, everybody does."""
    wait = _bot(429, "Too Many Requests", retry_after=3)
    other = replace(_ANA_THERE, chat=replace(_ANA_THERE.chat, id="43"))
    curt.answers = [wait, wait, wait]

    alone, again, both = await _by_telegram(curt, _ANA_THERE, _ANA_THERE, other)

    assert [type(error) for error in (alone, again, both)] == [Busy, Busy, ChannelDown]
    assert isinstance(both, ChannelDown)
    assert (both.retry_after, both.certain) == (3, True)


async def test_telegram_plain_at_the_second_try(curt: Curt) -> None:
    """A message that Telegram cannot parse goes out once more, plain and short."""
    curt.answers = [
        _bot(400, "Bad Request: can't parse entities: x"),
        JSONResponse({"ok": True, "result": {"message_id": 7}}),
    ]
    api = Api(TOKEN, url=curt.url)

    sent = await TelegramChannel(api).send(_ANA_THERE)
    await api.aclose()

    assert (sent, curt.answers) == ("7", [])


async def test_refused_account_keeps_its_outbox(redis: Redis, sandbox: Sandbox) -> None:
    """An account that is refused sends nothing more until its gate opens, and loses nothing."""
    async with telegram_stage(redis, sandbox) as stage:
        right, stage.api.token = stage.api.token, "4242:another"
        stage.server.post(stage.phones.text(ANA, "hola"))
        await stage.server.deliver()
        begun = stage.clock()
        await HouseStage._settle(stage)
        refused = list(stage.api.shown[ANA])
        stage.api.token = right
        await stage.happen(Said(text="ayuda"))

        assert refused == []
        assert stage.clock() - begun >= 5_000
        assert len(stage.heard()) == 2
