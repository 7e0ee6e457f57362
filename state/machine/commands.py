"""What works in every state: help, back, cancel, restart, a person, one's own data."""

import dataclasses

from state.conversation import Conversation, replace
from state.effects import Attest, SetLock, button_id
from state.events import Event, Pressed, Said
from state.fields import answers
from state.fields.answers import Command
from state.machine import leaving
from state.machine.asking import ask, say
from state.machine.filling import line
from state.machine.moment import Step
from state.messages import CATALOGUE
from state.parts import BOT, QUEUE
from state.records import STANDING, Saved, Standing
from state.states import State

_BACK = {
    State.CONSENT: State.GREETING,
    State.SHARING: State.GREETING,
    State.METHOD: State.GREETING,
    State.SERVICE: State.METHOD,
    State.HOLDER: State.METHOD,
    State.NAME: State.METHOD,
    State.ADDRESS: State.NAME,
    State.PLAN: State.ADDRESS,
    State.PRICE: State.PLAN,
    State.PICK: State.METHOD,
    State.CONFIRM_SERVICE: State.METHOD,
    State.CODE: State.METHOD,
    State.DOCUMENT: State.METHOD,
    State.CONFIRM_DOCUMENT: State.DOCUMENT,
    State.PHONE: State.DOCUMENT,
    State.CONFIRM_PHONE: State.PHONE,
    State.SUMMARY: State.PHONE,
    State.CORRECTION: State.SUMMARY,
}

_STATED = {State.NAME: 0, State.ADDRESS: 1, State.PLAN: 2}
"""How many answers about the file are kept when one goes back to that question."""

_FINAL = (State.UPDATING, State.RETRYING)
"""Too late to stop: the update is on its way and may have been done."""

_IDLE = (State.START, State.DONE)


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
            return _unless_final(conversation, "borrar")
        case Command.REVOKE:
            return _unless_final(conversation, "revocar")
        case Command.NOT_ME:
            return disowned(conversation)
        case Command.HELP:
            return say(conversation, line(conversation, "ayuda"))
        case Command.MY_DATA:
            return say(conversation, line(conversation, "mis_datos"))
        case Command.STATUS:
            return ask(conversation, line(conversation, "estado"))
        case Command.WHY:
            return ask(conversation, line(conversation, "por_que"))
        case Command.REPEAT:
            return ask(conversation)
        case Command.GREETING:
            return greet(conversation)


def greet(conversation: Conversation) -> Step:
    """Answer a greeting: the beginning, what is linked already, or where we stood."""
    if conversation.state in (State.START, State.GREETING, State.DONE):
        return begin(conversation)
    return say(conversation, line(conversation, "hola_otra_vez"))


def begin(conversation: Conversation) -> Step:
    """Greet somebody new; offer somebody who is linked what can be done."""
    if conversation.state is State.DONE and conversation.identity.client is not None:
        return ask(conversation)
    return ask(replace(conversation, state=State.GREETING))


def back(conversation: Conversation) -> Step:
    """Go to the question before this one."""
    earlier = _BACK.get(conversation.state)
    if earlier is None:
        return ask(conversation)
    moved = replace(
        conversation,
        state=earlier,
        lookup=replace(
            conversation.lookup, stated=conversation.lookup.stated[: _STATED.get(earlier, 0)]
        ),
        draft=replace(
            conversation.draft, candidate="", doubt="", misses=0, correcting=False, replacing=False
        ),
        identity=replace(conversation.identity, challenge=None),
    )
    return ask(moved, line(moved, "atras"))


def cancel(conversation: Conversation) -> Step:
    """Ask whether to cancel, if there is anything to cancel."""
    if conversation.state in _IDLE:
        return say(conversation, line(conversation, "cancelado"))
    return _unless_final(conversation, "cancelar_conf")


def cancelled(conversation: Conversation) -> Step:
    """Forget the answers and say so."""
    empty = leaving.drop_draft(conversation)
    return say(empty, line(empty, "cancelado"))


def restart(conversation: Conversation) -> Step:
    """Begin again; the consent stands."""
    if conversation.state in _FINAL:
        return say(conversation, line(conversation, "tarde"))
    return begin(leaving.drop_draft(conversation))


def hand_over(conversation: Conversation, text: str = "asesor_ok", **values: str) -> Step:
    """Queue the chat for a person, telling the customer with that text."""
    queued = replace(conversation, speaker=QUEUE)
    return say(queued, line(queued, text, **values))


def disowned(conversation: Conversation) -> Step:
    """Stop what somebody else does to the service, and lock it, until people have looked."""
    notice, client = conversation.notice, conversation.identity.client
    free = replace(conversation if notice else _own_contested(conversation), notice=None)
    queued, effects = hand_over(free, "no_fui_yo")
    services = (client.service_id if client else 0, notice.service_id if notice else 0)
    locks = [SetLock(service_id=one, locked=True) for one in dict.fromkeys(services) if one]
    words = [Attest(chat=notice.chat, code=notice.code, own=False)] if notice else []
    return queued, (*effects, *locks, *words)


def _own_contested(conversation: Conversation) -> Conversation:
    """Mark what this chat changed, or asked for, as a stranger's."""
    saved, request = contested(conversation.last_change), conversation.change.request
    if request is not None:
        request = dataclasses.replace(request, contested=True, approved_by=())
    return replace(
        conversation, last_change=saved, change=replace(conversation.change, request=request)
    )


def contested(saved: Saved | None) -> Saved | None:
    """Mark a change that stands as a stranger's: people must see to it."""
    if saved is None or saved.standing not in STANDING:
        return saved
    return dataclasses.replace(saved, standing=Standing.CONTESTED)


def wait(conversation: Conversation, event: Event) -> Step:
    """Answer somebody who waits for a person: the way back, or that the message is kept."""
    if _wants_the_bot(conversation, event):
        return ask(replace(conversation, speaker=BOT))
    return say(conversation, line(conversation, "en_fila"))


def _wants_the_bot(conversation: Conversation, event: Event) -> bool:
    match event:
        case Pressed(button=button):
            return button == button_id(conversation.shown.flow, conversation.shown.question, "bot")
        case Said(text=text):
            labels = [label for _, label in CATALOGUE["en_fila"].buttons]
            return answers.choice(text, labels) is not None or "asistente" in answers.words(text)
        case _:
            return False


def _unless_final(conversation: Conversation, text: str) -> Step:
    final = conversation.state in _FINAL
    return say(conversation, line(conversation, "tarde" if final else text))
