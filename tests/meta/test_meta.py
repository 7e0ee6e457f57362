"""The simulator of Meta keeps the rules that the facts on WhatsApp tell."""

import asyncio
import hashlib
import hmac
import itertools
import json
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.supervisor import create_server, listen
from tests.meta.clock import WEEK, WINDOW, Course, Fate, Rates, RealClock, VirtualClock
from tests.meta.graph import GraphApi, running
from tests.meta.shapes import Customer, Item
from tests.meta.webhooks import MetaWebhooks
from tests.waiting import HUNG

pytestmark = pytest.mark.slow

ANA = Customer(phone="573001112233", user_id="CO.111", name="Ana Muñoz")
HIDDEN = Customer(phone="573009998877", user_id="CO.222", shows_phone=False)
HOLA: Item = {"type": "text", "text": {"body": "hola"}}
PLAIN = Course(disorder=0, repeats=0, skips=0, reads=1)


@dataclass
class Callback:
    """A webhook that answers as told, then 200."""

    answers: list[int] = field(default_factory=list)
    posts: list[tuple[bytes, str]] = field(default_factory=list)

    async def take(self, request: Request) -> Response:
        if request.method == "GET":
            return PlainTextResponse(request.query_params["hub.challenge"])
        self.posts.append((await request.body(), request.headers["x-hub-signature-256"]))
        return Response(status_code=self.answers.pop(0) if self.answers else 200)

    def values(self) -> list[Item]:
        entries = [entry for body, _ in self.posts for entry in json.loads(body)["entry"]]
        return [change["value"] for entry in entries for change in entry["changes"]]

    def items(self, place: str) -> list[Item]:
        return [item for value in self.values() for item in value.get(place, ())]


@pytest.fixture
def callback() -> Callback:
    """A webhook that is content."""
    return Callback()


@pytest.fixture
async def meta(callback: Callback) -> AsyncIterator[MetaWebhooks]:
    """Delivers in order and once, unless the test wants it otherwise."""
    socket = listen("127.0.0.1", 0)
    url = f"http://127.0.0.1:{socket.getsockname()[1]}/"
    server = create_server(Starlette(routes=[Route("/", callback.take, methods=["GET", "POST"])]))
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve(sockets=[socket]))
        clock = VirtualClock(1_795_446_690)
        yield MetaWebhooks(url=url, secret="s3cret", chance=random.Random(1), clock=clock)
        server.stop()


@pytest.fixture
async def api(meta: MetaWebhooks) -> AsyncIterator[GraphApi]:
    """Two customers, of whom Ana has just written."""
    api = GraphApi(webhooks=meta, token="EAAG", chance=random.Random(2), course=PLAIN)
    api.know(ANA)
    api.know(HIDDEN)
    meta.add(meta.shapes.text(ANA, "hola"), ANA)
    async with running(api):
        yield api


async def send(api: GraphApi, body: Item, **more: object) -> tuple[int, Any]:
    """Call with a message to Ana; answers the status and the error's code or the message's id."""
    whole = {"messaging_product": "whatsapp", "to": "+57 300 1112233"} | body | more
    url = f"{api.url}/v26.0/{api.webhooks.phone_number_id}/messages"
    async with httpx.AsyncClient(headers={"authorization": "Bearer EAAG"}, timeout=HUNG) as client:
        answer = await client.post(url, json={name: one for name, one in whole.items() if one})
    told = answer.json()
    return answer.status_code, told.get("error", {}).get("code") or told["messages"][0]["id"]


def interactive(kind: str, **action: object) -> Item:
    """Make an interactive message."""
    body = {"text": "¿Sí?"}
    return {"type": "interactive", "interactive": {"type": kind, "body": body, "action": action}}


def buttons(*titles: str) -> Item:
    """Make buttons whose ids are like their titles, but for the accents."""
    replies = [{"id": one.replace("í", "i")[:256], "title": one} for one in titles]
    return interactive("button", buttons=[{"type": "reply", "reply": one} for one in replies])


