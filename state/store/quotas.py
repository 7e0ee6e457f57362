"""Quotas: how many calls a program's key may make, and how many writes a service may get.

They are shared by all processes. A use counts while it is younger than the quota's window, to the
millisecond; what is refused is not counted.
"""

from dataclasses import dataclass
from uuid import uuid4

from state.store import keys
from state.store.encryption import Keyring
from state.store.pipeline import Pipeline


@dataclass(frozen=True, slots=True)
class Quota:
    """So many uses within a window (ms); `kind` keeps it apart from other quotas."""

    kind: str
    most: int
    window: int


class Quotas:
    """All quotas, by kind and name."""

    def __init__(self, pipeline: Pipeline, keyring: Keyring) -> None:
        """Share these round trips."""
        self._pipeline = pipeline
        self._keyring = keyring
        self._spend = pipeline.script("spend")

    async def take(self, quota: Quota, name: str, *, now: int) -> int:
        """Count a use and return 0; or return in how many ms there is room for one."""
        digest = self._keyring.digest(f"quota:{quota.kind}:{name}")
        named = [keys.name_key("budget", digest), keys.name_key("barred", digest)]
        args = [now, uuid4().hex, "", quota.most, quota.window]
        ((verdict, oldest),) = await self._pipeline.ask(self._spend.call(keys=named, args=args))
        return 0 if verdict == b"OK" else max(1, int(oldest) + quota.window - now)
