"""Which service it is, and what proves it: the channel's number, an invitation, or facts.

Whoever types something learns nothing from the answers: the same questions come whether or not
there is such a service, and then one answer, after the same time.
"""

from state.client import Client
from state.conversation import Conversation, replace
from state.effects import CountFailure, FindClient, Line, RedeemInvitation, Search
from state.events import ClientsFound
from state.fields import invitations, matching, naming
from state.fields.matching import Match
from state.fields.offers import Slot
from state.fields.reading import Doubtful, Refused
from state.fields.table import Field
from state.machine import challenges, leaving, offering, onward
from state.machine.asking import ask, say
from state.machine.commands import hand_over
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.machine.questions import FIRST
from state.parts import Identity, Lookup, Person
from state.proof import Proof
from state.records import Timer, TimerName
from state.states import FACTS, State

_HELD = 2_500
"""Milliseconds until the answer, however fast the directory was: from the last message, or from the
search if a gate kept "one moment" before it waiting."""

_BY_NUMBER = "phone:"
_BY = {State.SERVICE: Slot.SERVICE, State.HOLDER: Slot.DOCUMENT}
_TRIES = 3
_STATED = 160  # characters kept of what is said of the file


def identify(conversation: Conversation, *lead: Line) -> Step:
    """Look for the service by the best that we have, or ask for something better."""
    conversation, invitation = offering.take(conversation, Slot.INVITATION)
    lookup = Lookup(
        invitation=conversation.lookup.invitation or invitation,
        number=conversation.turns,
        failures=conversation.lookup.failures,
        alarmed=conversation.lookup.alarmed,
    )
    conversation = replace(conversation, identity=Identity(), lookup=lookup)
    if lookup.invitation:
        return _redeem(conversation, *lead)
    if conversation.account.person.phone:
        return _search_by_number(conversation, *lead)
    return ask(replace(conversation, state=State.SHARING), *lead)


def offer_retry(conversation: Conversation) -> Step:
    """Say that the directory did not answer, and keep what it was asked."""
    lookup = replace(conversation.lookup, unanswered=True)
    return ask(replace(conversation, state=State.METHOD, lookup=lookup))


def look_again(conversation: Conversation) -> Step:
    """Ask the directory once more what it did not answer, by the same clue and proof."""
    lookup, client = conversation.lookup, conversation.identity.client
    if conversation.state is not State.METHOD or not lookup.unanswered:
        return ask(conversation)
    if lookup.invitation:
        return _redeem(conversation)
    if lookup.clue.startswith(_BY_NUMBER):
        return _search_by_number(conversation)
    if lookup.clue:
        return _search(conversation, lookup.clue)
    return ask_method(conversation) if client is None else refresh(conversation)


def look_otherwise(conversation: Conversation) -> Step:
    """Let another way to look be chosen."""
    return ask_method(conversation) if conversation.state is State.METHOD else ask(conversation)


def refresh(conversation: Conversation, *lead: Line) -> Step:
    """Read the linked service again: what was read before may be old."""
    assert conversation.identity.client is not None
    service = conversation.identity.client.service_id
    effect = FindClient(service_id=service, lookup=conversation.turns)
    return _find(replace(conversation, lookup=_forget(conversation.lookup)), effect, *lead)


def ask_method(conversation: Conversation, *lead: Line) -> Step:
    """Ask by what to look, where the number is not shared, not on file, or proves nothing."""
    conversation = _seek(conversation, State.METHOD)
    for slot, state in ((Slot.SERVICE, State.SERVICE), (Slot.DOCUMENT, State.HOLDER)):
        if any(one.slot is slot for one in conversation.offers):
            return _look_by_offer(replace(conversation, state=state), *lead)
    return ask(conversation, *lead)


def search_by_channel_phone(conversation: Conversation, phone: str) -> Step:
    """Look by the number that the channel vouches for."""
    return _search_by_number(note_own_number(conversation, phone))


def note_own_number(conversation: Conversation, phone: str) -> Conversation:
    """Note the number of a contact that the channel vouches for, as its names may tell already."""
    person = conversation.account.person
    if person.phone == phone:
        return conversation
    named = Person(user=person.user, phone=phone, name=person.name)
    return replace(conversation, account=replace(conversation.account, person=named))


def choose_method(conversation: Conversation, choice: str) -> Step:
    """Take the way to look that was chosen."""
    states = {"by_document": State.HOLDER, "by_service": State.SERVICE, "by_facts": State.NAME}
    return _look_by_offer(_seek(conversation, states[choice]))


def _seek(conversation: Conversation, state: State) -> Conversation:
    """Begin to look anew, in that way."""
    return replace(
        conversation,
        state=state,
        lookup=_forget(conversation.lookup),
        draft=replace(conversation.draft, misses=0, candidate="", doubt=""),
    )


