"""Live pages: one reader of the feed per process, any number of open event streams.

A subscription stores *which* chats changed, not what changed: a slow browser gets one newer
rendering instead of a backlog, and nothing can overflow. The page that asks reads and renders the
chat's current state.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, contextmanager

from state.store.feed import Feed
from state.store.outage import Away, Outage

PING = 15.0
"""Seconds after which a silent stream sends a ping: proxies cut silent connections."""

ANY = ""
"""In a set of changed chats: any chat may have changed."""

_LOOP = "feed"  # the reader's name among the loops of a process
_AGAIN = 1.0  # seconds until a stream that could not be rendered is tried again
_BREATH = 0.03  # seconds during which changes are merged into one rendering


class Subscription:
    """The changes that one open page has not seen yet."""

    def __init__(self, ping: float = PING) -> None:
        """Ping after so many silent seconds."""
        self._ping = ping
        self._changed: set[str] = set()
        self._wake = asyncio.Event()
        self._closed = False

    def tell(self, keys: frozenset[str]) -> None:
        """Remember that these chats changed."""
        self._changed |= keys
        self._wake.set()

    def tell_later(self) -> None:
        """Have the stream look at everything in a second: now Redis cannot be read."""
        asyncio.get_running_loop().call_later(_AGAIN, self.tell, frozenset({ANY}))

    def close(self) -> None:
        """End the stream."""
        self._closed = True
        self._wake.set()

    async def changes(self) -> AsyncIterator[frozenset[str]]:
        """Yield sets of changed chats until closed; an empty set is a ping."""
        while not self._closed:
            try:
                async with asyncio.timeout(self._ping):
                    await self._wake.wait()
                await asyncio.sleep(_BREATH)
            except TimeoutError:
                pass
            self._wake.clear()
            changed, self._changed = frozenset(self._changed), set()
            if not self._closed:
                yield changed


class Hub:
    """All open streams of this process."""

    def __init__(self, ping: float = PING, outage: Outage | None = None) -> None:
        """Ping silent streams after so many seconds."""
        self.ping = ping
        self._outage = outage or Outage()
        self._subscriptions: set[Subscription] = set()
        self._awaited = asyncio.Event()  # set while somebody waits for this process to go on
        self._closed = False

    async def run(self, feed: Feed) -> None:
        """Pass the feed on to every open stream, until closed; without one, read nothing.

        Redis away is waited for: then every stream looks at everything anew.
        """
        while not self._closed:
            if not self._subscriptions:
                self._awaited.clear()
                await self._awaited.wait()
                continue
            try:
                async with aclosing(feed.follow()) as news:
                    await self._pass_on(news)
            except Away as error:
                await self._outage.wait(_LOOP, error)
        self._outage.note_success(_LOOP)

    @property
    def reading(self) -> bool:
        """Tell whether the feed is read now."""
        return self._awaited.is_set()

    async def _pass_on(self, news: AsyncIterator[frozenset[str]]) -> None:
        """Tell every stream what changed; what changed before the reading began, it looks up."""
        changed = frozenset({ANY})
        async for keys in news:
            self._outage.note_success(_LOOP)
            if self._closed or not self._subscriptions:
                return
            changed |= keys
            for subscription in self._subscriptions if changed else ():
                subscription.tell(changed)
            changed = frozenset()

    @contextmanager
    def subscribe(self, ping: float | None = None) -> Iterator[Subscription]:
        """Open a stream for as long as the context lasts."""
        subscription = Subscription(self.ping if ping is None else ping)
        if self._closed:
            subscription.close()
        self._subscriptions.add(subscription)
        self._awaited.set()
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    def ask_again(self) -> None:
        """Have every open stream ask at once for whom it is: a session may have ended."""
        for subscription in self._subscriptions:
            subscription.tell(frozenset())

    def close(self) -> None:
        """End every stream and accept no more: an open stream would keep the server running."""
        self._closed = True
        self._awaited.set()
        for subscription in self._subscriptions:
            subscription.close()
