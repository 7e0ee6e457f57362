"""Who may try to sign in now: tries are slowed, nobody is locked out.

A try is counted before the password is stretched. What is allowed at once, and how soon one more:

| tries | at once | one more every |
|---|---|---|
| for a name, from an address | 4 | 2 minutes |
| for a name, from browsers that are not known | 5 | minute |
| from an address (IPv6: its /64), of browsers that are not known | 20 | 6 s |
| for a name, in a browser where it signed in before | 10 | minute |

Who guesses a name from one address leaves the name's own member tries from elsewhere, and cannot
slow the member's own browser at all. A try that was right does not count.
"""

import ipaddress
from dataclasses import dataclass

from state.store import keys
from state.store.encryption import Keyring
from state.store.pipeline import Pipeline


@dataclass(frozen=True, slots=True)
class _Bucket:
    """Tries of one kind: `burst` at once, one more every `interval` (ms)."""

    kind: str
    burst: int
    interval: int


_PAIR = _Bucket("pair", 4, 120_000)
_NAME = _Bucket("name", 5, 60_000)
_ADDRESS = _Bucket("address", 20, 6_000)
_BROWSER = _Bucket("browser", 10, 60_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInTry:
    """A try: of a name, from an address, and in a known browser (its name) or another (`""`)."""

    name: str
    address: str
    browser: str = ""


class SignInThrottle:
    """The tries of all names and addresses."""

    def __init__(self, pipeline: Pipeline, keyring: Keyring) -> None:
        """Share these round trips."""
        self._pipeline = pipeline
        self._keyring = keyring
        self._try = pipeline.script("try")

    async def admit(self, attempted: SignInTry, *, now: int) -> int:
        """Count a try and return 0; or count nothing, and return in how many ms it may be made."""
        counted: list[tuple[_Bucket, str]] = []
        for bucket, of in _buckets(attempted):
            wait = await self._ask(bucket, of, "take", now=now)
            if wait:
                await self._give_back(counted, now=now)
                return wait
            counted.append((bucket, of))
        return 0

    async def give_back(self, attempted: SignInTry, *, now: int) -> None:
        """Do not count a try that was right, or that was not made."""
        await self._give_back(_buckets(attempted), now=now)

    async def clear(self, name: str) -> None:
        """Forget the tries for a name, wherever they came from but those of one address alone."""
        await self._pipeline.ask(("DEL", self._key(_NAME, _fold(name))))

    async def _give_back(self, counted: list[tuple[_Bucket, str]], *, now: int) -> None:
        for bucket, of in counted:
            await self._ask(bucket, of, "give", now=now)

    async def _ask(self, bucket: _Bucket, of: str, what: str, *, now: int) -> int:
        args = [now, bucket.interval, bucket.burst, what]
        (wait,) = await self._pipeline.ask(self._try.call([self._key(bucket, of)], args))
        return int(wait)

    def _key(self, bucket: _Bucket, of: str) -> str:
        digest = self._keyring.short_digest(f"try:{bucket.kind}:{of}").hex()
        return keys.name_key("throttle", digest)


def _buckets(attempted: SignInTry) -> list[tuple[_Bucket, str]]:
    """List what a try counts in, the narrowest first: what that refuses slows nobody else."""
    name, address = _fold(attempted.name), _network(attempted.address)
    if attempted.browser:
        return [(_BROWSER, f"{attempted.browser}:{name}")]
    return [(_PAIR, f"{address}:{name}"), (_NAME, name), (_ADDRESS, address)]


def _fold(name: str) -> str:
    return name.strip().casefold()


def _network(address: str) -> str:
    """Return what one party can change its address within: of IPv6 that is a /64."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if known.version == 4:
        return address
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network(f"{known}/64", strict=False))