def _look_by_offer(conversation: Conversation, *lead: Line) -> Step:
    """Look by what was said before, as if it were typed now; else ask for it."""
    slot = _BY.get(conversation.state)
    conversation, said = offering.take(conversation, slot) if slot else (conversation, "")
    if not said:
        return ask(conversation, *lead)
    take = take_service if slot is Slot.SERVICE else take_holder
    return take(conversation, said, *lead)


def take_service(conversation: Conversation, text: str, *lead: Line) -> Step:
    """Take a service number; whether there is one shows only at the end."""
    match invitations.service_number(text):
        case Refused(cause=cause):
            return _reject(replace(conversation, state=State.SERVICE), cause)
        case read:
            return _ask_facts(conversation, f"service:{read.value}", *lead)


def take_holder(conversation: Conversation, text: str, *lead: Line) -> Step:
    """Take the holder's document; whether there is one shows only at the end."""
    conversation = replace(offering.drop(conversation, Slot.DOCUMENT), state=State.HOLDER)
    match naming.read_answer(Field.DOCUMENT, text):
        case Refused(cause=cause, values=values):
            return _reject(conversation, cause, **values)
        case Doubtful(value=value, cause=cause):
            draft = replace(conversation.draft, candidate=value, doubt=cause, misses=0)
            conversation = replace(conversation, draft=draft)
            return say(conversation, *lead, line(conversation, cause))
        case read:
            return _ask_facts(conversation, f"document:{read.value}", *lead)


def confirm_holder(conversation: Conversation) -> Step:
    """Look by the doubtful document that the customer says is right."""
    value = conversation.draft.candidate
    if not value:
        return ask(conversation)
    draft = replace(conversation.draft, candidate="", doubt="")
    return _ask_facts(replace(conversation, draft=draft), f"document:{value}")


def take_fact(conversation: Conversation, text: str, *lead: Line) -> Step:
    """Take what the customer says of the file, and ask the next; then look."""
    facts = (*conversation.lookup.stated, text.strip()[:_STATED])
    conversation = replace(
        conversation,
        lookup=replace(conversation.lookup, stated=facts),
        draft=replace(conversation.draft, misses=0),
    )
    if len(facts) < len(FACTS):
        return ask(replace(conversation, state=FACTS[len(facts)]), *lead)
    surname = facts[0].split()[-1] if facts[0].split() else ""
    return _search(conversation, conversation.lookup.clue or f"name:{surname}", *lead)


def take_results(conversation: Conversation, event: ClientsFound, moment: Moment) -> Step:
    """Take what a search found, if it is the customer's; a typed clue is answered later."""
    conversation = replace(conversation, lookup=replace(conversation.lookup, alarmed=event.alarmed))
    if conversation.lookup.clue.startswith(_BY_NUMBER):
        return _take_phone_results(conversation, event.clients, moment)
    right = tuple(
        client for client in event.clients if matching.knows(*_match(conversation, client))
    )
    count = () if right else (_count_failure(conversation, event.clients),)
    all_facts = bool(right) and all(matching.knows_all(*_match(conversation, c)) for c in right)
    judged = replace(
        conversation, lookup=replace(conversation.lookup, found=right, all_facts=all_facts)
    )
    waiting = hold_answer(judged, moment)
    if waiting is not None:
        return waiting, count
    conversation, effects = tell_result(judged, moment)
    return conversation, (*effects, *count)


def hold_answer(conversation: Conversation, moment: Moment) -> Conversation | None:
    """Hold an answer back until as much time has passed as always; none if it has."""
    due = max(conversation.shown.asked_at, moment.at) + _HELD
    if moment.now >= due:
        return None
    timer = Timer(name=TimerName.ANSWER, due=due, generation=conversation.turns)
    return replace(conversation, timer=timer)


def _count_failure(conversation: Conversation, clients: tuple[Client, ...]) -> CountFailure:
    """Count it against a service of the holder that was named; names alone name nobody.

    It is the first of several: once that is locked, and not found any more, the next one counts.
    """
    named = clients and not conversation.lookup.clue.startswith("name:")
    return CountFailure(service_id=clients[0].service_id if named else None)


def tell_result(conversation: Conversation, moment: Moment) -> Step:
    """Say whether the facts are right, and no more."""
    if not conversation.lookup.found:
        return fail(conversation)
    return _choose(
        leaving.prove_anew(conversation, Proof.FACTS),
        conversation.lookup.found,
        moment,
    )


