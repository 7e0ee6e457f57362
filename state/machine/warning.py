"""A warning: what the service's other chats hear of a change that was made, or is asked for."""

from state.conversation import Conversation, replace
from state.effects import Warn
from state.events import Warned
from state.machine.asking import Step, ask, changes, line, say


def warn(conversation: Conversation) -> Warn:
    """Have the service's other chats told what the answers change."""
    change, client = changes(conversation), conversation.client
    fields = [
        name
        for name, value in (("el documento", change.document), ("el celular", change.phone))
        if value is not None
    ]
    return Warn(service_id=client.service_id if client else 0, field=" y ".join(fields))


def warned(conversation: Conversation, event: Warned) -> Step:
    """Tell the customer, who may say that it was somebody else."""
    told = replace(conversation, warned_of=event.service_id)
    return say(told, line(told, "aviso_titular", campo=event.field))


def approved(conversation: Conversation) -> Step:
    """Take the customer's word that it was no stranger, and go on where we stood."""
    return ask(conversation, line(conversation, "aviso_gracias"))
