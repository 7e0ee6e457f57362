"""What customers cause and what businesses may send, in Meta's shapes.

Sources are sections of the facts on WhatsApp: identity 1.5, items 1.6, limits 2, errors 2.1.
"""

import base64
import random
import re
from dataclasses import dataclass
from typing import Any

from tests.meta.clock import Clock

Item = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Somebody with a phone.

    Attributes:
        phone: digits with the country code.
        user_id: what Meta calls BSUID.
        shows_phone: whether webhooks name the phone; if not it is omitted, not empty (1.5).
    """

    phone: str | None
    user_id: str
    name: str = "Ana"
    shows_phone: bool = True

    def visible(self, name: str) -> Item:
        """Give the phone under the name that the place has for it, if it may be seen."""
        return {name: self.phone} if self.phone and self.shows_phone else {}

    def contact(self) -> Item:
        """Make the entry of `contacts`."""
        return {"profile": {"name": self.name}, **self.visible("wa_id"), "user_id": self.user_id}


def wamid(chance: random.Random) -> str:
    """Invent the id of a message."""
    return "wamid." + base64.b64encode(chance.randbytes(27)).decode()


def status(message: str, name: str, fields: Item, *, at: float) -> Item:
    """Make what `statuses` carries; `fields` name the recipient and whatever else there is."""
    return {"id": message, "status": name, "timestamp": str(int(at)), **fields}


@dataclass
class Shapes:
    """Makes what customers cause, one item of `messages` at a time (1.6)."""

    chance: random.Random
    clock: Clock
    display_number: str

    def text(self, customer: Customer, body: str, *, quoted: str = "") -> Item:
        """Write a text, perhaps in answer to a message of the business."""
        return self._item(customer, "text", {"body": body}, quoted=quoted)

    def button_reply(self, customer: Customer, sent: str, button: str, title: str) -> Item:
        """Tap a button of the message sent."""
        reply = {"type": "button_reply", "button_reply": {"id": button, "title": title}}
        return self._item(customer, "interactive", reply, quoted=sent)

    def list_reply(self, who: Customer, sent: str, row: str, title: str, more: str = "") -> Item:
        """Choose a row of the list sent; only a row that has a description brings one."""
        chosen = {"id": row, "title": title} | ({"description": more} if more else {})
        reply = {"type": "list_reply", "list_reply": chosen}
        return self._item(who, "interactive", reply, quoted=sent)

    def image(self, customer: Customer, *, caption: str = "") -> Item:
        """Send a picture."""
        media = self._media("image/jpeg") | ({"caption": caption} if caption else {})
        return self._item(customer, "image", media)

    def audio(self, customer: Customer) -> Item:
        """Send a voice note."""
        media = self._media("audio/ogg; codecs=opus") | {"voice": True}
        return self._item(customer, "audio", media)

    def contact(
        self,
        customer: Customer,
        phone: str,
        *,
        requested: bool = True,
        others: tuple[str, ...] = (),
    ) -> Item:
        """Share a number: on request, or by hand, and then it may be anybody's.

        Meta's page has `origin` in the message, others inside the contact: either, by chance (1.5).
        """
        cards: list[Item] = [
            {
                "name": {"formatted_name": customer.name},
                "phones": [{"phone": f"+{number}", "wa_id": number, "type": "CELL"}],
            }
            for number in (phone, *others)
        ]
        origin = {"origin": "contact_request" if requested else "other"}
        if self.chance.random() < 0.5:
            return self._item(customer, "contacts", [card | origin for card in cards])
        return self._item(customer, "contacts", cards) | origin

    def number_change(self, customer: Customer, phone: str) -> Item:
        """Move to another number; names the old phone only, if that may be seen."""
        body = f"User {customer.name} changed from {customer.phone} to {phone}"
        system = {"body": body, "wa_id": phone, "type": "user_changed_number"}
        return self._item(customer, "system", system, but="from_user_id")

    def user_id_change(self, customer: Customer, user_id: str) -> Item:
        """Get another BSUID, as whoever changes the number does; names the old one only."""
        body = f"User {customer.name} changed from {customer.user_id} to {user_id}"
        system = {"body": body, "user_id": user_id, "type": "user_changed_user_id"}
        return self._item(customer, "system", system, but="from")

    def edit(self, customer: Customer, original: str, body: str) -> Item:
        """Correct a message of one's own."""
        message = {"context": {"id": "M0"}, "type": "text", "text": {"body": body}}
        change = {"original_message_id": original, "message": message}
        return self._item(customer, "edit", change)

    def revoke(self, customer: Customer, original: str) -> Item:
        """Take back a message of one's own."""
        return self._item(customer, "revoke", {"original_message_id": original})

    def reaction(self, customer: Customer, sent: str, *, emoji: str = "👍") -> Item:
        """React to a message; without an emoji, take the reaction back."""
        mark = {"emoji": emoji} if emoji else {}
        return self._item(customer, "reaction", {"message_id": sent} | mark)

    def _item(
        self, customer: Customer, kind: str, content: object, *, quoted: str = "", but: str = ""
    ) -> Item:
        item = {"context": {"from": self.display_number, "id": quoted}} if quoted else {}
        sender = customer.visible("from") | {"from_user_id": customer.user_id}
        if len(sender) > 1:
            sender.pop(but, None)
        moment = {"id": wamid(self.chance), "timestamp": str(int(self.clock.now()))}
        return {**item, **sender, **moment, "type": kind, kind: content}

    def _media(self, mime_type: str) -> Item:
        digest = base64.b64encode(self.chance.randbytes(32)).decode()
        return {"id": str(self.chance.getrandbits(50)), "mime_type": mime_type, "sha256": digest}


