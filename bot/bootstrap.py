"""The one place where real things are chosen and put together."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from redis.asyncio import Redis

from bot import redis_client
from bot.redis_server import RedisServer, running
from bot.settings import Settings, SettingsError, revealed
from bot.wisphub import WispHub
from bot.worker import Worker
from handlers.hub import Hub
from handlers.outbound import Sender
from handlers.ports import Channel
from handlers.texts import Company, Texts
from handlers.turns import Turns
from state.store.encryption import Keyring
from state.store.store import Store


@dataclass(frozen=True, kw_only=True)
class House:
    """Everything that one process needs, put together.

    Attributes:
        server: the embedded Redis; none if the operator has one.
    """

    settings: Settings
    redis: Redis
    server: RedisServer | None
    store: Store
    turns: Turns
    clients: WispHub
    hub: Hub
    worker: Worker


def clock() -> int:
    """Tell the time in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


@asynccontextmanager
async def redis_of(settings: Settings) -> AsyncIterator[tuple[Redis, RedisServer | None]]:
    """Connect to the operator's Redis, or start one of our own in the data directory."""
    if settings.redis_url is not None:
        async with redis_client.connect(revealed(settings.redis_url)) as redis:
            yield redis, None
        return
    async with running(settings.data_dir) as server:
        async with redis_client.connect(server.url) as redis:
            yield redis, server


@asynccontextmanager
async def furnish(
    settings: Settings,
    *,
    keyring: Keyring,
    redis: Redis,
    server: RedisServer | None = None,
    wisphub: tuple[str, str],
    channels: Mapping[str, Channel],
) -> AsyncIterator[House]:
    """Put the house together; `wisphub` is where it is and its key."""
    store = Store(redis, keyring, token=uuid4().hex)
    turns = Turns(store, Texts(company(settings)), clock)
    clients = WispHub(*wisphub)
    sender = Sender(
        outbox=store.outbox,
        turns=turns,
        channels=channels,
        clients=clients,
        leases=store.leases,
        invitations=store.invitations,
        clock=clock,
        phone_style=settings.phone_format,
    )
    try:
        yield House(
            settings=settings,
            redis=redis,
            server=server,
            store=store,
            turns=turns,
            clients=clients,
            hub=Hub(),
            worker=Worker(store, turns, sender, clock),
        )
    finally:
        await clients.aclose()


def company(settings: Settings) -> Company:
    """Tell who speaks."""
    return Company(
        name=settings.company_name,
        nit=settings.company_nit,
        address=settings.company_address,
        phone=settings.company_phone,
        email=settings.company_email,
        privacy_url=settings.privacy_url,
    )


def keyring_of(settings: Settings, *, generated: Path | None = None) -> Keyring:
    """Take the secret keys of the settings, or those that the demonstration made for itself.

    Raises:
        SettingsError: there are none, or one is malformed.
    """
    chosen = settings.sealing_keys
    if not chosen and generated is not None:
        chosen = (_own_key(generated),)
    if not chosen:
        raise SettingsError("ENLACE_SECRET_KEYS is missing; `enlace keys new` makes a key")
    return Keyring(chosen)


def _own_key(path: Path) -> bytes:
    """Read the demonstration's key, or make it: kept, because what it sealed is kept."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(settings_key(), "ascii")
    return Settings(secret_keys=path.read_text("ascii")).sealing_keys[0]
