"""Which service it is, and what proves it: the channel's number, an invitation, or facts.

Whoever types something learns nothing from the answers: the same questions come whether or not
there is such a service, and then one answer, after the same time.
"""

from state.client import Client
from state.conversation import Conversation, replace
from state.effects import CountFailure, Line, RedeemInvitation, Search
from state.events import ClientsFound
from state.fields import documents, invitations, matching
from state.fields.matching import Match
from state.fields.reading import Refused
from state.machine import proving
from state.machine.asking import ask, say
from state.machine.commands import hand_over
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.machine.questions import FIRST
from state.parts import Identity, Lookup, Person
from state.proof import Proof
from state.records import Timer, TimerName
from state.states import FACTS, State

_HELD = 2_500  # ms from the last message to the answer, however fast WispHub was
_TRIES = 3
_STATED = 160  # characters kept of what is said of the file


def identify(conversation: Conversation, *lead: Line) -> Step:
    """Look for the service by the best that we have, or ask for something better."""
    lookup = Lookup(
        invitation=conversation.lookup.invitation,
        number=conversation.turns,
        failures=conversation.lookup.failures,
        alarmed=conversation.lookup.alarmed,
    )
    fresh = replace(conversation, identity=Identity(), lookup=lookup)
    if lookup.invitation:
        finding = replace(fresh, state=State.FINDING)
        redeem = RedeemInvitation(code=lookup.invitation, lookup=lookup.number)
        return say(finding, *lead, line(finding, "id_gracias"), then=(redeem,))
    if fresh.account.person.phone:
        return _search(fresh, f"phone:+{fresh.account.person.phone}", *lead)
    return ask(replace(fresh, state=State.SHARING), *lead)


def method(conversation: Conversation) -> Step:
    """Ask by what to look, where the number is not shared or not on file."""
    return ask(
        replace(
            conversation,
            state=State.METHOD,
            lookup=replace(conversation.lookup, clue="", stated=()),
            draft=replace(conversation.draft, misses=0),
        )
    )


def shared(conversation: Conversation, phone: str) -> Step:
    """Look by the number that the channel vouches for."""
    known = replace(
        conversation,
        account=replace(
            conversation.account, person=Person(user=conversation.account.person.user, phone=phone)
        ),
    )
    return _search(known, f"phone:+{phone}")


def chosen(conversation: Conversation, choice: str) -> Step:
    """Take the way to look that was chosen."""
    states = {"by_document": State.HOLDER, "by_service": State.SERVICE, "by_facts": State.NAME}
    return ask(
        replace(
            conversation,
            state=states[choice],
            lookup=replace(conversation.lookup, clue="", stated=()),
            draft=replace(conversation.draft, misses=0),
        )
    )


def service(conversation: Conversation, text: str) -> Step:
    """Take a service number; whether there is one shows only at the end."""
    match invitations.service_number(text):
        case Refused(cause=cause):
            return _unusable(conversation, cause)
        case read:
            return _stating(conversation, f"service:{read.value}")


def holder(conversation: Conversation, text: str) -> Step:
    """Take the holder's document; whether there is one shows only at the end."""
    match documents.read(text):
        case Refused(cause=cause, values=values):
            return _unusable(conversation, cause, **values)
        case read:
            return _stating(conversation, f"document:{read.value}")


def stated(conversation: Conversation, text: str) -> Step:
    """Take what the customer says of the file, and ask the next; then look."""
    said = (*conversation.lookup.stated, text.strip()[:_STATED])
    told = replace(
        conversation,
        lookup=replace(conversation.lookup, stated=said),
        draft=replace(conversation.draft, misses=0),
    )
    if len(said) < len(FACTS):
        return ask(replace(told, state=FACTS[len(said)]))
    surname = said[0].split()[-1] if said[0].split() else ""
    return _search(told, told.lookup.clue or f"name:{surname}")


def found(conversation: Conversation, event: ClientsFound, moment: Moment) -> Step:
    """Take what a search found, if it is the customer's; a typed clue is answered later."""
    told = replace(conversation, lookup=replace(conversation.lookup, alarmed=event.alarmed))
    if told.lookup.clue.startswith("phone:"):
        return _by_phone(told, event.clients, moment)
    right = tuple(client for client in event.clients if matching.knows(*_verdicts(told, client)))
    count = () if right else (_failure(told, event.clients),)
    all_facts = bool(right) and all(matching.knows_all(*_verdicts(told, c)) for c in right)
    held, due = (
        replace(told, lookup=replace(told.lookup, found=right, all_facts=all_facts)),
        told.shown.asked_at + _HELD,
    )
    if moment.now >= due:
        answer, effects = answered(held, moment)
        return answer, (*effects, *count)
    timer = Timer(name=TimerName.ANSWER, due=due, generation=told.turns)
    return replace(held, timer=timer), count


