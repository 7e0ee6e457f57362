"""One-time codes: to a phone on file, to show whose it is, or to a new one before it is written."""

import dataclasses
import re

from state.conversation import Conversation, replace
from state.effects import Line, SendCode
from state.events import CodeUnsent
from state.machine import leaving, onward, recycling
from state.machine.asking import ask, say
from state.machine.challenges import LIFE, challenge
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.machine.questions import open_question
from state.parts import BOT, member
from state.proof import Proof
from state.records import Challenge, Purpose
from state.staff_actions import CodeRead
from state.states import State

_WRONG = 3
_SENT = 3
_SIX = re.compile(r"(?<!\d)\d{6}(?!\d)")


def read_out(conversation: Conversation, event: CodeRead, moment: Moment) -> Step:
    """Let staff read a code to whoever answers the phone on file; the bot takes it.

    It counts as one that is sent does, and for as long.
    """
    client, phone = conversation.identity.client, recycling.find_mobile(conversation)
    assert client is not None
    awaited = Challenge(
        code=moment.one_time_code,
        phone=phone,
        purpose=Purpose.HOLDER,
        due=moment.now + LIFE,
        read_by=event.agent,
    )
    count = SendCode(phone=phone, code=awaited.code, service_id=client.service_id, read_out=True)
    conversation = replace(
        conversation,
        speaker=BOT,
        state=State.CODE,
        identity=replace(conversation.identity, challenge=awaited),
    )
    conversation, effects = ask(conversation)
    return conversation, (*effects, count)


def holds_code(text: str) -> bool:
    """Tell whether a text holds six digits, however they are grouped, and no others."""
    return bool(_SIX.fullmatch("".join(c for c in text if c.isdigit())))


def take_code(conversation: Conversation, text: str, moment: Moment) -> Step:
    """Take what was typed as the code: right, wrong, too late, or not one at all."""
    awaited = conversation.identity.challenge
    digits = "".join(c for c in text if c.isdigit())
    found = _SIX.findall(digits)
    if awaited is None or moment.now >= awaited.due:
        return _go_on(conversation, moment, line(conversation, "otp_fin"))
    if len(found) != 1:
        return say(conversation, line(conversation, "otp_seis"))
    if found[0] == awaited.code:
        return _add_proof(conversation, awaited, moment)
    wrong = dataclasses.replace(awaited, wrong=awaited.wrong + 1)
    if wrong.wrong >= _WRONG:
        return _go_on(conversation, moment, line(conversation, "otp_fin"))
    conversation = replace(conversation, identity=replace(conversation.identity, challenge=wrong))
    return say(conversation, line(conversation, "otp_mal"))


def resend(conversation: Conversation, moment: Moment) -> Step:
    """Send another code; the one before counts no more."""
    awaited = conversation.identity.challenge
    if awaited is None or awaited.read_by or awaited.sent >= _SENT:
        return _go_on(conversation, moment, line(conversation, "otp_fin"))
    sent = awaited.sent + 1
    return challenge(conversation, awaited.phone, awaited.purpose, moment, sent=sent)


def skip(conversation: Conversation, moment: Moment) -> Step:
    """Go on without a code: people decide then."""
    return _go_on(conversation, moment)


def go_on_without(conversation: Conversation, event: CodeUnsent, moment: Moment) -> Step:
    """Go on without the code that could not be sent.

    Of a phone on file nothing is said: who waits in vain goes on with a button. Who was to read
    it out has the chat back.
    """
    awaited = conversation.identity.challenge
    if awaited is None or awaited.code != event.code or conversation.state is not State.CODE:
        return conversation, ()
    if awaited.read_by:
        return _give_back(conversation, awaited), ()
    if awaited.purpose is Purpose.HOLDER:
        return conversation, ()
    return _go_on(conversation, moment, line(conversation, "otp_no_salio"))


def _add_proof(conversation: Conversation, awaited: Challenge, moment: Moment) -> Step:
    """Take the proof: of the holder, or of the new number."""
    if awaited.purpose is Purpose.NUMBER:
        owned = replace(conversation.identity, owned=awaited.phone)
        return _go_on(replace(conversation, identity=owned), moment)
    proof = Proof.READ_OUT if awaited.read_by else Proof.CODE
    return _go_on(leaving.with_proof(conversation, proof, by=awaited.read_by), moment)


def _give_back(conversation: Conversation, awaited: Challenge) -> Conversation:
    """Let the member of staff who may read out no more codes go on with the customer."""
    free = replace(conversation, identity=replace(conversation.identity, challenge=None))
    return replace(free, speaker=member(awaited.read_by), state=open_question(free))


def _go_on(conversation: Conversation, moment: Moment, *lead: Line) -> Step:
    """Ask what comes next: what is not answered yet, or the summary."""
    conversation = replace(
        conversation,
        identity=replace(conversation.identity, challenge=None),
        draft=replace(conversation.draft, misses=0),
    )
    return onward.go_on(conversation, open_question(conversation), moment, *lead)
