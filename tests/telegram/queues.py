"""The queues of Telegram's webhook sender: what is attempted next, when again, and when no more.

Pure: the time comes in as an argument and chance is the given one's. The rules are those of
tdlib/telegram-bot-api; each tells its place there.
"""

import json
import math
import random
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

Update = dict[str, Any]

DAY = 86_400.0  # seconds
PRESS_LIFE = 150.0  # seconds; Client.cpp:17155
PATIENCE = 60  # seconds between late attempts, at least; WebhookActor.h:75
MAX_RETRY_AFTER = 3600  # seconds; WebhookActor.cpp:502
_UNIQUE = 1 << 60


@dataclass(eq=False, kw_only=True)
class Delivery:
    """One update on its way.

    Attributes:
        update: as posted, without its number.
        expires: when Telegram gives up.
        at: when it may be attempted next.
        delay: the last back-off, in whole seconds.
    """

    number: int
    update: Update
    queue: int
    expires: float
    at: float = 0.0
    delay: int = 1
    failures: int = 0

    def body(self) -> bytes:
        r"""Write the request's body, with \u sequences for what is not ASCII."""
        return f'{{"update_id":{self.number},\n{json.dumps(self.update)[1:]}'.encode()


def classify(update: Update, now: float) -> tuple[int, float]:
    """Tell the queue of an update, 0 for one of its own, and when it expires.

    Client.cpp:17020-17056 (messages), 17155 (presses), 17270-17281 (memberships).
    """
    kind, content = next(iter(update.items()))
    match kind:
        case "message" | "edited_message" | "channel_post" | "edited_channel_post":
            return content["chat"]["id"], content.get("edit_date", content["date"]) + DAY
        case "callback_query":
            return content["from"]["id"] + (3 << 33), now + PRESS_LIFE
        case "my_chat_member":
            return content["chat"]["id"] + (5 << 33), content["date"] + DAY
        case _:
            return 0, now + DAY


@dataclass
class Queues:
    """First in, first out per queue, one attempt at a time; as many queues as the window holds.

    Attributes:
        hold: tells for how many seconds to hold back a first attempt.
        held: all that is neither delivered nor dropped, by number.
    """

    chance: random.Random
    hold: Callable[[], float] = lambda: 0.0
    held: dict[int, Delivery] = field(default_factory=dict)
    _unloaded: deque[Delivery] = field(default_factory=deque)
    _lines: dict[int, deque[Delivery]] = field(default_factory=dict)

    def add(self, delivery: Delivery) -> None:
        """Append an update; one without a queue gets its own (WebhookActor.cpp:412-414)."""
        delivery.queue = delivery.queue or _UNIQUE + delivery.number
        self.held[delivery.number] = delivery
        self._unloaded.append(delivery)

    def restart(self) -> None:
        """Begin again with all that is held, as a changed webhook does (Client.cpp:15783-15794)."""
        self._lines.clear()
        self._unloaded = deque(self.held.values())
        for delivery in self.held.values():
            delivery.delay, delivery.failures = 1, 0

    def forget(self, numbers: Iterable[int]) -> None:
        """Drop updates that another way of delivery took, and begin again."""
        for number in numbers:
            del self.held[number]
        self.restart()

    def load(self, now: float, *, window: int) -> int:
        """Take in updates until so many queues wait; tell how many had expired before.

        WebhookActor.cpp:346-425; what waits behind them waits, however old it gets.
        """
        dropped = 0
        while self._unloaded and len(self._lines) < window:
            delivery = self._unloaded.popleft()
            if delivery.expires < now:
                del self.held[delivery.number]
                dropped += 1
                continue
            line = self._lines.setdefault(delivery.queue, deque())
            line.append(delivery)
            if len(line) == 1:
                self._lead(line, now)
        return dropped

    def ready(self, now: float) -> Iterator[Delivery]:
        """Yield what may be attempted, the longest due first (WebhookActor.cpp:525-540)."""
        due = [line[0] for line in self._lines.values() if line[0].at <= now]
        yield from sorted(due, key=lambda head: (head.at, head.queue))

    def next_attempt(self, now: float) -> float:
        """Tell when the next update falls due that is not yet; never is infinity."""
        later = (line[0].at for line in self._lines.values() if line[0].at > now)
        return min(later, default=math.inf)

    def failed(self, delivery: Delivery, now: float, *, retry_after: int = 0) -> bool:
        """Put off the next attempt, or drop the update if that would be too late; tell which.

        The first time at once, then after 2, 4, 8, 16, 32 s, at last 60 to 120 s; Retry-After goes
        before, without changing the row (WebhookActor.cpp:493-523).
        """
        wait = min(max(retry_after, 0), MAX_RETRY_AFTER)
        delay = delivery.delay
        if wait == 0 and delivery.failures > 0:
            wait = delay = min(self.chance.randint(PATIENCE, 2 * PATIENCE), 2 * delay)
        if now + wait > delivery.expires:
            self.done(delivery, now)
            return True
        delivery.delay, delivery.at = delay, now + wait
        delivery.failures += 1
        return False

    def done(self, delivery: Delivery, now: float) -> None:
        """Take it off; the next of its queue may go (WebhookActor.cpp:457-478)."""
        del self.held[delivery.number]
        line = self._lines[delivery.queue]
        line.popleft()
        if line:
            self._lead(line, now)
        else:
            del self._lines[delivery.queue]

    def _lead(self, line: deque[Delivery], now: float) -> None:
        line[0].at = now + self.hold()
