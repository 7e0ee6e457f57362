"""Who may change what: one table, from a situation and a level to a decision.

`enlace policy` prints it. Whatever is asked for on knowledge alone, people decide, and the customer
hears the same: a cell that refused there would tell what stands on file. Only `first_fill` writes,
into blank files. No preset replaces a document on knowledge, or on the word of one member of staff,
without two people's approval.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from state.client import Change, Client
from state.fields.table import Field
from state.proof import BY_PHONE, BY_STAFF, Level, Proof, level


class Decision(StrEnum):
    """What happens to a confirmed request; the strictest of several counts."""

    AUTOMATIC = "automatic"
    APPROVAL = "approval"
    REFUSED = "refused"


class Preset(StrEnum):
    """A policy by name."""

    BALANCED = "balanced"
    STRICT = "strict"
    FIRST_FILL = "first_fill"


class Situation(StrEnum):
    """What a change would do to what stands on file."""

    DOCUMENT_EMPTY = "document_empty"
    DOCUMENT_REPLACED = "document_replaced"
    DOCUMENT_TAKEN = "document_taken"
    PHONE_EMPTY_OWN = "phone_empty_own"
    PHONE_EMPTY_OTHER = "phone_empty_other"
    PHONE_ADDED_OWN = "phone_added_own"
    PHONE_ADDED_OTHER = "phone_added_other"
    PHONE_REPLACED = "phone_replaced"
    OTHER_EMPTY = "other_empty"
    OTHER_REPLACED = "other_replaced"
    LINK = "link"


_A, _P, _R = Decision.AUTOMATIC, Decision.APPROVAL, Decision.REFUSED

BALANCED: dict[Situation, tuple[Decision, Decision, Decision, Decision]] = {
    #                            A0  A1  A2  A3
    Situation.DOCUMENT_EMPTY:    (_R, _P, _A, _A),
    Situation.DOCUMENT_REPLACED: (_R, _P, _P, _A),
    Situation.DOCUMENT_TAKEN:    (_R, _P, _P, _P),
    Situation.PHONE_EMPTY_OWN:   (_R, _P, _A, _A),
    Situation.PHONE_EMPTY_OTHER: (_R, _P, _P, _A),
    Situation.PHONE_ADDED_OWN:   (_R, _P, _A, _A),
    Situation.PHONE_ADDED_OTHER: (_R, _P, _P, _A),
    Situation.PHONE_REPLACED:    (_R, _R, _P, _A),
    Situation.OTHER_EMPTY:       (_R, _P, _A, _A),
    Situation.OTHER_REPLACED:    (_R, _P, _P, _A),
    Situation.LINK:              (_R, _P, _A, _A),
}  # fmt: skip

_EMPTY = (
    Situation.DOCUMENT_EMPTY,
    Situation.PHONE_EMPTY_OWN,
    Situation.PHONE_EMPTY_OTHER,
    Situation.OTHER_EMPTY,
)
_FOUR_EYES = frozenset({Situation.DOCUMENT_REPLACED, Situation.DOCUMENT_TAKEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A request as the policy sees it.

    Attributes:
        client: as it stands on file.
        own: the numbers, in E.164, that the channel vouches for, or a one-time code.
        taken: the document stands on file for somebody else's service.
        all_facts: all four facts were given, and right.
        others: another chat tried this service in the last 30 days.
        recent: the phone on file, or the one that shows it, is another one since 72 hours at most.
        alarmed: linking is under attack, or the service is locked: people decide everything.
    """

    client: Client
    changes: tuple[Change, ...]
    proofs: Collection[Proof]
    own: Collection[str] = ()
    taken: bool = False
    all_facts: bool = False
    others: bool = False
    recent: bool = False
    alarmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A decision, the situations that it rests on, and whether two people must approve.

    `held` if the old number gets a day to object before it is written.
    """

    decision: Decision
    situations: tuple[Situation, ...]
    four_eyes: bool = False
    held: bool = False


def situations(case: Case) -> Iterator[Situation]:
    """Tell what the changes would do."""
    for change in case.changes:
        yield from _SITUATIONS.get(change.field, of_other)(case, change)


def _of_document(case: Case, change: Change) -> Iterator[Situation]:
    if case.taken:
        yield Situation.DOCUMENT_TAKEN
    yield Situation.DOCUMENT_REPLACED if change.old.values else Situation.DOCUMENT_EMPTY


def _of_phone(case: Case, change: Change) -> Iterator[Situation]:
    own = change.new in case.own
    if not change.old.values:
        yield Situation.PHONE_EMPTY_OWN if own else Situation.PHONE_EMPTY_OTHER
    elif change.replaces:
        yield Situation.PHONE_REPLACED
    else:
        yield Situation.PHONE_ADDED_OWN if own else Situation.PHONE_ADDED_OTHER


def of_other(_: Case, change: Change) -> Iterator[Situation]:
    """Tell what a change of any other field would do."""
    yield Situation.OTHER_REPLACED if change.old.values else Situation.OTHER_EMPTY


_SITUATIONS: dict[Field, Callable[[Case, Change], Iterator[Situation]]] = {
    Field.DOCUMENT: _of_document,
    Field.PHONE: _of_phone,
}
"""Fields with rules of their own; any other one is filled, or replaced."""


def judge(case: Case, preset: Preset) -> Judgement:
    """Decide on a request: the strictest of its situations counts."""
    found = tuple(situations(case)) or (Situation.LINK,)
    decided = [_decide_one(case, situation, preset) for situation in found]
    if preset is Preset.FIRST_FILL and _first_fill(case, found):
        decided = [Decision.AUTOMATIC]
    decision = max(decided, key=list(Decision).index)
    if case.alarmed and decision is Decision.AUTOMATIC:
        decision = Decision.APPROVAL
    return Judgement(
        decision=decision,
        situations=found,
        four_eyes=not _FOUR_EYES.isdisjoint(found),
        held=_is_held(case, found),
    )


def decide(situation: Situation, proven: Level, preset: Preset) -> Decision:
    """Look one cell of the table up."""
    decision = BALANCED[situation][proven]
    strict = preset is Preset.STRICT and proven < Level.CERTAIN
    return Decision.APPROVAL if strict and decision is Decision.AUTOMATIC else decision


def _decide_one(case: Case, situation: Situation, preset: Preset) -> Decision:
    """Decide on one situation: where two people are needed, one's word makes nothing automatic."""
    decision = decide(situation, _level(case, situation), preset)
    alone = situation in _FOUR_EYES and _rests_on_staff(case, situation)
    return Decision.APPROVAL if alone and decision is Decision.AUTOMATIC else decision


def _rests_on_staff(case: Case, situation: Situation) -> bool:
    """Tell whether the level would be lower without staff's word."""
    return _level(case, situation, without=BY_STAFF) < _level(case, situation)


def _level(case: Case, situation: Situation, *, without: frozenset[Proof] = frozenset()) -> Level:
    """A field that is replaced, or was changed a short while ago, proves nothing."""
    worthless = situation is Situation.PHONE_REPLACED or case.recent
    return level(case.proofs, without=without | BY_PHONE if worthless else without)


def _is_held(case: Case, found: tuple[Situation, ...]) -> bool:
    replacement = Situation.PHONE_REPLACED
    return replacement in found and _level(case, replacement) < Level.CERTAIN


def _first_fill(case: Case, found: tuple[Situation, ...]) -> bool:
    """A service with nothing on file, claimed with all four facts by the first chat to try."""
    blank = not any(stored.values for stored in case.client.on_file.values())
    filling = all(situation in _EMPTY for situation in found)
    return blank and filling and case.all_facts and not case.others