def _failure(conversation: Conversation, clients: tuple[Client, ...]) -> CountFailure:
    """Count it against the service that was named, if there is one; names alone name none."""
    named = len(clients) == 1 and not conversation.lookup.clue.startswith("name:")
    return CountFailure(service_id=clients[0].service_id if named else None)


def answered(conversation: Conversation, moment: Moment) -> Step:
    """Say whether the facts are right, and no more."""
    if not conversation.lookup.found:
        return failed(conversation)
    return _choose(
        replace(conversation, identity=replace(conversation.identity, proofs=(Proof.FACTS,))),
        conversation.lookup.found,
        moment,
    )


def failed(conversation: Conversation) -> Step:
    """Say that it did not work, not why; after three times a person takes over."""
    tried = replace(
        conversation,
        lookup=replace(
            conversation.lookup,
            failures=conversation.lookup.failures + 1,
            clue="",
            stated=(),
            found=(),
        ),
    )
    if tried.lookup.failures >= _TRIES:
        return barred(replace(tried, lookup=replace(tried.lookup, failures=0)))
    return say(replace(tried, state=State.METHOD), line(tried, "id_no"))


def barred(conversation: Conversation) -> Step:
    """Look no more in this chat: a person takes over."""
    return hand_over(
        replace(
            conversation,
            state=State.METHOD,
            lookup=replace(conversation.lookup, clue="", stated=()),
        ),
        "id_fin",
    )


def picked(conversation: Conversation, choice: str, moment: Moment) -> Step:
    """Take the service chosen among several, or none of them."""
    index = int(choice.removeprefix("pick")) - 1
    return take(conversation, conversation.lookup.found[index], moment)


def take(conversation: Conversation, client: Client, moment: Moment) -> Step:
    """Go on with a service; who only knows things may show more by a code."""
    taken = replace(
        conversation,
        identity=replace(conversation.identity, client=client),
        lookup=replace(conversation.lookup, found=(), stated=(), failures=0),
        draft=replace(conversation.draft, misses=0),
    )
    if proving.provable(taken, moment):
        return proving.prove(taken, moment)
    return ask(replace(taken, state=FIRST))


def _by_phone(conversation: Conversation, clients: tuple[Client, ...], moment: Moment) -> Step:
    if not clients:
        looking = replace(
            conversation, state=State.METHOD, lookup=replace(conversation.lookup, clue="")
        )
        return ask(looking, line(looking, "id_tel_no"))
    return _choose(
        replace(
            conversation, identity=replace(conversation.identity, proofs=(Proof.CHANNEL_PHONE,))
        ),
        clients,
        moment,
    )


def _choose(conversation: Conversation, clients: tuple[Client, ...], moment: Moment) -> Step:
    if len(clients) == 1:
        return take(conversation, clients[0], moment)
    return ask(
        replace(
            conversation, state=State.PICK, lookup=replace(conversation.lookup, found=clients[:9])
        )
    )


def _search(conversation: Conversation, clue: str, *lead: Line) -> Step:
    looking = replace(conversation.lookup, clue=clue, number=conversation.turns)
    finding = replace(conversation, state=State.FINDING, lookup=looking)
    effect = Search(clue=clue, lookup=looking.number)
    return say(finding, *lead, line(finding, "id_gracias"), then=(effect,))


def _stating(conversation: Conversation, clue: str) -> Step:
    return ask(
        replace(
            conversation,
            lookup=replace(conversation.lookup, clue=clue, stated=()),
            state=State.NAME,
            draft=replace(conversation.draft, misses=0),
        )
    )


def _unusable(conversation: Conversation, cause: str, **values: str) -> Step:
    missed = replace(
        conversation, draft=replace(conversation.draft, misses=conversation.draft.misses + 1)
    )
    told = line(missed, cause, **values)
    if missed.draft.misses < _TRIES:
        return say(missed, told)
    return say(missed, told, line(missed, "ofrecer_asesor"))


def _verdicts(conversation: Conversation, client: Client) -> tuple[Match, Match, Match, Match]:
    """Judge what was said of the file by our own matcher; the vendor's is a substring test."""
    name, address, plan, price = conversation.lookup.stated
    return (
        matching.name(name, client.name),
        matching.address(address, client.address),
        matching.plan(plan, client.plan),
        matching.price(price, client.price),
    )
