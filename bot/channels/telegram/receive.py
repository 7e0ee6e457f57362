"""Telegram's calls, read without its library: that costs three seconds and 120 MB to import.

Every update is an event, or is passed over; none is refused for what it holds. A class of updates
that is refused from 80 chats stops the whole bot (WebhookActor.cpp:358-377: at most twice
`max_connections` queues are loaded, and those that fail stay).
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.channels import loose
from bot.channels.cards import choose_phone
from handlers.errors import Forbidden, Unauthorized, Unreadable
from handlers.ports import Delivery, VendorCall
from state.conversation import Chat
from state.events import (
    Edited,
    Event,
    Invited,
    Left,
    Medium,
    Mentioned,
    Pressed,
    Returned,
    Said,
    SentMedia,
    SharedContact,
)
from state.fields.profile_names import clean_name
from state.parts import Person

NAME = "telegram"
KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
"""What we ask Telegram for (`allowed_updates`); anything else is passed over."""

_HEADER = "x-telegram-bot-api-secret-token"
_TEXT = 4096  # characters of a message, the vendor's own limit
_START = re.compile(r"/start(?:@\w+)?\s+([A-Za-z0-9_-]{1,64})\s*")
_COMMAND = re.compile(r"\A(/\w+)@\w+")
_REFERRAL = "_tgr_"
"""Payloads that begin so are Telegram's own referral programme (LinkManager.cpp:391-402)."""

_MARKS = re.compile(r"[^\w+]")
_PHONE = re.compile(r"\+?([0-9]{8,15})")
_TEL = re.compile(r"^(?:item\d+\.)?TEL[^:\n]*:(?:tel:)?([^\r\n]+)", re.IGNORECASE | re.MULTILINE)
"""The numbers of a vCard (RFC 6350, 6.4.1)."""

_FILE = re.compile(r"[0-9A-Za-z_-]{1,200}")
_FILES = ("voice", "audio", "video_note", "video", "animation", "document", "sticker")
_HEARD = ("voice", "audio", "video_note")
_SERVICE = frozenset(
    {
        "pinned_message", "message_auto_delete_timer_changed", "write_access_allowed",
        "boost_added", "chat_background_set", "migrate_to_chat_id", "migrate_from_chat_id",
        "new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo",
        "delete_chat_photo", "group_chat_created", "supergroup_chat_created", "connected_website",
        "proximity_alert_triggered", "video_chat_scheduled", "video_chat_started",
        "video_chat_ended", "refunded_payment", "successful_payment", "gift", "unique_gift",
        "suggested_post_approved", "forum_topic_created", "forum_topic_edited",
        "forum_topic_closed", "forum_topic_reopened", "general_forum_topic_hidden",
        "general_forum_topic_unhidden", "video_chat_participants_invited", "giveaway_created",
        "giveaway_completed", "giveaway_winners", "channel_chat_created", "chat_owner_left",
        "chat_owner_changed", "checklist_tasks_done", "checklist_tasks_added",
        "direct_message_price_changed", "paid_message_price_changed", "gift_upgrade_sent",
        "suggested_post_approval_failed", "suggested_post_declined", "suggested_post_paid",
        "suggested_post_refunded", "poll_option_added", "poll_option_deleted",
    }
)  # fmt: skip
"""What Telegram says of a chat in the form of a message: nobody waits for an answer to it."""


class TelegramReceiver:
    """The updates of one bot; implements `handlers.ports.Inlet`."""

    longest = 512 * 1024
    """Telegram's own limit of an update (TQueue.cpp:86-88)."""

    def __init__(self, account: str, secret: str) -> None:
        """Read for the bot of that id, guarded by that secret."""
        self._account = account
        self._secret = secret.encode()

    def admit(self, headers: Mapping[str, str]) -> None:
        """Compare the secret, in constant time and as bytes: a text might not be ASCII."""
        value = headers.get(_HEADER)
        if value is None:
            raise Unauthorized
        same = hmac.compare_digest(value.encode("utf-8", "surrogatepass"), self._secret)
        if not self._secret or not same:
            raise Forbidden

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Nothing is signed: the secret is all there is."""

    def parse(self, body: bytes) -> VendorCall:
        """Read one update."""
        update = loose.parse(body)
        number = loose.number(update, "update_id")
        if not number:
            raise Unreadable
        return self.update(number, update)

    def update(self, number: int, update: Any) -> VendorCall:
        """Read an update of that number; a call without events passes it over."""
        for kind in KINDS:
            content = loose.at(update, kind)
            if isinstance(content, dict):
                return self._read(f"{number}:{kind}", kind, content)
        return VendorCall()

    def _read(self, name: str, kind: str, content: Any) -> VendorCall:
        if kind == "callback_query":
            return self._read_press(name, content)
        chat = loose.number(content, "chat", "id")
        event = _EVENTS[kind](content)
        if not chat or str(chat) == self._account or event is None:
            return VendorCall()
        at = loose.number(content, "edit_date") or loose.number(content, "date")
        person = Person(name=_read_name(content))
        if isinstance(event, SharedContact) and event.own:
            person = replace(person, user=str(chat), phone=event.phone)
        return self._call(chat, Delivery(id=name, event=event, at=max(0, at) * 1000, person=person))

    def _read_press(self, name: str, query: Any) -> VendorCall:
        """Read a press in a private chat; its own spinner is stopped by what `handle` names.

        Which button it is, the presser decides: it is obeyed only if it was offered last.
        """
        chat, presser = loose.number(query, "message", "chat", "id"), _sender(query)
        data = loose.text(query, "data")
        if not chat or chat != presser or not data:
            return VendorCall()
        pressed, person = Pressed(button=data[:64]), Person(name=_read_name(query))
        handle = loose.text(query, "id")
        return self._call(
            chat, Delivery(id=name, event=pressed, at=0, person=person, handle=handle)
        )

    def _call(self, chat: int, delivery: Delivery) -> VendorCall:
        address = Chat(channel=NAME, account=self._account, id=str(chat))
        return VendorCall(arrived=[(address, delivery)])


def _sender(content: Any) -> int:
    """Tell which person it is from; 0 if it is from a bot, a channel, or nobody."""
    person = loose.at(content, "from")
    if loose.at(person, "is_bot") is True or loose.at(content, "sender_chat") is not None:
        return 0
    return loose.number(person, "id")


def _read_name(content: Any) -> str:
    """Read how the sender's account calls itself: the first name, and the last if there is one."""
    names = (loose.text(content, "from", name) for name in ("first_name", "last_name"))
    return clean_name(" ".join(filter(None, names))) if _sender(content) else ""


