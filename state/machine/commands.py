"""What works in every state: help, back, cancel, restart, a person, one's own data."""

import dataclasses

from state.conversation import Conversation, replace
from state.effects import Attest, SetLock, button_id
from state.events import Event, Pressed, Said
from state.fields import answers
from state.fields.answers import Command
from state.fields.choices import read_choice
from state.machine import leaving
from state.machine.asking import ask, find_choice, say
from state.machine.filling import line
from state.machine.moment import Step
from state.messages import CATALOGUE
from state.parts import QUEUE
from state.records import STANDING, SavedChange, Standing
from state.states import STATES, State, Stop


def obey(conversation: Conversation, command: Command) -> Step:
    """Carry out a command that works in every state."""
    match command:
        case Command.BACK:
            return back(conversation)
        case Command.CANCEL:
            return cancel(conversation)
        case Command.RESTART:
            return restart(conversation)
        case Command.PERSON:
            return hand_over(conversation)
        case Command.ERASE:
            return _drop_all(conversation, "borrar")
        case Command.REVOKE:
            return _drop_all(conversation, "revocar")
        case Command.NOT_ME:
            return disown(conversation)
        case Command.HELP:
            return say(conversation, line(conversation, "ayuda"))
        case Command.MY_DATA:
            return say(conversation, line(conversation, "mis_datos"))
        case Command.STATUS:
            return ask(conversation, line(conversation, "estado"))
        case Command.WHY:
            return ask(conversation, line(conversation, STATES[conversation.state].why))
        case Command.REPEAT:
            return ask(conversation)
        case Command.GREETING:
            return greet(conversation)


def greet(conversation: Conversation) -> Step:
    """Answer a greeting: the beginning, what is linked already, or where we stood."""
    if STATES[conversation.state].question in ("hola", "ya_vinculado"):
        return begin(conversation)
    return say(conversation, line(conversation, "hola_otra_vez"))


def begin(conversation: Conversation) -> Step:
    """Greet somebody new; offer somebody who is linked what can be done."""
    if conversation.state is State.DONE and conversation.identity.client is not None:
        return ask(conversation)
    return ask(replace(conversation, state=State.GREETING))


def back(conversation: Conversation) -> Step:
    """Go to the question before this one."""
    earlier = STATES[conversation.state].back
    if earlier is None:
        return ask(conversation)
    kept = STATES[earlier].facts
    conversation = replace(
        conversation,
        state=earlier,
        lookup=replace(conversation.lookup, stated=conversation.lookup.stated[:kept]),
        draft=replace(
            conversation.draft, candidate="", doubt="", misses=0, correcting=False, replacing=()
        ),
        identity=replace(conversation.identity, challenge=None),
    )
    return ask(conversation, line(conversation, "atras"))


def cancel(conversation: Conversation) -> Step:
    """Ask whether to cancel, if there is anything to cancel."""
    match STATES[conversation.state].stop:
        case Stop.NOTHING:
            return say(conversation, line(conversation, "cancelado"))
        case Stop.ANSWERS:
            return say(conversation, line(conversation, "cancelar_conf"))
        case Stop.REQUEST:
            return ask_to_withdraw(conversation)
        case Stop.LATE:
            return say(conversation, line(conversation, "tarde"))


def restart(conversation: Conversation) -> Step:
    """Begin again; the consent and the link stand."""
    match STATES[conversation.state].stop:
        case Stop.NOTHING | Stop.ANSWERS:
            return begin(leaving.drop_draft(conversation))
        case Stop.REQUEST:
            return ask_to_withdraw(conversation)
        case Stop.LATE:
            return say(conversation, line(conversation, "tarde"))


def confirm_cancel(conversation: Conversation) -> Step:
    """Drop the answers and say so."""
    if STATES[conversation.state].stop in (Stop.REQUEST, Stop.LATE):
        return cancel(conversation)  # it was asked before the change went to people, or out
    conversation = leaving.drop_draft(conversation)
    return say(conversation, line(conversation, "cancelado"))


