"""A change that people decide: asked for, approved once or twice, refused, or moved meanwhile."""

import dataclasses

from state.conversation import Conversation, replace
from state.effects import SetLock
from state.events import Attested
from state.machine import commands, leaving, two_people, updating
from state.machine.asking import ask, say
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.messages.staff import Reason
from state.proof import Proof
from state.records import Request, Standing, Timer, TimerName
from state.staff_actions import (
    Asked,
    Decided,
    Undone,
    Vouched,
)
from state.states import State

_REPLY = 500  # characters kept of a reply


def decide(conversation: Conversation, event: Decided, moment: Moment) -> Step:
    """Take a decision on the request that waits."""
    request = conversation.change.request
    assert request is not None
    if not event.approved:
        return _refuse(conversation, event.reason)
    return _approve(conversation, request, event.agent, moment)


def ask_customer(conversation: Conversation, event: Asked) -> Step:
    """Ask the customer what staff want to know before they decide."""
    request = conversation.change.request
    assert request is not None
    query = dataclasses.replace(request, query=event.text.strip(), reply="")
    conversation = replace(conversation, change=replace(conversation.change, request=query))
    return say(conversation, line(conversation, "pregunta_asesor", pregunta=query.query))


def take_reply(conversation: Conversation, text: str) -> Step:
    """Take the customer's words as the reply, if staff asked; else tell how it stands."""
    request = conversation.change.request
    if request is None or not request.query or request.reply:
        return ask(conversation)
    reply = dataclasses.replace(request, reply=text.strip()[:_REPLY])
    conversation = replace(conversation, change=replace(conversation.change, request=reply))
    return say(conversation, line(conversation, "respuesta_recibida"))


def request_undo(conversation: Conversation, event: Undone, moment: Moment) -> Step:
    """Ask people to put back what stood there before the last change; the customer hears later."""
    request = Request(
        code=moment.reference,
        at=moment.now,
        reasons=(Reason.UNDOES.format(code=event.code, reason=event.reason),),
        undoes=True,
        asked_by=event.agent,
    )
    conversation = replace(
        conversation,
        state=State.REVIEW,
        change=replace(
            conversation.change, request=request, reference=moment.reference, attempts=0
        ),
    )
    return conversation, ()


def settle(conversation: Conversation) -> Step:
    """Note that a person saw to a change; it is read no more."""
    saved = conversation.last_change
    assert saved is not None
    done = dataclasses.replace(saved, standing=Standing.SETTLED)
    return replace(conversation, last_change=done, verification=None), ()


def vouch(conversation: Conversation, event: Vouched, moment: Moment) -> Step:
    """Take a member of staff's word for who the customer is; nothing is held back then.

    Where two people are needed, whoever vouched is one of them.
    """
    proven = leaving.with_proof(conversation, Proof.STAFF, by=event.agent)
    trusted = replace(proven, lookup=replace(proven.lookup, alarmed=False))
    sure, effects = _release(trusted, moment)
    if conversation.identity.client is None:
        return sure, effects
    return sure, (
        SetLock(service_id=conversation.identity.client.service_id, locked=False),
        *effects,
    )


def attest(conversation: Conversation, event: Attested, moment: Moment) -> Step:
    """Take the word of whoever was told of our change: it may be written, or it is stopped.

    A yes does not outweigh a no: only staff do, once they made sure.
    """
    request, saved = conversation.change.request, conversation.last_change
    if request is not None and request.code == event.code:
        if not event.own:
            return _stop(conversation), ()
        return (conversation, ()) if request.contested else _release(conversation, moment)
    if saved is not None and saved.code == event.code and not event.own:
        return replace(conversation, last_change=commands.contest(saved)), ()
    return conversation, ()


def write_when_due(conversation: Conversation, moment: Moment) -> Step:
    """Write what was approved, now that the old number has had its day to object."""
    request = conversation.change.request
    if request is None or conversation.state is not State.REVIEW:
        return conversation, ()
    return _write(conversation, request, moment)


def _stop(conversation: Conversation) -> Conversation:
    """Void the approvals; what was tried already is not tried again."""
    timer = conversation.timer
    held = timer is not None and timer.name is TimerName.HELD
    return replace(commands.contest_request(conversation), timer=None if held else timer)


def _release(conversation: Conversation, moment: Moment) -> Step:
    """Hold the request back no more; what was approved already is written."""
    request = conversation.change.request
    if request is None or conversation.state is not State.REVIEW:
        return conversation, ()
    free = dataclasses.replace(request, held_until=0, contested=False)
    return _write(
        replace(conversation, change=replace(conversation.change, request=free)), free, moment
    )


def _approve(conversation: Conversation, request: Request, agent: str, moment: Moment) -> Step:
    """Write it, once as many people as it needs stand for it."""
    approved = dataclasses.replace(request, approved_by=(*request.approved_by, agent))
    waiting = replace(conversation, change=replace(conversation.change, request=approved))
    if two_people.is_agreed(waiting) and moment.now < approved.held_until:
        timer = Timer(name=TimerName.HELD, due=approved.held_until, generation=conversation.turns)
        conversation = replace(waiting, timer=timer)
        return say(conversation, line(conversation, "aprobada_retenida"))
    return _write(waiting, approved, moment)


def _write(conversation: Conversation, request: Request, moment: Moment) -> Step:
    """Write what as many people as it needs stand for, once it is held back no more."""
    waits = request.contested or moment.now < request.held_until
    if waits or not two_people.is_agreed(conversation):
        return conversation, ()
    conversation, effect = updating.update(
        replace(conversation, change=replace(conversation.change, attempts=0), timer=None), moment
    )
    return conversation, (effect,)


def _refuse(conversation: Conversation, reason: str) -> Step:
    """Tell the customer why; the answers are forgotten, a link is not."""
    request = conversation.change.request
    code = request.code if request else ""
    conversation = leaving.drop_draft(conversation)
    if request and request.undoes:  # the customer never heard of it
        return conversation, ()
    motive = reason.strip() or "no pudimos confirmar los datos"
    return say(conversation, line(conversation, "rechazada", codigo=code, motivo=motive))
