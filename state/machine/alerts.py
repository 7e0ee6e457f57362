"""A warning: what other chats and old numbers hear of a change, and their word on it."""

from collections.abc import Collection, Mapping

from state.client import UNKNOWN, Client, OnFile, alike
from state.conversation import Conversation, replace
from state.effects import Attest, Warn
from state.events import Warned
from state.fields import phones
from state.fields.reading import Refused
from state.fields.table import FIELDS, Field
from state.machine.asking import ask, say
from state.machine.changes import list_changes
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.parts import QUEUE, Person
from state.records import Notice

_MOST = 3  # old numbers that are told


def build_warning(conversation: Conversation) -> Warn:
    """Have everybody told who should know what the answers change; nothing is a link."""
    changed, client = list_changes(conversation), conversation.identity.client or UNKNOWN
    own = {f"+{conversation.account.person.phone}", conversation.identity.owned}
    own |= {change.new for change in changed}
    request = conversation.change.request
    return Warn(
        service_id=client.service_id,
        action=_describe([change.field for change in changed]) if changed else "vincularse a",
        code=conversation.change.reference,
        held=request is not None and request.held_until > 0,
        phones=_list_old_phones(client, own),
    )


def build_program_warning(
    client: Client, contents: Mapping[Field, OnFile], program: str
) -> Warn | None:
    """Have the same people told what a program writes; None if it only spells it otherwise."""
    new = {field: _read(field, it.text) for field, it in contents.items()}
    changed = [
        field
        for field, values in new.items()
        if not values or not alike(field, values, client.of(field).values)
    ]
    if not changed:
        return None
    return Warn(
        service_id=client.service_id,
        action=_describe(changed),
        code=program,
        phones=_list_old_phones(client, new.get(Field.PHONE, ())),
    )


def _read(field: Field, text: str) -> tuple[str, ...]:
    """Read what is written to the letter; nothing if it cannot be read."""
    reading = FIELDS[field].read(text)
    return () if isinstance(reading, Refused) else (reading.value,)


def _describe(fields: Collection[Field]) -> str:
    """Say what is changed, as a customer reads it."""
    return f"cambiar {' y '.join(FIELDS[field].named for field in fields)} de"


def _list_old_phones(client: Client, own: Collection[str]) -> tuple[str, ...]:
    """List the mobile numbers on file that are not the asker's own."""
    old = (number for number in client.phones if number not in own)
    return tuple(number for number in old if phones.mobile([number]))[:_MOST]


def take_warning(conversation: Conversation, event: Warned, moment: Moment) -> Step:
    """Tell the customer, who may say that it was somebody else; a program has no chat."""
    known, told_by = conversation.account.person, moment.person
    person = (
        known
        if known.phone
        else Person(user=known.user or told_by.user, phone=told_by.phone, name=known.name)
    )
    notice = Notice(
        service_id=event.service_id,
        chat=event.chat,
        code=event.code,
        holder=bool(person.own_phone) and person.own_phone in event.phones,
    )
    conversation = replace(
        conversation, notice=notice, account=replace(conversation.account, person=person)
    )
    text = "aviso_retenido" if event.held else "aviso_titular" if event.chat else "aviso_programa"
    return say(conversation, line(conversation, text, accion=event.action))


def own_up(conversation: Conversation) -> Step:
    """Take the customer's word that it was no stranger, and go on where we stood."""
    notice, conversation = conversation.notice, replace(conversation, notice=None)
    thanks = line(conversation, "aviso_gracias")
    if conversation.speaker == QUEUE:
        after, effects = say(conversation, thanks, line(conversation, "en_fila"))
    else:
        after, effects = ask(conversation, thanks)
    if notice is None or not notice.holder or not notice.chat:
        return after, effects
    return after, (*effects, Attest(chat=notice.chat, code=notice.code, own=True))