@dataclass
class Refused(Exception):
    """A call that the Graph API answers with an error (2.1)."""

    code: int
    details: str
    http: int = 400
    subcode: int | None = None


# Characters by path, `*` is each of a list, `?` may be missing (2, its table).
_LIMITS = {
    "message": {"biz_opaque_callback_data?": 512, "context.message_id?": 512},
    "text": {"text.body": 4096},
    "template": {"template.name": 512, "template.language.code": 15},
    "button": {"body.text": 1024, "header.text?": 60, "footer.text?": 60}
    | {"action.buttons.*.reply.id": 256, "action.buttons.*.reply.title": 20},
    "list": {"body.text": 4096, "header.text?": 60, "footer.text?": 60, "action.button": 20}
    | {"action.sections.*.title?": 24, "action.sections.*.rows.*.id": 200}
    | {"action.sections.*.rows.*.title": 24, "action.sections.*.rows.*.description?": 72},
    "cta_url": {"body.text": 1024, "header.text?": 60, "footer.text?": 60}
    | {"action.parameters.display_text": 20, "action.parameters.url": 2000},
    "request_contact_info": {"body.text": 1024},
}
_AT_MOST = {
    "button": {"action.buttons.*": 3},
    "list": {"action.sections.*": 10, "action.sections.*.rows.*": 10},
}
_UNIQUE = {
    "button": ("action.buttons.*.reply.id", "action.buttons.*.reply.title"),
    "list": ("action.sections.*.rows.*.id",),
}
_FIXED = {
    "button": {"action.buttons.*.type": "reply"},
    "list": {"header.type?": "text"},
    "cta_url": {"action.name": "cta_url"},
    "request_contact_info": {"action.name": "request_contact_info"},
}
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]*")
_USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[0-9A-Za-z]{1,128}")


def judge(message: Item) -> str:
    """Tell the kind of an outgoing message, for an interactive one that of its inside.

    Raises:
        Refused: 131009 what is too long, too many or twice; 100 what is malformed or missing.
    """
    _judge_recipient(message)
    _judge_by("message", message)
    if (kind := str(message.get("type", "text"))) in ("text", "template"):
        _judge_by(kind, message)
        return kind
    inside = message.get("interactive")
    if kind != "interactive" or not isinstance(inside, dict):
        raise Refused(100, "type: unknown")
    kind = str(inside.get("type"))
    if kind not in _FIXED:
        raise Refused(100, "interactive.type: unknown")
    _judge_by(kind, inside)
    return kind


def _judge_recipient(message: Item) -> None:
    to, recipient = message.get("to"), message.get("recipient")
    if to is None and recipient is None:
        raise Refused(100, "The parameter to is required.")
    for value, pattern in ((to, _PHONE), (recipient, _USER_ID)):
        if value is not None and not (isinstance(value, str) and pattern.fullmatch(value)):
            raise Refused(100, "The recipient is malformed.")


def _judge_by(kind: str, body: Item) -> None:
    for path, limit in _AT_MOST.get(kind, {}).items():
        if len(found(body, path)) > limit:
            raise Refused(131009, f"{path}: more than {limit}")
    for path, limit in _LIMITS[kind].items():
        for value in found(body, path):
            _judge_text(value, path, limit)
    for path, fixed in _FIXED.get(kind, {}).items():
        if any(value != fixed for value in found(body, path)):
            raise Refused(100, f"{path}: not {fixed}")
    for path in _UNIQUE.get(kind, ()):
        if len(set(found(body, path))) < len(found(body, path)):
            raise Refused(131009, f"{path}: twice")
    if kind == "list" and len(found(body, "action.sections.*")) > 1:
        for title in found(body, "action.sections.*.title"):
            _judge_text(title, "action.sections.*.title", 24)


def _judge_text(value: object, path: str, limit: int) -> None:
    """Count UTF-16 units: the strictest way to count an emoji, which Meta does not tell."""
    if not isinstance(value, str) or not value:
        raise Refused(100, f"{path}: missing or no text")
    if len(value.encode("utf-16-le", "surrogatepass")) > 2 * limit:
        raise Refused(131009, f"{path}: longer than {limit}")


def found(body: Item, path: str) -> list[Any]:
    """Collect the values at a path, None for what is missing; refuse what is no list or object."""
    values: list[Any] = [body]
    for name in path.removesuffix("?").split("."):
        wanted = list if name == "*" else dict
        given = values if name == "*" else [value for value in values if value is not None]
        if not all(isinstance(value, wanted) and value for value in given):
            raise Refused(100, f"{path}: malformed")
        if name == "*":
            values = [one for value in values for one in value]
        else:
            values = [value.get(name) if value else None for value in values]
    return [one for one in values if one is not None] if path.endswith("?") else values
