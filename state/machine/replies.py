"""What the customer's message means in the state it meets."""

from state.conversation import Conversation, replace
from state.effects import button_id
from state.events import Heard, Invited, Medium, Pressed, Said, SentMedia, SharedContact
from state.fields import answers, invitations
from state.fields.answers import Answer
from state.machine import (
    choosing,
    collecting,
    commands,
    consenting,
    identifying,
    leaving,
    proving,
    reviewing,
)
from state.machine.asking import ask, choices, say
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.parts import Person
from state.states import State


def take(
    conversation: Conversation,
    event: Heard,
    moment: Moment,
) -> Step:
    """Answer the customer: exactly one message."""
    match event:
        case Pressed(button=button):
            return _pressed(conversation, button, moment)
        case Said(text=text):
            return _said(conversation, text, moment)
        case Invited(code=code):
            return _invited(conversation, code, moment)
        case SharedContact(phone=phone, own=own):
            return _shared(conversation, phone, moment, own=own)
        case SentMedia(medium=medium):
            return _sent(
                replace(
                    conversation,
                    account=replace(conversation.account, hinted=(medium.value, moment.now)),
                ),
                medium,
            )


def _pressed(conversation: Conversation, button: str, moment: Moment) -> Step:
    """Obey a button of the message that was said last, no other: buttons can be old or forged."""
    choice = button.rpartition(":")[2]
    offered = {name for name, _ in choices(conversation)}
    valid = button_id(conversation.shown.flow, conversation.shown.question, choice)
    if button != valid or choice not in offered:
        current = choosing.awake(conversation)
        return ask(current, line(current, "boton_viejo"))
    return choosing.carry_out(
        conversation, choice, moment, words=dict(choices(conversation))[choice]
    )


def _said(conversation: Conversation, text: str, moment: Moment) -> Step:
    """A command, a button as words or number, an invitation, or the answer to the question."""
    choice = _as_choice(conversation, text)
    if choice is not None:
        return choosing.carry_out(conversation, choice, moment, words=text)
    command = answers.command(text)
    if command is not None:
        return commands.obey(conversation, command)
    code = invitations.read(text)
    if code is not None and conversation.state in _INVITABLE:
        return _invited(conversation, code, moment)
    return _answer(conversation, text, moment)


_INVITABLE = (State.START, State.GREETING, State.SHARING, State.METHOD, State.SERVICE)


def _as_choice(conversation: Conversation, text: str) -> str | None:
    """Read a text as one of the buttons offered: by label, number, or a plain yes or no."""
    buttons = choices(conversation)
    index = answers.choice(text, [label for _, label in buttons])
    if index is not None:
        return buttons[index][0]
    answer = answers.yes_no(text)
    meanings = _YES if answer is Answer.YES else _NO if answer is Answer.NO else ()
    return next((name for name, _ in buttons if name in meanings), None)


_YES = (
    "start", "agree", "mine", "yes", "keep", "save", "cancel_yes", "revoke_yes", "erase_yes",
    "continue", "use_edit",
)  # fmt: skip
_NO = ("refuse", "not_mine", "again", "change", "correct", "keep_edit", "continue", "bye")


def _answer(conversation: Conversation, text: str, moment: Moment) -> Step:
    """Take free text as the answer to the state's question."""
    match conversation.state:
        case State.START | State.DONE:
            return commands.begin(conversation)
        case State.CONSENT:
            return consenting.unclear(conversation, moment, text)
        case State.SERVICE:
            return identifying.service(conversation, text)
        case State.HOLDER:
            return identifying.holder(conversation, text)
        case State.NAME | State.ADDRESS | State.PLAN | State.PRICE:
            return identifying.stated(conversation, text)
        case State.CODE:
            return proving.typed(conversation, text, moment)
        case State.DOCUMENT | State.CONFIRM_DOCUMENT:
            return collecting.document(conversation, text)
        case State.PHONE | State.CONFIRM_PHONE:
            return collecting.phone(conversation, text, moment)
        case State.SUMMARY | State.CORRECTION:
            return collecting.correction(conversation, text, moment) or _unclear(conversation)
        case State.REVIEW:
            return reviewing.replied(conversation, text)
        case State.FINDING | State.UPDATING | State.RETRYING:
            return ask(conversation)
        case State.GREETING | State.CONFIRM_SERVICE | State.SHARING | State.METHOD | State.PICK:
            return _unclear(conversation)


def _unclear(conversation: Conversation) -> Step:
    missed = replace(
        conversation, draft=replace(conversation.draft, misses=conversation.draft.misses + 1)
    )
    if missed.draft.misses == 1:
        return ask(missed, line(missed, "no_entendi_1"))
    return say(missed, line(missed, "no_entendi_2"))


def _invited(conversation: Conversation, code: str, moment: Moment) -> Step:
    """Keep the invitation until there is a consent, then look its service up."""
    if conversation.state in (State.UPDATING, State.RETRYING, State.REVIEW):
        return ask(conversation)
    free = leaving.drop_draft(conversation)
    invited = replace(free, lookup=replace(free.lookup, invitation=code))
    if consenting.stands(conversation, moment):
        return identifying.identify(invited)
    return ask(replace(invited, state=State.GREETING))


def _shared(conversation: Conversation, phone: str, moment: Moment, *, own: bool) -> Step:
    if conversation.state not in (State.SHARING, State.PHONE, State.CONFIRM_PHONE):
        return _awake_answer(conversation, "media")
    if not own:
        return say(conversation, line(conversation, "id_tel_ajeno"))
    number = phone.removeprefix("+")
    if conversation.state is State.SHARING:
        return identifying.shared(conversation, number)
    person = Person(user=conversation.account.person.user, phone=number)
    return collecting.phone(
        replace(conversation, account=replace(conversation.account, person=person)),
        f"+{number}",
        moment,
    )


def _sent(conversation: Conversation, medium: Medium) -> Step:
    about = {Medium.VOICE: "audio", Medium.IMAGE: "foto_doc", Medium.OTHER: "media"}
    return _awake_answer(conversation, about[medium])


def _awake_answer(conversation: Conversation, lead: str) -> Step:
    current = choosing.awake(conversation)
    return ask(current, line(current, lead))
