"""What the channel tells of a chat, besides what the customer says."""

import zlib

from state.conversation import Conversation, replace
from state.events import (
    ChannelNotice,
    CustomerInput,
    Echoed,
    Edited,
    Left,
    Mentioned,
    Renumbered,
    Returned,
    Said,
    Undelivered,
    Withdrawn,
)
from state.fields.offers import Slot, find_offers
from state.machine import consent, leaving, offering, profile, recycling
from state.machine.asking import ask, say
from state.machine.filling import line
from state.machine.moment import Moment, Step
from state.parts import BOT, SpeakerKind, business_phone
from state.records import GOES_ON, Timer
from state.states import STATES, State, Stop

_EDITED = (Slot.DOCUMENT, Slot.PHONE)
_LENT = 4 * 3600_000  # ms for which an answer from the business phone keeps the bot silent


def take(conversation: Conversation, event: ChannelNotice, moment: Moment) -> Step:
    """Take what the channel tells; hardly any of it is answered."""
    match event:
        case Edited(message=message, text=text):
            return _take_edit(conversation, message, text, moment)
        case Mentioned():
            return _answer_mention(conversation)
        case Left():
            return replace(
                conversation,
                account=replace(conversation.account, left=True),
                timer=keep_urgent(conversation.timer),
            ), ()
        case Returned():
            return replace(conversation, account=replace(conversation.account, left=False)), ()
        case Renumbered():
            return _take_new_names(conversation, moment)
        case Echoed():
            return _yield_to_business_phone(conversation, moment), ()
        case Withdrawn() | Undelivered():
            return conversation, ()


def remember_text(conversation: Conversation, event: CustomerInput) -> Conversation:
    """Note a text and what it answers, so that a change of it is known later."""
    if not isinstance(event, Said) or not event.message:
        return conversation
    written = event.message, _checksum(event.text)
    return replace(
        conversation,
        account=replace(conversation.account, last_text=written, answered=conversation.state),
    )


def keep_urgent(timer: Timer | None) -> Timer | None:
    """Keep only what must go on while the bot is silent."""
    return timer if timer is not None and timer.name in GOES_ON else None


def _take_edit(conversation: Conversation, message: str, text: str, moment: Moment) -> Step:
    """Offer what the last text says now in place of the answer; it is not taken by itself."""
    differs = (
        message == conversation.account.last_text[0]
        and _checksum(text) != conversation.account.last_text[1]
    )
    if not differs or conversation.speaker != BOT:
        return conversation, ()
    conversation = replace(
        conversation, account=replace(conversation.account, last_text=(message, _checksum(text)))
    )
    return profile.offer_edit(conversation, text) or _keep_edit(conversation, text, moment)


def _keep_edit(conversation: Conversation, text: str, moment: Moment) -> Step:
    """Keep what a changed text offers; what else it says now is not taken."""
    busy = STATES[conversation.state].stop in (Stop.REQUEST, Stop.LATE)
    offers = () if busy or conversation.state is State.DONE else find_offers(text, None).certain
    new = tuple(one for one in offers if one.slot in _EDITED)
    kept = offering.keep(conversation, new)
    if kept == conversation:
        return ask(conversation, line(conversation, "edito_nota"))
    told = offering.read_back(kept, new) if consent.is_valid(kept, moment) else ()
    return ask(kept, *told)


def _answer_mention(conversation: Conversation) -> Step:
    """Tell a group once that the bot works in private only."""
    if conversation.shown.asked == "solo_privado" or conversation.speaker.is_person:
        return conversation, ()
    return say(conversation, line(conversation, "solo_privado"))


def _take_new_names(conversation: Conversation, moment: Moment) -> Step:
    """Learn the new names; what was proven under the old ones is proven no more.

    The phone may be in other hands: for three days it decides nothing by itself.
    """
    conversation, telling = recycling.note_names(conversation, moment)
    account = replace(conversation.account, renumbered_at=moment.now)
    conversation, link = leaving.with_proofs(conversation, ()), conversation.link
    linked = None if link is None else replace(link, proofs=(), vouched_by=())
    return replace(conversation, account=account, link=linked), telling


def _yield_to_business_phone(conversation: Conversation, moment: Moment) -> Conversation:
    """Let whoever answers from the business phone hold the chat, unless the console does."""
    if conversation.speaker.kind is SpeakerKind.MEMBER:
        return conversation
    timer = keep_urgent(conversation.timer)
    lent = business_phone(until=moment.now + _LENT)
    return replace(conversation, speaker=lent, timer=timer)


def _checksum(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))
