"""What each choice means that a message of ours offers."""

from collections.abc import Callable

from state.conversation import Conversation, replace
from state.fields import answers
from state.fields import choices as wordings
from state.fields.answers import Answer, Command
from state.fields.offers import How, Offer, Slot
from state.fields.table import Field
from state.inquiry import Inquiry
from state.machine import (
    alerts,
    commands,
    consent,
    identification,
    inquiries,
    leaving,
    offering,
    one_time_codes,
    onward,
    profile,
    taking,
    updating,
)
from state.machine.asking import ask, choices, question_choices, question_text, say
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.messages import DEFAULTS
from state.parts import Draft
from state.states import STATES, State, Stop

ChoiceHandler = Callable[[Conversation, Moment], Step]

_CONSENTED = ("update", "another", "fix_data")
"""What a consent that is too old, or to another text, does not cover."""

_ELSEWHERE = ("start", *_CONSENTED, "unlink")
"""What leads away from where the dialog stands: not while a change is decided or written."""

_PICK = "pick"


def carry_out(conversation: Conversation, choice: str, moment: Moment, *, words: str) -> Step:
    """Carry out a choice that was offered; `words` are those by which it was chosen."""
    match choice:
        case "agree":
            return consent.accept(conversation, moment, words)
        case "refuse":
            return consent.decline(conversation, moment, words)
        case elsewhere if elsewhere in _ELSEWHERE and _is_bound(conversation):
            return ask(conversation)
        case consented if consented in _CONSENTED and not consent.is_valid(conversation, moment):
            return consent.ask_for_consent(conversation, moment)
        case "erase_yes" | "revoke_yes" if STATES[conversation.state].stop is Stop.LATE:
            return commands.cancel(conversation)  # it was asked before the change went out
        case picked if picked.startswith(_PICK):
            return identification.pick(conversation, picked, moment)
        case other:
            return CHOICES[other](conversation, moment)


def read_choice(conversation: Conversation, text: str) -> str | None:
    """Read a text as one of the buttons offered: by label, number, or a plain yes or no."""
    offered = choices(conversation)
    index = answers.choice(text, [label for _, label in offered])
    if index is not None:
        return offered[index][0]
    standing = _read_standing(conversation, text)
    if standing is not None:
        return standing
    meanings = _find_meanings(conversation, answers.yes_no(text))
    return next((name for name, _ in offered if name in meanings), None)


def _read_standing(conversation: Conversation, text: str) -> str | None:
    """Read a text as a button of the question that still stands: "no autorizo", "sí, guarde"."""
    if conversation.shown.asked == question_text(conversation):
        return None
    standing = question_choices(conversation)
    labels = [label for _, label in standing]
    index = None if any(sign.isdigit() for sign in text) else answers.choice(text, labels)
    return wordings.read_choice(text, standing) if index is None else standing[index][0]


def read_meaning(conversation: Conversation, text: str) -> str | None:
    """Read a text as one of the buttons offered, in other words than its label."""
    offered = dict((*choices(conversation), *question_choices(conversation)))
    return wordings.read_choice(text, tuple(offered.items()))


def read_row(conversation: Conversation, text: str) -> str | None:
    """Read a text as one of the services to pick from: by its place, plan or address."""
    if conversation.state is not State.PICK:
        return None
    rows = [f"{client.plan} {client.address}" for client in conversation.lookup.found]
    index = wordings.read_row(text, rows)
    return None if index is None else f"{_PICK}{index + 1}"


def _find_meanings(conversation: Conversation, answer: Answer | None) -> tuple[str, ...]:
    match answer:
        case Answer.YES if conversation.shown.asked in _PASSES:
            return ("person",)
        case Answer.YES:
            return _YES
        case Answer.NO:
            return _NO
        case None:
            return ()


_YES = (
    "start", "agree", "mine", "yes", "keep", "save", "cancel_yes", "withdraw", "revoke_yes",
    "erase_yes",
    "continue", "use_edit", "meant1",
)  # fmt: skip
_PASSES = frozenset(name for name, message in DEFAULTS.items() if "¿Lo paso?" in message.text)
"""The texts whose question is whether a person shall take over."""

_NO = (
    "refuse", "rather_not", "not_mine", "again", "change", "correct", "keep_edit", "meant_none",
    "continue",
    "bye",
)  # fmt: skip


def wake(conversation: Conversation) -> Conversation:
    """A first contact by anything but a text is a greeting too."""
    if conversation.state is State.START or (
        conversation.state is State.DONE and conversation.identity.client is None
    ):
        return replace(conversation, state=State.GREETING)
    return conversation


def _is_bound(conversation: Conversation) -> bool:
    """Tell whether people decide or the directory is written, though older buttons offer more."""
    return STATES[conversation.state].stop in (Stop.REQUEST, Stop.LATE)


def _go_on(conversation: Conversation, moment: Moment) -> Step:
    return onward.resume(wake(conversation), moment)


def _saying(text: str) -> ChoiceHandler:
    return lambda talk, _: say(talk, line(talk, text))


def _obeying(command: Command) -> ChoiceHandler:
    return lambda talk, _: commands.obey(talk, command)


def _searching_by(way: str) -> ChoiceHandler:
    return lambda talk, _: identification.choose_method(talk, way)


def _search_again(conversation: Conversation, _: Moment) -> Step:
    """Look for another service."""
    unproven = leaving.prove_anew(leaving.drop_kept(conversation))
    return identification.ask_method(
        replace(unproven, identity=replace(unproven.identity, client=None))
    )


