"""What was written is read again, twice: the directory echoes writes that it does not keep."""

import dataclasses

from state.client import Client
from state.conversation import Conversation, replace
from state.effects import FindClient
from state.events import ClientFound, ClientMissing, LookupFailed
from state.fields.table import FIELDS
from state.machine import leaving
from state.machine.asking import say
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.machine.updating import CHECKS
from state.parts import QUEUE
from state.records import Standing, Verification
from state.states import State

_PATIENCE = 900_000  # ms
_BLANKS = 3  # readings in a row without the service, until that is believed


def read_again(conversation: Conversation, check: Verification) -> Step:
    """Read the service again; a reading that is lost is made again a quarter hour later."""
    reading = dataclasses.replace(
        check, lookup=conversation.turns, due=check.due + _PATIENCE, generation=conversation.turns
    )
    effect = FindClient(service_id=check.service_id, lookup=conversation.turns)
    return replace(conversation, verification=reading), (effect,)


def take_reading(
    conversation: Conversation, event: ClientFound | ClientMissing | LookupFailed, moment: Moment
) -> Step:
    """Judge a reading: fine, to be repeated, or gone, which brings a person."""
    check = conversation.verification
    assert check is not None
    match event:
        case LookupFailed():
            return conversation, ()  # it is read again by itself
        case ClientMissing() if check.blank + 1 < _BLANKS:
            blank = dataclasses.replace(check, blank=check.blank + 1)
            return replace(conversation, verification=blank), ()
        case ClientFound(client=client) if _is_on_file(check, client):
            later, known = (
                _next_check(check, conversation.turns, moment),
                _note_client(conversation, client),
            )
            conversation = _set_standing(known, Standing.VERIFIED) if later is None else known
            return replace(conversation, verification=later), ()
        case _:
            known = conversation
            if isinstance(event, ClientFound):
                known = _note_client(conversation, event.client)
            conversation = replace(_set_standing(known, Standing.LOST), verification=None)
            conversation = (
                conversation
                if conversation.speaker.is_person
                else replace(conversation, speaker=QUEUE)
            )
            return say(conversation, line(conversation, "err_no_persistio"))


def _note_client(conversation: Conversation, client: Client) -> Conversation:
    """Know the linked service as it was read now, unless a change of it has begun meanwhile."""
    idle, known = conversation.state is State.DONE, conversation.identity.client
    same = known is not None and known.service_id == client.service_id
    return leaving.with_client(conversation, client) if idle and same else conversation


def _set_standing(conversation: Conversation, standing: Standing) -> Conversation:
    saved = conversation.last_change
    if saved is None:  # written by an earlier version
        return conversation
    if saved.standing is not Standing.WRITTEN and standing is Standing.VERIFIED:
        return conversation  # contested: that it stands is the matter; undone: so it stays
    return replace(conversation, last_change=dataclasses.replace(saved, standing=standing))


def _is_on_file(check: Verification, client: Client) -> bool:
    return all(
        any(FIELDS[field].same(written, value) for value in client.of(field).values)
        for field, written in check.written.items()
    )


def _next_check(check: Verification, generation: int, moment: Moment) -> Verification | None:
    """Read once more after some minutes, then believe it."""
    done = check.read + 1
    if done >= len(CHECKS):
        return None
    wait = CHECKS[done] - CHECKS[done - 1]
    return dataclasses.replace(
        check, due=moment.now + wait, generation=generation, read=done, lookup=0, blank=0
    )
