"""One open page of the console: the queue of what it is sent, and what it shows.

What is sent was made for many; the queue holds the same bytes as the others'. It is bounded: a
browser that is too slow gets a picture of everything instead of what it missed.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from handlers.console.listing import Listing
from handlers.console.windows import Window
from handlers.pages.rendering import ALIVE, StreamEnded
from handlers.pages.ticks import ShownMark
from state.store.inbox import PAGE
from state.store.members import Member
from state.views import View

_MOST = 128  # pieces that wait
_AGAIN = 1.0  # seconds until a picture that could not be made is tried again


@dataclass(eq=False, kw_only=True)
class OpenPage:
    """A page that is open in a browser, and its stream.

    Attributes:
        viewer: tells for whom it is, and raises `StreamEnded` when for nobody any more.
        token: of the session that opened it.
        listing: which list it shows, and which chat; None on the page of requests.
        limit: how many rows its list has.
        member: for whom the last picture was; `mark` is what tells that this still holds.
        window: the rows of its list; None while there is no picture of them.
        newest: the id of the last line shown of the open chat.
        marks: those of its messages, by the numbers of their effects.
        parts: what was sent last of the open chat besides its lines.
        counts, refused: how many chats its lists say that they have, and what vendors refuse.
        longest: since when (ms) somebody waits, as it is told where no chat is open.
        shown: the chats of the page of requests.
        stale: a picture has to be made; `drawing`: one is made, or waited for.
        missed: chats that changed while one was made.
    """

    viewer: Callable[[], Awaitable[Member]]
    token: str
    listing: Listing | None = None
    limit: int = PAGE
    member: Member | None = None
    mark: tuple[object, ...] = ()
    window: Window | None = None
    newest: str = ""
    marks: dict[int, ShownMark] = field(default_factory=dict)
    parts: bytes = b""
    counts: Mapping[View, int] = field(default_factory=dict)
    refused: Sequence[str] = ()
    longest: int = 0
    shown: frozenset[str] = frozenset()
    stale: bool = True
    drawing: bool = False
    ready: bool = True
    missed: set[str] = field(default_factory=set)
    sent_at: float = field(default_factory=time.monotonic)
    ended: bool = False  # for nobody any more
    closed: bool = False  # the process ends
    _queue: list[bytes] = field(default_factory=list)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_shown(self) -> bool:
        """Tell whether a picture stands that changes can be added to."""
        return not (self.stale or self.drawing or self.ended or self.closed)

    def send(self, piece: bytes) -> None:
        """Have the browser sent this; it gets a picture instead if too much waits already."""
        if not piece:
            return
        if len(self._queue) >= _MOST:
            self.redraw()
            return
        self._queue.append(piece)
        self._wake.set()

    def redraw(self) -> None:
        """Have a picture made, which holds all that waits."""
        self._queue.clear()
        self.stale = True
        self._wake.set()

    def begin(self) -> None:
        """Begin a picture: what changes while it is made has to be looked at again."""
        self._queue.clear()
        self.stale = False
        self.window = None
        self.drawing = True

    def redraw_later(self) -> None:
        """Have a picture made in a second: now Redis cannot be read."""
        asyncio.get_running_loop().call_later(_AGAIN, self.redraw)

    def end(self) -> None:
        """Say that it is for nobody any more; what waits is not sent."""
        self._queue.clear()
        self.stale = False
        self.ended = True
        self._wake.set()

    def close(self) -> None:
        """End the stream with the process."""
        self.closed = True
        self._wake.set()

    async def wait(self) -> None:
        """Wait until there is something to do."""
        await self._wake.wait()
        self._wake.clear()

    def take(self) -> bytes:
        """Take what waits.

        Raises:
            StreamEnded: it is for nobody any more.
        """
        if self.ended:
            raise StreamEnded
        together = b"".join(self._queue)
        self._queue.clear()
        self.sent_at = time.monotonic()
        return together

    def ping(self, before: float) -> None:
        """Send a sign of life to a browser that has been sent nothing since then."""
        if self.sent_at < before and not self._queue:
            self.send(ALIVE)
