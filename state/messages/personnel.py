"""What staff read of themselves: the console's pages, members, roles, passwords."""

from enum import StrEnum

from state.members import NameProblem, PasswordProblem
from state.roles import Role


class Place(StrEnum):
    """What each page of the console is called."""

    INBOX = "Bandeja"
    REQUESTS = "Solicitudes"
    AUDIT = "Auditoría"
    MEMBERS = "Personal"
    ACCOUNT = "Mi cuenta"


ROLES = {
    Role.OBSERVADOR: "ve todo, con los datos tapados",
    Role.AGENTE: "toma conversaciones, responde y pregunta",
    Role.SUPERVISOR: "aprueba, rechaza, deshace, y ve los datos con un motivo",
    Role.ADMINISTRADOR: "agrega y retira al personal; no ve datos de clientes",
}
"""What each role is there for, as one chooses it."""


class Personnel(StrEnum):
    """What the pages of members and of one's own account tell."""

    ACTIVE = "activo"
    DISABLED = "desactivado"
    INVITED = "no ha usado su enlace"
    LINK_EXPIRED = "su enlace venció: haga otro"

    CHANGED = "Su contraseña cambió. Las demás sesiones terminaron."
    WRONG = "La contraseña actual no es esa."
    LAST_ADMINISTRATOR = "Es el último administrador: dé antes ese rol a otra persona."
    NO_ROLES = "Marque al menos un rol."
    NO_MEMBER = "Esa persona no está en la lista."
    BUSY = "Otra persona está cambiando el personal en este momento: intente otra vez."


DONE = {
    "roles": "Los roles cambiaron: valen desde ya, también en lo que tenga abierto.",
    "activar": "Puede volver a entrar.",
    "desbloquear": "Puede volver a intentar entrar.",
    "desactivar": "Ya no puede entrar, y sus sesiones terminaron.",
    "sesion": "La sesión terminó.",
    "sesiones": "Sus sesiones terminaron.",
}
"""What was done with a member, by the last part of the path."""


NAME_PROBLEMS = {
    NameProblem.LENGTH: "El nombre debe tener entre 2 y 40 caracteres.",
    NameProblem.LETTERS: "El nombre solo puede tener letras, números, espacios, puntos y guiones.",
    NameProblem.RESERVED: "Ese nombre se confunde con el asistente o la empresa: elija otro.",
    NameProblem.TAKEN: "Ese nombre ya existe, o se confunde con el de otra persona: elija otro.",
}
"""Why a member may not be called so."""

PASSWORD_PROBLEMS = {
    PasswordProblem.SHORT: "La contraseña debe tener al menos 10 caracteres.",
    PasswordProblem.LONG: "La contraseña debe tener máximo 128 caracteres.",
    PasswordProblem.COMMON: "Esa contraseña es fácil de adivinar: elija otra, como una frase.",
}
"""Why a password is refused."""

assert ROLES.keys() == set(Role)
assert NAME_PROBLEMS.keys() == set(NameProblem)
assert PASSWORD_PROBLEMS.keys() == set(PasswordProblem)
