"""Meta's calls to the WhatsApp webhook, read tolerantly.

A call may bring up to 1,000 updates of many people, in any order, for up to seven days again
(facts of Meta's own pages contradict each other: 36 hours or 7 days). What cannot be read is put
aside by itself; the rest is taken.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from bot.channels import loose
from bot.channels.whatsapp.messages import address, event_of, phone_of, sort_contacts, user_of
from handlers.errors import Forbidden, Unauthorized, Unreadable
from handlers.ports import Delivery, Receipt, UnreadPart, VendorCall
from state.conversation import Chat
from state.events import Echoed, Renumbered, SharedContact
from state.parts import Person
from state.store.receipts import Reach

NAME = "whatsapp"

_SIGNATURE = "x-hub-signature-256"
_PREFIX = "sha256="
_REACH = {
    "sent": Reach.SENT,
    "delivered": Reach.DELIVERED,
    "read": Reach.READ,
    "played": Reach.READ,
    "failed": Reach.FAILED,
}
_ALARMING = frozenset(
    {
        "account_update", "account_alerts", "account_review_update", "phone_number_quality_update",
        "phone_number_name_update", "message_template_status_update", "security",
        "business_capability_update",
    }
)  # fmt: skip
"""Fields that a person of ours should look at; others that we do not know are passed over."""

_CATEGORY = re.compile(r"[a-z_]{1,30}")


class WhatsAppReceiver:
    """The calls for one number; implements `handlers.ports.Inlet` and `HandshakeReceiver`."""

    longest = 3 * 1024 * 1024 + 4096
    """Meta's limit is 3 MB (webhooks overview, 2025-12-02)."""

    def __init__(self, account: str, secrets: Sequence[str], verify_token: str) -> None:
        """Read for the number of that id; any of the app's secrets may have signed."""
        self._account = account
        self._secrets = [secret.encode() for secret in secrets if secret]
        self._token = verify_token.encode()

    def answer_challenge(self, query: Mapping[str, str]) -> str:
        """Answer Meta's challenge (create_webhook_endpoint, 2025-11-07)."""
        token = query.get("hub.verify_token")
        if token is None or query.get("hub.mode") != "subscribe":
            raise Unauthorized
        value = token.encode("utf-8", "surrogatepass")
        if not self._token or not hmac.compare_digest(value, self._token):
            raise Forbidden
        return query.get("hub.challenge", "")

    def admit(self, headers: Mapping[str, str]) -> None:
        """Refuse a call without a signature before its body is read."""
        value = headers.get(_SIGNATURE)
        if value is None:
            raise Unauthorized
        if not value.startswith(_PREFIX) or len(value) != len(_PREFIX) + 64:
            raise Forbidden

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Check the signature over the bytes as they came: parsed and written again they differ."""
        value = headers.get(_SIGNATURE, "").removeprefix(_PREFIX).encode("utf-8", "surrogatepass")
        digests = [hmac.digest(secret, body, hashlib.sha256).hex() for secret in self._secrets]
        matches = [hmac.compare_digest(value, digest.encode()) for digest in digests]
        if not any(matches):  # all are compared: which one matched does not show in the time
            raise Forbidden

    def parse(self, body: bytes) -> VendorCall:
        """Read everything of a call."""
        call = loose.parse(body)
        if not isinstance(call, dict) or not isinstance(call.get("entry"), list):
            raise Unreadable
        parts = [
            part
            for entry in loose.items(call, "entry")
            for change in loose.items(entry, "changes")
            for part in self._change(change)
        ]
        return VendorCall(
            arrived=[part for part in parts if isinstance(part, tuple)],
            receipts=[part for part in parts if isinstance(part, Receipt)],
            unread=[part for part in parts if isinstance(part, UnreadPart)],
        )

    def _change(self, change: Any) -> Iterator[tuple[Chat, Delivery] | Receipt | UnreadPart]:
        field, value = loose.text(change, "field"), loose.at(change, "value")
        number = loose.text(value, "metadata", "phone_number_id")
        if field in _ALARMING:
            yield _put_aside(change, field)
        elif number and number != self._account:
            yield _put_aside(change, "another_number")
        elif field == "messages":
            yield from self._messages(value)
        elif field == "smb_message_echoes":
            yield from self._echoes(value)
        elif field == "user_id_update":
            yield from self._read_renames(value)

    def _messages(self, value: Any) -> Iterator[tuple[Chat, Delivery] | Receipt | UnreadPart]:
        contacts = sort_contacts(loose.items(value, "contacts"))
        ours = phone_of(value, "metadata.display_phone_number")
        for message in loose.items(value, "messages"):
            if ours and phone_of(message, "from") == ours:  # nobody is answered by us twice
                continue
            yield from self._message(message, contacts)
        for status in loose.items(value, "statuses"):
            yield from _receipt(status)
        if loose.items(value, "errors") and not loose.items(value, "messages"):
            yield _put_aside(value, "errors")

    def _message(
        self, message: Any, contacts: Mapping[str, Person]
    ) -> Iterator[tuple[Chat, Delivery] | UnreadPart]:
        name, person = loose.text(message, "id"), address(message, contacts)
        if not name or not person.is_findable:
            yield _put_aside(message, "message")
            return
        event = event_of(message, person)
        if event is None:
            return
        if isinstance(event, Renumbered):
            person = _read_new_names(message, event.before)
        elif isinstance(event, SharedContact) and event.own:
            person = replace(person, phone=event.phone)
        said = loose.text(message, "type") not in ("system", "edit", "revoke")
        delivery = Delivery(
            id=name,
            event=event,
            at=max(0, loose.number(message, "timestamp")) * 1000,
            person=person,
            handle=name if said else "",
        )
        yield self._chat(person), delivery

    def _echoes(self, value: Any) -> Iterator[tuple[Chat, Delivery] | UnreadPart]:
        """Read what our own people wrote on the business phone: `to` is the customer."""
        for echo in loose.items(value, "message_echoes"):
            person = Person(user=user_of(echo, "to_user_id", "to"), phone=phone_of(echo, "to"))
            name, kind = loose.text(echo, "id"), loose.text(echo, "type")
            if kind in ("edit", "revoke"):
                continue
            if not name or not person.is_findable:
                yield _put_aside(echo, "echo")
                continue
            event = Echoed(text=(loose.text(echo, "text", "body") or f"({kind})")[:4096])
            delivery = Delivery(id=f"echo:{name}", event=event, at=0, person=person)
            yield self._chat(person), delivery

    def _read_renames(self, value: Any) -> Iterator[tuple[Chat, Delivery]]:
        """Read that an account has another id: that happens when its number changes."""
        for update in loose.items(value, "user_id_update") or [value]:
            old, new = user_of(update, "user_id.previous"), user_of(update, "user_id.current")
            if old and new:
                person = Person(user=new)
                event = Renumbered(before=Person(user=old))
                name = f"user_id:{old}:{new}"
                yield self._chat(person), Delivery(id=name, event=event, at=0, person=person)

    def _chat(self, person: Person) -> Chat:
        return Chat(channel=NAME, account=self._account, id=person.user or person.phone)


def _read_new_names(message: Any, before: Person) -> Person:
    """Tell the new names of an account that changed (older payloads say `new_wa_id`).

    If another phone holds the account (`customer_identity_changed`) its names are the same.
    """
    user = user_of(message, "system.user_id")
    phone = phone_of(message, "system.wa_id") or phone_of(message, "system.new_wa_id")
    return Person(user=user or before.user, phone=phone) if user or phone else before


def _receipt(status: Any) -> Iterator[Receipt]:
    """Read how far a message came; one that we do not track is none of ours."""
    reach = _REACH.get(loose.text(status, "status"))
    tracking = loose.text(status, "biz_opaque_callback_data")
    if reach is None or not tracking:
        return
    errors = loose.items(status, "errors")
    billable = loose.at(status, "pricing", "billable") is True
    category = loose.text(status, "pricing", "category").casefold()
    yield Receipt(
        tracking=tracking,
        reach=reach,
        reason=str(loose.number(errors[0], "code")) if errors else "",
        billed=category if billable and _CATEGORY.fullmatch(category) else "",
    )


def _put_aside(content: Any, reason: str) -> UnreadPart:
    return UnreadPart(body=msgspec.json.encode(content), reason=reason)
