"""A step told as lines of the journal, as staff read them."""

from collections.abc import Sequence

from state.conversation import Conversation
from state.effects import Effect, Resend, Send
from state.events import (
    Attested,
    ClientsFound,
    Crowded,
    CustomerInput,
    Echoed,
    Edited,
    Event,
    Invited,
    NumberPassed,
    Pressed,
    Said,
    SentMedia,
    SharedContact,
    Undelivered,
    Updated,
    Warned,
)
from state.inquiry import Inquired
from state.journal import OPEN, UNSURE, Deed, Entry, Kind
from state.machine import arrival
from state.machine.arrival import Arrival
from state.machine.asking import find_choice
from state.machine.moment import Moment
from state.messages import staff
from state.messages.refusals import WITHDRAWN
from state.messages.staff import Note
from state.parts import SpeakerKind
from state.roles import act_of
from state.staff_actions import (
    Asked,
    Decided,
    MemberDisabled,
    Noted,
    Replied,
    Settled,
    StaffAction,
    TakenOver,
    Undone,
)
from state.states import STATES, State

_ARRIVED = {Arrival.LATE: Note.LATE, Arrival.FLOOD: Note.FLOOD}


def tell(
    before: Conversation,
    event: Event,
    after: Conversation,
    effects: tuple[Effect, ...],
    moment: Moment,
    *,
    seq: int = 0,
) -> list[Entry]:
    """Tell what happened, then what was said; staff's words are told by what is sent of them.

    `seq` is the number of the last effect before these.
    """
    now = moment.now
    entries = list_messages(effects, after, now=now, seq=seq)
    match event:
        case Replied() if after.speaker != before.speaker:
            return [_describe_taking(event, after, now=now), *entries]
        case Replied():
            return entries
        case Echoed(text=text):
            phone = Note.BUSINESS_PHONE
            return [Entry(kind=Kind.STAFF, at=now, text=text, author=phone, state=after.state)]
        case Said() | Pressed() | SharedContact() | SentMedia() | Invited() | Edited():
            kind = Kind.CUSTOMER
        case _:
            kind = Kind.NOTE
    verdict = arrival.judge(before, event, moment) if isinstance(event, CustomerInput) else None
    told = Entry(
        kind=kind,
        at=now,
        text=_describe(before, event),
        state=after.state,
        answers=_find_question(before, event, verdict) if kind is Kind.CUSTOMER else "",
        seq=event.seq if isinstance(event, Undelivered) else 0,
        file=event.file if isinstance(event, SentMedia) else "",
        deed=_find_deed(event),
    )
    note = _ARRIVED.get(verdict) if verdict is not None else None
    notes = [] if note is None else [Entry(kind=Kind.NOTE, at=now, text=note)]
    if isinstance(event, CustomerInput):
        notes += _note_withdrawal(before, after, now=now)
    learnt = after.account.person.recycled_at and not before.account.person.recycled_at
    if learnt and not isinstance(event, NumberPassed):
        notes.append(Entry(kind=Kind.NOTE, at=now, text=Note.RECYCLED))
    if isinstance(event, Undelivered) and not event.reason:
        return entries
    return [told, *notes, *entries]


def list_messages(
    effects: Sequence[Effect], after: Conversation, *, now: int, seq: int
) -> list[Entry]:
    """Tell what is said by these effects; `seq` is the number of the last one before them."""
    return [
        _describe_message(_message_of(effect), after, now=now, seq=number)
        for number, effect in enumerate(effects, seq + 1)
        if isinstance(effect, Send | Resend)
    ]


def _message_of(effect: Send | Resend) -> Send:
    return effect.message if isinstance(effect, Resend) else effect


