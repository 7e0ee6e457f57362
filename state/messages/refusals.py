"""What staff, and programs, are told where what they wanted to do changed nothing."""

from state.messages.staff import Api
from state.refusals import Refusal
from state.roles import Act

REFUSALS = {
    Refusal.NOT_HELD: "Tome la conversación primero: eso lo hace quien la lleva.",
    Refusal.HELD: "Usted ya lleva esta conversación.",
    Refusal.TAKEN: "Otra persona tomó este chat. Si debe seguir usted, tómelo.",
    Refusal.CLOSED: "Esta conversación ya está cerrada.",
    Refusal.NO_STEP: "El asistente no puede seguir desde ese paso: elija otro.",
    Refusal.NO_REQUEST: "Esa solicitud ya se decidió, o se canceló: mire la lista de nuevo.",
    Refusal.NO_CHANGE: "Ese cambio ya no está así: se deshizo, se resolvió o hubo otro después.",
    Refusal.CONTESTED: Api.CONTESTED,
    Refusal.SECOND: "Hacen falta dos personas, y usted ya es una: que apruebe otra.",
    Refusal.PROGRAM: "Hacen falta dos personas, y una llave no lo es: que aprueben en la consola.",
    Refusal.ASKED: "Esa pregunta ya se hizo, y el cliente aún no responde.",
    Refusal.NO_PHONE: "No hay un celular registrado al que dictar un código, o lo usa otra cuenta.",
    Refusal.BUSY: "En este punto no se puede dictar un código. Espere a que el asistente termine.",
    Refusal.NO_WORDS: "Escriba el motivo o la pregunta: queda en la historia.",
}
"""Why what staff, or a program, wanted to do changed nothing."""

TAKEN = (
    "{who} tomó este chat {when}: lo que usted envió no salió ni cambió nada. Si debe seguir "
    "usted, tómelo."
)
"""Of `Refusal.TAKEN`, where it is known since when."""

WITHDRAWN = "withdrawn"
"""What the customer did to a request, beside the acts of staff."""

WINNERS: dict[Refusal, dict[str, str]] = {
    Refusal.NOT_HELD: {
        Act.HAND_BACK: "{who} devolvió este chat al asistente {when}. Tómelo para seguir.",
        Act.CLOSE: "{who} cerró este chat {when}. Tómelo para seguir.",
    },
    Refusal.CLOSED: {Act.CLOSE: "{who} ya cerró este chat {when}."},
    Refusal.NO_REQUEST: {
        Act.APPROVE: "{who} ya aprobó esta solicitud {when}.",
        Act.REJECT: "{who} ya rechazó esta solicitud {when}.",
        WITHDRAWN: "{who} retiró esta solicitud {when}.",
    },
    Refusal.NO_CHANGE: {
        Act.UNDO: "{who} ya pidió deshacer ese cambio {when}.",
        Act.SETTLE: "{who} ya resolvió ese cambio a mano {when}.",
    },
    Refusal.ASKED: {Act.ASK: "{who} ya hizo esa pregunta {when}, y el cliente aún no responde."},
}
"""Who was faster, where a member comes too late: by what was done before."""

YOU, A_PROGRAM, THE_CUSTOMER = "Usted", "Un programa", "El cliente"

WHEN = {True: "a las %H:%M", False: "el %d/%m a las %H:%M"}
"""Whether it was today."""

assert REFUSALS.keys() == set(Refusal)
