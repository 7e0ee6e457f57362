"""What an invitation's code stands for: told after the same time, whether or not it is a right one.

Else whoever tries codes would learn from the clock which of them was worth another look.
"""

from state.conversation import Conversation, replace
from state.events import ClientFound, ClientMissing
from state.machine import identification, leaving
from state.machine.asking import ask, say
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.parts import Identity
from state.proof import Proof
from state.states import State


def take_outcome(
    conversation: Conversation, event: ClientFound | ClientMissing, moment: Moment
) -> Step:
    """Take what the code stands for; the customer hears it when it is time."""
    if isinstance(event, ClientFound):
        conversation = _note_found(conversation, event)
    waiting = identification.hold_answer(conversation, moment)
    return tell_outcome(conversation) if waiting is None else (waiting, ())


def tell_outcome(conversation: Conversation) -> Step:
    """Ask whether the service is the customer's, or say that the code stands for none."""
    lookup, found = conversation.lookup, conversation.lookup.found
    known = replace(conversation, lookup=replace(lookup, invitation="", found=()))
    if not found:
        known = replace(known, state=State.METHOD)
        return say(known, line(known, "id_link_mal"))
    known = leaving.with_client(known, found[0])
    known = leaving.with_proofs(known, conversation.identity.proofs)
    draft = replace(known.draft, misses=0)
    return ask(replace(known, state=State.CONFIRM_SERVICE, draft=draft))


def _note_found(conversation: Conversation, event: ClientFound) -> Conversation:
    """Note the service and the proof, and whether people decide; no service is named yet."""
    proofs = (Proof.INVITATION, Proof.STAFF) if event.in_person else (Proof.INVITATION,)
    alarmed = conversation.lookup.alarmed or event.alarmed
    lookup = replace(conversation.lookup, found=(event.client,), alarmed=alarmed)
    return replace(conversation, lookup=lookup, identity=Identity(proofs=proofs))
