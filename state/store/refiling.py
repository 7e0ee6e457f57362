"""Refiling: chats that were stored before there were views, or the search, are filed in one walk.

Until it has ended the lists are not whole, and say so. Of a chat that a person holds the journal
tells since when the customer waits, for its record does not know yet.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace as with_fields

from state.conversation import Conversation, replace
from state.journal import Entry, Kind
from state.store import keys, wire
from state.store.connection import Command
from state.store.encryption import Keyring
from state.store.filing import Filing
from state.store.formats import Formats
from state.store.journal import Journal
from state.store.pipeline import Pipeline
from state.store.records import Records
from state.store.walk import Walk

FILED = 2
"""What this version files of a chat; raised when it files more, so that all are walked again."""

_DONE, _PLACE = "filed", "filing"  # fields of the installation's key


class Refiling:
    """What files the chats of before."""

    def __init__(
        self,
        pipeline: Pipeline,
        keyring: Keyring,
        formats: Formats,
        records: Records,
        journal: Journal,
        *,
        token: str,
    ) -> None:
        """`token` names this process's lease."""
        self._pipeline = pipeline
        self._filing = Filing(keyring)
        self._formats = formats
        self._records = records
        self._journal = journal
        self._walk = Walk(pipeline, field=_PLACE, number=FILED, token=token)
        self._refile = pipeline.script("refile")
        self._done = False

    async def is_done(self) -> bool:
        """Tell whether every chat is filed."""
        if not self._done:
            (filed,) = await self._pipeline.ask(("HGET", keys.meta(), _DONE))
            self._done = int(filed or 0) >= FILED
        return self._done

    async def run(self, *, enough: Callable[[], bool] = lambda: False) -> None:
        """Walk to the end, unless somebody else does, or it is enough for now.

        Raises:
            NewerFormat: a newer version of Enlace writes here.
        """
        self._formats.check()
        if await self.is_done():
            return
        while not await self.is_done() and not enough() and await self._walk.leads():
            await self.slice()
            await self._formats.look()  # a newer version may have come meanwhile
        await self._walk.step_down()

    async def slice(self) -> None:
        """Walk a bit; at the end the lists are whole."""
        if not await self._walk.slice(self._file):
            await self._walk.forget()
            await self._pipeline.ask(("HSET", keys.meta(), _DONE, FILED))

    async def _file(self, chats: list[str]) -> None:
        """File chats; one that moves meanwhile is looked at again."""
        waiting: Sequence[str] = chats
        while waiting:
            names = [keys.name_key("chat", key) for key in waiting]
            read = await self._pipeline.ask(*(("HMGET", name, "v", "st") for name in names))
            calls: dict[str, Command] = {}
            for key, (version, sealed) in zip(waiting, read, strict=True):
                conversation = self._open(key, version, sealed)
                if conversation is not None:
                    calls[key] = await self._call(key, version, conversation)
            filed = await self._pipeline.ask(*calls.values()) if calls else []
            waiting = [key for key, done in zip(calls, filed, strict=True) if not done]

    def _open(self, key: str, version: bytes | None, sealed: bytes | None) -> Conversation | None:
        if sealed is None:
            return None
        return self._records.read(key, sealed, version=wire.number(version))

    async def _call(self, key: str, version: bytes, conversation: Conversation) -> Command:
        lines = await self._journal.read(key)
        noted, record = _note_waiting(conversation, lines), b""
        if noted is not conversation:
            record = self._records.seal(key, noted, version=wire.number(version))
        row = self._filing.renew_row(key, None, noted)
        words = self._filing.seal_words(key, lines)
        digests = self._filing.renew_digests(None, noted)
        views = (part for view in self._filing.list_views(noted) for part in view)
        shard = keys.shard_of(key)
        return self._refile.call(
            [shard.key(f"chat:{key}"), shard.key("view:"), shard.key("find:")],
            [key, version, record, row, words, digests, *views],
        )


def _note_waiting(conversation: Conversation, lines: Sequence[Entry]) -> Conversation:
    """Note since when the customer of a chat waits that a person holds, if nobody did."""
    attention = conversation.account.attention
    if attention.waiting_since or not conversation.speaker.is_person:
        return conversation
    since = 0
    for line in lines:
        if line.kind is Kind.STAFF:
            since = 0
        elif line.kind is Kind.CUSTOMER:
            since = since or line.at
    if not since:
        return conversation
    noted = with_fields(attention, waiting_since=since)
    return replace(conversation, account=replace(conversation.account, attention=noted))
