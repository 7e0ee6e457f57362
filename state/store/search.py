"""The search's index: which chats are found by a number, kept as digests of it.

A digest begins with the letters that name a key, in which many digests lie together: a key for
each number would cost five times the memory. It is made by the key that names, as all digests in
names are, so that a rotation leaves it, and it knows of what kind the number is.
"""

import base64
from collections.abc import Iterable, Sequence

from state.search import SearchTerm
from state.store import keys
from state.store.encryption import Keyring
from state.store.pipeline import Pipeline

DIGEST, START = 12, 2
"""Letters of a digest, and how many of them name its key (`scripts/commit.lua` knows both)."""

MOST = 100
"""Chats of a shard that are read of one number: more are no answer."""

_TOGETHER = 8  # numbers looked for in one round trip, each in every shard


class SearchIndex:
    """Finds chats by their numbers."""

    def __init__(self, pipeline: Pipeline, keyring: Keyring) -> None:
        """Use these round trips and these keys."""
        self._pipeline = pipeline
        self._keyring = keyring

    async def find(self, terms: Iterable[SearchTerm]) -> list[str]:
        """Find the keys of the chats that have one of these numbers, in every shard."""
        found, digests = dict[str, None](), digest_terms(self._keyring, terms)
        for start in range(0, len(digests), _TOGETHER):
            together = digests[start : start + _TOGETHER]
            asked = [_ask(shard, digest) for digest in together for shard in keys.ALL]
            for answer in await self._pipeline.ask(*asked):
                found |= dict.fromkeys(entry.decode().partition("|")[2] for entry in answer)
        return [*found]


def digest_terms(keyring: Keyring, terms: Iterable[SearchTerm]) -> list[str]:
    """Give the digests of numbers, in the order of the letters."""
    return sorted(_digest(keyring, term) for term in terms)


def write_digests(digests: Sequence[str]) -> str:
    """Write what a chat is found by as its hash keeps it."""
    return " ".join(digests) or "-"


def _digest(keyring: Keyring, term: SearchTerm) -> str:
    mac = keyring.short_digest(f"find:{term.kind.name}:{term.value}")
    return base64.b32encode(mac).decode()[:DIGEST].lower()


def _ask(shard: keys.Shard, digest: str) -> tuple[str | int, ...]:
    name, rest = shard.key(f"find:{digest[:START]}"), digest[START:]
    return ("ZRANGE", name, f"[{rest}|", f"[{rest}}}", "BYLEX", "LIMIT", 0, MOST)
