"""What each state asks, and how a message is said."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from string import Formatter

from state.client import Changes, Client
from state.conversation import KEPT, NOBODY, Conversation, Person, State, replace
from state.effects import Effect, Line, Say
from state.fields import masks, phones
from state.messages import CATALOGUE
from state.records import Purpose

Step = tuple[Conversation, tuple[Effect, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Nobody of the staff is here: when they are as a rule, and when they are back, in words."""

    hours: str
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What the machine may know of the world at a step.

    Attributes:
        now: milliseconds since 1970.
        at: when the event happened, by the clock of the channel that brought it; 0 if it does
            not say.
        today: the date as the customer reads it.
        code: eight characters nobody has seen before, for a reference.
        full: so many messages of the chat wait to be sent that no more are taken.
        person: who the channel says it is from; empty names tell nothing.
        preset: the name of the policy (`state.policy`).
        delivery: the channel's id of what happened.
        digits: six digits nobody has seen before, for a one-time code.
        codes: one-time codes can be sent; else only staff can read one out.
        terms: SHA-256 of the text of the consent as it reads now, in hex.
        absence: told while nobody of the staff is here.
    """

    now: int
    at: int
    today: str
    code: str
    full: bool = False
    person: Person = NOBODY
    preset: str = "balanced"
    delivery: str = ""
    digits: str = ""
    codes: bool = False
    terms: str = ""
    absence: Absence | None = None


STEPS = {
    State.START: "inicio",
    State.GREETING: "saludo",
    State.CONSENT: "autorización",
    State.SHARING: "compartir su número",
    State.METHOD: "buscar su servicio",
    State.SERVICE: "número de servicio",
    State.HOLDER: "documento del titular",
    State.NAME: "nombre del titular",
    State.ADDRESS: "dirección del servicio",
    State.PLAN: "plan",
    State.PRICE: "valor del plan",
    State.PICK: "elegir su servicio",
    State.CODE: "código",
    State.FINDING: "búsqueda de su servicio",
    State.CONFIRM_SERVICE: "confirmar su servicio",
    State.DOCUMENT: "cédula",
    State.CONFIRM_DOCUMENT: "confirmar su cédula",
    State.PHONE: "celular",
    State.CONFIRM_PHONE: "confirmar su celular",
    State.SUMMARY: "resumen",
    State.CORRECTION: "corrección",
    State.REVIEW: "en revisión de un asesor",
    State.UPDATING: "guardando el cambio",
    State.RETRYING: "guardando el cambio",
    State.DONE: "vinculado",
}
"""What a customer calls each state."""

_LIST = "id_varios"
"""The text whose choices are what was found, and not the same for everybody."""

_QUESTIONS = {
    State.START: "hola",
    State.GREETING: "hola",
    State.CONSENT: "consent",
    State.SHARING: "id_compartir",
    State.METHOD: "id_metodo",
    State.SERVICE: "id_serv",
    State.HOLDER: "id_doc",
    State.NAME: "id_fact_1",
    State.ADDRESS: "id_fact_2",
    State.PLAN: "id_fact_3",
    State.PRICE: "id_fact_4",
    State.PICK: "id_varios",
    State.FINDING: "id_gracias",
    State.CONFIRM_SERVICE: "id_link_ok",
    State.SUMMARY: "resumen",
    State.CORRECTION: "corregir",
    State.REVIEW: "en_revision",
    State.UPDATING: "guardando",
    State.RETRYING: "espera",
    State.DONE: "ya_vinculado",
}


def say(
    conversation: Conversation,
    *lines: Line,
    then: tuple[Effect, ...] = (),
    prompt: bool = False,
    ends: int = 0,
) -> Step:
    """Say the lines as one message, then have the effects done."""
    number, flow = conversation.question + 1, conversation.flow
    said = replace(conversation, question=number, asked=lines[-1].text)
    offered = choices(said) if lines[-1].text == _LIST else ()
    message = Say(
        lines=lines, question=number, flow=flow, prompt=prompt, ends=ends, choices=offered
    )
    return said, (message, *then)


def choices(conversation: Conversation) -> tuple[tuple[str, str], ...]:
    """Tell what the message that was said last offers: pairs of a choice and its label."""
    if conversation.asked == _LIST:
        rows = [
            (f"pick{number}", masks.row(client.plan, client.address))
            for number, client in enumerate(conversation.found, 1)
        ]
        return (*_apart(rows), ("none", "Ninguno es el mío"))
    return CATALOGUE[conversation.asked].buttons if conversation.asked else ()


def _apart(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Number labels that would read alike."""
    labels = [label for _, label in rows]
    return [
        (choice, label if labels.count(label) == 1 else f"{label[:21]} {number}")
        for number, (choice, label) in enumerate(rows, 1)
    ]


def ask(conversation: Conversation, *lead: Line) -> Step:
    """Ask what the state asks, after the leading lines.

    A bare question that is still unsent when the next one is asked is overtaken: a burst of
    messages gets one answer.
    """
    asking = replace(conversation, prompted=conversation.question + 1)
    return say(asking, *lead, question(asking), prompt=not lead)


def question(conversation: Conversation) -> Line:
    """Give the question of the conversation's state."""
    match conversation.state:
        case State.DOCUMENT:
            text = "doc_tenemos" if _may_keep_document(conversation) else "doc_pedir"
        case State.PHONE:
            text = "tel_pedir" if _client(conversation).phone else "tel_escribir"
        case State.CODE:
            text = _code_question(conversation)
        case State.CONFIRM_DOCUMENT | State.CONFIRM_PHONE:
            text = conversation.doubt
        case state:
            text = _QUESTIONS[state]
    return line(conversation, text)


