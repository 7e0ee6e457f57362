"""From the confirmed summary to the directory: by itself, by people, or not at all."""

import dataclasses
from collections.abc import Mapping

from state.client import UNKNOWN, Client, OnFile
from state.conversation import Conversation, replace
from state.effects import Line, Link, UpdateClient
from state.fields.table import Field
from state.machine import alerts, commands, leaving
from state.machine.asking import say
from state.machine.changes import list_changes, list_wanted
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.messages.staff import OBJECTIONS, REASONS, Reason
from state.objections import Assumption, Objection
from state.parts import KEPT
from state.policy import Case, Decision, Judgement, Preset, Situation, judge
from state.proof import Proof
from state.records import Request, SavedChange, Standing, Verification
from state.states import State

CHECKS = (150_000, 360_000)
"""Milliseconds after the write at which it is read again: the directory forgets what it echoed."""


RECENT = 72 * 3600_000  # ms for which another phone proves nothing
_HOLD = 24 * 3600_000  # ms in which the old number may object


def save(conversation: Conversation, moment: Moment) -> Step:
    """Write the confirmed summary, or let people decide, as the policy says."""
    numbered = replace(
        conversation, change=replace(conversation.change, reference=moment.reference, attempts=0)
    )
    if conversation.identity.client is None or _is_linked_as_it_is(conversation):
        return finish_unchanged(conversation)
    judgement = judge_change(numbered, moment)
    match judgement.decision:
        case Decision.AUTOMATIC if not list_changes(conversation):
            return finish_unchanged(conversation)
        case Decision.AUTOMATIC:
            conversation, effect = update(numbered, moment)
            return say(conversation, line(conversation, "guardando"), then=(effect,))
        case Decision.APPROVAL:
            return review(numbered, judgement, moment)
        case Decision.REFUSED:
            return commands.hand_over(numbered, "por_asesor")


def is_finished(conversation: Conversation, moment: Moment) -> bool:
    """Tell whether there is nothing to confirm: a new chat of the holder's, and all is on file."""
    answers, link = conversation.draft.answers, conversation.link
    client = conversation.known_client
    here = link is not None and link.client.service_id == client.service_id
    kept = len(answers) == len(Field) and all(value == KEPT for value in answers.values())
    if client is UNKNOWN or here or not kept:
        return False
    return judge_change(conversation, moment).decision is Decision.AUTOMATIC


def finish_unchanged(conversation: Conversation, *lead: Line) -> Step:
    """Link the chat to a service of which nothing is to be changed."""
    linked = leaving.link(replace(conversation, state=State.DONE))
    client = conversation.identity.client
    if client is None:
        return say(linked, *lead, line(linked, "sin_cambios"))
    vouched = Proof.STAFF in conversation.identity.proofs
    link = Link(service_id=client.service_id, vouched=vouched)
    return say(linked, *lead, line(linked, "sin_cambios"), then=(link,))


def _is_linked_as_it_is(conversation: Conversation) -> bool:
    """Tell whether there is nothing to decide: the holder's chat is linked, and nothing changes."""
    link, client = conversation.link, conversation.known_client
    linked = link is not None and link.client.service_id == client.service_id
    return linked and not list_changes(conversation)


def judge_change(conversation: Conversation, moment: Moment, *, taken: bool = False) -> Judgement:
    """Have the policy judge what the answers change."""
    return judge(_case(conversation, moment, taken=taken), Preset(moment.preset))


def _case(conversation: Conversation, moment: Moment, *, taken: bool = False) -> Case:
    shown = conversation.account.person.own_phone
    return Case(
        client=conversation.identity.client or Client(service_id=0),
        changes=list_changes(conversation),
        proofs=conversation.identity.proofs,
        own=[number for number in (shown, conversation.identity.owned) if number],
        taken=taken,
        all_facts=conversation.lookup.all_facts,
        recent=is_renumbered(conversation, moment),
        alarmed=conversation.lookup.alarmed,
    )


def is_renumbered(conversation: Conversation, moment: Moment) -> bool:
    """Tell whether the account came to another number or phone a short while ago."""
    return (
        conversation.account.renumbered_at > 0
        and moment.now < conversation.account.renumbered_at + RECENT
    )


