"""What a linked customer may ask of the service, and hears at once: only its holder does.

The question goes to the directory; what it says is told, in one message, and forgotten. Whatever
cannot be told brings a person. Where nothing explains why there is no internet, the customer is
asked what a technician would ask first; staff read the answers in the journal.
"""

import dataclasses
from collections.abc import Iterator

from state.client import Client
from state.conversation import Conversation, replace
from state.effects import Effect, Inquire, Line, Say
from state.fields.amounts import spell_day, spell_pesos
from state.fields.matters import Matter
from state.inquiry import Balance, Inquired, Inquiry, ServiceStatus, Supply
from state.machine import leaving
from state.machine.asking import ask, say
from state.machine.commands import hand_over
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.messages.inquiries import SUPPLIES
from state.parts import BOT
from state.states import STATES, State

QUESTIONS = (State.OUTAGE_SINCE, State.OUTAGE_LIGHTS, State.OUTAGE_DEVICES)
"""What a technician asks, in order."""

_INQUIRIES = {
    Matter.BILL: Inquiry.BALANCE,
    Matter.PAYMENT: Inquiry.BALANCE,
    Matter.PLAN: Inquiry.PLAN,
    Matter.OUTAGE: Inquiry.OUTAGE,
}
"""What the directory knows of a matter."""

_OF_FAULTS = (Matter.OUTAGE, Matter.UNKNOWN, Matter.MISSING, Matter.ANGER)
"""Matters that a technician hears of in answers."""

_AWAITED = 3  # questions to the directory whose outcomes are awaited at the same time
_FAILURES = {Inquiry.OUTAGE: "falla_sin_consulta"}  # of the others: "consulta_no"
_NO_SUPPLY = {
    Supply.SUSPENDED: "falla_suspendido",
    Supply.CANCELLED: "falla_retirado",
}


def answer(conversation: Conversation, matter: Matter) -> Step | None:
    """Answer what the customer writes about by what the directory knows; none if it does not."""
    if conversation.state in QUESTIONS and matter in _OF_FAULTS:
        return take_answer(conversation)
    inquiry = _INQUIRIES.get(matter)
    return None if inquiry is None else inquire(conversation, inquiry)


def inquire(conversation: Conversation, inquiry: Inquiry) -> Step | None:
    """Ask the directory about the linked service; none for who is not linked as its holder."""
    client = _find_own(conversation)
    if client is None:
        return None
    turn, shown = conversation.turns, conversation.shown
    awaited = (*shown.inquiries, turn)[-_AWAITED:]
    asking = replace(conversation, shown=replace(shown, inquiries=awaited))
    effect = Inquire(inquiry=inquiry, service_id=client.service_id, turn=turn)
    return say(asking, line(asking, "consultando"), then=(effect,))


def take(conversation: Conversation, event: Inquired, moment: Moment) -> Step:
    """Tell what the directory says; nothing where a person answers by now, or nobody asked."""
    shown = conversation.shown
    if event.turn not in shown.inquiries:
        return conversation, ()
    others = tuple(turn for turn in shown.inquiries if turn != event.turn)
    conversation = replace(conversation, shown=replace(shown, inquiries=others))
    client = _find_own(conversation)
    if conversation.speaker != BOT or client is None or client.service_id != event.service_id:
        return conversation, ()
    after, effects = _tell_outcome(conversation, event, client, moment)
    return after, _end_progress(conversation, effects)


def take_answer(conversation: Conversation) -> Step:
    """Go on with the next of the technician's questions; after the last one to a person.

    What was answered stands in the journal, for staff.
    """
    following = QUESTIONS.index(conversation.state) + 1
    if following == len(QUESTIONS):
        return pass_on(conversation)
    return ask(replace(conversation, state=QUESTIONS[following]))


def pass_on(conversation: Conversation) -> Step:
    """Give a fault, and what was answered so far, to a person."""
    return _give_up(conversation, "falla_pasa")


def _give_up(conversation: Conversation, text: str) -> Step:
    """Hand over; a technician's questions are at an end then."""
    asked = conversation.state in QUESTIONS
    return hand_over(leaving.rest(conversation) if asked else conversation, text)


def _find_own(conversation: Conversation) -> Client | None:
    """Find the service that the chat is linked to, if the customer possesses it."""
    link = conversation.link
    if link is None or link.client.service_id not in conversation.possessed_services:
        return None
    return link.client


