"""The side of Meta that takes messages: the Graph API, as strict as its pages say.

Sources are sections of the facts on WhatsApp: calls and limits 2, errors 2.1, identity 1.5,
statuses 1.6.
"""

import asyncio
import json
import operator
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.supervisor import create_server, listen
from tests.meta.clock import WINDOW, Course, Fate, Rates
from tests.meta.shapes import Customer, Item, Refused, found, judge, status, wamid
from tests.meta.webhooks import MetaWebhooks

_PRICING = {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "service"}
Handler = Callable[[Request], Awaitable[Response]]


@dataclass
class Shown:
    """A message on a customer's phone; `at` in seconds since 1970."""

    id: str
    kind: str
    text: str
    buttons: list[tuple[str, str]]
    rows: list[tuple[str, str]]
    template: str | None
    at: float


@dataclass(kw_only=True)
class GraphApi:
    """Shows messages to customers, and tells what became of them by `webhooks`.

    Attributes:
        faults: how likely a send call is to go wrong.
        forced: the next fates, before chance has its say.
        course: what becomes of a message that is shown.
        window_sync: whether a closed window is told at once.
        shown: what each customer's phone shows, by the customer's user id.
        read: the ids that the business marked as read; `typing` those it showed it was writing to.
        unsaid: the ids of what was shown although the caller was told otherwise.
    """

    webhooks: MetaWebhooks
    token: str
    chance: random.Random
    faults: float = 0.0
    forced: list[Fate] = field(default_factory=list)
    course: Course = field(default_factory=Course)
    window_sync: bool = False
    rates: Rates = field(default_factory=Rates)
    url: str = ""
    shown: dict[str, list[Shown]] = field(default_factory=lambda: defaultdict(list))
    counts: Counter[str] = field(default_factory=Counter)
    unsaid: set[str] = field(default_factory=set)
    read: list[str] = field(default_factory=list)
    typing: list[str] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)

    def know(self, customer: Customer) -> None:
        """Register a customer, in place of whoever had the phone or the user id."""
        taken = {customer.user_id, customer.phone} - {None}
        self.customers = [one for one in self.customers if not {one.user_id, one.phone} & taken]
        self.customers.append(customer)

    def app(self) -> ASGIApp:
        """Build the application; each request brings the means to cut its connection."""
        post = Route("/{version}/{number}/messages", self._guarded(self._post), methods=["POST"])
        get = Route("/{version}/{number}", self._guarded(self._get), methods=["GET"])
        inner = Starlette(routes=[post, get])

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            scope["cut"] = operator.attrgetter("__self__.transport.abort")(send)
            await inner(scope, receive, send)

        return app

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: Request) -> Response:
            self.counts["calls"] += 1
            try:
                self._check(request)
                return await handler(request)
            except Refused as refused:
                self.counts[f"refused {refused.code}"] += 1
                return _error(refused)
            except ClientDisconnect:
                return Response(status_code=400)

        return guarded

    def _check(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            raise Refused(190, "Invalid OAuth access token.", http=401)
        if request.path_params["number"] != self.webhooks.phone_number_id:
            raise Refused(100, "Object does not exist.", subcode=33)

    async def _get(self, request: Request) -> Response:
        fields = {"id": self.webhooks.phone_number_id}
        if "display_phone_number" in request.query_params.get("fields", "").split(","):
            fields["display_phone_number"] = self.webhooks.display_number
        return JSONResponse(fields)

    async def _post(self, request: Request) -> Response:
        body = _parsed(await request.body())
        return self._mark(body) if "status" in body else await self._take(request, body)

    def _mark(self, body: Item) -> Response:
        """Take a read receipt, perhaps with a sign that an answer is being written."""
        typing = body.get("typing_indicator", {"type": "text"})
        if (body["status"], typing) != ("read", {"type": "text"}) or not body.get("message_id"):
            raise Refused(100, "status: malformed")
        self.read.append(body["message_id"])
        self.typing += [body["message_id"]] * ("typing_indicator" in body)
        return JSONResponse({"success": True})

    async def _take(self, request: Request, body: Item) -> Response:
        fate = self.forced.pop(0) if self.forced else Fate.draw(self.chance, self.faults)
        self.counts[fate] += 1
        if fate is Fate.THROTTLED:
            raise Refused(130429, "Rate limit hit", http=429)
        if fate is Fate.FAILED:
            raise Refused(131000, "Something went wrong", http=500)
        answer, shown = self._accept(body, judge(body))
        if fate is Fate.GOOD:
            return JSONResponse(answer)
        self.unsaid |= shown
        if fate is Fate.LOST:
            return HTMLResponse("<!DOCTYPE html><html><h1>502 Bad Gateway</h1></html>", 502)
        request.scope["cut"]()
        await request.receive()  # until the server knows
        return Response()

    def _accept(self, body: Item, kind: str) -> tuple[Item, set[str]]:
        """Take a message; answers what the caller is told, and the ids that were shown."""
        customer, now = self._recipient(body), self.webhooks.clock.now()
        address = customer.user_id if customer else str(body.get("to") or body["recipient"])
        if code := self.rates.exceeded(address, now):
            raise Refused(code, "Rate limit hit", http=429 if code == 130429 else 400)
        closed = now - self.webhooks.heard.get(address, 0) >= WINDOW and kind != "template"
        if customer and closed and self.window_sync:
            raise Refused(131047, "Re-engagement message")
        message = wamid(self.chance)
        if customer is None or closed:
            self._fail(body, customer, message, 131047 if customer else 131026)
            return _answer(body, message), set()
        self.shown[customer.user_id].append(_shown(body, kind, message, now))
        self._report(body, customer, message)
        return _answer(body, message), {message}

    def _recipient(self, body: Item) -> Customer | None:
        """Find the customer; `to` wins over `recipient` (1.5)."""
        to, user_id = _digits(body.get("to")), body.get("recipient")
        for customer in self.customers:
            if customer.phone == to if to else customer.user_id == user_id:
                return customer
        return None

    def _fail(self, body: Item, customer: Customer | None, message: str, code: int) -> None:
        errors = [{"code": code, "title": "Undeliverable", "message": "Undeliverable"}]
        fields, now = _address(body, customer) | {"errors": errors}, self.webhooks.clock.now()
        self.webhooks.add_status(status(message, "failed", fields, at=now), customer)

    def _report(self, body: Item, customer: Customer, message: str) -> None:
        """Queue the statuses: each with the time it is of, though it may come at another's."""
        fields = _address(body, customer) | {"pricing": _PRICING}
        for name, true, told in self.course.statuses(self.chance):
            item = status(message, name, fields, at=self.webhooks.clock.now() + true)
            self.webhooks.add_status(item, customer, later=told)


@asynccontextmanager
async def running(api: GraphApi) -> AsyncIterator[GraphApi]:
    """Serve it on loopback for as long as the context lasts; `url` tells where."""
    socket = listen("127.0.0.1", 0)
    api.url = f"http://127.0.0.1:{socket.getsockname()[1]}"
    server = create_server(api.app())
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve(sockets=[socket]))
        try:
            yield api
        finally:
            server.stop()