def ask_to_withdraw(conversation: Conversation) -> Step:
    """Name the request that people decide, and ask whether to withdraw it.

    An undoing is staff's own: the customer never heard of it, and cannot stop it.
    """
    request = conversation.change.request
    if request is None or request.undoes:
        return ask(conversation)
    return say(conversation, line(conversation, "solicitud_retirar"))


def withdraw(conversation: Conversation) -> Step:
    """Withdraw the request, as the customer said in so many words."""
    request = conversation.change.request
    if conversation.state is not State.REVIEW or request is None or request.undoes:
        return ask(conversation)
    conversation = leaving.withdraw_request(conversation)
    return say(conversation, line(conversation, "solicitud_retirada", codigo=request.code))


def hand_over(conversation: Conversation, text: str = "asesor_ok", **values: str) -> Step:
    """Queue the chat for a person, telling the customer with that text."""
    conversation = replace(conversation, speaker=QUEUE)
    return say(conversation, line(conversation, text, **values))


def disown(conversation: Conversation) -> Step:
    """Stop what somebody else does to the service, and lock it, until people have looked.

    Of whoever neither possesses the service nor was told of the change it is a note for staff.
    """
    notice = conversation.notice
    free = replace(conversation if notice else _contest_own(conversation), notice=None)
    queued, effects = hand_over(free, "no_fui_yo")
    told = (notice.service_id,) if notice else ()
    named = dict.fromkeys((*conversation.possessed_services, *told))
    locks = [SetLock(service_id=one, locked=True) for one in named]
    told_by = notice and notice.chat  # a program has no chat
    words = [Attest(chat=notice.chat, code=notice.code, own=False)] if notice and told_by else []
    return queued, (*effects, *locks, *words)


def objects(conversation: Conversation, event: Event) -> bool:
    """Tell whether the customer says that somebody else did it, in words or by the button."""
    match event:
        case Said(text=text):
            return answers.command(text) is Command.NOT_ME
        case Pressed(button=button):
            choice = find_choice(conversation, button)
            return choice is not None and choice[0] == "not_me"
        case _:
            return False


def _contest_own(conversation: Conversation) -> Conversation:
    """Mark what this chat changed, or asked for, as a stranger's."""
    contested = replace(conversation, last_change=contest(conversation.last_change))
    return contest_request(contested)


def contest_request(conversation: Conversation) -> Conversation:
    """Void the approvals of the request that waits, if one does, and whose word was taken."""
    request = conversation.change.request
    if request is None:
        return conversation
    void = dataclasses.replace(request, contested=True, approved_by=())
    doubted = leaving.with_proofs(conversation, conversation.identity.proofs)
    return replace(doubted, change=replace(conversation.change, request=void))


def contest(saved: SavedChange | None) -> SavedChange | None:
    """Mark a change that stands as a stranger's: people must see to it."""
    if saved is None or saved.standing not in STANDING:
        return saved
    return dataclasses.replace(saved, standing=Standing.CONTESTED)


def wait(conversation: Conversation) -> Step:
    """Tell somebody who waits for a person that the message is kept."""
    return say(conversation, line(conversation, "en_fila"))


def wants_the_bot(conversation: Conversation, event: Event) -> bool:
    """Tell whether somebody who waits for a person would rather go on with the bot."""
    match event:
        case Pressed(button=button):
            return button == button_id(conversation.shown.flow, conversation.shown.question, "bot")
        case Said(text=text):
            offered = CATALOGUE["en_fila"].buttons
            named = "asistente" in answers.words(text) or read_choice(text, offered) is not None
            return named or answers.choice(text, [label for _, label in offered]) is not None
        case _:
            return False


def _drop_all(conversation: Conversation, text: str) -> Step:
    """Ask whether to erase or to revoke; a request that would go with it is named."""
    if STATES[conversation.state].stop is Stop.LATE:
        return say(conversation, line(conversation, "tarde"))
    request = conversation.change.request
    lead = () if request is None or request.undoes else (line(conversation, "solicitud_va"),)
    return say(conversation, *lead, line(conversation, text))
