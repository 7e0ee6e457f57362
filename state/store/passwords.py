"""Passwords: stretched by argon2id, two at a time, so that many at once cost no more memory.

19 MiB, two passes, one lane: OWASP's Password Storage Cheat Sheet. What 0.1 stretched by scrypt is
replaced when its member signs in; until the last of them is, every sign-in stretches both ways, so
that no time tells whose name is known.
"""

import asyncio
import hashlib
import hmac
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_COST: dict[str, Any] = {"time_cost": 2, "memory_cost": 19 * 1024, "parallelism": 1}
_AT_ONCE = 2
_MOST = 128  # that wait; each takes about 25 ms
_ARGON = b"$argon2id$"

_T = TypeVar("_T")


class TooManyAtOnce(Exception):
    """So many sign in at this moment that one more would wait too long: try again in a moment."""


class Passwords:
    """What stretches passwords, and compares them."""

    def __init__(self) -> None:
        """Start no thread before one is needed."""
        self._hasher = PasswordHasher(**_COST)
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="password")
        self._waiting = 0

    async def stretch(self, password: str) -> bytes:
        """Make the verifier of a new password.

        Raises:
            TooManyAtOnce: too many wait.
        """
        return await self._run(lambda: self._hasher.hash(_encode(password)).encode())

    async def matches(
        self, password: str, verifier: bytes, *, salt: bytes = b"", twice: bool = False
    ) -> bool:
        """Compare a password; what is compared with nothing takes as long.

        `salt` is of a verifier of 0.1. `twice`: there may be such members, so stretch both ways.

        Raises:
            TooManyAtOnce: too many wait.
        """
        return await self._run(lambda: self._compare(_encode(password), verifier, salt, twice))

    @staticmethod
    def is_current(verifier: bytes) -> bool:
        """Tell whether a verifier is as they are made today."""
        return verifier.startswith(_ARGON)

    def _compare(self, password: bytes, verifier: bytes, salt: bytes, twice: bool) -> bool:  # noqa: FBT001
        is_ours = self.is_current(verifier)
        modern = self._verify(password, verifier if is_ours else b"")
        if is_ours and not twice:
            return modern
        if not verifier and not twice:
            return False
        old = hashlib.scrypt(password, salt=salt or bytes(16), n=2**14, r=8, p=1)
        return modern if is_ours else hmac.compare_digest(old, verifier)

    def _verify(self, password: bytes, verifier: bytes) -> bool:
        if not verifier:
            self._hasher.hash(password)
            return False
        try:
            return self._hasher.verify(verifier, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, stretching: Callable[[], _T]) -> _T:
        if self._waiting >= _MOST:
            raise TooManyAtOnce(TooManyAtOnce.__doc__)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, stretching)
        finally:
            self._waiting -= 1


def _encode(password: str) -> bytes:
    return password.encode("utf-8", "replace")
