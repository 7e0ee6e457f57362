"""What every page of the console carries: who is signed in, and what the roles open to them."""

from typing import Any

from state.messages.personnel import Place
from state.roles import Act, may
from state.store.members import Member

HOME = "/consola"

PLACES: dict[str, tuple[Place, Act]] = {
    HOME: (Place.INBOX, Act.READ),
    "/consola/solicitudes": (Place.REQUESTS, Act.READ),
    "/consola/auditoria": (Place.AUDIT, Act.READ_AUDIT),
    "/consola/personal": (Place.MEMBERS, Act.MANAGE_MEMBERS),
    "/consola/cuenta": (Place.ACCOUNT, Act.USE_ACCOUNT),
}
"""The pages by path: what each is called, and the act that opens it."""


def show_frame(member: Member) -> dict[str, Any]:
    """Show the member what the roles allow: the pages to go to, and the acts that have a button."""
    return {
        "member": member,
        "may": {act.value for act in Act if may(member.roles, act)},
        "places": {path: name for path, (name, act) in PLACES.items() if may(member.roles, act)},
    }
