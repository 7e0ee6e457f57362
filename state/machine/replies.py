"""What the customer's message means in the state it meets."""

from collections.abc import Callable

from state.conversation import Conversation, replace
from state.events import CustomerInput, Invited, Medium, Pressed, Said, SentMedia, SharedContact
from state.fields import answers, invitations
from state.fields.answers import Command
from state.fields.offers import How, Offer, Offers, Slot
from state.fields.table import Field
from state.machine import (
    approval,
    buttons,
    commands,
    consent,
    hearing,
    identification,
    inquiries,
    leaving,
    offering,
    one_time_codes,
    onward,
    profile,
)
from state.machine.asking import ask, find_choice, say
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.machine.questions import FIELD_OF
from state.parts import BOT
from state.states import FACTS, STATES, State, Stop


def take(
    conversation: Conversation,
    event: CustomerInput,
    moment: Moment,
) -> Step:
    """Answer the customer: exactly one message."""
    match event:
        case Pressed(button=button):
            return _press(conversation, button, moment)
        case Said(text=text):
            return _read_text(conversation, text, moment)
        case Invited(code=code):
            return _invite(conversation, code, moment)
        case SharedContact(phone=phone, own=True):
            return _take_own_contact(conversation, phone.removeprefix("+"), moment)
        case SharedContact(phone=phone, others=others):
            return _take_card(conversation, (phone, *others), moment)
        case SentMedia(medium=medium):
            return _take_media(
                replace(
                    conversation,
                    account=replace(conversation.account, hinted=(medium.value, moment.now)),
                ),
                medium,
            )


def wait(conversation: Conversation, event: CustomerInput, moment: Moment) -> Step:
    """Answer somebody who waits for a person; a word against a change, and one's rights, count."""
    choice = command = None
    if isinstance(event, Pressed):
        choice = find_choice(conversation, event.button)
    elif isinstance(event, Said):
        name, command = buttons.read_choice(conversation, event.text), answers.command(event.text)
        choice = None if name is None else (name, event.text)
    if choice is not None and choice[0] in _CHOICES_OF_RIGHT:
        return buttons.carry_out(conversation, choice[0], moment, words=choice[1])
    if command in _COMMANDS_OF_RIGHT:
        return commands.obey(conversation, command)
    if commands.wants_the_bot(conversation, event):
        return onward.resume(replace(conversation, speaker=BOT), moment)
    if isinstance(event, Said):
        conversation = hearing.listen(conversation, event.text)
    return commands.wait(conversation)


_CHOICES_OF_RIGHT = ("not_me", "was_me", "erase", "erase_yes", "revoke", "revoke_yes")
_COMMANDS_OF_RIGHT = (Command.NOT_ME, Command.ERASE, Command.REVOKE)
"""What is heard also while the customer waits for a person."""


def _press(conversation: Conversation, button: str, moment: Moment) -> Step:
    """Obey a button that still counts, no other: buttons can be old or forged."""
    found = find_choice(conversation, button)
    if found is None:
        conversation = buttons.wake(conversation)
        return ask(conversation, line(conversation, "boton_viejo"))
    choice, label = found
    return buttons.carry_out(conversation, choice, moment, words=label)


def _read_text(conversation: Conversation, text: str, moment: Moment) -> Step:
    """A command, a button as words or number, an invitation, or the answer to the question."""
    choice = buttons.read_choice(conversation, text)
    if choice is not None:
        return buttons.carry_out(conversation, choice, moment, words=text)
    command = answers.command(text)
    if command is not None:
        return commands.obey(conversation, command)
    code = invitations.read(text)
    if code is not None and STATES[conversation.state].takes_invitation:
        return _invite(conversation, code, moment)
    meant = buttons.read_row(conversation, text) or buttons.read_meaning(conversation, text)
    if meant is not None:
        return buttons.carry_out(conversation, meant, moment, words=text)
    heard = hearing.hear(conversation, text, moment)
    return heard or ANSWERS[conversation.state](conversation, text, moment)


def _ask_again(conversation: Conversation) -> Step:
    conversation = replace(
        conversation, draft=replace(conversation.draft, misses=conversation.draft.misses + 1)
    )
    if conversation.draft.misses == 1:
        return ask(conversation, line(conversation, "no_entendi_1"))
    lead, offer = line(conversation, "no_entendi_2"), line(conversation, "ofrecer_asesor")
    return ask(conversation, lead, after=(offer,))


