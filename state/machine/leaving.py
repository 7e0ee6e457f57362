"""What is dropped when a dialog ends, each way of leaving named by what it means.

What a part holds is dropped with the part: nothing is copied by hand. The link, a request that
people decide, the consent and what was said last outlive a dialog.
"""

import dataclasses

from state.client import Client
from state.conversation import Conversation, replace
from state.effects import Effect, Unlink
from state.events import Displaced
from state.parts import KEPT, Draft, Identity, Link, Lookup, PendingChange
from state.proof import Proof
from state.states import State

_EARLIER = 5  # services


def drop_draft(conversation: Conversation) -> Conversation:
    """Drop the answers and the look-up: cancelled, begun again, or expired.

    A chat that is linked is back where it was; the failures of look-ups still count.
    """
    return replace(
        conversation,
        state=State.START if conversation.link is None else State.DONE,
        lookup=Lookup(failures=conversation.lookup.failures),
        identity=linked_identity(conversation.link),
        draft=Draft(),
        change=PendingChange(),
        timer=None,
    )


def rest(conversation: Conversation) -> Conversation:
    """Stand where a dialog ends: linked, or at the beginning if the link was lost meanwhile."""
    if conversation.link is not None:
        return replace(conversation, state=State.DONE)
    return replace(conversation, state=State.START, identity=Identity())


def drop_words(conversation: Conversation) -> Conversation:
    """Drop what the customer gave; an undoing that staff asked for is theirs, and stays."""
    request = conversation.change.request
    conversation = forget_matter(conversation)
    if request is None or not request.undoes:
        return drop_draft(conversation)
    return replace(conversation, draft=Draft())


def forget_matter(conversation: Conversation) -> Conversation:
    """Forget what the customer wrote about besides the answers: staff saw to it, or may not."""
    return replace(conversation, account=replace(conversation.account, matter=None))


def forget_name(conversation: Conversation) -> Conversation:
    """Forget what the account calls itself; its next message tells it again."""
    account = conversation.account
    person = dataclasses.replace(account.person, name="")
    return replace(conversation, account=replace(account, person=person))


def drop_kept(conversation: Conversation) -> Conversation:
    """Drop which values were left as they are on file: they were another service's."""
    answers = {f: value for f, value in conversation.draft.answers.items() if value != KEPT}
    return replace(conversation, draft=replace(conversation.draft, answers=answers))


def unlink(conversation: Conversation) -> tuple[Conversation, tuple[Effect, ...]]:
    """End the link, and whatever the dialog was about; what stands at the provider stays."""
    link = conversation.link
    conversation = drop_draft(replace(conversation, link=None))
    return conversation, () if link is None else (Unlink(service_id=link.client.service_id),)


def give_way(
    conversation: Conversation, event: Displaced
) -> tuple[Conversation, tuple[Effect, ...]]:
    """End a link whose place the holder took; a dialog that is under way goes on, to people."""
    link = conversation.link
    if link is None or link.client.service_id != event.service_id:
        return conversation, ()
    if conversation.state is State.DONE:
        return unlink(conversation)
    return replace(conversation, link=None), (Unlink(service_id=event.service_id),)


def withdraw_request(conversation: Conversation) -> Conversation:
    """Take the request back that people decide, and the answers it was made of."""
    return drop_draft(conversation)


def link(conversation: Conversation) -> Conversation:
    """Let the chat belong to the service that the dialog is about; how it was found is dropped.

    What the policy asks of the search goes on counting.
    """
    known, lookup = conversation.identity, conversation.lookup
    return replace(
        conversation,
        link=None
        if known.client is None
        else Link(
            client=known.client,
            proofs=known.proofs,
            vouched_by=known.vouched_by,
            earlier=_list_earlier(conversation.link, known.client),
        ),
        lookup=Lookup(failures=lookup.failures, all_facts=lookup.all_facts, alarmed=lookup.alarmed),
    )


def _list_earlier(link: Link | None, client: Client) -> tuple[int, ...]:
    """List the services that the chat was linked with before this one."""
    before = (*link.earlier, link.client.service_id) if link is not None else ()
    return tuple(one for one in dict.fromkeys(before) if one != client.service_id)[-_EARLIER:]


def linked_identity(link: Link | None) -> Identity:
    """Tell who the customer of a linked chat is, while no dialog is about another service."""
    if link is None:
        return Identity()
    return Identity(client=link.client, proofs=link.proofs, vouched_by=link.vouched_by)


def with_client(conversation: Conversation, client: Client) -> Conversation:
    """Note a service as it stands now, also where the chat is linked to it."""
    link = conversation.link
    if link is not None and link.client.service_id == client.service_id:
        link = replace(link, client=client)
    return replace(conversation, identity=replace(conversation.identity, client=client), link=link)


def prove_anew(conversation: Conversation, *proofs: Proof) -> Conversation:
    """Let this and nothing else be proven of who is looked for; what proved the link stands."""
    identity = replace(conversation.identity, proofs=proofs, vouched_by=())
    return replace(conversation, identity=identity)


def with_proof(conversation: Conversation, proof: Proof, *, by: str = "") -> Conversation:
    """Add a proof, and the member of staff on whose word it rests, if it rests on one."""
    known = conversation.identity
    proofs = tuple(dict.fromkeys((*known.proofs, proof)))
    vouched_by = tuple(dict.fromkeys((*known.vouched_by, *([by] if by else []))))
    return with_proofs(conversation, proofs, vouched_by)


def with_proofs(
    conversation: Conversation, proofs: tuple[Proof, ...], vouched_by: tuple[str, ...] = ()
) -> Conversation:
    """Note what is proven of the customer of this service, also where the chat is linked to it."""
    client, link = conversation.identity.client, conversation.link
    if link is not None and client is not None and link.client.service_id == client.service_id:
        link = replace(link, proofs=proofs, vouched_by=vouched_by)
    identity = replace(conversation.identity, proofs=proofs, vouched_by=vouched_by)
    return replace(conversation, identity=identity, link=link)