def fail(conversation: Conversation) -> Step:
    """Say that it did not work, not why; after three times a person takes over."""
    conversation = replace(
        conversation,
        lookup=replace(
            conversation.lookup,
            failures=conversation.lookup.failures + 1,
            clue="",
            stated=(),
            found=(),
        ),
    )
    if conversation.lookup.failures >= _TRIES:
        return block(replace(conversation, lookup=replace(conversation.lookup, failures=0)))
    return say(replace(conversation, state=State.METHOD), line(conversation, "id_no"))


def block(conversation: Conversation) -> Step:
    """Look no more in this chat: a person takes over."""
    return hand_over(
        replace(
            conversation,
            state=State.METHOD,
            lookup=_forget(conversation.lookup),
        ),
        "id_fin",
    )


def pick(conversation: Conversation, choice: str, moment: Moment) -> Step:
    """Take the service chosen among several, or none of them."""
    index = int(choice.removeprefix("pick")) - 1
    return take(conversation, conversation.lookup.found[index], moment)


def take(conversation: Conversation, client: Client, moment: Moment) -> Step:
    """Go on with a service; who only knows things may show more by a code."""
    conversation = replace(
        conversation,
        identity=replace(conversation.identity, client=client),
        lookup=replace(conversation.lookup, found=(), stated=(), failures=0),
        draft=replace(conversation.draft, misses=0),
    )
    if challenges.can_prove(conversation, moment):
        return challenges.prove(conversation, moment)
    return onward.go_on(conversation, FIRST, moment)


def _take_phone_results(
    conversation: Conversation, clients: tuple[Client, ...], moment: Moment
) -> Step:
    if conversation.account.person.recycled_at:  # learnt since
        return _search_by_number(conversation)
    if not clients:
        return ask_method(conversation, line(conversation, "id_tel_no"))
    return _choose(
        leaving.prove_anew(conversation, Proof.CHANNEL_PHONE),
        clients,
        moment,
    )


def _choose(conversation: Conversation, clients: tuple[Client, ...], moment: Moment) -> Step:
    """Let the holder choose; who only knows hears of no second service, and people decide."""
    if len(clients) == 1 or not conversation.possesses:
        return take(conversation, clients[0], moment)
    return ask(
        replace(
            conversation, state=State.PICK, lookup=replace(conversation.lookup, found=clients[:9])
        )
    )


def _search_by_number(conversation: Conversation, *lead: Line) -> Step:
    """Look by the account's own number, unless another account has shown it too."""
    person = conversation.account.person
    if person.recycled_at:
        return ask_method(conversation, *lead, line(conversation, "id_tel_solo"))
    return _search(conversation, f"{_BY_NUMBER}{person.own_phone}", *lead)


def _search(conversation: Conversation, clue: str, *lead: Line) -> Step:
    looking = replace(conversation.lookup, clue=clue)
    effect = Search(clue=clue, lookup=conversation.turns)
    return _find(replace(conversation, lookup=looking), effect, *lead)


def _redeem(conversation: Conversation, *lead: Line) -> Step:
    effect = RedeemInvitation(code=conversation.lookup.invitation, lookup=conversation.turns)
    return _find(conversation, effect, *lead)


def _find(
    conversation: Conversation, effect: Search | RedeemInvitation | FindClient, *lead: Line
) -> Step:
    """Wait for the outcome of a look-up, and say so."""
    lookup = replace(conversation.lookup, number=effect.lookup, unanswered=False)
    conversation = replace(conversation, state=State.FINDING, lookup=lookup)
    return say(conversation, *lead, line(conversation, "id_gracias"), then=(effect,))


def _forget(lookup: Lookup) -> Lookup:
    """Forget by what was looked, for another way to look."""
    return replace(lookup, invitation="", clue="", stated=(), unanswered=False)


def _ask_facts(conversation: Conversation, clue: str, *lead: Line) -> Step:
    return ask(
        replace(
            conversation,
            lookup=replace(conversation.lookup, clue=clue, stated=()),
            state=State.NAME,
            draft=replace(conversation.draft, misses=0),
        ),
        *lead,
    )


def _reject(conversation: Conversation, cause: str, **values: str) -> Step:
    conversation = replace(
        conversation, draft=replace(conversation.draft, misses=conversation.draft.misses + 1)
    )
    told = line(conversation, cause, **values)
    if conversation.draft.misses < _TRIES:
        return say(conversation, told)
    return say(conversation, told, line(conversation, "ofrecer_asesor"))


def _match(conversation: Conversation, client: Client) -> tuple[Match, Match, Match, Match]:
    """Judge what was said of the file by our own matcher; the vendor's is a substring test."""
    name, address, plan, price = conversation.lookup.stated
    return (
        matching.name(name, client.name),
        matching.address(address, client.address),
        matching.plan(plan, client.plan),
        matching.price(price, client.price),
    )
