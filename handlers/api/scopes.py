"""Keys of the API, and what each may do."""

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

SHORTEST = 32
"""Characters of a key: whoever has one may overwrite every customer."""


class Scope(StrEnum):
    """What a key may do."""

    UPDATE = "update"
    """Update clients."""

    DECIDE = "decide"
    """List the requests that wait for people, and decide them."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key that a program gives in `X-API-Key`, and its scopes."""

    text: bytes = field(repr=False)
    scopes: frozenset[Scope]

    @property
    def name(self) -> str:
        """Name the key where it must not stand: `api:` and six letters of its digest."""
        return f"api:{sha256(self.text).hexdigest()[:6]}"


def read_key(entry: str) -> ApiKey:
    """Read `KEY`, which may update, or `KEY:update+decide`.

    Raises:
        ValueError: it cannot be used; the message does not quote it.
    """
    text, colon, listed = entry.rpartition(":")
    try:
        scopes = frozenset(map(Scope, listed.split("+"))) if colon else {Scope.UPDATE}
    except ValueError:
        known = " or ".join(Scope)
        raise ValueError(
            f"what follows the colon is no scope: {known}, joined by +; a key holds no colon"
        ) from None
    key = text if colon else entry
    if len(key) < SHORTEST:
        raise ValueError(
            f"shorter than {SHORTEST} characters; `enlace keys new` prints one that will do"
        )
    return ApiKey(key.encode(), frozenset(scopes))
