"""The one place where real implementations are chosen and connected."""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from uuid import uuid4

from redis.asyncio import Redis, RedisCluster
from starlette.routing import BaseRoute

from bot.channels import registry
from bot.channels.codes import NoCodes
from bot.channels.simulated_files import SimulatedFiles
from bot.channels.simulator import SimulatorChannel, SimulatorCodes
from bot.keyrings import read_keyring
from bot.leases import BusyLeases
from bot.own_texts import adopt_texts
from bot.redis.disk import explainer
from bot.redis.either import open_redis
from bot.redis.server import RedisServer
from bot.redis.wait import Wait
from bot.rejections import Probing, RejectionWatch
from bot.settings import PREFIX, Settings, reveal, split_list
from bot.upgrading import Upgrading
from bot.wisphub.adapter import WispHub
from bot.worker import Worker
from handlers.api.access import REFUSALS, Access
from handlers.api.metrics import Metrics
from handlers.api.requests import Requests
from handlers.api.scopes import read_key
from handlers.api.updates import Updates
from handlers.auditing import Auditor
from handlers.console.gate import Gate
from handlers.console.routes import create_console
from handlers.effects.messages import MessageSender
from handlers.effects.notifier import Notifier
from handlers.effects.performer import Dependencies, build_performer
from handlers.hours import Hours
from handlers.intake import Intake, inlet_of
from handlers.pages.cookies import StaffCookies, build_cookies
from handlers.pages.live import Hub
from handlers.ports import Channel, CodeSender, Leases, Receiver, ReplyTemplate
from handlers.texts import Company, Texts
from handlers.turns import Machine, Turns
from state.machine.step import step
from state.store.connection import Greeting
from state.store.encryption import Keyring
from state.store.outage import Outage
from state.store.store import Store


@dataclass(frozen=True, kw_only=True)
class Application:
    """Everything that one process needs.

    Attributes:
        server: the embedded Redis; None if the operator has one.
        demonstrates: customers and WispHub are invented.
    """

    settings: Settings
    redis: Redis | RedisCluster
    server: RedisServer | None
    store: Store
    turns: Turns
    clients: WispHub
    leases: Leases
    notifier: Notifier
    hub: Hub
    intake: Intake
    receivers: Mapping[str, Receiver]
    demonstrates: bool
    worker: Worker
    upgrading: Upgrading
    probing: Probing
    auditor: Auditor
    outage: Outage

    def console(self) -> Sequence[BaseRoute]:
        """Build the staff console's routes."""
        return create_console(
            self.store,
            self.turns,
            hub=self.hub,
            gate=self.gate(),
            cookies=self.cookies,
            url=self.settings.public_url,
            directory=self.clients,
            template=self.reply_template,
            files=registry.build_files(self.settings) | {"simulator": SimulatedFiles()},
        )

    @property
    def reply_template(self) -> ReplyTemplate:
        """The template by which members write after WhatsApp's 24 hours."""
        needed = {
            "WHATSAPP_TEMPLATE": self.settings.whatsapp_template,
            "WHATSAPP_TEMPLATE_TEXT": self.settings.whatsapp_template_text,
        }
        lacks = " y ".join(f"{PREFIX}{name}" for name, value in needed.items() if not value)
        return ReplyTemplate(text=self.settings.whatsapp_template_text, lacks=lacks)

    @property
    def cookies(self) -> StaffCookies:
        """What members' browsers keep."""
        return build_cookies(secure=self.settings.is_public_over_https)

    def gate(self) -> Gate:
        """Build what lets members in, by their session's cookie."""
        return Gate(
            staff=self.store.staff, auditor=self.auditor, clock=clock, cookie=self.cookies.session
        )

    def metrics(self) -> Metrics:
        """Build the counters' page."""
        return Metrics(
            stats=self.store.stats,
            own=lambda: {
                "conflicts": self.turns.conflicts,
                "api_refused": sum(self.auditor.refused[event] for event in REFUSALS),
            },
            token=reveal(self.settings.metrics_token).encode(),
        )

    @cached_property
    def access(self) -> Access:
        """What admits programs: one for all routes."""
        return Access(
            keys=[read_key(entry) for entry in split_list(self.settings.api_keys)],
            quotas=self.store.quotas,
            auditor=self.auditor,
            clock=clock,
            calls_per_minute=self.settings.api_calls_per_minute,
        )

    def updates(self) -> Updates:
        """Build what updates clients for programs."""
        return Updates(
            clients=self.clients,
            leases=self.leases,
            quotas=self.store.quotas,
            notifier=self.notifier,
            auditor=self.auditor,
            clock=clock,
            writes_per_day=self.settings.api_writes_per_day,
        )

    def requests(self) -> Sequence[BaseRoute]:
        """Build the routes by which programs decide requests."""
        return Requests(
            store=self.store,
            turns=self.turns,
            clock=clock,
            access=self.access,
            auditor=self.auditor,
        ).routes()