def _link_another(conversation: Conversation, moment: Moment) -> Step:
    """Link another service: nothing that was answered for this one counts for that one."""
    return _search_again(replace(conversation, draft=Draft()), moment)


def _confirm(conversation: Conversation, moment: Moment) -> Step:
    """Take a doubtful number that the customer says is right."""
    if conversation.state is State.HOLDER:
        return identification.confirm_holder(conversation)
    return profile.confirm(conversation, moment)


def _ask_again(conversation: Conversation, _: Moment) -> Step:
    """Drop a doubtful number, and ask once more; one that is another field's is kept for it."""
    draft = conversation.draft
    meant = Offer(slot=Slot.PHONE, value=draft.candidate, how=How.LABELLED)
    other = (meant,) if draft.doubt == "doc_parece_cel" and draft.candidate else ()
    kept = offering.keep(conversation, other)
    told = offering.read_back(kept, other)
    if conversation.state is State.HOLDER:
        return ask(replace(kept, draft=replace(kept.draft, candidate="", doubt="")), *told)
    return profile.ask_again(kept, *told)


def _taking(meant: str) -> ChoiceHandler:
    return lambda talk, moment: taking.settle(talk, meant, moment)


def _field_corrected(field: Field) -> ChoiceHandler:
    return lambda talk, _: profile.correct(talk, field)


def _correct(conversation: Conversation, moment: Moment) -> Step:
    """Let data be corrected: what was given just now, or what stands on file."""
    if conversation.state is State.SUMMARY:
        return ask(replace(conversation, state=State.CORRECTION))
    if conversation.state is State.DONE and conversation.identity.client is not None:
        return _update(conversation, moment)
    return _go_on(conversation, moment)


def _update(conversation: Conversation, moment: Moment) -> Step:
    """Begin anew with the linked service, as it stands now; it may be linked no more."""
    if conversation.identity.client is None:
        return _go_on(conversation, moment)
    return taking.update(conversation)


def _unlink(conversation: Conversation, _: Moment) -> Step:
    """Forget the service; what stands in the directory stays."""
    conversation, unlinking = leaving.unlink(conversation)
    return say(conversation, line(conversation, "desvinculado"), then=unlinking)


def _ask_balance(conversation: Conversation, moment: Moment) -> Step:
    """Ask what is owed for the linked service; it may be linked no more."""
    return inquiries.inquire(conversation, Inquiry.BALANCE) or _go_on(conversation, moment)


def _tell_of_fault(conversation: Conversation, moment: Moment) -> Step:
    """Take an answer to a technician's question, if it is still asked."""
    if conversation.state in inquiries.QUESTIONS:
        return inquiries.take_answer(conversation)
    return _go_on(conversation, moment)


_ON_A_FAULT = (
    "since_today", "since_before", "lights_red", "lights_fine", "lights_off", "devices_all",
    "devices_one", "devices_wifi",
)  # fmt: skip
"""Answers to a technician's questions: which one it was, the journal tells."""

CHOICES: dict[str, ChoiceHandler] = {
    # at any time
    "person": lambda talk, _: commands.hand_over(talk),
    "continue": _go_on,
    "other": lambda talk, _: identification.look_otherwise(talk),
    "retry": lambda talk, _: identification.look_again(talk),
    "bot": _go_on,  # pressed although nobody holds the chat any more
    "wait": _go_on,
    "restart": lambda talk, _: commands.restart(talk),
    "cancel": lambda talk, _: commands.cancel(talk),
    "cancel_yes": lambda talk, _: commands.confirm_cancel(talk),
    "withdraw": lambda talk, _: commands.withdraw(talk),
    "bye": _saying("despedida"),
    # the customer's own data, and what others do with them
    "start": consent.begin,
    "more": _saying("consent_mas"),
    "fix_data": _correct,
    "erase": _obeying(Command.ERASE),
    "erase_yes": lambda talk, _: consent.erase(talk),
    "revoke": _obeying(Command.REVOKE),
    "revoke_yes": consent.revoke,
    "not_me": lambda talk, _: commands.disown(talk),
    "was_me": lambda talk, _: alerts.own_up(talk),
    # which service, and whose
    "rather_not": lambda talk, _: identification.ask_method(talk),
    "by_document": _searching_by("by_document"),
    "by_service": _searching_by("by_service"),
    "by_facts": _searching_by("by_facts"),
    "mine": profile.begin,
    "not_mine": _search_again,
    "none": _search_again,
    "another": _link_another,
    "fix_service": _search_again,
    "resend": one_time_codes.resend,
    "no_number": one_time_codes.skip,
    # the answers
    **{meant: _taking(meant) for meant in ("meant1", "meant2", "meant_none")},
    "yes": _confirm,
    "again": _ask_again,
    "use_edit": profile.use_edit,
    "keep_edit": lambda talk, _: ask(talk),
    "keep": profile.keep,
    "replace": lambda talk, _: profile.ask_to_replace(talk),
    "change": lambda talk, _: profile.ask_for_another(talk),
    # the summary
    "save": updating.save,
    "correct": lambda talk, _: ask(replace(talk, state=State.CORRECTION)),
    **{f"fix_{field}": _field_corrected(field) for field in Field},
    "update": _update,
    "unlink": _unlink,
    # the linked service
    "ask_balance": _ask_balance,
    **dict.fromkeys(_ON_A_FAULT, _tell_of_fault),
}