def _find_question(before: Conversation, event: Event, verdict: Arrival | None) -> str:
    """Tell which question the customer's words answer: whoever reads them sees them by that.

    To a person they answer nothing of the dialog's. A late answer may be one to an earlier
    question, and what is said during a search may be more of the facts.
    """
    match event:
        case Edited(message=message):
            is_last = bool(message) and message == before.account.last_text[0]
            return before.account.answered if is_last else UNSURE
        case SentMedia(caption=""):
            return OPEN
        case Said() | SentMedia() if before.speaker.kind not in (
            SpeakerKind.QUEUE,
            SpeakerKind.MEMBER,
        ):
            late = verdict is Arrival.LATE and STATES[before.state].owes_answer
            searching = before.state is State.FINDING and bool(before.lookup.stated)
            return UNSURE if late or searching else before.state
        case _:
            return OPEN


def _note_withdrawal(before: Conversation, after: Conversation, *, now: int) -> list[Entry]:
    """Tell staff of a request that the customer took back."""
    request = before.change.request
    if request is None or after.change.request is not None:
        return []
    text = Note.WITHDRAWN.format(code=request.code)
    deed = Deed(act=WITHDRAWN, code=request.code)
    return [Entry(kind=Kind.NOTE, at=now, text=text, deed=deed)]


def _describe_taking(event: Replied, after: Conversation, *, now: int) -> Entry:
    """Tell of a chat that was taken with the first words of the answer."""
    taken = TakenOver(agent=event.agent)
    text = staff.NOTES[TakenOver].format(event=taken)
    return Entry(kind=Kind.NOTE, at=now, text=text, state=after.state, deed=_find_deed(taken))


def _find_deed(event: Event) -> Deed | None:
    """Tell what a member of staff did, for those who come too late."""
    if not isinstance(event, StaffAction) or isinstance(event, MemberDisabled):
        return None
    match event:
        case Decided(code=code) | Asked(code=code) | Undone(code=code) | Settled(code=code):
            return Deed(act=act_of(event), agent=event.agent, code=code)
        case _:
            return Deed(act=act_of(event), agent=event.agent)


def counters(before: Conversation, event: Event, after: Conversation, moment: Moment) -> list[str]:
    """Name what is counted of a step."""
    if not isinstance(event, CustomerInput):
        return ["turns"]
    verdict, matter = arrival.judge(before, event, moment), after.account.matter
    arrived = [verdict.value] if verdict in _ARRIVED else []
    told = [f"matter_{matter}"] if matter and matter is not before.account.matter else []
    return ["turns", *arrived, *told]


def _describe(before: Conversation, event: Event) -> str:
    """Tell an event in the words of the catalogue, or in its own."""
    match event:
        case Said(text=text) | Noted(text=text):
            return text
        case Pressed(button=button):
            return _label(before, button)
        case SentMedia(medium=medium, caption=caption):
            return f"{staff.MEDIA[medium]}: {caption}" if caption else staff.MEDIA[medium]
        case SharedContact(own=own, others=others):
            return " y ".join((staff.CONTACTS[own].format(event=event), *others))
        case Decided(approved=approved):
            return staff.DECISIONS[approved].format(event=event)
        case Attested(own=own):
            return staff.WORDS_ON_IT[own]
        case Warned(chat=chat):
            return staff.WARNINGS[bool(chat)].format(event=event)
        case Updated(outcome=outcome):
            return staff.OUTCOMES[outcome]
        case Inquired(barred=True):
            return Note.ASKED_TOO_OFTEN
        case Inquired(inquiry=inquiry):
            told = event.balance is not None or event.status is not None
            return staff.ANSWERS[told].format(inquiry=staff.INQUIRIES[inquiry])
        case ClientsFound(clients=clients):
            return staff.NOTES[ClientsFound].format(count=len(clients))
        case Crowded(stay=stay):
            return staff.NOTES[Crowded].format(stay=staff.OBJECTIONS[stay])
        case _:
            return staff.NOTES[type(event)].format(event=event)


def _label(before: Conversation, button: str) -> str:
    choice = find_choice(before, button)
    return choice[1] if choice else Note.OLD_BUTTON


def _describe_message(send: Send, after: Conversation, *, now: int, seq: int) -> Entry:
    return Entry(
        kind=Kind.STAFF if send.member else Kind.BOT,
        at=now,
        text=send.text,
        author=send.member,
        buttons=tuple(button.label for button in send.buttons),
        state=after.state,
        seq=seq,
    )
