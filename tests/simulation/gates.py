"""A gate, and senders who keep to what it says, while the vendor fails for a time."""

import asyncio
import random

from state.store.encryption import Keyring
from state.store.pipeline import Pipeline
from state.store.rate_limits import Rate, RateLimits
from tests.simulation import wire

_RATE = Rate(5, burst=3)
_STEPS = 150
_FAILURES = 5  # close it
_PROBE = 10_000  # ms that a probe may take


class _Direct:
    """Reaches Redis at once."""

    def __init__(self, server: wire.Server) -> None:
        self._server = server

    async def cross(self, commands: list[wire.Command]) -> list[object]:
        return self._server.do(commands)

    async def rung(self, bells: list[bytes], seconds: float) -> None:
        raise AssertionError((bells, seconds))


async def play(seed: int, server: wire.Server) -> None:
    """Play one seed: the rate is kept, a closed gate lets one try, and opens when it goes well."""
    chance = random.Random(f"gate {seed}")
    client: object = wire.Client(_Direct(server))  # type: ignore[arg-type]
    rate_limits = RateLimits(Pipeline(client), Keyring((bytes(32),)))  # type: ignore[arg-type]
    down = (2_000, 2_000 + chance.randrange(20_000, 90_000))
    now, closed_until, failures, passed = 0, 0, 0, list[int]()
    waiting = [0] * 6  # senders: when each may come
    kept = [False] * 6
    for _ in range(_STEPS):
        sender = min(range(6), key=lambda number: waiting[number])
        now = max(now, waiting[sender]) + chance.randrange(3)
        asked = await rate_limits.admit("g", None if kept[sender] else _RATE, now=now)
        if asked.wait:
            waiting[sender], kept[sender] = now + asked.wait, asked.kept
            continue
        assert now >= closed_until, "let through while it was closed"
        kept[sender], waiting[sender] = False, now + chance.randrange(50)
        well = not down[0] <= now < down[1]
        if closed_until:
            other = await rate_limits.admit("g", _RATE, now=now + 1)
            assert other.wait == _PROBE - 1, "a second one tries before the first is heard of"
        passed.append(now)
        assert asked.failing == (failures > 0), "failures miscounted"
        closed = await rate_limits.report("g", well=well, now=now)
        failures = 0 if well else failures + 1
        assert (closed > 0) == (failures >= _FAILURES), "closed at the wrong time"
        closed_until = now + closed if closed else 0
    assert now > down[1], "never opened again"
    _kept_to(passed)
    await asyncio.sleep(0)


def _kept_to(passed: list[int]) -> None:
    for i, begun in enumerate(passed):
        within = sum(1 for at in passed[i:] if at < begun + 1000)
        assert within <= _RATE.burst + _RATE.per_second + 1, f"{within} in a second"
