"""One-time codes: to a phone on file, to show whose it is, or to a new one before it is written."""

import dataclasses
import re

from state.conversation import Conversation, replace
from state.effects import Line, SendCode
from state.events import CodeRead, CodeUnsent
from state.fields import phones
from state.fields.table import FIELDS, Field
from state.machine import leaving, recycling
from state.machine.asking import ask, say
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.machine.questions import open_question
from state.parts import BOT, member
from state.proof import Proof
from state.records import Challenge, Purpose
from state.states import State

_LIFE = 600_000  # ms that a code counts
_WRONG = 3
_SENT = 3
_SIX = re.compile(r"\d{6}")


def can_prove(conversation: Conversation, moment: Moment) -> bool:
    """Tell whether a code would show more: of who knows only, whether there is a phone or not."""
    knows = conversation.identity.proofs == (Proof.FACTS,)
    return moment.can_send_codes and knows and conversation.identity.client is not None


def prove(conversation: Conversation, moment: Moment) -> Step:
    """Send a code to the phone on file; without one it is asked for all the same."""
    phone = recycling.find_mobile(conversation)
    return _challenge(conversation, phone, Purpose.HOLDER, moment)


def can_prove_number(conversation: Conversation, field: Field, moment: Moment) -> bool:
    """Tell whether a code to the phone that was just given would change what is decided."""
    client, phone = conversation.identity.client, conversation.draft.answers[field]
    known = (conversation.account.person.own_phone, conversation.identity.owned)
    new = client is not None and phone not in client.phones and phone not in known
    reachable = FIELDS[field].by_code and bool(phones.mobile([phone]))
    return moment.can_send_codes and new and conversation.possesses and reachable


def prove_number(conversation: Conversation, field: Field, moment: Moment) -> Step:
    """Send a code to the new phone that was just given."""
    return _challenge(conversation, conversation.draft.answers[field], Purpose.NUMBER, moment)


def read_out(conversation: Conversation, event: CodeRead, moment: Moment) -> Step:
    """Let staff read a code to whoever answers the phone on file; the bot takes it.

    It counts as one that is sent does, and for as long.
    """
    client, phone = conversation.identity.client, recycling.find_mobile(conversation)
    assert client is not None
    challenge = Challenge(
        code=moment.one_time_code,
        phone=phone,
        purpose=Purpose.HOLDER,
        due=moment.now + _LIFE,
        read_by=event.agent,
    )
    count = SendCode(phone=phone, code=challenge.code, service_id=client.service_id, read_out=True)
    conversation = replace(
        conversation,
        speaker=BOT,
        state=State.CODE,
        identity=replace(conversation.identity, challenge=challenge),
    )
    conversation, effects = ask(conversation)
    return conversation, (*effects, count)


def take_code(conversation: Conversation, text: str, moment: Moment) -> Step:
    """Take what was typed as the code: right, wrong, too late, or not one at all."""
    challenge = conversation.identity.challenge
    found = _SIX.findall("".join(text.split()))
    if challenge is None or moment.now >= challenge.due:
        return _go_on(conversation, line(conversation, "otp_fin"))
    if len(found) != 1:
        return say(conversation, line(conversation, "otp_seis"))
    if found[0] == challenge.code:
        return _add_proof(conversation, challenge)
    wrong = dataclasses.replace(challenge, wrong=challenge.wrong + 1)
    if wrong.wrong >= _WRONG:
        return _go_on(conversation, line(conversation, "otp_fin"))
    conversation = replace(conversation, identity=replace(conversation.identity, challenge=wrong))
    return say(conversation, line(conversation, "otp_mal"))


def resend(conversation: Conversation, moment: Moment) -> Step:
    """Send another code; the one before counts no more."""
    challenge = conversation.identity.challenge
    if challenge is None or challenge.read_by or challenge.sent >= _SENT:
        return _go_on(conversation, line(conversation, "otp_fin"))
    return _challenge(conversation, challenge.phone, challenge.purpose, moment, challenge.sent + 1)


def skip(conversation: Conversation) -> Step:
    """Go on without a code: people decide then."""
    return _go_on(conversation)


def go_on_without(conversation: Conversation, event: CodeUnsent) -> Step:
    """Go on without the code that could not be sent.

    Of a phone on file nothing is said: who waits in vain goes on with a button. Who was to read
    it out has the chat back.
    """
    challenge = conversation.identity.challenge
    if challenge is None or challenge.code != event.code or conversation.state is not State.CODE:
        return conversation, ()
    if challenge.read_by:
        return _give_back(conversation, challenge), ()
    if challenge.purpose is Purpose.HOLDER:
        return conversation, ()
    return _go_on(conversation, line(conversation, "otp_no_salio"))


def _challenge(
    conversation: Conversation, phone: str, purpose: Purpose, moment: Moment, sent: int = 1
) -> Step:
    challenge = Challenge(
        code=moment.one_time_code, phone=phone, purpose=purpose, due=moment.now + _LIFE, sent=sent
    )
    client = conversation.identity.client
    effect = SendCode(
        phone=phone, code=moment.one_time_code, service_id=client.service_id if client else 0
    )
    conversation = replace(
        conversation,
        state=State.CODE,
        identity=replace(conversation.identity, challenge=challenge),
        draft=replace(conversation.draft, misses=0),
    )
    conversation, effects = ask(conversation)
    return conversation, (*effects, effect) if phone else effects


def _add_proof(conversation: Conversation, challenge: Challenge) -> Step:
    """Take the proof: of the holder, or of the new number."""
    if challenge.purpose is Purpose.NUMBER:
        return _go_on(
            replace(conversation, identity=replace(conversation.identity, owned=challenge.phone))
        )
    proof = Proof.READ_OUT if challenge.read_by else Proof.CODE
    return _go_on(leaving.with_proof(conversation, proof, by=challenge.read_by))


def _give_back(conversation: Conversation, challenge: Challenge) -> Conversation:
    """Let the member of staff who may read out no more codes go on with the customer."""
    free = replace(conversation, identity=replace(conversation.identity, challenge=None))
    return replace(free, speaker=member(challenge.read_by), state=open_question(free))


def _go_on(conversation: Conversation, *lead: Line) -> Step:
    """Ask what comes next: what is not answered yet, or the summary."""
    conversation = replace(
        conversation,
        identity=replace(conversation.identity, challenge=None),
        draft=replace(conversation.draft, misses=0),
    )
    return ask(replace(conversation, state=open_question(conversation)), *lead)
