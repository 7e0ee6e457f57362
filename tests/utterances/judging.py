"""Judges what the machine took from an utterance: by its record, and by the texts that it says."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from state.conversation import Conversation
from state.fields import invitations
from state.fields.answers import Command
from state.fields.reading import Refused
from state.fields.table import FIELDS, Field
from state.machine.asking import question_text
from state.machine.questions import ASKS, CONFIRMS
from state.parts import KEPT, SpeakerKind
from state.states import State
from tests.utterances import Kind, Meaning, Row
from tests.utterances.playing import Stage, reach

Value = tuple[str, str]
"""A slot and what was said of it, in one spelling."""


class Verdict(StrEnum):
    """What became of an utterance."""

    UNDERSTOOD = "understood"
    """Everything that the row names was taken, and nothing else."""

    HELPED = "helped"
    """Not that, but the customer hears something that explains."""

    MISSED = "missed"
    """The same question, "no entendí", or nothing."""

    WRONG = "wrong"
    """A value kept, a choice carried out, a fact or an attempt spent that the row does not name."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A row, its verdict, and why."""

    row: Row
    verdict: Verdict
    why: str
    heard: str


@dataclass(frozen=True, slots=True)
class Reaction:
    """A record before and after, the texts said, and what the customer reads."""

    before: Conversation
    after: Conversation
    texts: Sequence[str]
    heard: str


async def judge_all(rows: Iterable[Row]) -> list[Judged]:
    """Judge every row; each place is played once."""
    stages: dict[str, Stage] = {}
    judged = []
    for row in rows:
        if row.place not in stages:
            stages[row.place] = await reach(row.place)
        judged.append(await judge(row, stages[row.place]))
    return judged


async def judge(row: Row, stage: Stage) -> Judged:
    """Judge one row at a place."""
    said = stage.fork()
    await said.say(row.text)
    reaction = _react(stage, said)
    acts = {meaning: await _act(meaning, stage) for meaning in row.named}
    known = {meaning: act for meaning, act in acts.items() if act is not None}
    wrong = _find_wrong(row, reaction, list(known.values()))
    if wrong:
        return Judged(row, Verdict.WRONG, ", ".join(wrong), reaction.heard)
    missing = [
        alternatives
        for alternatives in row.meanings
        if not any(_is_taken(one, row, reaction, known.get(one)) for one in alternatives)
    ]
    if not missing:
        return Judged(row, Verdict.UNDERSTOOD, "", reaction.heard)
    why = "; ".join(_spell(one[0]) for one in missing) + f" (said: {' '.join(reaction.texts)})"
    verdict = Verdict.HELPED if _explains(reaction) else Verdict.MISSED
    return Judged(row, verdict, why, reaction.heard)


def count(judged: Iterable[Judged]) -> Counter[Verdict]:
    """Count the verdicts."""
    return Counter(one.verdict for one in judged)


def _react(before: Stage, after: Stage) -> Reaction:
    heard = after.messages[len(before.messages) :]
    return Reaction(
        before=before.conversation,
        after=after.conversation,
        texts=after.texts,
        heard=" / ".join(" ".join(message.text.split()) for message in heard),
    )


async def _act(meaning: Meaning, stage: Stage) -> Reaction | None:
    """Do what a row names, by the button or the command itself; none if it is no act."""
    twin = stage.fork()
    match meaning.kind:
        case Kind.CHOICE:
            await twin.choose(meaning.name)
        case Kind.COMMAND:
            await twin.command(Command(meaning.name))
        case _:
            return None
    return _react(stage, twin)


# What was taken