def rows(*sections: int) -> Item:
    """Make a list with so many rows in each section."""
    ids = itertools.count()
    lists = [[{"id": str(next(ids)), "title": "R"} for _ in range(size)] for size in sections]
    return interactive("list", button="V", sections=[{"title": "S", "rows": one} for one in lists])


async def test_posts(meta: MetaWebhooks, callback: Callback) -> None:
    """Every update arrives once, in bodies within the limits; the raw bytes are signed."""
    ids = [meta.add(meta.shapes.text(ANA, "Sí <a/b> 😀" * 150), ANA) for _ in range(4000)]
    await meta.deliver()
    assert sorted(item["id"] for item in callback.items("messages")) == sorted(ids)
    assert {item["text"]["body"] for item in callback.items("messages")} == {"Sí <a/b> 😀" * 150}
    assert max(one.updates for one in meta.log) <= 1000
    assert len(json.loads(callback.posts[0][0])["entry"]) > 1
    assert {b"<a" in body for body, _ in callback.posts} == {True, False}
    for body, signature in callback.posts:
        assert (body.isascii(), len(body) <= 3 * 1024 * 1024) == (True, True)
        assert [one in body for one in (rb"S\u00ed", rb"\/b")] == [True, True]
        assert signature == "sha256=" + hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()


async def test_shapes(meta: MetaWebhooks, callback: Callback) -> None:
    """Items have kind, sender and, but for system ones, contacts; a hidden phone is left out."""
    make = meta.shapes
    for who in [ANA, HIDDEN] * 5:
        items = [make.button_reply(who, "wamid.O", "yes", "Sí"), make.image(who, caption="recibo")]
        items += [make.list_reply(who, "wamid.O", "r1", "Plan", "50 Mbps"), make.audio(who)]
        items += [make.edit(who, "wamid.A", "nuevo"), make.revoke(who, "wamid.A")]
        items += [make.reaction(who, "wamid.O"), make.contact(who, "573001112233")]
        items += [make.number_change(who, "573000000001"), make.user_id_change(who, "CO.333")]
        for item in items:
            meta.add(item, who)
    await meta.deliver()
    for value in callback.values():
        assert {one["type"] == "system" for one in value["messages"]} == {"contacts" not in value}
    assert all(item[item["type"]] for item in callback.items("messages"))
    assert {item.get("from") for item in callback.items("messages")} == {ANA.phone, None}
    assert {one.get("wa_id") for one in callback.items("contacts")} == {ANA.phone, None}


async def test_retries(meta: MetaWebhooks, callback: Callback) -> None:
    """Only 200 counts; else Meta comes again, at once and ever more slowly for seven days."""
    callback.answers = [202, 204, 503] * 10
    meta.add(meta.shapes.text(ANA, "hola"), ANA)
    await meta.deliver()
    times = [one.at for one in meta.log]
    waits = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert waits == [0, *(2**turn for turn in range(len(waits) - 1))]
    assert WEEK / 4 < times[-1] - times[0] <= WEEK
    assert meta.counts["dropped"] == 1


async def test_repeats(meta: MetaWebhooks, callback: Callback) -> None:
    """What was delivered comes again unchanged, at once or within seven days."""
    meta.repeats, meta.batch, meta.disorder = 1.0, 1, 0.5
    ids = [meta.add(meta.shapes.text(ANA, "hola"), ANA) for _ in range(20)]
    await meta.deliver()
    assert (len(callback.posts), len(set(callback.posts))) == (40, 20)
    assert [one["id"] for one in callback.items("messages")][:20] != ids
    assert 3600 < meta.log[-1].at - meta.log[0].at <= WEEK + meta.held


async def test_background(meta: MetaWebhooks, callback: Callback) -> None:
    """In the background it delivers what is added meanwhile, by the real clock too."""
    meta.clock = meta.shapes.clock = RealClock()
    meta.pause, callback.answers = 0.01, [500, 500]
    async with asyncio.TaskGroup() as group:
        group.create_task(meta.run())
        meta.add(meta.shapes.text(ANA, "hola"), ANA, later=0.01)
        await meta.quiet.wait()
        meta.stop()
    answer = await meta.handshake("token")
    assert [one.status for one in meta.log] == [500, 500, 200]
    assert answer.text == answer.request.url.params["hub.challenge"]


