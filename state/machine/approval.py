"""A change that people decide: asked for, approved once or twice, refused, or moved meanwhile."""

import dataclasses

from state.conversation import Conversation, replace
from state.effects import SetLock
from state.events import Asked, Attested, Decided, Settled, Undone, Vouched
from state.machine import commands, leaving, updating
from state.machine.asking import ask, say
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.messages.staff import Reason
from state.proof import Proof
from state.records import UNSETTLED, Request, Standing, Timer, TimerName
from state.states import State

_REPLY = 500  # characters kept of a reply


def decide(conversation: Conversation, event: Decided, moment: Moment) -> Step:
    """Take a decision; one that comes second, or about another request, changes nothing."""
    request = conversation.change.request
    if request is None or request.code != event.code or conversation.state is not State.REVIEW:
        return conversation, ()
    if request.undoes and event.agent == request.asked_by and event.approved:
        return conversation, ()  # somebody else must agree
    if not event.approved:
        return _refuse(conversation, event.reason)
    return _approve(conversation, request, event.agent, moment)


def ask_customer(conversation: Conversation, event: Asked) -> Step:
    """Ask the customer what staff want to know before they decide."""
    request = conversation.change.request
    if request is None or request.code != event.code or not event.text.strip():
        return conversation, ()
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
    saved, idle = conversation.last_change, conversation.state is State.DONE
    if saved is None or saved.code != event.code or not saved.undoable or not idle:
        return conversation, ()
    request = Request(
        code=moment.reference,
        at=moment.now,
        reasons=(Reason.UNDOES.format(code=saved.code, reason=event.reason),),
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


def settle(conversation: Conversation, event: Settled) -> Step:
    """Note that a person saw to a change; it is read no more."""
    saved = conversation.last_change
    if saved is None or saved.code != event.code or saved.standing not in UNSETTLED:
        return conversation, ()
    done = dataclasses.replace(saved, standing=Standing.SETTLED)
    return replace(conversation, last_change=done, verification=None), ()


def vouch(conversation: Conversation, event: Vouched, moment: Moment) -> Step:
    """Take a member of staff's word for who the customer is; nothing is held back then."""
    assert event.reason
    proofs = tuple(dict.fromkeys((*conversation.identity.proofs, Proof.STAFF)))
    proven = leaving.with_proofs(conversation, proofs)
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
    request, timer = conversation.change.request, conversation.timer
    assert request is not None
    void = dataclasses.replace(request, contested=True, approved_by=())
    held = timer is not None and timer.name is TimerName.HELD
    return replace(
        conversation,
        change=replace(conversation.change, request=void),
        timer=None if held else timer,
    )


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
    """Write it, once as many people as it needs have approved, each of them once."""
    if agent in request.approved_by or request.contested:
        return conversation, ()
    approved = dataclasses.replace(request, approved_by=(*request.approved_by, agent))
    waiting = replace(conversation, change=replace(conversation.change, request=approved))
    if approved.is_approved and moment.now < approved.held_until:
        timer = Timer(name=TimerName.HELD, due=approved.held_until, generation=conversation.turns)
        conversation = replace(waiting, timer=timer)
        return say(conversation, line(conversation, "aprobada_retenida"))
    return _write(waiting, approved, moment)


def _write(conversation: Conversation, request: Request, moment: Moment) -> Step:
    """Write what as many people as it needs have approved, once it is held back no more."""
    if not request.is_approved or request.contested or moment.now < request.held_until:
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