def _parsed(raw: bytes) -> Item:
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise Refused(100, "The body is no JSON.") from error
    if not isinstance(body, dict) or body.get("messaging_product") != "whatsapp":
        raise Refused(100, "The parameter messaging_product is required.")
    return body


def _error(refused: Refused) -> Response:
    data = {"messaging_product": "whatsapp", "details": refused.details}
    error: Item = {"message": f"(#{refused.code}) {refused.details}", "type": "OAuthException"}
    error |= {"code": refused.code, "error_data": data, "fbtrace_id": "AbCdEf"}
    error |= {"error_subcode": refused.subcode} if refused.subcode else {}
    headers = {"retry-after": "1"} if refused.http == 429 else {}
    return JSONResponse({"error": error}, refused.http, headers)


def _answer(body: Item, message: str) -> Item:
    """Tell what was accepted, not what was delivered; no `wa_id` for a BSUID (1.5)."""
    to = body.get("to")
    other = dict.fromkeys(("input", "user_id"), body.get("recipient"))
    contact = {"input": to, "wa_id": _digits(to)} if to else other
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": message}]}


def _address(body: Item, customer: Customer | None) -> Item:
    """Name the recipient, the phone if it was used or may be seen (1.5); and the caller's job."""
    phone = {"recipient_id": _digits(body["to"])} if body.get("to") else {}
    job = {name: body[name] for name in ("biz_opaque_callback_data",) if name in body}
    if customer is None:
        return job | (phone or {"recipient_user_id": body["recipient"]})
    return job | customer.visible("recipient_id") | phone | {"recipient_user_id": customer.user_id}


def _shown(body: Item, kind: str, message: str, now: float) -> Shown:
    inside = body.get("interactive", body)
    buttons = found(inside, "action.buttons.*.reply") if kind == "button" else []
    rows = found(inside, "action.sections.*.rows.*") if kind == "list" else []
    template = body["template"]["name"] if kind == "template" else None
    return Shown(message, kind, _text(body, kind), _titles(buttons), _titles(rows), template, now)


def _text(body: Item, kind: str) -> str:
    """Read what is said; of a template, what its variables say."""
    if kind == "text":
        return str(body["text"]["body"])
    if kind == "template":
        parts = [part for part in body["template"].get("components", ()) if part["type"] == "body"]
        return " ".join(one["text"] for part in parts for one in part["parameters"])
    return str(body.get("interactive", body).get("body", {}).get("text", ""))


def _titles(choices: list[Item]) -> list[tuple[str, str]]:
    return [(one["id"], one["title"]) for one in choices]


def _digits(to: object) -> str:
    return "".join(one for one in str(to or "") if one.isdigit())
