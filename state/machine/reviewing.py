"""A change that people decide: asked for, approved once or twice, refused, or moved meanwhile."""

from state.conversation import Conversation, Request, State, replace
from state.effects import SetLock
from state.events import Decided, Vouched
from state.machine import saving
from state.machine.asking import Step, line, say
from state.proof import Proof


def decided(conversation: Conversation, event: Decided) -> Step:
    """Take a decision; one that comes second, or about another request, changes nothing."""
    request = conversation.request
    if request is None or request.code != event.code or conversation.state is not State.REVIEW:
        return conversation, ()
    if not event.approved:
        return _refused(conversation, event.reason)
    return _approved(conversation, request, event.agent)


def vouched(conversation: Conversation, event: Vouched) -> Step:
    """Take a member of staff's word for who the customer is."""
    assert event.reason
    proofs = tuple(dict.fromkeys((*conversation.proofs, Proof.STAFF)))
    sure = replace(conversation, proofs=proofs, alarmed=False)
    if conversation.client is None:
        return sure, ()
    return sure, (SetLock(service_id=conversation.client.service_id, locked=False),)


def _approved(conversation: Conversation, request: Request, agent: str) -> Step:
    """Write it, once as many people as it needs have approved, each of them once."""
    if agent in request.approved_by:
        return conversation, ()
    by = (*request.approved_by, agent)
    approved = replace(conversation, request=_by(request, by))
    if len(by) < (2 if request.four_eyes else 1):
        return approved, ()
    writing, effect = saving.update(replace(approved, attempts=0))
    return writing, (effect,)


def _by(request: Request, agents: tuple[str, ...]) -> Request:
    return Request(
        code=request.code,
        at=request.at,
        reasons=request.reasons,
        four_eyes=request.four_eyes,
        approved_by=agents,
        moved=request.moved,
    )


def _refused(conversation: Conversation, reason: str) -> Step:
    """Tell the customer why; the answers are forgotten, the service is not."""
    code = conversation.request.code if conversation.request else ""
    ended = replace(conversation, request=None, document="", phone="", state=State.DONE)
    motive = reason.strip() or "no pudimos confirmar los datos"
    return say(ended, line(ended, "rechazada", codigo=code, motivo=motive))
