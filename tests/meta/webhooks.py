"""The side of Meta that delivers: POSTs full of updates, more than once, in any order.

Sources are sections of the facts on WhatsApp: handshake 1.1, envelope 1.2, signature 1.3,
batches, retries and order 1.4.
"""

import asyncio
import hashlib
import hmac
import json
import random
import ssl
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import httpx

from tests.meta.clock import WEEK, Agenda, Clock, Post, Update, VirtualClock, either
from tests.meta.shapes import Customer, Item, Shapes
from tests.waiting import HUNG

MOST_UPDATES = 1000  # per POST (1.4)
MOST_BYTES = 3 * 1024 * 1024  # per POST (1.2)

_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # loopback speaks plainly: load no certificates
_SILENT = ("system", "reaction", "edit", "revoke")  # do not open the window, as far as known (2)


class Attempt(NamedTuple):
    """One POST: when, how many updates, and the HTTP status; 0 if there was no answer."""

    at: float
    updates: int
    status: int


@dataclass(kw_only=True)
class MetaWebhooks:
    """Delivers what it is given to one callback URL.

    Attributes:
        batch: the most updates in one POST; how many there are is chance.
        connections: POSTs under way at the same time.
        disorder: how likely a POST is held back up to `held` seconds, or sent out of turn.
        repeats: how likely a POST answered with 200 is sent again: at once, or, if the clock is
            virtual, perhaps days later.
        pause: before the second retry, in seconds; every further one is twice as long.
        patience: for an answer, in seconds; Meta does not tell its own.
        heard: when each customer last wrote, by the message's own timestamp.
        quiet: set while nothing is pending.
    """

    url: str
    secret: str
    chance: random.Random
    clock: Clock
    waba_id: str = "102290129340398"
    phone_number_id: str = "106540352242922"
    display_number: str = "573000000000"
    batch: int = MOST_UPDATES
    connections: int = 4
    disorder: float = 0.0
    held: float = 5.0
    repeats: float = 0.0
    pause: float = 1.0
    patience: float = HUNG
    counts: Counter[str] = field(default_factory=Counter)
    log: list[Attempt] = field(default_factory=list)
    heard: dict[str, float] = field(default_factory=dict)
    quiet: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Start with nothing to deliver."""
        self.shapes = Shapes(self.chance, self.clock, self.display_number)
        self.batch = min(self.batch, MOST_UPDATES)
        self._number = {"display_phone_number": self.display_number}
        self._number |= {"phone_number_id": self.phone_number_id}
        self._agenda = Agenda()
        self._flying: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self._stopped = False
        self.quiet.set()

    @property
    def pending(self) -> int:
        """Updates not packed, and POSTs not delivered."""
        return len(self._agenda) + len(self._flying)

    def add(self, item: Item, customer: Customer, *, later: float = 0.0) -> str:
        """Queue what a customer causes; answers its id."""
        if item["type"] not in _SILENT:
            last = self.heard.get(customer.user_id, 0)
            self.heard[customer.user_id] = max(last, float(item["timestamp"]))
        contact = None if item["type"] == "system" else customer.contact()
        self._queue("messages", item, contact, later)
        return str(item["id"])

    def add_status(self, item: Item, customer: Customer | None, *, later: float = 0.0) -> None:
        """Queue a status; a failed one comes without `contacts` (1.2)."""
        named = customer if item["status"] != "failed" else None
        self._queue("statuses", item, named.contact() if named else None, later)

    async def handshake(self, verify_token: str) -> httpx.Response:
        """Ask as Meta does when the callback URL is entered; the challenge is in the request."""
        query = {"hub.mode": "subscribe", "hub.verify_token": verify_token}
        query |= {"hub.challenge": str(self.chance.randrange(10**11, 10**12))}
        async with httpx.AsyncClient(timeout=self.patience, verify=_NO_TLS) as client:
            return await client.get(self.url, params=query)

    async def deliver(self) -> None:
        """Deliver until nothing is pending; retries and late repeats are waited for."""
        await self._work(lambda: not self.pending)

    async def run(self) -> None:
        """Deliver until told to stop; what is pending then stays so."""
        await self._work(lambda: self._stopped)
        self._stopped = False

    def stop(self) -> None:
        """Let `run` end once the POSTs under way are answered."""
        self._stopped = True
        self._changed.set()

    def _queue(self, place: str, item: Item, contact: Item | None, later: float) -> None:
        due = self.clock.now() + later
        self._agenda.updates.append(Update(place=place, item=item, contact=contact, due=due))
        self.quiet.clear()
        self._changed.set()

    async def _work(self, done: Callable[[], bool]) -> None:
        async with (
            httpx.AsyncClient(timeout=self.patience, verify=_NO_TLS) as client,
            asyncio.TaskGroup() as group,
        ):
            while not done():
                self._changed.clear()
                self._pack()
                self._start(client, group)
                await self._wait()

    def _pack(self) -> None:
        """Put what is due into POSTs of chance sizes."""
        ready = self._agenda.ready(self.clock.now())
        while ready:
            size = self.chance.randint(1, self.batch)
            self._agenda.posts += self._seal(ready[:size])
            del ready[:size]

    def _seal(self, updates: list[Update]) -> list[Post]:
        """Make one POST, or two halves if it would be too large."""
        whole = envelope(updates, self.chance, self.waba_id, self._number)
        body = encode(whole, strict=self.chance.random() < 0.5)
        if len(body) > MOST_BYTES and len(updates) > 1:
            half = len(updates) // 2
            return self._seal(updates[:half]) + self._seal(updates[half:])
        due = self.clock.now()
        if self.chance.random() < self.disorder:
            self.counts["held back"] += 1
            due += self.chance.uniform(0, self.held)
        return [Post(body=body, updates=len(updates), due=due)]

    def _start(self, client: httpx.AsyncClient, group: asyncio.TaskGroup) -> None:
        """Send what is due, as far as there are connections."""
        while len(self._flying) < self.connections:
            post = self._agenda.next(self.clock.now(), self._choose)
            if post is None:
                return
            task = group.create_task(self._send(client, post))
            self._flying.add(task)
            task.add_done_callback(self._land)

    def _choose(self, many: int) -> int:
        return self.chance.randrange(many) if self.chance.random() < self.disorder else 0

    def _land(self, task: asyncio.Task[None]) -> None:
        self._flying.discard(task)
        self._changed.set()
        if not self.pending:
            self.quiet.set()

    async def _wait(self) -> None:
        """Wait for a change or for what is due next; a virtual clock stands while POSTs fly."""
        soonest, flying = self._agenda.soonest(), len(self._flying)
        virtual = isinstance(self.clock, VirtualClock)
        if soonest is None or flying == self.connections or (flying and virtual):
            await self._changed.wait()
        elif virtual:
            await self.clock.reach(soonest)
        else:
            await either(self._changed, self.clock, soonest)

    async def _send(self, client: httpx.AsyncClient, post: Post) -> None:
        at = self.clock.now()
        status = await self._answer(client, post.body)
        self.log.append(Attempt(at, post.updates, status))
        self.counts["posts"] += 1
        if status == 200:
            self._delivered(post)
            return
        kept = post.postpone(self.clock.now(), self.pause)
        self.counts["retried" if kept else "dropped"] += 1
        self._agenda.posts += [post] * kept

    async def _answer(self, client: httpx.AsyncClient, body: bytes) -> int:
        signature = hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"x-hub-signature-256": f"sha256={signature}", "content-type": "application/json"}
        try:
            return (await client.post(self.url, content=body, headers=headers)).status_code
        except httpx.TransportError:
            return 0

    def _delivered(self, post: Post) -> None:
        self.counts["delivered"] += 1
        if post.repeat or self.chance.random() >= self.repeats:
            return
        self.counts["repeated"] += 1
        late = isinstance(self.clock, VirtualClock) and self.chance.random() < 0.5
        due = self.clock.now() + (self.chance.uniform(0, WEEK) if late else 0)
        self._agenda.posts.append(Post(body=post.body, updates=post.updates, due=due, repeat=True))


def envelope(updates: list[Update], chance: random.Random, waba: str, metadata: Item) -> Item:
    """Spread updates over entries and lists; those without contacts keep apart (1.2)."""
    runs: list[list[Update]] = []
    last = ("", False)
    for update in updates:
        kind = (update.place, update.contact is None)
        if not runs or kind != last or chance.random() < 0.3:
            runs.append([])
        runs[-1].append(update)
        last = kind
    entries: list[Item] = []
    for run in runs:
        if not entries or chance.random() < 0.5:
            entries.append({"id": waba, "changes": []})
        entries[-1]["changes"].append(_change(run, chance, metadata))
    return {"object": "whatsapp_business_account", "entry": entries}


def _change(run: list[Update], chance: random.Random, metadata: Item) -> Item:
    """Wrap a run; its contacts are named once each and in any order."""
    contacts = list({one.contact["user_id"]: one.contact for one in run if one.contact}.values())
    chance.shuffle(contacts)
    value: Item = {"messaging_product": "whatsapp", "metadata": metadata}
    value |= {"contacts": contacts} if contacts else {}
    return {"field": "messages", "value": value | {run[0].place: [one.item for one in run]}}


def encode(whole: Item, *, strict: bool) -> bytes:
    r"""Escape as Meta does, `\u00e9` and `\/`; `strict` as PHP's stricter settings do (1.3)."""
    text = json.dumps(whole, separators=(",", ":")).replace("/", "\\/")
    for character in "<>&%'@" if strict else "":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text.encode("ascii")
