"""Browsers in which a member signed in before: their tries are counted apart.

A browser keeps, for a year, a name of its own and a keyed digest for each member who signed in
there, of the member's password of then. Nothing is stored; a new password makes strangers of all.
"""

import hmac
import re
import secrets

from state.store.encryption import Keyring
from state.store.members import StoredMember

LIFE = 365 * 24 * 3600
"""Seconds for which a browser keeps it."""

_MOST = 5  # members who share a browser
_SHAPE = re.compile(r"[\w-]{22}(\.[a-z2-7]{26}){1,5}", re.ASCII)


class KnownBrowsers:
    """What makes and reads those names."""

    def __init__(self, keyring: Keyring) -> None:
        """Use these keys."""
        self._keyring = keyring

    def recognise(self, known: str, stored: StoredMember | None) -> str:
        """Return a browser's name if that member signed in there before, or `""`."""
        if stored is None or not _SHAPE.fullmatch(known):
            return ""
        name, *digests = known.split(".")
        right = self._prove(name, stored)
        return name if any(hmac.compare_digest(right, one) for one in digests) else ""

    def remember(self, known: str, stored: StoredMember) -> str:
        """Return what a browser keeps from now on, the member who signed in last first."""
        name, *digests = (
            known.split(".") if _SHAPE.fullmatch(known) else [secrets.token_urlsafe(16)]
        )
        mine = self._prove(name, stored)
        others = [one for one in digests if one != mine]
        return ".".join([name, mine, *others][: _MOST + 1])

    def _prove(self, name: str, stored: StoredMember) -> str:
        number = stored.standing.password
        return self._keyring.digest(f"known browser:{name}:{stored.digest}:{number}")