def _message(message: Any) -> Event | None:
    """Read a message; none if nobody waits for an answer to it."""
    sender, kind = _sender(message), loose.text(message, "chat", "type")
    if not sender or any(name in message for name in _SERVICE):
        return None
    if kind in ("group", "supergroup"):
        return Mentioned()
    if kind != "private" or sender != loose.number(message, "chat", "id"):
        return None
    text = loose.text(message, "text")
    if text:
        return _read_text(text, str(loose.number(message, "message_id")))
    if isinstance(loose.at(message, "contact"), dict):
        return _contact(message, sender)
    caption = loose.text(message, "caption")[:_TEXT]
    name = str(loose.number(message, "message_id")) if caption else ""
    file = _file_of(message)
    return SentMedia(medium=_medium(message), caption=caption, message=name, file=file)


def _read_text(text: str, message: str) -> Event:
    start = _START.fullmatch(text)
    if start is not None and not start[1].startswith(_REFERRAL):
        return Invited(code=start[1])
    if start is not None:
        return Said(text="/start", message=message)
    return Said(text=_COMMAND.sub(r"\1", text)[:_TEXT], message=message)


def _contact(message: Any, sender: int) -> Event:
    """Read a contact; its `user_id` is filled in by Telegram, never by the sender (td#2575)."""
    phone = _phone_of(loose.text(message, "contact", "phone_number"))
    passed_on = any(name in message for name in ("forward_origin", "forward_date", "via_bot"))
    own = loose.number(message, "contact", "user_id") == sender and not passed_on
    if own:
        return SharedContact(phone=phone, own=bool(phone))
    listed = _TEL.findall(loose.text(message, "contact", "vcard")[:_TEXT])
    return SharedContact(phone=choose_phone([phone, *map(_phone_of, listed)]), own=False)


def _phone_of(text: str) -> str:
    match = _PHONE.fullmatch(_MARKS.sub("", text))
    return match[1] if match else ""


def _medium(message: Any) -> Medium:
    if any(name in message for name in _HEARD):
        return Medium.VOICE
    pictured = loose.text(message, "document", "mime_type").startswith("image/")
    return Medium.IMAGE if "photo" in message or pictured else Medium.OTHER


def _file_of(message: Any) -> str:
    """Find the id of a file: of a picture's sizes the largest stands last."""
    sizes = loose.items(message, "photo")
    files = [sizes[-1]] if sizes else [loose.at(message, name) for name in _FILES]
    found = next(filter(None, (loose.text(file, "file_id") for file in files)), "")
    return found if _FILE.fullmatch(found) else ""


def _read_edit(message: Any) -> Event | None:
    """Read a changed text or caption of a private chat; changes that cannot be seen come too."""
    text, sender = loose.text(message, "text") or loose.text(message, "caption"), _sender(message)
    private = loose.text(message, "chat", "type") == "private"
    if not text or not sender or not private:
        return None
    return Edited(message=str(loose.number(message, "message_id")), text=text[:_TEXT])


def _member(change: Any) -> Event | None:
    """Read that the customer blocked or unblocked us."""
    if loose.text(change, "chat", "type") != "private":
        return None
    status = loose.text(change, "new_chat_member", "status")
    if status == "kicked":
        return Left()
    return Returned() if status == "member" else None


_EVENTS = {"message": _message, "edited_message": _read_edit, "my_chat_member": _member}
