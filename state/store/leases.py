"""A lock for each service: read, write and read back without a second writer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from redis.asyncio import Redis, RedisCluster
from redis.exceptions import LockNotOwnedError

from state.store import keys
from state.store.encryption import Keyring

_LIFE = 20.0  # seconds; more than the 12 s that an update may take


class LeaseTaken(Exception):
    """Somebody else holds the service."""


class ServiceLeases:
    """The leases of all services."""

    def __init__(self, redis: Redis | RedisCluster, keyring: Keyring) -> None:
        """Use this Redis, with these keys."""
        self._redis = redis
        self._keyring = keyring

    @asynccontextmanager
    async def hold(self, service_id: int, *, patience: float) -> AsyncIterator[None]:
        """Hold the service; waits at most `patience` seconds.

        Raises:
            Taken: somebody else holds it for longer.
        """
        name = keys.name_key("lease", self._keyring.digest(f"service:{service_id}"))
        lock = self._redis.lock(name, timeout=_LIFE, sleep=0.02, blocking_timeout=patience)
        if not await lock.acquire():
            raise LeaseTaken
        try:
            yield
        finally:
            with suppress(LockNotOwnedError):  # it expired meanwhile: nothing to release
                await lock.release()
