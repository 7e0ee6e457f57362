"""Members of staff for tests, who came in as members do: by a link."""

from collections.abc import Collection

from state.roles import FIRST, Role
from state.store.authentication import SignedIn
from state.store.staff import Staff

PASSWORD = "una-clave-larga"
NOW = 1_795_442_400_000


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