def _code_question(conversation: Conversation) -> str:
    challenge = conversation.challenge
    if challenge is not None and challenge.read_by:
        return "otp_asesor"
    number = challenge is not None and challenge.purpose is Purpose.NUMBER
    return "otp_nuevo" if number else "otp_pedir"


def line(conversation: Conversation, text: str, **values: str) -> Line:
    """Make a line, filled with whatever of the conversation its text names."""
    named = {name: _VALUES[name](conversation) for name in _named(text) if name not in values}
    return Line(text=text, values=named | values)


@cache
def _named(text: str) -> tuple[str, ...]:
    """List what a text of the catalogue names that we know of a conversation."""
    fields = (field for _, field, _, _ in Formatter().parse(CATALOGUE[text].text))
    return tuple(field for field in fields if field in _VALUES)


def changes(conversation: Conversation) -> Changes:
    """Tell what the answers would change at WispHub."""
    client = _client(conversation)
    document, phone = conversation.document, conversation.phone
    new_document = document not in ("", KEPT) and not _same_document(document, client.document)
    on_file = phones.listed(client.phone)
    there = on_file == (phone,) if conversation.replacing else phone in on_file
    new_phone = phone not in ("", KEPT) and not there
    return Changes(document=document if new_document else None, phone=phone if new_phone else None)


def wanted(conversation: Conversation) -> Changes:
    """Tell what shall stand at WispHub in the end, whether it stands there now or not."""
    document, phone = conversation.document, conversation.phone
    return Changes(
        document=document if document not in ("", KEPT) else None,
        phone=phone if phone not in ("", KEPT) else None,
    )


def forget(conversation: Conversation) -> Conversation:
    """Keep the consent, forget the answers."""
    return Conversation(
        chat=conversation.chat,
        holder=conversation.holder,
        turns=conversation.turns,
        question=conversation.question,
        asked=conversation.asked,
        consent=conversation.consent,
        prompted=conversation.prompted,
        asked_at=conversation.asked_at,
        heard_at=conversation.heard_at,
        minute=conversation.minute,
        in_minute=conversation.in_minute,
        flow=conversation.flow,
        person=conversation.person,
        hinted=conversation.hinted,
        tried=conversation.tried,
        check=conversation.check,
        saved=conversation.saved,
        written=conversation.written,
        answered=conversation.answered,
        notice=conversation.notice,
    )


def _client(conversation: Conversation) -> Client:
    return conversation.client or Client(service_id=0)


def _may_keep_document(conversation: Conversation) -> bool:
    on_file = _client(conversation).document
    return conversation.possesses and bool(on_file) and not conversation.correcting


def _same_document(given: str, on_file: str) -> bool:
    return _significant(given) == _significant(on_file)


def _significant(document: str) -> str:
    return "".join(character for character in document.upper() if character.isalnum())


def _service(conversation: Conversation) -> str:
    client = conversation.client
    if client is None:
        return "ninguno"
    if not conversation.possesses:
        return masks.service(client.plan, client.address)
    return f"servicio {client.service_id}, {masks.service(client.plan, client.address)}"


def _on_file(conversation: Conversation, mask: str) -> str:
    if not conversation.possesses:
        return "lo registrado"
    return mask or "ninguno"


def _consent(conversation: Conversation) -> str:
    consent = conversation.consent
    if consent is None:
        return "no"
    return f"{consent.on or 'sí'}, código {consent.code}"


def _on_file_document(conversation: Conversation) -> str:
    return _on_file(conversation, masks.document(_client(conversation).document))


def _on_file_phones(conversation: Conversation) -> str:
    return _on_file(conversation, masks.phones(_client(conversation).phone))


def _new_phone(conversation: Conversation) -> str:
    phone = changes(conversation).phone
    if not phone:
        return "sin cambio"
    spelled = phones.spell(phone, "national")
    replaced = conversation.replacing and phones.listed(_client(conversation).phone)
    return f"{spelled}, sin los anteriores" if replaced else spelled


_VALUES: dict[str, Callable[[Conversation], str]] = {
    "paso": lambda talk: STEPS[talk.state],
    "codigo": lambda talk: talk.code,
    "doc": lambda talk: talk.candidate,
    "num": lambda talk: talk.candidate,
    "n": lambda talk: str(max(0, 3 - talk.tried)),
    "ult3": lambda talk: _client(talk).document[-3:] if talk.possesses else "",
    "ult2": lambda talk: talk.challenge.phone[-2:] if talk.challenge else "",
    "quedan": lambda talk: str(3 - talk.challenge.wrong) if talk.challenge else "",
    "servicio_mascara": _service,
    "doc_antes": _on_file_document,
    "doc_nuevo": lambda talk: changes(talk).document or "sin cambio",
    "tel_antes": _on_file_phones,
    "tel_nuevo": _new_phone,
    "doc_mascara": lambda talk: masks.document(talk.document.strip(KEPT)) or "ninguno",
    "tel_mascara": lambda talk: masks.phones(talk.phone.strip(KEPT)) or "ninguno",
    "consentimiento": _consent,
}
"""What a text may name; nothing of the file is shown before the service is proven."""
