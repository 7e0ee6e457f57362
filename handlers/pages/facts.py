"""What the card shows of a record: what is known, masked, and what may be done with it."""

from collections.abc import Iterator, Mapping

from handlers.pages.changes import list_proofs, tell_saved
from handlers.pages.rows import CHANNELS
from state.conversation import Conversation
from state.fields import masks, phones
from state.fields.redaction import redact
from state.fields.table import FIELDS, Field
from state.machine import recycling
from state.messages.matters import MATTERS
from state.messages.staff import Card, Fact
from state.parts import KEPT
from state.proof import level
from state.records import Consent
from state.states import State


def list_facts(conversation: Conversation) -> list[tuple[str, str]]:
    """Show what is known, masked."""
    known = [
        (Fact.CHANNEL, CHANNELS.get(conversation.chat.channel, conversation.chat.channel)),
        (Fact.NAME, redact(conversation.account.person.name)),
        (Fact.NUMBER, masks.phone(conversation.account.person.shown_phone)),
        (Fact.CONSENT, _tell_consent(conversation.consent)),
        (Fact.LEVEL, f"{level(conversation.identity.proofs)}"),
        (Fact.PROOF, ", ".join(list_proofs(conversation)) or Card.NONE_FEMININE),
        *_show_given(conversation.draft.answers),
        (Fact.FAILURES, str(conversation.draft.misses)),
    ]
    if conversation.account.matter is not None:
        known.append((Fact.MATTER, MATTERS[conversation.account.matter]))
    if conversation.last_change is not None:
        known.append((Fact.LAST_CHANGE, tell_saved(conversation.last_change)))
    return [(name, value or Card.BLANK) for name, value in known]


def _tell_consent(consent: Consent | None) -> str:
    if consent is None:
        return Card.NO
    told = Card.CONSENT_ON if consent.on else Card.CONSENT
    return told.format(code=consent.code, on=consent.on)


def find_undoable(conversation: Conversation) -> str:
    """Tell the code of the change that can be undone now; empty if none can."""
    saved = conversation.last_change
    idle = conversation.state is State.DONE
    return saved.code if saved is not None and idle and saved.undoable else ""


def find_dictated(conversation: Conversation) -> str:
    """Name the code that somebody reads out now, without telling it; empty if nobody does."""
    challenge = conversation.identity.challenge
    return str(challenge.due) if challenge is not None and challenge.read_by else ""


def find_code(conversation: Conversation, agent: str) -> tuple[str, str] | None:
    """Find the code that this member of staff reads out, and the end of the number to call."""
    challenge = conversation.identity.challenge
    if challenge is None or not challenge.read_by or challenge.read_by != agent:
        return None
    return challenge.code, challenge.phone[-2:]


def has_number(conversation: Conversation) -> bool:
    """Tell whether a phone stands on file to which a code could be read out."""
    return bool(recycling.find_mobile(conversation))


def has_passed_number(conversation: Conversation) -> bool:
    """Tell whether a phone stands on file, but none to which a code is read out any more."""
    client = conversation.identity.client
    known = client is not None and bool(phones.mobile(client.phones))
    return known and not has_number(conversation)


def _show_given(answers: Mapping[Field, str]) -> Iterator[tuple[str, str]]:
    for field, info in FIELDS.items():
        answer = answers.get(field, "")
        text = Card.KEPT if answer == KEPT else info.mask(answer) or Card.BLANK
        yield Card.GIVEN.format(field=info.label), text
