"""The one place where real implementations are chosen and connected."""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import uuid4

from redis.asyncio import Redis, RedisCluster
from starlette.routing import BaseRoute

from bot import redis_checks, redis_client, settings
from bot.channels import building
from bot.channels.codes import NoCodes
from bot.channels.simulator import SimulatorChannel, SimulatorCodes
from bot.redis_server import RedisServer, running
from bot.settings import Settings, SettingsError, listed, revealed
from bot.upgrading import Upgrading
from bot.wisphub import WispHub
from bot.worker import Worker
from handlers.console.desk import Desk
from handlers.console.signin import Door
from handlers.errors import Busy
from handlers.hours import Hours
from handlers.hub import Hub
from handlers.intake import Intake, inlet_of
from handlers.outbound import Outside, sender_of
from handlers.ports import Channel, CodeSender, Inlet, Leases
from handlers.requests import Requests
from handlers.sending import Postman
from handlers.simulator.table import Pretended, Table
from handlers.texts import Company, Texts
from handlers.turns import Machine, Turns
from state.machine.step import step
from state.store.encryption import Keyring
from state.store.leases import ServiceLeases, Taken
from state.store.store import Store


@dataclass(frozen=True, kw_only=True)
class House:
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
    hub: Hub
    intake: Intake
    inlets: Mapping[str, Inlet]
    demonstrates: bool
    worker: Worker
    upgrading: Upgrading

    def console(self) -> Sequence[BaseRoute]:
        """Build the staff console's routes."""
        door = Door(staff=self.store.staff, secure=self.settings.public_url.startswith("https://"))
        desk = Desk(store=self.store, turns=self.turns, hub=self.hub, clock=clock)
        return [*door.routes(), *desk.routes(door)]

    def requests(self) -> Sequence[BaseRoute]:
        """Build the routes by which programs decide requests."""
        keys = listed(self.settings.api_keys)
        return Requests(store=self.store, turns=self.turns, clock=clock, api_keys=keys).routes()

    def simulator(self, pretended: Pretended) -> Sequence[BaseRoute]:
        """Build the simulated phones' routes."""
        return Table(
            store=self.store,
            turns=self.turns,
            hub=self.hub,
            clock=clock,
            pretended=pretended,
            company=self.settings.company_name,
        ).routes()


class BusyLeases:
    """The store's leases, with the handlers' error."""

    def __init__(self, leases: ServiceLeases) -> None:
        self._leases = leases

    @asynccontextmanager
    async def hold(self, service_id: int, *, patience: float) -> AsyncIterator[None]:
        """Hold the service, or raise `Busy`."""
        try:
            async with self._leases.hold(service_id, patience=patience):
                yield
        except Taken:
            raise Busy from None


def clock() -> int:
    """Return the time in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


@asynccontextmanager
async def redis_of(
    chosen: Settings,
) -> AsyncIterator[tuple[Redis | RedisCluster, RedisServer | None]]:
    """Connect to the operator's Redis, or start an embedded one in the data directory."""
    if chosen.redis_url is not None:
        async with redis_client.reaching(revealed(chosen.redis_url)) as redis:
            await redis_checks.require(redis, clock)
            yield redis, None
        return
    async with running(chosen.data_dir) as server, redis_client.connect(server.url) as redis:
        await redis_checks.require(redis, clock)
        yield redis, server


