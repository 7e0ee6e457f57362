"""Sending a message through the gates of its channel, and classifying the result."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog

from handlers.errors import Busy, ChannelDown, ChannelMissing, Gone, InDoubt, Undeliverable
from handlers.ports import Channel, Clock, OutgoingMessage, SendingRate
from state.effects import Send
from state.failures import Unsent
from state.messages.staff import Note
from state.rejections import Cause
from state.store.outbox import MESSAGE, Head, Report
from state.store.rate_limits import Admission, RateLimits
from state.store.receipts import Reach, Receipts, tracking

_log = structlog.get_logger("enlace.sending")

_ATTEMPTS = 90
"""Attempts after which a message is given up: six hours have passed by then."""

_PAUSE, _LONGEST = 1_000, 300_000  # ms between attempts: doubled, up to five minutes

_ACCOUNT, _CHAT, _SETTLED = "a", "c", "s"
"""What has been waited for: a place at the account's gate, at the chat's, a receipt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How an attempt ended.

    Attributes:
        after: milliseconds until the next one.
        note: a line for the journal.
        reason: the name of the error that ended it for good.
        kept: what has been waited for already.
        gone: the customer cannot be reached at all.
        cause: why the message was not sent: the vendor's code or `Unsent`; empty if it was.
    """

    report: Report
    after: int = 0
    note: str = ""
    reason: str = ""
    kept: str = ""
    gone: bool = False
    cause: str = ""


SENT = Attempt(report=Report.SENT)

STALE = Attempt(report=Report.WAIT, after=1)
"""We stalled until our lease expired: nothing was tried, another worker may have continued."""


async def _tell_nobody(_channel: str, _what: Cause | int | None) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSender:
    """Sends messages.

    Attributes:
        tell: told of a channel whose account is refused, or taken again (None).
        tell_closing: told until when a channel's gate is closed; 0 if it opened.
    """

    channels: Mapping[str, Channel]
    rate_limits: RateLimits
    receipts: Receipts
    clock: Clock
    tell: Callable[[str, Cause | None], Awaitable[None]] = _tell_nobody
    tell_closing: Callable[[str, int], Awaitable[None]] = _tell_nobody

    async def deliver(self, head: Head, message: Send, *, insisted: bool = False) -> Attempt:
        """Send a message, unless it is obsolete, has arrived after all, or must wait.

        A message that an operator insists on is never obsolete.

        Raises:
            ChannelMissing: the settings do not name the chat's channel (any more).
        """
        if not insisted and (unsent := _reason_not_to_send(head, message)):
            return Attempt(report=Report.SENT, note=_UNSENT[unsent], cause=unsent)
        channel = self._channel(head.chat.channel)
        if head.doubt and channel.settling and (settled := await self._find_receipt(head, channel)):
            return settled
        failing = False
        if channel.pace is not None:
            admission, gate = await self._admit(head, channel.pace)
            if admission.wait:
                waited = head.kept.strip(_ACCOUNT + _CHAT)
                kept = waited + gate if admission.kept else waited
                return Attempt(report=Report.WAIT, after=admission.wait, kept=kept)
            failing = admission.failing
            if self.clock() >= head.until:
                return STALE
        return await self._try(channel, head, message, failing=failing)

    async def acknowledge(self, head: Head, handle: str) -> None:
        """Acknowledge a delivery to the channel, unless it is too late."""
        channel = self.channels.get(head.chat.channel)
        if channel is not None and self.clock() < head.until:
            answering = not head.conversation.speaker.is_person
            await channel.acknowledge(head.chat, handle, answering=answering)

    def _channel(self, name: str) -> Channel:
        try:
            return self.channels[name]
        except KeyError:
            raise ChannelMissing(name) from None

    async def _find_receipt(self, head: Head, channel: Channel) -> Attempt | None:
        """Look for a receipt of a message in doubt, and wait for it once."""
        reach = await self.receipts.reach(head.key, head.seq)
        if reach is not None and reach is not Reach.FAILED:
            return Attempt(report=Report.SENT, note=Note.CONFIRMED)
        if reach is Reach.FAILED or _SETTLED in head.kept:
            return None
        return Attempt(report=Report.WAIT, after=int(channel.settling * 1000), kept=_SETTLED)

    async def _admit(self, head: Head, pace: SendingRate) -> tuple[Admission, str]:
        """Ask the chat's gate, then the account's, except one that has reserved a place for us."""
        placed = _ACCOUNT in head.kept or _CHAT in head.kept
        if pace.chat is not None and not placed:
            admission = await self.rate_limits.admit(str(head.chat), pace.chat, now=self.clock())
            if admission.wait:
                return admission, _CHAT
        rate = None if _ACCOUNT in head.kept else pace.account
        return await self.rate_limits.admit(_account(head), rate, now=self.clock()), _ACCOUNT

    async def _try(self, channel: Channel, head: Head, message: Send, *, failing: bool) -> Attempt:
        """Send, and report a failure or a recovery to the account's gate."""
        try:
            attempt = await self._send(channel, head, message)
        except ChannelDown as down:
            closed = await self.rate_limits.report(
                _account(head),
                well=False,
                now=self.clock(),
                certain=down.certain,
                pause=int(down.retry_after * 1000),
            )
            wait = max(closed, _PAUSE)
            _log.error(
                "channel.down", channel=head.chat.channel, reason=down.reason, seconds=wait // 1000
            )
            if down.refused:
                await self.tell(head.chat.channel, Cause.KEY)
            if closed:
                await self.tell_closing(head.chat.channel, self.clock() + closed)
            return Attempt(report=Report.WAIT, after=wait)
        if attempt.report is Report.SENT:
            await self.tell(head.chat.channel, None)
        if failing:
            await self.rate_limits.report(_account(head), well=True, now=self.clock())
            await self.tell_closing(head.chat.channel, 0)
        return attempt

    async def _send(self, channel: Channel, head: Head, message: Send) -> Attempt:
        try:
            outgoing = await self._build_message(head, message)
            left = head.until - self.clock()
            if left <= 0:
                return STALE
            async with asyncio.timeout(left / 1000):  # nothing is sent once the lease has ended
                message_id = await channel.send(outgoing)
            if message.begins:
                await self.receipts.remember(head.key, message.begins, message_id)
        except Busy as busy:
            return _again(
                head, Report.RETRY, busy, max(_backoff(head), int(busy.retry_after * 1000))
            )
        except (InDoubt, TimeoutError) as doubt:
            return _again(head, Report.DOUBT, doubt, max(_backoff(head), MESSAGE))
        except Undeliverable as error:
            return Attempt(
                report=Report.DEAD,
                note=_refusal(str(error)),
                reason=type(error).__name__,
                gone=isinstance(error, Gone),
                cause=str(error) or Unsent.REFUSED,
            )
        repeated = Note.REPEATED if head.doubt else ""
        return Attempt(report=Report.SENT, note=repeated)

    async def _build_message(self, head: Head, message: Send) -> OutgoingMessage:
        conversation = head.conversation
        return OutgoingMessage(
            chat=head.chat,
            message=message,
            person=conversation.account.person,
            attempt=head.attempt,
            tracking=tracking(head.key, head.seq),
            heard_at=conversation.account.pace.heard_at,
            now=self.clock(),
            replaces=await self.receipts.recall(head.key, message.ends) if message.ends else "",
        )


