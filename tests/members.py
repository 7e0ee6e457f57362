"""Members of staff for tests, who came in as members do: by a link."""

from collections.abc import Collection

from state.roles import FIRST, Role
from state.store import passwords
from state.store.authentication import SignedIn
from state.store.staff import Staff

PASSWORD = "una-clave-larga"
NOW = 1_795_442_400_000

OWASPS = passwords._COST.copy()
"""What a password costs outside the tests."""


def cheapen_passwords() -> None:
    """Let passwords cost nothing: tests that sign in are hundreds, and 25 ms each time."""
    passwords._COST.update(time_cost=1, memory_cost=8)


async def join(
    staff: Staff,
    name: str,
    password: str = PASSWORD,
    *,
    roles: Collection[Role] = FIRST,
    now: int = NOW,
) -> SignedIn:
    """Add a member, who chooses a password and is signed in; the first has all rights."""
    token = await staff.add(name, roles, now=now)
    return await staff.accept(token, password, now=now)