def _is_taken(one: Meaning, row: Row, reaction: Reaction, act: Reaction | None) -> bool:
    match one.kind:
        case Kind.OFFER:
            return _value(one) in _kept_now(reaction) or _is_asked(one, reaction)
        case Kind.DOUBT:
            return _is_asked(one, reaction)
        case Kind.CHOICE | Kind.COMMAND:
            assert act is not None
            return _does_the_same(row, reaction, act)
        case Kind.MATTER:
            return _is_heard(one.name, reaction)
        case Kind.FACT:
            return _facts(reaction.after) != _facts(reaction.before)
        case Kind.CODE:
            return reaction.after.state is not State.CODE and not _spent(reaction)
        case Kind.QUESTION:
            return _explains(reaction) or _asks_again(reaction)
        case Kind.UNCLEAR:
            return any(text.startswith("no_entendi") for text in reaction.texts)


def _is_asked(one: Meaning, reaction: Reaction) -> bool:
    """Tell whether a value is read back, and not kept: in the record of a doubt, or in words."""
    if _value(one) in _kept(reaction.after) - _kept(reaction.before):
        return False
    said = _plain(one.value)
    draft = reaction.after.draft
    candidates = [draft.candidate, draft.edited[1], *reaction.heard.split()]
    spelled = _plain(reaction.heard)
    return any(said in _plain(text) for text in candidates) or said in spelled


def _does_the_same(row: Row, reaction: Reaction, act: Reaction) -> bool:
    """Tell whether the record changed as by the act; a further offer may lead further on."""
    expected = _changes(act)
    further = any(one.kind in (Kind.OFFER, Kind.DOUBT) for one in row.named)
    if further:
        expected = {name: it for name, it in expected.items() if name not in _LED_ON}
    found = _traits(reaction.after)
    if any(found[name] != it for name, it in expected.items()):
        return False
    return bool(expected) or further or reaction.texts[-1:] == act.texts[-1:]


_LED_ON = ("state", "stated", "clue", "correcting", "request")
"""Traits that a further offer in the same utterance may change again."""


def _is_heard(matter: str, reaction: Reaction) -> bool:
    if matter == "person":
        return reaction.after.speaker.kind is SpeakerKind.QUEUE
    return reaction.after.account.matter == matter


def _explains(reaction: Reaction) -> bool:
    """Tell whether something is said beside the question and "no entendí"."""
    question = question_text(reaction.after)
    rest = [text for text in reaction.texts if not text.startswith("no_entendi")]
    return any(text != question for text in rest)


def _asks_again(reaction: Reaction) -> bool:
    return list(reaction.texts) == [question_text(reaction.after)]


# What was taken although the row does not name it


def _find_wrong(row: Row, reaction: Reaction, acts: list[Reaction]) -> list[str]:
    kinds = {one.kind for one in row.named}
    meant = {_value(one) for one in row.named if one.kind is Kind.OFFER}
    meant |= {value for act in acts for value in _kept(act.after)}
    wrong = [f"kept {slot} {it}" for slot, it in _kept_now(reaction) if (slot, it) not in meant]
    for name, found in _changes(reaction).items():
        if any(_traits(act.after)[name] == found for act in acts):
            continue
        if not _may_change(name, kinds, row, reaction):
            wrong.append(f"{name}: {found}")
    return wrong


def _may_change(name: str, kinds: set[Kind], row: Row, reaction: Reaction) -> bool:
    """Tell whether what a row names may change that trait beside what its acts do."""
    offered = bool(kinds & {Kind.OFFER, Kind.DOUBT, Kind.FACT, Kind.CODE})
    match name:
        case "state":
            return (
                offered
                or _begins(reaction)
                or _only_doubts(reaction)
                or _asks_as_technician(row, reaction)
            )
        case "owned":
            return Kind.CODE in kinds
        case "speaker":
            return Meaning(Kind.MATTER, "person") in row.named or Kind.FACT in kinds
        case "stated" | "failures":
            return Kind.FACT in kinds or (name == "stated" and offered)
        case "clue" | "correcting" | "request" | "kept as it is":
            return offered
        case _:
            return False


def _begins(reaction: Reaction) -> bool:
    """Tell whether the dialog only begins: any first message leads to the consent."""
    first = (State.START, State.GREETING)
    return reaction.before.state in first and reaction.after.state in (*first, State.CONSENT)


