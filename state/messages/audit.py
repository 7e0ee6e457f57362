"""What supervisors read in the audit: a word for every act, event and result; complete."""

from state.audit import OPERATOR, Result, SecurityEvent
from state.members import is_reserved
from state.roles import Act

AUDITED: dict[str, str] = {
    Act.READ: "Ver la bandeja y las conversaciones",
    Act.TAKE: "Tomar una conversación",
    Act.REPLY: "Responder a un cliente",
    Act.NOTE: "Escribir una nota interna",
    Act.HAND_BACK: "Devolver una conversación al asistente",
    Act.CLOSE: "Cerrar una conversación",
    Act.OPEN_FILE: "Abrir lo que envió el cliente",
    Act.RETRY: "Volver a enviar un mensaje",
    Act.ASK: "Preguntar por una solicitud",
    Act.VOUCH: "Comprobar quién es el cliente",
    Act.READ_CODE: "Dictar un código por teléfono",
    Act.APPROVE: "Aprobar una solicitud",
    Act.REJECT: "Rechazar una solicitud",
    Act.UNDO: "Deshacer un cambio",
    Act.SETTLE: "Resolver un cambio a mano",
    Act.REVEAL: "Mostrar un dato oculto",
    Act.COPY: "Descargar copia de lo guardado",
    Act.READ_AUDIT: "Ver la auditoría",
    Act.MANAGE_MEMBERS: "Administrar el personal",
    Act.USE_ACCOUNT: "Usar la cuenta propia",
    Act.READ_REFERENCE: "Ver la referencia de la API",
    SecurityEvent.SIGN_IN: "Entrar",
    SecurityEvent.SIGN_IN_SLOWED: "Entrar, con demasiados intentos",
    SecurityEvent.SIGN_OUT: "Salir",
    SecurityEvent.SESSION_ENDED: "Cerrar una sesión",
    SecurityEvent.PASSWORD_SET: "Cambiar una contraseña",
    SecurityEvent.LINK_MADE: "Crear un enlace de un solo uso",
    SecurityEvent.LINK_USED: "Usar un enlace de un solo uso",
    SecurityEvent.MEMBER_ADDED: "Agregar a una persona",
    SecurityEvent.MEMBER_DISABLED: "Desactivar a una persona",
    SecurityEvent.MEMBER_UNLOCKED: "Desbloquear a una persona",
    SecurityEvent.ROLES_GIVEN: "Cambiar los roles de una persona",
    SecurityEvent.OTHER_SITE: "Enviar un formulario desde otro sitio",
    SecurityEvent.KEY_UNKNOWN: "Llamar con una llave que no existe",
    SecurityEvent.SCOPE_MISSING: "Llamar sin el permiso",
    SecurityEvent.TOO_MANY_CALLS: "Llamar demasiadas veces",
    SecurityEvent.TOO_MANY_WRITES: "Cambiar un servicio demasiadas veces",
    SecurityEvent.DISOWNED: "Cambiar un servicio bloqueado por su titular",
    SecurityEvent.WRITE: "Cambiar un cliente por programa",
    SecurityEvent.SEARCH: "Buscar",
    SecurityEvent.INVITATION_MADE: "Crear una invitación",
    SecurityEvent.INVITATION_WITHDRAWN: "Retirar una invitación",
    SecurityEvent.LETTER_RETRIED: "Reintentar lo que no se pudo hacer",
    SecurityEvent.LETTER_DROPPED: "Borrar lo que no se pudo hacer",
    SecurityEvent.KEYS_ROTATED: "Cambiar las llaves de cifrado",
}
"""What the audit calls each act and each other event."""

RESULTS = {Result.DONE: "permitido", Result.REFUSED: "rechazado"}
"""What became of it."""

ACTORS = {OPERATOR: "Operador del servidor", "": "Nadie que se conozca"}
"""Who did it, if it was no member and no program."""

ABOUT = {
    "chat": "Conversación",
    "service": "Servicio",
    "member": "Persona",
    "request": "Solicitud",
    "search": "Por",
    "found": "Encontradas:",
}
"""What an object of the audit is called, by the word before its colon."""

assert AUDITED.keys() == {*Act, *SecurityEvent}
assert RESULTS.keys() == set(Result)
assert all(map(is_reserved, ACTORS.values()))