def _tell_outcome(
    conversation: Conversation, event: Inquired, client: Client, moment: Moment
) -> Step:
    if event.balance is not None:
        told = _describe_balance(event.balance, client, moment)
        end = "saldo_fin" if event.balance.owed > 0 else "consulta_fin"
        return _tell(conversation, *told, end=end)
    if event.status is None:
        failure = _FAILURES.get(event.inquiry, "consulta_no")
        return _give_up(conversation, "consulta_muchas" if event.barred else failure)
    if event.inquiry is Inquiry.PLAN:
        return _tell(conversation, _describe_plan(event.status, client, moment), end="servicio_fin")
    return _explain_outage(conversation, event.status, client)


def _end_progress(before: Conversation, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """Let it take the place of "one moment", where that was said last, and of nothing else."""
    if before.shown.asked != "consultando" or before.shown.inquiries:
        return effects
    ends = before.shown.question
    return tuple(
        dataclasses.replace(one, ends=ends) if isinstance(one, Say) else one for one in effects
    )


def _tell(conversation: Conversation, *lines: Line, end: str = "consulta_fin") -> Step:
    """Tell it, and ask again what the customer owes an answer to; else say what to do next."""
    if STATES[conversation.state].owes_answer:
        return ask(conversation, *lines)
    return say(conversation, *lines, line(conversation, end))


def _describe_balance(balance: Balance, client: Client, moment: Moment) -> Iterator[Line]:
    values = {
        "servicio": _name(client),
        "suma": spell_pesos(balance.owed),
        "facturas": str(balance.invoices),
        "dia": _spell(balance.due, moment),
        "enlace": balance.link,
    }
    if balance.owed <= 0:
        yield Line(text="saldo_a_favor" if balance.owed else "saldo_cero", values=values)
        return
    yield Line(text="saldo_debe_varias" if balance.invoices > 1 else "saldo_debe", values=values)
    if balance.due:
        late = balance.due < _day_of(moment)
        yield Line(text="saldo_vencido" if late else "saldo_vence", values=values)
    if balance.link:
        yield Line(text="saldo_enlace", values=values)


def _describe_plan(status: ServiceStatus, client: Client, moment: Moment) -> Line:
    values = {
        "numero": str(client.service_id),
        "plan": status.plan or SUPPLIES[Supply.UNKNOWN],
        "estado": SUPPLIES[status.supply],
        "dia": _spell(status.cut_off, moment),
    }
    return Line(text="servicio_datos_corte" if status.cut_off else "servicio_datos", values=values)


def _explain_outage(conversation: Conversation, status: ServiceStatus, client: Client) -> Step:
    """Tell what explains that there is no internet; where nothing does, a person has to look."""
    reasons, end = list(_describe_reasons(status, client)), "falla_conocida_fin"
    if not reasons:
        return _question(conversation, status)
    if status.supply in _NO_SUPPLY:
        end = "falla_por_pago_fin" if _is_for_payment(status) else "falla_suspendido_fin"
    return _tell(conversation, *reasons, end=end)


def _describe_reasons(status: ServiceStatus, client: Client) -> Iterator[Line]:
    values = {"servicio": _name(client), "detalle": status.outage_words}
    if status.outage:
        text = "falla_conocida_dice" if status.outage_words else "falla_conocida"
        yield Line(text=text, values=values)
    if _is_for_payment(status):
        yield Line(text="falla_por_pago", values=values)
    elif status.supply in _NO_SUPPLY:
        yield Line(text=_NO_SUPPLY[status.supply], values=values)


def _is_for_payment(status: ServiceStatus) -> bool:
    return status.supply is Supply.SUSPENDED and status.unpaid


def _question(conversation: Conversation, status: ServiceStatus) -> Step:
    """Ask what a technician would, unless the customer is in the middle of something else."""
    nothing = (Line(text="falla_sin_motivo"),) if status.supply is Supply.ACTIVE else ()
    if conversation.state is State.DONE:
        asking = replace(conversation, state=QUESTIONS[0])
        return ask(asking, *nothing, Line(text="falla_preguntas"))
    if STATES[conversation.state].owes_answer:
        return ask(conversation, *nothing, Line(text="falla_revisar"))
    return say(conversation, *nothing, Line(text="falla_sin_motivo_fin"))


def _name(client: Client) -> str:
    return f"servicio {client.service_id}" + (f" ({client.plan})" if client.plan else "")


def _day_of(moment: Moment) -> str:
    return "-".join(reversed(moment.today.split("/")))


def _spell(day: str, moment: Moment) -> str:
    return spell_day(day, _day_of(moment)) if day else ""
