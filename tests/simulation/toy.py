"""A machine small enough to be reckoned with: what it heard and said stands in the record.

What a customer writes is a number and a letter: `7s` is answered, `7m` is answered twice, `7u`
asks for an update, `7t` for a timer, `7p` with a question that later ones overtake, and `7x`
breaks the machine. After an even number people must decide something.
"""

from dataclasses import replace

from state.conversation import Conversation
from state.effects import Effect, Send, UpdateClient
from state.events import Event, Said, TimerFired, Undelivered, Updated
from state.machine.moment import Moment, Step
from state.records import Request, Timer, TimerName
from tests.clients import make_changes

DELAY = 3_000
"""Milliseconds after which a timer is due."""


def toy(conversation: Conversation, event: Event, moment: Moment) -> Step:
    """Take one event."""
    after = replace(conversation, turns=conversation.turns + 1)
    match event:
        case Said(text=text):
            if text[-1] == "x":
                raise ZeroDivisionError
            asks = int(text[:-1]) % 2 == 0
            request = Request(code=text, at=moment.now) if asks else None
            counted = replace(
                after,
                change=replace(
                    after.change, reference=f"{after.change.reference}{text},", request=request
                ),
            )
            return (counted, ()) if moment.full else _heard(counted, text, moment)
        case Updated(outcome=outcome):
            return _say(after, f"update {outcome}")
        case TimerFired(generation=generation):
            timer = after.timer
            if timer is None or timer.generation != generation:
                return after, ()
            return _say(replace(after, timer=None), f"tick {generation} {moment.now - timer.due}")
        case Undelivered():
            return after, ()
        case _:
            raise AssertionError(event)


def heard(conversation: Conversation) -> list[str]:
    """Tell what the machine heard, in order."""
    return conversation.change.reference.split(",")[:-1]


def said(conversation: Conversation) -> list[str]:
    """Tell what the machine said, in order."""
    return conversation.lookup.invitation.split(",")[:-1]


def _heard(conversation: Conversation, text: str, moment: Moment) -> Step:
    match text[-1]:
        case "m":
            return _say(conversation, f"a {text}", f"b {text}")
        case "u":
            asked, effects = _say(conversation, f"wait {text}")
            return asked, (*effects, _update(text, conversation.chat.id))
        case "t":
            due = moment.now + DELAY
            timer = Timer(name=TimerName.REMIND, due=due, generation=conversation.turns)
            return _say(replace(conversation, timer=timer), f"set {text}")
        case "p":
            number = conversation.shown.question + 1
            asked = replace(
                conversation, shown=replace(conversation.shown, question=number, prompted=number)
            )
            question = Send(text=f"{asked.turns} ask {text}", prompt=number)
            return _remembered(asked, question)
        case _:
            return _say(conversation, f"re {text}")


def _update(text: str, chat: str) -> Effect:
    return UpdateClient(
        service_id=int(chat), changes=make_changes(phone=f"+57300{int(text[:-1]):07d}")
    )


def _say(conversation: Conversation, *texts: str) -> Step:
    sends = [Send(text=f"{conversation.turns} {text}") for text in texts]
    return _remembered(conversation, *sends)


def _remembered(conversation: Conversation, *sends: Send) -> Step:
    words = "".join(f"{send.text}," for send in sends)
    return replace(
        conversation,
        lookup=replace(conversation.lookup, invitation=conversation.lookup.invitation + words),
    ), sends