_UNSENT = {
    Unsent.TAKEN_OVER: Note.TAKEN_OVER,
    Unsent.BLOCKED: Note.BLOCKED,
    Unsent.OVERTAKEN: Note.OVERTAKEN,
}


def _reason_not_to_send(head: Head, message: Send) -> Unsent | None:
    """Return why a message of the bot should no longer be sent; none if it should."""
    if not message.member and head.conversation.speaker.is_person:
        return Unsent.TAKEN_OVER
    if not message.member and head.conversation.account.left:
        return Unsent.BLOCKED
    if message.prompt and head.conversation.shown.prompted > message.prompt and not head.doubt:
        return Unsent.OVERTAKEN
    return None


def _refusal(reason: str) -> str:
    return Note.REFUSED_BECAUSE.format(reason=reason) if reason else Note.REFUSED


def _account(head: Head) -> str:
    return f"{head.chat.channel}:{head.chat.account}"


def _again(head: Head, report: Report, error: Exception, after: int) -> Attempt:
    if head.attempt >= _ATTEMPTS:
        return Attempt(
            report=Report.DEAD,
            note=Note.GIVEN_UP,
            reason=type(error).__name__,
            cause=Unsent.GIVEN_UP,
        )
    note = Note.IN_DOUBT if report is Report.DOUBT else ""
    return Attempt(report=report, after=after, note=note)


def _backoff(head: Head) -> int:
    return int(min(_LONGEST, _PAUSE * 2.0 ** (head.attempt - 1)))
