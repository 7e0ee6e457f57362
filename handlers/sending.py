"""A message out: through the gates of its channel, and told apart by how it fared."""

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.errors import Busy, ChannelDown, InDoubt, Undeliverable
from handlers.ports import Channel, Clock, Pace
from state.conversation import BOT, QUEUE
from state.effects import Send
from state.store.gates import Admission, Gates
from state.store.outbox import MESSAGE, Head, Report

_ATTEMPTS = 90
"""A message that was refused so often is given up: by then six hours have passed."""

_PAUSE, _LONGEST = 1_000, 300_000  # ms between attempts: doubled, up to five minutes

_ACCOUNT, _CHAT = "a", "c"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How an attempt ended.

    Attributes:
        after: milliseconds until the next one.
        note: a line for the journal.
        reason: the name of the error that ended it for good.
        kept: the gate that keeps a place.
    """

    report: Report
    after: int = 0
    note: str = ""
    reason: str = ""
    kept: str = ""


SENT = Attempt(report=Report.SENT)

STALE = Attempt(report=Report.WAIT, after=1)
"""We stalled for so long that our lease ran out: nothing was tried, others may have gone on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Postman:
    """Sends messages."""

    channels: Mapping[str, Channel]
    gates: Gates
    clock: Clock

    async def deliver(self, head: Head, message: Send) -> Attempt:
        """Send, unless it should not be said any more, or must wait."""
        if note := _obsolete(head, message):
            return Attempt(report=Report.SENT, note=note)
        channel = self.channels[head.chat.channel]
        failing = False
        if channel.pace is not None:
            asked, gate = await self._asked(head, channel.pace)
            if asked.wait:
                kept = gate if asked.kept else ""
                return Attempt(report=Report.WAIT, after=asked.wait, kept=kept)
            failing = asked.failing
            if self.clock() >= head.until:
                return STALE
        return await self._tried(channel, head, message, failing=failing)

    async def _asked(self, head: Head, pace: Pace) -> tuple[Admission, str]:
        """Ask the chat's gate, then the account's, but none that keeps a place for us."""
        if pace.chat is not None and not head.kept:
            asked = await self.gates.admit(str(head.chat), pace.chat, now=self.clock())
            if asked.wait:
                return asked, _CHAT
        rate = None if head.kept == _ACCOUNT else pace.account
        return await self.gates.admit(_account(head), rate, now=self.clock()), _ACCOUNT

    async def _tried(
        self, channel: Channel, head: Head, message: Send, *, failing: bool
    ) -> Attempt:
        """Send, and tell the account's gate if it fails, or works again."""
        try:
            attempt = await self._sent(channel, head, message)
        except ChannelDown:
            closed = await self.gates.heard(_account(head), well=False, now=self.clock())
            return Attempt(report=Report.WAIT, after=max(closed, _PAUSE))
        if failing:
            await self.gates.heard(_account(head), well=True, now=self.clock())
        return attempt

    async def _sent(self, channel: Channel, head: Head, message: Send) -> Attempt:
        try:
            await channel.send(head.chat, message)
        except Busy as busy:
            return _again(
                head, Report.RETRY, busy, max(_backoff(head), int(busy.retry_after * 1000))
            )
        except InDoubt as doubt:
            return _again(head, Report.DOUBT, doubt, max(_backoff(head), MESSAGE))
        except Undeliverable as error:
            note = "El canal no acepta este mensaje"
            return Attempt(report=Report.DEAD, note=note, reason=type(error).__name__)
        repeated = "Envío repetido: el anterior quedó en duda" if head.doubt else ""
        return Attempt(report=Report.SENT, note=repeated)


def _obsolete(head: Head, message: Send) -> str:
    """Tell why a message of the bot should not be said any more; empty if it should."""
    if message.author == BOT and head.conversation.holder not in (BOT, QUEUE):
        return "No se envió: una persona tomó la conversación"
    if message.prompt and head.conversation.prompted > message.prompt and not head.doubt:
        return "No se envió: la reemplazó una pregunta más nueva"
    return ""


def _account(head: Head) -> str:
    return f"{head.chat.channel}:{head.chat.account}"


def _again(head: Head, report: Report, error: Exception, after: int) -> Attempt:
    if head.attempt >= _ATTEMPTS:
        note = "No se pudo enviar en seis horas"
        return Attempt(report=Report.DEAD, note=note, reason=type(error).__name__)
    note = "Envío en duda: se repetirá" if report is Report.DOUBT else ""
    return Attempt(report=report, after=after, note=note)


def _backoff(head: Head) -> int:
    return int(min(_LONGEST, _PAUSE * 2.0 ** (head.attempt - 1)))
