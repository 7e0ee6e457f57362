"""Which document, which phone: the answers that are collected."""

from state.conversation import Conversation, replace
from state.effects import FindClient
from state.fields import documents, phones
from state.fields.reading import Accepted, Doubtful, Reading, Refused
from state.machine import proving
from state.machine.asking import ask, say
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.messages import CATALOGUE
from state.parts import KEPT
from state.states import State

_MISSES = 3  # unusable answers in a row before a person is offered


def refresh(conversation: Conversation) -> Step:
    """Read the linked service again: what was read before may be old."""
    assert conversation.identity.client is not None
    effect = FindClient(
        service_id=conversation.identity.client.service_id, lookup=conversation.turns
    )
    looking = replace(conversation.lookup, number=conversation.turns, clue="")
    finding = replace(conversation, state=State.FINDING, lookup=looking)
    return say(finding, line(finding, "id_gracias"), then=(effect,))


def document(conversation: Conversation, text: str) -> Step:
    """Take an identity number, typed as people type it."""
    match documents.read(text):
        case Accepted(value=value):
            return _with_document(conversation, value)
        case Doubtful() as doubtful:
            return _doubt(replace(conversation, state=State.CONFIRM_DOCUMENT), doubtful)
        case refused:
            return _refused(replace(conversation, state=State.DOCUMENT), refused)


def phone(conversation: Conversation, text: str, moment: Moment) -> Step:
    """Take a phone, typed or shared."""
    match phones.read(text):
        case Accepted(value=value):
            return _with_phone(conversation, value, moment)
        case Doubtful() as doubtful:
            return _doubt(replace(conversation, state=State.CONFIRM_PHONE), doubtful)
        case refused:
            return _refused(replace(conversation, state=State.PHONE), refused)


def correction(conversation: Conversation, text: str, moment: Moment) -> Step | None:
    """Take "mi cédula es otra: 52…" at the summary; none if the text corrects nothing."""
    document, phone = documents.read(text), phones.read(text)
    if isinstance(phone, Accepted) and not isinstance(document, Accepted):
        return _with_phone(
            replace(conversation, draft=replace(conversation.draft, correcting=True)),
            phone.value,
            moment,
        )
    if isinstance(document, Accepted):
        return _with_document(
            replace(conversation, draft=replace(conversation.draft, correcting=True)),
            document.value,
        )
    return None


_OF_DOCUMENT = (State.DOCUMENT, State.CONFIRM_DOCUMENT)
_OF_PHONE = (State.PHONE, State.CONFIRM_PHONE)


def edited(conversation: Conversation, text: str) -> Step | None:
    """Offer what a changed answer says now; none if it is no answer, or too late to be one."""
    value = _reread(conversation, text)
    if value is None:
        return None
    if value in (conversation.draft.document, conversation.draft.phone):
        return conversation, ()
    offered = replace(
        conversation,
        draft=replace(conversation.draft, edited=(conversation.account.answered, value)),
    )
    shown = phones.spell(value, "national") if conversation.account.answered in _OF_PHONE else value
    return say(offered, line(offered, "edito", valor=shown))


def _reread(conversation: Conversation, text: str) -> str | None:
    answered = conversation.account.answered
    if conversation.state not in (*_OF_PHONE, State.SUMMARY, State.CORRECTION):
        return None
    if answered in _OF_DOCUMENT and conversation.draft.document:
        reading = documents.read(text)
    elif answered in _OF_PHONE and conversation.draft.phone:
        reading = phones.read(text)
    else:
        return None
    return None if isinstance(reading, Refused) else reading.value


def edit_used(conversation: Conversation, moment: Moment) -> Step:
    """Take what a changed answer says now, and go on where we stand."""
    answered, value = conversation.draft.edited
    if answered in _OF_PHONE:
        return _with_phone(conversation, value, moment)
    return ask(replace(conversation, draft=replace(conversation.draft, document=value)))


def confirmed(conversation: Conversation, moment: Moment) -> Step:
    """Take the doubtful answer that the customer says is right."""
    if conversation.state is State.CONFIRM_DOCUMENT:
        return _with_document(conversation, conversation.draft.candidate)
    return _with_phone(conversation, conversation.draft.candidate, moment)


def asked_again(conversation: Conversation) -> Step:
    """Drop the doubtful answer and ask once more."""
    phone = conversation.state is State.CONFIRM_PHONE
    state = State.PHONE if phone else State.DOCUMENT
    return ask(
        replace(
            conversation,
            state=state,
            draft=replace(conversation.draft, candidate="", doubt="", misses=0),
        )
    )


def replaces(conversation: Conversation) -> Step:
    """Ask for a phone that takes the place of those on file."""
    replacing = replace(
        conversation, state=State.PHONE, draft=replace(conversation.draft, replacing=True, misses=0)
    )
    return say(replacing, line(replacing, "tel_quitar"))


def kept(conversation: Conversation, moment: Moment) -> Step:
    """Leave what is on file."""
    if conversation.state is State.DOCUMENT:
        return _with_document(conversation, KEPT)
    return _with_phone(
        replace(conversation, draft=replace(conversation.draft, replacing=False)), KEPT, moment
    )


def _with_document(conversation: Conversation, value: str) -> Step:
    given = _clean(replace(conversation, draft=replace(conversation.draft, document=value)))
    if conversation.draft.correcting and conversation.draft.phone:
        return ask(replace(given, state=State.SUMMARY))
    return ask(replace(given, state=State.PHONE, draft=replace(given.draft, replacing=False)))


def _with_phone(conversation: Conversation, value: str, moment: Moment) -> Step:
    given = _clean(replace(conversation, draft=replace(conversation.draft, phone=value)))
    if proving.ownable(given, value, moment):
        return proving.own(given, moment)
    return ask(replace(given, state=State.SUMMARY))


def _clean(conversation: Conversation) -> Conversation:
    return replace(
        conversation,
        draft=replace(conversation.draft, candidate="", doubt="", misses=0, correcting=False),
    )


def _doubt(conversation: Conversation, doubtful: Doubtful) -> Step:
    return ask(
        replace(
            conversation,
            draft=replace(
                conversation.draft, candidate=doubtful.value, doubt=doubtful.cause, misses=0
            ),
        )
    )


def _refused(conversation: Conversation, refused: Reading) -> Step:
    """Say why the answer cannot be used; after three in a row, offer a person too."""
    assert isinstance(refused, Refused)
    missed = replace(
        conversation, draft=replace(conversation.draft, misses=conversation.draft.misses + 1)
    )
    cause = line(missed, refused.cause, **refused.values)
    if missed.draft.misses < _MISSES or CATALOGUE[refused.cause].buttons:
        return say(missed, cause)
    return say(missed, cause, line(missed, "ofrecer_asesor"))
