"""A change that people decide: asked for, approved once or twice, refused, or moved meanwhile."""

import dataclasses

from state.conversation import Conversation, State, replace
from state.effects import SetLock
from state.events import Asked, Decided, Settled, Undone, Vouched
from state.machine import saving
from state.machine.asking import Moment, Step, ask, line, say
from state.proof import Proof
from state.records import Request, Standing

_REPLY = 500  # characters kept of a reply


def decided(conversation: Conversation, event: Decided, moment: Moment) -> Step:
    """Take a decision; one that comes second, or about another request, changes nothing."""
    request = conversation.request
    if request is None or request.code != event.code or conversation.state is not State.REVIEW:
        return conversation, ()
    if request.undoes and event.agent == request.asked_by and event.approved:
        return conversation, ()  # somebody else must agree
    if not event.approved:
        return _refused(conversation, event.reason)
    return _approved(conversation, request, event.agent, moment)


def asked(conversation: Conversation, event: Asked) -> Step:
    """Ask the customer what staff want to know before they decide."""
    request = conversation.request
    if request is None or request.code != event.code or not event.text.strip():
        return conversation, ()
    query = dataclasses.replace(request, query=event.text.strip(), reply="")
    asking = replace(conversation, request=query)
    return say(asking, line(asking, "pregunta_asesor", pregunta=query.query))


def replied(conversation: Conversation, text: str) -> Step:
    """Take the customer's words as the reply, if staff asked; else tell how it stands."""
    request = conversation.request
    if request is None or not request.query or request.reply:
        return ask(conversation)
    reply = dataclasses.replace(request, reply=text.strip()[:_REPLY])
    told = replace(conversation, request=reply)
    return say(told, line(told, "respuesta_recibida"))


def undone(conversation: Conversation, event: Undone, moment: Moment) -> Step:
    """Ask people to put back what stood there before the last change; the customer hears later."""
    saved, idle = conversation.saved, conversation.state is State.DONE
    if saved is None or saved.code != event.code or not saved.undoable or not idle:
        return conversation, ()
    request = Request(
        code=moment.code,
        at=moment.now,
        reasons=(f"deshace el cambio {saved.code}: {event.reason}",),
        undoes=True,
        asked_by=event.agent,
    )
    asked = replace(conversation, state=State.REVIEW, request=request, code=moment.code, attempts=0)
    return asked, ()


def settled(conversation: Conversation, event: Settled) -> Step:
    """Note that a person saw to a change that was lost or unknown."""
    saved = conversation.saved
    if saved is None or saved.code != event.code or conversation.pending is None:
        return conversation, ()
    done = dataclasses.replace(saved, standing=Standing.SETTLED)
    return replace(conversation, saved=done), ()


def vouched(conversation: Conversation, event: Vouched) -> Step:
    """Take a member of staff's word for who the customer is."""
    assert event.reason
    proofs = tuple(dict.fromkeys((*conversation.proofs, Proof.STAFF)))
    sure = replace(conversation, proofs=proofs, alarmed=False)
    if conversation.client is None:
        return sure, ()
    return sure, (SetLock(service_id=conversation.client.service_id, locked=False),)


def _approved(conversation: Conversation, request: Request, agent: str, moment: Moment) -> Step:
    """Write it, once as many people as it needs have approved, each of them once."""
    if agent in request.approved_by:
        return conversation, ()
    by = (*request.approved_by, agent)
    approved = replace(conversation, request=dataclasses.replace(request, approved_by=by))
    if len(by) < (2 if request.four_eyes else 1):
        return approved, ()
    writing, effect = saving.update(replace(approved, attempts=0), moment)
    return writing, (effect,)


def _refused(conversation: Conversation, reason: str) -> Step:
    """Tell the customer why; the answers are forgotten, the service is not."""
    request = conversation.request
    code = request.code if request else ""
    ended = replace(conversation, request=None, document="", phone="", state=State.DONE)
    if request and request.undoes:  # the customer never heard of it
        return ended, ()
    motive = reason.strip() or "no pudimos confirmar los datos"
    return say(ended, line(ended, "rechazada", codigo=code, motivo=motive))
