"""The states of the dialog: each one is one row of one table.

What a state asks, where "atrás" leads, what customers and staff call it, where it stands on the
console's rail, whether the customer owes an answer and what stopping it means: all of it stands
here and nowhere else. What cannot be data, the handler of an answer, is one table in
`state.machine.replies`. Both are complete, or the program does not start.
"""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where the dialog stands, named after what the bot waits for; the values are stored."""

    START = "inicio"
    GREETING = "saludo"
    CONSENT = "autorizacion"
    SHARING = "compartir"
    METHOD = "metodo"
    SERVICE = "servicio"
    HOLDER = "titular"
    NAME = "nombre"
    ADDRESS = "direccion"
    PLAN = "plan"
    PRICE = "precio"
    FINDING = "buscando"
    PICK = "elegir"
    CODE = "codigo"
    CONFIRM_SERVICE = "confirmar_servicio"
    DOCUMENT = "cedula"
    CONFIRM_DOCUMENT = "confirmar_cedula"
    PHONE = "celular"
    CONFIRM_PHONE = "confirmar_celular"
    SUMMARY = "resumen"
    CORRECTION = "correccion"
    REVIEW = "en_revision"
    UPDATING = "guardando"
    RETRYING = "reintentando"
    OUTAGE_SINCE = "falla_desde"
    OUTAGE_LIGHTS = "falla_luces"
    OUTAGE_DEVICES = "falla_equipos"
    DONE = "terminado"


class Section(StrEnum):
    """A step of the console's rail, in staff's words and in order."""

    CONSENT = "Autorización"
    SERVICE = "Servicio"
    DOCUMENT = "Cédula"
    PHONE = "Celular"
    SUMMARY = "Confirmar"
    SAVING = "Guardar"
    LINKED = "Vinculado"


class Stop(StrEnum):
    """What "cancelar" and "reiniciar" mean in a state."""

    NOTHING = "nothing"
    """There is nothing to stop."""

    ANSWERS = "answers"
    """The answers are dropped."""

    REQUEST = "request"
    """People decide: only an explicit yes withdraws the request."""

    LATE = "late"
    """The change is being written, and may have been written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateInfo:
    """What is true of a state.

    Attributes:
        question: the name of the text that asks; empty where it depends on the conversation
            (`state.machine.asking`).
        for_customer: what the customer calls the state.
        for_staff: what staff call it.
        back: where "atrás" leads; it stays here without.
        owes_answer: the customer is reminded of the question, and the dialog expires.
        takes_invitation: a text may be an invitation's code.
        why: the name of the text that says why the question is asked.
        facts: how many answers about the file were given before this question.
    """

    question: str
    section: Section
    for_customer: str
    for_staff: str
    back: State | None = None
    owes_answer: bool = True
    stop: Stop = Stop.ANSWERS
    takes_invitation: bool = False
    why: str = "por_que"
    facts: int = 0


