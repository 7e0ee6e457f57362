"""`enlace doctor`: check settings, Redis and WispHub; print each problem with its fix."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from uuid import uuid4

from bot import bootstrap, keyrings
from bot.channels import registry
from bot.own_texts import FILE, list_faults, read_texts
from bot.redis import checks as redis_checks
from bot.redis.checks import Finding, RedisUnfit
from bot.redis.either import reach_redis
from bot.rejections import RejectionWatch
from bot.settings import Settings, reveal
from bot.text_rules import list_advice
from bot.wisphub.adapter import WispHub
from bot.wisphub.remedies import REMEDIES
from handlers.errors import DirectoryUnavailable
from state.rejections import Cause, Rejection, Use, Vendor
from state.store.formats import NewerFormat
from state.store.membership import MemberInfo
from state.store.store import Store

_REJECTIONS = {
    (Cause.KEY, Use.READ): "WispHub rejects our key since {since}: nobody can be looked up",
    (Cause.KEY, Use.WRITE): "WispHub lets our key change nobody since {since}",
    (Cause.ADDRESS, Use.READ): "no API of WispHub answers since {since}: nobody can be looked up",
    (Cause.ADDRESS, Use.WRITE): "no API of WispHub takes changes since {since}",
}
_CHANNELS = {
    Vendor.TELEGRAM: (
        "Telegram refuses our account since {since}: messages stay queued",
        "check ENLACE_TELEGRAM_TOKEN, and the bot at BotFather; one message tries every 15 s.",
    ),
    Vendor.WHATSAPP: (
        "WhatsApp refuses our account since {since}: messages stay queued",
        "check ENLACE_WHATSAPP_TOKEN, and the account at Meta; one message tries every 15 s.",
    ),
}
_LOOKED_AT = 1_000  # chats of each shard in which something waits


async def examine(settings: Settings) -> None:
    """Print the findings, each with its fix.

    Raises:
        RedisUnfit: a finding is fatal.
        OtherKey: the data were named by another key.
    """
    keyring = keyrings.read_keyring(settings)
    if settings.redis_url is None:
        _print("Redis: embedded (in the data directory, appendfsync always).")
    async with reach_redis(settings, owns=False) as (redis, _):
        findings = await redis_checks.examine(redis, bootstrap.clock)
        store = Store(redis, keyring, token=uuid4().hex, company=settings.company_name)
        with suppress(NewerFormat):
            await store.formats.look()
            await store.naming.require()
        waiting = await store.outbox.waiting_by_channel(most=_LOOKED_AT)
        findings += _of_channels(settings, waiting) + _of_proxies(settings)
        findings += _of_texts(settings)
        findings += _of_clocks(await store.clocks.list_far())
        findings += _of_members(await store.staff.list(now=bootstrap.clock()))
        findings += _of_refused_channels(await store.rejections.list())
        findings += _of_closed_gates(await store.rejections.list_closings(now=bootstrap.clock()))
        kept = await redis_checks.durability(redis)
        grave = sum(finding.grave for finding in findings)
        vendors = [] if grave else await _of_wisphub(settings, store)
    _show(findings)
    _print(f"Acknowledged changes are written to disk: {kept}.")
    if grave:
        raise RedisUnfit(f"{grave} fatal {'problem' if grave == 1 else 'problems'}, see above")
    _print("Redis: OK." if not findings else "Redis: OK with warnings.")
    _show(vendors)
    if not vendors:
        _print("WispHub: OK.")


async def _of_wisphub(settings: Settings, store: Store) -> list[Finding]:
    """Ask WispHub for one client; report what it refuses, also what it refused others."""
    key = reveal(settings.wisphub_key)
    if not key:
        remedy = "Create one in WispHub, under Personal: Enlace does not start without."
        return [Finding("ENLACE_WISPHUB_KEY is missing", remedy)]
    watch = RejectionWatch(store.rejections, store.feed, bootstrap.clock)
    adapter = WispHub(settings.wisphub_url, key, watch=watch)
    try:
        await adapter.probe()
    except DirectoryUnavailable as error:
        silent = str(error)
    else:
        silent = ""
    finally:
        await adapter.aclose()
    found = [
        _describe_rejection(rejection)
        for rejection in await store.rejections.list()
        if rejection.vendor is Vendor.WISPHUB
    ]
    remedy = "Repeat this in a minute; if it stays, ask WispHub, or check this machine's network."
    return found or ([Finding(f"WispHub does not answer ({silent})", remedy)] if silent else [])


def _describe_rejection(rejection: Rejection) -> Finding:
    what = _REJECTIONS[rejection.cause, rejection.use].format(since=_tell_since(rejection))
    return Finding(what, REMEDIES[rejection.cause])


def _tell_since(rejection: Rejection) -> str:
    return _tell_time(rejection.since)


def _tell_time(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")


def _of_channels(settings: Settings, waiting: Mapping[str, int]) -> list[Finding]:
    """Report chats that wait for a channel that was removed from the settings."""
    remedy = "Set the channel up again and restart: messages stay queued, and are sent in order."
    return [
        Finding(f"{count} chats wait for {channel}, which the settings do not name", remedy)
        for channel, count in sorted(waiting.items())
        if channel not in registry.names(settings)
    ]


def _of_refused_channels(rejections: Sequence[Rejection]) -> list[Finding]:
    """Report channels whose account the vendor refuses; those not set up are counted above."""
    return [
        Finding(what.format(since=_tell_since(rejection)), remedy)
        for rejection in rejections
        if rejection.use is Use.SEND and rejection.cause is Cause.KEY
        for what, remedy in (_CHANNELS[rejection.vendor],)
    ]


def _of_closed_gates(closed: Mapping[Vendor, int]) -> list[Finding]:
    """Report until when messages wait for a vendor."""
    remedy = "One message tries then, the others follow it; `channel.down` in the log says why."
    return [
        Finding(f"messages of {vendor} wait until {_tell_time(until)}", remedy)
        for vendor, until in closed.items()
    ]


def _of_proxies(settings: Settings) -> list[Finding]:
    """Report that whatever ends TLS in front of us is not named."""
    if not settings.is_public_over_https or settings.trusted_proxies:
        return []
    remedy = (
        "Set it to the address of the proxy that ends TLS: until then all browsers count as one "
        "at sign-in."
    )
    return [Finding("ENLACE_TRUSTED_PROXIES names no proxy, but our address is https", remedy)]


def _of_texts(settings: Settings) -> list[Finding]:
    """Report own texts that cannot be said, and those that could be better."""
    faults = list_faults(settings.data_dir)
    if faults:
        return [Finding(fault, "Mend each: Enlace does not start.", grave=True) for fault in faults]
    remedy = "`enlace texts preview` shows how it looks."
    return [
        Finding(f"{FILE}: [{name}] {advice}", remedy)
        for name, message in read_texts(settings.data_dir).items()
        for advice in list_advice(name, message)
    ]


def _of_clocks(far: Mapping[str, int]) -> list[Finding]:
    """Report channels whose clock is not ours."""
    remedy = "Set this machine's clock by NTP: codes, locks and reminders are timed by it."
    return [
        Finding(f"this machine's clock is {abs(seconds)} s {way} the clock of {channel}", remedy)
        for channel, seconds in far.items()
        for way in ("ahead of" if seconds > 0 else "behind",)
    ]


def _of_members(members: Sequence[MemberInfo]) -> list[Finding]:
    """Report members of 0.1 who are called as somebody else who speaks in a chat."""
    count = sum(one.reserved and not one.disabled for one in members)
    remedy = "`enlace staff list` marks them: add others for these people, then disable these."
    return [Finding(f"members with reserved names: {count}", remedy)] if count else []


def _show(findings: Sequence[Finding]) -> None:
    for finding in findings:
        _print(_describe(finding))


def _describe(finding: Finding) -> str:
    return f"{'FATAL' if finding.grave else 'warning'}: {finding.what}. {finding.remedy}"


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
