"""What each choice means that a message of ours offers."""

from collections.abc import Callable

from state.conversation import Conversation, replace
from state.fields.answers import Command
from state.fields.table import Field
from state.machine import (
    collecting,
    commands,
    consenting,
    identifying,
    leaving,
    proving,
    saving,
    warning,
)
from state.machine.asking import ask, say
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.parts import Draft
from state.states import STATES, State, Stop

Chosen = Callable[[Conversation, Moment], Step]

_CONSENTED = ("update", "another", "fix_data")
"""What a consent that is too old, or to another text, does not cover."""

_ELSEWHERE = ("start", *_CONSENTED, "unlink")
"""What leads away from where the dialog stands: not while a change is decided or written."""

_PICK = "pick"


def carry_out(conversation: Conversation, choice: str, moment: Moment, *, words: str) -> Step:
    """Carry out a choice that was offered; `words` are those by which it was chosen."""
    match choice:
        case "agree":
            return consenting.given(conversation, moment, words)
        case "refuse":
            return consenting.refused(conversation, moment, words)
        case elsewhere if elsewhere in _ELSEWHERE and _is_bound(conversation):
            return ask(conversation)
        case consented if consented in _CONSENTED and not consenting.stands(conversation, moment):
            return consenting.required(conversation, moment)
        case "erase_yes" | "revoke_yes" if STATES[conversation.state].stop is Stop.LATE:
            return commands.cancel(conversation)  # it was asked before the change went out
        case picked if picked.startswith(_PICK):
            return identifying.picked(conversation, picked, moment)
        case other:
            return CHOICES[other](conversation, moment)


def awake(conversation: Conversation) -> Conversation:
    """A first contact by anything but a text is a greeting too."""
    if conversation.state is State.START or (
        conversation.state is State.DONE and conversation.identity.client is None
    ):
        return replace(conversation, state=State.GREETING)
    return conversation


def _is_bound(conversation: Conversation) -> bool:
    """Tell whether people decide or WispHub is written, though older buttons offer more."""
    return STATES[conversation.state].stop in (Stop.REQUEST, Stop.LATE)


def _go_on(conversation: Conversation, _: Moment) -> Step:
    return ask(awake(conversation))


def _said(text: str) -> Chosen:
    return lambda talk, _: say(talk, line(talk, text))


def _obeyed(command: Command) -> Chosen:
    return lambda talk, _: commands.obey(talk, command)


def _by(way: str) -> Chosen:
    return lambda talk, _: identifying.chosen(talk, way)


def _elsewhere(conversation: Conversation, _: Moment) -> Step:
    """Look for another service."""
    return identifying.method(
        replace(
            conversation,
            identity=replace(conversation.identity, client=None, proofs=()),
            lookup=replace(conversation.lookup, invitation=""),
        )
    )


def _another(conversation: Conversation, moment: Moment) -> Step:
    """Link another service: nothing that was answered for this one counts for that one."""
    return _elsewhere(replace(conversation, draft=Draft()), moment)


def _field_corrected(field: Field) -> Chosen:
    return lambda talk, _: collecting.correct(talk, field)


def _corrected(conversation: Conversation, moment: Moment) -> Step:
    """Let data be corrected: what was given just now, or what stands on file."""
    if conversation.state is State.SUMMARY:
        return ask(replace(conversation, state=State.CORRECTION))
    if conversation.state is State.DONE and conversation.identity.client is not None:
        return _updated(conversation, moment)
    return _go_on(conversation, moment)


def _updated(conversation: Conversation, _: Moment) -> Step:
    """Begin anew with the linked service, as it stands now."""
    return collecting.refresh(replace(conversation, draft=Draft()))


def _unlinked(conversation: Conversation, _: Moment) -> Step:
    """Forget the service; what stands at WispHub stays."""
    free, unlinking = leaving.unlink(conversation)
    return say(free, line(free, "desvinculado"), then=unlinking)


CHOICES: dict[str, Chosen] = {
    # at any time
    "person": lambda talk, _: commands.hand_over(talk),
    "continue": _go_on,
    "other": _go_on,
    "retry": _go_on,
    "bot": _go_on,  # pressed although nobody holds the chat any more
    "wait": _go_on,
    "restart": lambda talk, _: commands.restart(talk),
    "cancel": lambda talk, _: commands.cancel(talk),
    "cancel_yes": lambda talk, _: commands.cancelled(talk),
    "withdraw": lambda talk, _: commands.withdraw(talk),
    "bye": _said("despedida"),
    # the customer's own data, and what others do with them
    "start": consenting.began,
    "more": _said("consent_mas"),
    "fix_data": _corrected,
    "erase": _obeyed(Command.ERASE),
    "erase_yes": lambda talk, _: consenting.erased(talk),
    "revoke": _obeyed(Command.REVOKE),
    "revoke_yes": consenting.revoked,
    "not_me": lambda talk, _: commands.disowned(talk),
    "was_me": lambda talk, _: warning.owned_up(talk),
    # which service, and whose
    "rather_not": lambda talk, _: identifying.method(talk),
    "by_document": _by("by_document"),
    "by_service": _by("by_service"),
    "by_facts": _by("by_facts"),
    "mine": lambda talk, _: collecting.begin(talk),
    "not_mine": _elsewhere,
    "none": _elsewhere,
    "another": _another,
    "fix_service": _elsewhere,
    "resend": proving.resent,
    "no_number": lambda talk, _: proving.skipped(talk),
    # the answers
    "yes": collecting.confirm,
    "again": lambda talk, _: collecting.ask_again(talk),
    "use_edit": collecting.use_edit,
    "keep_edit": lambda talk, _: ask(talk),
    "keep": collecting.keep,
    "replace": lambda talk, _: collecting.ask_to_replace(talk),
    "change": lambda talk, _: collecting.ask_for_another(talk),
    # the summary
    "save": saving.save,
    "correct": lambda talk, _: ask(replace(talk, state=State.CORRECTION)),
    **{f"fix_{field}": _field_corrected(field) for field in Field},
    "update": _updated,
    "unlink": _unlinked,
}