def _asks_as_technician(row: Row, reaction: Reaction) -> bool:
    """Tell whether a linked customer who says that there is no internet is asked since when."""
    heard = Meaning(Kind.MATTER, reaction.after.account.matter or "")
    return reaction.after.state is State.OUTAGE_SINCE and heard in row.named


def _only_doubts(reaction: Reaction) -> bool:
    """Tell whether an answer is asked about, or no longer: nothing is kept by that."""
    doubts = {CONFIRMS[field]: ASKS[field] for field in FIELDS}
    before, after = reaction.before.state, reaction.after.state
    return doubts.get(after) == before or doubts.get(before) == after


def _traits(conversation: Conversation) -> dict[str, Any]:
    """Describe a record by all that an act may change, but for the values kept."""
    identity, draft, lookup = conversation.identity, conversation.draft, conversation.lookup
    saved = conversation.last_change
    return {
        "state": conversation.state,
        "speaker": conversation.speaker.kind,
        "consent": conversation.consent is not None,
        "link": conversation.link.client.service_id if conversation.link else 0,
        "request": conversation.change.request is not None,
        "change": saved.standing if saved else None,
        "notice": conversation.notice is not None,
        "kept as it is": [field for field, it in draft.answers.items() if it == KEPT],
        "replacing": draft.replacing,
        "correcting": draft.correcting,
        "stated": lookup.stated,
        "failures": lookup.failures,
        "tries": identity.challenge.wrong if identity.challenge else 0,
        "codes": identity.challenge.sent if identity.challenge else 0,
        "owned": identity.owned,
        "clue": lookup.clue,
    }


def _changes(reaction: Reaction) -> dict[str, Any]:
    before, after = _traits(reaction.before), _traits(reaction.after)
    changed = {name: it for name, it in after.items() if it != before[name]}
    if reaction.after.identity.challenge is None:  # it ended, and its tries with it
        changed.pop("tries", None)
        changed.pop("codes", None)
    if "document:" in str(changed.get("clue")) or "service:" in str(changed.get("clue")):
        changed.pop("clue")  # a value kept
    return changed


def _facts(conversation: Conversation) -> tuple[object, ...]:
    lookup = conversation.lookup
    return (lookup.stated, lookup.failures, conversation.identity.client)


def _spent(reaction: Reaction) -> bool:
    after, before = reaction.after.identity.challenge, reaction.before.identity.challenge
    return after is not None and before is not None and after.wrong > before.wrong


# Values


def _kept_now(reaction: Reaction) -> set[Value]:
    return _kept(reaction.after) - _kept(reaction.before)


def _kept(conversation: Conversation) -> set[Value]:
    """List the values that a record holds: answered, looked for, or offered for later."""
    answers = conversation.draft.answers.items()
    kept = {_normal(field, it) for field, it in answers if it and it != KEPT}
    slot, _, clue = conversation.lookup.clue.partition(":")
    if slot in ("document", "service"):
        kept.add(_normal(slot, clue))
    if conversation.lookup.invitation:
        kept.add(_normal("invitation", conversation.lookup.invitation))
    return kept | {_normal(offer.slot.value, offer.value) for offer in conversation.offers}


def _value(meaning: Meaning) -> Value:
    return _normal(meaning.name, meaning.value)


def _normal(slot: str, value: str) -> Value:
    """Bring a value to one spelling, by the slot's own reader."""
    if slot in set(Field):
        reading = FIELDS[Field(slot)].read(value)
        known = value if isinstance(reading, Refused) else reading.value
    else:
        known = (invitations.read(value) if slot == "invitation" else None) or value
    return slot, _plain(known).removeprefix("57" if slot == "phone" else "\0")


def _plain(value: str) -> str:
    return "".join(character for character in value.casefold() if character.isalnum())


def _spell(meaning: Meaning) -> str:
    return " ".join(part for part in (meaning.kind, meaning.name, meaning.value) if part)