def _invite(conversation: Conversation, code: str, moment: Moment) -> Step:
    """Keep the invitation until there is a consent, then look its service up."""
    match STATES[conversation.state].stop:
        case Stop.LATE:
            return ask(conversation)
        case Stop.REQUEST:
            return commands.ask_to_withdraw(conversation)
        case Stop.NOTHING | Stop.ANSWERS:
            pass
    free = offering.keep(leaving.drop_draft(conversation), conversation.offers)
    invited = replace(free, lookup=replace(free.lookup, invitation=code))
    return consent.begin(invited, moment)


def _take_own_contact(conversation: Conversation, number: str, moment: Moment) -> Step:
    """Take the customer's own number: it finds the service, or is one for the file."""
    if conversation.state in _SEEKING:
        return identification.search_by_channel_phone(conversation, number)
    if FIELD_OF.get(conversation.state) is Field.PHONE:
        conversation = identification.note_own_number(conversation, number)
        return profile.answer(conversation, Field.PHONE, f"+{number}", moment)
    if consent.is_valid(conversation, moment):
        conversation = identification.note_own_number(conversation, number)
    return _take_phones(conversation, Offers(certain=(_offer(number),)), moment)


def _take_card(conversation: Conversation, phones: tuple[str, ...], moment: Moment) -> Step:
    """Take somebody's card: whether its number, or which of them, is for the file is asked."""
    if conversation.state is State.SHARING:
        return say(conversation, line(conversation, "id_tel_ajeno"))
    return _take_phones(conversation, Offers(doubtful=tuple(map(_offer, phones))), moment)


def _take_phones(conversation: Conversation, offers: Offers, moment: Moment) -> Step:
    return hearing.take_offers(conversation, offers, moment) or _wake_and_ask(conversation, "media")


def _offer(number: str) -> Offer:
    return Offer(slot=Slot.PHONE, value=f"+{number.removeprefix('+')}", how=How.SHAPED)


_SEEKING = (State.SHARING, State.METHOD, State.HOLDER, State.SERVICE, *FACTS)
"""Where the number that the channel vouches for finds the service at once."""


def _take_media(conversation: Conversation, medium: Medium) -> Step:
    about = {Medium.VOICE: "audio", Medium.IMAGE: "foto_doc", Medium.OTHER: "media"}
    return _wake_and_ask(conversation, about[medium])


def _wake_and_ask(conversation: Conversation, lead: str) -> Step:
    conversation = buttons.wake(conversation)
    return ask(conversation, line(conversation, lead))


def _repeat(conversation: Conversation, _: str, __: Moment) -> Step:
    return ask(conversation)


def _choice(conversation: Conversation, _: str, __: Moment) -> Step:
    """Only a choice answers this question."""
    return _ask_again(conversation)


def _field(conversation: Conversation, text: str, moment: Moment) -> Step:
    return profile.answer(conversation, FIELD_OF[conversation.state], text, moment)


def _beginning(conversation: Conversation, _: str, __: Moment) -> Step:
    return commands.begin(conversation)


def _correct(conversation: Conversation, text: str, moment: Moment) -> Step:
    return profile.take_correction(conversation, text, moment) or _ask_again(conversation)


Answering = Callable[[Conversation, str, Moment], Step]

ANSWERS: dict[State, Answering] = {
    State.START: _beginning,
    State.GREETING: _choice,
    State.CONSENT: lambda talk, _, __: consent.explain(talk),
    State.SHARING: _choice,
    State.METHOD: _choice,
    State.SERVICE: lambda talk, text, _: identification.take_service(talk, text),
    State.HOLDER: lambda talk, text, _: identification.take_holder(talk, text),
    State.NAME: lambda talk, text, _: identification.take_fact(talk, text),
    State.ADDRESS: lambda talk, text, _: identification.take_fact(talk, text),
    State.PLAN: lambda talk, text, _: identification.take_fact(talk, text),
    State.PRICE: lambda talk, text, _: identification.take_fact(talk, text),
    State.FINDING: _repeat,
    State.PICK: _choice,
    State.CODE: one_time_codes.take_code,
    State.CONFIRM_SERVICE: _choice,
    **dict.fromkeys(FIELD_OF, _field),
    State.SUMMARY: _correct,
    State.CORRECTION: _correct,
    State.REVIEW: lambda talk, text, _: approval.take_reply(talk, text),
    State.UPDATING: _repeat,
    State.RETRYING: _repeat,
    **dict.fromkeys(inquiries.QUESTIONS, lambda talk, _, __: inquiries.take_answer(talk)),
    State.DONE: _beginning,
}
"""How free text is taken in each state."""

assert ANSWERS.keys() == set(State)
