"""One-time codes asked for: of whoever may hold a phone on file, and of a new number."""

from state.conversation import Conversation, replace
from state.effects import Line, SendCode
from state.fields import phones
from state.fields.table import FIELDS, Field
from state.machine import recycling
from state.machine.asking import ask
from state.machine.moment import Moment, Step
from state.proof import Proof
from state.records import Challenge, Purpose
from state.states import State

LIFE = 600_000
"""Milliseconds that a code counts."""


def can_prove(conversation: Conversation, moment: Moment) -> bool:
    """Tell whether a code would show more: of who knows only, whether there is a phone or not."""
    knows = conversation.identity.proofs == (Proof.FACTS,)
    return moment.can_send_codes and knows and conversation.identity.client is not None


def prove(conversation: Conversation, moment: Moment, *lead: Line) -> Step:
    """Send a code to the phone on file; without one it is asked for all the same."""
    phone = recycling.find_mobile(conversation)
    return challenge(conversation, phone, Purpose.HOLDER, moment, *lead)


def can_prove_number(conversation: Conversation, field: Field, moment: Moment) -> bool:
    """Tell whether a code to the phone that was just given would change what is decided."""
    client, phone = conversation.identity.client, conversation.draft.answers[field]
    known = (conversation.account.person.own_phone, conversation.identity.owned)
    new = client is not None and phone not in client.phones and phone not in known
    reachable = FIELDS[field].by_code and bool(phones.mobile([phone]))
    return moment.can_send_codes and new and conversation.possesses and reachable


def prove_number(conversation: Conversation, field: Field, moment: Moment, *lead: Line) -> Step:
    """Send a code to the new phone that was just given."""
    phone = conversation.draft.answers[field]
    return challenge(conversation, phone, Purpose.NUMBER, moment, *lead)


def challenge(
    conversation: Conversation,
    phone: str,
    purpose: Purpose,
    moment: Moment,
    *lead: Line,
    sent: int = 1,
) -> Step:
    """Ask for a code that goes to a phone; where there is none, for one that never comes."""
    awaited = Challenge(
        code=moment.one_time_code, phone=phone, purpose=purpose, due=moment.now + LIFE, sent=sent
    )
    client = conversation.identity.client
    effect = SendCode(
        phone=phone, code=moment.one_time_code, service_id=client.service_id if client else 0
    )
    conversation = replace(
        conversation,
        state=State.CODE,
        identity=replace(conversation.identity, challenge=awaited),
        draft=replace(conversation.draft, misses=0),
    )
    conversation, effects = ask(conversation, *lead)
    return conversation, (*effects, effect) if phone else effects
