"""A warning: what other chats and old numbers hear of a change, and their word on it."""

from state.client import UNKNOWN
from state.conversation import Conversation, replace
from state.effects import Attest, Warn
from state.events import Warned
from state.fields import phones
from state.fields.table import FIELDS
from state.machine.asking import ask, say
from state.machine.changes import list_changes
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.parts import Person
from state.records import Notice

_MOST = 3  # old numbers that are told


def build_warning(conversation: Conversation) -> Warn:
    """Have everybody told who should know what the answers change; nothing is a link."""
    changed, client = list_changes(conversation), conversation.identity.client or UNKNOWN
    fields = [FIELDS[change.field].named for change in changed]
    own = {f"+{conversation.account.person.phone}", conversation.identity.owned}
    own |= {change.new for change in changed}
    old = (number for number in client.phones if number not in own)
    request = conversation.change.request
    return Warn(
        service_id=client.service_id,
        action=f"cambiar {' y '.join(fields)} de" if fields else "vincularse a",
        code=conversation.change.reference,
        held=request is not None and request.held_until > 0,
        phones=tuple(number for number in old if phones.mobile([number]))[:_MOST],
    )


def take_warning(conversation: Conversation, event: Warned, moment: Moment) -> Step:
    """Tell the customer, who may say that it was somebody else."""
    known, told_by = conversation.account.person, moment.person
    person = Person(user=known.user or told_by.user, phone=known.phone or told_by.phone)
    notice = Notice(
        service_id=event.service_id,
        chat=event.chat,
        code=event.code,
        holder=bool(person.phone) and f"+{person.phone}" in event.phones,
    )
    conversation = replace(
        conversation, notice=notice, account=replace(conversation.account, person=person)
    )
    text = "aviso_retenido" if event.held else "aviso_titular"
    return say(conversation, line(conversation, text, accion=event.action))


def own_up(conversation: Conversation) -> Step:
    """Take the customer's word that it was no stranger, and go on where we stood."""
    notice, conversation = conversation.notice, replace(conversation, notice=None)
    after, effects = ask(conversation, line(conversation, "aviso_gracias"))
    if notice is None or not notice.holder:
        return after, effects
    return after, (*effects, Attest(chat=notice.chat, code=notice.code, own=True))