def clock() -> int:
    """Return the time in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def open_for_command(settings: Settings) -> AbstractAsyncContextManager[Application]:
    """Build what a command of the operator needs: beside a running installation, sending nothing.

    Raises:
        SettingsError: there is no secret key.
    """
    keyring = read_keyring(settings)
    wisphub = (settings.wisphub_url, reveal(settings.wisphub_key))
    return build_application(settings, keyring=keyring, wisphub=wisphub, sends=False, owns=False)


@asynccontextmanager
async def build_application(
    settings: Settings,
    *,
    keyring: Keyring,
    wisphub: tuple[str, str],
    demonstrates: bool = False,
    sends: bool = True,
    owns: bool = True,
    machine: Machine = step,
    more: Mapping[str, tuple[Receiver, Channel]] | None = None,
    wait: Wait | None = None,
) -> AsyncIterator[Application]:
    """Build everything; `wisphub` is its address and our key, `wait` tells why it takes long.

    Only a process that `sends` loads the vendors' libraries; only one that `owns` the embedded
    Redis may be the sole one. `machine` and `more` channels are for tests: everything else is as in
    production.
    """
    others, greeting = more or {}, Greeting()
    receivers = registry.build_receivers(settings) | {
        name: receiver for name, (receiver, _) in others.items()
    }
    async with (
        open_redis(settings, clock, owns=owns, greeting=greeting, wait=wait) as (redis, server),
        _open_channels(settings, sends=sends) as channels,
        _open_code_sender(settings, sends=sends) as codes,
    ):
        store = await store_of(settings, redis, keyring)
        greeting.ours = store.naming.ours
        turns = build_turns(settings, store, machine)
        watch = RejectionWatch(store.rejections, store.feed, clock)
        clients = WispHub(*wisphub, phone_style=settings.phone_format, watch=watch)
        leases = BusyLeases(store.leases)
        intake = build_intake(store, turns)
        channels |= {"simulator": SimulatorChannel(store, clock)}
        channels |= {name: channel for name, (_, channel) in others.items()}
        outside = Dependencies(
            messages=_build_message_sender(store, channels, watch),
            clients=clients,
            leases=leases,
            codes=SimulatorCodes(store, clock) if settings.codes == "simulator" else codes,
            calls=partial(_take_now, intake, receivers),
            accounts=registry.list_accounts(settings),
            consent_years=settings.consent_years,
        )
        performer = build_performer(store, turns, outside, clock)
        outage = Outage(explainer(settings.data_dir if settings.redis_url is None else None))
        auditor = Auditor(audit=store.audit, clock=clock)
        try:
            yield Application(
                settings=settings,
                redis=redis,
                server=server,
                store=store,
                turns=turns,
                clients=clients,
                leases=leases,
                notifier=performer.actions.notifier,
                hub=Hub(outage=outage),
                intake=intake,
                receivers=receivers,
                demonstrates=demonstrates,
                worker=Worker(store, turns, performer, clock, outage),
                upgrading=Upgrading(store, outage),
                probing=Probing(store.rejections, clients.probe),
                auditor=auditor,
                outage=outage,
            )
        finally:
            await auditor.settle(ends=True)
            await clients.aclose()


async def store_of(settings: Settings, redis: Redis | RedisCluster, keyring: Keyring) -> Store:
    """Make the store; from now on our format is written here, and no older program starts.

    Raises:
        NewerFormat: a newer version of Enlace writes here.
        OtherKey: the data were named by another key.
    """
    store = Store(
        redis, keyring, token=uuid4().hex, replicas=settings.redis_replicas,
        company=settings.company_name,
    )  # fmt: skip
    await store.formats.look()
    await store.naming.require()
    await store.formats.begin()
    return store


def build_turns(settings: Settings, store: Store, machine: Machine = step) -> Turns:
    """Build what takes the turns of all conversations, in the installation's own words."""
    adopt_texts(settings.data_dir)
    return Turns(
        store,
        Texts(describe_company(settings)),
        clock,
        machine=machine,
        preset=settings.policy,
        codes=settings.codes != "staff",
        hours=Hours(settings.staff_hours),
    )


def _build_message_sender(
    store: Store, channels: Mapping[str, Channel], watch: RejectionWatch
) -> MessageSender:
    return MessageSender(
        channels=channels,
        rate_limits=store.rate_limits,
        receipts=store.receipts,
        clock=clock,
        tell=watch.take_channel,
        tell_closing=watch.take_closing,
    )


def build_intake(store: Store, turns: Turns) -> Intake:
    """Build the intake of the vendors' calls."""
    return Intake(
        turns=turns,
        contacts=store.contacts,
        receipts=store.receipts,
        dead=store.dead,
        outbox=store.outbox,
        clock=clock,
    )


async def _take_now(
    intake: Intake, receivers: Mapping[str, Receiver], channel: str, body: bytes
) -> None:
    await intake.take_now(channel, inlet_of(receivers, channel), body)


@asynccontextmanager
async def _open_channels(settings: Settings, *, sends: bool) -> AsyncIterator[dict[str, Channel]]:
    if not sends:
        yield {}
        return
    async with registry.build_channels(settings) as channels:
        yield channels


@asynccontextmanager
async def _open_code_sender(settings: Settings, *, sends: bool) -> AsyncIterator[CodeSender]:
    if not sends:
        yield NoCodes()
        return
    async with registry.build_code_sender(settings) as codes:
        yield codes


def describe_company(settings: Settings) -> Company:
    """Return the company's data."""
    return Company(
        name=settings.company_name,
        nit=settings.company_nit,
        address=settings.company_address,
        phone=settings.company_phone,
        email=settings.company_email,
        privacy_url=settings.privacy_url,
    )