ASK = interactive("request_contact_info", name="request_contact_info")
MALFORMED: tuple[Item, ...] = (
    *(HOLA | wrong for wrong in ({"messaging_product": "sms"}, {"to": "CO.111"}, {"to": None})),
    *({"type": "text", "text": {}}, {"type": "poll"}, HOLA | {"recipient": "Ana"}),
    *(interactive(kind) for kind in ("button", "list", "cta_url", "request_contact_info")),
)
BEYOND: tuple[Item, ...] = (
    *(HOLA | {"text": {"body": "x" * 4097}}, HOLA | {"biz_opaque_callback_data": "x" * 513}),
    *(buttons(*titles) for titles in ("1234", ["Sí", "Sí"], ["Sí", "Si"], ["😀" * 11])),
    *(rows(*sizes) for sizes in ([5, 6], [1] * 11)),
)


async def test_refused(api: GraphApi) -> None:
    """What is malformed or beyond a limit is refused, and so is a stranger."""
    assert {await send(api, body) for body in MALFORMED} == {(400, 100)}
    assert {await send(api, body) for body in BEYOND} == {(400, 131009)}
    api.token = "other"
    assert await send(api, HOLA) == (401, 190)
    assert not api.shown


async def test_shown(api: GraphApi, callback: Callback) -> None:
    """What is within the limits is shown; its statuses name the job and the recipient."""
    for body in (HOLA, buttons("Sí", "😀" * 10), rows(5, 5), ASK):
        assert (await send(api, body, biz_opaque_callback_data="job:1"))[0] == 200
    await send(api, HOLA, to=None, recipient="CO.222")
    await api.webhooks.deliver()
    kinds = [one.kind for one in api.shown["CO.111"]]
    assert kinds == ["text", "button", "list", "request_contact_info"]
    statuses = callback.items("statuses")
    assert [one["status"] for one in statuses].count("read") == 4
    assert [one["errors"][0]["code"] for one in statuses if "errors" in one] == [131047]
    assert {one.get("biz_opaque_callback_data") for one in statuses} == {"job:1", None}
    assert {one.get("recipient_id") for one in statuses} == {"573001112233", None}


async def test_window(api: GraphApi, callback: Callback) -> None:
    """A day after the customer wrote only templates arrive; that others do not is told later."""
    await api.webhooks.clock.reach(api.webhooks.clock.now() + WINDOW)
    template = {"type": "template", "template": {"name": "t", "language": {"code": "es_CO"}}}
    told = [await send(api, HOLA), await send(api, HOLA, to="573000000009")]
    assert (await send(api, template))[0] == told[0][0] == told[1][0] == 200
    await api.webhooks.deliver()
    failed = [one for one in callback.items("statuses") if "errors" in one]
    codes = {one["id"]: one["errors"][0]["code"] for one in failed}
    assert codes == {told[0][1]: 131047, told[1][1]: 131026}
    api.window_sync = True
    assert await send(api, HOLA) == (400, 131047)


async def test_rates() -> None:
    """45 at once borrow 270 seconds; then a message per 6 s; and so many in a second."""
    pairs, second = Rates(pairs=True), Rates(per_second=80)
    assert [pairs.exceeded("CO.1", 1000) for _ in range(46)] == [None] * 45 + [131056]
    assert pairs.exceeded("CO.1", 1269) == 131056
    assert [pairs.exceeded("CO.1", 1270 + 6 * turn) for turn in range(9)] == [None] * 9
    assert [second.exceeded(str(one), 1000) for one in range(81)] == [None] * 80 + [130429]


async def test_fates(api: GraphApi) -> None:
    """A call may fail before the message is shown or after; the latter is remembered."""
    api.forced = [Fate.THROTTLED, Fate.FAILED, Fate.LOST, Fate.CUT]
    assert await send(api, HOLA) == (429, 130429)
    assert await send(api, HOLA) == (500, 131000)
    for error in (json.JSONDecodeError, httpx.TransportError):
        with pytest.raises(error):
            await send(api, HOLA)
    assert sorted(api.unsaid) == sorted(one.id for one in api.shown["CO.111"])