def _list_assumptions(conversation: Conversation, moment: Moment) -> tuple[Assumption, ...]:
    """Tell what an automatic decision rests on: what, if it did not hold, would change it."""
    case = _case(conversation, moment)
    doubts = {
        Assumption.PHONE: dataclasses.replace(case, recent=True),
        Assumption.FIRST: dataclasses.replace(case, others=True),
    }
    return tuple(
        assumption
        for assumption, doubt in doubts.items()
        if judge(doubt, Preset(moment.preset)).decision is not Decision.AUTOMATIC
    )


def review(
    conversation: Conversation,
    judgement: Judgement,
    moment: Moment,
    objection: Objection | None = None,
) -> Step:
    """Leave the change to people."""
    request = Request(
        code=conversation.change.reference,
        at=moment.now,
        reasons=(
            *(REASONS[situation] for situation in judgement.situations),
            *([OBJECTIONS[objection]] if objection else []),
            *_list_doubts(conversation, moment),
        ),
        four_eyes=judgement.four_eyes,
        held_until=moment.now + _HOLD if judgement.held else 0,
        changes=list_changes(conversation),
    )
    conversation = replace(
        conversation, state=State.REVIEW, change=replace(conversation.change, request=request)
    )
    held = request.held_until and conversation.possesses  # that there is a number tells of the file
    text = "en_aprobacion_retenida" if held else "en_aprobacion"
    return say(conversation, line(conversation, text), then=(alerts.build_warning(conversation),))


def _list_doubts(conversation: Conversation, moment: Moment) -> tuple[Reason, ...]:
    """Tell staff why the chat's own number proves nothing, if it does not."""
    if conversation.account.person.recycled_at:
        return (Reason.RECYCLED,)
    return (Reason.ANOTHER_PHONE,) if is_renumbered(conversation, moment) else ()


def judge_again(conversation: Conversation, now: Client, moment: Moment) -> Step:
    """Judge again what a field that changed meanwhile makes of the change.

    What people had approved, they approve anew: they see how it stands now.
    """
    fresh, first = (
        replace(conversation, identity=replace(conversation.identity, client=now)),
        conversation.change.request,
    )
    if first is not None and first.undoes:
        again = dataclasses.replace(first, approved_by=(), moved=True)
        return replace(fresh, state=State.REVIEW, change=replace(fresh.change, request=again)), ()
    judgement = judge_change(fresh, moment)
    if fresh.change.request is None and judgement.decision is Decision.AUTOMATIC:
        conversation, effect = update(fresh, moment)
        return conversation, (effect,)
    if fresh.change.request is None and judgement.decision is Decision.REFUSED:
        return commands.hand_over(replace(fresh, state=State.SUMMARY), "por_asesor")
    asked, effects = review(fresh, judgement, moment)
    assert asked.change.request is not None
    kept = first or dataclasses.replace(asked.change.request, changes=list_changes(conversation))
    request = dataclasses.replace(
        asked.change.request,
        changes=kept.changes,
        held_until=kept.held_until,
        contested=kept.contested,
        moved=True,
    )
    return replace(asked, change=replace(asked.change, request=request)), effects


def tell_people_of_another_holder(conversation: Conversation) -> Conversation:
    """Have two people approve anew, who did not know that the document is another holder's.

    It is compared only now: of who only knows, nothing is compared before people decided. The
    customer hears nothing of it.
    """
    request = conversation.change.request
    assert request is not None
    again = dataclasses.replace(
        request,
        reasons=(*request.reasons, REASONS[Situation.DOCUMENT_TAKEN]),
        four_eyes=True,
        approved_by=(),
    )
    return replace(
        conversation, state=State.REVIEW, change=replace(conversation.change, request=again)
    )


def update(conversation: Conversation, moment: Moment) -> tuple[Conversation, UpdateClient]:
    """Start an attempt to write what the answers change."""
    effect = (
        _undo_effect(conversation) if undoes(conversation) else _update_effect(conversation, moment)
    )
    conversation = replace(
        conversation,
        state=State.UPDATING,
        change=replace(conversation.change, attempts=conversation.change.attempts + 1),
    )
    return conversation, effect