@asynccontextmanager
async def furnish(
    chosen: Settings,
    *,
    keyring: Keyring,
    wisphub: tuple[str, str],
    demonstrates: bool = False,
    sends: bool = True,
    machine: Machine = step,
    more: Mapping[str, tuple[Inlet, Channel]] | None = None,
) -> AsyncIterator[House]:
    """Build everything; `wisphub` is its address and our key.

    Only a process that `sends` loads the vendors' libraries. `machine` and `more` channels are for
    tests: everything else is as in production.
    """
    others = more or {}
    inlets = building.inlets(chosen) | {name: inlet for name, (inlet, _) in others.items()}
    async with (
        redis_of(chosen) as (redis, server),
        _outlets(chosen, sends=sends) as channels,
        _code_sender(chosen, sends=sends) as codes,
    ):
        store = await store_of(chosen, redis, keyring)
        turns = _turns(chosen, store, machine)
        clients = WispHub(*wisphub, phone_style=chosen.phone_format)
        leases = BusyLeases(store.leases)
        intake = intake_of(store, turns)
        channels |= {"simulator": SimulatorChannel(store, clock)}
        channels |= {name: channel for name, (_, channel) in others.items()}
        outside = Outside(
            postman=_postman(store, channels),
            clients=clients,
            leases=leases,
            codes=SimulatorCodes(store, clock) if chosen.codes == "simulator" else codes,
            calls=partial(_take_now, intake, inlets),
            accounts=building.accounts(chosen),
            consent_years=chosen.consent_years,
        )
        sender = sender_of(store, turns, outside, clock)
        try:
            yield House(
                settings=chosen,
                redis=redis,
                server=server,
                store=store,
                turns=turns,
                clients=clients,
                leases=leases,
                hub=Hub(),
                intake=intake,
                inlets=inlets,
                demonstrates=demonstrates,
                worker=Worker(store, turns, sender, clock),
                upgrading=Upgrading(store),
            )
        finally:
            await clients.aclose()


async def store_of(chosen: Settings, redis: Redis | RedisCluster, keyring: Keyring) -> Store:
    """Make the store; from now on our format is written here, and no older program starts.

    Raises:
        NewerFormat: a newer version of Enlace writes here.
    """
    store = Store(redis, keyring, token=uuid4().hex, replicas=chosen.redis_replicas)
    await store.formats.begin()
    return store


def _turns(chosen: Settings, store: Store, machine: Machine) -> Turns:
    return Turns(
        store,
        Texts(company(chosen)),
        clock,
        machine=machine,
        preset=chosen.policy,
        codes=chosen.codes != "staff",
        hours=Hours(chosen.staff_hours),
    )


def _postman(store: Store, channels: Mapping[str, Channel]) -> Postman:
    return Postman(channels=channels, gates=store.gates, receipts=store.receipts, clock=clock)


def intake_of(store: Store, turns: Turns) -> Intake:
    """Build the intake of the vendors' calls."""
    return Intake(
        turns=turns,
        people=store.people,
        receipts=store.receipts,
        dead=store.dead,
        outbox=store.outbox,
        clock=clock,
    )


async def _take_now(intake: Intake, inlets: Mapping[str, Inlet], channel: str, body: bytes) -> None:
    await intake.take_now(channel, inlet_of(inlets, channel), body)


@asynccontextmanager
async def _outlets(chosen: Settings, *, sends: bool) -> AsyncIterator[dict[str, Channel]]:
    if not sends:
        yield {}
        return
    async with building.outlets(chosen) as channels:
        yield channels


@asynccontextmanager
async def _code_sender(chosen: Settings, *, sends: bool) -> AsyncIterator[CodeSender]:
    if not sends:
        yield NoCodes()
        return
    async with building.code_sender(chosen) as codes:
        yield codes


def company(chosen: Settings) -> Company:
    """Return the company's data."""
    return Company(
        name=chosen.company_name,
        nit=chosen.company_nit,
        address=chosen.company_address,
        phone=chosen.company_phone,
        email=chosen.company_email,
        privacy_url=chosen.privacy_url,
    )


def keyring_of(chosen: Settings) -> Keyring:
    """Build the keyring from the settings.

    Raises:
        SettingsError: there is no secret key, or one is malformed.
    """
    keys = chosen.sealing_keys
    if not keys:
        raise SettingsError("ENLACE_SECRET_KEYS is missing: `enlace keys new` prints a key")
    return Keyring(keys)


def own_key(path: Path) -> str:
    """Read the demonstration's key, or create it; it is stored because its data are."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(settings.new_key(), "ascii")
    return path.read_text("ascii")
