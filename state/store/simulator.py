"""Simulated phones: screens and owners, encrypted like everything else, kept for eight days."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum

import msgspec
from redis.asyncio import Redis, RedisCluster

from state.conversation import Chat
from state.effects import Send
from state.store import keys, wire
from state.store.encryption import Keyring, Unsealable

_LIFE = 8 * 24 * 3600  # seconds
_LONGEST = 500  # bubbles
_LISTED = 500  # phones


class Shape(StrEnum):
    """How a vendor shows the choices of a message."""

    BUTTONS = "buttons"
    LIST = "list"
    """Behind one button that opens a list."""

    KEYBOARD = "keyboard"
    """In the place of the phone's keys: pressing one types its words."""

    REQUEST = "request"
    """In the text, with numbers, above the vendor's own button that shares the number."""

    WORDS = "words"
    """In the text, with numbers; or there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """One message on the screen, or what changes one.

    Attributes:
        mine: written by the phone's owner.
        id: the stream's; `""` before it is stored.
        name: the channel's id of what the owner wrote.
        about: the id of the bubble that this one changes or reacts to.
        reacts: it is a sign put on that bubble, not other words for it.
        lines: how a transcript tells it.
        text: what the screen shows, where the vendor shows other than `message.text`.
        shape: how the choices stand below it.
    """

    message: Send
    mine: bool
    at: int
    id: str = ""
    name: str = ""
    about: str = ""
    reacts: bool = False
    lines: tuple[str, ...] = ()
    text: str = ""
    shape: Shape = Shape.BUTTONS


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedPhone:
    """One simulated phone.

    Attributes:
        title: its owner, an invented customer.
        service_id: the customer's service.
        number: the phone's own, international digits.
        hides_number: its channel does not show the number (a WhatsApp account with a user name).
        before: the record in the directory when the phone was created: name → value.
        placed: that record, as a transcript writes it.
    """

    chat: Chat
    title: str
    service_id: int
    invitation: str
    number: str = ""
    hides_number: bool = False
    before: dict[str, str] = field(default_factory=dict)
    placed: str = ""


_json = msgspec.json.Encoder()
_bubble = msgspec.json.Decoder(Bubble)
_phone = msgspec.json.Decoder(SimulatedPhone)


class SimulatorStore:
    """All simulated phones."""

    def __init__(self, redis: Redis | RedisCluster, keyring: Keyring) -> None:
        """Use this Redis, with these keys."""
        self._redis = redis
        self._keyring = keyring

    async def add(self, phone: SimulatedPhone) -> str:
        """Create a phone and return its key."""
        key = self._keyring.digest(str(phone.chat))
        sealed = self._keyring.seal(_json.encode(phone), place=f"handset:{key}")
        await self._redis.set(keys.name_key("handset", key), sealed, ex=_LIFE)
        await self._redis.lpush(keys.handsets(), key)
        await self._redis.expire(keys.handsets(), _LIFE)
        return key

    async def count(self) -> int:
        """Count the phones that were ever created, for as long as any is kept."""
        return int(await self._redis.llen(keys.handsets()))

    async def find(self, key: str) -> SimulatedPhone | None:
        """Find a phone; none if it is gone, or cannot be read."""
        sealed = wire.blob(await self._redis.get(keys.name_key("handset", key)))
        with suppress(Unsealable):
            return None if sealed is None else self._unseal(key, sealed)
        return None

    async def list(self) -> Sequence[tuple[str, SimulatedPhone]]:
        """List the phones, newest first."""
        found = wire.blobs(await self._redis.lrange(keys.handsets(), 0, _LISTED - 1))
        names = [(name or b"").decode() for name in found]
        async with self._redis.pipeline(transaction=False) as pipe:
            for key in names:
                pipe.get(keys.name_key("handset", key))
            phones = await pipe.execute()
        shown = []
        for key, sealed in zip(names, phones, strict=True):
            with suppress(Unsealable):  # a phone that cannot be read hides no other
                if sealed is not None:
                    shown.append((key, self._unseal(key, sealed)))
        return shown

    async def show(self, chat: Chat, bubble: Bubble) -> str:
        """Show a message on the phone's screen and return its id."""
        key = self._keyring.digest(str(chat))
        name = keys.name_key("phone", key)
        sealed = self._keyring.seal(_json.encode(bubble), place=f"phone:{key}")
        added = wire.blob(await self._redis.xadd(name, {"m": sealed}, maxlen=_LONGEST))
        await self._redis.expire(name, _LIFE)
        return (added or b"").decode()

    async def first_time(self, delivery: str) -> bool:
        """Tell whether the phone sends this for the first time: a second press adds nothing."""
        name = keys.name_key("pressed", self._keyring.digest(f"pressed:{delivery}"))
        return bool(await self._redis.set(name, "1", nx=True, ex=3600))

    async def remember(self, chat: Chat, delivery: bytes) -> None:
        """Store what the phone sent last, for sending it again."""
        key = self._keyring.digest(str(chat))
        sealed = self._keyring.seal(delivery, place=f"again:{key}")
        await self._redis.set(keys.name_key("again", key), sealed, ex=_LIFE)

    async def recall(self, key: str) -> bytes | None:
        """Return what the phone sent last, if anything that can be read."""
        sealed = wire.blob(await self._redis.get(keys.name_key("again", key)))
        with suppress(Unsealable):
            return None if sealed is None else self._keyring.open(sealed, place=f"again:{key}")
        return None

    async def read(self, key: str, *, after: str = "") -> Sequence[Bubble]:
        """Read the screen as far as it can be read, oldest first: all, or what came after an id."""
        least = f"({after}" if after else "-"
        lines = wire.lines(await self._redis.xrange(keys.name_key("phone", key), min=least))
        shown: list[Bubble] = []
        for line in lines:
            with suppress(Unsealable):
                shown.append(self._open(key, line))
        return shown

    def _open(self, key: str, line: wire.Line) -> Bubble:
        bubble = _bubble.decode(self._keyring.open(line[1][b"m"], place=f"phone:{key}"))
        return replace(bubble, id=line[0].decode())

    def _unseal(self, key: str, sealed: bytes) -> SimulatedPhone:
        return _phone.decode(self._keyring.open(sealed, place=f"handset:{key}"))