def _update_effect(conversation: Conversation, moment: Moment) -> UpdateClient:
    client, request = conversation.identity.client or UNKNOWN, conversation.change.request
    unaware = request is not None and REASONS[Situation.DOCUMENT_TAKEN] not in request.reasons
    return UpdateClient(
        service_id=client.service_id,
        changes=list_wanted(conversation),
        known=client,
        approved=request is not None,
        rests=(
            *_list_assumptions(conversation, moment),
            *([Assumption.FREE] if unaware else []),
        ),
    )


def _undo_effect(conversation: Conversation) -> UpdateClient:
    """Put back what stood there, to the letter, if nobody changed it since.

    If somebody did, people are asked again; what they approve then, they have seen.
    """
    saved, request = conversation.last_change, conversation.change.request
    assert saved is not None
    seen = request is not None and request.moved
    return UpdateClient(
        service_id=saved.service_id,
        changes=saved.changes,
        known=UNKNOWN if seen else Client(service_id=saved.service_id),
        approved=True,
        exact=True,
    )


def note_undo(conversation: Conversation, moment: Moment) -> Conversation:
    """Note that the last change is undone, to read it again later."""
    saved = conversation.last_change
    assert saved is not None
    check = Verification(
        service_id=saved.service_id,
        written={c.field: c.old.values[0] for c in saved.changes if c.old.values},
        due=moment.now + CHECKS[0],
        generation=conversation.turns,
    )
    back = dataclasses.replace(saved, standing=Standing.UNDONE)
    undone = {change.field: change.old for change in saved.changes}
    return replace(
        leaving.rest(_since(conversation, conversation.identity.client, undone)),
        change=replace(conversation.change, attempts=0, request=None),
        verification=check,
        last_change=back,
    )


def note_update(conversation: Conversation, before: Client | None, moment: Moment) -> Conversation:
    """Note what was written and what stood there before, to read it again later."""
    request = conversation.change.request
    stranger = request is not None and request.contested
    standing = Standing.CONTESTED if stranger else Standing.WRITTEN
    saved = _describe_saved(conversation, before, moment, standing)
    check = Verification(
        service_id=conversation.identity.client.service_id if conversation.identity.client else 0,
        written={change.field: change.new for change in list_wanted(conversation)},
        due=moment.now + CHECKS[0],
        generation=conversation.turns,
    )
    client = conversation.identity.client and (before or conversation.identity.client)
    conversation = replace(
        _since(conversation, client, saved.after),
        state=State.DONE,
        change=replace(conversation.change, attempts=0, request=None),
        verification=check,
        last_change=saved,
    )
    return leaving.link(conversation)


def _since(
    conversation: Conversation, client: Client | None, written: Mapping[Field, OnFile]
) -> Conversation:
    """Know the service as it stands since: what was written, and what nobody touched."""
    if client is None:
        return conversation
    on_file = {**client.on_file, **written}
    return leaving.with_client(conversation, dataclasses.replace(client, on_file=on_file))


def give_up(conversation: Conversation, moment: Moment) -> Conversation:
    """Note that nobody knows what became of the change: people look, and do it by hand."""
    free = replace(
        conversation,
        change=replace(conversation.change, request=None, attempts=0),
        verification=None,
        timer=None,
    )
    if undoes(conversation):
        assert conversation.last_change is not None
        unknown = dataclasses.replace(conversation.last_change, standing=Standing.UNKNOWN)
        return replace(leaving.rest(free), last_change=unknown)
    saved = _describe_saved(conversation, conversation.identity.client, moment, Standing.UNKNOWN)
    return replace(free, state=State.SUMMARY, last_change=saved)


def undoes(conversation: Conversation) -> bool:
    """Tell whether what is decided or written puts something back: the customer heard of none."""
    return conversation.change.request is not None and conversation.change.request.undoes


def _describe_saved(
    conversation: Conversation, before: Client | None, moment: Moment, standing: Standing
) -> SavedChange:
    stood = before or conversation.identity.client or UNKNOWN
    return SavedChange(
        code=conversation.change.reference,
        at=moment.now,
        service_id=stood.service_id,
        changes=tuple(
            dataclasses.replace(change, old=stood.of(change.field))
            for change in list_changes(conversation)
        ),
        standing=standing,
    )
