"""A recycled number: two accounts of a channel have shown it, so it tells for neither whose it is.

Numbers pass to other people, who may be shown what was the earlier one's. So such a number is no
proof, and no code that goes to it is; what else proves something still does. The chat that had the
number before is told.
"""

import dataclasses

from state.conversation import Conversation, replace
from state.effects import TellFormer
from state.events import NumberPassed
from state.fields import phones
from state.machine.asking import say
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.parts import Person
from state.records import Notice


def note_names(conversation: Conversation, moment: Moment) -> Step:
    """Note the names that the channel tells; who had a number before is told that it passed."""
    known, told = conversation.account.person, moment.person
    shown = told if told.phone else known
    person = Person(
        user=told.user or known.user,
        phone=shown.phone,
        recycled_at=shown.recycled_at,
        name=told.name or known.name,
    )
    account = replace(conversation.account, person=person)
    noted = known.phone == person.phone and known.recycled_at
    if not person.recycled_at or noted:
        return replace(conversation, account=account), ()
    recent = replace(account, renumbered_at=moment.now)
    return replace(conversation, account=recent), (TellFormer(phone=person.phone),)


def give_up(conversation: Conversation, event: NumberPassed, moment: Moment) -> Step:
    """Learn that another account shows the number; who possesses a service may object.

    What the chat possesses it keeps: its account is in the same hands.
    """
    account, services = conversation.account, conversation.possessed_services
    if account.person.phone == event.phone:
        person = dataclasses.replace(account.person, recycled_at=moment.now)
        account = replace(account, person=person, renumbered_at=moment.now)
    conversation = replace(conversation, account=account)
    if not services:
        return conversation, ()
    conversation = replace(conversation, notice=Notice(service_id=services[0]))
    return say(conversation, line(conversation, "aviso_numero"))


def find_mobile(conversation: Conversation) -> str:
    """Find a phone on file (E.164) that a code may go to; empty if there is none."""
    client, person = conversation.identity.client, conversation.account.person
    if client is None:
        return ""
    recycled = f"+{person.phone}" if person.recycled_at else ""
    return phones.mobile([number for number in client.phones if number != recycled])