STATES = {
    State.START: StateInfo(
        question="hola",
        section=Section.CONSENT,
        for_customer="inicio",
        for_staff="Sin empezar",
        owes_answer=False,
        stop=Stop.NOTHING,
        takes_invitation=True,
    ),
    State.GREETING: StateInfo(
        question="hola",
        section=Section.CONSENT,
        for_customer="saludo",
        for_staff="Saludo",
        owes_answer=False,
        takes_invitation=True,
    ),
    State.CONSENT: StateInfo(
        question="consent",
        section=Section.CONSENT,
        for_customer="autorización",
        for_staff="Autorización",
        back=State.GREETING,
        owes_answer=False,
    ),
    State.SHARING: StateInfo(
        question="id_compartir",
        section=Section.SERVICE,
        for_customer="compartir su número",
        for_staff="Pide su número",
        back=State.GREETING,
        takes_invitation=True,
        why="por_que_numero",
    ),
    State.METHOD: StateInfo(
        question="",
        section=Section.SERVICE,
        for_customer="buscar su servicio",
        for_staff="Elige cómo buscar",
        back=State.GREETING,
        takes_invitation=True,
        why="por_que_numero",
    ),
    State.SERVICE: StateInfo(
        question="id_serv",
        section=Section.SERVICE,
        for_customer="número de servicio",
        for_staff="Pide servicio",
        back=State.METHOD,
        takes_invitation=True,
        why="por_que_numero",
    ),
    State.HOLDER: StateInfo(
        question="id_doc",
        section=Section.SERVICE,
        for_customer="documento del titular",
        for_staff="Pide documento del titular",
        back=State.METHOD,
        why="por_que_numero",
    ),
    State.NAME: StateInfo(
        question="id_fact_1",
        section=Section.SERVICE,
        for_customer="nombre del titular",
        for_staff="Comprueba el nombre",
        back=State.METHOD,
        why="por_que_datos",
    ),
    State.ADDRESS: StateInfo(
        question="id_fact_2",
        section=Section.SERVICE,
        for_customer="dirección del servicio",
        for_staff="Comprueba la dirección",
        back=State.NAME,
        facts=1,
        why="por_que_datos",
    ),
    State.PLAN: StateInfo(
        question="id_fact_3",
        section=Section.SERVICE,
        for_customer="plan",
        for_staff="Comprueba el plan",
        back=State.ADDRESS,
        facts=2,
        why="por_que_datos",
    ),
    State.PRICE: StateInfo(
        question="id_fact_4",
        section=Section.SERVICE,
        for_customer="valor del plan",
        for_staff="Comprueba el valor",
        back=State.PLAN,
        facts=3,
        why="por_que_datos",
    ),
    State.FINDING: StateInfo(
        question="id_gracias",
        section=Section.SERVICE,
        for_customer="búsqueda de su servicio",
        for_staff="Busca servicio",
        owes_answer=False,
    ),
    State.PICK: StateInfo(
        question="id_varios",
        section=Section.SERVICE,
        for_customer="elegir su servicio",
        for_staff="Elige servicio",
        back=State.METHOD,
        why="por_que_numero",
    ),
    State.CODE: StateInfo(
        question="",
        section=Section.SERVICE,
        for_customer="código",
        for_staff="Espera código",
        back=State.METHOD,
        why="por_que_numero",
    ),
    State.CONFIRM_SERVICE: StateInfo(
        question="id_link_ok",
        section=Section.SERVICE,
        for_customer="confirmar su servicio",
        for_staff="Confirma servicio",
        back=State.METHOD,
        why="por_que_numero",
    ),
    State.DOCUMENT: StateInfo(
        question="",
        section=Section.DOCUMENT,
        for_customer="cédula",
        for_staff="Pide cédula",
        back=State.METHOD,
        why="por_que_doc",
    ),
    State.CONFIRM_DOCUMENT: StateInfo(
        question="",
        section=Section.DOCUMENT,
        for_customer="confirmar su cédula",
        for_staff="Confirma cédula",
        back=State.DOCUMENT,
        why="por_que_doc",
    ),
    State.PHONE: StateInfo(
        question="",
        section=Section.PHONE,
        for_customer="celular",
        for_staff="Pide celular",
        back=State.DOCUMENT,
        why="por_que_tel",
    ),
    State.CONFIRM_PHONE: StateInfo(
        question="",
        section=Section.PHONE,
        for_customer="confirmar su celular",
        for_staff="Confirma celular",
        back=State.PHONE,
        why="por_que_tel",
    ),
    State.SUMMARY: StateInfo(
        question="resumen",
        section=Section.SUMMARY,
        for_customer="resumen",
        for_staff="Resumen",
        back=State.PHONE,
    ),
    State.CORRECTION: StateInfo(
        question="corregir",
        section=Section.SUMMARY,
        for_customer="corrección",
        for_staff="Corrige",
        back=State.SUMMARY,
    ),
    State.REVIEW: StateInfo(
        question="en_revision",
        section=Section.SAVING,
        for_customer="en revisión de un asesor",
        for_staff="En aprobación",
        owes_answer=False,
        stop=Stop.REQUEST,
        takes_invitation=True,
    ),
    State.UPDATING: StateInfo(
        question="guardando",
        section=Section.SAVING,
        for_customer="guardando el cambio",
        for_staff="Guardando",
        owes_answer=False,
        stop=Stop.LATE,
    ),
    State.RETRYING: StateInfo(
        question="espera",
        section=Section.SAVING,
        for_customer="guardando el cambio",
        for_staff="Reintentando",
        owes_answer=False,
        stop=Stop.LATE,
    ),
    State.OUTAGE_SINCE: StateInfo(
        question="falla_desde",
        section=Section.LINKED,
        for_customer="desde cuándo falla",
        for_staff="Sin internet: desde cuándo",
    ),
    State.OUTAGE_LIGHTS: StateInfo(
        question="falla_luces",
        section=Section.LINKED,
        for_customer="luces del equipo",
        for_staff="Sin internet: luces del equipo",
        back=State.OUTAGE_SINCE,
    ),
    State.OUTAGE_DEVICES: StateInfo(
        question="falla_equipos",
        section=Section.LINKED,
        for_customer="en cuáles equipos falla",
        for_staff="Sin internet: en cuáles equipos",
        back=State.OUTAGE_LIGHTS,
    ),
    State.DONE: StateInfo(
        question="ya_vinculado",
        section=Section.LINKED,
        for_customer="vinculado",
        for_staff="Vinculado",
        owes_answer=False,
        stop=Stop.NOTHING,
        takes_invitation=True,
    ),
}

assert STATES.keys() == set(State)

FACTS = tuple(state for state in State if STATES[state].facts or state is State.NAME)
"""The questions about the file, in their order; "n de …" is counted from here."""
